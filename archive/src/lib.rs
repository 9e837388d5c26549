//! The archive format: many-member gzip CSV, its index and its manifests. `docs/archive-format.md` describes it to
//! strangers.
//!
//! [`sweep_writer::SweepWriter`] takes a sweep's rows, [`Archive::commit`] makes it appear whole, [`read`] gives it back;
//! [`day_writer`] writes past days at once. An object that cannot be understood is an [`error::ArchiveError`] with its
//! name and line, never a panic.

use std::sync::Arc;

use futures::TryStreamExt;
use model::day::Day;
use model::slot::Slot;
use model::words::Origin;
use object_store::path::Path;
use object_store::{ObjectStore, PutMode};
use tokio::sync::{Mutex, Semaphore};

use crate::columns::FORMAT;
use crate::error::{ArchiveError, Flaw};
use crate::manifest::{Description, Manifest};
use crate::path::{DESCRIPTION, Kind, day_of_folder, slot_of_object};

pub mod adopt;
pub mod chatters;
mod chatters_text;
pub mod columns;
mod commit;
pub mod day_chatters;
pub mod day_writer;
mod delete;
pub mod erase;
pub mod error;
pub mod gzip;
pub mod index;
pub mod manifest;
mod objects;
pub mod part_reader;
pub mod path;
mod place;
pub mod probe;
pub mod read;
mod reindex;
pub mod renamed;
pub mod stays;
mod streams;
pub mod summary;
pub mod sweep_writer;
pub mod time;

/// An archive: a place for objects, with one origin. Cheap to clone; clones share their bounds.
#[derive(Clone, Debug)]
pub struct Archive {
    place: Arc<str>,
    origin: Origin,
    /// Writes reach the disk before they are answered.
    store: Arc<dyn ObjectStore>,
    /// The same place for what can be written again: answered before it reaches the disk.
    hasty: Arc<dyn ObjectStore>,
    /// One writer of a manifest at a time.
    manifest: Arc<Mutex<()>>,
    /// One inflating thread a core: more only take memory.
    workers: Arc<Semaphore>,
}

impl Archive {
    /// Opens the archive in a place: a folder (a path, or `file://` and one), or a bucket (`s3://bucket/folder`,
    /// `gs://…`, `az://…`) with the credentials of the environment. Errors: no archive there, or a newer format.
    pub async fn open(place: &str) -> Result<Archive, ArchiveError> {
        let (store, hasty) = place::open(place, false)?;
        Archive::over(store, hasty, place, None).await
    }

    /// Opens the archive in a place, or makes one of this origin; a foreign archive becomes one by this.
    /// Errors: an archive of the other origin is there, or the place cannot be used.
    pub async fn create(place: &str, origin: Origin) -> Result<Archive, ArchiveError> {
        let (store, hasty) = place::open(place, true)?;
        Archive::over(store, hasty, place, Some(origin)).await
    }

    /// An archive over any object store; `hasty` is the same one, or one that answers before its writes are on disk.
    /// Without an origin there has to be an archive. `place` is what errors call it.
    pub async fn over(
        store: Arc<dyn ObjectStore>,
        hasty: Arc<dyn ObjectStore>,
        place: &str,
        origin: Option<Origin>,
    ) -> Result<Archive, ArchiveError> {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let mut archive = Archive {
            place: place.into(),
            origin: origin.unwrap_or(Origin::Real),
            store,
            hasty,
            manifest: Arc::new(Mutex::new(())),
            workers: Arc::new(Semaphore::new(cores)),
        };
        let mut found = archive.found_origin().await?;
        if let (None, Some(origin)) = (&found, origin) {
            let description = objects::to_json(&Description { format: FORMAT, origin });
            match archive.put(&archive.store, DESCRIPTION, description, PutMode::Create).await {
                // Somebody else made it meanwhile: theirs holds.
                Err(ArchiveError::Store { source: object_store::Error::AlreadyExists { .. }, .. }) => {
                    found = archive.found_origin().await?;
                }
                made => made?,
            }
        }
        match (found, origin) {
            (Some((object, found)), Some(wanted)) if found != wanted => {
                Err(ArchiveError::Origin { object, found, wanted })
            }
            (None, None) => Err(ArchiveError::NoArchive(place.to_owned())),
            (found, _) => {
                archive.origin = found.map_or(archive.origin, |(_, origin)| origin);
                Ok(archive)
            }
        }
    }

