//! Months that become coarser: rewritten in a table of their own, put in place in one transaction.

use std::sync::Arc;

use model::day::{Day, Month};
use model::hours::ViewerHours;
use model::identity::GameKey;
use model::presence::ViewerDay;
use model::words::Tier;
use sqlx::{AssertSqlSafe, Postgres, Transaction};
use tokio::task::spawn_blocking;

use super::PostgresStore;
use super::copy::Copy;
use super::months::{MadeOf, aside_of, attach, block_partition, make_aside, remove_closed, tier_of};
use super::reshape::patiently;
use crate::error::{Result, StoreError, failed};
use crate::month::{Game, MonthOutcome, PAGE_MONTHS, keys_of_games, row_in_hours};
use crate::values::Columns;

impl PostgresStore {
    /// See [`crate::Store::age_month`].
    pub(super) async fn age(
        &self,
        month: Month,
        hours: impl Fn(&[(Day, ViewerDay)]) -> Vec<(Day, ViewerHours)> + Send + Sync + 'static,
    ) -> Result<MonthOutcome> {
        let failed = failed("make a month coarser", &self.place);
        self.drop_aside(&aside_of(month)).await?;
        // Of one moment: page by page it would be of several.
        let mut tx = self.pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ").await.map_err(&failed)?;
        let before = MadeOf::read(&mut tx, month).await.map_err(&failed)?;
        self.is_slots(&mut tx, month).await?;
        let aside = make_aside(&mut tx, month).await.map_err(&failed)?;
        let outcome = self.fill_hours(&mut tx, month, &aside, Arc::new(hours)).await?;
        tx.commit().await.map_err(&failed)?;
        let put = patiently(|| self.put_hours(month, &aside, &before)).await;
        self.unless_put(&aside, put.map(|()| outcome)).await
    }

    /// Makes the table that was made aside the month's rows.
    async fn put_hours(&self, month: Month, aside: &str, made_of: &MadeOf) -> Result<()> {
        let failed = failed("make a month coarser", &self.place);
        let mut tx = self.begin_reshape().await?;
        // Opened again meanwhile: whoever asked asks again.
        match self.is_slots(&mut tx, month).await {
            Err(StoreError::NotClosed(_)) => return Err(StoreError::Busy),
            held => held?,
        }
        made_of.still_holds(&mut tx, month, aside, &self.place).await?;
        lock(&mut tx).await.map_err(&failed)?;
        remove_closed(&mut tx, month).await.map_err(&failed)?;
        attach(&mut tx, month, aside, Tier::Hours).await.map_err(&failed)?;
        drop_blocks(&mut tx, month).await.map_err(&failed)?;
        self.forget_sketches(&mut tx, month).await?;
        tx.commit().await.map_err(failed)
    }

    async fn is_slots(&self, tx: &mut Transaction<'_, Postgres>, month: Month) -> Result<()> {
        match tier_of(tx, month, &self.place).await? {
            None => Err(StoreError::NotClosed(month)),
            Some(Tier::Slots) => Ok(()),
            Some(tier) => Err(StoreError::Aged { month, tier }),
        }
    }

    async fn fill_hours<F>(
        &self,
        tx: &mut Transaction<'_, Postgres>,
        month: Month,
        table: &str,
        hours: Arc<F>,
    ) -> Result<MonthOutcome>
    where
        F: Fn(&[(Day, ViewerDay)]) -> Vec<(Day, ViewerHours)> + Send + Sync + 'static,
    {
        let failed = failed("make a month coarser", &self.place);
        let columns = Columns { place: &self.place };
        let first = month.first_day().days();
        let statement = format!("COPY {table} (month, v, b) FROM STDIN (FORMAT binary)");
        let mut outcome = MonthOutcome::default();
        let mut from = 0;
        loop {
            let rows: Vec<(i32, Vec<u8>)> =
                sqlx::query_as("SELECT v, b FROM viewer_month WHERE month = $1 AND v >= $2 ORDER BY v LIMIT $3")
                    .bind(first)
                    .bind(from)
                    .bind(PAGE_MONTHS)
                    .fetch_all(&mut **tx)
                    .await
                    .map_err(&failed)?;
            let more = rows.last().filter(|_| rows.len() as i64 == PAGE_MONTHS).map(|(person, _)| person + 1);
            let hours = Arc::clone(&hours);
            // Sessions and coverage of thousands of people: not on a thread that serves pages.
            let made = spawn_blocking(move || {
                let row = |(person, row): (i32, Vec<u8>)| Ok((person, row_in_hours(month, &row, &*hours)?));
                rows.into_iter().map(row).collect()
            });
            let made: std::result::Result<Vec<(i32, Vec<u8>)>, _> = match made.await {
                Ok(made) => made,
                Err(error) => std::panic::resume_unwind(error.into_panic()),
            };
            let mut copy = Copy::begin(tx, &statement, 3).await.map_err(&failed)?;
            for (person, bytes) in columns.decoded(made)? {
                outcome.people += 1;
                outcome.viewer_days +=
                    bytes.first_chunk::<4>().map_or(0, |mask| u64::from(u32::from_le_bytes(*mask).count_ones()));
                outcome.bytes += bytes.len() as u64;
                let mut row = copy.row();
                row.int4(first);
                row.int4(person);
                row.bytes(&bytes);
                copy.flush_full().await.map_err(&failed)?;
            }
            copy.finish().await.map_err(&failed)?;
            match more {
                Some(next) => from = next,
                None => return Ok(outcome),
            }
        }
    }

