//! What a day costs: import of a synthetic day, and one person's days read.
//!
//! `PEOPLE=20000 DAYS=60 cargo bench -p store`; `STORE_URL=postgres://…` measures that (empty) database instead.
#![allow(clippy::unwrap_used, clippy::print_stdout, missing_docs, reason = "a program for the person at the terminal")]

use std::time::{Duration, Instant};

use model::channel_day::{ChannelDay, ChannelSlot, LiveSlot};
use model::day::Day;
use model::identity::ChannelKey;
use model::login::Login;
use model::presence::{ChannelPresence, ViewerDay};
use model::run::Run;
use model::slot::Slot;
use model::words::{ListStatus, Origin, SpeechStatus};
use store::access::{Job, JobKey, ViewerPages, viewer};
use store::channel::ChannelIdentity;
use store::day::{DayImport, DayStats};
use store::rows::{RowBatch, ViewerRows};
use store::{AnyStore, Store};

const CHANNELS: u64 = 300;
const READS: u64 = 1_000;

/// The same numbers every time: Knuth's linear congruential generator.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }
}

fn number(name: &str, default: u64) -> u64 {
    std::env::var(name).map_or(default, |text| text.parse().unwrap())
}

fn person(n: u64) -> String {
    // Spread over the alphabet, as names are.
    format!("_{:08x}_{n}", (n as u32).wrapping_mul(2_654_435_761))
}

fn presence(chance: &mut Chance) -> ViewerDay {
    let mut channels: Vec<u32> =
        (0..=chance.below(4)).map(|_| (chance.below(CHANNELS) * chance.below(CHANNELS) / CHANNELS) as u32).collect();
    channels.sort_unstable();
    channels.dedup();
    let presence = |channel| {
        let from = chance.below(200) as u16;
        let listed =
            (0..=chance.below(3) as u16).map(|n| Run::new(from + n * 25, from + n * 25 + 20).unwrap()).collect();
        ChannelPresence { channel: ChannelKey(channel), listed, spoke: vec![] }
    };
    ViewerDay { bot: false, channels: channels.into_iter().map(presence).collect() }
}

fn channel_day(chance: &mut Chance) -> ChannelDay {
    let mut day = ChannelDay::default();
    for slot in Slot::all() {
        let viewers = Some(chance.below(5_000) as u32);
        let live = LiveSlot {
            viewers,
            chatters: viewers,
            list: ListStatus::Complete,
            speech: SpeechStatus::Missing,
            source: None,
        };
        day.set(slot, if slot.index() < 72 { ChannelSlot::Live(live) } else { ChannelSlot::OffAir });
    }
    day
}

fn told(what: &str, mut times: Vec<Duration>) {
    times.sort_unstable();
    let at = |share: usize| times[(times.len() - 1) * share / 100];
    println!("{what}: p50 {:.1?}, p99 {:.1?}, worst {:.1?} ({} times)", at(50), at(99), at(100), times.len());
}

#[tokio::main]
async fn main() {
    let (people, days) = (number("PEOPLE", 20_000), number("DAYS", 60));
    let folder = tempfile::tempdir().unwrap();
    let url = std::env::var("STORE_URL").unwrap_or_else(|_| folder.path().display().to_string());
    let store = AnyStore::open(&url, Some(Origin::Simulated)).await.unwrap();
    let job = JobKey::grant(Job::Import);
    let mut names: Vec<String> = (0..people).map(person).collect();
    names.sort_unstable();
    let first: Day = "2026-10-01".parse().unwrap();
    let identities: Vec<ChannelIdentity> =
        (0..CHANNELS).map(|n| ChannelIdentity::of_login(format!("_channel_{n}").parse().unwrap())).collect();
    let mut chance = Chance(1);
    let (mut imports, mut bytes) = (Vec::new(), 0);
    for day in first.until(first.plus(days as i32)) {
        let mut viewers = RowBatch::default();
        let mut encoded = Vec::new();
        for name in &names {
            encoded.clear();
            presence(&mut chance).encode(&mut encoded);
            viewers.push(name.as_bytes(), None, &encoded).unwrap();
        }
        let data: Vec<ChannelDay> = identities.iter().map(|_| channel_day(&mut chance)).collect();
        let began = Instant::now();
        let keys = store.channel_keys(&job, day, &identities, 0).await.unwrap();
        let channels = keys.into_iter().zip(data).collect();
        let stats = DayStats { viewers: people, bots: 0, observations: 0, ..DayStats::default() };
        let import = DayImport { stats, ..DayImport::of(day, channels, ViewerRows::of(&viewers).unwrap()) };
        bytes += store.import_day(&job, import).await.unwrap().block_bytes;
        imports.push(began.elapsed());
    }
    println!("{people} people, {days} days, {:.1} bytes a viewer-day in blocks", bytes as f64 / (people * days) as f64);
    println!("first import: {:.1?}", imports[0]);
    told("import of a day", imports.split_off(1));
    let (mut found, mut reads, mut look_ups) = (0, Vec::new(), Vec::new());
    for _ in 0..READS {
        let login: Login = names[chance.below(people) as usize].parse().unwrap();
        let began = Instant::now();
        let key = viewer(&store, &login, ViewerPages::Public, None).await.unwrap().unwrap();
        look_ups.push(began.elapsed());
        let began = Instant::now();
        found += store.viewer_days(&key, first, first.plus(days as i32)).await.unwrap().len() as u64;
        reads.push(began.elapsed());
    }
    assert_eq!(found, READS * days);
    told("look-up of a login", look_ups);
    told(&format!("one person's {days} days"), reads);
    let keys: Vec<ChannelKey> = (0..10).map(ChannelKey).collect();
    let mut reads = Vec::new();
    for _ in 0..100 {
        let began = Instant::now();
        assert_eq!(store.channel_days(&keys, first, first.plus(28)).await.unwrap().len(), 10 * 28.min(days as usize));
        reads.push(began.elapsed());
    }
    told("28 days of ten channels", reads);
    store.close().await;
    let size: u64 =
        std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().metadata().unwrap().len()).sum();
    println!("folder: {:.1} MB", size as f64 / 1e6);
}
