//! Days that go.

use std::collections::BTreeSet;
use std::sync::Arc;

use futures::{StreamExt, TryStreamExt, stream};
use model::day::Day;
use object_store::path::Path;
use object_store::{Error, ObjectStore, ObjectStoreExt};

use crate::error::ArchiveError;
use crate::path::{RENAMED, day_of_folder, manifest};
use crate::{Archive, list_error, place};

/// Objects removed at once.
const AT_ONCE: usize = 16;

/// Where a day has a folder of objects, in the order in which they go: without its streams a sweep is none.
const FOLDERS: [&str; 5] = ["streams", "chatters", "index/streams", "index/chatters", RENAMED];

impl Archive {
    /// The days of which anything is there, in order: also those whose removal was stopped half-way.
    pub async fn days_with_objects(&self) -> Result<Vec<Day>, ArchiveError> {
        let mut days = BTreeSet::new();
        for folder in FOLDERS {
            let listed = self.store.list_with_delimiter(Some(&Path::from(folder))).await.map_err(list_error(folder))?;
            days.extend(listed.common_prefixes.iter().filter_map(|path| day_of_folder(path.as_ref())));
        }
        let folder = "manifest";
        let listed = self.store.list_with_delimiter(Some(&Path::from(folder))).await.map_err(list_error(folder))?;
        days.extend(
            listed.objects.iter().filter_map(|object| day_of_folder(object.location.as_ref().strip_suffix(".json")?)),
        );
        Ok(days.into_iter().collect())
    }

    /// Removes all objects of a day, its manifest last; how many they were. Done again after a stop it removes the rest.
    pub async fn delete_day(&self, day: Day) -> Result<u64, ArchiveError> {
        let mut removed = 0;
        for folder in FOLDERS {
            let folder = format!("{folder}/date={day}");
            let listed: Vec<Path> = self
                .store
                .list(Some(&Path::from(folder.as_str())))
                .map_ok(|object| object.location)
                .try_collect()
                .await
                .map_err(list_error(&folder))?;
            removed += listed.len() as u64;
            stream::iter(listed)
                .map(|path| delete(&self.hasty, path))
                .buffer_unordered(AT_ONCE)
                .try_collect::<()>()
                .await?;
            place::remove_empty(&self.place, &folder).await?;
        }
        let manifest = Path::from(manifest(day));
        let there = self.store.head(&manifest).await.is_ok();
        delete(&self.hasty, manifest).await?;
        Ok(removed + u64::from(there))
    }

    /// Removes an object, if it is there; its folder stays, for others may be written to it.
    pub(crate) async fn remove(&self, object: &str) -> Result<(), ArchiveError> {
        delete(&self.store, Path::from(object)).await
    }
}

async fn delete(store: &Arc<dyn ObjectStore>, path: Path) -> Result<(), ArchiveError> {
    match store.delete(&path).await {
        Ok(()) | Err(Error::NotFound { .. }) => Ok(()),
        Err(source) => Err(ArchiveError::Store { act: "remove", object: path.to_string(), source }),
    }
}
