//! One person taken out of every table, in one transaction; the tables that held them are vacuumed after (`reclaim.rs`).

use model::identity::PersonKey;
use model::login::Login;
use sqlx::postgres::PgRow;
use sqlx::{Connection, PgConnection, Postgres, Row, Transaction};

use super::PostgresStore;
use super::directory::{People, PostgresDirectory};
use super::reclaim::transaction_number;
use crate::block::{Block, BlockWriter, entries, find};
use crate::error::{Result, StoreError, failed};
use crate::jobs::{EraseJob, ErasedRows, ErasuresHeld, JobState, PersonNames, from_text, to_text};
use crate::month;
use crate::values::Columns;

/// Held by the process that goes on with erasures. The number is "erase" in ASCII.
const ERASING: i64 = 0x65_72_61_73_65;

impl PostgresStore {
    /// See [`crate::Store::person`].
    pub(super) async fn names_of(&self, login: &Login) -> Result<PersonNames> {
        let mut connection = self.pool.acquire().await.map_err(failed("read the names", &self.place))?;
        let mut directory = PostgresDirectory::<People>::new(&mut connection, &self.place);
        crate::directory::names_of(&mut directory, login).await
    }

    /// See [`crate::Store::erase_person`].
    pub(super) async fn erase(&self, person: PersonKey) -> Result<ErasedRows> {
        let failed = failed("erase a person", &self.place);
        let columns = Columns { place: &self.place };
        let mut erased = ErasedRows::default();
        let mut tx = self.begin_import().await?;
        self.erase_from_nights(&mut tx, person).await?;
        let mut days = self.erase_from_blocks(&mut tx, person).await?;
        erased.rows += days.len() as u64;
        let rows: Vec<(i32, Vec<u8>)> = sqlx::query_as("DELETE FROM viewer_month WHERE v = $1 RETURNING month, b")
            .bind(person.0 as i32)
            .fetch_all(&mut *tx)
            .await
            .map_err(&failed)?;
        erased.rows += rows.len() as u64;
        for (first, bytes) in rows {
            for (place, bytes) in columns.decoded(month::days(&bytes))? {
                let day = first + i32::from(place);
                // Counted out with its block, where that is still there.
                if !days.contains(&day) {
                    self.count_out(&mut tx, day, month::counts_of(bytes)).await?;
                    days.push(day);
                }
            }
        }
        erased.days = days.len() as u64;
        for sql in ["DELETE FROM login_span WHERE key = $1", "DELETE FROM person WHERE key = $1"] {
            let delete = sqlx::query(sql).bind(person.0 as i32).execute(&mut *tx).await.map_err(&failed)?;
            erased.rows += delete.rows_affected();
        }
        let number = transaction_number(&mut tx).await.map_err(&failed)?;
        // Late: what is on air is noted in the same row. And before the marks, as whoever opts out does, who would wait for
        // the one while we wait for the other.
        sqlx::query("UPDATE meta SET withdrawals = withdrawals + 1").execute(&mut *tx).await.map_err(&failed)?;
        let mark = sqlx::query("DELETE FROM opted_out WHERE kind = 'person' AND key = $1").bind(person.0 as i32);
        mark.execute(&mut *tx).await.map_err(&failed)?;
        tx.commit().await.map_err(&failed)?;
        self.drop_asides().await?;
        self.reclaim_person(&number).await?;
        Ok(erased)
    }

    /// Rewrites the blocks that hold them; the days.
    async fn erase_from_blocks(&self, tx: &mut Transaction<'_, Postgres>, person: PersonKey) -> Result<Vec<i32>> {
        let failed = failed("erase a person's days", &self.place);
        let columns = Columns { place: &self.place };
        let rows = sqlx::query(
            "SELECT d.day, t.first, t.b FROM day d CROSS JOIN LATERAL \
             (SELECT first, b FROM block WHERE block.day = d.day AND first <= $1 ORDER BY first DESC LIMIT 1) t",
        )
        .bind(person.0 as i32)
        .fetch_all(&mut **tx)
        .await
        .map_err(&failed)?;
        let mut days = Vec::new();
        for row in rows {
            let day: i32 = row.try_get(0).map_err(&failed)?;
            let first: i32 = row.try_get(1).map_err(&failed)?;
            let bytes: &[u8] = row.try_get(2).map_err(&failed)?;
            let key = columns.number("first", first)?;
            let Some(presence) = columns.decoded(find(key, bytes, person))? else { continue };
            let counts = month::counts_of(presence);
            let mut writer = BlockWriter::default();
            for entry in entries(key, bytes) {
                let (key, bytes) = columns.decoded(entry)?;
                if key != person.0 {
                    writer.push(key, bytes);
                }
            }
            let delete = sqlx::query("DELETE FROM block WHERE day = $1 AND first = $2").bind(day).bind(first);
            delete.execute(&mut **tx).await.map_err(&failed)?;
            for Block { first, bytes } in writer.finish() {
                let insert = sqlx::query("INSERT INTO block (day, first, b) VALUES ($1, $2, $3)");
                insert.bind(day).bind(first as i32).bind(bytes).execute(&mut **tx).await.map_err(&failed)?;
            }
            self.count_out(tx, day, counts).await?;
            days.push(day);
        }
        Ok(days)
    }

