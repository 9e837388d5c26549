//! Connections of the website: bounded in number, and in how long they may say nothing.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::serve::Listener;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

/// More wait to be taken: each takes memory, and is one of the files that the process may have open, of which the store and
/// imports have theirs too (`open_files.rs`).
const CONNECTIONS_MAX: usize = 800;
/// A browser sends its headers at once, and asks for the next page within this or connects anew.
const HEADERS_MAX: Duration = Duration::from_secs(30);
/// Answers take 20 seconds at most; when asked to stop, they get less.
const LAST_ANSWERS_MAX: Duration = Duration::from_secs(5);

/// Answers connections until it is cancelled; then lets the answers under way come to their end.
pub(crate) async fn answer(mut listener: TcpListener, router: Router, cancel: CancellationToken) {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(HEADERS_MAX);
    let (open, graceful) = (Arc::new(Semaphore::new(CONNECTIONS_MAX)), GracefulShutdown::new());
    loop {
        let accepted = async {
            // The semaphore is never closed.
            let place = Arc::clone(&open).acquire_owned().await.ok();
            (place, Listener::accept(&mut listener).await.0)
        };
        let (place, stream) = tokio::select! {
            accepted = pin!(accepted) => accepted,
            () = cancel.cancelled() => break,
        };
        let service = TowerToHyperService::new(router.clone());
        let connection = graceful.watch(http.serve_connection(TokioIo::new(stream), service));
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                // Visitors go away in the middle of an answer.
                tracing::debug!(%error, "a connection ended early");
            }
            drop(place);
        });
    }
    if tokio::time::timeout(LAST_ANSWERS_MAX, graceful.shutdown()).await.is_err() {
        tracing::warn!("some answers did not end in time and were dropped");
    }
}
