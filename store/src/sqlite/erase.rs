//! One person taken out of every file, so that not even free pages or journals hold them.
//!
//! A month's file and `main.db` cannot commit as one. A day is counted out first, with a note that it was; then its file
//! lets the person go; the notes go with the person's name, last. After a stop between any two the same is done again,
//! and nothing is counted twice or not at all.

use std::path::Path;

use model::codec::CodecError;
use model::day::{Day, Month};
use model::identity::PersonKey;
use model::login::Login;
use sqlx::{Connection, Row, SqliteConnection};

use super::SqliteStore;
use super::directory::{People, SqliteDirectory};
use super::file::{File, open_alone};
use super::folder::ASIDE;
use super::import::{FIRST_MASK, block_key};
use super::months::Closed;
use crate::block::{Block, BlockWriter, entries, find};
use crate::error::{Result, StoreError, failed};
use crate::jobs::{EraseJob, ErasedRows, JobState, PersonNames, from_text, to_text};
use crate::month;
use crate::values::Columns;

impl SqliteStore {
    /// See [`crate::Store::person`].
    pub(super) async fn names_of(&self, login: &Login) -> Result<PersonNames> {
        let columns = Columns { place: &self.main.place };
        let mut reader = self.main.reader.acquire().await.map_err(failed("read the names", columns.place))?;
        let mut directory = SqliteDirectory::<People>::new(&mut reader, columns.place);
        crate::directory::names_of(&mut directory, login).await
    }

    /// See [`crate::Store::erase_person`].
    pub(super) async fn erase(&self, person: PersonKey) -> Result<ErasedRows> {
        let _one = self.importing.lock().await;
        let mut erased = ErasedRows::default();
        self.erase_from_nights(person).await?;
        let months = self.months.read().await.clone();
        for (month, files) in months {
            let mut in_month = 0;
            if let Some(open) = &files.open {
                in_month = self.erase_from_blocks(open, person, &mut erased).await?;
            }
            if let Some(closed) = &files.closed {
                in_month = in_month.max(self.erase_from_closed(month, closed, person, &mut erased).await?);
            }
            erased.days += in_month;
        }
        let failed = failed("erase a person", &self.main.place);
        let mut tx = self.main.write().await?;
        for sql in ["DELETE FROM login_span WHERE key = ?", "DELETE FROM person WHERE key = ?"] {
            erased.rows += sqlx::query(sql).bind(person.0).execute(&mut *tx).await.map_err(&failed)?.rows_affected();
        }
        // What is only about the rows above: nobody's receipt counts it.
        for sql in
            ["DELETE FROM counted_out WHERE person = ?", "DELETE FROM opted_out WHERE kind = 'person' AND key = ?"]
        {
            sqlx::query(sql).bind(person.0).execute(&mut *tx).await.map_err(&failed)?;
        }
        sqlx::query("UPDATE meta SET withdrawals = withdrawals + 1").execute(&mut *tx).await.map_err(&failed)?;
        tx.commit().await.map_err(failed)?;
        self.main.truncate_journal().await?;
        Ok(erased)
    }

    /// Rewrites the blocks that hold them; how many days that were.
    async fn erase_from_blocks(&self, open: &File, person: PersonKey, erased: &mut ErasedRows) -> Result<u64> {
        let failed = failed("erase a person's days", &open.place);
        let columns = Columns { place: &open.place };
        let mut tx = open.write().await?;
        let sql = "SELECT d.day, t.k, t.b FROM day d CROSS JOIN block t \
             ON t.k = (SELECT k FROM block WHERE k <= ((d.day << 28) | ?1) AND k >= (d.day << 28) ORDER BY k DESC LIMIT 1)";
        let blocks = sqlx::query(sql).bind(person.0).fetch_all(&mut *tx).await.map_err(&failed)?;
        let mut days = 0;
        for row in blocks {
            let day = columns.day(row.try_get::<i64, _>(0).map_err(&failed)?)?;
            let key: i64 = row.try_get(1).map_err(&failed)?;
            let (first, bytes): (u32, &[u8]) = ((key & FIRST_MASK) as u32, row.try_get(2).map_err(&failed)?);
            let Some(presence) = columns.decoded(find(first, bytes, person))? else { continue };
            let counts = month::counts_of(presence);
            let left = columns.decoded(without(first, bytes, person))?;
            sqlx::query("DELETE FROM block WHERE k = ?").bind(key).execute(&mut *tx).await.map_err(&failed)?;
            for Block { first, bytes } in left {
                let insert = sqlx::query("INSERT INTO block (k, b) VALUES (?, ?)");
                insert.bind(block_key(day, first)).bind(bytes).execute(&mut *tx).await.map_err(&failed)?;
            }
            self.count_out(person, day, counts).await?;
            days += 1;
        }
        tx.commit().await.map_err(failed)?;
        open.truncate_journal().await?;
        erased.rows += days;
        Ok(days)
    }

