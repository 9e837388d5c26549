//! Past days written at once, by whoever can make them again.

use std::sync::{Mutex, PoisonError};

use model::day::Day;
use model::sweep::SweepSummary;
use object_store::PutMode;

use crate::Archive;
use crate::columns::FORMAT;
use crate::error::ArchiveError;
use crate::manifest::{Manifest, SweepEntry, Timings};
use crate::objects::to_json;
use crate::path::{self, Kind};
use crate::sweep_writer::SweepWriter;

/// Writes the sweeps of one past day in any order, then its manifest, whose presence says that the day is whole.
///
/// It takes no lease and overwrites what a killed run left: for a day that only this program writes.
#[derive(Debug)]
pub struct DayWriter {
    archive: Archive,
    manifest: Mutex<Manifest>,
}

impl DayWriter {
    /// Begins a day. Errors: [`ArchiveError::DayTaken`] when it has a manifest.
    pub async fn new(archive: &Archive, day: Day) -> Result<DayWriter, ArchiveError> {
        if archive.manifest(day).await?.is_some() {
            return Err(ArchiveError::DayTaken(day));
        }
        let manifest = Manifest { format: FORMAT, origin: archive.origin(), day, sweeps: Vec::new() };
        Ok(DayWriter { archive: archive.clone(), manifest: Mutex::new(manifest) })
    }

    /// Writes a sweep of the day; several may be written at once. Errors: another day's; a login that is not of a
    /// simulated archive; the store.
    pub async fn commit(&self, sweep: SweepWriter, timings: Timings) -> Result<SweepSummary, ArchiveError> {
        let archive = &self.archive;
        let sweep = archive.checked(sweep)?;
        let at = sweep.at;
        if at.day() != self.manifest.lock().unwrap_or_else(PoisonError::into_inner).day {
            return Err(ArchiveError::DayTaken(at.day()));
        }
        let entry = SweepEntry::of(at, timings, &sweep.streams, &sweep.chatters, &sweep.summary);
        for (kind, object) in [(Kind::Chatters, sweep.chatters), (Kind::Streams, sweep.streams)] {
            archive.put(&archive.hasty, &kind.index(at), to_json(&object.index), PutMode::Overwrite).await?;
            archive.put(&archive.hasty, &object.index.object, object.bytes, PutMode::Overwrite).await?;
        }
        self.manifest.lock().unwrap_or_else(PoisonError::into_inner).put(entry);
        Ok(SweepSummary { sweep_ms: timings.sweep_ms(), ..sweep.summary })
    }

    /// Writes the manifest: the day is whole.
    pub async fn close(self) -> Result<(), ArchiveError> {
        let manifest = self.manifest.into_inner().unwrap_or_else(PoisonError::into_inner);
        let object = path::manifest(manifest.day);
        self.archive.put(&self.archive.store, &object, to_json(&manifest), PutMode::Create).await
    }
}
