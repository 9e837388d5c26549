//! What can go wrong with an archive, told as act, thing and cause.

use std::fmt::Display;

use model::day::Day;
use model::slot::SlotTime;
use model::words::Origin;
use thiserror::Error;

use crate::gzip::member_of_line;
use crate::path::DESCRIPTION;

/// An archive that cannot be read or written. No message holds a viewer's login.
#[derive(Debug, Error)]
pub enum ArchiveError {
    /// The object store refused.
    #[error("cannot {act} {object}")]
    Store {
        /// What was tried: `open`, `read`, `write`, `list`.
        act: &'static str,
        /// The object or folder.
        object: String,
        /// Why not.
        #[source]
        source: object_store::Error,
    },
    /// The folder cannot be used.
    #[error("cannot use {place} as an archive")]
    Folder {
        /// The folder.
        place: String,
        /// Why not.
        #[source]
        source: std::io::Error,
    },
    /// A location of a kind that this build does not reach.
    #[error(
        "{0} is no place for an archive: give a folder, s3://bucket/folder, gs://bucket/folder or az://container/folder"
    )]
    Place(String),
    /// There is no archive, or one whose origin nobody told.
    #[error("{0} is no archive: it has no {DESCRIPTION}")]
    NoArchive(String),
    /// Simulated and real data are never mixed.
    #[error("{object} holds {found} data, and {wanted} data was meant: the two are never mixed")]
    Origin {
        /// What says so.
        object: String,
        /// The origin it names.
        found: Origin,
        /// The origin that was asked for.
        wanted: Origin,
    },
    /// A row of real looks meant for an archive of invented people.
    #[error("the sweep of {0} has logins without the leading _ of simulated ones")]
    NotSimulated(SlotTime),
    /// Another collector holds the lease of the slot, or it was swept before.
    #[error("the sweep of {at} is taken: {object} exists")]
    SlotTaken {
        /// The slot.
        at: SlotTime,
        /// The object that was there first.
        object: String,
    },
    /// A past day that was written already.
    #[error("the day {0} is written already: it has a manifest")]
    DayTaken(Day),
    /// A row that cannot be written: out of order, twice, of another slot, or without a login.
    #[error("{object}, row {row}: {flaw}")]
    Push {
        /// The object being written.
        object: String,
        /// The row, from 1.
        row: u64,
        /// What is wrong with it.
        flaw: Flaw,
    },
    /// A line that cannot be understood.
    #[error("{object},{} line {line}: {flaw}", member.map(|member| format!(" member {member},")).unwrap_or_default())]
    Line {
        /// The object.
        object: String,
        /// The gzip member, from 1: the header's; nothing where the object is one member alone.
        member: Option<u64>,
        /// The line, from 1: the header.
        line: u64,
        /// What is wrong there.
        flaw: Flaw,
    },
    /// An object that cannot be understood as a whole.
    #[error("{object}: {flaw}")]
    Object {
        /// The object.
        object: String,
        /// What is wrong with it.
        flaw: Flaw,
    },
    /// A sweep of the manifest without its `streams/` object.
    #[error("{object} is not there, and {manifest} lists it")]
    Lost {
        /// The object.
        object: String,
        /// The manifest.
        manifest: String,
    },
    /// A worker ended before its answer: the program is shutting down.
    #[error("reading {object} was stopped")]
    Stopped {
        /// The object.
        object: String,
        /// How the worker ended.
        #[source]
        source: tokio::task::JoinError,
    },
}

impl ArchiveError {
    /// Whether an object is at fault: damaged, foreign beyond understanding, or not there; and not the store, this
    /// program or the room it has.
    pub fn is_of_object(&self) -> bool {
        match self {
            ArchiveError::Object { flaw: Flaw::Temporary(_), .. }
            | ArchiveError::Line { flaw: Flaw::Temporary(_), .. } => false,
            // A disk that fails to read a sound object may not fail the next time; one that ends early will.
            ArchiveError::Line { flaw: Flaw::Read(cause), .. } => cause.kind() == std::io::ErrorKind::UnexpectedEof,
            ArchiveError::Line { .. } | ArchiveError::Object { .. } | ArchiveError::Lost { .. } => true,
            ArchiveError::Store { source, .. } => matches!(source, object_store::Error::NotFound { .. }),
            _ => false,
        }
    }

