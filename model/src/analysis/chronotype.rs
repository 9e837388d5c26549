//! Early or late, and how far free days are from workdays.
//!
//! Source: the Munich ChronoType Questionnaire (Roenneberg et al. 2003, 2019), of windows offline in the place of sleep.

use serde::{Deserialize, Serialize};

use super::bootstrap::{Drawings, Estimate, around};
use super::offline::{DAY_HOURS, Nights, Windows, windows};
use super::window::Window;
use super::{Found, Method, Refused};
use crate::day::Day;
use crate::words::Tier;

/// Workdays of a week.
const WORKDAYS: f64 = 5.0;
/// Free days of a week.
const FREE_DAYS: f64 = 2.0;

const METHOD: Method = Method::new("chronotype", 2, Tier::Slots);

/// Middles of windows offline, hours of the local clock, 0–24; their intervals may go over midnight.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Chronotype {
    /// Of nights before workdays, MSW.
    pub workdays: Estimate,
    /// Of nights before free days, MSF.
    pub free_days: Estimate,
    /// Of free days without what they make up for: MSFsc, the chronotype, an hour of the local clock.
    pub corrected: Estimate,
    /// How far workdays and free days are apart, hours, 0–12.
    pub social_jetlag: Estimate,
    /// By quarter of an hour of the local clock, of nights before workdays: as [`super::offline::Offline::profile`].
    pub workday_profile: Vec<Option<f64>>,
    /// The same of nights before free days.
    pub free_profile: Vec<Option<f64>>,
}

/// The chronotype of nights; `is_free` says of the date of a morning whether it is a free day's. Refused: as [`super::offline::offline`]
/// of either kind of nights.
pub fn chronotype(
    nights: &Nights,
    drawings: Drawings,
    is_free: impl Fn(Day) -> bool,
) -> Result<Found<Chronotype>, Refused> {
    let work = windows(nights, drawings, |day| !is_free(day))?;
    let free = windows(nights, drawings.other(), is_free)?;
    let corrected = corrected(&work.window, &free.window);
    let social_jetlag = apart(&work.window, &free.window);
    // The least and the most that the windows of each drawing allow.
    let drawn = |of: &dyn Fn(&Window, &Window) -> f64| -> Vec<[f64; 2]> {
        let pairs = work.drawn.iter().zip(&free.drawn);
        let ends = |(work, free): (&[Window; 2], &[Window; 2])| {
            let all = work.iter().flat_map(|work| free.iter().map(|free| of(work, free)));
            all.fold([f64::MAX, f64::MIN], |[least, most], one| [one.min(least), one.max(most)])
        };
        pairs.map(ends).collect()
    };
    let beside = |work: &Window, free: &Window| around(self::corrected(work, free) - corrected, DAY_HOURS);
    let corrected_drawn = drawn(&beside).into_iter().map(|ends| ends.map(|end| corrected + end));
    let value = Chronotype {
        workdays: middle(&work),
        free_days: middle(&free),
        corrected: Estimate::circular_between(corrected, corrected_drawn, DAY_HOURS),
        social_jetlag: Estimate::between(social_jetlag, drawn(&apart).into_iter()),
        workday_profile: work.profile,
        free_profile: free.profile,
    };
    Ok(Found { value, days: work.nights + free.nights, method: METHOD })
}

/// The middle of a kind of nights, with the middles that windows of drawings allow.
fn middle(nights: &Windows) -> Estimate {
    let drawn = nights.drawn.iter().map(|drawn| drawn.each_ref().map(Window::middle));
    Estimate::circular_between(nights.window.middle(), drawn, DAY_HOURS)
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
    use super::super::bootstrap::Interval;
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
        let found =
            chronotype(&Nights::of(first, &days, &paris()).unwrap(), Drawings::of_seed(5), is_free).unwrap().value;
        assert_eq!((found.workdays.value, found.free_days.value, found.social_jetlag.value), (3.0, 5.5, 2.5));
        // 9 hours instead of 8: of (9 − (5 · 8 + 2 · 9) / 7) hours half are made up for.
        assert!((found.corrected.value - (5.5 - (9.0 - 58.0 / 7.0) / 2.0)).abs() < 1e-9, "{found:?}");
        let Interval { from, to } = found.social_jetlag.interval.unwrap();
        assert!(from <= 2.5 && to >= 2.5, "{found:?}");
        for (middle, hour) in [(&found.workdays, 3.0), (&found.free_days, 5.5)] {
            let Interval { from, to } = middle.interval.unwrap();
            assert!(from <= hour && hour <= to && to - from < 2.0, "{found:?}");
        }
    }
}
