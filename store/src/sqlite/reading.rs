//! Reading a folder beside the process that has it open.
//!
//! A file that is attached to read only takes part in SQLite's own locks, so that nothing that is read is written over;
//! it neither folds a journal into its file nor removes one. A transaction that stays open keeps a file as of one moment;
//! what files say of each other tells whether their moments fit.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use model::day::{Day, Month};
use model::words::Origin;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _, Row as _, SqliteConnection};

use super::file::{ACQUIRE, ROW_BUFFER, Schema, latest};
use super::folder::{CLOSED, MAIN, OPEN, is_restored, month_path, months_in};
use crate::error::{Damage, Result, StoreError, failed};
use crate::values::Columns;

/// How often files are looked at again because their moments do not fit. A look takes milliseconds, and two commits of
/// an import must fall into it.
const TRIES: u32 = 30;
/// Lets the import that was in the way go on.
const PAUSE: Duration = Duration::from_millis(10);

/// The generations of days.
pub(super) type Generations = BTreeMap<Day, u32>;
/// A month's file: which month, and [`OPEN`] or [`CLOSED`].
pub(super) type MonthFile = (Month, &'static str);

/// What a file is called in the connection that it is attached to.
pub(super) const HELD: &str = "held";

/// A file, read as of one moment. The connection's own database is empty and in memory: so that a copy can be written
/// through it, which a connection that is opened to read only does not allow.
#[derive(Debug)]
pub(super) struct ReadFile {
    pub(super) place: String,
    pub(super) path: PathBuf,
    /// Which file it is, whatever has its name later.
    pub(super) inode: Option<Inode>,
    pub(super) connection: SqliteConnection,
}

/// A disk, and a file's number on it.
pub(super) type Inode = (u64, u64);

/// The file that has this name now.
pub(super) fn inode(path: &Path) -> Option<Inode> {
    fs::metadata(path).ok().map(|data| (data.dev(), data.ino()))
}

/// A folder as of one moment.
#[derive(Debug)]
pub(super) struct Snapshot {
    pub(super) origin: Origin,
    pub(super) main: ReadFile,
    /// What `main.db` holds of days, under which generations.
    pub(super) records: BTreeSet<(Day, u32)>,
    /// The months' files, and the days held in each.
    pub(super) months: BTreeMap<MonthFile, (ReadFile, Generations)>,
    /// Months whose files contradict each other or `main.db`, however often they are looked at.
    pub(super) at_odds: BTreeSet<Month>,
    /// Months' files that cannot be read, and why. What they hold is unknown: their months are not at odds for it.
    pub(super) damaged: BTreeMap<MonthFile, StoreError>,
}

impl ReadFile {
    /// Opens a file of this schema; nothing when it is not there, or has no tables yet.
    pub(super) async fn open(path: &Path, schema: Schema) -> Result<Option<ReadFile>> {
        let place = path.display().to_string();
        let failed = failed("open the file", &place);
        // Reading all of a month takes seconds: no reason to warn.
        let options = SqliteConnectOptions::new()
            .filename(":memory:")
            .row_buffer_size(ROW_BUFFER)
            .busy_timeout(ACQUIRE)
            .disable_statement_logging();
        let mut connection = SqliteConnection::connect_with(&options).await.map_err(&failed)?;
        let inode_before = inode(path);
        // What is closed was written once and never again: no journal, no locks.
        let closed = if matches!(schema, Schema::Closed) { "&immutable=1" } else { "" };
        let attach = sqlx::query("ATTACH ? AS held").bind(format!("file:{}?mode=ro{closed}", percent_encoded(path)));
        match attach.execute(&mut connection).await {
            Err(_) if inode_before.is_none() || !path.exists() => return Ok(None),
            attached => attached.map_err(&failed)?,
        };
        let tables: i64 = sqlx::query_scalar("SELECT count(*) FROM held.sqlite_master WHERE name = '_sqlx_migrations'")
            .fetch_one(&mut connection)
            .await
            .map_err(&failed)?;
        if tables == 0 || inode(path) != inode_before {
            return Ok(None);
        }
        let version: Option<i64> = sqlx::query_scalar("SELECT max(version) FROM _sqlx_migrations")
            .fetch_one(&mut connection)
            .await
            .map_err(&failed)?;
        match version {
            // Being made.
            None => Ok(None),
            Some(version) if version > latest(schema) => Err(StoreError::Newer { place, version }),
            Some(version) if version < latest(schema) => Err(StoreError::Older { place }),
            Some(_) => Ok(Some(ReadFile { place, path: path.to_owned(), inode: inode_before, connection })),
        }
    }

    /// From the next statement on, the file stays as it is then.
    async fn begin(&mut self) -> Result<()> {
        sqlx::query("BEGIN").execute(&mut self.connection).await.map_err(failed("begin to read", &self.place))?;
        Ok(())
    }

    /// (day, generation) of a table.
    pub(super) async fn generations<C: Extend<(Day, u32)> + Default>(&mut self, sql: &'static str) -> Result<C> {
        let failed = failed("read the days", &self.place);
        let columns = Columns { place: &self.place };
        let mut all = C::default();
        for row in sqlx::query(sql).fetch_all(&mut self.connection).await.map_err(&failed)? {
            let day = columns.day(row.try_get::<i64, _>(0).map_err(&failed)?)?;
            all.extend([(day, columns.number("generation", row.try_get::<i64, _>(1).map_err(&failed)?)?)]);
        }
        Ok(all)
    }

    /// The bytes of the file and of its journal.
    pub(super) fn bytes(&self) -> u64 {
        let mut journal = self.path.clone().into_os_string();
        journal.push("-wal");
        [self.path.clone(), journal.into()].iter().map(|path| fs::metadata(path).map_or(0, |data| data.len())).sum()
    }
}

/// The days of a month's file.
const DAYS: &str = "SELECT day, generation FROM day";
/// The days that `main.db` has something of.
const RECORDS: &str = "SELECT day, generation FROM day_record";

/// A path as SQLite's addresses have it.
fn percent_encoded(path: &Path) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/._-~".contains(&byte);
    path.as_os_str().as_bytes().iter().fold(String::new(), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = if plain(*byte) { write!(text, "{}", char::from(*byte)) } else { write!(text, "%{byte:02X}") };
        text
    })
}

