//! The months' files: `open-YYYY-MM.db` with blocks by day, `month-YYYY-MM.db` with a row a person.
//!
//! A closed form is made beside the open one, renamed into its place whole, and goes before any of its days is
//! replaced: so where there is one, it is true.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use std::{fs, io};

use model::day::{Day, Month};
use model::identity::PersonKey;
use model::words::Tier;
use sqlx::{AssertSqlSafe, Row, Sqlite, SqliteConnection, Transaction};
use tokio::sync::MutexGuard;

use super::SqliteStore;
use super::file::{File, Schema, Written, clear, open_written};
use super::import::{FIRST_MASK, insert_blocks};
use super::sql::{ROWS_A_STATEMENT, values};
use crate::block::{BlockWriter, entries};
use crate::error::{Result, StoreError, failed, not_writable};
use crate::month::{self, MonthOutcome, MonthRecord, PAGE_MONTHS, Stretch, place};
use crate::values::Columns;

/// The files of a month.
#[derive(Clone, Debug, Default)]
pub(super) struct MonthFiles {
    pub(super) open: Option<Arc<File>>,
    pub(super) closed: Option<Arc<Closed>>,
}

impl MonthFiles {
    /// Whether these are the same files, and not others of the same names.
    pub(super) fn is(&self, other: &MonthFiles) -> bool {
        let open = self.open.as_ref().map(Arc::as_ptr) == other.open.as_ref().map(Arc::as_ptr);
        open && self.closed.as_ref().map(Arc::as_ptr) == other.closed.as_ref().map(Arc::as_ptr)
    }
}

/// The closed form: written once, then only read.
#[derive(Debug)]
pub(super) struct Closed {
    pub(super) file: Written,
    pub(super) tier: Tier,
}

/// How often files are read again that were replaced meanwhile: a month's are some times in its life.
const TRIES: u32 = 8;

/// Keys that are put together at once: a few megabytes of a month.
const STRETCH: u32 = 1 << 15;

impl Closed {
    /// Opens the closed form of a month.
    pub(super) async fn open(path: &Path) -> Result<Closed> {
        let file = open_written(path, Schema::Closed).await?;
        let tier: Option<String> = sqlx::query_scalar("SELECT tier FROM tier")
            .fetch_optional(&file.reader)
            .await
            .map_err(failed("read how fine a month is", &file.place))?;
        let tier = Columns { place: &file.place }.expect("tier", tier.and_then(|tier| tier.parse().ok()))?;
        Ok(Closed { file, tier })
    }
}

impl SqliteStore {
    /// See [`crate::Store::months`].
    pub(super) async fn month_records(&self) -> Vec<MonthRecord> {
        let record = |(month, files): (&Month, &MonthFiles)| MonthRecord {
            month: *month,
            open: files.open.is_some(),
            closed: files.closed.as_ref().map(|closed| closed.tier),
        };
        self.months.read().await.iter().map(record).collect()
    }

    /// See [`crate::Store::close_month`].
    pub(super) async fn close_month_of(&self, month: Month) -> Result<MonthOutcome> {
        let _making = self.making.lock().await;
        let days = async || self.generations(month.first_day(), month.next().first_day()).await;
        // Of both, so that an erasure is noticed: it changes rows of a day, and no generation.
        let (before, withdrawals) = (days().await, self.withdrawals().await?);
        let Some(open) = self.files(month).await.open else { return Err(StoreError::NotOpen(month)) };
        let aside = aside(&self.closed_path(month));
        let built = File::build(&aside, Schema::Closed).await?;
        let outcome = self.fill_closed(&open, &built, &before).await;
        built.close().await;
        // What went wrong is told; what cannot be removed goes at the next opening.
        let outcome = outcome.inspect_err(|_| drop(fs::remove_file(&aside)))?;
        self.on_disk(aside.clone()).await?;
        let _one = self.importing.lock().await;
        if days().await != before || self.withdrawals().await? != withdrawals {
            // A day was replaced or somebody erased meanwhile: whoever asked asks again.
            fs::remove_file(&aside).map_err(|error| self.not_writable(error))?;
            return Err(StoreError::Busy);
        }
        self.put_closed(month, &aside).await?;
        Ok(outcome)
    }

