//! The habitual window offline: the part of the day in which somebody is hardly ever seen though they could be.
//!
//! It is what presence tells of sleep: people stop watching before they sleep, and begin some time after they wake. Only
//! slots count in which one of their usual channels was on air: when nobody streams, nobody is missing.

use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

use super::bootstrap::{Drawings, Estimate, replicates};
use super::grid::Grid;
use super::window::{Logs, Night, Summed, Window};
use super::{Found, Method, Refused};
use crate::coverage::PersonCoverage;
use crate::day::Day;
use crate::slot::SLOTS_PER_DAY;
use crate::slot_set::SlotSet;
use crate::words::Tier;
use crate::zone::ZoneTable;

/// Parts of a day that a window is made of: quarters of an hour.
pub const PARTS: usize = 96;
/// Active days that the result needs.
pub const DAYS_NEEDED: u32 = 14;
/// Under this median of the longest daily gap an account is always on, in minutes.
const ALWAYS_ON_MINUTES: u32 = 120;
/// Known slots by which a day tells how long somebody was away: half of them.
const DAY_KNOWN: u16 = SLOTS_PER_DAY / 2;
/// The hours of a day.
pub(super) const DAY_HOURS: f64 = 24.0;
/// Nights are in one piece in days from noon to noon.
const HALF_DAY_SECONDS: i32 = 43_200;

const METHOD: Method = Method::new("offline-window", 2, Tier::Slots);

/// A UTC day of somebody, with the slots in which one of their usual channels was on air.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExposedDay {
    /// What is known of them.
    pub coverage: PersonCoverage,
    /// When they had somebody to watch.
    pub exposed: SlotSet,
}

/// The window, in hours of the local clock, 0–24, to the quarter. It may go over midnight.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Offline {
    /// When it begins.
    pub from: Estimate,
    /// When it ends.
    pub to: Estimate,
    /// The share of exposed slots in it in which they are there all the same, 0–1.
    pub inside: f64,
    /// The share of exposed slots outside of it, 0–1.
    pub outside: f64,
    /// By quarter of an hour of the local clock, 96: the share of exposed slots with presence, 0–1; nothing where too few days were
    /// exposed.
    pub profile: Vec<Option<f64>>,
}

impl Offline {
    /// Hours from its beginning to its end, 4–12.
    pub fn hours(&self) -> f64 {
        (self.to.value - self.from.value).rem_euclid(DAY_HOURS)
    }

    /// Its middle, an hour of the local clock, 0–24.
    pub fn middle(&self) -> f64 {
        (self.from.value + self.hours() / 2.0).rem_euclid(DAY_HOURS)
    }
}

/// The nights of somebody, from noon to noon: what windows are found in.
#[derive(Clone, Debug)]
pub struct Nights {
    /// By the date of the morning, ascending, of the slots in which they had somebody to watch.
    exposed: Vec<(Day, Night)>,
    first: Day,
    seen: Vec<PersonCoverage>,
    from_noon: ZoneTable,
    /// Of all slots: looked at where nobody is on air at some time of the day.
    all: OnceLock<Grid<PARTS>>,
}

impl Nights {
    /// Of consecutive UTC days, the first of which is `first`; nights of which nothing is known are left out. Refused: an account that
    /// is always on.
    pub fn of(first: Day, days: &[ExposedDay], zone: &ZoneTable) -> Result<Nights, Refused> {
        let seen: Vec<PersonCoverage> = days.iter().map(|day| day.coverage).collect();
        always_on(&seen)?;
        let exposed: Vec<PersonCoverage> = days.iter().map(ExposedDay::while_exposed).collect();
        let from_noon = zone.ahead(HALF_DAY_SECONDS);
        let grid: Grid<PARTS> = Grid::of_slots(first, &exposed, &from_noon);
        let known = grid.days().iter().filter(|night| night.known() > 0);
        let exposed = known.map(|night| (night.day, Night::of(&night.cells))).collect();
        Ok(Nights { exposed, first, seen, from_noon, all: OnceLock::new() })
    }