/// The schema of a month's file.
fn schema_of(kind: &str) -> Schema {
    if kind == CLOSED { Schema::Closed } else { Schema::Month }
}

impl Snapshot {
    /// Looks at the folder. Errors: there is no store, `main.db` is damaged, or tables are not of this version.
    pub(super) async fn take(folder: &Path) -> Result<Snapshot> {
        let mut tries = 1;
        loop {
            let snapshot = Snapshot::look(folder).await?;
            if snapshot.at_odds.is_empty() || tries == TRIES {
                return Ok(snapshot);
            }
            tries += 1;
            tokio::time::sleep(PAUSE).await;
        }
    }

    async fn look(folder: &Path) -> Result<Snapshot> {
        is_restored(folder)?;
        let mut files = Vec::new();
        let mut damaged = BTreeMap::new();
        let listed = months_in(folder)?;
        for (month, kind) in &listed {
            match ReadFile::open(&month_path(folder, kind, *month), schema_of(kind)).await {
                Ok(Some(file)) => files.push(((*month, *kind), file)),
                Ok(None) => {}
                Err(error @ StoreError::Damaged { .. }) => drop(damaged.insert((*month, *kind), error)),
                Err(error) => return Err(error),
            }
        }
        let path = folder.join(MAIN);
        let Some(mut main) = ReadFile::open(&path, Schema::Main).await? else {
            let place = path.display().to_string();
            return Err(if listed.is_empty() {
                StoreError::Absent { place: folder.display().to_string() }
            } else {
                StoreError::Damaged { place, source: Damage::Check("the file is missing or empty".to_owned()) }
            });
        };
        // Opening takes most of the time: their moments begin one right after the other.
        let mut months = BTreeMap::new();
        for (name, mut file) in files {
            file.begin().await?;
            match file.generations(DAYS).await {
                Ok(days) => drop(months.insert(name, (file, days))),
                Err(error @ StoreError::Damaged { .. }) => drop(damaged.insert(name, error)),
                Err(error) => return Err(error),
            }
        }
        // Last: whoever is in a month was given a name before.
        main.begin().await?;
        let records: BTreeSet<(Day, u32)> = main.generations(RECORDS).await?;
        let origin: Option<String> = sqlx::query_scalar("SELECT origin FROM meta")
            .fetch_optional(&mut main.connection)
            .await
            .map_err(failed("read the origin", &main.place))?;
        let Some(origin) = origin else { return Err(StoreError::Absent { place: folder.display().to_string() }) };
        let origin = Columns { place: &main.place }.expect("origin", origin.parse().ok())?;
        let mut at_odds = at_odds(months.iter().map(|(file, (_, days))| (*file, days)), &records);
        at_odds.retain(|month| [OPEN, CLOSED].iter().all(|kind| !damaged.contains_key(&(*month, *kind))));
        Ok(Snapshot { origin, main, records, months, at_odds, damaged })
    }

    /// The generations that readers go by: those of the closed form where there is one.
    pub(super) fn held(&self) -> Generations {
        held(self.months.iter().map(|(file, (_, days))| (*file, days)))
    }
}

/// The generations that readers go by, of months' files in any order.
fn held<'a>(files: impl Iterator<Item = (MonthFile, &'a Generations)>) -> Generations {
    let mut held = Generations::new();
    for ((_, kind), days) in files {
        for (day, generation) in days {
            if kind == CLOSED {
                held.insert(*day, *generation);
            } else {
                held.entry(*day).or_insert(*generation);
            }
        }
    }
    held
}

