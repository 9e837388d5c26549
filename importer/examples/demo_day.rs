//! How long a day takes from archive to store: `cargo run --release -p importer --example demo_day [people] [channels]`.
//! Figures are in `docs/figures.md`.

#![allow(clippy::print_stdout)]

use std::time::Instant;

use archive::Archive;
use archive::chatters::ChatterRow;
use archive::day_writer::DayWriter;
use archive::manifest::Timings;
use archive::sweep_writer::SweepWriter;
use importer::import::{ImportOrder, import_day};
use importer::options::ImportOptions;
use model::day::Day;
use model::login::Login;
use model::sample::{StreamFacts, StreamSample};
use model::slot::{SLOTS_PER_DAY, SlotTime};
use model::words::{ChattersSource, Evidence, ListStatus, Origin, Role, SpeechStatus, StreamStatus};
use store::AnyStore;
use store::access::{Job, JobKey};

/// Every person has three stays of 5 to 50 slots, in channels by rank: the first ones are large.
fn stays(people: u32, channels: u32) -> Vec<(u32, u32, u16, u16)> {
    let mut state = 1u64;
    let mut chance = move |below: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    let mut stays = Vec::new();
    for person in 0..people {
        for _ in 0..3 {
            let rank = chance(u64::from(channels) + 1) * chance(u64::from(channels)) / (u64::from(channels) + 1);
            let from = chance(u64::from(SLOTS_PER_DAY)) as u16;
            stays.push((rank as u32, person, from, (from + 5 + chance(45) as u16).min(SLOTS_PER_DAY)));
        }
    }
    stays.sort_unstable();
    stays.dedup_by_key(|(channel, person, ..)| (*channel, *person));
    stays
}

async fn write(archive: &Archive, day: Day, people: u32, channels: u32) -> Result<(), Box<dyn std::error::Error>> {
    let stays = stays(people, channels);
    let channel_names = (0..channels).map(|n| format!("_channel{n:05}").parse()).collect::<Result<Vec<Login>, _>>()?;
    let person_names: Vec<String> = (0..people).map(|n| format!("_person{n:07}")).collect();
    let whole = DayWriter::new(archive, day).await?;
    for slot in 0..SLOTS_PER_DAY {
        let at = SlotTime::at(day, slot);
        let mut sweep = SweepWriter::new(at);
        for channel in &channel_names {
            sweep.push_stream(&StreamSample {
                sampled_at: at,
                channel_id: None,
                channel: channel.clone(),
                display_name: Some(channel.to_string()),
                status: StreamStatus::Live,
                stream: Some(StreamFacts {
                    stream_id: "40944725612".into(),
                    title: format!("Part {} of the evening, with friends", slot / 40),
                    game: "Just Chatting".into(),
                    viewer_count: Some(120 + u32::from(slot)),
                    ..StreamFacts::default()
                }),
                tracked: false,
                chatters_source: Some(ChattersSource::Tmi),
                list_status: ListStatus::Complete,
                speech_status: SpeechStatus::Missing,
                chatter_count: Some(100),
            })?;
        }
        for (channel, person, from, to) in &stays {
            if (*from..*to).contains(&slot) {
                let (channel, chatter) = (&channel_names[*channel as usize], person_names[*person as usize].as_str());
                sweep.push_row(&ChatterRow {
                    channel,
                    chatter,
                    id: None,
                    role: Role::Viewer,
                    evidence: Evidence::Listed,
                })?;
            }
        }
        whole.commit(sweep, Timings { started_ms: at.unix() * 1000, finished_ms: at.unix() * 1000 + 9_000 }).await?;
    }
    Ok(whole.close().await?)
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut words = std::env::args().skip(1).map(|word| word.parse::<u32>());
    let people = words.next().transpose()?.unwrap_or(20_000);
    let channels = words.next().transpose()?.unwrap_or(300);
    let folder = tempfile::tempdir()?;
    let archive = Archive::create(&folder.path().join("archive").to_string_lossy(), Origin::Simulated).await?;
    let store = AnyStore::open(&folder.path().join("store").to_string_lossy(), Some(Origin::Simulated)).await?;
    let first: Day = "2026-11-18".parse()?;
    let job = JobKey::grant(Job::Import);
    for day in first.until(first.plus(3)) {
        let start = Instant::now();
        write(&archive, day, people, channels).await?;
        println!("{day}: written in {:.2} s", start.elapsed().as_secs_f64());
        for round in ["new", "again"] {
            let start = Instant::now();
            let order = ImportOrder { day, provisional: false, now: day.start_unix() };
            let report = import_day(&archive, &store, &job, order, &ImportOptions::default(), |_| {}).await?;
            println!("  {round}: {:.3} s, {report:?}", start.elapsed().as_secs_f64());
        }
    }
    store.close().await;
    Ok(())
}
