//! One connection: its lines to the hub, and the hub's lines to it.

use std::sync::Arc;

use tokio::sync::mpsc;

use crate::irc::outbox::Outbox;
use crate::irc::request::{Lines, Request};
use crate::irc::wire::{Incoming, Outgoing};

/// What a connection tells the hub. Every connection has a number of its own.
#[derive(Debug)]
pub(super) enum Report {
    Arrived(u64, Arc<Outbox>),
    Asked(u64, Request),
    Gone(u64),
}

/// Serves a connection until either side ends it.
pub(super) async fn serve(
    number: u64,
    incoming: impl Incoming,
    outgoing: impl Outgoing,
    outbox: Arc<Outbox>,
    hub: mpsc::Sender<Report>,
) {
    if hub.send(Report::Arrived(number, Arc::clone(&outbox))).await.is_err() {
        return;
    }
    tokio::select! {
        () = outbox.is_cut() => {}
        () = listen(number, incoming, &hub) => {}
        () = speak(outgoing, &outbox) => {}
    }
    // Cut, so that nothing more waits for it. That the hub has ended is fine.
    outbox.cut();
    let _ = hub.send(Report::Gone(number)).await;
}

async fn listen(number: u64, mut incoming: impl Incoming, hub: &mpsc::Sender<Report>) {
    let mut lines = Lines::default();
    while let Some(bytes) = incoming.next().await {
        let Ok(requests) = lines.feed(&bytes) else { return };
        for request in requests {
            if hub.send(Report::Asked(number, request)).await.is_err() {
                return;
            }
        }
    }
}

async fn speak(mut outgoing: impl Outgoing, outbox: &Outbox) {
    while let Some(lines) = outbox.take().await {
        if outgoing.send(lines).await.is_err() {
            return;
        }
    }
    outgoing.close().await;
}
