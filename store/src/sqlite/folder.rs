//! Opening a folder: the lock, the files, whose data they are, what a crash left.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use model::day::{Day, Month};
use model::words::{Origin, Tier};
use sqlx::SqlitePool;
use tokio::sync::{Mutex, RwLock};

use super::SqliteStore;
use super::file::{File, Schema};
use super::months::{Closed, MonthFiles, remove};
use crate::error::{Damage, Result, StoreError, failed, not_writable};
use crate::upkeep::backup::BackupError;
use crate::values::Columns;

pub(super) const MAIN: &str = "main.db";
pub(super) const LOCK: &str = "lock";
/// Files that are being made: what a crash leaves of them is of no use.
pub(super) const ASIDE: &str = "new";
/// In a folder that a restore has begun to fill; gone when all is there.
pub(super) const RESTORING: &str = "restoring";

impl SqliteStore {
    /// Opens the store in a folder; see [`crate::AnyStore::open`].
    pub async fn open(folder: &Path, origin: Option<Origin>) -> Result<SqliteStore> {
        if !folder.join(MAIN).exists() && months_in(folder)?.is_empty() && origin.is_none() {
            is_restored(folder)?;
            return Err(StoreError::Absent { place: folder.display().to_string() });
        }
        let lock = lock(folder).await?;
        is_restored(folder)?;
        SqliteStore::open_locked(folder, origin, lock).await
    }

    /// Opens the store in a folder that this process has locked.
    pub(super) async fn open_locked(folder: &Path, origin: Option<Origin>, lock: fs::File) -> Result<SqliteStore> {
        let path = folder.join(MAIN);
        let months = months_in(folder)?;
        let place = path.display().to_string();
        remove_aside(folder).map_err(not_writable(folder))?;
        // SQLite takes an empty file for a new database: the months would be lost without a word.
        if !months.is_empty() && fs::metadata(&path).map_or(0, |data| data.len()) == 0 {
            return Err(lost(place));
        }
        let main = File::open(&path, Schema::Main).await?;
        let origin = claim_origin(&main, folder, origin).await?;
        let records = pairs(&main, "SELECT day, generation FROM day_record").await?;
        for month in records.iter().map(|(day, _)| day.month()).collect::<BTreeSet<Month>>() {
            let empty = |kind| fs::metadata(month_path(folder, kind, month)).map_or(0, |data| data.len()) == 0;
            if empty(OPEN) && empty(CLOSED) {
                return Err(lost(month_path(folder, OPEN, month).display().to_string()));
            }
        }
        let mut files: BTreeMap<Month, MonthFiles> = BTreeMap::new();
        let mut generations = BTreeMap::new();
        for (month, kind) in months {
            let path = month_path(folder, kind, month);
            let files = files.entry(month).or_default();
            if kind == OPEN {
                let file = File::open(&path, Schema::Month).await?;
                generations.extend(generations_in(&file.reader, &file.place).await?);
                files.open = Some(Arc::new(file));
            } else {
                let closed = Closed::open(&path).await?;
                generations.extend(generations_in(&closed.file.reader, &closed.file.place).await?);
                files.closed = Some(Arc::new(closed));
            }
        }
        for (month, files) in &mut files {
            // Left by a program that was stopped between the two: what is coarser holds.
            if files.closed.as_ref().is_some_and(|closed| closed.tier != Tier::Slots)
                && let Some(open) = files.open.take()
            {
                open.close().await;
                remove(&month_path(folder, OPEN, *month)).map_err(not_writable(folder))?;
            }
            // Left by a machine that lost its power: the removal had not reached the disk when a day was replaced.
            if let (Some(open), Some(closed)) = (&files.open, &files.closed)
                && generations_in(&open.reader, &open.place).await?
                    != generations_in(&closed.file.reader, &closed.file.place).await?
            {
                tracing::warn!(%month, "removing the closed form of a month that was opened again");
                fs::remove_file(month_path(folder, CLOSED, *month)).map_err(not_writable(folder))?;
                generations.extend(generations_in(&open.reader, &open.place).await?);
                files.closed = None;
            }
        }
        let store = SqliteStore {
            folder: folder.to_owned(),
            origin,
            main,
            months: RwLock::new(files),
            generations: RwLock::new(generations),
            importing: Mutex::new(()),
            making: Mutex::new(()),
            retiring: Mutex::new(()),
            _lock: lock,
        };
        let verified = pairs(&store.main, "SELECT day, generation FROM verification").await?;
        store.sweep_generations(records.into_iter().chain(verified)).await?;
        Ok(store)
    }

    /// Removes what imports that never ended left in `main.db`.
    async fn sweep_generations(&self, records: impl Iterator<Item = (Day, u32)>) -> Result<()> {
        let held = self.generations.read().await.clone();
        for (day, generation) in records {
            if held.get(&day) != Some(&generation) {
                tracing::debug!(%day, generation, "removing an unfinished import");
                self.forget_generations(day, held.get(&day).copied().unwrap_or(0)).await?;
            }
        }
        Ok(())
    }
}

/// The two forms of a month's file.
pub(super) const OPEN: &str = "open";
pub(super) const CLOSED: &str = "month";

