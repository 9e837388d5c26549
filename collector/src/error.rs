//! What can go wrong on the way from Twitch to the archive.

use std::time::Duration;

use archive::error::ArchiveError;
use model::slot::SlotTime;
use store::error::StoreError;
use thiserror::Error;

/// Asking failed. No text holds a login or a secret: addresses are named by their path.
#[derive(Debug, Error)]
pub enum AskError {
    /// No answer, or a broken one.
    #[error("no answer from {what}")]
    Transport {
        /// Which call.
        what: &'static str,
        /// Why not; without the address, which may hold names.
        #[source]
        source: reqwest::Error,
    },
    /// An answer that means no.
    #[error("{what} answered {status}{}", .message.as_deref().map(|m| format!(": {m}")).unwrap_or_default())]
    Status {
        /// Which call.
        what: &'static str,
        /// The HTTP status.
        status: u16,
        /// What it said of it, cut to 200 characters.
        message: Option<String>,
        /// How long it wants to be left alone.
        retry_after: Option<Duration>,
    },
    /// An answer that is not what the contract says.
    #[error("{what} answered something else than its contract says")]
    Body {
        /// Which call.
        what: &'static str,
        /// Where it differs.
        #[source]
        source: serde_json::Error,
    },
    /// An answer larger than any real one.
    #[error("{what} answered more than {limit} bytes")]
    Large {
        /// Which call.
        what: &'static str,
        /// The bound.
        limit: usize,
    },
    /// The server failed all calls for longer than anybody waits for it.
    #[error("{what} was not asked: its server is down")]
    Down {
        /// Which call.
        what: &'static str,
    },
    /// Whoever let Vigie ask in their name does so no more.
    #[error("{what} was not asked: {why}")]
    SignedOut {
        /// Which call.
        what: &'static str,
        /// Why not, and what to do.
        why: String,
    },
    /// The sweep's time is over.
    #[error("{what} was not asked in time")]
    Late {
        /// Which call.
        what: &'static str,
    },
}

impl AskError {
    /// Whether asking again may help.
    pub fn is_transient(&self) -> bool {
        match self {
            AskError::Transport { .. } | AskError::Body { .. } => true,
            AskError::Status { status, .. } => *status == 429 || *status >= 500,
            AskError::Large { .. } | AskError::Down { .. } | AskError::SignedOut { .. } | AskError::Late { .. } => {
                false
            }
        }
    }
}

/// A sweep that left nothing in the archive.
#[derive(Debug, Error)]
pub enum SweepError {
    /// Twitch could not be asked, and nothing is followed of which that could be written down.
    #[error("the sweep of {at} saw nothing")]
    Blind {
        /// Its slot.
        at: SlotTime,
        /// Why.
        #[source]
        source: AskError,
    },
    /// Who opted out cannot be told, so that nobody may be written down.
    #[error("no sweep of {at}: nobody can tell who opted out")]
    Door {
        /// Its slot.
        at: SlotTime,
        /// Why not.
        #[source]
        source: StoreError,
    },
    /// The spool has taken what it may.
    #[error("no sweep of {at}: {bytes} bytes wait in the spool for an archive that does not take them")]
    Full {
        /// Its slot.
        at: SlotTime,
        /// How much waits.
        bytes: u64,
    },
    /// The archive refused it.
    #[error("the sweep of {at} was not archived")]
    Archive {
        /// Its slot.
        at: SlotTime,
        /// Why.
        #[source]
        source: ArchiveError,
    },
    /// The thread that compresses ended before its answer: a bug, or the program is shutting down.
    #[error("compressing the sweep of {at} was stopped")]
    Stopped {
        /// Its slot.
        at: SlotTime,
        /// How the thread ended.
        #[source]
        source: tokio::task::JoinError,
    },
}

/// Accounts that were not asked for, or of which nothing could be written down.
#[derive(Debug, Error)]
pub enum LookUpError {
    /// The store does not tell which accounts there are, or who opted out.
    #[error("what accounts are called in {at} is not known: the store does not answer")]
    Store {
        /// The slot.
        at: SlotTime,
        /// Why not.
        #[source]
        source: StoreError,
    },
    /// The archive refused it.
    #[error("what accounts are called in {at} was not archived")]
    Archive {
        /// The slot.
        at: SlotTime,
        /// Why.
        #[source]
        source: ArchiveError,
    },
}

/// Sweeps that stay in the spool.
#[derive(Debug, Error)]
pub enum ShipError {
    /// The spool's own folder refused.
    #[error("the spool cannot be used")]
    Spool(#[source] ArchiveError),
    /// The archive does not take them.
    #[error("the archive takes no sweep")]
    Archive(#[source] ArchiveError),
    /// Who opted out cannot be told, so that nobody may leave this machine.
    #[error("nobody can tell who opted out")]
    Door(#[from] StoreError),
}

/// An error with all its causes, in one line, for the log.
pub fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}