    /// Removes their row of a closed month, in a copy that takes its place; how many days were in it.
    async fn erase_from_closed(
        &self,
        month: Month,
        closed: &Closed,
        person: PersonKey,
        erased: &mut ErasedRows,
    ) -> Result<u64> {
        let columns = Columns { place: &closed.file.place };
        let row: Option<Vec<u8>> = sqlx::query_scalar("SELECT b FROM viewer_month WHERE v = ?")
            .bind(person.0)
            .fetch_optional(&closed.file.reader)
            .await
            .map_err(failed("erase a person's month", columns.place))?;
        let Some(row) = row else { return Ok(0) };
        let days = columns.decoded(month::days(&row))?;
        for (place, day) in &days {
            self.count_out(person, month.first_day().plus(i32::from(*place)), month::counts_of(day)).await?;
        }
        let path = self.closed_path(month);
        // By a name of its own: the month may be being made coarser, or closed, under the usual one.
        let aside = path.with_extension(format!("erasure.{ASIDE}"));
        let put = async {
            tokio::fs::copy(&path, &aside).await.map_err(|error| self.not_writable(error))?;
            delete_row(&aside, person).await?;
            self.put_closed(month, &aside).await
        };
        // What went wrong is told; what cannot be removed goes at the next opening.
        put.await.inspect_err(|_| drop(std::fs::remove_file(&aside)))?;
        erased.rows += 1;
        Ok(days.len() as u64)
    }

    /// Takes a person's day out of what is remembered of the day's import, once.
    async fn count_out(&self, person: PersonKey, day: Day, (bot, slots): (bool, u64)) -> Result<()> {
        let failed = failed("correct a day's record", &self.main.place);
        let mut tx = self.main.write().await?;
        let note = sqlx::query(
            "INSERT INTO counted_out (person, day, generation) SELECT ?, day, generation FROM day_record WHERE day = ? \
             ON CONFLICT DO NOTHING",
        );
        let noted = note.bind(person.0).bind(day.days()).execute(&mut *tx).await.map_err(&failed)?.rows_affected();
        if noted > 0 {
            let sql = "UPDATE day_record SET viewers = viewers - ?, bots = bots - ?, observations = observations - ?, kept = kept - ? WHERE day = ?";
            let update =
                sqlx::query(sql).bind(i64::from(!bot)).bind(i64::from(bot)).bind(slots as i64).bind(slots as i64);
            update.bind(day.days()).execute(&mut *tx).await.map_err(&failed)?;
        }
        tx.commit().await.map_err(failed)
    }

    /// See [`crate::Store::note_export`].
    pub(super) async fn add_export_folder(&self, folder: &str, now: i64) -> Result<()> {
        let failed = failed("note an export", &self.main.place);
        let mut tx = self.main.write().await?;
        let insert = sqlx::query("INSERT INTO export_folder (path, since) VALUES (?, ?) ON CONFLICT (path) DO NOTHING");
        insert.bind(folder).bind(now).execute(&mut *tx).await.map_err(&failed)?;
        tx.commit().await.map_err(failed)
    }

    /// See [`crate::Store::forget_export`].
    pub(super) async fn remove_export_folder(&self, folder: &str) -> Result<bool> {
        let failed = failed("forget an export", &self.main.place);
        let mut tx = self.main.write().await?;
        let delete = sqlx::query("DELETE FROM export_folder WHERE path = ?").bind(folder).execute(&mut *tx).await;
        let known = delete.map_err(&failed)?.rows_affected() > 0;
        tx.commit().await.map_err(failed)?;
        Ok(known)
    }

    /// See [`crate::Store::export_folders`].
    pub(super) async fn all_export_folders(&self) -> Result<Vec<String>> {
        sqlx::query_scalar("SELECT path FROM export_folder ORDER BY path")
            .fetch_all(&self.main.reader)
            .await
            .map_err(failed("read where exports are", &self.main.place))
    }