    /// Gives the closed form that was made aside its name, for good. Whoever asks for the month's files waits meanwhile: from
    /// then on the name leads to another file than the one that readers may know of ([`SqliteStore::read_month`]).
    pub(super) async fn put_closed(&self, month: Month, aside: &Path) -> Result<()> {
        let path = self.closed_path(month);
        self.on_disk(aside.to_owned()).await?;
        let mut months = self.months.write().await;
        fs::rename(aside, &path).map_err(|error| self.not_writable(error))?;
        months.entry(month).or_default().closed = Some(Arc::new(Closed::open(&path).await?));
        drop(months);
        self.on_disk(self.folder.clone()).await
    }

    /// What `read` makes of a month's files, once none of them was replaced meanwhile: a connection that is opened late is to
    /// whatever file has the name by then, which may be a coarser one, or none. Errors: those of `read`, or they are
    /// replaced all the time.
    pub(super) async fn read_month<T, F: Future<Output = Result<T>> + Send>(
        &self,
        month: Month,
        read: impl Fn(MonthFiles) -> F + Send + Sync,
    ) -> Result<T> {
        let mut files = self.files(month).await;
        for _ in 0..TRIES {
            let answer = read(files.clone()).await;
            let now = self.files(month).await;
            if now.is(&files) {
                return answer;
            }
            files = now;
        }
        Err(StoreError::Busy)
    }

    async fn fill_closed(&self, open: &File, built: &File, days: &[(Day, u32)]) -> Result<MonthOutcome> {
        let failed = failed("close a month", &built.place);
        let mut tx = built.write().await?;
        write_head(&mut tx, Tier::Slots, days).await.map_err(&failed)?;
        // One reader from begin to end; a day that is replaced meanwhile is noticed by its generation.
        let mut reader = open.walker.acquire().await.map_err(&failed)?;
        let last: Option<i64> = sqlx::query_scalar("SELECT max(k & ?) FROM block")
            .bind(FIRST_MASK)
            .fetch_one(&mut *reader)
            .await
            .map_err(&failed)?;
        let last = Columns { place: &open.place }.number::<_, u32>("k", last.unwrap_or(0))?;
        let mut outcome = MonthOutcome::default();
        let mut stretch = Stretch::default();
        let mut flushed = Flushed::of(built);
        for from in (0..=last).step_by(STRETCH as usize) {
            // Blocks reach beyond their first key: the last stretch takes all that is left.
            let until = if from + STRETCH > last { 1 << PersonKey::BITS } else { from + STRETCH };
            self.read_stretch(&mut reader, open, from, until, &mut stretch).await?;
            insert_rows(&mut tx, &stretch.rows(&mut outcome)).await.map_err(&failed)?;
            flushed.up_to(self, &outcome).await?;
        }
        tx.commit().await.map_err(failed)?;
        Ok(outcome)
    }

    /// Reads everybody's days with keys of [from, until) out of the blocks.
    async fn read_stretch(
        &self,
        reader: &mut SqliteConnection,
        open: &File,
        from: u32,
        until: u32,
        stretch: &mut Stretch,
    ) -> Result<()> {
        let columns = Columns { place: &open.place };
        let failed = failed("read a month", columns.place);
        let rows = sqlx::query(
            "SELECT d.day, t.k, t.b FROM day d CROSS JOIN block t ON t.k >= \
             (SELECT ifnull(max(k), d.day << 28) FROM block WHERE k BETWEEN (d.day << 28) AND ((d.day << 28) | ?1)) \
             AND t.k < (d.day << 28) + ?2",
        )
        .bind(from)
        .bind(until)
        .fetch_all(reader)
        .await
        .map_err(&failed)?;
        for row in rows {
            let place = place(columns.day(row.try_get::<i64, _>(0).map_err(&failed)?)?);
            let first = (row.try_get::<i64, _>(1).map_err(&failed)? & FIRST_MASK) as u32;
            for entry in entries(first, row.try_get(2).map_err(&failed)?) {
                let (key, bytes) = columns.decoded(entry)?;
                if (from..until).contains(&key) {
                    stretch.push(key, place, bytes);
                }
            }
        }
        Ok(())
    }

