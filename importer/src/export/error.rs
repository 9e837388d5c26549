//! What stops an export, or an erasure from one. Days that are exported already stay; of the others nothing is visible.

use std::io;
use std::path::PathBuf;

use model::day::Day;
use model::words::Origin;
use store::error::StoreError;
use thiserror::Error;

/// Days that were not exported. No message holds a viewer's login.
#[derive(Debug, Error)]
pub enum ExportError {
    /// The range ends before it begins.
    #[error("the last day to export, {to}, is before the first, {from}")]
    Backwards {
        /// The first day.
        from: Day,
        /// The last day.
        to: Day,
    },
    /// The store has not got the day.
    #[error("{day} is not in the store: {}", held.map_or_else(|| "it holds no day yet".to_owned(), |(first, last)| format!("its days lie between {first} and {last}; import this one first")))]
    NotHeld {
        /// The day.
        day: Day,
        /// The first and the last day held.
        held: Option<(Day, Day)>,
    },
    /// The day was still open when it was imported.
    #[error("{0} was not over when it was imported: export it once it is imported whole")]
    Provisional(Day),
    /// Real people, and nobody said that they may be told of.
    #[error(
        "the store holds real people: their presence is exported only with --personal-data, by whoever has the right to"
    )]
    Unconfirmed,
    /// The folder takes nothing.
    #[error("the folder {} cannot be written: choose another folder or give this user the right to write there", folder.display())]
    NotWritable {
        /// The folder.
        folder: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// What the folder says of itself cannot be read.
    #[error("the export in {} cannot be read: give this user the right to read its export.json", folder.display())]
    NotReadable {
        /// The folder.
        folder: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The folder holds an export that this program does not understand.
    #[error("the folder {} holds no export that this version knows: choose another folder", folder.display())]
    Foreign {
        /// The folder.
        folder: PathBuf,
        /// Why not, where it is not for being newer.
        source: Option<serde_json::Error>,
    },
    /// Simulated and real data are never mixed.
    #[error("the export in {} is of {held} data, the store is {store}: choose another folder", folder.display())]
    Origin {
        /// The folder.
        folder: PathBuf,
        /// What it holds.
        held: Origin,
        /// The store's origin.
        store: Origin,
    },
    /// A part is there already.
    #[error("{} is there already: replace it with --overwrite, or choose another folder", part.display())]
    Occupied {
        /// The part.
        part: PathBuf,
    },
    /// A part cannot be written: usually the disk is full.
    #[error("cannot write {}", part.display())]
    Write {
        /// The part.
        part: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A part cannot be read, or written anew.
    #[error("cannot take a person out of {}", part.display())]
    Erase {
        /// The part, or the folder it is looked for in.
        part: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The store refused.
    #[error("cannot export {day}: the store cannot be read")]
    Store {
        /// The day.
        day: Day,
        /// Why.
        #[source]
        source: StoreError,
    },
    /// A worker ended before its answer: the program is shutting down.
    #[error("the export of {day} was stopped")]
    Stopped {
        /// The day.
        day: Day,
        /// How the worker ended.
        #[source]
        source: tokio::task::JoinError,
    },
}
