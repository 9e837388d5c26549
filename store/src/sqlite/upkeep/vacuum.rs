//! Giving space back: each file is written anew without its free pages.

use std::path::Path;

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _, SqliteConnection};

use crate::access::JobKey;
use crate::error::{Result, StoreError, failed};
use crate::sqlite::SqliteStore;
use crate::sqlite::folder::{MAIN, OPEN, lock, month_path, months_in};
use crate::upkeep::vacuum::{Vacuumed, VacuumedPart};
use crate::values::Columns;

/// See [`crate::upkeep::vacuum`].
pub(crate) async fn vacuum(_: &JobKey, folder: &Path) -> Result<Vacuumed> {
    // Brings tables up to date and tells what is damaged; then nobody else may have a connection.
    SqliteStore::open(folder, None).await?.close().await;
    let _lock = lock(folder).await?;
    let open = months_in(folder)?.into_iter().filter(|(_, kind)| *kind == OPEN);
    let paths = std::iter::once(folder.join(MAIN)).chain(open.map(|(month, kind)| month_path(folder, kind, month)));
    let mut vacuumed = Vacuumed::default();
    for path in paths {
        vacuumed.parts.push(file(&path).await?);
    }
    Ok(vacuumed)
}

async fn file(path: &Path) -> Result<VacuumedPart> {
    let place = path.display().to_string();
    let failed = failed("give space back", &place);
    let columns = Columns { place: &place };
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let bytes = || std::fs::metadata(path).map_or(0, |data| data.len());
    let bytes_before = bytes();
    let options = SqliteConnectOptions::new().filename(path).disable_statement_logging();
    let mut connection = SqliteConnection::connect_with(&options).await.map_err(&failed)?;
    let free: i64 = sqlx::query_scalar("PRAGMA freelist_count").fetch_one(&mut connection).await.map_err(&failed)?;
    if free > 0 {
        let pages: i64 = sqlx::query_scalar("PRAGMA page_count").fetch_one(&mut connection).await.map_err(&failed)?;
        let size: i64 = sqlx::query_scalar("PRAGMA page_size").fetch_one(&mut connection).await.map_err(&failed)?;
        // What is held is written to a temporary file, and from there into the journal.
        let needed_bytes = columns.number::<_, u64>("pages", (pages - free) * size * 2)?;
        let free_bytes = free_on_disk(path)?;
        if free_bytes < needed_bytes {
            return Err(StoreError::NoRoom { place, needed_bytes, free_bytes });
        }
        for sql in ["VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"] {
            sqlx::query(sql).execute(&mut connection).await.map_err(&failed)?;
        }
    }
    connection.close().await.map_err(failed)?;
    Ok(VacuumedPart { name, bytes_before, bytes_after: bytes() })
}

/// Bytes that this user can write to the disk of a file.
fn free_on_disk(path: &Path) -> Result<u64> {
    let folder = path.parent().unwrap_or(path);
    let disk = rustix::fs::statvfs(folder)
        .map_err(|error| StoreError::NotWritable { folder: folder.to_owned(), source: error.into() })?;
    Ok(disk.f_bavail.saturating_mul(disk.f_frsize))
}