    /// Takes a person's day out of what is remembered of the day's import.
    async fn count_out(&self, tx: &mut Transaction<'_, Postgres>, day: i32, (bot, slots): (bool, u64)) -> Result<()> {
        let update = sqlx::query(
            "UPDATE day_record SET viewers = viewers - $1, bots = bots - $2, observations = observations - $3, \
             kept = kept - $3 WHERE day = $4",
        );
        let update = update.bind(i64::from(!bot)).bind(i64::from(bot)).bind(slots as i64).bind(day);
        update.execute(&mut **tx).await.map(drop).map_err(failed("correct a day's record", &self.place))
    }

    /// See [`crate::Store::note_export`].
    pub(super) async fn add_export_folder(&self, folder: &str, now: i64) -> Result<()> {
        let sql = "INSERT INTO export_folder (path, since) VALUES ($1, $2) ON CONFLICT (path) DO NOTHING";
        let insert = sqlx::query(sql).bind(folder).bind(now).execute(&self.pool);
        insert.await.map(drop).map_err(failed("note an export", &self.place))
    }

    /// See [`crate::Store::export_folders`].
    pub(super) async fn all_export_folders(&self) -> Result<Vec<String>> {
        sqlx::query_scalar("SELECT path FROM export_folder ORDER BY path COLLATE \"C\"")
            .fetch_all(&self.pool)
            .await
            .map_err(failed("read where exports are", &self.place))
    }

    /// See [`crate::Store::forget_export`].
    pub(super) async fn remove_export_folder(&self, folder: &str) -> Result<bool> {
        let delete = sqlx::query("DELETE FROM export_folder WHERE path = $1").bind(folder).execute(&self.pool).await;
        Ok(delete.map_err(failed("forget an export", &self.place))?.rows_affected() > 0)
    }

    /// See [`crate::Store::ask_erase`].
    pub(super) async fn add_erase_job(&self, subject: &PersonNames, thorough: bool, now: i64) -> Result<u64> {
        let failed = failed("write a job", &self.place);
        let mut tx = self.begin_import().await?;
        let sql = "INSERT INTO job (id, kind, state, thorough, asked_at, subject) \
             SELECT coalesce(max(id), 0) + 1, 'erase', 'asked', $1, $2, $3 FROM job RETURNING id";
        let insert = sqlx::query_scalar(sql).bind(thorough).bind(now).bind(to_text(subject));
        let id: i64 = insert.fetch_one(&mut *tx).await.map_err(&failed)?;
        tx.commit().await.map_err(failed)?;
        Columns { place: &self.place }.number("id", id)
    }

    /// See [`crate::Store::hold_erasures`].
    pub(super) async fn lock_erasures(&self) -> Result<Option<ErasuresHeld>> {
        let failed = failed("look whether somebody is being erased", &self.place);
        // Not one of the pool, which would go on to others with the lock.
        let mut connection = PgConnection::connect_with(&self.pool.connect_options()).await.map_err(&failed)?;
        let locked: bool = sqlx::query_scalar("SELECT pg_try_advisory_lock($1)")
            .bind(ERASING)
            .fetch_one(&mut connection)
            .await
            .map_err(failed)?;
        Ok(locked.then_some(ErasuresHeld { _connection: Some(connection) }))
    }

    /// See [`crate::Store::erase_jobs`].
    pub(super) async fn all_erase_jobs(&self) -> Result<Vec<EraseJob>> {
        let columns = Columns { place: &self.place };
        let failed = failed("read the jobs", columns.place);
        let sql =
            "SELECT id, state, asked_at, done_at, subject, receipt, thorough FROM job WHERE kind = 'erase' ORDER BY id";
        let rows = sqlx::query(sql).fetch_all(&self.pool).await.map_err(&failed)?;
        let job = |row: PgRow| {
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
        let sql = "UPDATE job SET subject = $1 WHERE id = $2 AND state <> 'done'";
        let update = sqlx::query(sql).bind(to_text(subject)).bind(id as i64).execute(&self.pool);
        update.await.map(drop).map_err(failed("write a job", &self.place))
    }

    /// See [`crate::Store::advance_erase`].
    pub(super) async fn set_erase_job(&self, id: u64, state: JobState, now: i64, receipt: Option<&str>) -> Result<()> {
        let failed = failed("write a job", &self.place);
        let done = state == JobState::Done;
        let sql = "UPDATE job SET state = $1, receipt = $2, done_at = CASE WHEN $3 THEN $4 END, \
             subject = CASE WHEN $3 THEN NULL ELSE subject END WHERE id = $5 AND state <> 'done'";
        let mut tx = self.pool.begin().await.map_err(&failed)?;
        let update = sqlx::query(sql).bind(state.as_str()).bind(receipt).bind(done).bind(now).bind(id as i64);
        update.execute(&mut *tx).await.map_err(&failed)?;
        let number = transaction_number(&mut tx).await.map_err(&failed)?;
        tx.commit().await.map_err(failed)?;
        if !done {
            return Ok(());
        }
        match self.reclaim_jobs(&number).await {
            // The job is done whatever happens now, and nobody would come back to it: the next erasure does.
            Err(error @ StoreError::RowsHeld { .. }) => {
                tracing::warn!(%error, "what the job said of somebody is removed later");
                Ok(())
            }
            reclaimed => reclaimed,
        }
    }
}
