//! A sweep appears: chatters first, streams last, then the manifest.

use model::slot::SlotTime;
use model::sweep::SweepSummary;
use object_store::{Error, PutMode};

use crate::Archive;
use crate::columns::FORMAT;
use crate::error::ArchiveError;
use crate::index::Index;
use crate::manifest::{Manifest, ObjectEntry, SlotName, SweepEntry, Timings};
use crate::objects::{from_json, to_json};
use crate::path::{self, Kind};
use crate::sweep_writer::{FinishedSweep, SweepWriter};
use model::words::Origin;

impl Archive {
    /// Writes a sweep, durably. Killed at any moment, the sweep is either there or not.
    ///
    /// The chatters object is created first and only if it is not there: it is the lease between two collectors.
    /// The streams object comes last: it is the commit. Errors: [`ArchiveError::SlotTaken`]; a login that is not of a
    /// simulated archive; the store.
    pub async fn commit(&self, sweep: SweepWriter, timings: Timings) -> Result<SweepSummary, ArchiveError> {
        let FinishedSweep { at, streams, chatters, summary, .. } = self.checked(sweep)?;
        let entry = SweepEntry::of(at, timings, &streams, &chatters, &summary);
        let taken = |object: String| {
            move |error| match error {
                ArchiveError::Store { source: Error::AlreadyExists { .. }, .. } => {
                    ArchiveError::SlotTaken { at, object }
                }
                other => other,
            }
        };
        let create = |object: String, bytes| async move {
            self.put(&self.store, &object, bytes, PutMode::Create).await.map_err(taken(object))
        };
        create(chatters.index.object.clone(), chatters.bytes).await?;
        for (kind, index) in [(Kind::Chatters, &chatters.index), (Kind::Streams, &streams.index)] {
            self.put(&self.store, &kind.index(at), to_json(index), PutMode::Overwrite).await?;
        }
        create(streams.index.object.clone(), streams.bytes).await?;
        self.note(at, entry).await?;
        Ok(SweepSummary { sweep_ms: timings.sweep_ms(), ..summary })
    }

    pub(crate) fn checked(&self, sweep: SweepWriter) -> Result<FinishedSweep, ArchiveError> {
        let sweep = sweep.finish();
        let mixed = self.origin == Origin::Simulated && !sweep.simulated;
        if mixed { Err(ArchiveError::NotSimulated(sweep.at)) } else { Ok(sweep) }
    }

    /// Puts a committed sweep into its day's manifest, and those that a killed program left out.
    pub(crate) async fn note(&self, at: SlotTime, entry: SweepEntry) -> Result<(), ArchiveError> {
        let _one_at_a_time = self.manifest.lock().await;
        let day = at.day();
        let empty = || Manifest { format: FORMAT, origin: self.origin, day, sweeps: Vec::new() };
        let mut manifest = self.manifest(day).await?.unwrap_or_else(empty);
        manifest.put(entry);
        for slot in self.sweeps(day).await? {
            if manifest.sweep(slot).is_none() {
                manifest.put(self.entry_of(SlotTime::new(day, slot)).await?);
            }
        }
        self.put(&self.store, &path::manifest(day), to_json(&manifest), PutMode::Overwrite).await
    }

    /// What the objects alone say of a sweep.
    pub(crate) async fn entry_of(&self, at: SlotTime) -> Result<SweepEntry, ArchiveError> {
        let (streams, chatters) =
            futures::try_join!(self.object_entry(Kind::Streams, at), self.object_entry(Kind::Chatters, at))?;
        Ok(SweepEntry { slot: SlotName(at.slot()), started: None, finished: None, streams, chatters, summary: None })
    }

    async fn object_entry(&self, kind: Kind, at: SlotTime) -> Result<ObjectEntry, ArchiveError> {
        let entry = ObjectEntry::of_bytes(kind.object(at), &self.get(&kind.object(at)).await?);
        let index = self.index(kind, at).await?.filter(|index| index.check(entry.bytes).is_ok());
        let Some(index) = index else { return Ok(entry) };
        let text_bytes = Some(index.members.iter().map(|member| member.text).sum());
        Ok(ObjectEntry { rows: Some(index.rows), text_bytes, ..entry })
    }

    /// The index of an object; nothing where there is none, as in foreign archives.
    pub(crate) async fn index(&self, kind: Kind, at: SlotTime) -> Result<Option<Index>, ArchiveError> {
        let object = kind.index(at);
        let bytes = self.get_if_there(&object).await?;
        bytes.map(|bytes| from_json(&object, &bytes)).transpose()
    }
}
