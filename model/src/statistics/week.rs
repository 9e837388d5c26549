//! A channel's usual week: when it is on air.

use serde::{Deserialize, Serialize};

use crate::analysis::Method;
use crate::channel_day::{ChannelDay, ChannelSlot};
use crate::day::{DAY_SECONDS, Day};
use crate::slot::Span;
use crate::words::Tier;
use crate::zone::ZoneTable;

/// What the week is worked out by.
pub const METHOD: Method = Method::new("usual-week", 1, Tier::Aggregates);

/// An hour of the week is told once it is known of so many weeks: of two, a chance is a coincidence.
pub const WEEKS_NEEDED: u16 = 3;

/// An hour of the week, of the local clock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WeekHour {
    /// Slots on air.
    pub live_slots: u32,
    /// Slots of which it is known whether it was on air.
    pub known_slots: u32,
    /// Local days on which any of them is known.
    pub days: u16,
}

impl WeekHour {
    /// The chance of being on air, 0–1: the share of known slots in which it was; nothing with fewer than [`WEEKS_NEEDED`] weeks.
    pub fn chance(self) -> Option<f64> {
        (self.days >= WEEKS_NEEDED && self.known_slots > 0)
            .then(|| f64::from(self.live_slots) / f64::from(self.known_slots))
    }
}

/// The hours of a week, by weekday (0 is Monday) and hour of the local clock.
pub type UsualWeek = [[WeekHour; 24]; 7];

/// The usual week of a channel in a zone, of its days in ascending order.
pub fn usual_week(days: &[(Day, ChannelDay)], zone: &ZoneTable) -> UsualWeek {
    let mut week = UsualWeek::default();
    // The local day and hour that was looked at last: its slots follow each other, those of an hour that clocks show twice too.
    let mut last = None;
    for (day, data) in days {
        for at in Span::of_day(*day).slots() {
            let slot = data.slot(at.slot());
            if !slot.stream_observed() {
                continue;
            }
            let clock = at.unix() + i64::from(zone.offset_at(at.unix()));
            let (local, hour) = (clock.div_euclid(DAY_SECONDS), clock.rem_euclid(DAY_SECONDS) / 3_600);
            // 1970-01-01 was a Thursday.
            let cell = &mut week[(local + 3).rem_euclid(7) as usize][hour as usize];
            cell.known_slots += 1;
            cell.live_slots += u32::from(matches!(slot, ChannelSlot::Live(_)));
            if last.replace((local, hour)) != Some((local, hour)) {
                cell.days = cell.days.saturating_add(1);
            }
        }
    }
    week
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::channel::tests::{aired, day};
    use crate::zone::tests::paris;

    /// On air at 20:00 to 23:00 of the local clock on Fridays, before and after clocks go back.
    #[test]
    fn the_local_clock_counts() {
        let first = day("2026-10-05");
        let of = |day: Day| match (day.weekday(), day < self::day("2026-10-25")) {
            (4, true) => aired(&[(216, 252, 100, "", "")]),
            (4, false) => aired(&[(228, 264, 100, "", "")]),
            _ => aired(&[]),
        };
        let days: Vec<(Day, ChannelDay)> = first.until(first.plus(42)).map(|day| (day, of(day))).collect();
        let week = usual_week(&days, &paris());
        for (weekday, hours) in week.iter().enumerate() {
            for (hour, cell) in hours.iter().enumerate() {
                let on_air = weekday == 4 && (20..23).contains(&hour);
                assert_eq!(cell.chance(), Some(f64::from(u8::from(on_air))), "{weekday} {hour}");
            }
        }
        assert_eq!((week[4][20].known_slots, week[4][20].days), (72, 6));
        // The hour that clocks showed twice.
        assert_eq!((week[6][2].known_slots, week[6][2].days), (84, 6));
    }

    #[test]
    fn two_weeks_are_a_coincidence() {
        let first = day("2026-11-02");
        let days: Vec<(Day, ChannelDay)> =
            first.until(first.plus(14)).map(|day| (day, aired(&[(0, 12, 1, "", "")]))).collect();
        let week = usual_week(&days, &ZoneTable::utc());
        assert_eq!((week[0][0].chance(), week[0][0].days, week[0][0].live_slots), (None, 2, 24));
        assert_eq!(usual_week(&[], &ZoneTable::utc())[3][3], WeekHour::default());
    }
}
