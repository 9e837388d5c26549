//! No room for temporary files: a day that does not fit in memory, beside a store that is elsewhere.

use archive::Archive;
use archive::chatters::ChatterRow;
use archive::manifest::Timings;
use archive::sweep_writer::SweepWriter;
use model::sample::{StreamFacts, StreamSample};
use model::slot::SlotTime;
use model::words::{ChattersSource, Evidence, ListStatus, Origin, Role, SpeechStatus, StreamStatus};
use store::{AnyStore, Store};

use crate::SETTINGS;
use crate::cluster::Cluster;
use crate::place::{Crowd, Limit, Place};

/// A day whose temporary files do not fit.
struct Crowded {
    day: &'static str,
    people: u32,
    slots: &'static [u16],
    /// No file may grow beyond so many bytes.
    limit: u64,
}

const DAYS: [Crowded; 2] = [
    // Runs above 32 MB, since people come and go; rows below.
    Crowded { day: "2025-03-05", people: 450_000, slots: &[200, 202, 204], limit: 1 << 20 },
    // Runs fit, in several files; rows, in one, do not.
    Crowded { day: "2025-03-06", people: 1_200_000, slots: &[200], limit: 20 << 20 },
];

/// A sweep with everybody in one channel.
async fn write_crowd(archive: &Archive, people: u32, at: SlotTime) {
    let mut sweep = SweepWriter::new(at);
    let stream = StreamSample {
        sampled_at: at,
        channel_id: None,
        channel: "_room".parse().unwrap(),
        display_name: None,
        status: StreamStatus::Live,
        stream: Some(StreamFacts { viewer_count: Some(people), ..StreamFacts::default() }),
        tracked: false,
        chatters_source: Some(ChattersSource::Tmi),
        list_status: ListStatus::Complete,
        speech_status: SpeechStatus::Missing,
        chatter_count: Some(people),
    };
    sweep.push_stream(&stream).unwrap();
    let channel = "_room".parse().unwrap();
    for person in 0..people {
        let chatter = format!("_a_person_in_the_{person:08}");
        let row = ChatterRow {
            channel: &channel,
            chatter: &chatter,
            evidence: Evidence::Listed,
            id: None,
            role: Role::Viewer,
        };
        sweep.push_row(&row).unwrap();
    }
    archive.commit(sweep, Timings { started_ms: 0, finished_ms: 1 }).await.unwrap();
}

/// How many people the store holds on the day; nothing where it does not hold it.
async fn held(place: &Place, day: &str) -> Option<u64> {
    let store = AnyStore::open(place.store(), Some(Origin::Simulated)).await.unwrap();
    let days = store.days().await.unwrap();
    store.close().await;
    days.into_iter().find(|record| record.day.to_string() == day).map(|record| record.stats.viewers)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "soak: days of a million people"]
async fn soak_temporary_files_without_room() {
    let cluster = Cluster::start(SETTINGS);
    let place = Place::new(Some(&cluster), Crowd::Few).await;
    let archive = Archive::open(&place.path().join("archive").display().to_string()).await.unwrap();
    for Crowded { day, people, slots, limit } in DAYS {
        for slot in slots {
            write_crowd(&archive, people, SlotTime::at(day.parse().unwrap(), *slot)).await;
        }
        let words = ["import", "--day", day];
        let done = place.run(&words, Limit::FileBytes(limit));
        let last = done.told.lines().last().unwrap_or_default();
        assert!(done.code == Some(1) && !done.told.contains("panicked"), "{day}: {}", done.told);
        assert!(last.starts_with(&format!("vigie: cannot import {day}")), "{last}");
        assert!(last.contains("free some space") && last.contains("TMPDIR"), "{last}");
        assert_eq!(held(&place, day).await, None);
        let done = place.run(&words, Limit::FileBytes(200 << 20));
        assert_eq!(done.code, Some(0), "{day}: {}", done.told);
        assert_eq!(held(&place, day).await, Some(u64::from(people)));
    }
}