    /// See [`crate::Store::ask_erase`].
    pub(super) async fn add_erase_job(&self, subject: &PersonNames, thorough: bool, now: i64) -> Result<u64> {
        let failed = failed("write a job", &self.main.place);
        let mut tx = self.main.write().await?;
        let sql = "INSERT INTO job (kind, state, thorough, asked_at, subject) VALUES ('erase', 'asked', ?, ?, ?) RETURNING id";
        let insert = sqlx::query_scalar(sql).bind(thorough).bind(now).bind(to_text(subject));
        let id: i64 = insert.fetch_one(&mut *tx).await.map_err(&failed)?;
        tx.commit().await.map_err(failed)?;
        Columns { place: &self.main.place }.number("id", id)
    }

    /// See [`crate::Store::erase_jobs`].
    pub(super) async fn all_erase_jobs(&self) -> Result<Vec<EraseJob>> {
        let columns = Columns { place: &self.main.place };
        let failed = failed("read the jobs", columns.place);
        let sql =
            "SELECT id, state, asked_at, done_at, subject, receipt, thorough FROM job WHERE kind = 'erase' ORDER BY id";
        let rows = sqlx::query(sql).fetch_all(&self.main.reader).await.map_err(&failed)?;
        let job = |row: sqlx::sqlite::SqliteRow| {
            let subject: Option<String> = row.try_get(4).map_err(&failed)?;
            let state: String = row.try_get(1).map_err(&failed)?;
            Ok(EraseJob {
                id: columns.number("id", row.try_get::<i64, _>(0).map_err(&failed)?)?,
                state: columns.expect("state", JobState::parse(&state))?,
                thorough: row.try_get(6).map_err(&failed)?,
                asked_at: row.try_get(2).map_err(&failed)?,
                done_at: row.try_get(3).map_err(&failed)?,
                subject: subject.map(|text| columns.expect("subject", from_text(&text))).transpose()?,
                receipt: row.try_get(5).map_err(&failed)?,
            })
        };
        rows.into_iter().map(job).collect()
    }

    /// See [`crate::Store::learn_erase`].
    pub(super) async fn set_erase_subject(&self, id: u64, subject: &PersonNames) -> Result<()> {
        let failed = failed("write a job", &self.main.place);
        let mut tx = self.main.write().await?;
        let sql = "UPDATE job SET subject = ? WHERE id = ? AND state <> 'done'";
        let update = sqlx::query(sql).bind(to_text(subject)).bind(id as i64);
        update.execute(&mut *tx).await.map_err(&failed)?;
        tx.commit().await.map_err(failed)
    }

    /// See [`crate::Store::advance_erase`].
    pub(super) async fn set_erase_job(&self, id: u64, state: JobState, now: i64, receipt: Option<&str>) -> Result<()> {
        let failed = failed("write a job", &self.main.place);
        let mut tx = self.main.write().await?;
        let done = state == JobState::Done;
        let sql = "UPDATE job SET state = ?1, receipt = ?2, done_at = iif(?3, ?4, NULL), subject = iif(?3, NULL, subject) WHERE id = ?5 AND state <> 'done'";
        let update = sqlx::query(sql).bind(state.as_str()).bind(receipt).bind(done).bind(now).bind(id as i64);
        update.execute(&mut *tx).await.map_err(&failed)?;
        tx.commit().await.map_err(failed)?;
        if !done {
            return Ok(());
        }
        match self.main.truncate_journal().await {
            // The job is done whatever happens now, and nobody would come back to it: the next write does.
            Err(error @ StoreError::JournalHeld { .. }) => {
                tracing::warn!(%error, "the journal is emptied later");
                Ok(())
            }
            emptied => emptied,
        }
    }
}

/// A block's entries without somebody's.
fn without(first: u32, bytes: &[u8], person: PersonKey) -> std::result::Result<Vec<Block>, CodecError> {
    let mut writer = BlockWriter::default();
    for entry in entries(first, bytes) {
        let (key, day) = entry?;
        if key != person.0 {
            writer.push(key, day);
        }
    }
    Ok(writer.finish())
}

/// Removes a row of a closed month's file that nobody else has open.
async fn delete_row(path: &Path, person: PersonKey) -> Result<()> {
    let place = path.display().to_string();
    let failed = failed("erase a person's month", &place);
    let mut file: SqliteConnection = open_alone(path).await.map_err(&failed)?;
    sqlx::query("PRAGMA secure_delete = ON").execute(&mut file).await.map_err(&failed)?;
    let delete = sqlx::query("DELETE FROM viewer_month WHERE v = ?").bind(person.0);
    delete.execute(&mut file).await.map_err(&failed)?;
    file.close().await.map_err(failed)
}
