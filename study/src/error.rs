//! What can go wrong with a study.

use archive::error::ArchiveError;
use model::day::Day;
use thiserror::Error;

use crate::setting::Setting;

/// A study that cannot be made.
#[derive(Debug, Error)]
pub enum StudyError {
    /// The day has no sweep in the archive.
    #[error("{place} holds no sweep of {day}")]
    NoDay {
        /// The day.
        day: Day,
        /// The archive.
        place: String,
    },
    /// No sweep or no setting was asked for.
    #[error("a study needs at least one {0}")]
    Nothing(&'static str),
    /// A price that is none.
    #[error("{0} is no price of a GB-month: it has to be a number from 0 to 1000")]
    Price(f64),
    /// The archive cannot be read.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    /// The text of an object is no CSV.
    #[error("{object} cannot be cut into rows")]
    Rows {
        /// The object.
        object: String,
        /// Why not.
        #[source]
        source: csv::Error,
    },
    /// A library refused what it has to take.
    #[error("{setting} failed on {object}")]
    Codec {
        /// The setting.
        setting: Setting,
        /// The object.
        object: String,
        /// What the library said.
        #[source]
        source: std::io::Error,
    },
    /// What was read back is not what was written: its size would mean nothing.
    #[error("{setting} does not give {object} back as it was")]
    Differs {
        /// The setting.
        setting: Setting,
        /// The object.
        object: String,
    },
    /// The measuring thread ended before its answer: the program is shutting down.
    #[error("the study was stopped")]
    Stopped(#[source] tokio::task::JoinError),
}
