//! Everybody's week: viewers and streamers of all sweeps, by hour of the local clock.

use serde::{Deserialize, Serialize};

use crate::analysis::Method;
use crate::words::Tier;

/// What hours of sweeps are worked out by.
pub const METHOD: Method = Method::new("over-the-week", 1, Tier::Aggregates);

/// An hour of the local clock, of all sweeps that began in it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SweptHour {
    /// Sweeps.
    pub sweeps: u32,
    /// Σ viewers of the channels on air, as Twitch counts them.
    pub viewers: u64,
    /// Σ channels on air.
    pub live: u64,
    /// Sweeps with as many channels on air as one follows, so that there may have been more.
    pub full: u32,
}

/// The hours of a week, by weekday (0 is Monday) and hour.
pub type SweptWeek = [[SweptHour; 24]; 7];

impl SweptHour {
    /// Mean viewers of all channels together; nothing without a sweep.
    pub fn mean_viewers(self) -> Option<f64> {
        (self.sweeps > 0).then(|| self.viewers as f64 / f64::from(self.sweeps))
    }

    /// Mean channels on air; nothing without a sweep.
    pub fn mean_live(self) -> Option<f64> {
        (self.sweeps > 0).then(|| self.live as f64 / f64::from(self.sweeps))
    }

    fn add(&mut self, other: SweptHour) {
        self.sweeps = self.sweeps.saturating_add(other.sweeps);
        self.viewers = self.viewers.saturating_add(other.viewers);
        self.live = self.live.saturating_add(other.live);
        self.full = self.full.saturating_add(other.full);
    }
}

/// Weeks added up, of which each has sweeps of its own.
pub fn added(weeks: impl IntoIterator<Item = SweptWeek>) -> SweptWeek {
    let mut sums = SweptWeek::default();
    for week in weeks {
        for (sum, hour) in sums.iter_mut().flatten().zip(week.into_iter().flatten()) {
            sum.add(hour);
        }
    }
    sums
}

/// The hours of the day, all weekdays alike. A weekday that was swept more often counts for more.
pub fn swept_day(week: &SweptWeek) -> [SweptHour; 24] {
    let mut day = [SweptHour::default(); 24];
    for hours in week {
        day.iter_mut().zip(hours).for_each(|(all, hour)| all.add(*hour));
    }
    day
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weeks_and_days_are_sums() {
        let week = |weekday: usize, hour: usize, sums| {
            let mut week = SweptWeek::default();
            week[weekday][hour] = sums;
            week
        };
        let one = SweptHour { sweeps: 1, viewers: 10, live: 1, full: 0 };
        let other = SweptHour { sweeps: 1, viewers: 20, live: 1, full: 1 };
        let all = added([week(0, 1, one), week(0, 1, other), week(6, 1, one)]);
        assert_eq!(all[0][1], SweptHour { sweeps: 2, viewers: 30, live: 2, full: 1 });
        assert_eq!((all[0][1].mean_viewers(), all[0][1].mean_live()), (Some(15.0), Some(1.0)));
        assert_eq!((all[6][23], all[6][23].mean_viewers()), (SweptHour::default(), None));
        let day = swept_day(&all);
        assert_eq!((day[1].sweeps, day[1].viewers, day[2]), (3, 40, SweptHour::default()));
    }
}
