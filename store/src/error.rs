//! What can go wrong with a store.

use std::borrow::Cow;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use model::codec::CodecError;
use model::day::{Day, Month};
use model::words::{Origin, Tier};
use sqlx::migrate::MigrateError;
use thiserror::Error;

use crate::upkeep::backup::BackupError;

/// The result of anything the store does.
pub type Result<T> = std::result::Result<T, StoreError>;

/// What can go wrong. Texts name files and tables, never people; the cause is the source.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The address is neither a folder nor a Postgres database.
    #[error("the store's address is not understood: write sqlite:FOLDER, a folder's path, or postgres://…")]
    Address(#[source] Option<sqlx::Error>),
    /// Nothing is there to open.
    #[error("there is no store in {place}")]
    Absent {
        /// The folder or database.
        place: String,
    },
    /// The folder cannot be created or written.
    #[error("the store's folder {} cannot be written: choose another folder or give this user the right to write there", folder.display())]
    NotWritable {
        /// The folder.
        folder: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The folder cannot be looked through.
    #[error("cannot measure the store in {}", folder.display())]
    Measure {
        /// The folder.
        folder: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Another process has it open.
    #[error("another process uses the store in {}: stop it, or choose another folder", folder.display())]
    InUse {
        /// The folder.
        folder: PathBuf,
    },
    /// A file of it is no database, or holds what no program of ours wrote.
    #[error(
        "the store is damaged in {place}: restore the whole store from a copy, or delete it (of SQLite the whole folder) \
         and import its days again from the archive"
    )]
    Damaged {
        /// The file or table.
        place: String,
        /// What was found.
        source: Damage,
    },
    /// It holds data of another origin.
    #[error("the store in {place} holds {held} data: {asked} data never go into the same store")]
    Origin {
        /// The folder or database.
        place: String,
        /// What it holds.
        held: Origin,
        /// What was asked of it.
        asked: Origin,
    },
    /// It was written by a newer program.
    #[error("the store in {place} was written by a newer version (its schema has step {version}): use that version")]
    Newer {
        /// The folder or database.
        place: String,
        /// The step of its schema that this program does not know.
        version: i64,
    },
    /// It was written by an older program, and whoever only reads does not bring it up to date.
    #[error(
        "the tables in {place} are of an older version: let this version's `vigie serve` or `vigie import` open the store first"
    )]
    Older {
        /// The folder or database.
        place: String,
    },
    /// Its tables could not be brought up to date.
    #[error("cannot bring the tables in {place} up to date")]
    Migrate {
        /// The file or database.
        place: String,
        /// Why.
        source: MigrateError,
    },
    /// A statement failed.
    #[error("cannot {act} in {place}")]
    Query {
        /// What was being done.
        act: &'static str,
        /// The file or database.
        place: String,
        /// Why.
        source: sqlx::Error,
    },
    /// The disk takes no more.
    #[error("cannot {act} in {place}: its disk is full; what was held is still held: free some space and do it again")]
    DiskFull {
        /// What was being done.
        act: &'static str,
        /// The file, folder or database.
        place: String,
        /// Why.
        #[source]
        source: Full,
    },
    /// The database went away, or could not be reached.
    #[error(
        "cannot {act}: the connection to {place} was lost, or it does not answer; what was held is still held: do it again once it does"
    )]
    Disconnected {
        /// What was being done.
        act: &'static str,
        /// The database.
        place: String,
        /// Why.
        source: sqlx::Error,
    },
    /// Others read tables that were to be replaced or removed, and went on for longer than they are waited for.
    #[error(
        "cannot {act} in {place}: others have been reading its tables for long (a pg_dump, a backup, a query by hand); what \
         was held is still held: do it again once they are done"
    )]
    Occupied {
        /// What was being done.
        act: &'static str,
        /// The database.
        place: String,
        /// Why.
        source: sqlx::Error,
    },
    /// What was erased is in a journal that others read.
    #[error(
        "what was erased is still in the journal of {place}: others have been reading it for long (a backup, a check, a query \
         by hand); do it again once they are done"
    )]
    JournalHeld {
        /// The file.
        place: String,
    },
    /// What was erased is still in the tables' files, since others began to read before.
    #[error(
        "what was erased is still in the files of {place}: others have been reading since before (a pg_dump, a backup, a query \
         by hand, a prepared transaction, a replica); do it again once they are done"
    )]
    RowsHeld {
        /// The database.
        place: String,
    },
    /// There are more people or channels than keys.
    #[error("the store is full: it keeps at most {limit} {things}")]
    Full {
        /// Of what.
        things: &'static str,
        /// How many.
        limit: u32,
    },
    /// A day to import that contradicts itself.
    #[error("the import of {day} is refused: {reason}")]
    Import {
        /// The day.
        day: Day,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// A month without blocks by day.
    #[error("the month {0} is not held open: none of its days is in the store, or it was closed for good")]
    NotOpen(Month),
    /// A month without rows by person.
    #[error("the month {0} is not closed: its blocks are all that is held of it")]
    NotClosed(Month),
    /// A month that is kept too coarsely.
    #[error("the month {month} is kept as {tier} only: its days cannot be replaced any more")]
    Aged {
        /// The month.
        month: Month,
        /// How fine it is.
        tier: Tier,
    },
    /// The temporary file of a day's rows does not give them back.
    #[error("the rows of the day cannot be read from their temporary file")]
    Rows(#[source] io::Error),
    /// What was read changed before its use: a day was replaced, or somebody opted out or was erased.
    #[error("days were replaced, or somebody opted out or was erased meanwhile: nothing was changed, do it again")]
    Busy,
    /// People opted out, and they cannot be recognised.
    #[error(
        "people have opted out, and {}: set [privacy] secret_file to the secret that the list was begun with",
        if *lacking { "no secret is configured to recognise them by" } else { "the secret is not the one that they were put on the list with" }
    )]
    Secret {
        /// There is none; else it is another one.
        lacking: bool,
    },
    /// There is too little room to give space back: a copy is made meanwhile.
    #[error(
        "{place} needs {needed_bytes} free bytes in {} to be written anew, and its disk has {free_bytes}: free some first \
         (temporary files go to SQLITE_TMPDIR, or TMPDIR)",
        disk.display()
    )]
    NoRoom {
        /// The file.
        place: String,
        /// A folder on the disk that is meant: the store's, or that of temporary files.
        disk: PathBuf,
        /// What it takes at most.
        needed_bytes: u64,
        /// What there is.
        free_bytes: u64,
    },
    /// A backup, or what is to be restored.
    #[error(transparent)]
    Backup(#[from] BackupError),
    /// Real people, and nobody chose who may see their pages.
    #[error("the store holds real people: choose viewer_pages = \"public\" or \"owner\" first")]
    ViewerPagesUnchosen,
}