    /// See [`crate::Store::forget_month`].
    pub(super) async fn forget_people(&self, month: Month) -> Result<()> {
        patiently(|| self.forget_at_once(month)).await
    }

    async fn forget_at_once(&self, month: Month) -> Result<()> {
        let failed = failed("forget a month", &self.place);
        let mut tx = self.begin_reshape().await?;
        let tier = tier_of(&mut tx, month, &self.place).await?;
        let held: bool = sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM day WHERE day >= $1 AND day < $2)")
            .bind(month.first_day().days())
            .bind(month.next().first_day().days())
            .fetch_one(&mut *tx)
            .await
            .map_err(&failed)?;
        if !held || tier == Some(Tier::Aggregates) {
            return Ok(());
        }
        let sql = format!("DROP TABLE IF EXISTS {}", aside_of(month));
        sqlx::query(AssertSqlSafe(sql)).execute(&mut *tx).await.map_err(&failed)?;
        let aside = make_aside(&mut tx, month).await.map_err(&failed)?;
        lock(&mut tx).await.map_err(&failed)?;
        remove_closed(&mut tx, month).await.map_err(&failed)?;
        attach(&mut tx, month, &aside, Tier::Aggregates).await.map_err(&failed)?;
        drop_blocks(&mut tx, month).await.map_err(&failed)?;
        self.forget_sketches(&mut tx, month).await?;
        tx.commit().await.map_err(failed)
    }

    /// See [`crate::Store::games`].
    pub(super) async fn all_games(&self) -> Result<Vec<(GameKey, Game)>> {
        let columns = Columns { place: &self.place };
        let rows: Vec<(i32, String, String)> = sqlx::query_as("SELECT key, game_id, name FROM game ORDER BY key")
            .fetch_all(&self.pool)
            .await
            .map_err(failed("read the games", columns.place))?;
        rows.into_iter().map(|(key, id, name)| Ok((GameKey(columns.number("key", key)?), Game { id, name }))).collect()
    }

    /// See [`crate::Store::game_keys`].
    pub(super) async fn give_game_keys(&self, games: &[Game]) -> Result<Vec<GameKey>> {
        let failed = failed("write the games", &self.place);
        let mut tx = self.begin_import().await?;
        let (keys, new) = keys_of_games(&self.all_games().await?, games);
        for (key, game) in new {
            let insert = sqlx::query("INSERT INTO game (key, game_id, name) VALUES ($1, $2, $3)");
            insert.bind(key.0 as i32).bind(game.id).bind(game.name).execute(&mut *tx).await.map_err(&failed)?;
        }
        tx.commit().await.map_err(failed)?;
        Ok(keys)
    }
}

/// Locks both tables in the order of a person's reader, who else would wait for the one while the other waits for them.
async fn lock(tx: &mut Transaction<'_, Postgres>) -> sqlx::Result<()> {
    let sql = "LOCK TABLE ONLY block, ONLY viewer_month IN ACCESS EXCLUSIVE MODE";
    sqlx::query(sql).execute(&mut **tx).await.map(drop)
}

async fn drop_blocks(tx: &mut Transaction<'_, Postgres>, month: Month) -> sqlx::Result<()> {
    let sql = format!("DROP TABLE IF EXISTS {}", block_partition(month));
    sqlx::query(AssertSqlSafe(sql)).execute(&mut **tx).await.map(drop)
}
