//! What the crowd takes: making its index of everybody, reading it, and asking it of somebody.
//!
//! The people are invented: of `PEOPLE` (4 million) three in eight are there on a day, in `CHANNELS` (2,000) by Zipf's law, and a
//! good fifth of them in the largest one's evening. The bars are 60 s to make it, 500 MB, 1 GB resident while it is made, and 50 ms a
//! question.

#![allow(clippy::print_stdout, reason = "it prints what it measures")]

use std::error::Error;
use std::hint::black_box;
use std::time::Instant;

use model::analysis::bootstrap::Chance;
use model::crowd::build::Builder;
use model::crowd::calendar::Calendar;
use model::crowd::found_again::found_again;
use model::crowd::index::Index;
use model::crowd::single_out::{Needed, singling_out};
use model::day::Day;
use model::identity::{ChannelKey, PersonKey};
use model::presence::{ChannelPresence, ViewerDay};
use model::run::Run;
use model::slot::SLOTS_PER_DAY;
use model::slot_set::SlotSet;
use model::words::Origin;
use model::zone::ZoneTable;

type Days = Vec<(Day, ViewerDay)>;
type Failure = Box<dyn Error + Send + Sync>;

/// People that are invented before they are given to the builder, so that their making is not counted.
const BATCH: u32 = 4_096;
/// Random people that are asked about.
const ASKED: u32 = 400;
/// The evening of the largest channel, in slots.
const EVENING: (u16, u16) = (216, 276);

fn main() -> Result<(), Failure> {
    let number = |name: &str, or: u32| std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(or);
    let (people, channels) = (number("PEOPLE", 4_000_000), number("CHANNELS", 2_000).max(61));
    let calendar = Calendar::ending(Day::MIN.plus(9_000), &ZoneTable::new("Europe/Paris", 3_600, Vec::new()))
        .ok_or("days out of range")?;
    let crowd = Crowd::new(channels, calendar.first());
    let start = Instant::now();
    let half = people / 2;
    let (mut first, took_first, second, took_second) = std::thread::scope(|scope| {
        let other = scope.spawn(|| build(&crowd, &calendar, half, people));
        let (builder, took) = build(&crowd, &calendar, 0, half)?;
        let (later, took_later) = other.join().map_err(|_| "a thread ended")??;
        Ok::<_, Failure>((builder, took, later, took_later))
    })?;
    let joining = cpu_ms()?;
    first.append(second)?;
    let bytes = first.finish()?;
    let joined = cpu_ms()? - joining;
    let build_seconds = (took_first.max(took_second) + joined) / 1e3;
    let whole_seconds = start.elapsed().as_secs_f64();
    let peak = status_megabytes("VmHWM:")?;
    let opening = cpu_ms()?;
    let index = Index::open(bytes)?;
    let open_seconds = (cpu_ms()? - opening) / 1e3;
    let [week, known] = index.part_sizes();
    let mega = |bytes: usize| bytes as f64 / 1e6;
    println!("{people} people, {channels} channels, 28 days");
    println!("people of the last week, of the known weeks   {:>10} {:>10}", index.week_people(), index.known_people());
    println!(
        "made by two threads, s of a core each; with inventing people, of the clock{build_seconds:>10.1} {whole_seconds:>10.1}"
    );
    println!("peak resident until then, MB                  {peak:>10.0}");
    println!(
        "index, MB: all, week, known weeks             {:>10.1} {:>10.1} {:>10.1}",
        mega(index.size()),
        mega(week),
        mega(known)
    );
    println!("opened and proved, s                          {open_seconds:>10.2}");
    println!("resident with it, MB                          {:>10.0}\n", status_megabytes("VmRSS:")?);

    println!("ms of the clock a question, on all cores                    p50        p99       most");
    let mut chance = Chance::new(17);
    let random: Vec<u32> = (0..ASKED).map(|_| chance.below(people as usize) as u32).collect();
    let random = || random.iter().map(|person| (Some(PersonKey(*person)), crowd.person(*person)));
    ask(&index, "random people", random());
    ask(&index, "of the largest channel alone, all evenings", (0..20).map(|_| (None, crowd.alone((60, 60)))));
    ask(&index, "of the largest channel alone, some hours", (0..20).map(|seed| (None, crowd.alone((6, 30 + seed)))));
    ask(&index, "of the 60 largest channels", (0..20).map(|_| (None, crowd.everywhere())));
    println!("peak resident, MB                             {:>10.0}", status_megabytes("VmHWM:")?);
    Ok(())
}

