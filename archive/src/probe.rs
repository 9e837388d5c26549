//! Whether a place can hold an archive: tried out, and left as it was.

use std::path::{Path as Folder, PathBuf};
use std::sync::Arc;

use model::words::Origin;
use object_store::path::Path;
use object_store::{Error, ObjectStore, ObjectStoreExt, PutMode, PutOptions, PutPayload};

use crate::error::ArchiveError;
use crate::{Archive, place};

/// What is in an object that is written, read and removed again.
const TEXT: &[u8] = b"vigie tries whether objects can be written here\n";

/// A place where objects can be written, read and removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Probed {
    /// The origin of the archive that is there; nothing where there is none yet.
    pub origin: Option<Origin>,
    /// Whether an object that is there is not created again: by that two collectors share an archive.
    pub creates_once: bool,
}

/// Writes an object to a place, reads and removes it. A folder that was not there is not there afterwards either: the user
/// who tries is perhaps not the one who runs. Errors: what the place refuses; an archive that cannot be understood.
pub async fn probe(place: &str) -> Result<Probed, ArchiveError> {
    let path = place.strip_prefix("file://").unwrap_or(place);
    let made = if path.contains("://") { Vec::new() } else { absent(Folder::new(path)) };
    let probed = tried(place).await;
    for folder in made {
        // Somebody else may have begun to use it.
        let _ = std::fs::remove_dir(folder);
    }
    probed
}

async fn tried(place: &str) -> Result<Probed, ArchiveError> {
    let (store, hasty) = place::open(place, true)?;
    let origin = match Archive::over(Arc::clone(&store), Arc::clone(&hasty), place, None).await {
        Ok(archive) => Some(archive.origin()),
        Err(ArchiveError::NoArchive(_)) => None,
        Err(error) => return Err(error),
    };
    let object = format!("probe/{}-{:?}", std::process::id(), std::time::SystemTime::now());
    let object: String = object.chars().filter(|c| c.is_ascii_alphanumeric() || "/-".contains(*c)).collect();
    let written = written(&store, &object).await;
    // Whatever came of it. Of a folder, the second also removes the one that the object was in.
    let removed = hasty.delete(&Path::from(object.as_str())).await;
    let creates_once = written?;
    removed.map_err(failed("remove", &object))?;
    Ok(Probed { origin, creates_once })
}

/// Creates an object, reads it and creates it again; whether that was refused.
async fn written(store: &Arc<dyn ObjectStore>, object: &str) -> Result<bool, ArchiveError> {
    let path = Path::from(object);
    let create = || {
        let options = PutOptions { mode: PutMode::Create, ..PutOptions::default() };
        store.put_opts(&path, PutPayload::from_static(TEXT), options)
    };
    create().await.map_err(failed("write", object))?;
    let read = async { store.get(&path).await?.bytes().await };
    if read.await.map_err(failed("read", object))? != TEXT {
        let differs = Error::Generic { store: "archive", source: "it is read back as something else".into() };
        return Err(failed("read", object)(differs));
    }
    match create().await {
        Ok(_) => Ok(false),
        Err(Error::AlreadyExists { .. } | Error::Precondition { .. }) => Ok(true),
        Err(source) => Err(failed("write", object)(source)),
    }
}

fn failed(act: &'static str, object: &str) -> impl FnOnce(Error) -> ArchiveError {
    let object = object.to_owned();
    move |source| ArchiveError::Store { act, object, source }
}

/// The folders on the way to a folder that are not there, the deepest first.
fn absent(folder: &Folder) -> Vec<PathBuf> {
    let named = folder.ancestors().filter(|folder| !folder.as_os_str().is_empty());
    named.take_while(|folder| !folder.exists()).map(Folder::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_place_is_left_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("a/b/c");
        let name = place.to_str().unwrap();
        assert_eq!(probe(name).await.unwrap(), Probed { origin: None, creates_once: true });
        assert!(!folder.path().join("a").exists());
        Archive::create(name, Origin::Simulated).await.unwrap();
        assert_eq!(probe(name).await.unwrap().origin, Some(Origin::Simulated));
        let left: Vec<_> = std::fs::read_dir(&place).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(left, ["manifest"]);
        std::fs::write(folder.path().join("file"), "").unwrap();
        assert!(probe(folder.path().join("file/x").to_str().unwrap()).await.is_err());
    }
}