/// What shows that a disk is full.
#[derive(Debug, Error)]
pub enum Full {
    /// The database says so.
    #[error(transparent)]
    Database(sqlx::Error),
    /// A file says so.
    #[error(transparent)]
    File(io::Error),
}

/// What shows that a store is damaged.
#[derive(Debug, Error)]
pub enum Damage {
    /// The database says so.
    #[error(transparent)]
    Database(sqlx::Error),
    /// Its own check says so.
    #[error("the integrity check says: {0}")]
    Check(String),
    /// A compact form does not decode.
    #[error(transparent)]
    Codec(#[from] CodecError),
    /// A column holds what nobody writes there.
    #[error("a value of {0} is out of range")]
    Value(&'static str),
}

/// The error of a statement: damage where the database reports it, else what was being done, and why it failed.
pub(crate) fn failed(act: &'static str, place: &str) -> impl Fn(sqlx::Error) -> StoreError + use<> {
    let place = place.to_owned();
    move |source| {
        let place = place.clone();
        if is_damage(&source) {
            StoreError::Damaged { place, source: Damage::Database(source) }
        } else if is_full(&source) {
            StoreError::DiskFull { act, place, source: Full::Database(source) }
        } else if is_disconnection(&source) {
            StoreError::Disconnected { act, place, source }
        } else if is_occupied(&source) {
            StoreError::Occupied { act, place, source }
        } else {
            StoreError::Query { act, place, source }
        }
    }
}

/// The error of a folder that cannot be written.
pub(crate) fn not_writable(folder: &Path) -> impl Fn(io::Error) -> StoreError + use<> {
    let folder = folder.to_owned();
    move |source| match source.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
            StoreError::DiskFull { act: "write", place: folder.display().to_string(), source: Full::File(source) }
        }
        _ => StoreError::NotWritable { folder: folder.clone(), source },
    }
}

