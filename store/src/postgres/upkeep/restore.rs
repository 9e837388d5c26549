//! Filling an empty database from a backup: one transaction, so that what is stopped leaves it empty.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;
use std::str::FromStr as _;

use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, PgConnection};

use super::{TABLES, part_of};
use crate::access::JobKey;
use crate::error::{Result, StoreError, failed, migration_failed};
use crate::postgres::PostgresStore;
use crate::postgres::open::{latest, migrator, place_of};
use crate::upkeep::backup::{Backup, BackupError, BackupFile, Kind, MANIFEST, Restored};
use crate::upkeep::backup_folder::{aside, io_failed, verified};

/// Sent at once.
const CHUNK_BYTES: usize = 512 << 10;

/// Whatever lies in the schema, but for what belongs to an extension.
const ANYTHING: &str = "SELECT EXISTS (SELECT 1 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
     WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') \
     AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.classid = 'pg_class'::regclass AND d.deptype = 'e'))";

/// See [`crate::upkeep::restore`].
pub(crate) async fn restore(_: &JobKey, from: &Path, url: &str) -> Result<Restored> {
    let source = from.to_owned();
    let backup = aside(move || verified(&source, Kind::Postgres)).await?;
    let step = known(from, &backup)?;
    let options = PgConnectOptions::from_str(url).map_err(|error| StoreError::Address(Some(error)))?;
    let options = options.disable_statement_logging();
    let place = place_of(&options);
    let failed = failed("restore", &place);
    let mut connection = PgConnection::connect_with(&options).await.map_err(&failed)?;
    let mut tx = connection.begin().await.map_err(&failed)?;
    if sqlx::query_scalar(ANYTHING).fetch_one(&mut *tx).await.map_err(&failed)? {
        return Err(BackupError::NotEmpty { place }.into());
    }
    // The tables as they were: a later version brings them up to date when it opens the store.
    migrator().run_direct(Some(step), &mut *tx, false).await.map_err(migration_failed(&place))?;
    for file in &backup.files {
        fill(&mut tx, &place, from, file).await?;
    }
    // Within: once it is committed nothing may fail that has to be done again in an empty place.
    sqlx::query("ANALYZE").execute(&mut *tx).await.map_err(&failed)?;
    tx.commit().await.map_err(&failed)?;
    connection.close().await.map_err(failed)?;
    PostgresStore::open(url, Some(backup.origin)).await?.close().await;
    let (files, rows) = (backup.files.len(), backup.rows());
    Ok(Restored { files, rows, origin: backup.origin, made_at: backup.made_at })
}

/// The step of the tables. Refuses what no version up to this one writes: names become parts of statements.
fn known(from: &Path, backup: &Backup) -> Result<i64> {
    let unknown = |what| Err(BackupError::Unknown { path: from.join(MANIFEST), what }.into());
    let step = backup.schema.get("database").copied().unwrap_or(0);
    if !(1..=latest()).contains(&step) {
        return unknown(format!("step {step} of the tables"));
    }
    for file in &backup.files {
        let table = table_of(file);
        if !TABLES.contains(&table) && part_of(table).is_none() {
            return unknown(format!("the file {}", file.name));
        }
        let plain = |name: &String| name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
        if file.columns.is_empty() || !file.columns.iter().all(plain) {
            return unknown(format!("other columns of {table}"));
        }
    }
    Ok(step)
}

fn table_of(file: &BackupFile) -> &str {
    file.name.strip_suffix(".copy").unwrap_or_default()
}

/// Copies a file into its table.
async fn fill(connection: &mut PgConnection, place: &str, from: &Path, file: &BackupFile) -> Result<()> {
    let failed = failed("restore a table", place);
    let table = table_of(file);
    if let Some((parent, month)) = part_of(table) {
        let (first, next) = (month.first_day().days(), month.next().first_day().days());
        let sql = format!("CREATE TABLE {table} PARTITION OF {parent} FOR VALUES FROM ({first}) TO ({next})");
        sqlx::query(AssertSqlSafe(sql)).execute(&mut *connection).await.map_err(&failed)?;
    }
    let path = from.join(&file.name);
    let not_read = io_failed("read", &path);
    let mut bytes = File::open(&path).map_err(&not_read)?;
    let mut chunk = vec![0; CHUNK_BYTES];
    let sql = format!("COPY {table} ({}) FROM STDIN (FORMAT binary)", file.columns.join(", "));
    let mut copy = connection.copy_in_raw(&sql).await.map_err(&failed)?;
    loop {
        // An error ends the transaction with the connection.
        let read = bytes.read(&mut chunk).map_err(&not_read)?;
        if read == 0 {
            break;
        }
        copy.send(&chunk[..read]).await.map_err(&failed)?;
    }
    let found = copy.finish().await.map_err(failed)?;
    let wanted = file.rows.values().sum();
    if found != wanted {
        return Err(BackupError::Rows { table: table.to_owned(), wanted, found }.into());
    }
    Ok(())
}