    /// See [`crate::Store::drop_open`].
    pub(super) async fn drop_open_of(&self, month: Month) -> Result<()> {
        let one = self.importing.lock().await;
        if self.files(month).await.closed.is_none() {
            return Err(StoreError::NotClosed(month));
        }
        let open = self.months.write().await.get_mut(&month).and_then(|files| files.open.take());
        self.retire(month, open, one).await
    }

    /// Closes and removes a month's blocks that no reader can find any more, while others import again.
    pub(super) async fn retire(&self, month: Month, open: Option<Arc<File>>, one: MutexGuard<'_, ()>) -> Result<()> {
        let Some(open) = open else { return Ok(()) };
        let _retiring = self.retiring.lock().await;
        // Closing a month's file and giving its pages back takes tenths of a second.
        drop(one);
        retired(open).await;
        let path = self.open_path(month);
        self.aside_of_tasks(move || remove(&path)).await
    }

    /// Waits until a file that was made aside is on the disk: before others are kept from importing while it gets its
    /// name, since that may take seconds.
    pub(super) async fn on_disk(&self, aside: PathBuf) -> Result<()> {
        self.aside_of_tasks(move || fs::File::open(aside)?.sync_all()).await
    }

    async fn aside_of_tasks(&self, work: impl FnOnce() -> io::Result<()> + Send + 'static) -> Result<()> {
        match tokio::task::spawn_blocking(work).await {
            Ok(done) => done.map_err(|error| self.not_writable(error)),
            Err(error) => std::panic::resume_unwind(error.into_panic()),
        }
    }

    /// The month's file of blocks, created if need be, ready for a day of it to be replaced: the closed form goes.
    pub(super) async fn reopen(&self, month: Month) -> Result<Arc<File>> {
        let MonthFiles { open, closed } = self.files(month).await;
        if let Some(closed) = &closed
            && closed.tier != Tier::Slots
        {
            return Err(StoreError::Aged { month, tier: closed.tier });
        }
        // What had the name before may still be on its way out.
        let _gone = if open.is_none() { Some(self.retiring.lock().await) } else { None };
        let open = match (open, &closed) {
            (Some(open), _) => open,
            (None, Some(closed)) => Arc::new(self.open_again(month, closed).await?),
            (None, None) => Arc::new(File::open(&self.open_path(month), Schema::Month).await?),
        };
        self.months.write().await.insert(month, MonthFiles { open: Some(Arc::clone(&open)), closed: None });
        if closed.is_some() {
            remove(&self.closed_path(month)).map_err(|error| self.not_writable(error))?;
        }
        Ok(open)
    }

    /// Makes the open form out of the closed one.
    async fn open_again(&self, month: Month, closed: &Closed) -> Result<File> {
        let path = self.open_path(month);
        let aside = aside(&path);
        let built = File::build(&aside, Schema::Month).await?;
        let filled = self.fill_open(month, closed, &built).await;
        built.close().await;
        // What went wrong is told; what cannot be removed goes at the next try, or opening.
        filled.inspect_err(|_| drop(clear(&aside)))?;
        put_in_place(&aside, &path).map_err(|error| self.not_writable(error))?;
        File::open(&path, Schema::Month).await
    }

    async fn fill_open(&self, month: Month, closed: &Closed, built: &File) -> Result<()> {
        let failed = failed("open a month again", &built.place);
        let columns = Columns { place: &closed.file.place };
        let mut tx = built.write().await?;
        for (day, generation) in self.generations(month.first_day(), month.next().first_day()).await {
            let insert = sqlx::query("INSERT INTO day (day, generation) VALUES (?, ?)");
            insert.bind(day.days()).bind(generation).execute(&mut *tx).await.map_err(&failed)?;
        }
        let mut writers: BTreeMap<u8, BlockWriter> = BTreeMap::new();
        let mut from = 0;
        loop {
            let rows: Vec<(i64, Vec<u8>)> =
                sqlx::query_as("SELECT v, b FROM viewer_month WHERE v >= ? ORDER BY v LIMIT ?")
                    .bind(from)
                    .bind(PAGE_MONTHS)
                    .fetch_all(&closed.file.walker)
                    .await
                    .map_err(&failed)?;
            for (person, bytes) in &rows {
                let person = columns.number("v", *person)?;
                for (place, day) in columns.decoded(month::days(bytes))? {
                    writers.entry(place).or_default().push(person, day);
                }
            }
            for (place, writer) in &mut writers {
                let day = month.first_day().plus(i32::from(*place));
                insert_blocks(&mut tx, day, &writer.take_done()).await.map_err(&failed)?;
            }
            match rows.last() {
                Some((last, _)) if rows.len() as i64 == PAGE_MONTHS => from = last + 1,
                _ => break,
            }
        }
        for (place, writer) in writers {
            let day = month.first_day().plus(i32::from(place));
            insert_blocks(&mut tx, day, &writer.finish()).await.map_err(&failed)?;
        }
        tx.commit().await.map_err(failed)
    }

