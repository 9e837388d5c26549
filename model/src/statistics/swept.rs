//! Everybody's week: viewers and streamers of all sweeps, by hour of the local clock.

use serde::{Deserialize, Serialize};

use crate::analysis::Method;
use crate::day::DAY_SECONDS;
use crate::slot::SlotTime;
use crate::words::Tier;
use crate::zone::ZoneTable;

/// What hours of sweeps are worked out by.
pub const METHOD: Method = Method::new("over-the-week", 1, Tier::Aggregates);

/// An hour of the local clock, or a part of one, of all sweeps that began in it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SweptHour {
    /// Sweeps.
    pub sweeps: u32,
    /// Σ viewers of the channels on air, as Twitch counts them.
    pub viewers: u64,
    /// Σ channels on air.
    pub live: u64,
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
    }
}

/// The week of these quarters of an hour, each with its first slot, in any order: clocks of all zones differ by whole ones since 2000.
pub fn swept_week(quarters: &[(SlotTime, SweptHour)], zone: &ZoneTable) -> SweptWeek {
    let mut week = SweptWeek::default();
    for (at, quarter) in quarters {
        let unix = at.unix();
        let clock = unix + i64::from(zone.offset_at(unix));
        // 1970-01-01 was a Thursday.
        let weekday = (clock.div_euclid(DAY_SECONDS) + 3).rem_euclid(7) as usize;
        let hour = (clock.rem_euclid(DAY_SECONDS) / 3_600) as usize;
        week[weekday][hour].add(*quarter);
    }
    week
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

    fn quarter(day: &str, slot: u16, live: u64, viewers: u64) -> (SlotTime, SweptHour) {
        (SlotTime::at(day.parse().unwrap(), slot), SweptHour { sweeps: 1, viewers, live })
    }

    #[test]
    fn a_quarter_counts_at_its_local_hour() {
        let zone = ZoneTable::new("Europe/Paris", 3_600, Vec::new());
        // Sunday 22 November 2026, 23:30 UTC is Monday 00:30 in Paris.
        let quarters =
            [quarter("2026-11-22", 282, 4, 100), quarter("2026-11-23", 0, 1, 10), quarter("2026-11-16", 3, 1, 20)];
        let week = swept_week(&quarters, &zone);
        assert_eq!(week[0][0], SweptHour { sweeps: 1, viewers: 100, live: 4 });
        assert_eq!(week[0][1], SweptHour { sweeps: 2, viewers: 30, live: 2 });
        assert_eq!((week[0][1].mean_viewers(), week[0][1].mean_live()), (Some(15.0), Some(1.0)));
        assert_eq!((week[6][23], week[6][23].mean_viewers()), (SweptHour::default(), None));
        assert_eq!(swept_week(&quarters, &ZoneTable::utc())[6][23].viewers, 100);
        let day = swept_day(&week);
        assert_eq!((day[1].sweeps, day[0].viewers, day[2]), (2, 100, SweptHour::default()));
    }
}
