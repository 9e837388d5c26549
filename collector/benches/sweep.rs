//! A sweep of a whole country at once: time, CPU and memory of the collector alone. The simulated Twitch, whose answers
//! take as long as Twitch's, runs in a process of its own; the reference asks the same server in its turn.
//!
//! `cargo bench -p collector --bench sweep`; settings are in the environment: CHANNELS, CHATTERS, ROUNDS.
#![allow(clippy::print_stdout, reason = "a bench prints its table")]

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use archive::Archive;
use collector::chatters::Source;
use collector::chatters::tmi::Tmi;
use collector::clock::Clock;
use collector::door::Door;
use collector::tracked::TrackedList;
use collector::{Collector, Plan};
use model::login::Login;
use model::slot::SlotTime;
use model::words::Origin;
use simulator::script::{Script, ScriptSlot};
use simulator::server::{Latency, Settings, SimulatedTwitch};
use simulator::twitch::Twitch;
use tokio::time::Instant;

mod common;

use common::{Ended, Failure, cpu_seconds, helix, peak_megabytes};

/// Words that make this program one of the two processes.
const TWITCH: &str = "twitch";
const COLLECT: &str = "collect";

/// The latency of the answers, in milliseconds: half of them, and one in a hundred.
const LATENCY: (u64, u64) = (50, 200);

const REFERENCE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/reference.py");

fn main() -> Result<(), Failure> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match &words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [TWITCH, channels, chatters] => twitch(channels.parse()?, chatters.parse()?),
        [COLLECT, base, channels] => collect(base, channels.parse()?),
        _ => compare(),
    }
}

fn slot() -> Result<SlotTime, Failure> {
    Ok(SlotTime::at("2026-11-21".parse()?, 252))
}

fn number(name: &str, otherwise: usize) -> Result<usize, Failure> {
    std::env::var(name).map_or(Ok(otherwise), |text| Ok(text.parse()?))
}

/// Each in its turn, several times; medians.
fn compare() -> Result<(), Failure> {
    let rounds = number("ROUNDS", 5)?;
    let sizes = match (number("CHANNELS", 0)?, number("CHATTERS", 0)?) {
        (0, _) | (_, 0) => vec![(2_000, 100_000), (10_000, 500_000)],
        size => vec![size],
    };
    let (median, p99) = LATENCY;
    println!("answers of {median} ms in the median, {p99} ms in the 99th percentile; medians of {rounds}\n");
    println!("{:<52} {:>7} {:>7} {:>8} {:>7} {:>7}", "", "wall s", "CPU s", "peak MB", "wall ×", "CPU ×");
    for (channels, chatters) in sizes {
        let own = std::env::current_exe()?;
        let mut server = Command::new(&own);
        server.args([TWITCH, &channels.to_string(), &chatters.to_string()]).stdout(Stdio::piped());
        let mut server = Ended(server.spawn()?);
        let mut base = String::new();
        BufReader::new(server.0.stdout.take().ok_or("no pipe")?).read_line(&mut base)?;
        let base = base.trim();
        let (mut ours, mut theirs) = (Vec::new(), Vec::new());
        for _ in 0..rounds {
            ours.push(run(Command::new(&own).args([COLLECT, base, &channels.to_string()]), chatters)?);
            theirs.push(run(Command::new("python3").args([REFERENCE, base, &channels.to_string()]), chatters)?);
        }
        let (ours, theirs) = (Took::median(ours), Took::median(theirs));
        for (what, took) in [("vigie", ours), ("python, 32 threads", theirs)] {
            let Took { wall, cpu, peak } = took;
            let what = format!("{what}: {channels} channels, {chatters} people");
            let (walls, cpus) = (wall / ours.wall, cpu / ours.cpu);
            println!("{what:<52} {wall:>7.2} {cpu:>7.2} {peak:>8.0} {walls:>7.2} {cpus:>7.2}");
        }
    }
    Ok(())
}