    /// The same, of a line in the gzip member with this number, from 0.
    pub(crate) fn in_member(mut self, number: usize) -> ArchiveError {
        if let ArchiveError::Line { member, .. } = &mut self {
            *member = Some(number as u64 + 1);
        }
        self
    }

    /// The same, of a line in one of the gzip members that these bytes, all of the object, have.
    pub(crate) fn within(self, bytes: &[u8]) -> ArchiveError {
        let number = match &self {
            ArchiveError::Line { line, .. } => member_of_line(bytes, *line),
            _ => None,
        };
        match number {
            Some(number) => self.in_member(number),
            None => self,
        }
    }
}

/// What is wrong at a place.
#[derive(Debug, Error)]
pub enum Flaw {
    /// Not gzip, damaged, or cut short.
    #[error("the gzip data is damaged or cut short ({0})")]
    Gzip(#[source] std::io::Error),
    /// The file did not give its bytes.
    #[error("its bytes cannot be read ({0})")]
    Read(#[source] std::io::Error),
    /// No room for a copy of it.
    #[error("no temporary copy of it can be made ({0}): free some space, or name another folder in TMPDIR")]
    Temporary(#[source] std::io::Error),
    /// Larger than any sweep.
    #[error("more than {0} bytes of text")]
    TooLarge(u64),
    /// Bytes that are no UTF-8.
    #[error("not UTF-8")]
    NotUtf8,
    /// A quoted field that the end of the object cuts off, or other broken CSV.
    #[error("broken CSV ({0})")]
    Csv(#[source] csv::Error),
    /// No header line.
    #[error("no header line")]
    NoHeader,
    /// The header lacks a column that every version has.
    #[error("the header has no column {0}")]
    NoColumn(&'static str),
    /// The header names a column twice.
    #[error("the header names the column {0} twice")]
    TwiceColumn(&'static str),
    /// Another number of fields than the header.
    #[error("{found} fields where the header has {wanted}")]
    Fields {
        /// Fields of the line.
        found: usize,
        /// Fields of the header.
        wanted: usize,
    },
    /// A value outside what its column allows.
    #[error("{column}: {reason}")]
    Value {
        /// The column.
        column: &'static str,
        /// What is wrong; never a viewer's login.
        reason: String,
    },
    /// A row of another slot.
    #[error("sampled_at is not within the slot {0}")]
    Slot(SlotTime),
    /// The writer was given rows out of order, or one twice.
    #[error("rows must come bytewise by channel, chatter, evidence, each once")]
    Order,
    /// The index does not describe this object.
    #[error("the index does not describe the object ({0})")]
    Index(&'static str),
    /// A manifest, index or description that is no JSON of the form.
    #[error("not the JSON that belongs here ({0})")]
    Json(#[source] serde_json::Error),
    /// A manifest under another day's name.
    #[error("it is of another day, {0}")]
    Day(Day),
    /// Written by a later version.
    #[error("format {0} is newer than this program reads")]
    Format(u32),
}

impl Flaw {
    /// A value outside what its column allows.
    pub(crate) fn value(column: &'static str, reason: &dyn Display) -> Flaw {
        Flaw::Value { column, reason: reason.to_string() }
    }

    /// This flaw of a whole object.
    pub(crate) fn of(self, object: &str) -> ArchiveError {
        ArchiveError::Object { object: object.to_owned(), flaw: self }
    }

    /// This flaw at a line of an object.
    pub(crate) fn at(self, object: &str, line: u64) -> ArchiveError {
        ArchiveError::Line { object: object.to_owned(), member: None, line, flaw: self }
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Error, ErrorKind};

    use super::*;

    #[test]
    fn a_disk_that_fails_is_no_fault_of_the_object() {
        let read = |kind| Flaw::Read(Error::from(kind)).at("chatters/x", 1).is_of_object();
        assert!(read(ErrorKind::UnexpectedEof));
        assert!(!read(ErrorKind::Other) && !read(ErrorKind::StaleNetworkFileHandle));
        let temporary = || Flaw::Temporary(Error::from(ErrorKind::StorageFull));
        assert!(!temporary().of("chatters/x").is_of_object() && !temporary().at("chatters/x", 1).is_of_object());
    }
}
