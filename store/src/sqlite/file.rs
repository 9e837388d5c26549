//! One SQLite file: a connection that writes, a few that read, tables up to date.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use std::{fs, io};

use sqlx::SqlitePool;
use sqlx::migrate::Migrator;
use sqlx::pool::PoolOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{Connection, Sqlite, SqliteConnection, Transaction};

use crate::error::{Damage, Result, StoreError, failed, migration_failed, not_writable};

/// A file of the store's folder.
#[derive(Debug)]
pub(super) struct File {
    /// Its path, for messages.
    pub(super) place: String,
    /// Reads while others write.
    pub(super) reader: SqlitePool,
    /// Reads everybody, in order.
    pub(super) walker: SqlitePool,
    /// The one connection that writes.
    writer: SqlitePool,
    /// Whether the journal may hold what was erased: whoever writes next empties it first, if nobody reads it by then.
    journal_held: AtomicBool,
}

/// Which tables a file has.
#[derive(Clone, Copy, Debug)]
pub(super) enum Schema {
    /// `main.db`.
    Main,
    /// `open-YYYY-MM.db`.
    Month,
    /// `month-YYYY-MM.db`.
    Closed,
}

/// Pages ask for a handful of months at once; each connection is a thread.
const READERS: u32 = 4;
/// A connection is a thread with a cache: idle ones go.
const IDLE: Duration = Duration::from_mins(1);
/// An import holds the writer for well under this; waiting longer means that it hangs.
pub(super) const ACQUIRE: Duration = Duration::from_secs(30);
/// SQLite's own ceiling, and why files are by month.
const MMAP_BYTES: &str = "2147418112";
/// Pages are mapped: a reader's cache holds little more than what the journal still has.
const READER_CACHE_KIB: &str = "-16384";
/// A walk reads everybody once: were pages mapped, the whole file would stay resident until the kernel wants the room.
const WALKER_CACHE_KIB: &str = "-2048";
/// Names and blocks are written in order: each page is done with soon, and more room would only grow with the day.
const WRITER_CACHE_KIB: &str = "-16384";
/// A file that is built is written in order: what waits only comes to the disk all at once.
const BUILDER_CACHE_KIB: &str = "-4096";
/// After a large import the journal's file shrinks to this.
const JOURNAL_BYTES: &str = "16777216";
/// Rows that may wait between SQLite's thread and ours: a scan of the names passes millions.
pub(super) const ROW_BUFFER: usize = 1_024;
/// How long a try to empty the journal waits for readers: writers wait as long.
const CHECKPOINT: Duration = Duration::from_millis(100);
/// How long it is tried. Pages read for milliseconds; backups and checks for minutes, which nobody waits for.
const CHECKPOINTS: Duration = Duration::from_secs(5);
/// Up to this size a file is checked as a whole when it is opened: some tens of milliseconds.
const CHECKED_BYTES: u64 = 32 << 20;

