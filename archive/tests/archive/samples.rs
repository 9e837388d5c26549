//! A small archive with everything that can be in one.

use std::io::{Read as _, Write as _};

use archive::Archive;
use archive::manifest::Timings;
use archive::sweep_writer::SweepWriter;
use flate2::Compression;
use flate2::read::MultiGzDecoder;
use flate2::write::GzEncoder;
use model::identity::TwitchId;
use model::sample::{ChatterSample, StreamFacts, StreamSample};
use model::slot::SlotTime;
use model::words::{ChattersSource, Evidence, ListStatus, Origin, Role, SpeechStatus, StreamStatus};

/// 2026-11-22, slot 1 and on.
pub(crate) fn at(slot: u16) -> SlotTime {
    SlotTime::at("2026-11-22".parse().unwrap(), slot)
}

pub(crate) fn timings(at: SlotTime) -> Timings {
    Timings { started_ms: at.unix() * 1000 + 250, finished_ms: at.unix() * 1000 + 28_750 }
}

pub(crate) fn stream(at: SlotTime, login: &str) -> StreamSample {
    StreamSample {
        sampled_at: at,
        channel_id: TwitchId::new(7_001),
        channel: login.parse().unwrap(),
        display_name: Some("Ärger, \"Straße\"".into()),
        status: StreamStatus::Live,
        stream: Some(StreamFacts {
            stream_id: "40944725612".into(),
            title: "On y va, \"encore\"\nune fois 🎉".into(),
            game_id: "509658".into(),
            game: "Just Chatting".into(),
            language: "fr".into(),
            viewer_count: Some(1_234),
            started_at: Some(at.unix() - 3_605),
        }),
        tracked: true,
        chatters_source: Some(ChattersSource::Tmi),
        list_status: ListStatus::Complete,
        speech_status: SpeechStatus::Missing,
        chatter_count: Some(3),
    }
}

/// A channel of which nothing is known.
pub(crate) fn dark(at: SlotTime, login: &str, status: StreamStatus) -> StreamSample {
    StreamSample {
        sampled_at: at,
        channel_id: None,
        channel: login.parse().unwrap(),
        display_name: None,
        status,
        stream: None,
        tracked: false,
        chatters_source: None,
        list_status: ListStatus::Missing,
        speech_status: SpeechStatus::Missing,
        chatter_count: None,
    }
}

pub(crate) fn chatter(channel: &str, chatter: &str, id: u64, role: Role, evidence: Evidence) -> ChatterSample {
    ChatterSample {
        channel: channel.parse().unwrap(),
        chatter: chatter.parse().unwrap(),
        evidence,
        chatter_id: TwitchId::new(id),
        role,
    }
}

/// A sweep with every kind of row.
pub(crate) fn first_sweep() -> (Vec<StreamSample>, Vec<ChatterSample>) {
    let at = at(1);
    let irc = StreamSample {
        stream: Some(StreamFacts { viewer_count: Some(4_000), ..StreamFacts::default() }),
        display_name: None,
        chatters_source: Some(ChattersSource::Irc),
        list_status: ListStatus::Partial,
        speech_status: SpeechStatus::Complete,
        chatter_count: None,
        ..stream(at, "_irc")
    };
    let streams = vec![
        stream(at, "_abeille"),
        irc,
        dark(at, "_off", StreamStatus::OffAir),
        dark(at, "_unknown", StreamStatus::Unknown),
    ];
    let mut chatters: Vec<ChatterSample> = (Role::ALL.iter().enumerate())
        .map(|(n, role)| chatter("_abeille", &format!("_role{n}"), 0, *role, Evidence::Listed))
        .collect();
    chatters.push(chatter("_irc", "_a", 900_000_000_000_000_001, Role::Viewer, Evidence::Listed));
    chatters.push(chatter("_irc", "_a", 900_000_000_000_000_001, Role::Viewer, Evidence::Spoke));
    chatters.push(chatter("_irc", &format!("_{}", "z".repeat(24)), 2, Role::Unknown, Evidence::Spoke));
    (streams, chatters)
}

/// A sweep of several members: one channel alone is larger than a member.
pub(crate) fn second_sweep() -> (Vec<StreamSample>, Vec<ChatterSample>) {
    let at = at(2);
    let streams = ["_big", "_small", "_tiny"].map(|login| stream(at, login)).to_vec();
    let mut chatters: Vec<ChatterSample> =
        (0..3_000).map(|n| chatter("_big", &format!("_p{:06}", n * 37), 0, Role::Viewer, Evidence::Listed)).collect();
    chatters.push(chatter("_small", "_p000037", 0, Role::Moderator, Evidence::Listed));
    chatters.extend((0..200).map(|n| chatter("_tiny", &format!("_q{n:03}"), 0, Role::Viewer, Evidence::Listed)));
    (streams, chatters)
}

pub(crate) fn writer((streams, chatters): &(Vec<StreamSample>, Vec<ChatterSample>)) -> SweepWriter {
    let mut writer = SweepWriter::new(streams[0].sampled_at);
    for row in streams {
        writer.push_stream(row).unwrap();
    }
    for row in chatters {
        writer.push_chatter(row).unwrap();
    }
    writer
}

/// One gzip member.
pub(crate) fn gzip(text: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(text).unwrap();
    encoder.finish().unwrap()
}

/// The text of one, or of several.
pub(crate) fn gunzip(member: &[u8]) -> String {
    let mut text = String::new();
    MultiGzDecoder::new(member).read_to_string(&mut text).unwrap();
    text
}

/// Both sweeps in a new archive.
pub(crate) async fn small_archive(folder: &std::path::Path) -> Archive {
    let archive = Archive::create(folder.to_str().unwrap(), Origin::Simulated).await.unwrap();
    for sweep in [first_sweep(), second_sweep()] {
        let writer = writer(&sweep);
        let at = writer.at();
        archive.commit(writer, timings(at)).await.unwrap();
    }
    archive
}
