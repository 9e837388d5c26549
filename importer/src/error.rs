//! What stops an import. The store keeps the day it had.

use std::io;

use archive::error::ArchiveError;
use model::day::Day;
use model::login::Login;
use model::words::Origin;
use store::error::StoreError;
use store::rows::RowError;
use thiserror::Error;

use crate::renamed::LOGINS_MAX;

/// A day that was not imported. No message holds a viewer's login.
#[derive(Debug, Error)]
pub enum ImportError {
    /// An object is missing, damaged or foreign beyond understanding; the cause names it and the line.
    #[error("cannot import {day}: its archive cannot be read")]
    Archive {
        /// The day.
        day: Day,
        /// What is wrong, where.
        #[source]
        source: ArchiveError,
    },
    /// Chatters of a channel of which the same sweep has no row: nothing says whether the list can be trusted.
    #[error("cannot import {day}: {object} names the channel {channel}, which has no row in the sweep's streams")]
    Unfollowed {
        /// The day.
        day: Day,
        /// The chatters object.
        object: String,
        /// The channel.
        channel: Login,
    },
    /// So many logins under one id that it is none: an account changes its login once in weeks.
    #[error(
        "cannot import {day}: its chatters objects have rows of {logins} logins with one chatter_id, and an account bears at \
         most {LOGINS_MAX} a day: whoever wrote them put something else there, and an empty chatter_id says that it is not \
         known"
    )]
    Logins {
        /// The day.
        day: Day,
        /// How many.
        logins: usize,
    },
    /// The archive holds nothing of the day.
    #[error("cannot import {0}: the archive has no sweep of it")]
    NoSweeps(Day),
    /// Simulated and real data are never mixed.
    #[error("cannot import {day}: the archive is {archive}, the store {store}")]
    Origin {
        /// The day.
        day: Day,
        /// The archive's origin.
        archive: Origin,
        /// The store's origin.
        store: Origin,
    },
    /// The store refused.
    #[error("cannot import {day}: the store refused it")]
    Store {
        /// The day.
        day: Day,
        /// Why.
        #[source]
        source: StoreError,
    },
    /// The merged rows are not in order: a fault of this program.
    #[error("cannot import {day}: its rows do not fit together")]
    Rows {
        /// The day.
        day: Day,
        /// Which row.
        #[source]
        source: RowError,
    },
    /// No room for what does not fit in memory.
    #[error(
        "cannot import {day}: its runs cannot be kept in temporary files: free some space, or name another folder in TMPDIR"
    )]
    Temporary {
        /// The day.
        day: Day,
        /// Why not.
        #[source]
        source: io::Error,
    },
    /// Observations were lost or invented on the way: a fault of this program, or of the machine's memory.
    #[error("cannot import {day}: of {observations} observations {accounted} are accounted for")]
    Unaccounted {
        /// The day.
        day: Day,
        /// Rows read.
        observations: u64,
        /// Slots in runs, suppressed or joined.
        accounted: u64,
    },
    /// The same, of one channel.
    #[error("cannot import {0}: a channel's runs do not add up to the rows that were read of it")]
    UnaccountedChannel(Day),
    /// It was abandoned half-way.
    #[error("the import of {0} was stopped")]
    Abandoned(Day),
    /// A worker ended before its answer: the program is shutting down.
    #[error("the import of {day} was stopped")]
    Stopped {
        /// The day.
        day: Day,
        /// How the worker ended.
        #[source]
        source: tokio::task::JoinError,
    },
}

/// What stops a part of the merge.
#[derive(Debug)]
pub(crate) enum MergeError {
    Archive(ArchiveError),
    Temporary(io::Error),
    /// Another part has failed, or nobody waits for the import any more.
    Stopped,
}

impl From<ArchiveError> for MergeError {
    fn from(source: ArchiveError) -> MergeError {
        MergeError::Archive(source)
    }
}