impl File {
    /// Opens a file, creating it if need be, checks it and brings its tables up to date.
    pub(super) async fn open(path: &Path, schema: Schema) -> Result<File> {
        let place = path.display().to_string();
        let bytes = std::fs::metadata(path).map_or(0, |data| data.len());
        let mut journal = path.as_os_str().to_owned();
        journal.push("-wal");
        // Left by a process that was stopped, or that others read beside.
        let journal_held = AtomicBool::new(std::fs::metadata(journal).is_ok_and(|data| data.len() > 0));
        let options = SqliteConnectOptions::new()
            .filename(path)
            .page_size(4_096)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Normal)
            .pragma("journal_size_limit", JOURNAL_BYTES)
            .row_buffer_size(ROW_BUFFER)
            .busy_timeout(ACQUIRE);
        let writing = options
            .clone()
            .create_if_missing(true)
            .pragma("mmap_size", MMAP_BYTES)
            .pragma("cache_size", WRITER_CACHE_KIB)
            // What is freed is overwritten: a rename or a replaced day must not leave names and rows in free space, where
            // an erasure would not find them.
            .pragma("secure_delete", "ON");
        let reading = options.pragma("query_only", "ON");
        let writer = pool(1).connect_with(writing).await.map_err(failed("open the file", &place))?;
        if (1..=CHECKED_BYTES).contains(&bytes) {
            check(&writer, &place).await?;
        }
        migrator(schema).run(&writer).await.map_err(migration_failed(&place))?;
        let walker = pool(READERS).connect_lazy_with(walking(reading.clone()));
        Ok(File { reader: pool(READERS).connect_lazy_with(mapped(reading)), walker, writer, place, journal_held })
    }

    /// Makes a file that nobody reads before it is whole and in its place: no journal, and the disk may wait. What a try
    /// before it left there goes: it is half made, or damaged.
    pub(super) async fn build(path: &Path, schema: Schema) -> Result<File> {
        let place = path.display().to_string();
        clear(path).map_err(not_writable(path.parent().unwrap_or(path)))?;
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .page_size(4_096)
            .journal_mode(SqliteJournalMode::Off)
            .synchronous(SqliteSynchronous::Off)
            .pragma("cache_size", BUILDER_CACHE_KIB);
        let writer = pool(1).connect_with(options.clone()).await.map_err(failed("make the file", &place))?;
        migrator(schema).run(&writer).await.map_err(migration_failed(&place))?;
        let reader = pool(1).connect_lazy_with(options);
        Ok(File { walker: reader.clone(), reader, writer, place, journal_held: AtomicBool::new(false) })
    }

    /// Begins to write: nobody else does until it ends.
    pub(super) async fn write(&self) -> Result<Transaction<'static, Sqlite>> {
        if self.journal_held.load(Ordering::Relaxed) {
            self.try_truncate(&mut self.checkpointer().await?).await?;
        }
        self.writer.begin_with("BEGIN IMMEDIATE").await.map_err(failed("begin to write", &self.place))
    }

    /// Moves the journal into the file and empties it, so that nothing of what was erased is left there.
    ///
    /// Errors: [`StoreError::JournalHeld`] when somebody reads it for long. Whoever writes to the file later tries again.
    pub(super) async fn truncate_journal(&self) -> Result<()> {
        let until = Instant::now() + CHECKPOINTS;
        let mut connection = self.checkpointer().await?;
        while !self.try_truncate(&mut connection).await? {
            if Instant::now() >= until {
                return Err(StoreError::JournalHeld { place: self.place.clone() });
            }
            // Writers have their turn.
            tokio::time::sleep(CHECKPOINT).await;
        }
        Ok(())
    }

    /// A connection that waits for nobody for long. Not the one that writes, whose patience would have to be changed and
    /// changed back.
    async fn checkpointer(&self) -> Result<SqliteConnection> {
        let options = self.writer.connect_options().as_ref().clone().busy_timeout(CHECKPOINT);
        SqliteConnection::connect_with(&options).await.map_err(failed("empty the journal", &self.place))
    }

    /// Whether the whole journal could be moved into the file, and emptied.
    async fn try_truncate(&self, connection: &mut SqliteConnection) -> Result<bool> {
        let (busy, ..): (i64, i64, i64) = sqlx::query_as("PRAGMA wal_checkpoint(TRUNCATE)")
            .fetch_one(connection)
            .await
            .map_err(failed("empty the journal", &self.place))?;
        self.journal_held.store(busy != 0, Ordering::Relaxed);
        Ok(busy == 0)
    }

    /// Closes its connections; the last one folds the journal into the file.
    pub(super) async fn close(&self) {
        self.walker.close().await;
        self.reader.close().await;
        self.writer.close().await;
    }
}

/// A file that is never written again, and so has neither journal nor locks.
#[derive(Debug)]
pub(super) struct Written {
    /// Its path, for messages.
    pub(super) place: String,
    /// Reads here and there.
    pub(super) reader: SqlitePool,
    /// Reads everybody, in order.
    pub(super) walker: SqlitePool,
}

/// Opens a file that is never written again.
pub(super) async fn open_written(path: &Path, schema: Schema) -> Result<Written> {
    let place = path.display().to_string();
    let bytes = std::fs::metadata(path).map_or(0, |data| data.len());
    let options =
        SqliteConnectOptions::new().filename(path).read_only(true).immutable(true).row_buffer_size(ROW_BUFFER);
    let walker = pool(READERS).connect_lazy_with(walking(options.clone()));
    let reader = pool(READERS).connect_with(mapped(options)).await.map_err(failed("open the file", &place))?;
    if (1..=CHECKED_BYTES).contains(&bytes) {
        check(&reader, &place).await?;
    }
    let version: i64 = sqlx::query_scalar("SELECT max(version) FROM _sqlx_migrations")
        .fetch_one(&reader)
        .await
        .map_err(failed("open the file", &place))?;
    if migrator(schema).iter().all(|step| step.version < version) {
        return Err(StoreError::Newer { place, version });
    }
    Ok(Written { place, reader, walker })
}

