//! Making a folder of a backup. Its files are copied beside their places first, then named, `main.db` last: what is
//! stopped before that is no store.

use std::fs;
use std::path::{Path, PathBuf};

use super::SCHEMAS;
use crate::access::JobKey;
use crate::error::{Result, StoreError};
use crate::sqlite::SqliteStore;
use crate::sqlite::file::latest;
use crate::sqlite::folder::{ASIDE, CLOSED, LOCK, MAIN, OPEN, lock};
use crate::upkeep::backup::{Backup, BackupError, Kind, MANIFEST, Restored};
use crate::upkeep::backup_folder::{aside, digest, io_failed, verified};

/// See [`crate::upkeep::restore`].
pub(crate) async fn restore(_: &JobKey, from: &Path, folder: &Path) -> Result<Restored> {
    let source = from.to_owned();
    let backup = aside(move || verified(&source, Kind::Sqlite)).await?;
    known(from, &backup)?;
    // Before the lock, which would make the folder; and once it is held, since somebody may have been faster.
    is_empty(folder)?;
    let lock = lock(folder)?;
    is_empty(folder)?;
    let mut names: Vec<String> = backup.files.iter().map(|file| file.name.clone()).collect();
    names.sort_by_key(|name| name == MAIN);
    for file in &backup.files {
        let (source, copy) = (from.join(&file.name), new(folder, &file.name));
        let wanted = (file.bytes, file.sha256.clone());
        aside(move || copied(&source, &copy, &wanted)).await?;
    }
    let place = folder.to_owned();
    aside(move || put_in_place(&place, &names)).await?;
    drop(lock);
    // It opens, and what was of imports under way goes.
    SqliteStore::open(folder, Some(backup.origin)).await?.close().await;
    Ok(Restored { files: backup.files.len(), rows: backup.rows(), origin: backup.origin })
}

/// Refuses files that no version up to this one writes.
fn known(from: &Path, backup: &Backup) -> Result<()> {
    let unknown = |what| Err(BackupError::Unknown { path: from.join(MANIFEST), what }.into());
    for (name, schema) in SCHEMAS {
        let step = backup.schema.get(name).copied().unwrap_or(0);
        if step > latest(schema) {
            return unknown(format!("step {step} of the tables of {name} files"));
        }
    }
    for file in &backup.files {
        let month = |kind| file.name.strip_prefix(kind)?.strip_prefix('-')?.strip_suffix(".db")?.parse().ok();
        let month: Option<model::day::Month> = month(OPEN).or_else(|| month(CLOSED));
        if month.is_none() && file.name != MAIN {
            return unknown(format!("the file {}", file.name));
        }
    }
    Ok(())
}

/// Refuses a folder with anything in it that opening it would not make or remove.
fn is_empty(folder: &Path) -> Result<()> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        entries => entries.map_err(io_failed("read", folder))?,
    };
    for entry in entries {
        let path = entry.map_err(io_failed("read", folder))?.path();
        if path.file_name().is_some_and(|name| name == LOCK) || path.extension().is_some_and(|end| end == ASIDE) {
            continue;
        }
        return Err(StoreError::Backup(BackupError::NotEmpty { place: folder.display().to_string() }));
    }
    Ok(())
}

/// Where a file is made; what a crash leaves there is removed when the folder is opened.
fn new(folder: &Path, name: &str) -> PathBuf {
    folder.join(name).with_extension(ASIDE)
}

fn copied(source: &Path, copy: &Path, wanted: &(u64, String)) -> std::result::Result<(), BackupError> {
    fs::copy(source, copy).map_err(io_failed("copy", source))?;
    let found = digest(copy).map_err(io_failed("read", copy))?;
    if found != *wanted {
        return Err(BackupError::Altered { path: source.to_owned() });
    }
    fs::File::open(copy).and_then(|file| file.sync_all()).map_err(io_failed("write", copy))
}

fn put_in_place(folder: &Path, names: &[String]) -> std::result::Result<(), BackupError> {
    for name in names {
        fs::rename(new(folder, name), folder.join(name)).map_err(io_failed("write", &folder.join(name)))?;
    }
    fs::File::open(folder).and_then(|folder| folder.sync_all()).map_err(io_failed("write", folder))
}
