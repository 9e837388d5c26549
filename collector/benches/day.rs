//! The collector's memory through two virtual days in which its Twitch fails in every way, one call in twenty for each. The
//! simulated Twitch runs in a process of its own, on the same virtual clock.
//!
//! `cargo bench -p collector --bench day`. What is written down is judged by `tests/virtual_day`.
#![allow(clippy::print_stdout, reason = "a bench prints its table")]

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};
use std::sync::Arc;

use archive::Archive;
use collector::chatters::Source;
use collector::chatters::tmi::Tmi;
use collector::door::Door;
use collector::tracked::TrackedList;
use collector::{Collector, Plan};
use model::slot::{SLOT_SECONDS, SlotTime};
use model::words::Origin;
use simulator::server::faults::HttpFaults;
use simulator::server::{Settings, SimulatedTwitch};
use simulator::twitch::Twitch;
use simulator::world::{Population, World};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

mod common;

use common::{Ended, Failure, clock_since, cpu_seconds, helix, peak_megabytes, resident_megabytes};

/// Words that make this program one of the two processes.
const TWITCH: &str = "twitch";
const COLLECT: &str = "collect";

/// Days as they are measured: two of them, since what grows with the evening is gone in the morning, and what leaks is not. Of
/// channels one in twenty is on air at once, one in ten in the evening: the last is an evening of 2,000 lists in a sweep.
const DAYS: [Measured; 3] = [
    Measured { viewers: 1_500, channels: 200, top: 150, speed: 600.0, from: 0, sweeps: 576 },
    Measured { viewers: 20_000, channels: 2_000, top: 1_500, speed: 300.0, from: 0, sweeps: 576 },
    Measured { viewers: 200_000, channels: 20_000, top: 2_000, speed: 15.0, from: 216, sweeps: 24 },
];

/// A world, how many of its most watched channels are followed, how much faster than the wall's its clock runs, the first slot
/// of the day, and how many sweeps are made.
struct Measured {
    viewers: u32,
    channels: u32,
    top: usize,
    speed: f64,
    from: u16,
    sweeps: usize,
}

const SEED: u64 = 21;
/// So often the memory is read.
const READINGS: usize = 12;

fn main() -> Result<(), Failure> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match &words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [TWITCH, day] => twitch(day_of(day)?),
        [COLLECT, day, base, started_ms] => collect(day_of(day)?, base, started_ms.parse()?),
        _ => measure(),
    }
}

fn day_of(place: &str) -> Result<&'static Measured, Failure> {
    DAYS.get(place.parse::<usize>()?).ok_or_else(|| "no such day".into())
}

impl Measured {
    fn first(&self) -> Result<SlotTime, Failure> {
        Ok(SlotTime::at("2026-11-18".parse()?, self.from))
    }

    /// A minute before the first slot.
    fn start_ms(&self) -> Result<i64, Failure> {
        Ok((self.first()?.unix() - 60) * 1_000)
    }
}

fn measure() -> Result<(), Failure> {
    let own = std::env::current_exe()?;
    println!("MB resident of the collector, {READINGS} times in each stretch, with every fault at 5 %\n");
    for (place, day) in DAYS.iter().enumerate() {
        let place = place.to_string();
        let mut server = Ended(Command::new(&own).args([TWITCH, &place]).stdout(Stdio::piped()).spawn()?);
        let mut line = String::new();
        BufReader::new(server.0.stdout.take().ok_or("no pipe")?).read_line(&mut line)?;
        let (base, started_ms) = line.trim().split_once(' ').ok_or("no address")?;
        let mut collect = Command::new(&own);
        collect.args([COLLECT, &place, base, started_ms]);
        let output = collect.stderr(Stdio::inherit()).output()?;
        let Measured { viewers, channels, .. } = day;
        if !output.status.success() {
            return Err(format!("the collector of {channels} channels failed").into());
        }
        print!("{channels} channels, {viewers} people: {}", String::from_utf8(output.stdout)?);
    }
    Ok(())
}

fn twitch(day: &Measured) -> Result<(), Failure> {
    let Measured { viewers, channels, speed, .. } = *day;
    let world = Arc::new(World::new(SEED, Population { viewers, channels })?);
    // The truth of the day is worked out before the clock runs.
    drop(Twitch::World(Arc::clone(&world)).on_air(day.first()?));
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let started_ms = collector::clock::Clock::wall().now_ms();
        let clock = clock_since(started_ms, day.start_ms()?, speed);
        // To the collector the bucket is of real minutes.
        let settings = Settings { calls_per_minute: 1_000_000, ..Settings::default() };
        let twitch = SimulatedTwitch::with(Twitch::World(world), settings, move || clock.now(), 0).await?;
        twitch.faults().set(HttpFaults { seed: SEED, slow_ms: 20, ..HttpFaults::each(0.05) });
        println!("{} {started_ms}", twitch.base());
        std::future::pending::<()>().await;
        Ok(())
    })
}

/// So many sweeps into a new archive; those that are not made are told. Errors: the collector ended or panicked.
fn collect(measured: &Measured, base: &str, started_ms: i64) -> Result<(), Failure> {
    let Measured { top, speed, sweeps: asked, .. } = *measured;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let first = measured.first()?;
        let clock = clock_since(started_ms, measured.start_ms()?, speed);
        let folder = tempfile::tempdir()?;
        let archive = Archive::create(folder.path().to_str().ok_or("no path")?, Origin::Simulated).await?;
        let tmi = Source::Tmi(Tmi::new(collector::http::client()?, base)).into();
        let plan = Plan { top, language: None, tracked: TrackedList::default() };
        let collector = Collector::resume(helix(base)?, tmi, plan, Door::default(), archive, first).await?;
        let (tell, mut swept) = mpsc::channel(64);
        let cancel = CancellationToken::new();
        let running = tokio::spawn(collector::run(collector, clock, cancel.clone(), tell));
        let (mut sweeps, mut lists, mut people, mut held) = (0, 0, 0, Vec::new());
        let end = clock.sleep_until(first.unix() + asked as i64 * SLOT_SECONDS);
        tokio::pin!(end);
        loop {
            tokio::select! {
                summary = swept.recv() => {
                    let summary = summary.ok_or("the collector ended")?;
                    (sweeps, lists, people) = (sweeps + 1, lists + summary.complete + summary.partial, people + summary.chatters);
                    if ((summary.at - first + 1) as usize).is_multiple_of(asked / READINGS) {
                        held.push(format!("{:.1}", resident_megabytes()?));
                    }
                }
                () = &mut end => break,
            }
        }
        cancel.cancel();
        running.await?;
        println!(
            "{}; {:.1} at most; {sweeps} of {asked} sweeps, {lists} lists, {people} rows of people; {:.1} s of CPU",
            held.join(", "),
            peak_megabytes()?,
            cpu_seconds()?,
        );
        Ok(())
    })
}
