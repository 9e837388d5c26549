//! Summer time: which clocks somebody's days follow when clocks change.
//!
//! Europe and North America change on other days, and much of the world never does: people who get an hour earlier by UTC when
//! clocks go forward follow one of them.

use serde::{Deserialize, Serialize};

use super::grid::HOURS;
use crate::day::Day;

/// Active days that a change of clocks needs on either side.
pub const DAYS_NEEDED: u32 = 14;
/// Days looked at on either side: habits change with seasons too.
const WINDOW_DAYS: i32 = 42;
/// The share of drawings that tells clocks. At 0.8 one of ten invented people to whom any were told was told wrong ones; the test of wrong
/// ones in `model/tests/analysis/time_zone.rs` holds this.
pub const TOLD: f64 = 0.9;

/// Clocks, by when they are an hour ahead of their standard time. The rules are those since 2007, whole days by UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Clocks {
    /// Never.
    Fixed,
    /// From the last Sunday of March to the last Sunday of October (directive 2000/84/EC): the European Union and its neighbours.
    European,
    /// From the second Sunday of March to the first Sunday of November (Energy Policy Act of 2005): the United States, Canada, Haiti.
    American,
}

impl Clocks {
    /// All of them, in the order in which results have them.
    pub const ALL: [Clocks; 3] = [Clocks::Fixed, Clocks::European, Clocks::American];

    /// Hours that they are ahead of their standard time on a UTC day, 0 or 1; on the day of the change as after it.
    pub fn ahead(self, day: Day) -> usize {
        let year = day.ymd().0;
        let summer = match self {
            Clocks::Fixed => return 0,
            Clocks::European => Season::Spring.european(year)..Season::Autumn.european(year),
            Clocks::American => Season::Spring.american(year)..Season::Autumn.american(year),
        };
        usize::from(summer.contains(&day.days()))
    }

    /// Its place in [`Clocks::ALL`].
    pub(super) fn place(self) -> usize {
        self as usize
    }
}

/// What days around changes of clocks tell.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct SummerTime {
    /// Springs and autumns that had [`DAYS_NEEDED`] active days on either side of a change.
    pub changes: u32,
    /// The share of drawings of days in which each of [`Clocks::ALL`] makes the days before and after most alike; they sum to 1.
    pub shares: [f64; 3],
    /// The clocks that [`TOLD`] of the drawings tell; nothing where fewer agree.
    pub clocks: Option<Clocks>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Season {
    Spring,
    Autumn,
}

impl Season {
    /// When European clocks change, in days since 1970-01-01.
    fn european(self, year: i32) -> i32 {
        let month = if self == Season::Spring { 3 } else { 10 };
        // Both months have 31 days.
        sunday_from(year, month, 25)
    }

    /// When American clocks change.
    fn american(self, year: i32) -> i32 {
        if self == Season::Spring { sunday_from(year, 3, 8) } else { sunday_from(year, 11, 1) }
    }
}

/// The first Sunday from a date on, which is one of a year that days have, in days since 1970-01-01.
fn sunday_from(year: i32, month: u32, date: u32) -> i32 {
    Day::from_ymd(year, month, date).map_or(i32::MIN / 2, |day| day.days() + (6 - day.weekday() as i32))
}

/// Where a day lies about a spring or an autumn: before both changes, between them, or after both.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Phase {
    pub(super) change: (i32, bool),
    pub(super) part: usize,
}

/// The phase of a day that lies near enough to a change; nothing of the days on which clocks change.
pub(super) fn phase(day: Day) -> Option<Phase> {
    let (year, month, _) = day.ymd();
    let season = if month <= 6 { Season::Spring } else { Season::Autumn };
    let (one, other) = (season.european(year), season.american(year));
    let (from, to, at) = (one.min(other), one.max(other), day.days());
    let part = match at {
        _ if at == from || at == to => return None,
        _ if at < from - WINDOW_DAYS || at > to + WINDOW_DAYS => return None,
        _ if at < from => 0,
        _ if at < to => 1,
        _ => 2,
    };
    Some(Phase { change: (year, season == Season::Autumn), part })
}

