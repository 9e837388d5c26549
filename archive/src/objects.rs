//! Single objects in and out of the store.

use std::sync::Arc;

use bytes::Bytes;
use object_store::path::Path;
use object_store::{Error, ObjectStore, ObjectStoreExt, PutMode, PutOptions, PutPayload};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::Archive;
use crate::error::{ArchiveError, Flaw};

impl Archive {
    pub(crate) async fn get(&self, object: &str) -> Result<Bytes, ArchiveError> {
        let read = async { self.store.get(&Path::from(object)).await?.bytes().await };
        read.await.map_err(|source| ArchiveError::Store { act: "read", object: object.to_owned(), source })
    }

    pub(crate) async fn get_if_there(&self, object: &str) -> Result<Option<Bytes>, ArchiveError> {
        match self.get(object).await {
            Ok(bytes) => Ok(Some(bytes)),
            Err(ArchiveError::Store { source: Error::NotFound { .. }, .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Writes an object whole or not at all, to one of this archive's two stores.
    pub(crate) async fn put(
        &self,
        store: &Arc<dyn ObjectStore>,
        object: &str,
        bytes: impl Into<PutPayload>,
        mode: PutMode,
    ) -> Result<(), ArchiveError> {
        let options = PutOptions { mode, ..PutOptions::default() };
        match store.put_opts(&Path::from(object), bytes.into(), options).await {
            Ok(_) => Ok(()),
            Err(source) => Err(ArchiveError::Store { act: "write", object: object.to_owned(), source }),
        }
    }

    /// Does what takes CPU on a blocking thread, as many at once as there are cores.
    pub(crate) async fn blocking<T: Send + 'static>(
        &self,
        object: &str,
        work: impl FnOnce() -> Result<T, ArchiveError> + Send + 'static,
    ) -> Result<T, ArchiveError> {
        // The semaphore is never closed; were it, unbounded work would still be right work.
        let permit = Arc::clone(&self.workers).acquire_owned().await.ok();
        let done = tokio::task::spawn_blocking(move || {
            let _permit = permit;
            work()
        });
        done.await.map_err(|source| ArchiveError::Stopped { object: object.to_owned(), source })?
    }
}

/// JSON for people's eyes too: indented, with a last newline.
pub(crate) fn to_json(value: &impl Serialize) -> Vec<u8> {
    // Our types have text keys and no failing serialiser: serde_json has nothing to refuse.
    let mut bytes = serde_json::to_vec_pretty(value).unwrap_or_default();
    bytes.push(b'\n');
    bytes
}

pub(crate) fn from_json<T: DeserializeOwned>(object: &str, bytes: &[u8]) -> Result<T, ArchiveError> {
    serde_json::from_slice(bytes).map_err(|cause| Flaw::Json(cause).of(object))
}
