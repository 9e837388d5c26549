//! Days written as archives, and stores to import them into.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use archive::Archive;
use archive::manifest::Timings;
use archive::sweep_writer::SweepWriter;
use flate2::Compression;
use flate2::write::GzEncoder;
use importer::error::ImportError;
use importer::import::{ImportOrder, ImportReport, import_day};
use importer::options::ImportOptions;
use model::day::Day;
use model::sample::{ChatterSample, StreamFacts, StreamSample};
use model::slot::SlotTime;
use model::words::{ChattersSource, Evidence, ListStatus, Origin, Role, SpeechStatus, StreamStatus};
use store::AnyStore;
use store::access::{Job, JobKey};
use tempfile::TempDir;

/// An archive and a store of simulated data in a temporary folder.
pub(crate) struct World {
    pub(crate) folder: TempDir,
    pub(crate) archive: Archive,
    /// What waits for it.
    pub(crate) spool: Archive,
    pub(crate) store: AnyStore,
}

impl World {
    pub(crate) async fn new() -> World {
        let folder = tempfile::tempdir().unwrap();
        let place = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
        let archive = Archive::create(&place("archive"), Origin::Simulated).await.unwrap();
        let spool = Archive::create(&place("spool"), Origin::Simulated).await.unwrap();
        let store = AnyStore::open(&place("store"), Some(Origin::Simulated)).await.unwrap();
        World { folder, archive, spool, store }
    }

    pub(crate) async fn import(&self, day: Day, provisional: bool) -> Result<ImportReport, ImportError> {
        self.import_with(day, provisional, &ImportOptions::default()).await
    }

    pub(crate) async fn import_with(
        &self,
        day: Day,
        provisional: bool,
        options: &ImportOptions,
    ) -> Result<ImportReport, ImportError> {
        let order = ImportOrder { day, provisional, now: day.start_unix() + 90_000 };
        import_day(&self.archive, &self.store, &job(), order, options, |_| {}).await
    }
}

pub(crate) fn job() -> JobKey {
    JobKey::grant(Job::Import)
}

pub(crate) fn day() -> Day {
    "2026-11-18".parse().unwrap()
}

/// A live channel with a complete list, of which speech is heard too.
pub(crate) fn live(at: SlotTime, login: &str) -> StreamSample {
    StreamSample {
        sampled_at: at,
        channel_id: None,
        channel: login.parse().unwrap(),
        display_name: None,
        status: StreamStatus::Live,
        stream: Some(StreamFacts { stream_id: "1".into(), viewer_count: Some(100), ..StreamFacts::default() }),
        tracked: false,
        chatters_source: Some(ChattersSource::Tmi),
        list_status: ListStatus::Complete,
        speech_status: SpeechStatus::Complete,
        chatter_count: Some(80),
    }
}

pub(crate) fn row(channel: &str, chatter: &str, evidence: Evidence) -> ChatterSample {
    ChatterSample {
        channel: channel.parse().unwrap(),
        chatter: chatter.parse().unwrap(),
        evidence,
        chatter_id: None,
        role: Role::Viewer,
    }
}

/// A sweep with these rows, which are sorted here.
pub(crate) fn writer(at: SlotTime, mut streams: Vec<StreamSample>, mut chatters: Vec<ChatterSample>) -> SweepWriter {
    streams.sort_by(|a, b| a.channel.cmp(&b.channel));
    chatters.sort();
    let mut writer = SweepWriter::new(at);
    for row in &streams {
        writer.push_stream(row).unwrap();
    }
    for row in &chatters {
        writer.push_chatter(row).unwrap();
    }
    writer
}

/// An object as a stranger would write it: one gzip member.
pub(crate) fn put(folder: &Path, object: &str, text: &str) {
    let path = folder.join(object);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(text.as_bytes()).unwrap();
    fs::write(path, encoder.finish().unwrap()).unwrap();
}

/// A sweep that took a second and a half.
pub(crate) fn timings(at: SlotTime) -> Timings {
    Timings { started_ms: at.unix() * 1000, finished_ms: at.unix() * 1000 + 1_500 }
}

/// Commits one sweep, as a collector does.
pub(crate) async fn sweep(archive: &Archive, at: SlotTime, streams: Vec<StreamSample>, chatters: Vec<ChatterSample>) {
    archive.commit(writer(at, streams, chatters), timings(at)).await.unwrap();
}
