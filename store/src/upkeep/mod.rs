//! Looking after a store: figures, a check, space given back, backups.
//!
//! Figures, check and backup read only, take no lock and change no table: they run beside a process that has the store
//! open, and see it as of one moment. A store whose tables are not of this version is refused
//! ([`StoreError::Older`](crate::error::StoreError::Older)).

use std::path::Path;

use self::backup::{Backup, Restored};
use self::findings::CheckReport;
use self::stats::StoreStats;
use self::vacuum::Vacuumed;
use crate::access::JobKey;
use crate::any::Address;
use crate::error::Result;
use crate::{postgres, sqlite};

pub mod backup;
pub(crate) mod backup_folder;
pub(crate) mod examine;
pub mod findings;
pub(crate) mod rules;
pub mod stats;
pub mod vacuum;

/// How thoroughly a check looks at the database's own structure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// SQLite's `quick_check`: pages and rows, not whether indexes agree with their tables.
    Quick,
    /// SQLite's `integrity_check`: indexes too.
    Full,
}

/// What is in a store, and how much room it takes.
pub async fn stats(url: &str) -> Result<StoreStats> {
    match Address::of(url)? {
        Address::Sqlite(folder) => sqlite::upkeep::stats::stats(folder).await,
        Address::Postgres(url) => postgres::upkeep::stats::stats(url).await,
    }
}

/// Looks at every row for what no program of ours writes. Memory does not depend on the size of the store: a bit a
/// person is kept, and the first few keys of each finding.
pub async fn check(job: &JobKey, url: &str, depth: Depth) -> Result<CheckReport> {
    match Address::of(url)? {
        Address::Sqlite(folder) => sqlite::upkeep::check::check(job, folder, depth).await,
        Address::Postgres(url) => postgres::upkeep::check::check(job, url).await,
    }
}

/// Gives free space back. Of SQLite the folder must not be open elsewhere, and closed months are left alone: they have
/// none. Postgres keeps most of it for rows to come.
pub async fn vacuum(job: &JobKey, url: &str) -> Result<Vacuumed> {
    match Address::of(url)? {
        Address::Sqlite(folder) => sqlite::upkeep::vacuum::vacuum(job, folder).await,
        Address::Postgres(url) => postgres::upkeep::vacuum::vacuum(job, url).await,
    }
}

/// Copies a store, as of one moment, into a folder that is not there yet. It is written under another name and renamed
/// when it is whole. `made_at` (Unix time in seconds) is noted in it.
pub async fn back_up(job: &JobKey, url: &str, to: &Path, made_at: i64) -> Result<Backup> {
    match Address::of(url)? {
        Address::Sqlite(folder) => sqlite::upkeep::backup::back_up(job, folder, to, made_at).await,
        Address::Postgres(url) => postgres::upkeep::backup::back_up(job, url, to, made_at).await,
    }
}

/// Makes a store of a backup, where none is. Every file is compared with its checksum before anything is written.
pub async fn restore(job: &JobKey, from: &Path, url: &str) -> Result<Restored> {
    match Address::of(url)? {
        Address::Sqlite(folder) => sqlite::upkeep::restore::restore(job, from, folder).await,
        Address::Postgres(url) => postgres::upkeep::restore::restore(job, from, url).await,
    }
}
