//! Why a day could not be compared.

use std::error::Error;

use archive::error::ArchiveError;
use model::day::Day;
use model::words::Tier;
use store::error::StoreError;
use thiserror::Error;

/// Why a day could not be compared with its archive. Texts name objects and lines, never people.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum VerifyError {
    /// Nothing of the day is in the store.
    #[error("{0} is not in the store: import it first")]
    NotHeld(Day),
    /// Its slots are gone from the store.
    #[error(
        "{day} cannot be compared any more: {} of its month, and a comparison needs every sample",
        match tier { Tier::Hours => "only hours are kept", _ => "nothing about people is kept" }
    )]
    Aged {
        /// The day.
        day: Day,
        /// How fine its month is kept.
        tier: Tier,
    },
    /// Its objects are gone from the archive.
    #[error("{0} cannot be compared any more: the archive has no sweep of it left")]
    NotArchived(Day),
    /// An import put another day in its place.
    #[error("{0} was imported again while it was compared: compare it anew")]
    Replaced(Day),
    /// The archive does not give an object.
    #[error("the archive cannot be read")]
    Archive(#[from] ArchiveError),
    /// The store does not answer.
    #[error("the store cannot be read")]
    Store(#[from] StoreError),
    /// An object is no gzip, or no CSV.
    #[error("{object} cannot be read")]
    Csv {
        /// Its name.
        object: String,
        /// What is wrong, with the line.
        source: csv::Error,
    },
    /// A row means nothing.
    #[error("{object}, line {line}: {reason}")]
    Row {
        /// The object's name.
        object: String,
        /// From 1, the header's.
        line: u64,
        /// What is wrong.
        reason: &'static str,
    },
    /// The program is shutting down.
    #[error("the comparison was stopped")]
    Stopped(#[from] tokio::task::JoinError),
}

impl VerifyError {
    /// What a store that cannot be decoded says of itself. Errors: any other error, as it came.
    pub(super) fn damage(self) -> Result<String, VerifyError> {
        match self {
            VerifyError::Store(error @ StoreError::Damaged { .. }) => {
                let mut text = error.to_string();
                let mut cause = error.source();
                while let Some(deeper) = cause {
                    text = format!("{text}: {deeper}");
                    cause = deeper.source();
                }
                Ok(text)
            }
            error => Err(error),
        }
    }
}
