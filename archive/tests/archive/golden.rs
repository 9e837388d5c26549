//! Archives of every version, kept for good: their bytes are read to this meaning for as long as there is a reader.
//!
//! `golden/v1/archive` was written by the first version and is never written again. That the writer still makes the
//! same bytes holds for as long as its compressor does; when a new zlib-rs compresses otherwise, add the format's next
//! golden folder for the writer and keep this one for the reader.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use archive::Archive;
use archive::manifest::{Manifest, SweepEntry};
use model::identity::TwitchId;
use model::slot::SlotTime;
use serde_json::{Value, json};
use tempfile::tempdir;

fn golden() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("golden/v1")
}

fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.insert(path.strip_prefix(folder).unwrap().to_owned(), fs::read(&path).unwrap());
            }
        }
    }
    found
}

/// What an archive says, in the words of `meaning.json`.
async fn meaning(archive: &Archive) -> Value {
    let mut sweeps = Vec::new();
    for day in archive.days().await.unwrap() {
        let manifest: Manifest = archive.manifest(day).await.unwrap().unwrap();
        for slot in archive.sweeps(day).await.unwrap() {
            let at = SlotTime::new(day, slot);
            let streams: Vec<Value> = (archive.read_streams(at).await.unwrap().iter())
                .map(|row| {
                    json!({
                        "channel": row.channel, "channel_id": row.channel_id.map(TwitchId::get), "display_name": row.display_name,
                        "status": row.status, "tracked": row.tracked, "chatters_source": row.chatters_source,
                        "list_status": row.list_status, "speech_status": row.speech_status, "chatter_count": row.chatter_count,
                        "stream": row.stream.as_ref().map(|facts| json!({
                            "stream_id": facts.stream_id, "title": facts.title, "game_id": facts.game_id, "game": facts.game,
                            "language": facts.language, "viewer_count": facts.viewer_count, "started_at": facts.started_at,
                        })),
                    })
                })
                .collect();
            let mut chatters: BTreeMap<String, Vec<String>> = BTreeMap::new();
            for row in archive.read_chatters(at).await.unwrap().iter() {
                let id = row.id.map(|id| id.to_string()).unwrap_or_default();
                let text = format!("{}|{id}|{}|{}", row.chatter, row.role, row.evidence);
                chatters.entry(row.channel.to_string()).or_default().push(text);
            }
            let sweep_ms = manifest.sweep(slot).and_then(SweepEntry::sweep_ms);
            sweeps.push(
                json!({ "sampled_at": at.to_string(), "sweep_ms": sweep_ms, "streams": streams, "chatters": chatters }),
            );
        }
    }
    json!({ "origin": archive.origin(), "sweeps": sweeps })
}

#[tokio::test]
async fn version_1_is_read_to_its_meaning() {
    let archive = Archive::open(golden().join("archive").to_str().unwrap()).await.unwrap();
    let wanted: Value = serde_json::from_slice(&fs::read(golden().join("meaning.json")).unwrap()).unwrap();
    assert_eq!(meaning(&archive).await, wanted);
}

#[tokio::test]
async fn the_writer_makes_the_same_bytes() {
    let folder = tempdir().unwrap();
    crate::samples::small_archive(folder.path()).await;
    let (written, kept) = (files(folder.path()), files(&golden().join("archive")));
    assert_eq!(written.keys().collect::<Vec<_>>(), kept.keys().collect::<Vec<_>>());
    assert_eq!(kept.len(), 10);
    for (path, bytes) in &kept {
        assert!(written[path] == *bytes, "{} differs", path.display());
    }
}
