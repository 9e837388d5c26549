//! Where an archive lies: a folder, or a bucket of an object store.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use object_store::aws::AmazonS3Builder;
use object_store::azure::MicrosoftAzureBuilder;
use object_store::gcp::GoogleCloudStorageBuilder;
use object_store::local::LocalFileSystem;
use object_store::prefix::PrefixStore;
use object_store::{ObjectStore, ObjectStoreScheme, RetryConfig};
use url::Url;

use crate::error::ArchiveError;

/// How long a call is tried again where the store fails or does not answer. Whoever waits longer has a spool.
const RETRY: Duration = Duration::from_secs(30);

/// One place twice: the first answers writes when they are kept, the second as soon as it can. Of a folder, the second
/// also removes a folder with the last object in it, which the first must not: beside it, objects are written there.
pub(crate) type Stores = (Arc<dyn ObjectStore>, Arc<dyn ObjectStore>);

/// Opens a place; a folder that is not there is made where `create` says so.
pub(crate) fn open(place: &str, create: bool) -> Result<Stores, ArchiveError> {
    match path_of(place) {
        Some(path) => folder(place, path, create),
        None => bucket(place),
    }
}

/// The path of a place that is a folder.
fn path_of(place: &str) -> Option<&str> {
    let path = place.strip_prefix("file://").unwrap_or(place);
    (!path.contains("://")).then_some(path)
}

/// Removes a folder without objects, which a stop can leave: the last object and its folder go one after the other, and
/// a bucket has none.
pub(crate) async fn remove_empty(place: &str, folder: &str) -> Result<(), ArchiveError> {
    let Some(path) = path_of(place) else { return Ok(()) };
    match tokio::fs::remove_dir(std::path::Path::new(path).join(folder)).await {
        Err(source) if !matches!(source.kind(), io::ErrorKind::NotFound | io::ErrorKind::DirectoryNotEmpty) => {
            Err(ArchiveError::Folder { place: format!("{place}/{folder}"), source })
        }
        _ => Ok(()),
    }
}

fn folder(place: &str, path: &str, create: bool) -> Result<Stores, ArchiveError> {
    if create {
        let made = std::fs::create_dir_all(path);
        made.map_err(|source| ArchiveError::Folder { place: place.to_owned(), source })?;
    } else if !std::path::Path::new(path).is_dir() {
        return Err(ArchiveError::NoArchive(place.to_owned()));
    }
    let open = || LocalFileSystem::new_with_prefix(path).map_err(refused(place));
    Ok((Arc::new(open()?.with_fsync(true)), Arc::new(open()?.with_automatic_cleanup(true))))
}

/// A bucket, with the address and the credentials that the environment has of it, under the names that other programs
/// read too: `AWS_…`, `GOOGLE_…`, `AZURE_…`.
fn bucket(place: &str) -> Result<Stores, ArchiveError> {
    let unknown = || ArchiveError::Place(place.to_owned());
    let url: Url = place.parse().map_err(|_| unknown())?;
    let (scheme, prefix) = ObjectStoreScheme::parse(&url).map_err(|_| unknown())?;
    let retry = RetryConfig { retry_timeout: RETRY, ..RetryConfig::default() };
    let store: Arc<dyn ObjectStore> = match scheme {
        ObjectStoreScheme::AmazonS3 => {
            let built = AmazonS3Builder::from_env().with_url(place).with_retry(retry).build();
            Arc::new(built.map_err(refused(place))?)
        }
        ObjectStoreScheme::GoogleCloudStorage => {
            let built = GoogleCloudStorageBuilder::from_env().with_url(place).with_retry(retry).build();
            Arc::new(built.map_err(refused(place))?)
        }
        ObjectStoreScheme::MicrosoftAzure => {
            let built = MicrosoftAzureBuilder::from_env().with_url(place).with_retry(retry).build();
            Arc::new(built.map_err(refused(place))?)
        }
        _ => return Err(unknown()),
    };
    let store: Arc<dyn ObjectStore> =
        if prefix.as_ref().is_empty() { store } else { Arc::new(PrefixStore::new(store, prefix)) };
    // Every write is kept when it is answered.
    Ok((Arc::clone(&store), store))
}

fn refused(place: &str) -> impl FnOnce(object_store::Error) -> ArchiveError {
    let object = place.to_owned();
    move |source| ArchiveError::Store { act: "open", object, source }
}