/// Gives people to a builder; how long it took of their own.
fn build(crowd: &Crowd, calendar: &Calendar, from: u32, to: u32) -> Result<(Builder, f64), Failure> {
    let mut builder = Builder::new(calendar.clone(), Origin::Simulated);
    let mut took = 0.0;
    for first in (from..to).step_by(BATCH as usize) {
        let batch: Vec<(u32, Days)> = (first..to.min(first + BATCH)).map(|key| (key, crowd.person(key))).collect();
        let start = cpu_ms()?;
        for (key, days) in &batch {
            builder.push(PersonKey(*key), days)?;
        }
        took += cpu_ms()? - start;
    }
    Ok((builder, took))
}

fn ask(index: &Index<Vec<u8>>, name: &str, people: impl Iterator<Item = (Option<PersonKey>, Days)>) {
    let (mut single, mut again) = (Vec::new(), Vec::new());
    let (mut needed, mut refused, mut first) = ([0; 14], 0, 0);
    for (own, days) in people {
        let start = Instant::now();
        let found = black_box(singling_out(index, &days, own, 1));
        match found {
            Ok(found) => {
                single.push(milliseconds(start));
                match found.value.widths[0].needed {
                    Needed::Within { sightings, .. } => needed[sightings as usize] += 1,
                    Needed::NotWithin { .. } => needed[13] += 1,
                }
            }
            Err(_) => refused += 1,
        }
        let start = Instant::now();
        let found = black_box(found_again(index, &days, &days, own));
        if let Ok(found) = found {
            again.push(milliseconds(start));
            first += u32::from(found.value.rank == 1);
        }
    }
    println!("{name}");
    for (question, times) in [("  singling out", &mut single), ("  found again", &mut again)] {
        times.sort_unstable_by(f64::total_cmp);
        let at = |share: f64| times.get((times.len() as f64 * share) as usize).copied().unwrap_or_default();
        println!(
            "{question:<45} {:>10.2} {:>10.2} {:>10.2}",
            at(0.5),
            at(0.99),
            times.last().copied().unwrap_or_default()
        );
    }
    println!(
        "  ({} asked, {refused} with too little of the week; sightings needed by five minutes {:?}, not within {}; first of their half {first} of {})",
        single.len() + refused,
        &needed[1..13],
        needed[13],
        again.len()
    );
}

/// Invented people, the same of the same number.
struct Crowd {
    first: Day,
    channels: u32,
    /// Channels by how much they attract: 1 / (rank + 3).
    zipf: Vec<u32>,
}

impl Crowd {
    fn new(channels: u32, first: Day) -> Crowd {
        let weight = |channel: u32| 1.0 / f64::from(channel + 3);
        let all: f64 = (1..channels).map(weight).sum();
        let mut zipf = Vec::with_capacity(1 << 16);
        let mut sum = 0.0;
        for channel in 1..channels {
            sum += weight(channel) / all * 65_536.0;
            zipf.resize((sum.round() as usize).min(1 << 16), channel);
        }
        zipf.resize(1 << 16, channels - 1);
        Crowd { first, channels, zipf }
    }

