//! Backing a database up: each table, as of one moment, into a file in Postgres' binary COPY format.

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::Path;

use futures::TryStreamExt as _;
use sha2::{Digest as _, Sha256};
use sqlx::AssertSqlSafe;

use super::{TABLES, TRIES, part_of};
use crate::access::JobKey;
use crate::error::{Result, StoreError, failed};
use crate::postgres::open::latest;
use crate::postgres::reading::{Reading, Table};
use crate::upkeep::backup::{Backup, BackupError, BackupFile, FORMAT, Kind};
use crate::upkeep::backup_folder::{Unfinished, hexadecimal, io_failed};
use crate::values::Columns;

/// Written at once.
const BUFFER_BYTES: usize = 1 << 20;

/// See [`crate::upkeep::back_up`].
pub(crate) async fn back_up(job: &JobKey, url: &str, to: &Path, made_at: i64) -> Result<Backup> {
    for _ in 1..TRIES {
        match copied(job, url, to, made_at).await {
            Err(StoreError::Backup(BackupError::Changing)) => {}
            done => return done,
        }
    }
    copied(job, url, to, made_at).await
}

async fn copied(_: &JobKey, url: &str, to: &Path, made_at: i64) -> Result<Backup> {
    let mut reading = Reading::take(url).await?;
    let unfinished = Unfinished::begin(to)?;
    let schema = [("database".to_owned(), latest())].into();
    let mut backup =
        Backup { format: FORMAT, kind: Kind::Postgres, origin: reading.origin, made_at, schema, files: Vec::new() };
    for table in reading.tables.clone() {
        // What a month is made of aside is no part of it yet.
        if TABLES.contains(&table.name.as_str()) || (table.parent.is_some() && part_of(&table.name).is_some()) {
            reading.table(&table).await?;
            backup.files.push(copy(&mut reading, &table, unfinished.path()).await?);
        }
    }
    reading.close().await?;
    unfinished.finish(backup).await
}

/// Copies a table into its file.
async fn copy(reading: &mut Reading, table: &Table, folder: &Path) -> Result<BackupFile> {
    let failed = failed("copy a table", &reading.place);
    let name = format!("{}.copy", table.name);
    let path = folder.join(&name);
    let not_written = io_failed("write", &path);
    let mut file =
        BufWriter::with_capacity(BUFFER_BYTES, File::create(&path).map_err(&not_written).map_err(StoreError::Backup)?);
    let sql = format!("COPY {} ({}) TO STDOUT (FORMAT binary)", table.name, table.columns.join(", "));
    let (mut bytes, mut digest) = (0, Sha256::new());
    let mut chunks = reading.connection.copy_out_raw(&sql).await.map_err(&failed)?;
    while let Some(chunk) = chunks.try_next().await.map_err(&failed)? {
        file.write_all(&chunk).map_err(&not_written)?;
        digest.update(&chunk);
        bytes += chunk.len() as u64;
    }
    drop(chunks);
    file.flush().map_err(not_written)?;
    let sql = format!("SELECT count(*) FROM {}", table.name);
    let rows: i64 = sqlx::query_scalar(AssertSqlSafe(sql)).fetch_one(&mut reading.connection).await.map_err(failed)?;
    let rows = Columns { place: &reading.place }.number("rows", rows)?;
    let rows = [(table.name.clone(), rows)].into();
    Ok(BackupFile { name, bytes, sha256: hexadecimal(digest), rows, columns: table.columns.clone() })
}