/// The error of bringing tables up to date.
pub(crate) fn migration_failed(place: &str) -> impl Fn(MigrateError) -> StoreError + use<> {
    let place = place.to_owned();
    move |source| {
        let place = place.clone();
        match source {
            MigrateError::VersionMissing(version) => StoreError::Newer { place, version },
            MigrateError::Execute(source) | MigrateError::ExecuteMigration(source, _) if is_damage(&source) => {
                StoreError::Damaged { place, source: Damage::Database(source) }
            }
            MigrateError::Execute(source) | MigrateError::ExecuteMigration(source, _)
                if is_full(&source) || is_disconnection(&source) =>
            {
                failed("bring the tables up to date", &place)(source)
            }
            source => StoreError::Migrate { place, source },
        }
    }
}

/// SQLite: `SQLITE_CORRUPT` (11) and `SQLITE_NOTADB` (26), with any extended code above the low byte. Postgres:
/// `data_corrupted` and `index_corrupted`.
fn is_damage(error: &sqlx::Error) -> bool {
    match code(error) {
        Some(Code::Sqlite(number)) => matches!(number & 0xff, 11 | 26),
        Some(Code::Postgres(code)) => matches!(&*code, "XX001" | "XX002"),
        None => false,
    }
}

/// SQLite: `SQLITE_FULL` (13), and `SQLITE_IOERR_SHMSIZE` (4874), where no room is left for a journal's index. Postgres:
/// `disk_full`, and `internal_error` where the first to connect after a change of tables finds no room for a file that all do
/// without; its text is never translated.
fn is_full(error: &sqlx::Error) -> bool {
    match code(error) {
        Some(Code::Sqlite(number)) => matches!(number, 13 | 4_874),
        Some(Code::Postgres(code)) => {
            let says = |text| error.as_database_error().is_some_and(|error| error.message().starts_with(text));
            &*code == "53100" || (&*code == "XX000" && says("could not write init file"))
        }
        None => false,
    }
}

/// A connection that broke or was never made; of Postgres also what it says before it closes one: `admin_shutdown`,
/// `crash_shutdown`, `cannot_connect_now`, and connection exceptions.
fn is_disconnection(error: &sqlx::Error) -> bool {
    match code(error) {
        Some(Code::Postgres(code)) => matches!(&*code, "57P01" | "57P02" | "57P03") || code.starts_with("08"),
        Some(Code::Sqlite(_)) => false,
        None => matches!(error, sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut),
    }
}

/// Postgres: `lock_not_available`, which comes where a wait for others was bounded.
fn is_occupied(error: &sqlx::Error) -> bool {
    matches!(code(error), Some(Code::Postgres(code)) if &*code == "55P03")
}

/// What a database calls an error.
enum Code<'a> {
    Sqlite(u32),
    Postgres(Cow<'a, str>),
}

/// SQLite's codes are numbers of at most four digits, Postgres' have five characters.
fn code(error: &sqlx::Error) -> Option<Code<'_>> {
    let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code)?;
    match code.parse() {
        Ok(number) if code.len() < 5 => Some(Code::Sqlite(number)),
        _ => Some(Code::Postgres(code)),
    }
}