/// What a sweep took: seconds, seconds of CPU, megabytes.
#[derive(Clone, Copy)]
struct Took {
    wall: f64,
    cpu: f64,
    peak: f64,
}

impl Took {
    fn median(all: Vec<Took>) -> Took {
        let of = |value: fn(&Took) -> f64| {
            let mut values: Vec<f64> = all.iter().map(value).collect();
            values.sort_by(f64::total_cmp);
            values[values.len() / 2]
        };
        Took { wall: of(|took| took.wall), cpu: of(|took| took.cpu), peak: of(|took| took.peak) }
    }
}

/// Runs a process that tells its seconds, its seconds of CPU, its megabytes, and the people it wrote down. Errors: they
/// are others than there are.
fn run(command: &mut Command, chatters: usize) -> Result<Took, Failure> {
    let output = command.stderr(Stdio::inherit()).output()?;
    let told = String::from_utf8(output.stdout)?;
    let told: Vec<f64> = told.split_whitespace().map(str::parse).collect::<Result<_, _>>()?;
    let [wall, cpu, peak, people] = told[..] else { return Err(format!("{command:?} told {told:?}").into()) };
    if people as usize != chatters {
        return Err(format!("{command:?} wrote {people} people down, not {chatters}").into());
    }
    Ok(Took { wall, cpu, peak })
}

/// Channels on air, whose chats shrink with their rank as those of Twitch do: by 1 / rank, together as many people as
/// wanted.
fn twitch(channels: usize, chatters: usize) -> Result<(), Failure> {
    let (at, mut script) = (slot()?, Script::default());
    let harmonic: f64 = (1..=channels).map(|rank| 1.0 / rank as f64).sum();
    // Everybody has their owner in the chat.
    let (mut left, mut next) = (chatters - channels, 0u32);
    for rank in 1..=channels {
        let wanted = ((chatters - channels) as f64 / harmonic / rank as f64).round() as usize;
        let count = if rank == channels { left } else { wanted.min(left) };
        left -= count;
        let channel: Login = format!("_channel_{rank}").parse()?;
        let mut list = BTreeSet::from([channel.clone()]);
        for _ in 0..count {
            // Spread over the alphabet.
            list.insert(format!("_viewer_{:07x}", next.wrapping_mul(0x9e37_79b1)).parse()?);
            next += 1;
        }
        script.slot(&channel, at, ScriptSlot { viewers: list.len() as u32 * 3 / 2, list: Ok(list) });
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let [median, p99] = [LATENCY.0, LATENCY.1].map(Duration::from_millis);
        // Its clock stands still, and nothing that was granted comes back.
        let (latency, calls_per_minute) = (Latency { median, p99 }, 1_000_000);
        let settings = Settings { latency, calls_per_minute, ..Settings::default() };
        let now = at.unix() + 2;
        let twitch = SimulatedTwitch::with(Twitch::Script(Arc::new(script)), settings, move || now, 0).await?;
        println!("{}", twitch.base());
        std::future::pending::<()>().await;
        Ok(())
    })
}

/// One sweep into a new archive.
fn collect(base: &str, channels: usize) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let (at, folder) = (slot()?, tempfile::tempdir()?);
        let place = folder.path().to_str().ok_or("no path")?;
        let archive = Archive::create(place, Origin::Simulated).await?;
        let (helix, tmi) = (helix(base)?, Source::Tmi(Tmi::new(collector::http::client()?, base)).into());
        let plan = Plan { top: channels, language: None, tracked: TrackedList::default() };
        let mut collector = Collector::resume(helix, tmi, plan, Door::default(), archive.clone(), at).await?;
        let clock = Clock::virtual_from((at.unix() + 2) * 1_000, 1.0);
        let start = Instant::now();
        let summary = collector.sweep(at, &clock, start + Duration::from_secs(270)).await?;
        let wall = start.elapsed().as_secs_f64();
        println!("{wall} {} {} {}", cpu_seconds()?, peak_megabytes()?, summary.chatters);
        Ok(())
    })
}
