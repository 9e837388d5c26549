//! Thousands of chats listened to at once: CPU and memory of the collector alone, once all are joined. The simulated Twitch
//! runs in a process of its own, on the same virtual clock, an hour of it in a minute: so joins take seconds, and as many
//! messages come in a real second as are asked for.
//!
//! `cargo bench -p collector --bench irc`; settings are in the environment: CHANNELS, CHATTERS, MESSAGES a second.
#![allow(clippy::print_stdout, reason = "a bench prints its table")]

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};
use std::sync::Arc;

use archive::Archive;
use collector::chatters::Source;
use collector::clock::Clock;
use collector::door::Door;
use collector::irc::{Irc, Trust};
use collector::tracked::TrackedList;
use collector::{Collector, Plan};
use metrics_exporter_prometheus::PrometheusBuilder;
use model::login::Login;
use model::slot::{SLOT_SECONDS, SlotTime};
use model::words::{Origin, SpeechStatus};
use simulator::irc::settings::IrcSettings;
use simulator::script::{Script, ScriptSlot};
use simulator::server::{Settings, SimulatedTwitch};
use simulator::twitch::Twitch;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

mod common;

use common::{Ended, Failure, clock_since, cpu_seconds, helix, peak_megabytes};

const TWITCH: &str = "twitch";
const COLLECT: &str = "collect";
/// An hour in a minute.
const SPEED: f64 = 60.0;
/// Slots until all rooms are joined: 17 minutes for 2,000.
const COLD: i32 = 5;
/// Slots that are measured.
const STEADY: i32 = 4;
/// Of a chat, one in so many is another person in the next slot.
const CHURN: u32 = 12;

fn main() -> Result<(), Failure> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match &words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [TWITCH, start_ms, channels, chatters, messages] => {
            twitch(start_ms.parse()?, channels.parse()?, chatters.parse()?, messages.parse()?)
        }
        [COLLECT, start_ms, base, irc, channels] => collect(start_ms.parse()?, base, irc, channels.parse()?),
        _ => measure(),
    }
}

fn first() -> Result<SlotTime, Failure> {
    Ok(SlotTime::at("2026-11-21".parse()?, 240))
}

fn number(name: &str, otherwise: u32) -> Result<u32, Failure> {
    std::env::var(name).map_or(Ok(otherwise), |text| Ok(text.parse()?))
}

/// Both processes begin at the same virtual instant as of the same real one.
fn clock(started_ms: i64) -> Result<Clock, Failure> {
    Ok(clock_since(started_ms, (first()?.unix() - 20) * 1_000, SPEED))
}

fn measure() -> Result<(), Failure> {
    let [channels, chatters, messages] =
        [number("CHANNELS", 2_000)?, number("CHATTERS", 100_000)?, number("MESSAGES", 3_000)?].map(|n| n.to_string());
    let own = std::env::current_exe()?;
    // The script takes a while to be written: the clock begins behind that.
    let started = (Clock::wall().now_ms() + 10_000).to_string();
    let mut server = Command::new(&own);
    server.args([TWITCH, &started, &channels, &chatters, &messages]).stdout(Stdio::piped());
    let mut server = Ended(server.spawn()?);
    let mut line = String::new();
    BufReader::new(server.0.stdout.take().ok_or("no pipe")?).read_line(&mut line)?;
    let (base, irc) = line.trim().split_once(' ').ok_or("no addresses")?;
    let output =
        Command::new(&own).args([COLLECT, &started, base, irc, &channels]).stderr(Stdio::inherit()).output()?;
    print!("{channels} chats, {chatters} people in them\n{}", String::from_utf8(output.stdout)?);
    if output.status.success() { Ok(()) } else { Err("the collector failed".into()) }
}