    /// Where all its data come from.
    pub fn origin(&self) -> Origin {
        self.origin
    }

    /// What it was opened as.
    pub fn place(&self) -> &str {
        &self.place
    }

    /// The days that have a folder of streams, in order. One whose first sweep was never finished has no sweep.
    pub async fn days(&self) -> Result<Vec<Day>, ArchiveError> {
        let folder = Kind::Streams.folder();
        let listed = self.store.list_with_delimiter(Some(&Path::from(folder))).await.map_err(list_error(folder))?;
        let mut days: Vec<Day> =
            listed.common_prefixes.iter().filter_map(|path| day_of_folder(path.as_ref())).collect();
        days.sort_unstable();
        Ok(days)
    }

    /// The committed sweeps of a day, in order: those with a `streams/` object.
    pub async fn sweeps(&self, day: Day) -> Result<Vec<Slot>, ArchiveError> {
        self.slots_of(Kind::Streams.folder(), day).await
    }

    /// The slots of a day that have an object in this folder, in order.
    async fn slots_of(&self, folder: &str, day: Day) -> Result<Vec<Slot>, ArchiveError> {
        let folder = path::day_folder(folder, day);
        let listed: Vec<_> =
            self.store.list(Some(&Path::from(folder.as_str()))).try_collect().await.map_err(list_error(&folder))?;
        let mut slots: Vec<Slot> =
            listed.iter().filter_map(|object| slot_of_object(object.location.as_ref())).collect();
        slots.sort_unstable();
        slots.dedup();
        Ok(slots)
    }

    /// The manifest of a day; nothing where there is none, as in foreign archives.
    pub async fn manifest(&self, day: Day) -> Result<Option<Manifest>, ArchiveError> {
        let object = path::manifest(day);
        let Some(bytes) = self.get_if_there(&object).await? else { return Ok(None) };
        let manifest: Manifest = objects::from_json(&object, &bytes)?;
        if manifest.format > FORMAT {
            return Err(Flaw::Format(manifest.format).of(&object));
        }
        if manifest.day != day {
            return Err(Flaw::Day(manifest.day).of(&object));
        }
        if manifest.origin != self.origin {
            return Err(ArchiveError::Origin { object, found: manifest.origin, wanted: self.origin });
        }
        Ok(Some(manifest))
    }

    /// The origin that the description or, without one, the first manifest names, and which of them.
    async fn found_origin(&self) -> Result<Option<(String, Origin)>, ArchiveError> {
        let mut object = DESCRIPTION.to_owned();
        let mut bytes = self.get_if_there(DESCRIPTION).await?;
        if bytes.is_none() {
            let folder = "manifest";
            let listed: Vec<_> =
                self.store.list(Some(&Path::from(folder))).try_collect().await.map_err(list_error(folder))?;
            if let Some(first) = listed.iter().map(|object| object.location.to_string()).min() {
                bytes = self.get_if_there(&first).await?;
                object = first;
            }
        }
        let Some(bytes) = bytes else { return Ok(None) };
        let Description { format, origin } = objects::from_json(&object, &bytes)?;
        if format > FORMAT { Err(Flaw::Format(format).of(&object)) } else { Ok(Some((object, origin))) }
    }
}

fn list_error(folder: &str) -> impl FnOnce(object_store::Error) -> ArchiveError {
    let object = folder.to_owned();
    move |source| ArchiveError::Store { act: "list", object, source }
}
