//! What all results of a person take, of a year of theirs: milliseconds of one core, the median of some runs.
//!
//! `DAYS` sets another length. With the word `portrait` two numbers alone: of all values, and with intervals. The bars are 2 ms for all results together and 100 ms with their intervals.

#![allow(clippy::print_stdout, reason = "it prints what it measures")]

use std::hint::black_box;
use std::time::Instant;

use model::analysis::bootstrap::Drawings;
use model::analysis::chronotype::chronotype;
use model::analysis::favourites::favourites;
use model::analysis::history::History;
use model::analysis::holidays::Country;
use model::analysis::next::next;
use model::analysis::offline::{Nights, offline};
use model::analysis::offset::Prior;
use model::analysis::pattern::{WORKDAY_SPAN, pattern};
use model::analysis::population::{Base, POPULATION_VERSION, Part, Population};
use model::analysis::portrait::{Reading, portrait};
use model::analysis::predictability::predictability;
use model::analysis::reference::Reference;
use model::analysis::regularity::{circadian, sleep_regularity};
use model::analysis::rhythm::rhythm;
use model::analysis::summer_time::Clocks;
use model::analysis::tastes::tastes;
use model::analysis::time_zone::{distances, time_zone};
use model::coverage::PersonCoverage;
use model::day::Day;
use model::identity::{ChannelKey, GameKey};
use model::zone::ZoneTable;

mod person;

use person::person;

const ROUNDS: usize = 15;

fn main() {
    let days = std::env::var("DAYS").ok().and_then(|days| days.parse().ok()).unwrap_or(365);
    let record = person(days);
    let zone = ZoneTable::new("Europe/Paris", 3_600, Vec::new());
    let trace = record.trace();
    let (grid, fair) = (trace.grid(&zone), trace.fair_grid(&zone));
    let seen: Vec<PersonCoverage> = trace.slots().iter().map(|day| day.coverage).collect();
    let (first, slots) = (trace.fine(), trace.slots());
    let is_free = |day: Day| Country::France.is_free(day);
    let (none, drawn) = (Drawings::NONE, Drawings::of_seed(1));
    let evenings = std::array::from_fn(|hour| 1.5 + ((hour as f64 - 21.0) * std::f64::consts::TAU / 24.0).cos());
    let Ok(usual) = Reference::new(evenings, [1.0; 24], [0; 3]) else { return };
    let all = |drawings| {
        drop(black_box(portrait(&trace, &Reading { zone: &zone, holidays: Some(Country::France), drawings })));
    };
    if std::env::args().any(|word| word == "portrait") {
        println!("{} {}", took(|| all(none)), took(|| all(drawn)));
        return;
    }
    println!("a person of {days} days, all active; ms of one core, medians of {ROUNDS}\n");
    println!("{:<28} {:>9} {:>9}", "", "values", "intervals");
    let row = |name: &str, of: &dyn Fn(Drawings)| {
        println!("{name:<28} {:>9.3} {:>9.3}", took(|| of(none)), took(|| of(drawn)));
    };
    let alone = |name: &str, took: f64| println!("{name:<28} {took:>9.3}");
    alone("grid of hours", took(|| trace.grid(&zone)));
    alone("the same, fair slots", took(|| trace.fair_grid(&zone)));
    alone("workday pattern", took(|| pattern(&grid, WORKDAY_SPAN, |day| !is_free(day))));
    alone("favourites", took(|| favourites(&trace)));
    row("IS, IV, RA", &|drawings| drop(black_box(circadian(&fair, drawings))));
    row("SRI", &|drawings| drop(black_box(sleep_regularity(&seen, drawings))));
    row("work rhythm", &|drawings| drop(black_box(rhythm(&grid, drawings, is_free))));
    row("predictability", &|drawings| drop(black_box(predictability(trace.states(), drawings))));
    alone("nights", took(|| Nights::of(first, slots, &zone)));
    if let Ok(nights) = Nights::of(first, slots, &zone) {
        row("window offline", &|drawings| drop(black_box(offline(&nights, drawings, |_| true))));
        row("chronotype", &|drawings| drop(black_box(chronotype(&nights, drawings, is_free))));
    }
    alone("time zone, distances", took(|| distances(first, slots, &usual, Clocks::European)));
    let prior = Prior::french();
    row("time zone", &|drawings| drop(black_box(time_zone(first, slots, &usual, &prior, drawings))));
    let history = History { first, states: trace.states(), zone: &zone, over: 0 };
    // Each channel is live every third hour.
    let live = |hour: usize, key: ChannelKey| Some((hour + key.0 as usize).is_multiple_of(3));
    row("next, and its trial", &|drawings| drop(black_box(next(&history, live, drawings))));
    let everybody = population(first.plus(days - 1));
    row("tastes", &|drawings| drop(black_box(tastes(&trace, &everybody, drawings))));
    row("all of a portrait", &all);
    row("all results", &|drawings| {
        all(drawings);
        drop(black_box(time_zone(first, slots, &usual, &prior, drawings)));
        drop(black_box(next(&history, live, drawings)));
        drop(black_box(tastes(&trace, &everybody, drawings)));
    });
    alone("record to trace, before it", took(|| record.trace()));
}

/// Everybody, whose time goes to two thousand channels and five games.
fn population(day: Day) -> Population {
    let watched = |keys: u32| (0..keys).map(move |key| (u64::from(keys - key) * 1_000, keys - key));
    let channels = (0..).map(ChannelKey).zip(watched(2_000)).collect();
    let games = (0..).map(GameKey).zip(watched(5)).collect();
    Population {
        version: POPULATION_VERSION,
        day,
        days: 28,
        people: 100_000,
        read: 100_000,
        zone: "Europe/Paris".to_owned(),
        time_zone: None,
        time_zone_people: 0,
        listed: 100_000,
        tastes: Some(Base { people: 100_000, channels: Part::of(&channels, 2_000), games: Part::of(&games, 5) }),
    }
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
