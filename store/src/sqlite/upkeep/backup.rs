//! Backing a folder up beside whoever writes it.
//!
//! All files are copied as of moments that fit ([`Snapshot`]): months' files first, `main.db` last, so that everybody in a
//! month has a name; and every day under a generation that `main.db` has too, so that it is whole, old or new. What
//! `main.db` has beyond is of imports under way, as after a crash: opening the restored folder removes it. Nobody waits
//! meanwhile; journals grow by what is written until the copy is done.
//!
//! Files are read through SQLite alone: a process that closes a file by itself gives up the locks that SQLite has on it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, SqliteConnection};

use super::SCHEMAS;
use crate::access::JobKey;
use crate::error::{Full, Result, StoreError, failed};
use crate::sqlite::file::latest;
use crate::sqlite::folder::{CLOSED, MAIN, month_path};
use crate::sqlite::reading::{HELD, Inode, ReadFile, Snapshot, inode};
use crate::upkeep::backup::{Backup, BackupError, BackupFile, FORMAT, Kind};
use crate::upkeep::backup_folder::{Unfinished, aside, digest, io_failed};
use crate::values::Columns;

/// See [`crate::upkeep::back_up`].
pub(crate) async fn back_up(_: &JobKey, folder: &Path, to: &Path, made_at: i64) -> Result<Backup> {
    let snapshot = Snapshot::take(folder).await?;
    if let Some(damaged) = snapshot.damaged.into_values().next() {
        return Err(damaged);
    }
    if !snapshot.at_odds.is_empty() {
        return Err(BackupError::AtOdds { place: folder.display().to_string() }.into());
    }
    let unfinished = Unfinished::begin(to)?;
    let schema = SCHEMAS.iter().map(|(name, schema)| ((*name).to_owned(), latest(*schema))).collect();
    let mut backup =
        Backup { format: FORMAT, kind: Kind::Sqlite, origin: snapshot.origin, made_at, schema, files: Vec::new() };
    for ((month, kind), (mut file, _)) in snapshot.months {
        let copy = month_path(unfinished.path(), kind, month);
        if !(kind == CLOSED && link(file.path.clone(), copy.clone(), file.inode).await?) {
            write(&mut file, &copy).await?;
        }
        backup.files.push(described(file, copy).await?);
    }
    let (mut main, copy) = (snapshot.main, unfinished.path().join(MAIN));
    write(&mut main, &copy).await?;
    backup.files.push(described(main, copy).await?);
    unfinished.finish(backup).await
}

/// Gives a file that is never written again another name, or copies it to another disk; whether that was the file that
/// was read, and not one made since.
async fn link(source: PathBuf, copy: PathBuf, read: Option<Inode>) -> Result<bool> {
    let linked = aside(move || {
        if fs::hard_link(&source, &copy).is_err()
            && let Err(error) = fs::copy(&source, &copy)
        {
            let _ = fs::remove_file(&copy);
            // It lost its name meanwhile: what was opened is still there to be read.
            return if source.exists() { Err(io_failed("copy a month's file to", &copy)(error)) } else { Ok(false) };
        }
        // On another disk the copy has a number of its own: the source had its name all the while, or has lost it.
        if inode(&copy) == read || inode(&source) == read {
            return Ok(true);
        }
        fs::remove_file(&copy).map_err(io_failed("write", &copy))?;
        Ok(false)
    });
    linked.await
}

/// Writes what is held of a file into a new one: tables and indexes as they were made, then all rows.
async fn write(file: &mut ReadFile, copy: &Path) -> Result<()> {
    let failed = failed("copy the file", &file.place);
    let made: Vec<String> = sqlx::query_scalar(
        "SELECT sql FROM held.sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY type <> 'table', rowid",
    )
    .fetch_all(&mut file.connection)
    .await
    .map_err(&failed)?;
    let options = SqliteConnectOptions::new().filename(copy).create_if_missing(true).page_size(4_096);
    let not_written = crate::error::failed("write the backup", &copy.display().to_string());
    let mut empty = SqliteConnection::connect_with(&options).await.map_err(&not_written)?;
    for sql in made {
        sqlx::query(AssertSqlSafe(sql)).execute(&mut empty).await.map_err(&not_written)?;
    }
    empty.close().await.map_err(&not_written)?;
    let attach = "ATTACH ? AS copy";
    sqlx::query(attach).bind(copy.display().to_string()).execute(&mut file.connection).await.map_err(&failed)?;
    // Nobody reads the copy before it is whole.
    sqlx::query("PRAGMA copy.journal_mode = OFF").execute(&mut file.connection).await.map_err(&failed)?;
    for table in tables(file).await? {
        let sql = format!("INSERT INTO copy.\"{table}\" SELECT * FROM {HELD}.\"{table}\"");
        let copied = sqlx::query(AssertSqlSafe(sql)).execute(&mut file.connection).await;
        // The disk that is full is that of the copy.
        copied.map_err(|error| match failed(error) {
            StoreError::DiskFull { source: Full::Database(error), .. } => not_written(error),
            other => other,
        })?;
    }
    // The moment ends with what was written at it.
    for sql in ["COMMIT", "DETACH copy"] {
        sqlx::query(sql).execute(&mut file.connection).await.map_err(&failed)?;
    }
    Ok(())
}

async fn tables(file: &mut ReadFile) -> Result<Vec<String>> {
    let sql = "SELECT name FROM held.sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name";
    sqlx::query_scalar(sql).fetch_all(&mut file.connection).await.map_err(failed("read the tables", &file.place))
}

/// Counts the rows of a copy and reads its bytes once more.
async fn described(mut file: ReadFile, copy: PathBuf) -> Result<BackupFile> {
    let tables = tables(&mut file).await?;
    file.connection.close().await.map_err(failed("read the file", &file.place))?;
    let place = copy.display().to_string();
    let failed = failed("count rows", &place);
    let options =
        SqliteConnectOptions::new().filename(&copy).read_only(true).immutable(true).disable_statement_logging();
    let mut connection = SqliteConnection::connect_with(&options).await.map_err(&failed)?;
    let mut rows = BTreeMap::new();
    for table in tables {
        let sql = format!("SELECT count(*) FROM \"{table}\"");
        let count: i64 = sqlx::query_scalar(AssertSqlSafe(sql)).fetch_one(&mut connection).await.map_err(&failed)?;
        rows.insert(table, Columns { place: &place }.number("rows", count)?);
    }
    connection.close().await.map_err(failed)?;
    let name = copy.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let (bytes, sha256) = aside(move || digest(&copy).map_err(io_failed("read", &copy))).await?;
    Ok(BackupFile { name, bytes, sha256, rows, columns: Vec::new() })
}
