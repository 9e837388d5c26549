//! A sweep that goes from one archive into another: out of a spool, once the store behind it answers again.

use bytes::Bytes;
use futures::TryStreamExt;
use model::slot::SlotTime;
use model::words::Origin;
use object_store::{Error, PutMode};

use crate::error::ArchiveError;
use crate::index::Index;
use crate::manifest::{ObjectEntry, SweepEntry};
use crate::objects::from_json;
use crate::path::{DESCRIPTION, Kind};
use crate::{Archive, list_error};

/// A committed sweep as it lies in an archive, byte for byte.
#[derive(Clone, Debug)]
pub struct WholeSweep {
    at: SlotTime,
    origin: Origin,
    entry: SweepEntry,
    chatters: Bytes,
    streams: Bytes,
    /// Of chatters, then of streams; nothing where there is none.
    indexes: [Option<Bytes>; 2],
}

/// The kinds in the order in which a sweep appears.
const KINDS: [Kind; 2] = [Kind::Chatters, Kind::Streams];

impl Archive {
    /// A committed sweep, to be taken over by another archive. Errors: it is not there, or the store's.
    pub async fn whole_sweep(&self, at: SlotTime) -> Result<WholeSweep, ArchiveError> {
        let noted = self.manifest(at.day()).await?.and_then(|manifest| manifest.sweep(at.slot()).cloned());
        let (chatters, chatters_index) = self.object_with_index(Kind::Chatters, at).await?;
        let (streams, streams_index) = self.object_with_index(Kind::Streams, at).await?;
        // Of one that somebody was taken out of meanwhile the manifest is made true last.
        let is_of = |noted: &ObjectEntry, bytes: &Bytes| {
            *noted.sha256 == ObjectEntry::of_bytes(noted.path.clone(), bytes).sha256
        };
        let noted = noted.filter(|entry| is_of(&entry.chatters, &chatters) && is_of(&entry.streams, &streams));
        let entry = match noted {
            Some(entry) => entry,
            None => self.entry_of(at).await?,
        };
        let indexes = [chatters_index, streams_index];
        Ok(WholeSweep { at, origin: self.origin, entry, chatters, streams, indexes })
    }

    /// An object, and its index where there is one. Errors: the two do not belong together, as while it is rewritten.
    async fn object_with_index(&self, kind: Kind, at: SlotTime) -> Result<(Bytes, Option<Bytes>), ArchiveError> {
        let object = kind.object(at);
        let bytes = self.get(&object).await?;
        let index = self.get_if_there(&kind.index(at)).await?;
        if let Some(index) = &index {
            let index: Index = from_json(&kind.index(at), index)?;
            index.check(bytes.len() as u64).map_err(|flaw| flaw.of(&object))?;
        }
        Ok((bytes, index))
    }

    /// Takes over what another archive gave, as [`Archive::commit`] makes a sweep appear. Killed at any moment and done
    /// again, it is here once. Errors: the other archive has the other origin; [`ArchiveError::SlotTaken`] where another
    /// sweep of the slot is here; the store's.
    pub async fn adopt(&self, sweep: &WholeSweep) -> Result<(), ArchiveError> {
        let at = sweep.at;
        if sweep.origin != self.origin {
            let (object, found) = (DESCRIPTION.to_owned(), sweep.origin);
            return Err(ArchiveError::Origin { object, found, wanted: self.origin });
        }
        self.create_same(Kind::Chatters, at, &sweep.chatters).await?;
        for (kind, index) in KINDS.iter().zip(&sweep.indexes) {
            if let Some(index) = index {
                self.put(&self.store, &kind.index(at), index.clone(), PutMode::Overwrite).await?;
            }
        }
        self.create_same(Kind::Streams, at, &sweep.streams).await?;
        self.note(at, sweep.entry.clone()).await
    }

    /// Creates an object, unless the very same is there: a run before this one was stopped behind it.
    async fn create_same(&self, kind: Kind, at: SlotTime, bytes: &Bytes) -> Result<(), ArchiveError> {
        let object = kind.object(at);
        match self.put(&self.store, &object, bytes.clone(), PutMode::Create).await {
            Err(ArchiveError::Store { source: Error::AlreadyExists { .. }, .. }) => {
                let same = self.get(&object).await? == *bytes;
                if same { Ok(()) } else { Err(ArchiveError::SlotTaken { at, object }) }
            }
            created => created,
        }
    }

    /// Removes a sweep, its streams first: without them it is none. Done again after a stop it removes the rest. The day's
    /// manifest stays as it was. Errors: the store's.
    pub async fn remove_sweep(&self, at: SlotTime) -> Result<(), ArchiveError> {
        for kind in KINDS.iter().rev() {
            self.remove(&kind.object(at)).await?;
            self.remove(&kind.index(at)).await?;
        }
        Ok(())
    }

    /// The length in bytes of all its objects. Errors: the store cannot be listed.
    pub async fn bytes(&self) -> Result<u64, ArchiveError> {
        let objects = self.store.list(None);
        let sum = objects.try_fold(0, |sum, object| std::future::ready(Ok(sum + object.size)));
        sum.await.map_err(list_error(&self.place))
    }
}
