//! A folder of objects that a test stands before.

use std::sync::Arc;

use async_trait::async_trait;
use futures::StreamExt as _;
use futures::future::BoxFuture;
use futures::stream::BoxStream;
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{
    CopyOptions, GetOptions, GetResult, ListResult, MultipartUpload, ObjectMeta, ObjectStore, PutMultipartOptions,
    PutOptions, PutPayload, PutResult, Result,
};

/// What is done to the folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Act {
    /// An object is about to be written.
    Put,
    /// It is written, and nobody knows yet.
    Written,
    /// Anything else is about to be done.
    Other,
}

type Hook = dyn Fn(Act, &Path) -> BoxFuture<'static, Result<()>> + Send + Sync;

/// The folder, behind a hook that may fail.
#[derive(Clone)]
pub(crate) struct Hooked {
    folder: Arc<LocalFileSystem>,
    hook: Arc<Hook>,
}

impl Hooked {
    pub(crate) fn new(
        folder: &std::path::Path,
        hook: impl Fn(Act, &Path) -> BoxFuture<'static, Result<()>> + Send + Sync + 'static,
    ) -> Arc<Hooked> {
        let folder = LocalFileSystem::new_with_prefix(folder).unwrap();
        Arc::new(Hooked { folder: Arc::new(folder), hook: Arc::new(hook) })
    }

    async fn other(&self, at: &Path) -> Result<()> {
        (self.hook)(Act::Other, at).await
    }
}

impl std::fmt::Debug for Hooked {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.folder.fmt(f)
    }
}

impl std::fmt::Display for Hooked {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.folder.fmt(f)
    }
}

#[async_trait]
impl ObjectStore for Hooked {
    async fn put_opts(&self, at: &Path, bytes: PutPayload, options: PutOptions) -> Result<PutResult> {
        (self.hook)(Act::Put, at).await?;
        let put = self.folder.put_opts(at, bytes, options).await?;
        (self.hook)(Act::Written, at).await?;
        Ok(put)
    }

    async fn put_multipart_opts(&self, at: &Path, options: PutMultipartOptions) -> Result<Box<dyn MultipartUpload>> {
        self.folder.put_multipart_opts(at, options).await
    }

    async fn get_opts(&self, at: &Path, options: GetOptions) -> Result<GetResult> {
        self.other(at).await?;
        self.folder.get_opts(at, options).await
    }

    fn delete_stream(&self, all: BoxStream<'static, Result<Path>>) -> BoxStream<'static, Result<Path>> {
        self.folder.delete_stream(all)
    }

    fn list(&self, below: Option<&Path>) -> BoxStream<'static, Result<ObjectMeta>> {
        let (this, below) = (self.clone(), below.cloned());
        let listed = async move {
            let at = below.clone().unwrap_or_default();
            match this.other(&at).await {
                Ok(()) => this.folder.list(below.as_ref()),
                Err(error) => futures::stream::iter([Err(error)]).boxed(),
            }
        };
        futures::stream::once(listed).flatten().boxed()
    }

    async fn list_with_delimiter(&self, below: Option<&Path>) -> Result<ListResult> {
        self.other(&below.cloned().unwrap_or_default()).await?;
        self.folder.list_with_delimiter(below).await
    }

    async fn copy_opts(&self, from: &Path, to: &Path, options: CopyOptions) -> Result<()> {
        self.folder.copy_opts(from, to, options).await
    }
}