/// By which clocks each part of a change is ahead, 0 or 1 hours.
fn ahead(autumn: bool, clocks: Clocks) -> [usize; 3] {
    match (autumn, clocks) {
        (_, Clocks::Fixed) => [0, 0, 0],
        (false, Clocks::European) => [0, 0, 1],
        (false, Clocks::American) => [0, 1, 1],
        (true, Clocks::European) => [1, 0, 0],
        (true, Clocks::American) => [1, 1, 0],
    }
}

/// Whether either change of a season has [`DAYS_NEEDED`] active days before and after, given those of its parts.
pub(super) fn is_enough(active: [u32; 3]) -> bool {
    let [before, between, after] = active;
    let splits = [(before, between + after), (before + between, after)];
    splits.iter().any(|(before, after)| before.min(after) >= &DAYS_NEEDED)
}

/// Slots present and known of each hour of UTC.
pub(super) type Hours = [(u32, u32); HOURS];

/// The log-likelihood of one chance of presence an hour of somebody's clock, before a change and after it.
pub(super) fn likelihood(autumn: bool, clocks: Clocks, parts: &[Hours; 3]) -> f64 {
    let mut sums = [(0u32, 0u32); HOURS];
    for (part, by) in parts.iter().zip(ahead(autumn, clocks)) {
        add_ahead(&mut sums, part, by);
    }
    let plogp = |n: u32| if n == 0 { 0.0 } else { f64::from(n) * f64::from(n).ln() };
    sums.iter().map(|(present, known)| plogp(*present) + plogp(known - present) - plogp(*known)).sum()
}

/// Adds hours of UTC to those of a clock that is `by` hours ahead.
pub(super) fn add_ahead(sums: &mut Hours, hours: &Hours, by: usize) {
    for (hour, (present, known)) in hours.iter().enumerate() {
        let sum = &mut sums[(hour + by) % HOURS];
        *sum = (sum.0 + present, sum.1 + known);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    #[test]
    fn clocks_change_when_calendars_say() {
        let changes = |clocks: Clocks, year: i32| -> Vec<String> {
            let days = Day::from_ymd(year, 1, 2).unwrap().until(Day::from_ymd(year, 12, 31).unwrap());
            days.filter(|day| clocks.ahead(*day) != clocks.ahead(day.plus(-1))).map(|day| day.to_string()).collect()
        };
        assert_eq!(changes(Clocks::European, 2024), ["2024-03-31", "2024-10-27"]);
        assert_eq!(changes(Clocks::American, 2024), ["2024-03-10", "2024-11-03"]);
        assert_eq!(changes(Clocks::European, 2026), ["2026-03-29", "2026-10-25"]);
        assert_eq!(changes(Clocks::American, 2026), ["2026-03-08", "2026-11-01"]);
        assert_eq!(changes(Clocks::European, 2027), ["2027-03-28", "2027-10-31"]);
        assert_eq!(changes(Clocks::American, 2027), ["2027-03-14", "2027-11-07"]);
        assert!(changes(Clocks::Fixed, 2026).is_empty());
        assert_eq!(Clocks::European.ahead(day("2026-07-01")), 1);
    }

    #[test]
    fn parts_are_ahead_as_their_days_are() {
        for day in day("2020-01-01").until(day("2030-01-01")) {
            let Some(Phase { change: (_, autumn), part }) = phase(day) else { continue };
            for clocks in Clocks::ALL {
                assert_eq!(ahead(autumn, clocks)[part], clocks.ahead(day), "{day} {clocks:?}");
            }
        }
        assert_eq!((phase(day("2026-03-29")), phase(day("2026-07-01"))), (None, None));
    }
}