    /// The same nights, of all slots.
    fn all(&self) -> impl Iterator<Item = (Day, Night)> {
        let all = self.all.get_or_init(|| Grid::of_slots(self.first, &self.seen, &self.from_noon));
        let is_night = |day: &Day| self.exposed.binary_search_by_key(day, |(day, _)| *day).is_ok();
        all.days().iter().filter(move |night| is_night(&night.day)).map(|night| (night.day, Night::of(&night.cells)))
    }
}

/// Finds the window in those nights to whose morning's date `counts` says yes.
///
/// The window is the one that the two-piece binomial model makes likeliest: one chance of presence in it, a larger one
/// outside. Where nobody whom they watch is on air at an end of it, it may as well begin or end there, which the interval says.
/// Refused: fewer than [`DAYS_NEEDED`] active nights; half of the day without anybody to watch; presence in it more than half as
/// often as outside of it; hours with as little presence elsewhere that nobody streams in.
pub fn offline(nights: &Nights, drawings: Drawings, counts: impl Fn(Day) -> bool) -> Result<Found<Offline>, Refused> {
    let Windows { window, drawn, nights, profile } = windows(nights, drawings, counts)?;
    let end = |end: fn(&Window) -> f64| {
        let ends = drawn.iter().map(|drawn| drawn.each_ref().map(end));
        Estimate::circular_between(end(&window), ends, DAY_HOURS)
    };
    let (inside, outside) = window.shares;
    let value = Offline { from: end(Window::from), to: end(Window::to), inside, outside, profile };
    Ok(Found { value, days: nights, method: METHOD })
}

/// A window, and those of drawings of the nights.
pub(super) struct Windows {
    pub(super) window: Window,
    /// The earliest and the latest that each may be.
    pub(super) drawn: Vec<[Window; 2]>,
    pub(super) nights: u32,
    /// As [`Offline::profile`].
    pub(super) profile: Vec<Option<f64>>,
}

/// As [`offline`].
pub(super) fn windows(nights: &Nights, drawings: Drawings, counts: impl Fn(Day) -> bool) -> Result<Windows, Refused> {
    let kept: Vec<&Night> = nights.exposed.iter().filter(|(day, _)| counts(*day)).map(|(_, night)| night).collect();
    let active = kept.iter().filter(|night| night.is_active()).count() as u32;
    if active < DAYS_NEEDED {
        return Err(Refused::FewDays { have: active, need: DAYS_NEEDED });
    }
    let known: usize = kept.iter().map(|night| night.known()).sum();
    let logs = Logs::up_to(if drawings.count > 0 { known } else { 0 });
    let summed = Summed::of(kept.iter().copied());
    let window = summed.window(&logs)?;
    if let Some(hour) =
        summed.elsewhere(&window, || nights.all().filter(|(day, _)| counts(*day)).map(|(_, night)| night))
    {
        return Err(Refused::Elsewhere { hour });
    }
    let (inside, outside) = window.shares;
    if inside > outside / 2.0 {
        return Err(Refused::Constant);
    }
    let mut drawn = Vec::with_capacity(drawings.count);
    // A drawing without enough of some hours says nothing of its own.
    replicates(kept.len(), drawings, |places| {
        let summed = Summed::of(places.iter().map(|place| kept[*place]));
        drawn.extend(summed.window(&logs).map(|window| summed.loosened(&window)).ok());
    });
    Ok(Windows { window, drawn, nights: kept.len() as u32, profile: summed.profile() })
}

/// Refuses an account that is always on: half of its days, of those of which half is known, have no gap of `ALWAYS_ON_MINUTES`.
pub fn always_on(days: &[PersonCoverage]) -> Result<(), Refused> {
    let told = days.iter().filter(|day| !day.present.is_empty() && day.known().len() >= DAY_KNOWN);
    let mut gaps: Vec<u32> = told.map(longest_gap).collect();
    gaps.sort_unstable();
    // Of an even number the lower of both in the middle: half of the days are enough.
    match gaps.get(gaps.len().saturating_sub(1) / 2).map(|slots| slots * 5) {
        Some(minutes) if minutes < ALWAYS_ON_MINUTES => Err(Refused::AlwaysOn { minutes }),
        _ => Ok(()),
    }
}

