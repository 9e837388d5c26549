//! A small day in an archive.

use archive::Archive;
use archive::chatters::ChatterRow;
use archive::day_writer::DayWriter;
use archive::manifest::Timings;
use archive::sweep_writer::SweepWriter;
use model::day::Day;
use model::identity::TwitchId;
use model::login::Login;
use model::sample::{StreamFacts, StreamSample};
use model::slot::SlotTime;
use model::words::{ChattersSource, Evidence, ListStatus, Origin, Role, SpeechStatus, StreamStatus};
use tempfile::TempDir;

pub(crate) const CHANNELS: usize = 3;
pub(crate) const PEOPLE: usize = 2_500;

pub(crate) fn day() -> Day {
    "2026-11-22".parse().unwrap()
}

/// Five sweeps of three chats, each of several members; titles hold quotes, commas and line breaks.
pub(crate) async fn archive() -> (TempDir, Archive) {
    let folder = TempDir::new().unwrap();
    let archive = Archive::create(&folder.path().to_string_lossy(), Origin::Simulated).await.unwrap();
    let writer = DayWriter::new(&archive, day()).await.unwrap();
    for slot in [3, 60, 120, 180, 285] {
        let at = SlotTime::at(day(), slot);
        let mut sweep = SweepWriter::new(at);
        for number in 0..CHANNELS {
            let channel: Login = format!("_channel{number}").parse().unwrap();
            sweep.push_stream(&stream(at, &channel)).unwrap();
            for person in 0..PEOPLE {
                sweep
                    .push_row(&ChatterRow {
                        channel: &channel,
                        chatter: &format!("_p{:06}", person * 37 + usize::from(slot)),
                        id: TwitchId::new(person as u64 * 7_919 + 1),
                        role: Role::Viewer,
                        evidence: Evidence::Listed,
                    })
                    .unwrap();
            }
        }
        writer
            .commit(sweep, Timings { started_ms: at.unix() * 1000, finished_ms: at.unix() * 1000 + 9 })
            .await
            .unwrap();
    }
    writer.close().await.unwrap();
    (folder, archive)
}

fn stream(at: SlotTime, channel: &Login) -> StreamSample {
    StreamSample {
        sampled_at: at,
        channel_id: TwitchId::new(7_001),
        channel: channel.clone(),
        display_name: None,
        status: StreamStatus::Live,
        stream: Some(StreamFacts {
            title: "On y va, \"encore\"\nune fois".into(),
            viewer_count: Some(1_234),
            ..StreamFacts::default()
        }),
        tracked: true,
        chatters_source: Some(ChattersSource::Tmi),
        list_status: ListStatus::Complete,
        speech_status: SpeechStatus::Missing,
        chatter_count: Some(3),
    }
}