/// Chats shrink with their rank as those of Twitch do, together as many people as wanted; some of them others each slot.
fn twitch(started_ms: i64, channels: u32, chatters: u32, messages: u32) -> Result<(), Failure> {
    let (first, mut script) = (first()?, Script::default());
    let harmonic: f64 = (1..=channels).map(|rank| 1.0 / f64::from(rank)).sum();
    let people: Vec<Login> = (0..chatters * 2)
        .map(|n| format!("_viewer_{:07x}", n.wrapping_mul(0x9e37_79b1)).parse())
        .collect::<Result<_, _>>()?;
    let mut next = 0;
    for rank in 1..=channels {
        let count = (f64::from(chatters - channels) / harmonic / f64::from(rank)).round() as u32;
        let channel: Login = format!("_channel_{rank}").parse()?;
        for slot in -1..=COLD + STEADY + 1 {
            let spare = count / CHURN;
            let from = next + (slot.rem_euclid(2) as u32) * spare;
            let mut list = BTreeSet::from([channel.clone()]);
            list.extend((from..from + count).map(|n| people[n as usize].clone()));
            script.slot(&channel, first + slot, ScriptSlot { viewers: list.len() as u32, list: Ok(list) });
        }
        next += count + count / CHURN;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let each = f64::from(messages) * 60.0 / SPEED / f64::from(chatters);
        let irc = IrcSettings { messages_per_minute: each, ..IrcSettings::default() };
        let settings = Settings { irc, calls_per_minute: 100_000, ..Settings::default() };
        let clock = clock(started_ms)?;
        let twitch = SimulatedTwitch::with(Twitch::Script(Arc::new(script)), settings, move || clock.now(), 0).await?;
        println!("{} {}", twitch.base(), twitch.irc().plain());
        std::future::pending::<()>().await;
        Ok(())
    })
}

fn collect(started_ms: i64, base: &str, irc: &str, channels: usize) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let figures = PrometheusBuilder::new().install_recorder()?;
        let (first, clock, folder) = (first()?, clock(started_ms)?, tempfile::tempdir()?);
        let archive = Archive::create(folder.path().to_str().ok_or("no path")?, Origin::Simulated).await?;
        let helix = helix(base)?;
        let chatters = Source::Irc(Irc::start(irc.parse()?, Trust::new("")?, clock)).into();
        let plan = Plan { top: channels, language: None, tracked: TrackedList::default() };
        let collector = Collector::resume(helix, chatters, plan, Door::default(), archive.clone(), first).await?;
        let (tell, mut swept) = mpsc::channel(64);
        let cancel = CancellationToken::new();
        let running = tokio::spawn(collector::run(collector, clock, cancel.clone(), tell));
        let lines = || {
            let text = figures.render();
            let told = text.lines().find_map(|line| line.strip_prefix("vigie_irc_lines_total "));
            told.and_then(|lines| lines.parse::<f64>().ok()).ok_or("no lines were heard")
        };
        clock.sleep_until((first + COLD).unix()).await;
        let (cpu, heard, since) = (cpu_seconds()?, lines()?, tokio::time::Instant::now());
        let joined_mb = peak_megabytes()?;
        let mut last = first;
        while last < first + (COLD + STEADY - 1) {
            last = swept.recv().await.ok_or("the collector ended")?.at;
        }
        let seconds = since.elapsed().as_secs_f64();
        let (cpu, heard) = (cpu_seconds()? - cpu, lines()? - heard);
        cancel.cancel();
        running.await?;
        let rows = archive.read_streams(last).await?;
        let complete = rows.iter().filter(|row| row.speech_status == SpeechStatus::Complete).count();
        println!(
            "{heard:.0} lines in {seconds:.1} s, {:.0} a second: {:.1} % of a core, {joined_mb:.0} MB when all were joined, {:.0} MB at most;\n\
             speech of {complete} of {} chats complete in the last slot; {} sweeps of {} minutes",
            heard / seconds,
            cpu / seconds * 100.0,
            peak_megabytes()?,
            rows.len(),
            STEADY,
            SLOT_SECONDS / 60,
        );
        Ok(())
    })
}
