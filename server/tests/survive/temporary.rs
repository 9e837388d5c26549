//! No room for temporary files: a day that does not fit in memory, beside a store that is elsewhere.

use archive::Archive;
use archive::chatters::ChatterRow;
use archive::manifest::Timings;
use archive::sweep_writer::SweepWriter;
use model::day::Day;
use model::sample::{StreamFacts, StreamSample};
use model::slot::SlotTime;
use model::words::{ChattersSource, Evidence, ListStatus, Origin, Role, SpeechStatus, StreamStatus};
use store::{AnyStore, Store};

use crate::SETTINGS;
use crate::cluster::Cluster;
use crate::place::{Limit, Place};

/// Their runs take more than 32 MB, and so do their rows.
const PEOPLE: u32 = 1_200_000;
const DAY: &str = "2025-03-05";

/// A sweep with everybody in one channel.
async fn write_crowd(archive: &Archive, day: Day) {
    let at = SlotTime::at(day, 200);
    let mut sweep = SweepWriter::new(at);
    let stream = StreamSample {
        sampled_at: at,
        channel_id: None,
        channel: "_room".parse().unwrap(),
        display_name: None,
        status: StreamStatus::Live,
        stream: Some(StreamFacts { viewer_count: Some(PEOPLE), ..StreamFacts::default() }),
        tracked: false,
        chatters_source: Some(ChattersSource::Tmi),
        list_status: ListStatus::Complete,
        speech_status: SpeechStatus::Missing,
        chatter_count: Some(PEOPLE),
    };
    sweep.push_stream(&stream).unwrap();
    let channel = "_room".parse().unwrap();
    for person in 0..PEOPLE {
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
async fn held(place: &Place) -> Option<u64> {
    let store = AnyStore::open(place.store(), Some(Origin::Simulated)).await.unwrap();
    let days = store.days().await.unwrap();
    store.close().await;
    days.into_iter().find(|record| record.day.to_string() == DAY).map(|record| record.stats.viewers)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "soak: a day of a million people"]
async fn soak_temporary_files_without_room() {
    let cluster = Cluster::start(SETTINGS);
    let place = Place::new(Some(&cluster)).await;
    let archive = Archive::open(&place.path().join("archive").display().to_string()).await.unwrap();
    write_crowd(&archive, DAY.parse().unwrap()).await;
    let words = ["import", "--day", DAY];
    // Runs do not fit; runs do, in several files, and rows do not.
    for bytes in [1 << 20, 20 << 20] {
        let done = place.run(&words, Limit::FileBytes(bytes));
        let last = done.told.lines().last().unwrap_or_default();
        assert_eq!(done.code, Some(1), "{bytes}: {}", done.told);
        assert!(
            last.starts_with("vigie: cannot import 2025-03-05") && last.contains("free some space"),
            "{bytes}: {last}"
        );
        assert!(last.contains("TMPDIR") && !done.told.contains("panicked"), "{bytes}: {}", done.told);
        assert_eq!(held(&place).await, None, "{bytes}");
    }
    let done = place.run(&words, Limit::FileBytes(200 << 20));
    assert_eq!(done.code, Some(0), "{}", done.told);
    assert_eq!(held(&place).await, Some(u64::from(PEOPLE)));
}
