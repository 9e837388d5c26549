//! What each result of a person takes, of a year of theirs: milliseconds of one core, the median of some runs.
//!
//! `DAYS` sets another length. The bars are 2 ms for all results together and 100 ms with their intervals.

#![allow(clippy::print_stdout, reason = "it prints what it measures")]

use std::hint::black_box;
use std::time::Instant;

use model::analysis::chronotype::chronotype;
use model::analysis::grid::Grid;
use model::analysis::holidays::Country;
use model::analysis::offline::{ExposedDay, offline};
use model::analysis::pattern::{WEEKEND_SPAN, WORKDAY_SPAN, pattern, week};
use model::analysis::predictability::predictability;
use model::analysis::regularity::{circadian, sleep_regularity};
use model::analysis::rhythm::rhythm;
use model::coverage::PersonCoverage;
use model::day::Day;
use model::slot::Slot;
use model::slot_set::SlotSet;
use model::zone::ZoneTable;

const ROUNDS: usize = 15;

fn main() {
    let days = std::env::var("DAYS").ok().and_then(|days| days.parse().ok()).unwrap_or(365);
    let (first, person) = person(days);
    let zone = ZoneTable::new("Europe/Paris", 3_600, Vec::new());
    let seen: Vec<PersonCoverage> = person.iter().map(|day| day.coverage).collect();
    let grid: Grid = Grid::of_slots(first, &seen, &zone);
    let states: Vec<Option<u32>> = grid
        .days()
        .iter()
        .flat_map(|day| {
            day.cells.map(|cell| cell.minutes().map(|minutes| if minutes > 0.0 { cell.present.into() } else { 0 }))
        })
        .collect();
    let is_free = |day: Day| Country::France.is_free(day);
    println!("a person of {days} days, all active; ms of one core, medians of {ROUNDS}\n");
    let mut points = 0.0;
    let mut point = |name: &str, took: f64| {
        println!("{name:<28} {took:>8.3}");
        points += took;
    };
    point("grid of hours", took(|| Grid::<24>::of_slots(first, &seen, &zone)));
    point("workday pattern", took(|| pattern(&grid, WORKDAY_SPAN, |day| !is_free(day))));
    point("weekend pattern", took(|| pattern(&grid, WEEKEND_SPAN, is_free)));
    point("week", took(|| week(&grid)));
    point("IS, IV, RA", took(|| circadian(&grid)));
    point("SRI", took(|| sleep_regularity(&seen)));
    point("work rhythm", took(|| rhythm(&grid, is_free)));
    point("predictability", took(|| predictability(&states)));
    println!("{:<28} {points:>8.3}\n", "together");
    println!("{:<28} {:>8.3}", "window offline, interval", took(|| offline(first, &person, &zone, 1, |_| true)));
    println!("{:<28} {:>8.3}", "chronotype, intervals", took(|| chronotype(first, &person, &zone, 1, is_free)));
}

/// The median of some runs, in milliseconds.
fn took<T>(mut work: impl FnMut() -> T) -> f64 {
    let mut times: Vec<f64> = (0..ROUNDS)
        .map(|_| {
            let start = Instant::now();
            black_box(work());
            start.elapsed().as_secs_f64() * 1_000.0
        })
        .collect();
    times.sort_unstable_by(f64::total_cmp);
    times[ROUNDS / 2]
}

/// Evenings that begin and last as a little chance will have it, all known.
fn person(days: i32) -> (Day, Vec<ExposedDay>) {
    let first = Day::MIN.plus(9_000);
    let mut chance = model::analysis::bootstrap::Chance::new(11);
    let all: SlotSet = Slot::all().collect();
    let mut day = |_| {
        let from = 210 + chance.below(30) as u16;
        let to = (from + 6 + chance.below(40) as u16).min(288);
        let present: SlotSet = (from..to).filter_map(|slot| Slot::new(slot).ok()).collect();
        ExposedDay { coverage: PersonCoverage { present, absent: all.minus(&present) }, exposed: all }
    };
    (first, (0..days).map(&mut day).collect())
}
