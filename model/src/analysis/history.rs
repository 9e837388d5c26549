//! Somebody's hours so far, by their own clock.

use super::habits::WEEK_HOURS;
use super::record::HourState;
use crate::day::Day;
use crate::zone::ZoneTable;

const HOUR_SECONDS: i64 = 3_600;

/// Hours of somebody so far, by UTC, the last of which is over.
#[derive(Clone, Copy, Debug)]
pub struct History<'a> {
    /// The UTC day that begins with the first of them.
    pub first: Day,
    /// Their states.
    pub states: &'a [HourState],
    /// By whose clock they have their habits.
    pub zone: &'a ZoneTable,
    /// Hours after them that are over, and of which nothing is known yet: what comes next comes after those.
    pub over: usize,
}

impl History<'_> {
    /// The hour of the local week, 0–167, Monday's first is 0. Where an hour of UTC lies in two it is the one that has its middle.
    pub(super) fn of_week(&self, hour: usize) -> usize {
        let clock = self.middle(hour) + self.offset(hour);
        // 1970-01-01 was a Thursday.
        (clock.div_euclid(HOUR_SECONDS) + 3 * 24).rem_euclid(WEEK_HOURS as i64) as usize
    }

    /// The state of the same local hour some weeks ago; nothing before the first.
    pub(super) fn weeks_ago(&self, hour: usize, weeks: usize) -> Option<HourState> {
        self.states.get(self.hour_weeks_ago(hour, weeks)?).copied()
    }

    /// The same local hour some weeks ago.
    pub(super) fn hour_weeks_ago(&self, hour: usize, weeks: usize) -> Option<usize> {
        let there = hour.checked_sub(weeks * WEEK_HOURS)?;
        // The clock may have changed since.
        let later = (self.offset(hour) - self.offset(there)) / HOUR_SECONDS;
        usize::try_from(i64::try_from(there).ok()?.checked_add(later)?).ok()
    }

    fn middle(&self, hour: usize) -> i64 {
        let hours = i64::try_from(hour).unwrap_or(i64::MAX / HOUR_SECONDS / 2);
        self.first.start_unix().saturating_add(hours.saturating_mul(HOUR_SECONDS) + HOUR_SECONDS / 2)
    }

    fn offset(&self, hour: usize) -> i64 {
        self.zone.offset_at(self.middle(hour)).into()
    }
}

/// Whether they were in any chat; nothing where that is unknown.
pub(super) fn is_online(state: HourState) -> Option<bool> {
    state.map(|channel| channel.is_some())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::ChannelKey;
    use crate::zone::tests::paris;

    #[test]
    fn the_same_hour_of_the_local_week_is_found_over_a_change_of_clocks() {
        // From 2026-03-23, a Monday; clocks go forward on the 29th. Hours are their own keys.
        let states: Vec<HourState> = (0..24 * 21).map(|hour| Some(Some(ChannelKey(hour)))).collect();
        let zone = paris();
        let history = History { first: "2026-03-23".parse().unwrap(), states: &states, zone: &zone, over: 0 };
        // 20:00 on Tuesday the 31st is 18:00 UTC; a week before it was 19:00 UTC.
        let (now, before) = (8 * 24 + 18, 24 + 19);
        assert_eq!((history.of_week(now), history.of_week(before)), (24 + 20, 24 + 20));
        assert_eq!(history.weeks_ago(now, 1), Some(states[before]));
        assert_eq!((history.weeks_ago(now, 2), history.weeks_ago(now + 7 * 24, 1)), (None, Some(states[now])));
    }
}
