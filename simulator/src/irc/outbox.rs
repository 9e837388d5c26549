//! What waits to be sent on one connection.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

/// Real time for an end that nobody reads.
const GOODBYE: Duration = Duration::from_secs(2);

/// Whole lines, bounded by their bytes.
#[derive(Debug)]
pub(super) struct Outbox {
    waiting: Mutex<Waiting>,
    changed: Notify,
    limit: usize,
    /// Nothing more will come.
    ending: CancellationToken,
    /// Ends the connection without another word.
    cut: CancellationToken,
}

#[derive(Debug, Default)]
struct Waiting {
    lines: String,
    /// Bytes that the connection has taken and not sent yet.
    taken: usize,
}

impl Outbox {
    /// Of a connection that ends when `cut` does, and when more than `limit` bytes wait.
    pub(super) fn new(limit: usize, cut: CancellationToken) -> Outbox {
        let ending = CancellationToken::new();
        Outbox { waiting: Mutex::default(), changed: Notify::new(), limit, ending, cut }
    }

    /// Sends whole lines, unless the connection has ended.
    pub(super) fn push(&self, lines: &str) {
        let mut waiting = self.lock();
        if self.ending.is_cancelled() || self.cut.is_cancelled() {
            return;
        }
        waiting.lines.push_str(lines);
        if waiting.lines.len() + waiting.taken > self.limit {
            waiting.lines = String::new();
            drop(waiting);
            tracing::debug!("a client of the simulated chat reads too slowly");
            self.cut.cancel();
            return;
        }
        drop(waiting);
        self.changed.notify_one();
    }

    /// How many bytes wait.
    pub(super) fn waiting(&self) -> usize {
        let waiting = self.lock();
        waiting.lines.len() + waiting.taken
    }

    /// Ends the connection once all is sent.
    pub(super) fn end(&self) {
        self.ending.cancel();
        self.changed.notify_one();
    }

    /// Ends the connection at once.
    pub(super) fn cut(&self) {
        self.cut.cancel();
    }

    /// Forgets what waits.
    pub(super) fn clear(&self) {
        self.lock().lines.clear();
    }

    /// Until the connection is to end at once: it is cut, or its end waits for a client that does not read.
    pub(super) async fn is_cut(&self) {
        let overdue = async {
            self.ending.cancelled().await;
            tokio::time::sleep(GOODBYE).await;
        };
        tokio::select! {
            () = self.cut.cancelled() => {}
            () = overdue => {}
        }
    }

    /// What is to be sent next, all of it; nothing at the end. What was taken before counts as sent.
    pub(super) async fn take(&self) -> Option<String> {
        loop {
            {
                let mut waiting = self.lock();
                waiting.taken = waiting.lines.len();
                if waiting.taken > 0 {
                    return Some(std::mem::take(&mut waiting.lines));
                }
                if self.ending.is_cancelled() {
                    return None;
                }
            }
            self.changed.notified().await;
        }
    }

    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn lines_wait_together_and_not_without_bound() {
        let cut = CancellationToken::new();
        let outbox = Outbox::new(20, cut.clone());
        outbox.push("a\r\n");
        outbox.push("b\r\n");
        assert_eq!(outbox.take().await.as_deref(), Some("a\r\nb\r\n"));
        outbox.push("0123456789ab\r\n");
        // What was taken may not have left yet.
        assert_eq!((outbox.waiting(), cut.is_cancelled()), (20, false));
        outbox.push("c");
        assert!(cut.is_cancelled());
        let outbox = Outbox::new(20, CancellationToken::new());
        outbox.push("a\r\n");
        outbox.end();
        outbox.push("b\r\n");
        assert_eq!(outbox.take().await.as_deref(), Some("a\r\n"));
        assert_eq!(outbox.take().await, None);
    }
}