/// Opens a file for the one connection that ever writes it, without a journal that would outlive it.
pub(super) async fn open_alone(path: &Path) -> sqlx::Result<SqliteConnection> {
    let options = SqliteConnectOptions::new().filename(path).journal_mode(SqliteJournalMode::Memory);
    SqliteConnection::connect_with(&options).await
}

/// Removes a database that may be there, with its journals.
pub(super) fn clear(path: &Path) -> io::Result<()> {
    for part in ["", "-wal", "-shm", "-journal"] {
        let mut name = path.as_os_str().to_owned();
        name.push(part);
        match fs::remove_file(name) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

/// Of who reads here and there.
fn mapped(options: SqliteConnectOptions) -> SqliteConnectOptions {
    options.pragma("mmap_size", MMAP_BYTES).pragma("cache_size", READER_CACHE_KIB)
}

/// Of who reads everybody.
fn walking(options: SqliteConnectOptions) -> SqliteConnectOptions {
    options.pragma("cache_size", WALKER_CACHE_KIB)
}

fn pool(connections: u32) -> PoolOptions<Sqlite> {
    // A local file does not go away between two statements: no ping before each.
    PoolOptions::new()
        .max_connections(connections)
        .idle_timeout(IDLE)
        .max_lifetime(None)
        .acquire_timeout(ACQUIRE)
        .test_before_acquire(false)
}

async fn check(pool: &SqlitePool, place: &str) -> Result<()> {
    let said: String =
        sqlx::query_scalar("PRAGMA quick_check(1)").fetch_one(pool).await.map_err(failed("check the file", place))?;
    if said == "ok" {
        Ok(())
    } else {
        // A line that names the database comes before the one that says what is wrong.
        let said = said.lines().last().unwrap_or_default().to_owned();
        Err(StoreError::Damaged { place: place.to_owned(), source: Damage::Check(said) })
    }
}

/// The last step of a schema.
pub(super) fn latest(schema: Schema) -> i64 {
    migrator(schema).iter().map(|step| step.version).max().unwrap_or(0)
}

/// The steps of a schema. Listed by hand: the macro that finds them would compile every driver of sqlx a second time.
fn migrator(schema: Schema) -> Migrator {
    let steps: &[(&'static str, &'static str)] = match schema {
        Schema::Main => &[
            ("start", include_str!("../../../migrations/sqlite/main/0001_start.sql")),
            ("names", include_str!("../../../migrations/sqlite/main/0002_names.sql")),
            ("suppressed", include_str!("../../../migrations/sqlite/main/0003_suppressed.sql")),
            ("accounts", include_str!("../../../migrations/sqlite/main/0004_accounts.sql")),
            ("games", include_str!("../../../migrations/sqlite/main/0005_games.sql")),
            ("jobs", include_str!("../../../migrations/sqlite/main/0006_jobs.sql")),
            ("verification", include_str!("../../../migrations/sqlite/main/0007_verification.sql")),
            ("live_ids", include_str!("../../../migrations/sqlite/main/0008_live_ids.sql")),
            ("exports", include_str!("../../../migrations/sqlite/main/0009_exports.sql")),
            ("counted_out", include_str!("../../../migrations/sqlite/main/0010_counted_out.sql")),
            ("opted_out", include_str!("../../../migrations/sqlite/main/0011_opted_out.sql")),
            ("withdrawals", include_str!("../../../migrations/sqlite/main/0012_withdrawals.sql")),
            ("next_key", include_str!("../../../migrations/sqlite/main/0013_next_key.sql")),
            ("nights", include_str!("../../../migrations/sqlite/main/0014_nights.sql")),
            ("population", include_str!("../../../migrations/sqlite/main/0015_population.sql")),
            ("archive_bytes", include_str!("../../../migrations/sqlite/main/0016_archive_bytes.sql")),
        ],
        Schema::Month => &[("start", include_str!("../../../migrations/sqlite/month/0001_start.sql"))],
        Schema::Closed => &[("start", include_str!("../../../migrations/sqlite/closed/0001_start.sql"))],
    };
    crate::migrations::migrator(steps)
}
