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

/// People, channels, the most watched that are followed, how much faster than the wall's the clock runs, and sweeps.
/// Two days: what grows with the evening is gone in the morning, and what leaks is not. One channel in twenty is on air at
/// once, one in ten in the evening, so that the last world fills the 2,000 that are followed; its day and a quarter come to a
/// second morning.
const SIZES: [(u32, u32, usize, f64, usize); 3] =
    [(1_500, 200, 150, 600.0, 576), (20_000, 2_000, 1_500, 300.0, 576), (200_000, 20_000, 2_000, 60.0, 360)];
const SEED: u64 = 21;
/// After so many sweeps the memory is read, and again.
const EVERY: u16 = 48;

fn main() -> Result<(), Failure> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match &words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [TWITCH, viewers, channels, speed] => twitch(viewers.parse()?, channels.parse()?, speed.parse()?),
        [COLLECT, base, started_ms, top, speed, sweeps] => {
            collect(base, started_ms.parse()?, top.parse()?, speed.parse()?, sweeps.parse()?)
        }
        _ => measure(),
    }
}

fn first() -> Result<SlotTime, Failure> {
    Ok(SlotTime::at("2026-11-18".parse()?, 0))
}

/// A minute before the first slot.
fn start_ms() -> Result<i64, Failure> {
    Ok((first()?.unix() - 60) * 1_000)
}

fn measure() -> Result<(), Failure> {
    let own = std::env::current_exe()?;
    println!("MB resident of the collector, every 4 hours of days with every fault at 5 %\n");
    for (viewers, channels, top, speed, sweeps) in SIZES {
        let mut server = Command::new(&own);
        server.args([TWITCH, &viewers.to_string(), &channels.to_string(), &speed.to_string()]).stdout(Stdio::piped());
        let mut server = Ended(server.spawn()?);
        let mut line = String::new();
        BufReader::new(server.0.stdout.take().ok_or("no pipe")?).read_line(&mut line)?;
        let (base, started_ms) = line.trim().split_once(' ').ok_or("no address")?;
        let mut collect = Command::new(&own);
        collect.args([COLLECT, base, started_ms, &top.to_string(), &speed.to_string(), &sweeps.to_string()]);
        let output = collect.stderr(Stdio::inherit()).output()?;
        if !output.status.success() {
            return Err(format!("the collector of {channels} channels failed").into());
        }
        print!("{channels} channels, {viewers} people: {}", String::from_utf8(output.stdout)?);
    }
    Ok(())
}

fn twitch(viewers: u32, channels: u32, speed: f64) -> Result<(), Failure> {
    let world = Arc::new(World::new(SEED, Population { viewers, channels })?);
    // The truth of the day is worked out before the clock runs.
    drop(Twitch::World(Arc::clone(&world)).on_air(first()?));
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let started_ms = collector::clock::Clock::wall().now_ms();
        let clock = clock_since(started_ms, start_ms()?, speed);
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
fn collect(base: &str, started_ms: i64, top: usize, speed: f64, asked: usize) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let (first, clock, folder) = (first()?, clock_since(started_ms, start_ms()?, speed), tempfile::tempdir()?);
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
                    if summary.at.slot().index() % EVERY == EVERY - 1 {
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