    /// The files of a month.
    pub(super) async fn files(&self, month: Month) -> MonthFiles {
        self.months.read().await.get(&month).cloned().unwrap_or_default()
    }

    pub(super) fn not_writable(&self, source: io::Error) -> StoreError {
        not_writable(&self.folder)(source)
    }

    pub(super) fn open_path(&self, month: Month) -> PathBuf {
        self.folder.join(format!("open-{month}.db"))
    }

    pub(super) fn closed_path(&self, month: Month) -> PathBuf {
        self.folder.join(format!("month-{month}.db"))
    }
}

/// How much of a file that is being built is on the disk.
pub(super) struct Flushed {
    path: PathBuf,
    bytes: u64,
}

impl Flushed {
    pub(super) fn of(built: &File) -> Flushed {
        Flushed { path: PathBuf::from(&built.place), bytes: 0 }
    }

    /// Brings what was written to the disk, now and then: all at once, at the end, whoever writes elsewhere would wait
    /// for it on the same disk.
    pub(super) async fn up_to(&mut self, store: &SqliteStore, outcome: &MonthOutcome) -> Result<()> {
        /// Some tens of milliseconds of a slow disk.
        const AT_ONCE: u64 = 4 << 20;
        if outcome.bytes < self.bytes + AT_ONCE {
            return Ok(());
        }
        self.bytes = outcome.bytes;
        store.on_disk(self.path.clone()).await
    }
}

/// Where a file is made: what a crash leaves there is removed when the store is opened next.
pub(super) fn aside(path: &Path) -> PathBuf {
    path.with_extension(super::folder::ASIDE)
}

/// Makes a file that was made aside the one that holds, for good.
pub(super) fn put_in_place(aside: &Path, path: &Path) -> io::Result<()> {
    fs::File::open(aside)?.sync_all()?;
    fs::rename(aside, path)?;
    match path.parent() {
        Some(folder) => fs::File::open(folder)?.sync_all(),
        None => Ok(()),
    }
}

/// Closes a file that no reader can find any more, once the last has done with it. SQLite removes a journal by its name:
/// a file of the same name must not be there yet.
async fn retired(mut file: Arc<File>) {
    loop {
        match Arc::try_unwrap(file) {
            Ok(file) => return file.close().await,
            // A read takes milliseconds.
            Err(shared) => file = shared,
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// Removes a database with its journal.
pub(super) fn remove(path: &Path) -> io::Result<()> {
    fs::remove_file(path)?;
    clear(path)
}

/// What a closed form says of itself: how fine it is, and of which imports its days are.
pub(super) async fn write_head(tx: &mut Transaction<'_, Sqlite>, tier: Tier, days: &[(Day, u32)]) -> sqlx::Result<()> {
    sqlx::query("INSERT INTO tier (one, tier) VALUES (1, ?)").bind(tier.as_str()).execute(&mut **tx).await?;
    for (day, generation) in days {
        let insert = sqlx::query("INSERT INTO day (day, generation) VALUES (?, ?)");
        insert.bind(day.days()).bind(generation).execute(&mut **tx).await?;
    }
    Ok(())
}

pub(super) async fn insert_rows(tx: &mut Transaction<'_, Sqlite>, rows: &[(u32, Vec<u8>)]) -> sqlx::Result<()> {
    for rows in rows.chunks(ROWS_A_STATEMENT) {
        let sql = format!("INSERT INTO viewer_month (v, b) VALUES {}", values(rows.len(), 2));
        let mut insert = sqlx::query(AssertSqlSafe(sql));
        for (person, bytes) in rows {
            insert = insert.bind(*person).bind(bytes.as_slice());
        }
        insert.execute(&mut **tx).await?;
    }
    Ok(())
}