/// The most slots in a row without presence: where nothing is known they may have been away.
fn longest_gap(day: &PersonCoverage) -> u32 {
    let runs = day.present.runs();
    let froms = std::iter::once(0).chain(runs.iter().map(|run| run.to()));
    let tos = runs.iter().map(|run| run.from()).chain(std::iter::once(SLOTS_PER_DAY));
    froms.zip(tos).map(|(from, to)| u32::from(to - from)).max().unwrap_or_default()
}

impl ExposedDay {
    /// What is known of the slots in which they had somebody to watch.
    pub(super) fn while_exposed(&self) -> PersonCoverage {
        PersonCoverage {
            present: self.coverage.present.intersection(&self.exposed),
            observed: self.coverage.observed.intersection(&self.exposed),
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::analysis::bootstrap::{Chance, Interval};
    use crate::slot::Slot;
    use crate::zone::tests::paris;

    fn first() -> Day {
        "2026-11-02".parse().unwrap()
    }

    /// There in one of four slots, but for hours of the local day in which they are asleep.
    pub(in crate::analysis) fn person(
        days: i32,
        asleep: impl Fn(Day, f64) -> bool,
        exposed: impl Fn(f64) -> bool,
    ) -> Vec<ExposedDay> {
        let mut chance = Chance::new(3);
        let mut of = |day: Day| {
            // In winter Paris is an hour ahead.
            let hour = |slot: &Slot| f64::from(slot.index()) / 12.0 + 1.0;
            let clock = |slot: &Slot| (day.plus(i32::from(hour(slot) >= 24.0)), hour(slot).rem_euclid(24.0));
            let all: SlotSet = Slot::all().collect();
            let exposed: SlotSet = Slot::all().filter(|slot| exposed(clock(slot).1)).collect();
            let mut there = |slot: &Slot| !asleep(clock(slot).0, clock(slot).1) && chance.below(4) == 0;
            let present: SlotSet = Slot::all().filter(|slot| there(slot)).collect::<SlotSet>().intersection(&exposed);
            ExposedDay { coverage: PersonCoverage { present, observed: all }, exposed }
        };
        first().until(first().plus(days)).map(&mut of).collect()
    }

    fn window_of(days: &[ExposedDay]) -> Result<Found<Offline>, Refused> {
        offline(&Nights::of(first(), days, &paris())?, Drawings::of_seed(1), |_| true)
    }

    #[test]
    fn a_night_is_found_to_the_quarter() {
        let days = person(60, |_, hour| !(7.5..23.25).contains(&hour), |_| true);
        let found = window_of(&days).unwrap();
        let Offline { from, to, inside, outside, .. } = found.value.clone();
        assert_eq!((from.value, to.value, inside), (23.25, 7.5, 0.0));
        assert!((outside - 0.25).abs() < 0.02 && found.days >= 58);
        // 23:15 to 7:30, to the quarter.
        let online: Vec<bool> = found.value.profile.iter().map(|share| share.unwrap() > 0.0).collect();
        assert!((0..PARTS).all(|part| online[part] == (30..93).contains(&part)), "{online:?}");
        assert!((found.value.hours() - 8.25).abs() < 1e-9 && (found.value.middle() - 3.375).abs() < 1e-9);
        assert_eq!(from.interval, Some(Interval { from: 23.25, to: 23.25 }));
        // The same again, and of the same seed the same interval.
        assert_eq!(window_of(&days).unwrap(), found);
    }

    #[test]
    fn hours_in_which_nobody_streams_say_nothing() {
        // Nobody to watch from 2 to 12: asleep from 1 to 9 looks the same as from 1 to 12, which the interval says.
        let days = person(60, |_, hour| (1.0..9.0).contains(&hour), |hour| !(2.0..12.0).contains(&hour));
        let found = window_of(&days).unwrap().value;
        assert_eq!((found.from.value, found.inside), (1.0, 0.0));
        // The longest; it may have ended at 2 as well, which is all that is known of it.
        assert_eq!((found.to.value, found.to.interval), (12.0, Some(Interval { from: 2.0, to: 12.0 })));
        assert_eq!(found.from.interval, Some(Interval { from: 1.0, to: 1.0 }));
        let few = person(60, |_, hour| (1.0..9.0).contains(&hour), |hour| (12.0..20.0).contains(&hour));
        assert_eq!(window_of(&few), Err(Refused::Gaps { hours: 16 }));
    }

    #[test]
    fn a_night_in_which_nobody_streams_is_not_found_in_the_afternoon() {
        // Asleep from 23 to 7, when those whom they watch are off air; and away from 14 to 20, which is the only gap that shows.
        let away = |_, hour: f64| !(7.0..23.0).contains(&hour) || (14.0..20.0).contains(&hour);
        let days = person(60, away, |hour| (7.0..23.0).contains(&hour));
        assert!(matches!(window_of(&days), Err(Refused::Elsewhere { hour: 20..24 | 0..7 })), "{:?}", window_of(&days));
        // Whom they watch is on air at night too: there it is.
        let days = person(60, |_, hour: f64| !(7.0..23.0).contains(&hour), |_| true);
        assert_eq!(window_of(&days).unwrap().value.from.value, 23.0);
    }

    #[test]
    fn what_is_not_known_is_no_presence() {
        let (all, seen): (SlotSet, SlotSet) = (Slot::all().collect(), Slot::all().take(150).collect());
        let day = |present, observed| PersonCoverage { present, observed };
        // There for half of the day, and of the other half nothing is known; one sighting; never away; a screen.
        assert_eq!(always_on(&[day(seen, SlotSet::EMPTY); 20]), Ok(()));
        assert_eq!(always_on(&[day(Slot::all().take(1).collect(), SlotSet::EMPTY); 20]), Ok(()));
        assert_eq!(always_on(&[day(all, SlotSet::EMPTY); 20]), Err(Refused::AlwaysOn { minutes: 0 }));
        let screen = day(all.minus(&Slot::all().take(20).collect()), all);
        assert_eq!(always_on(&[screen; 20]), Err(Refused::AlwaysOn { minutes: 100 }));
    }

    #[test]
    fn hidden_slots_widen_intervals_on_average() {
        let width = |days: &[ExposedDay]| {
            let found = window_of(days).unwrap().value;
            let width = |end: &Estimate| end.interval.map_or(0.0, |held| (held.to - held.from).rem_euclid(DAY_HOURS));
            width(&found.from) + width(&found.to)
        };
        let (mut whole, mut hidden) = (0.0, 0.0);
        for seed in 0..12 {
            // To bed from 22:00 to 2:00, and up nine hours later.
            let late =
                |day: Day| Chance::new(seed << 32 | u64::from(day.days().unsigned_abs())).below(240) as f64 / 60.0;
            let asleep = |day: Day, hour: f64| {
                let since = |evening: Day, hours: f64| (0.0..9.0).contains(&(hours - 22.0 - late(evening)));
                since(day, hour) || since(day.plus(-1), hour + DAY_HOURS)
            };
            let days = person(60, asleep, |_| true);
            let mut chance = Chance::new(seed);
            let mut hide = |day: &ExposedDay| {
                // Whole hours, as lists fail for a while; one in four is left.
                let hours: [bool; 24] = std::array::from_fn(|_| chance.below(4) == 0);
                let seen: SlotSet = Slot::all().filter(|slot| hours[usize::from(slot.index()) / 12]).collect();
                let PersonCoverage { present, observed } = day.coverage;
                let coverage =
                    PersonCoverage { present: present.intersection(&seen), observed: observed.intersection(&seen) };
                ExposedDay { coverage, ..*day }
            };
            let less: Vec<ExposedDay> = days.iter().map(&mut hide).collect();
            whole += width(&days);
            hidden += width(&less);
        }
        assert!(hidden > 1.2 * whole && whole > 0.0, "{hidden} {whole}");
    }

    #[test]
    fn what_cannot_be_told_is_refused() {
        let days = person(10, |_, hour| (1.0..9.0).contains(&hour), |_| true);
        let few = window_of(&days);
        assert!(matches!(few, Err(Refused::FewDays { have: 8..=10, need: DAYS_NEEDED })), "{few:?}");
        let always = person(40, |_, _| false, |_| true);
        let refused = window_of(&always);
        assert!(matches!(refused, Err(Refused::AlwaysOn { minutes: 1..120 })), "{refused:?}");
        assert_eq!(window_of(&[]), Err(Refused::FewDays { have: 0, need: DAYS_NEEDED }));
    }
}
