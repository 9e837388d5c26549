//! What a day's manifest says, and what the archive says of itself.

use model::day::Day;
use model::slot::{Slot, SlotTime};
use model::sweep::SweepSummary;
use model::words::Origin;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::error::ArchiveError;
use crate::gzip::Object;
use crate::path::{self, Kind};
use crate::time::{parse_rfc3339_ms, rfc3339_ms};

/// `manifest/archive.json`: written once, when the archive is created.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Description {
    /// The version of the columns, folders and members: [`crate::columns::FORMAT`].
    pub format: u32,
    /// Where all of its data come from.
    pub origin: Origin,
}

/// `manifest/date=….json`: the day's objects, with their checksums and the true moments of the calls.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The version of the columns, folders and members.
    pub format: u32,
    /// Where its data come from; the same in all manifests of an archive.
    pub origin: Origin,
    /// The UTC day.
    pub day: Day,
    /// Its sweeps, by slot. A sweep is there if its `streams/` object is, even when the manifest lacks it: the
    /// manifest is written after it, and mended by the next sweep.
    pub sweeps: Vec<SweepEntry>,
}

/// One sweep in a manifest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SweepEntry {
    /// `HHMM` of its slot.
    pub slot: SlotName,
    /// When it began, RFC 3339 in UTC; nothing when it was not noted (the program was killed between the two).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started: Option<String>,
    /// When its last call had been answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finished: Option<String>,
    /// The `streams/` object.
    pub streams: ObjectEntry,
    /// The `chatters/` object.
    pub chatters: ObjectEntry,
    /// The sweep summed up; nothing when it was not noted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub summary: Option<SummaryEntry>,
}

/// A slot, written `HHMM` as in the objects' names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct SlotName(pub Slot);

/// One object in a manifest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ObjectEntry {
    /// From the archive's root.
    pub path: String,
    /// SHA-256 of the compressed object, in hexadecimal.
    pub sha256: String,
    /// Its length in bytes.
    pub bytes: u64,
    /// Its length once inflated; nothing when it was not noted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text_bytes: Option<u64>,
    /// Rows, the header line not counted; nothing when it was not noted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rows: Option<u64>,
}

/// [`SweepSummary`] in words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SummaryEntry {
    /// Channels on air.
    pub live: u32,
    /// Σ viewers of the channels on air.
    pub viewers: u64,
    /// Σ chatters of the complete lists.
    pub chatters: u64,
    /// Lists complete.
    pub complete: u32,
    /// Lists that prove presence only.
    pub partial: u32,
    /// Live channels without a list.
    pub missing: u32,
    /// Channels of which asking failed.
    pub unknown: u32,
}

/// The true moments of a sweep, Unix time in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timings {
    /// Before its first call.
    pub started_ms: i64,
    /// After its last answer.
    pub finished_ms: i64,
}

impl Timings {
    /// How long it took, in milliseconds.
    pub fn sweep_ms(self) -> u32 {
        u32::try_from((self.finished_ms - self.started_ms).max(0)).unwrap_or(u32::MAX)
    }
}

impl Manifest {
    /// The entry of a slot.
    pub fn sweep(&self, slot: Slot) -> Option<&SweepEntry> {
        self.sweeps.iter().find(|entry| entry.slot.0 == slot)
    }

    /// The sweeps that it lists and that are not among these, the day's: their `streams/` objects were lost. Whoever wants
    /// no sweep between the two called lost reads the manifest first, which is written last.
    pub fn lost(&self, there: &[Slot]) -> impl Iterator<Item = (Slot, ArchiveError)> {
        let gone = self.sweeps.iter().map(|entry| entry.slot.0).filter(|slot| !there.contains(slot));
        gone.map(|slot| {
            let object = Kind::Streams.object(SlotTime::new(self.day, slot));
            (slot, ArchiveError::Lost { object, manifest: path::manifest(self.day) })
        })
    }

    /// Puts an entry in its place, instead of one that was there for the slot.
    pub(crate) fn put(&mut self, entry: SweepEntry) {
        match self.sweeps.binary_search_by_key(&entry.slot, |entry| entry.slot) {
            Ok(place) => self.sweeps[place] = entry,
            Err(place) => self.sweeps.insert(place, entry),
        }
    }
}

impl SweepEntry {
    /// How long the sweep took, where it was noted, in milliseconds.
    pub fn sweep_ms(&self) -> Option<u32> {
        let started_ms = parse_rfc3339_ms(self.started.as_deref()?)?;
        let finished_ms = parse_rfc3339_ms(self.finished.as_deref()?)?;
        Some(Timings { started_ms, finished_ms }.sweep_ms())
    }

    /// The entry of a sweep just written.
    pub(crate) fn of(
        at: SlotTime,
        timings: Timings,
        streams: &Object,
        chatters: &Object,
        sum: &SweepSummary,
    ) -> SweepEntry {
        SweepEntry {
            slot: SlotName(at.slot()),
            started: Some(rfc3339_ms(timings.started_ms)),
            finished: Some(rfc3339_ms(timings.finished_ms)),
            streams: ObjectEntry::of(streams),
            chatters: ObjectEntry::of(chatters),
            summary: Some(SummaryEntry {
                live: sum.live,
                viewers: sum.viewers,
                chatters: sum.chatters,
                complete: sum.complete,
                partial: sum.partial,
                missing: sum.missing,
                unknown: sum.unknown,
            }),
        }
    }
}

impl ObjectEntry {
    fn of(object: &Object) -> ObjectEntry {
        ObjectEntry {
            text_bytes: Some(object.text_bytes()),
            rows: Some(object.index.rows),
            ..ObjectEntry::of_bytes(object.index.object.clone(), &object.bytes)
        }
    }

    /// The entry of an object of which only the bytes are known.
    pub(crate) fn of_bytes(path: String, bytes: &[u8]) -> ObjectEntry {
        ObjectEntry {
            path,
            sha256: hex(&Sha256::digest(bytes)),
            bytes: bytes.len() as u64,
            text_bytes: None,
            rows: None,
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    let digit = |nibble: u8| char::from(b"0123456789abcdef"[usize::from(nibble)]);
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

impl From<SlotName> for String {
    fn from(name: SlotName) -> String {
        name.0.hhmm()
    }
}

impl TryFrom<String> for SlotName {
    type Error = String;
    fn try_from(text: String) -> Result<SlotName, String> {
        Slot::from_hhmm(&text)
            .map(SlotName)
            .ok_or_else(|| format!("{text:?} is no slot, HHMM in steps of five minutes"))
    }
}
