//! Making a folder of a backup. Its files are copied beside their places first, then named. From before the first until
//! after the last a file says that the folder is being restored: whoever opens it meanwhile is refused, and a restore
//! that was stopped is begun anew by the next one.

use std::fs;
use std::path::{Path, PathBuf};

use model::day::Month;

use super::SCHEMAS;
use crate::access::JobKey;
use crate::error::{Result, StoreError};
use crate::sqlite::SqliteStore;
use crate::sqlite::file::latest;
use crate::sqlite::folder::{ASIDE, CLOSED, LOCK, MAIN, OPEN, RESTORING, lock};
use crate::upkeep::backup::{Backup, BackupError, BackupFile, Kind, MANIFEST, Restored};
use crate::upkeep::backup_folder::{aside, digest, io_failed, verified};

/// See [`crate::upkeep::restore`].
pub(crate) async fn restore(_: &JobKey, from: &Path, folder: &Path) -> Result<Restored> {
    let source = from.to_owned();
    let backup = aside(move || verified(&source, Kind::Sqlite)).await?;
    known(from, &backup)?;
    // Before the lock, which would make the folder; and once it is held, since somebody may have been faster.
    is_empty(folder)?;
    let lock = lock(folder).await?;
    is_empty(folder)?;
    let done = fill(from, folder, &backup, &lock).await;
    let place = folder.to_owned();
    let marked = folder.join(RESTORING);
    let unmark = move || fs::remove_file(&marked).map_err(io_failed("write", &marked)).and_then(|()| synced(&place));
    match done {
        Ok(()) => aside(unmark).await?,
        Err(error) => {
            // What went wrong is told. What cannot be removed is known for what it is by the file that stays.
            let place = folder.to_owned();
            let _ = aside(move || clear(&place).and_then(|()| unmark())).await;
            return Err(error);
        }
    }
    Ok(Restored { files: backup.files.len(), rows: backup.rows(), origin: backup.origin, made_at: backup.made_at })
}

/// Fills the folder, and opens it as whoever uses it will: what was of imports under way goes.
async fn fill(from: &Path, folder: &Path, backup: &Backup, lock: &fs::File) -> Result<()> {
    let (source, place, files) = (from.to_owned(), folder.to_owned(), backup.files.clone());
    aside(move || {
        clear(&place)?;
        let marked = place.join(RESTORING);
        fs::File::create(&marked).map_err(io_failed("write", &marked))?;
        synced(&place)?;
        files.iter().try_for_each(|file| copied(&source, &place, file))?;
        put_in_place(&place, &files)
    })
    .await?;
    let lock = lock.try_clone().map_err(io_failed("lock", folder))?;
    SqliteStore::open_locked(folder, Some(backup.origin), lock).await?.close().await;
    Ok(())
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
        if month_of(&file.name).is_none() && file.name != MAIN {
            return unknown(format!("the file {}", file.name));
        }
    }
    Ok(())
}

/// The month that a file of this name is of.
fn month_of(name: &str) -> Option<Month> {
    let month = |kind| name.strip_prefix(kind)?.strip_prefix('-')?.strip_suffix(".db")?.parse().ok();
    month(OPEN).or_else(|| month(CLOSED))
}

/// Refuses a folder with anything in it that opening it would not make or remove, and that no restore left there.
fn is_empty(folder: &Path) -> Result<()> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        entries => entries.map_err(io_failed("read", folder))?,
    };
    let stopped = folder.join(RESTORING).exists();
    for entry in entries {
        let path = entry.map_err(io_failed("read", folder))?.path();
        let made =
            path.file_name().is_some_and(|name| name == LOCK) || path.extension().is_some_and(|end| end == ASIDE);
        if !(made || stopped && is_restored_file(&path)) {
            return Err(StoreError::Backup(BackupError::NotEmpty { place: folder.display().to_string() }));
        }
    }
    Ok(())
}

/// Whether a restore gives a file this name. Until it is at its end nobody else writes in the folder.
fn is_restored_file(path: &Path) -> bool {
    let Some(name) = path.file_name().and_then(|name| name.to_str()) else { return false };
    let name = ["-journal", "-wal", "-shm"].iter().find_map(|journal| name.strip_suffix(journal)).unwrap_or(name);
    name == RESTORING || name == MAIN || month_of(name).is_some()
}

/// Where a file is made; what a crash leaves there is removed when the folder is opened.
fn new(folder: &Path, name: &str) -> PathBuf {
    folder.join(name).with_extension(ASIDE)
}

/// Removes what a restore put there, but for the file that says so.
fn clear(folder: &Path) -> std::result::Result<(), BackupError> {
    let failed = io_failed("write", folder);
    for entry in fs::read_dir(folder).map_err(&failed)? {
        let path = entry.map_err(&failed)?.path();
        let is_new = path.extension().is_some_and(|end| end == ASIDE);
        if (is_new || is_restored_file(&path)) && path != folder.join(RESTORING) {
            fs::remove_file(&path).map_err(&failed)?;
        }
    }
    Ok(())
}

fn copied(from: &Path, folder: &Path, file: &BackupFile) -> std::result::Result<(), BackupError> {
    let (source, copy) = (from.join(&file.name), new(folder, &file.name));
    fs::copy(&source, &copy).map_err(io_failed("copy a file of the backup to", &copy))?;
    let found = digest(&copy).map_err(io_failed("read", &copy))?;
    if found != (file.bytes, file.sha256.clone()) {
        return Err(BackupError::Altered { path: source });
    }
    fs::File::open(&copy).and_then(|file| file.sync_all()).map_err(io_failed("write", &copy))
}

fn put_in_place(folder: &Path, files: &[BackupFile]) -> std::result::Result<(), BackupError> {
    for name in files.iter().map(|file| &file.name) {
        fs::rename(new(folder, name), folder.join(name)).map_err(io_failed("write", &folder.join(name)))?;
    }
    synced(folder)
}

fn synced(folder: &Path) -> std::result::Result<(), BackupError> {
    fs::File::open(folder).and_then(|folder| folder.sync_all()).map_err(io_failed("write", folder))
}
