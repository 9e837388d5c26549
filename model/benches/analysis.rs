//! What all results of a person take, of a year of theirs: milliseconds of one core, the median of some runs.
//!
//! `DAYS` sets another length. The bars are 2 ms for all results together and 100 ms with their intervals.

#![allow(clippy::print_stdout, reason = "it prints what it measures")]

use std::collections::HashMap;
use std::hint::black_box;
use std::time::Instant;

use model::analysis::bootstrap::{Chance, Drawings};
use model::analysis::chronotype::chronotype;
use model::analysis::favourites::favourites;
use model::analysis::holidays::Country;
use model::analysis::next::{History, next};
use model::analysis::offline::{Nights, offline};
use model::analysis::offset::Prior;
use model::analysis::pattern::{WORKDAY_SPAN, pattern};
use model::analysis::portrait::{Reading, portrait};
use model::analysis::predictability::predictability;
use model::analysis::record::Record;
use model::analysis::reference::Reference;
use model::analysis::regularity::{circadian, sleep_regularity};
use model::analysis::rhythm::rhythm;
use model::analysis::summer_time::Clocks;
use model::analysis::time_zone::{distances, time_zone};
use model::coverage::PersonCoverage;
use model::day::Day;
use model::hours::ChannelFacts;
use model::identity::{ChannelKey, GameKey};
use model::presence::{ChannelPresence, ViewerDay};
use model::run::Run;
use model::slot::Slot;
use model::slot_set::SlotSet;
use model::zone::ZoneTable;

const ROUNDS: usize = 15;
/// Channels that the person watches.
const CHANNELS: u32 = 12;

fn main() {
    let days = std::env::var("DAYS").ok().and_then(|days| days.parse().ok()).unwrap_or(365);
    let record = person(days);
    let zone = ZoneTable::new("Europe/Paris", 3_600, Vec::new());
    let trace = record.trace();
    let grid = trace.grid(&zone);
    let seen: Vec<PersonCoverage> = trace.slots().iter().map(|day| day.coverage).collect();
    let (first, slots) = (trace.fine(), trace.slots());
    let is_free = |day: Day| Country::France.is_free(day);
    let (none, drawn) = (Drawings::NONE, Drawings::of_seed(1));
    let evenings = std::array::from_fn(|hour| 1.5 + ((hour as f64 - 21.0) * std::f64::consts::TAU / 24.0).cos());
    let Ok(usual) = Reference::new(evenings) else { return };
    println!("a person of {days} days, all active; ms of one core, medians of {ROUNDS}\n");
    println!("{:<28} {:>9} {:>9}", "", "values", "intervals");
    let row = |name: &str, of: &dyn Fn(Drawings)| {
        println!("{name:<28} {:>9.3} {:>9.3}", took(|| of(none)), took(|| of(drawn)));
    };
    let alone = |name: &str, took: f64| println!("{name:<28} {took:>9.3}");
    alone("grid of hours", took(|| trace.grid(&zone)));
    alone("workday pattern", took(|| pattern(&grid, WORKDAY_SPAN, |day| !is_free(day))));
    alone("favourites", took(|| favourites(&trace)));
    row("IS, IV, RA", &|drawings| drop(black_box(circadian(&grid, drawings))));
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
    let history = History { first, states: trace.states(), zone: &zone };
    // Each channel is live every third hour.
    let live = |hour: usize, key: ChannelKey| Some((hour + key.0 as usize).is_multiple_of(3));
    row("next, and its trial", &|drawings| drop(black_box(next(&history, live, drawings))));
    row("all of a portrait", &|drawings| {
        drop(black_box(portrait(&trace, &Reading { zone: &zone, holidays: Some(Country::France), drawings })));
    });
    alone("record to trace, before it", took(|| record.trace()));
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

/// Evenings that begin and last as a little chance will have it, in one chat after another, all known.
fn person(days: i32) -> Record {
    let first = Day::MIN.plus(9_000);
    let mut chance = Chance::new(11);
    let all: SlotSet = Slot::all().collect();
    let mut day = |n: i32| {
        let from = 210 + chance.below(30) as u16;
        let to = (from + 6 + chance.below(40) as u16).min(288);
        let switch = (from + 1 + chance.below(20) as u16).min(to - 1);
        // Some are dearer than others.
        let mut one = || ChannelKey(chance.below(CHANNELS as usize).min(chance.below(CHANNELS as usize)) as u32);
        let stays = std::collections::BTreeMap::from([(one(), (from, switch)), (one(), (switch, to))]);
        let presence = |(channel, (from, to))| ChannelPresence {
            channel,
            listed: Run::new(from, to).into_iter().collect(),
            spoke: Vec::new(),
        };
        (first.plus(n), ViewerDay { bot: false, channels: stays.into_iter().map(presence).collect() })
    };
    let days: Vec<(Day, ViewerDay)> = (0..days).map(&mut day).collect();
    let until = first.plus(days.len() as i32);
    let facts = |key: u32| ChannelFacts {
        listed_observed: all,
        speech_observed: all,
        live: all,
        games: Run::new(0, 288).map(|run| (run, GameKey(key % 5))).into_iter().collect(),
    };
    let channels: HashMap<(ChannelKey, Day), ChannelFacts> = first
        .until(until)
        .flat_map(|day| (0..CHANNELS).map(move |key| ((ChannelKey(key), day), key)))
        .map(|(place, key)| (place, facts(key)))
        .collect();
    Record { first, fine: first, until, hours: Vec::new(), days, channels }
}