/// The months of which the files were not read at moments that fit: a day that `main.db` has nothing of under its
/// generation, a day of `main.db` whose month has no file, two forms with other days.
///
/// Where there are none, the files are what a process that was stopped at once could have left: each day is whole, and
/// what `main.db` has beyond is of imports under way, which opening removes.
fn at_odds<'a>(
    files: impl Iterator<Item = (MonthFile, &'a Generations)>,
    records: &BTreeSet<(Day, u32)>,
) -> BTreeSet<Month> {
    let files: BTreeMap<MonthFile, &Generations> = files.collect();
    let mut months = BTreeSet::new();
    for ((month, kind), days) in &files {
        let told = days.iter().all(|(day, generation)| records.contains(&(*day, *generation)));
        let other = files.get(&(*month, if *kind == OPEN { CLOSED } else { OPEN }));
        if !told || other.is_some_and(|other| other != days) {
            months.insert(*month);
        }
    }
    let of_records = records.iter().map(|(day, _)| day.month());
    months.extend(of_records.filter(|month| [OPEN, CLOSED].iter().all(|kind| !files.contains_key(&(*month, *kind)))));
    months
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sqlite::file::File;

    fn day(n: i32) -> Day {
        "2026-11-20".parse::<Day>().unwrap().plus(n)
    }

    fn months(files: &[(MonthFile, Generations)], records: &[(Day, u32)]) -> usize {
        at_odds(files.iter().map(|(file, days)| (*file, days)), &records.iter().copied().collect()).len()
    }

    #[test]
    fn moments_fit_at_every_step_of_an_import() {
        let (month, of) = (day(0).month(), |generation| Generations::from([(day(0), generation)]));
        let open = |generation| [((month, OPEN), of(generation))];
        // Before, between the second and the third commit, between the third and the fourth, after.
        for (held, records) in [(1, &[1][..]), (1, &[1, 2]), (2, &[1, 2]), (2, &[2])] {
            let records: Vec<_> = records.iter().map(|generation| (day(0), *generation)).collect();
            assert_eq!(months(&open(held), &records), 0, "{held} {records:?}");
        }
        // A month that was read before and main.db that was read after; and the other way round.
        assert_eq!((months(&open(1), &[(day(0), 2)]), months(&open(2), &[(day(0), 1)])), (1, 1));
        // The first day of a month of which no file was seen.
        assert_eq!(months(&open(1), &[(day(0), 1), (day(20), 1)]), 1);
        // A closed form that went meanwhile.
        let both = |closed| [((month, OPEN), of(2)), ((month, CLOSED), of(closed))];
        let records = [(day(0), 1), (day(0), 2)];
        assert_eq!((months(&both(1), &records), months(&both(2), &records)), (1, 0));
    }

    /// A file of a month with one day, held by a connection that writes.
    async fn written(path: &Path, generation: u32) -> File {
        let file = File::open(path, Schema::Month).await.unwrap();
        let mut tx = file.write().await.unwrap();
        let insert = sqlx::query("INSERT INTO day (day, generation) VALUES (?, ?)");
        insert.bind(day(0).days()).bind(generation).execute(&mut *tx).await.unwrap();
        tx.commit().await.unwrap();
        file
    }

    #[tokio::test]
    async fn a_reader_removes_no_journal_whatever_happens_to_the_file() {
        // Characters that mean something in an address, and in a statement.
        let folder = tempfile::Builder::new().prefix("it's 100%?#é").tempdir().unwrap();
        let path = folder.path().join("open-2026-11.db");
        let journal = folder.path().join("open-2026-11.db-wal");
        let first = written(&path, 1).await;
        let mut reader = ReadFile::open(&path, Schema::Month).await.unwrap().unwrap();
        reader.begin().await.unwrap();
        assert_eq!(reader.generations::<Generations>(DAYS).await.unwrap(), [(day(0), 1)].into());
        // As a month is dropped and opened again beside it.
        first.close().await;
        for name in ["open-2026-11.db", "open-2026-11.db-wal", "open-2026-11.db-shm"] {
            fs::remove_file(folder.path().join(name)).unwrap();
        }
        let second = written(&path, 2).await;
        assert_eq!(reader.generations::<Generations>(DAYS).await.unwrap(), [(day(0), 1)].into());
        reader.connection.close().await.unwrap();
        assert!(journal.exists());
        // Nor does one that is the last to close.
        let reader = ReadFile::open(&path, Schema::Month).await.unwrap().unwrap();
        second.close().await;
        assert!(fs::metadata(&journal).unwrap().len() > 0);
        reader.connection.close().await.unwrap();
        assert!(fs::metadata(&journal).unwrap().len() > 0);
        let mut last = ReadFile::open(&path, Schema::Month).await.unwrap().unwrap();
        assert_eq!(last.generations::<Generations>(DAYS).await.unwrap(), [(day(0), 2)].into());
    }
}
