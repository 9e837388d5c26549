//! Giving space back: each file is written anew without its free pages.

use std::ffi::OsString;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use rustix::fs::Access;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _, SqliteConnection};

use crate::access::JobKey;
use crate::error::{Result, StoreError, failed, not_writable};
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
        has_room(path, columns.number("pages", (pages - free) * size)?)?;
        for sql in ["VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"] {
            sqlx::query(sql).execute(&mut connection).await.map_err(&failed)?;
        }
    }
    connection.close().await.map_err(failed)?;
    Ok(VacuumedPart { name, bytes_before, bytes_after: bytes() })
}

/// Refuses what the disks have no room for: what is held of a file is written to a temporary one, and from there into the
/// journal.
fn has_room(path: &Path, held_bytes: u64) -> Result<()> {
    let folder = path.parent().unwrap_or(path);
    let temporary = temporary_folder([std::env::var_os("SQLITE_TMPDIR"), std::env::var_os("TMPDIR")]);
    let disk = |folder: &Path| std::fs::metadata(folder).map(|data| data.dev()).map_err(not_writable(folder));
    let one = disk(folder)? == disk(&temporary)?;
    let needed =
        if one { vec![(folder, 2 * held_bytes)] } else { vec![(folder, held_bytes), (&temporary, held_bytes)] };
    for (disk, needed_bytes) in needed {
        let free_bytes = free_on_disk(disk)?;
        if free_bytes < needed_bytes {
            let (place, disk) = (path.display().to_string(), disk.to_owned());
            return Err(StoreError::NoRoom { place, disk, needed_bytes, free_bytes });
        }
    }
    Ok(())
}

/// Where SQLite makes temporary files: the first folder that this user can write to, of those named and some usual ones
/// (<https://sqlite.org/tempfiles.html#temporary_file_storage_locations>).
fn temporary_folder(named: [Option<OsString>; 2]) -> PathBuf {
    let usual = ["/var/tmp", "/usr/tmp", "/tmp"].map(PathBuf::from);
    let writable =
        |folder: &PathBuf| folder.is_dir() && rustix::fs::access(folder, Access::WRITE_OK | Access::EXEC_OK).is_ok();
    let mut folders = named.into_iter().flatten().map(PathBuf::from).chain(usual);
    folders.find(writable).unwrap_or_else(|| PathBuf::from("."))
}

/// Bytes that this user can write to the disk of a folder.
fn free_on_disk(folder: &Path) -> Result<u64> {
    let disk = rustix::fs::statvfs(folder).map_err(|error| not_writable(folder)(error.into()))?;
    Ok(disk.f_bavail.saturating_mul(disk.f_frsize))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn temporary_files_go_where_sqlite_puts_them() {
        let (first, second) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let named = |folder: &tempfile::TempDir| Some(folder.path().as_os_str().to_owned());
        assert_eq!(temporary_folder([named(&first), named(&second)]), first.path());
        assert_eq!(temporary_folder([None, named(&second)]), second.path());
        let gone = first.path().join("gone").into_os_string();
        assert_eq!(temporary_folder([Some(gone), named(&second)]), second.path());
        assert!(temporary_folder([None, None]).is_dir());
    }
}
