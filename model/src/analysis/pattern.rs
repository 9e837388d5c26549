//! Usual days: minutes online by hour of the local clock, of workdays and of weekends, the last ones most.

use serde::{Deserialize, Serialize};

use super::grid::{Cell, Grid, HOURS};
use super::{Found, Method, Refused};
use crate::day::Day;
use crate::words::Tier;

/// Workdays that the workday pattern looks back over: its α is 2 / (span + 1).
pub const WORKDAY_SPAN: u32 = 20;
/// Days of weekends that the weekend pattern looks back over.
pub const WEEKEND_SPAN: u32 = 8;

const PATTERN: Method = Method::new("pattern", 1, Tier::Hours);
const WEEK: Method = Method::new("week", 1, Tier::Hours);

/// An exponential moving average that knows gaps: it starts at the first known value, and what is unknown is no update.
///
/// As pandas has it with `adjust=False, ignore_na=True`.
#[derive(Clone, Copy, Debug)]
pub struct Ema {
    alpha: f64,
    value: Option<f64>,
}

impl Ema {
    /// Of a span of so many values: α = 2 / (span + 1).
    pub fn of_span(span: u32) -> Ema {
        Ema { alpha: 2.0 / (f64::from(span) + 1.0), value: None }
    }

    /// Takes the next value, which may be unknown.
    #[inline]
    pub fn push(&mut self, next: Option<f64>) {
        let Some(next) = next else { return };
        self.value = Some(self.value.map_or(next, |value| value + self.alpha * (next - value)));
    }

    /// The average; nothing as long as nothing was known.
    pub fn value(self) -> Option<f64> {
        self.value
    }
}

/// Minutes online by hour of the local clock, 0–60; nothing where the hour was never known.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pattern(pub [Option<f64>; HOURS]);

impl Pattern {
    /// The hour with most minutes, the first of equals, and how many they are; nothing where none has one.
    pub fn busiest(&self) -> Option<(usize, f64)> {
        let hours =
            self.0.iter().enumerate().filter_map(|(hour, minutes)| Some((hour, minutes.filter(|m| *m >= 1.0)?)));
        hours.max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)))
    }
}

/// The pattern of those days of a grid that `counts` says. Each counts, an absent one as zero; of an unknown hour it is no
/// update. Refused: no hour of any such day is known.
pub fn pattern(grid: &Grid, span: u32, counts: impl Fn(Day) -> bool) -> Result<Found<Pattern>, Refused> {
    let (mut hours, mut days) = ([Ema::of_span(span); HOURS], 0);
    for local in grid.days().iter().filter(|local| counts(local.day)) {
        let minutes = local.cells.map(Cell::minutes);
        days += u32::from(minutes.iter().any(Option::is_some));
        hours.iter_mut().zip(minutes).for_each(|(hour, minutes)| hour.push(minutes));
    }
    if days == 0 {
        return Err(Refused::FewDays { have: 0, need: 1 });
    }
    Ok(Found { value: Pattern(hours.map(Ema::value)), days, method: PATTERN })
}

/// The usual week: minutes online of an hour by weekday (0 Monday) and hour of the local clock, over all days alike; nothing
/// where fewer slots than half of an hour were ever known. Refused: no day is known.
pub fn week(grid: &Grid) -> Result<Found<[[Option<f64>; HOURS]; 7]>, Refused> {
    let mut sums = [[(0u32, 0u32); HOURS]; 7];
    let mut days = 0;
    for local in grid.days() {
        days += u32::from(local.known() > 0);
        for (sum, cell) in sums[local.day.weekday() as usize].iter_mut().zip(local.cells) {
            *sum = (sum.0 + u32::from(cell.present), sum.1 + u32::from(cell.known));
        }
    }
    if days == 0 {
        return Err(Refused::FewDays { have: 0, need: 1 });
    }
    let minutes = |(present, known)| {
        (known >= u32::from(super::grid::HOUR_KNOWN)).then(|| 60.0 * f64::from(present) / f64::from(known))
    };
    Ok(Found { value: sums.map(|day| day.map(minutes)), days, method: WEEK })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::coverage::PersonCoverage;
    use crate::slot::Slot;
    use crate::slot_set::SlotSet;
    use crate::zone::ZoneTable;

    /// From Monday on, a day each: minutes online from 20:00 on, or nothing known.
    fn evenings(minutes: &[Option<u16>]) -> Grid {
        let of = |minutes: &Option<u16>| {
            let Some(minutes) = minutes else {
                return PersonCoverage::default();
            };
            let present: SlotSet = (240..240 + minutes / 5).map(|slot| Slot::new(slot).unwrap()).collect();
            PersonCoverage { present, observed: Slot::all().collect() }
        };
        Grid::of_slots("2026-11-23".parse().unwrap(), &minutes.iter().map(of).collect::<Vec<_>>(), &ZoneTable::utc())
    }

    #[test]
    fn the_last_days_count_most_and_unknown_ones_not_at_all() {
        // α = 0.5: 60, then half way to 0, not touched, half way to 30.
        let grid = evenings(&[Some(60), Some(0), None, Some(30)]);
        let found = pattern(&grid, 3, |_| true).unwrap();
        assert_eq!((found.value.0[20], found.value.0[21], found.days), (Some(30.0), Some(0.0), 3));
        assert_eq!(pattern(&evenings(&[None, None]), 3, |_| true), Err(Refused::FewDays { have: 0, need: 1 }));
    }

    #[test]
    fn weekends_are_apart() {
        let grid = evenings(&[Some(60), Some(60), Some(60), Some(60), Some(60), Some(10), Some(20)]);
        let weekend = |day: Day| day.weekday() >= 5;
        let workdays = pattern(&grid, WORKDAY_SPAN, |day| !weekend(day)).unwrap();
        let weekends = pattern(&grid, WEEKEND_SPAN, weekend).unwrap();
        assert_eq!((workdays.value.0[20], workdays.days, weekends.days), (Some(60.0), 5, 2));
        // 10 + 2/9 · 10
        assert!((weekends.value.0[20].unwrap() - 12.222).abs() < 0.001);
        let week = week(&grid).unwrap();
        assert_eq!((week.value[0][20], week.value[6][20], week.value[6][3]), (Some(60.0), Some(20.0), Some(0.0)));
    }
}
