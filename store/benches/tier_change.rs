//! How long whoever writes waits while a month of SQLite is closed, its blocks go, and it is made coarser.
//!
//! `PEOPLE=200000 DAYS=28 cargo bench -p store --bench tier_change`. Three writers do what a server does meanwhile, again and
//! again: what is on air, a job, and a day of the next month with a hundred people, which gives keys as every import does.
#![allow(clippy::unwrap_used, clippy::print_stdout, missing_docs, reason = "a program for the person at the terminal")]

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use model::channel_day::ChannelDay;
use model::day::{Day, Month};
use model::hours::month_in_hours;
use model::identity::ChannelKey;
use model::presence::{ChannelPresence, ViewerDay};
use model::run::Run;
use model::slot::SlotTime;
use model::sweep::LiveStream;
use model::words::Origin;
use store::access::{Job, JobKey};
use store::channel::ChannelIdentity;
use store::day::DayImport;
use store::jobs::PersonNames;
use store::rows::{RowBatch, ViewerRows};
use store::{AnyStore, Store};

const STREAMS: usize = 2_000;

fn number(name: &str, default: u32) -> u32 {
    std::env::var(name).map_or(default, |text| text.parse().unwrap())
}

/// A day of so many people, each an hour in the one channel.
async fn import(store: &AnyStore, day: Day, people: u32) {
    let job = JobKey::grant(Job::Import);
    let channel = ChannelIdentity::of_login("_room".parse().unwrap());
    let key = store.channel_keys(&job, day, &[channel], 0).await.unwrap()[0];
    let mut viewers = RowBatch::default();
    let mut encoded = Vec::new();
    for person in 0..people {
        let from = (person.wrapping_mul(2_654_435_761) >> 24) as u16;
        let listed = vec![Run::new(from, from + 12).unwrap()];
        let presence = ChannelPresence { channel: ChannelKey(key.0), listed, spoke: vec![] };
        encoded.clear();
        ViewerDay { bot: false, channels: vec![presence] }.encode(&mut encoded);
        viewers.push(format!("_p{person:08}").as_bytes(), None, &encoded).unwrap();
    }
    let channels = vec![(key, ChannelDay::default())];
    let import = DayImport::of(day, channels, ViewerRows::of(&viewers).unwrap());
    store.import_day(&job, import).await.unwrap();
}

fn on_air(at: SlotTime) -> Vec<LiveStream> {
    let stream = |n: usize| LiveStream {
        id: None,
        at,
        login: format!("_channel_{n}").parse().unwrap(),
        display_name: format!("Channel {n}"),
        title: "a title of some length, as they are".to_owned(),
        game: "a game".to_owned(),
        viewers: n as u32,
        started_at: Some(0),
        trail: vec![Some(n as u32); 36],
    };
    (0..STREAMS).map(stream).collect()
}

/// The writers.
const WRITERS: [&str; 3] = ["what is on air", "a job", "a day of 100 people"];

/// Writes until told to stop; how long each took.
async fn write(store: Arc<AnyStore>, writer: usize, day: Day, stop: Arc<AtomicBool>) -> Vec<Duration> {
    let (at, mut times) = (SlotTime::at(day, 0), Vec::new());
    let streams = on_air(at);
    let subject = PersonNames::of_login("_nobody".parse().unwrap());
    while !stop.load(Ordering::Relaxed) {
        let began = Instant::now();
        match writer {
            0 => store.replace_live(at, &streams, None).await.unwrap(),
            1 => drop(store.ask_erase(&subject, false, 0).await.unwrap()),
            _ => import(&store, day, 100).await,
        }
        times.push(began.elapsed());
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    times
}

/// What is done while the writers write.
#[derive(Clone, Copy, Debug)]
enum Act {
    Nothing,
    Close,
    DropOpen,
    Age,
    Forget,
}

async fn act(store: &AnyStore, act: Act, month: Month) {
    let job = JobKey::grant(Job::Retention);
    match act {
        Act::Nothing => tokio::time::sleep(Duration::from_secs(2)).await,
        Act::Close => drop(store.close_month(&job, month).await.unwrap()),
        Act::DropOpen => store.drop_open(&job, month).await.unwrap(),
        Act::Age => drop(store.age_month(&job, month, |days| month_in_hours(days, |_, _| None)).await.unwrap()),
        Act::Forget => store.forget_month(&job, month).await.unwrap(),
    }
}

#[tokio::main]
async fn main() {
    let (people, days) = (number("PEOPLE", 200_000), number("DAYS", 28));
    let folder = tempfile::tempdir().unwrap();
    let url = std::env::var("STORE_URL").unwrap_or_else(|_| folder.path().display().to_string());
    let store = Arc::new(AnyStore::open(&url, Some(Origin::Simulated)).await.unwrap());
    let first: Day = "2026-10-01".parse().unwrap();
    for day in first.until(first.plus(days as i32)) {
        import(&store, day, people).await;
    }
    println!("{people} people on {days} days of a month; {STREAMS} channels on air");
    for what in [Act::Nothing, Act::Close, Act::DropOpen, Act::Age, Act::Forget] {
        let stop = Arc::new(AtomicBool::new(false));
        let later = first.month().next().first_day();
        let writers: Vec<_> = (0..WRITERS.len())
            .map(|writer| tokio::spawn(write(Arc::clone(&store), writer, later, Arc::clone(&stop))))
            .collect();
        tokio::time::sleep(Duration::from_millis(200)).await;
        let began = Instant::now();
        act(&store, what, first.month()).await;
        let took = began.elapsed();
        stop.store(true, Ordering::Relaxed);
        println!("{what:?}: {took:.1?}");
        for (name, writer) in WRITERS.iter().zip(writers) {
            let mut times = writer.await.unwrap();
            times.sort_unstable();
            let at = |share: usize| times[(times.len() - 1) * share / 100];
            println!(
                "  {name}: p50 {:.1?}, p99 {:.1?}, longest {:.1?} ({} times)",
                at(50),
                at(99),
                at(100),
                times.len()
            );
        }
    }
    store.close().await;
}
