//! What was true and what was told, request by request, apart from the wire: what clients are judged by.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, Write as _};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use archive::time::rfc3339;
use axum::http::Uri;
use model::slot::SlotTime;
use serde::{Serialize, Serializer};

use crate::error::SimulatorError;
use crate::server::faults::Fault;

/// One request, and what came of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// How many came before it.
    pub number: u64,
    /// What was asked for. Of the query it has the values that are neither secrets nor people.
    pub path: String,
    /// When it was answered, in virtual Unix seconds.
    #[serde(serialize_with = "time")]
    pub at: i64,
    /// The slot that the answer is about, where it is about one.
    #[serde(serialize_with = "start")]
    pub slot: Option<SlotTime>,
    /// The status that it was answered with; nothing where the connection was reset.
    pub status: Option<u16>,
    /// How many people or channels a whole answer names, where it names some.
    pub truly: Option<u32>,
    /// How many the answer was made to name.
    pub told: Option<u32>,
    /// What went wrong with the answer.
    pub fault: Option<Fault>,
    /// Twitch itself could not answer: an outage of its world.
    pub outage: bool,
}

impl Entry {
    /// Whether the client got all that is true.
    pub fn is_true(&self) -> bool {
        !self.outage && self.status == Some(200) && matches!(self.fault, None | Some(Fault::Slow))
    }
}

/// What whoever made an answer knows of it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Note {
    pub(super) slot: SlotTime,
    pub(super) truly: Option<u32>,
    pub(super) told: Option<u32>,
    /// The fault of contents that was done.
    pub(super) fault: Option<Fault>,
    pub(super) outage: bool,
}

impl Note {
    /// All of it.
    pub(super) fn whole(slot: SlotTime, count: usize) -> Note {
        let count = Some(count as u32);
        Note { slot, truly: count, told: count, fault: None, outage: false }
    }

    /// Nothing, for Twitch itself could not.
    pub(super) fn outage(slot: SlotTime) -> Note {
        Note { slot, truly: None, told: None, fault: None, outage: true }
    }
}

/// The last requests. Clones share it.
#[derive(Clone, Debug)]
pub struct Log(Arc<Mutex<Kept>>);

#[derive(Debug)]
struct Kept {
    entries: VecDeque<Entry>,
    most: usize,
    forgotten: u64,
    file: Option<File>,
}

impl Log {
    /// Keeps so many.
    pub(super) fn new(most: usize) -> Log {
        Log(Arc::new(Mutex::new(Kept { entries: VecDeque::new(), most, forgotten: 0, file: None })))
    }

    /// What it keeps, the oldest first.
    pub fn entries(&self) -> Vec<Entry> {
        self.lock().entries.iter().cloned().collect()
    }

    /// How many older ones it forgot.
    pub fn forgotten(&self) -> u64 {
        self.lock().forgotten
    }

    /// Writes each request from now on to a file too, a line of JSON for each; what is in the file stays. Errors: it cannot be
    /// opened.
    pub fn write_to(&self, path: &Path) -> Result<(), SimulatorError> {
        let opened = File::options().append(true).create(true).open(path);
        self.lock().file = Some(opened.map_err(|source| SimulatorError::File { path: path.to_owned(), source })?);
        Ok(())
    }

    pub(super) fn push(&self, entry: Entry) {
        let mut kept = self.lock();
        // A line is written while requests wait: it is short, and this is an instrument.
        if let Err(error) = kept.file.as_mut().map_or(Ok(()), |file| write(file, &entry)) {
            let error = &error as &dyn std::error::Error;
            tracing::error!(error, "the log of requests is not written any more");
            kept.file = None;
        }
        kept.entries.push_back(entry);
        while kept.entries.len() > kept.most {
            kept.entries.pop_front();
            kept.forgotten += 1;
        }
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn write(file: &mut File, entry: &Entry) -> io::Result<()> {
    let mut line = serde_json::to_vec(entry)?;
    line.push(b'\n');
    file.write_all(&line)
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn time<S: Serializer>(unix: &i64, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&rfc3339(*unix))
}

#[expect(clippy::ref_option, clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn start<S: Serializer>(slot: &Option<SlotTime>, serializer: S) -> Result<S::Ok, S::Error> {
    slot.map(|slot| slot.to_string()).serialize(serializer)
}

/// The path, and of the query what is neither a secret nor somebody: of the rest how often it is there.
pub(super) fn path(uri: &Uri) -> String {
    let mut text = uri.path().to_owned();
    let mut hidden: Vec<(&str, u32)> = Vec::new();
    let mut told = String::new();
    for pair in uri.query().unwrap_or_default().split('&').filter(|pair| !pair.is_empty()) {
        let key = pair.split_once('=').map_or(pair, |(key, _)| key);
        if matches!(key, "first" | "after" | "language" | "game_id" | "type") {
            told.push('&');
            told.push_str(pair);
        } else {
            match hidden.iter_mut().find(|(name, _)| *name == key) {
                Some((_, times)) => *times += 1,
                None => hidden.push((key, 1)),
            }
        }
    }
    told.extend(hidden.iter().map(|(key, times)| format!("&{key}×{times}")));
    if !told.is_empty() {
        text.push('?');
        text.push_str(&told[1..]);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_told_without_people() {
        let told = |uri: &str| path(&uri.parse().unwrap());
        assert_eq!(told("/helix/users?login=a&login=b&id=7"), "/helix/users?login×2&id×1");
        let page = "/helix/streams?first=100&user_id=7&after=from100";
        assert_eq!(told(page), "/helix/streams?first=100&after=from100&user_id×1");
        assert_eq!(told("/oauth2/validate"), "/oauth2/validate");
    }

    #[test]
    fn the_oldest_are_forgotten() {
        let log = Log::new(2);
        let entry = |number| Entry {
            number,
            path: "/helix/users".to_owned(),
            at: 1_795_348_800,
            slot: None,
            status: Some(502),
            truly: Some(3),
            told: None,
            fault: Some(Fault::BadGateway),
            outage: false,
        };
        (0..5).for_each(|number| log.push(entry(number)));
        let kept: Vec<u64> = log.entries().iter().map(|entry| entry.number).collect();
        assert_eq!((kept, log.forgotten()), (vec![3, 4], 3));
        let line = serde_json::to_string(&entry(7)).unwrap();
        assert!(line.contains(r#""at":"2026-11-22T12:00:00Z""#) && line.contains(r#""fault":"bad_gateway""#), "{line}");
    }
}