    fn person(&self, number: u32) -> Days {
        let mut chance = Chance::new(u64::from(number) << 20 | 5);
        // Three in eight on the mean, some on nearly every day.
        let active = (chance.below(1_000) as f64 / 1_000.0).powf(1.67);
        let favourites: Vec<u32> = (0..=chance.below(6)).map(|_| self.zipf[chance.below(1 << 16)]).collect();
        let is_fan = chance.below(100) < 35;
        let habit = (180 + chance.below(60) + chance.below(60)) as u16;
        let mut days = Vec::new();
        for place in 0..28 {
            if chance.below(1_000) as f64 >= active * 1_000.0 {
                continue;
            }
            let mut visits: Vec<(u32, u16, u16)> = Vec::new();
            if is_fan && chance.below(100) < 60 {
                let from = EVENING.0 + chance.below(40) as u16;
                visits.push((0, from, (from + 6 + chance.below(40) as u16).min(EVENING.1)));
            }
            let mut at = habit.saturating_sub(chance.below(40) as u16);
            for _ in 0..=chance.below(3) {
                let is_usual = chance.below(100) < 80;
                let channel = if is_usual {
                    favourites[chance.below(favourites.len())]
                } else {
                    self.zipf[chance.below(1 << 16)]
                };
                let to = at + 1 + chance.below(18) as u16;
                visits.push((channel, at % SLOTS_PER_DAY, (at % SLOTS_PER_DAY + to - at).min(SLOTS_PER_DAY)));
                at = to + chance.below(6) as u16;
            }
            days.push((self.first.plus(place), day(&visits, &mut chance)));
        }
        days
    }

    /// Somebody of the largest channel alone, every evening, for this many slots at least and at most.
    fn alone(&self, (least, most): (u16, u16)) -> Days {
        let mut chance = Chance::new(u64::from(most));
        let mut of = |place| {
            let slots = least + chance.below(usize::from(most - least + 1)) as u16;
            let from = EVENING.0 + chance.below(usize::from(EVENING.1 - EVENING.0 - slots + 1)) as u16;
            let runs = vec![Run::new(from, from + slots)].into_iter().flatten().collect();
            let there = ChannelPresence { channel: ChannelKey(0), listed: runs, spoke: Vec::new() };
            (self.first.plus(place), ViewerDay { bot: false, channels: vec![there] })
        };
        (0..28).map(&mut of).collect()
    }

    /// Somebody who looks into each of the 60 largest channels every day.
    fn everywhere(&self) -> Days {
        let mut chance = Chance::new(3);
        let mut of = |place| {
            let visits: Vec<(u32, u16, u16)> = (0..60.min(self.channels))
                .map(|channel| {
                    let from = 200 + chance.below(80) as u16;
                    (channel, from, from + 2)
                })
                .collect();
            (self.first.plus(place), day(&visits, &mut chance))
        };
        (0..28).map(&mut of).collect()
    }
}

/// Visits as a store would hold them: a list misses somebody now and then, and some write.
fn day(visits: &[(u32, u16, u16)], chance: &mut Chance) -> ViewerDay {
    let mut sorted = visits.to_vec();
    sorted.sort_unstable();
    let mut channels = Vec::with_capacity(sorted.len());
    for visits in sorted.chunk_by(|a, b| a.0 == b.0) {
        let mut listed: Vec<Run> = Vec::with_capacity(2 * visits.len());
        for (_, from, to) in visits {
            let from = (*from).max(listed.last().map_or(0, |last| last.to() + 1));
            // In two pieces, where one sweep in the middle failed.
            let middle = from + 1 + chance.below(24) as u16;
            if middle + 1 < *to {
                listed.extend(Run::new(from, middle));
                listed.extend(Run::new(middle + 1, *to));
            } else {
                listed.extend(Run::new(from, *to));
            }
        }
        let spoke = if chance.below(20) == 0 {
            listed.first().and_then(|run| Run::new(run.from(), run.from() + 1))
        } else {
            None
        };
        if !listed.is_empty() {
            channels.push(ChannelPresence {
                channel: ChannelKey(visits[0].0),
                listed,
                spoke: spoke.into_iter().collect(),
            });
        }
    }
    debug_assert!(channels.iter().all(|there| SlotSet::from_runs(there.listed.iter().copied()).runs() == there.listed));
    ViewerDay { bot: false, channels }
}

/// Milliseconds that this thread was on a core: others on the machine do not count.
fn cpu_ms() -> Result<f64, Failure> {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat")?;
    Ok(stat.split_whitespace().next().ok_or("the kernel does not tell it")?.parse::<f64>()? / 1e6)
}

fn milliseconds(start: Instant) -> f64 {
    start.elapsed().as_secs_f64() * 1e3
}

fn status_megabytes(name: &str) -> Result<f64, Failure> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix(name)).ok_or("the kernel does not tell it")?;
    Ok(line.trim().strip_suffix(" kB").ok_or("no unit")?.parse::<f64>()? * 1_024.0 / 1e6)
}
