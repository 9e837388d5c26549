//! The profiles of a whole population: workday and weekend patterns and favourites, from 28 days of each of many people, on all cores.
//!
//! `PEOPLE` sets how many. The bar is 100,000 people a second on two cores; the original worked out 400.

#![allow(clippy::print_stdout, reason = "it prints what it measures")]

use std::collections::HashMap;
use std::hint::black_box;
use std::thread::available_parallelism;
use std::time::Instant;

use model::analysis::bootstrap::Chance;
use model::analysis::favourites::favourites;
use model::analysis::holidays::Country;
use model::analysis::pattern::{WEEKEND_SPAN, WORKDAY_SPAN, pattern};
use model::analysis::record::Record;
use model::day::Day;
use model::hours::ChannelFacts;
use model::identity::{ChannelKey, GameKey};
use model::presence::{ChannelPresence, ViewerDay};
use model::run::Run;
use model::slot::Slot;
use model::slot_set::SlotSet;
use model::zone::ZoneTable;

// The program's.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

const CHANNELS: usize = 2_000;
const DAYS: i32 = 28;
const ROUNDS: usize = 5;

fn main() {
    let count = std::env::var("PEOPLE").ok().and_then(|people| people.parse().ok()).unwrap_or(20_000usize);
    let first = Day::MIN.plus(9_000);
    let people: Vec<Record> = (0..count as u64).map(|person| record(first, person)).collect();
    let facts: Vec<ChannelFacts> = (0..CHANNELS as u32 * DAYS as u32).map(facts).collect();
    let known = |channel: ChannelKey, day: Day| {
        facts.get(channel.0 as usize * DAYS as usize + usize::try_from(day.days() - first.days()).ok()?)
    };
    let zone = ZoneTable::new("Europe/Paris", 3_600, Vec::new());
    // Holidays are the same for everybody.
    let free: Vec<bool> = first.plus(-1).until(first.plus(DAYS + 1)).map(|day| Country::France.is_free(day)).collect();
    let is_free = |day: Day| usize::try_from(day.days() - first.days() + 1).is_ok_and(|place| free[place]);
    let profile = |record: &Record| {
        let trace = record.trace_with(known);
        let grid = trace.grid(&zone);
        let usual = (pattern(&grid, WORKDAY_SPAN, |day| !is_free(day)), pattern(&grid, WEEKEND_SPAN, is_free));
        drop(black_box((usual, favourites(&trace))));
    };
    let cores = available_parallelism().map_or(1, std::num::NonZero::get);
    let mut rates: Vec<f64> = (0..ROUNDS)
        .map(|_| {
            let start = Instant::now();
            std::thread::scope(|scope| {
                for part in people.chunks(people.len().div_ceil(cores).max(1)) {
                    scope.spawn(|| part.iter().for_each(profile));
                }
            });
            people.len() as f64 / start.elapsed().as_secs_f64()
        })
        .collect();
    rates.sort_unstable_by(f64::total_cmp);
    let days: usize = people.iter().map(|record| record.days.len()).sum();
    println!(
        "{count} people, {:.1} active days of {DAYS} each, {cores} cores: {:.0} profiles a second, the median of {ROUNDS}",
        days as f64 / count.max(1) as f64,
        rates[ROUNDS / 2]
    );
}

/// Somebody who is there on few days, as most people are, or on many; in one channel or two.
fn record(first: Day, person: u64) -> Record {
    let mut chance = Chance::new(person);
    let often = 1 + chance.below(10).min(chance.below(10));
    let favourites: Vec<u32> = (0..4).map(|_| chance.below(CHANNELS).min(chance.below(CHANNELS)) as u32).collect();
    let mut days = Vec::new();
    for day in 0..DAYS {
        if chance.below(12) >= often {
            continue;
        }
        let stay = |chance: &mut Chance| {
            let from = 150 + chance.below(120) as u16;
            Run::new(from, (from + 1 + chance.below(30) as u16).min(288))
        };
        let one = favourites[chance.below(favourites.len())];
        let mut stays: HashMap<u32, Option<Run>> = HashMap::from([(one, stay(&mut chance))]);
        if chance.below(3) == 0 {
            stays.insert(favourites[chance.below(favourites.len())], stay(&mut chance));
        }
        let mut channels: Vec<ChannelPresence> = stays
            .into_iter()
            .map(|(key, run)| ChannelPresence {
                channel: ChannelKey(key),
                listed: run.into_iter().collect(),
                spoke: Vec::new(),
            })
            .collect();
        channels.sort_unstable_by_key(|there| there.channel);
        days.push((first.plus(day), ViewerDay { bot: false, channels }));
    }
    let begin = days.first().map_or(first, |(day, _)| *day);
    Record { days, ..Record::empty(begin, begin, first.plus(DAYS)) }
}

/// On air in the evening, all lists complete.
fn facts(place: u32) -> ChannelFacts {
    let all: SlotSet = Slot::all().collect();
    let live = Run::new(180, 288);
    ChannelFacts {
        listed_observed: all,
        speech_observed: all,
        live: SlotSet::from_runs(live),
        games: live.map(|run| (run, GameKey(place % 50))).into_iter().collect(),
    }
}
