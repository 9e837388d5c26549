//! The 28 days of an index: four weeks, two of them taken as known, and the local clock.

use crate::day::{DAY_SECONDS, Day};
use crate::slot::SLOTS_PER_DAY;
use crate::zone::ZoneTable;

/// Days of an index: two halves of two weeks, so that each half has every weekday twice.
pub const DAYS: u16 = 28;
/// Days of a week.
pub const WEEK_DAYS: u16 = 7;
/// Slots of the last week, which singling out looks at.
pub const WEEK_SLOTS: u16 = WEEK_DAYS * SLOTS_PER_DAY;
/// Slots of all days.
pub(super) const SLOTS: u16 = DAYS * SLOTS_PER_DAY;
/// The first slot of the last week.
pub(super) const LAST_WEEK: u16 = SLOTS - WEEK_SLOTS;
/// Slots of an hour.
pub(super) const HOUR_SLOTS: u16 = 12;
/// Hours of all days.
pub const HOURS: usize = 24 * DAYS as usize;
/// Hours of a week of the local clock.
pub const WEEK_HOURS: usize = 168;

/// Which half of the days a week belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Half {
    /// The first and the third week: in the index, of everybody.
    Known,
    /// The second and the fourth: hidden, and asked about.
    Asked,
}

/// The days of an index, and what hour of the local week each of their hours is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Calendar {
    first: Day,
    clock: [u8; HOURS],
}

impl Calendar {
    /// The 28 UTC days that end with `last`, by the clock of a zone. A UTC hour belongs to the local hour that has most of it.
    /// Nothing where the days begin before [`Day::MIN`].
    pub fn ending(last: Day, zone: &ZoneTable) -> Option<Calendar> {
        let first = last.plus(1 - i32::from(DAYS));
        let clock = std::array::from_fn(|hour| {
            let middle = first.start_unix() + 3_600 * hour as i64 + 1_800;
            let local = middle + i64::from(zone.offset_at(middle));
            // 1970-01-01 was a Thursday.
            let weekday = (local.div_euclid(DAY_SECONDS) + 3).rem_euclid(7);
            (24 * weekday + local.rem_euclid(DAY_SECONDS) / 3_600) as u8
        });
        Calendar::of(first, &clock).filter(|calendar| calendar.last() == last)
    }

    /// From its parts; nothing where an hour is no hour of a week, or days are out of range.
    pub(super) fn of(first: Day, clock: &[u8; HOURS]) -> Option<Calendar> {
        let whole = first.plus(i32::from(DAYS) - 1).days() - first.days() == i32::from(DAYS) - 1;
        let is_clock = clock.iter().all(|hour| usize::from(*hour) < WEEK_HOURS);
        (whole && is_clock).then_some(Calendar { first, clock: *clock })
    }

    /// The first day.
    pub fn first(&self) -> Day {
        self.first
    }

    /// The last day.
    pub fn last(&self) -> Day {
        self.first.plus(i32::from(DAYS) - 1)
    }

    /// The place of a day, 0–27; nothing of other days.
    pub fn place(&self, day: Day) -> Option<u16> {
        u16::try_from(day.days() - self.first.days()).ok().filter(|place| *place < DAYS)
    }

    /// Whether the day at a place lies in the last week.
    pub fn is_in_last_week(place: u16) -> bool {
        place >= DAYS - WEEK_DAYS
    }

    /// The half that the day at a place belongs to.
    pub fn half(place: u16) -> Half {
        if (place / WEEK_DAYS).is_multiple_of(2) { Half::Known } else { Half::Asked }
    }

    /// The hour of the local week, 0 (Monday 00:00) to 167, of each UTC hour.
    pub(super) fn clock(&self) -> &[u8; HOURS] {
        &self.clock
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::zone::tests::paris;

    #[test]
    fn hours_are_those_of_the_local_week_through_a_change_of_clocks() {
        // Clocks go back on 2026-10-25, a Sunday, at 01:00 UTC.
        let calendar = Calendar::ending("2026-11-01".parse().unwrap(), &paris()).unwrap();
        assert_eq!(
            (calendar.first().to_string(), calendar.last().to_string()),
            ("2026-10-05".into(), "2026-11-01".into())
        );
        let sunday = 20 * 24;
        assert_eq!(calendar.clock()[0], 2, "Monday 02:00 in summer");
        assert_eq!(calendar.clock()[sunday..sunday + 3], [6 * 24 + 2, 6 * 24 + 2, 6 * 24 + 3]);
        assert_eq!(calendar.clock()[HOURS - 1], 0, "Sunday 23:00 UTC is Monday 00:00");
    }

    #[test]
    fn weeks_take_turns() {
        let calendar = Calendar::ending("2026-11-29".parse().unwrap(), &ZoneTable::utc()).unwrap();
        let halves: Vec<Half> = [0, 6, 7, 13, 14, 20, 21, 27].map(Calendar::half).to_vec();
        use Half::{Asked, Known};
        assert_eq!(halves, [Known, Known, Asked, Asked, Known, Known, Asked, Asked]);
        assert_eq!(calendar.place(calendar.last()), Some(27));
        assert_eq!((calendar.place(calendar.last().plus(1)), calendar.place(calendar.first().plus(-1))), (None, None));
        assert_eq!(Calendar::ending(Day::MIN.plus(26), &ZoneTable::utc()), None);
        assert!(Calendar::ending(Day::MIN.plus(27), &ZoneTable::utc()).is_some());
    }
}