pub(super) fn month_path(folder: &Path, kind: &str, month: Month) -> PathBuf {
    folder.join(format!("{kind}-{month}.db"))
}

/// The months that have a file, and of which form. Files that were being made go.
pub(super) fn months_in(folder: &Path) -> Result<BTreeSet<(Month, &'static str)>> {
    let not_readable = |source| StoreError::NotWritable { folder: folder.to_owned(), source };
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(BTreeSet::new()),
        entries => entries.map_err(not_readable)?,
    };
    let mut months = BTreeSet::new();
    for entry in entries {
        let name = entry.map_err(not_readable)?.file_name();
        let Some(name) = name.to_str() else { continue };
        for kind in [OPEN, CLOSED] {
            let month = name.strip_prefix(kind).and_then(|name| name.strip_prefix('-')?.strip_suffix(".db"));
            months.extend(month.and_then(|month| month.parse::<Month>().ok()).map(|month| (month, kind)));
        }
    }
    Ok(months)
}

/// Removes files that a crash left half made. Only whoever holds the lock may.
fn remove_aside(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == ASIDE) {
            fs::remove_file(path)?;
        }
    }
    Ok(())
}

/// Refuses a folder that a restore has begun to fill: some of its files may be there, and some not.
pub(super) fn is_restored(folder: &Path) -> Result<()> {
    if folder.join(RESTORING).exists() {
        return Err(BackupError::Unfinished { folder: folder.to_owned() }.into());
    }
    Ok(())
}

/// How often the lock is tried, and how long apart. Whoever asks [`is_in_use`] holds it for microseconds.
const LOCK_TRIES: u32 = 20;
const LOCK_PAUSE: Duration = Duration::from_millis(5);

/// Takes the folder for this process, creating it if need be.
pub(super) async fn lock(folder: &Path) -> Result<fs::File> {
    let not_writable = not_writable(folder);
    fs::create_dir_all(folder).map_err(&not_writable)?;
    let file =
        fs::File::options().write(true).create(true).truncate(false).open(folder.join(LOCK)).map_err(&not_writable)?;
    for _ in 0..LOCK_TRIES {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::WouldBlock) => tokio::time::sleep(LOCK_PAUSE).await,
            Err(TryLockError::Error(source)) => return Err(not_writable(source)),
        }
    }
    Err(StoreError::InUse { folder: folder.to_owned() })
}

/// Whether a process has the folder open now. There is no asking without a lock: a shared one, so that several may ask at
/// once, and for a moment, which [`lock`] waits out.
pub(super) fn is_in_use(folder: &Path) -> bool {
    let lock = fs::File::options().read(true).open(folder.join(LOCK));
    lock.is_ok_and(|lock| matches!(lock.try_lock_shared(), Err(TryLockError::WouldBlock)))
}

fn lost(place: String) -> StoreError {
    StoreError::Damaged { place, source: Damage::Check("the file is missing or empty".to_owned()) }
}

/// The origin that the store has, or gets now.
async fn claim_origin(main: &File, folder: &Path, asked: Option<Origin>) -> Result<Origin> {
    let failed = failed("read the origin", &main.place);
    let held: Option<String> =
        sqlx::query_scalar("SELECT origin FROM meta").fetch_optional(&main.reader).await.map_err(&failed)?;
    match (held, asked) {
        (Some(held), asked) => {
            let columns = Columns { place: &main.place };
            let held: Origin = columns.expect("origin", held.parse().ok())?;
            match asked {
                Some(asked) if asked != held => {
                    Err(StoreError::Origin { place: folder.display().to_string(), held, asked })
                }
                _ => Ok(held),
            }
        }
        (None, Some(asked)) => {
            let mut tx = main.write().await?;
            sqlx::query("INSERT INTO meta (one, origin) VALUES (1, ?)")
                .bind(asked.as_str())
                .execute(&mut *tx)
                .await
                .map_err(&failed)?;
            tx.commit().await.map_err(&failed)?;
            Ok(asked)
        }
        (None, None) => Err(StoreError::Absent { place: folder.display().to_string() }),
    }
}

/// (day, generation) of rows of `main.db`.
async fn pairs(main: &File, sql: &'static str) -> Result<Vec<(Day, u32)>> {
    let rows: Vec<(i64, i64)> =
        sqlx::query_as(sql).fetch_all(&main.reader).await.map_err(failed("read the days", &main.place))?;
    let columns = Columns { place: &main.place };
    rows.into_iter()
        .map(|(day, generation)| Ok((columns.day(day)?, columns.number("generation", generation)?)))
        .collect()
}

async fn generations_in(reader: &SqlitePool, place: &str) -> Result<Vec<(Day, u32)>> {
    let rows: Vec<(i64, i64)> = sqlx::query_as("SELECT day, generation FROM day ORDER BY day")
        .fetch_all(reader)
        .await
        .map_err(failed("read the days", place))?;
    let columns = Columns { place };
    rows.into_iter()
        .map(|(day, generation)| Ok((columns.day(day)?, columns.number("generation", generation)?)))
        .collect()
}
