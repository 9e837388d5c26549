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

const METHOD: Method = Method::new("chronotype", 3, Tier::Slots);

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
    let corrected = corrected(&free.window, work.window.hours());
    let social_jetlag = apart(&work.window, &free.window);
    let drawn = || work.drawn.iter().zip(&free.drawn);
    let corrected_drawn = drawn().map(|(work, [early, late])| {
        let [shortest, longest] = lengths(work);
        [self::corrected(early, shortest), self::corrected(late, longest)]
    });
    let value = Chronotype {
        workdays: middle(&work),
        free_days: middle(&free),
        corrected: Estimate::circular_between(corrected, corrected_drawn, DAY_HOURS),
        social_jetlag: Estimate::between(social_jetlag, drawn().map(|(work, free)| least_and_most_apart(work, free))),
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

/// MSFsc: who sleeps longer on free days than the hours of workdays makes up for these, at the end of the night. It is later the later the window
/// of free days begins or ends, and the longer that of workdays is.
fn corrected(free: &Window, work_hours: f64) -> f64 {
    let week = (WORKDAYS * work_hours + FREE_DAYS * free.hours()) / (WORKDAYS + FREE_DAYS);
    let makes_up = if free.hours() > work_hours { (free.hours() - week) / 2.0 } else { 0.0 };
    (free.middle() - makes_up).rem_euclid(DAY_HOURS)
}

/// Hours of the shortest and the longest window whose ends are between those of the earliest and the latest.
fn lengths([early, late]: &[Window; 2]) -> [f64; 2] {
    let hours = |from: &Window, to: &Window| (to.to() - from.from()).rem_euclid(DAY_HOURS);
    [hours(late, early), hours(early, late)]
}

/// |MSF − MSW|, the shorter way round the clock.
fn apart(work: &Window, free: &Window) -> f64 {
    around(free.middle() - work.middle(), DAY_HOURS).abs()
}

/// The least and the most that [`apart`] is of windows between the earliest and the latest of each kind: nothing where the middles can be
/// the same, half of the clock where they can be opposite.
fn least_and_most_apart(work: &[Window; 2], free: &[Window; 2]) -> [f64; 2] {
    let loose = |[early, late]: &[Window; 2]| (late.middle() - early.middle()).rem_euclid(DAY_HOURS);
    let from = around(free[0].middle() - work[1].middle(), DAY_HOURS);
    let to = from + loose(work) + loose(free);
    let ends = [from, to].map(|end| around(end, DAY_HOURS).abs());
    let holds = |difference: f64| from <= difference && difference <= to;
    let least = if holds(0.0) || holds(DAY_HOURS) { 0.0 } else { ends[0].min(ends[1]) };
    let most = if holds(DAY_HOURS / 2.0) { DAY_HOURS / 2.0 } else { ends[0].max(ends[1]) };
    [least, most]
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

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

    /// Where the window may begin and how far that is open, how long it is from there on and how far its end is open, in quarters.
    fn loose() -> impl Strategy<Value = [usize; 4]> {
        (0..96usize, 0..14usize, 1..30usize, 0..14usize).prop_map(|(start, open, parts, end)| [start, open, parts, end])
    }

    fn window(start: usize, end: usize) -> Window {
        Window::between(start, end, (0.0, 0.0))
    }

    fn ends([start, open, parts, end]: [usize; 4]) -> [Window; 2] {
        let (latest, earliest_end) = (start + open, start + open + parts);
        [window(start, earliest_end), window(latest, earliest_end + end)]
    }

    /// All windows between the earliest and the latest.
    fn each([start, open, parts, end]: [usize; 4]) -> impl Iterator<Item = Window> {
        let first = start + open + parts;
        (start..=start + open).flat_map(move |from| (first..=first + end).map(move |to| window(from, to)))
    }

    proptest! {
        /// No pair of windows is less or more apart, nor later or earlier corrected, than is told; and one is, to half of a quarter of an hour.
        #[test]
        fn what_windows_allow_is_what_all_of_them_tell(work in loose(), free in loose()) {
            let pairs = || each(work).flat_map(|work| each(free).map(move |free| (work, free)));
            let all: Vec<f64> = pairs().map(|(work, free)| apart(&work, &free)).collect();
            let [least, most] = least_and_most_apart(&ends(work), &ends(free));
            let found = all.iter().fold([f64::MAX, f64::MIN], |[a, b], one| [one.min(a), one.max(b)]);
            prop_assert!((found[0] - least).abs() <= 0.125 && (found[1] - most).abs() <= 0.125, "{found:?} {least} {most}");
            prop_assert!(all.iter().all(|one| (least - 1e-9..=most + 1e-9).contains(one)));

            let [earliest, latest] = {
                let ([shortest, longest], [early, late]) = (lengths(&ends(work)), ends(free));
                [corrected(&early, shortest), corrected(&late, longest)]
            };
            let open = (latest - earliest).rem_euclid(DAY_HOURS);
            let later = |(work, free): (Window, Window)| (corrected(&free, work.hours()) - earliest).rem_euclid(DAY_HOURS);
            let farthest = pairs().map(later).map(|hours| if hours > 24.0 - 1e-9 { 0.0 } else { hours }).fold(0.0, f64::max);
            prop_assert!((farthest - open).abs() < 1e-9, "{farthest} {open}");
        }
    }
}
