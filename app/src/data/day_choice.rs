//! Which days there are to choose from, seen from one of them.

use model::day::Day;
use serde::{Deserialize, Serialize};

/// The days with data around one day: enough for previous, next, and a calendar of its month.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayChoice {
    /// The first day with data.
    pub first: Day,
    /// The last day with data.
    pub last: Day,
    /// The last day with data before the one shown.
    pub previous: Option<Day>,
    /// The first day with data after the one shown.
    pub next: Option<Day>,
    /// Days with data of the month of the day shown: bit 0 is the 1st.
    month: u32,
    /// The last day with data before that month.
    pub earlier: Option<Day>,
    /// The first day with data after that month.
    pub later: Option<Day>,
}

impl DayChoice {
    /// Seen from `day`; `available` is ascending. Nothing where there is no day at all.
    pub fn of(day: Day, available: &[Day]) -> Option<DayChoice> {
        let (first, last) = (*available.first()?, *available.last()?);
        let before = |bound: Day| available[..available.partition_point(|d| *d < bound)].last().copied();
        let after = |bound: Day| available[available.partition_point(|d| *d <= bound)..].first().copied();
        let start = day.month().first_day();
        let end = day.month().next().first_day();
        let month = available
            .iter()
            .filter(|d| start <= **d && **d < end)
            .fold(0, |mask, d| mask | 1 << (d.days() - start.days()));
        Some(DayChoice {
            first,
            last,
            previous: before(day),
            next: after(day),
            month,
            earlier: before(start),
            later: after(end.plus(-1)),
        })
    }

    /// Whether there are data on a day of the month of the day shown.
    pub fn has(&self, day: Day) -> bool {
        self.month >> (day.days() - day.month().first_day().days()) & 1 == 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    #[test]
    fn neighbours_jump_over_days_without_data() {
        let available = ["2026-09-30", "2026-11-01", "2026-11-19", "2026-11-30", "2026-12-02"].map(day);
        let choice = DayChoice::of(day("2026-11-20"), &available).unwrap();
        assert_eq!((choice.previous, choice.next), (Some(day("2026-11-19")), Some(day("2026-11-30"))));
        assert_eq!((choice.earlier, choice.later), (Some(day("2026-09-30")), Some(day("2026-12-02"))));
        assert_eq!((choice.first, choice.last), (day("2026-09-30"), day("2026-12-02")));
        let november: Vec<u32> =
            day("2026-11-01").until(day("2026-12-01")).filter(|d| choice.has(*d)).map(|d| d.ymd().2).collect();
        assert_eq!(november, [1, 19, 30]);
        assert_eq!(DayChoice::of(day("2026-11-20"), &[]), None);
    }
}
