//! Early or late, and how far free days are from workdays.
//!
//! Source: the Munich ChronoType Questionnaire (Roenneberg et al. 2003, 2019), of windows offline in the place of sleep.

use serde::Serialize;

use super::bootstrap::{Interval, around, circular_interval, interval};
use super::offline::{DAY_HOURS, ExposedDay, Window, windows};
use super::{Found, Method, Refused};
use crate::day::Day;
use crate::zone::ZoneTable;

/// Workdays of a week.
const WORKDAYS: f64 = 5.0;
/// Free days of a week.
const FREE_DAYS: f64 = 2.0;

const METHOD: Method = Method { id: "chronotype", version: 1 };

/// Middles of windows offline, hours of the local clock, 0–24.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Chronotype {
    /// Of nights before workdays, MSW.
    pub workdays: f64,
    /// Of nights before free days, MSF.
    pub free_days: f64,
    /// Of free days without what they make up for: MSFsc, the chronotype.
    pub corrected: f64,
    /// Its 80 % interval.
    pub corrected_interval: Interval,
    /// How far workdays and free days are apart, hours, 0–12.
    pub social_jetlag: f64,
    /// Its 80 % interval.
    pub social_jetlag_interval: Interval,
}

/// The chronotype of consecutive UTC days, the first of which is `first`; `is_free` says of the date of a morning whether it is a
/// free day's. Refused: as [`super::offline::offline`] of either kind of nights.
pub fn chronotype(
    first: Day,
    days: &[ExposedDay],
    zone: &ZoneTable,
    seed: u64,
    is_free: impl Fn(Day) -> bool,
) -> Result<Found<Chronotype>, Refused> {
    let work = windows(first, days, zone, seed, |day| !is_free(day))?;
    let free = windows(first, days, zone, seed.wrapping_add(1), is_free)?;
    let both = || work.drawn.iter().zip(&free.drawn);
    let corrected = corrected(&work.window, &free.window);
    let social_jetlag = apart(&work.window, &free.window);
    let mut drawn: Vec<f64> = both().map(|(work, free)| self::corrected(work, free)).collect();
    let mut jetlags: Vec<f64> = both().map(|(work, free)| apart(work, free)).collect();
    let found = (circular_interval(&mut drawn, corrected, DAY_HOURS), interval(&mut jetlags));
    let (Some(corrected_interval), Some(social_jetlag_interval)) = found else { return Err(Refused::Constant) };
    let (workdays, free_days) = (work.window.middle(), free.window.middle());
    let value =
        Chronotype { workdays, free_days, corrected, corrected_interval, social_jetlag, social_jetlag_interval };
    Ok(Found { value, days: work.nights + free.nights, method: METHOD })
}

/// MSFsc: who sleeps longer on free days makes up for workdays, at the end of the night.
fn corrected(work: &Window, free: &Window) -> f64 {
    let week = (WORKDAYS * work.hours() + FREE_DAYS * free.hours()) / (WORKDAYS + FREE_DAYS);
    let makes_up = if free.hours() > work.hours() { (free.hours() - week) / 2.0 } else { 0.0 };
    (free.middle() - makes_up).rem_euclid(DAY_HOURS)
}

/// |MSF − MSW|, the shorter way round the clock.
fn apart(work: &Window, free: &Window) -> f64 {
    around(free.middle() - work.middle(), DAY_HOURS).abs()
}

#[cfg(test)]
mod tests {
    use super::super::offline::tests::person;
    use super::*;
    use crate::zone::tests::paris;

    #[test]
    fn who_sleeps_in_at_weekends_has_a_social_jetlag() {
        let first: Day = "2026-11-02".parse().unwrap();
        let is_free = |day: Day| day.weekday() >= 5;
        // Up at 7 on workdays and at 10 on free days; to bed at 23, and at 1 before free days.
        let asleep = |day: Day, hour: f64| {
            let morning = if is_free(day) { 10.0 } else { 7.0 };
            let evening = if is_free(day.plus(1)) { 25.0 } else { 23.0 };
            hour < morning && !(is_free(day) && hour < 1.0) || hour >= evening
        };
        let days = person(84, asleep, |_| true);
        let Chronotype { workdays, free_days, corrected, social_jetlag, social_jetlag_interval, .. } =
            chronotype(first, &days, &paris(), 5, is_free).unwrap().value;
        assert_eq!((workdays, free_days, social_jetlag), (3.0, 5.5, 2.5));
        // 9 hours instead of 8: of (9 − (5 · 8 + 2 · 9) / 7) hours half are made up for.
        assert!((corrected - (5.5 - (9.0 - 58.0 / 7.0) / 2.0)).abs() < 1e-9, "{corrected}");
        assert!(social_jetlag_interval.from <= 2.5 && social_jetlag_interval.to >= 2.5, "{social_jetlag_interval:?}");
    }
}
