//! What all results of a person take, of a year of theirs: milliseconds of one core, the median of some runs.
//!
//! `DAYS` sets another length. With the word `browser` two lines of JSON alone, of all results without and with intervals: what they take, and all
//! numbers in them. The bars are 2 ms for all results together and 100 ms with their intervals.

#![allow(clippy::print_stdout, reason = "it prints what it measures")]

use std::hint::black_box;
use std::time::Instant;

use model::analysis::bootstrap::Drawings;
use model::analysis::chronotype::chronotype;
use model::analysis::favourites::favourites;
use model::analysis::holidays::Country;
use model::analysis::offline::{Nights, offline};
use model::analysis::pattern::{WORKDAY_SPAN, pattern};
use model::analysis::predictability::predictability;
use model::analysis::reference::ReferenceError;
use model::analysis::regularity::{circadian, sleep_regularity};
use model::analysis::rhythm::rhythm;
use model::analysis::summer_time::Clocks;
use model::analysis::time_zone::distances;
use model::coverage::PersonCoverage;
use model::day::Day;

mod person;

use person::person;
use person::results::Ground;

const ROUNDS: usize = 15;

fn main() -> Result<(), ReferenceError> {
    let days = std::env::var("DAYS").ok().and_then(|days| days.parse().ok()).unwrap_or(365);
    let record = person(days);
    let ground = Ground::of(&record)?;
    let Ground { trace, zone, usual, .. } = &ground;
    let (none, drawn) = (Drawings::NONE, Drawings::of_seed(1));
    if std::env::args().any(|word| word == "browser") {
        for drawings in [none, drawn] {
            println!("{{\"ms\":{},\"numbers\":{:?}}}", took(|| ground.all(drawings)), ground.all(drawings).numbers());
        }
        return Ok(());
    }
    let (grid, fair) = (trace.grid(zone), trace.fair_grid(zone));
    let seen: Vec<PersonCoverage> = trace.slots().iter().map(|day| day.coverage).collect();
    let (first, slots) = (trace.fine(), trace.slots());
    let is_free = |day: Day| Country::France.is_free(day);
    println!("a person of {days} days, all active; ms of one core, medians of {ROUNDS}\n");
    println!("{:<28} {:>9} {:>9}", "", "values", "intervals");
    let row = |name: &str, of: &dyn Fn(Drawings)| {
        println!("{name:<28} {:>9.3} {:>9.3}", took(|| of(none)), took(|| of(drawn)));
    };
    let alone = |name: &str, took: f64| println!("{name:<28} {took:>9.3}");
    alone("grid of hours", took(|| trace.grid(zone)));
    alone("the same, fair slots", took(|| trace.fair_grid(zone)));
    alone("workday pattern", took(|| pattern(&grid, WORKDAY_SPAN, |day| !is_free(day))));
    alone("favourites", took(|| favourites(trace)));
    row("IS, IV, RA", &|drawings| drop(black_box(circadian(&fair, drawings))));
    row("SRI", &|drawings| drop(black_box(sleep_regularity(&seen, drawings))));
    row("work rhythm", &|drawings| drop(black_box(rhythm(&grid, drawings, is_free))));
    row("predictability", &|drawings| drop(black_box(predictability(trace.states(), drawings))));
    alone("nights", took(|| Nights::of(first, slots, zone)));
    if let Ok(nights) = Nights::of(first, slots, zone) {
        row("window offline", &|drawings| drop(black_box(offline(&nights, drawings, |_| true))));
        row("chronotype", &|drawings| drop(black_box(chronotype(&nights, drawings, is_free))));
    }
    alone("time zone, distances", took(|| distances(first, slots, usual, Clocks::European)));
    row("time zone", &|drawings| drop(black_box(ground.time_zone(drawings))));
    row("next, and its trial", &|drawings| drop(black_box(ground.next(drawings))));
    row("tastes", &|drawings| drop(black_box(ground.tastes(drawings))));
    row("all of a portrait", &|drawings| drop(black_box(ground.portrait(drawings))));
    row("all results", &|drawings| drop(black_box(ground.all(drawings))));
    alone("record to trace, before it", took(|| record.trace()));
    Ok(())
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
