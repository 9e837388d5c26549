//! A blocking thread that takes pieces of work in order, while more of them are read.

use tokio::sync::mpsc;
use tokio::task::{JoinError, spawn_blocking};
use tokio_util::task::AbortOnDropHandle;

use super::error::ExportError;

/// Pieces that may wait: one is enough to keep the thread busy.
const WAITING: usize = 1;

/// Works on an `S`, a piece `T` at a time. Dropped, it finishes what it was given and no more.
pub(crate) struct Worker<T, S> {
    queue: mpsc::Sender<T>,
    work: AbortOnDropHandle<Result<S, ExportError>>,
}

impl<T: Send + 'static, S: Send + 'static> Worker<T, S> {
    /// Starts the thread.
    pub(crate) fn start(
        mut state: S,
        mut each: impl FnMut(&mut S, T) -> Result<(), ExportError> + Send + 'static,
    ) -> Worker<T, S> {
        let (queue, mut waiting) = mpsc::channel(WAITING);
        let work = spawn_blocking(move || {
            while let Some(piece) = waiting.blocking_recv() {
                each(&mut state, piece)?;
            }
            Ok(state)
        });
        Worker { queue, work: AbortOnDropHandle::new(work) }
    }

    /// Gives it a piece, once there is room. Whether it took it: if not, it has failed, and [`Worker::end`] says why.
    pub(crate) async fn give(&self, piece: T) -> bool {
        self.queue.send(piece).await.is_ok()
    }

    /// Waits for what was given.
    pub(crate) async fn end(self) -> Result<Result<S, ExportError>, JoinError> {
        drop(self.queue);
        self.work.await
    }
}
