//! Months that become coarser: rewritten beside what is held, which goes once the new form is in its place.

use std::sync::Arc;

use model::day::{Day, Month};
use model::hours::ViewerHours;
use model::identity::GameKey;
use model::presence::ViewerDay;
use model::words::Tier;
use tokio::task::spawn_blocking;

use super::SqliteStore;
use super::file::{File, Schema};
use super::months::{Closed, Flushed, MonthFiles, aside, insert_rows, write_head};
use crate::error::{Result, StoreError, failed};
use crate::month::{Game, MonthOutcome, PAGE_MONTHS, keys_of_games, row_in_hours};
use crate::values::Columns;

impl SqliteStore {
    /// See [`crate::Store::age_month`].
    pub(super) async fn age(
        &self,
        month: Month,
        hours: impl Fn(&[(Day, ViewerDay)]) -> Vec<(Day, ViewerHours)> + Send + Sync + 'static,
    ) -> Result<MonthOutcome> {
        let _making = self.making.lock().await;
        let Some(closed) = self.files(month).await.closed else { return Err(StoreError::NotClosed(month)) };
        if closed.tier != Tier::Slots {
            return Err(StoreError::Aged { month, tier: closed.tier });
        }
        let built = File::build(&aside(&self.closed_path(month)), Schema::Closed).await?;
        let outcome = self.fill_hours(month, &closed, &built, Arc::new(hours)).await;
        built.close().await;
        // Replaced under it, as by an import of one of its days, a file is not there or is another: whoever asked asks again.
        let held = self.files(month).await.closed.is_some_and(|now| Arc::ptr_eq(&now, &closed));
        let outcome = if held { outcome } else { Err(StoreError::Busy) };
        // What went wrong is told; what cannot be removed goes at the next opening.
        let outcome = outcome.inspect_err(|_| drop(std::fs::remove_file(aside(&self.closed_path(month)))))?;
        self.put_coarser(month, Some(&closed)).await?;
        Ok(outcome)
    }

    async fn fill_hours<F>(&self, month: Month, closed: &Closed, built: &File, hours: Arc<F>) -> Result<MonthOutcome>
    where
        F: Fn(&[(Day, ViewerDay)]) -> Vec<(Day, ViewerHours)> + Send + Sync + 'static,
    {
        let failed = failed("make a month coarser", &built.place);
        let columns = Columns { place: &closed.file.place };
        let mut tx = built.write().await?;
        write_head(&mut tx, Tier::Hours, &self.generations(month.first_day(), month.next().first_day()).await)
            .await
            .map_err(&failed)?;
        let mut outcome = MonthOutcome::default();
        let mut flushed = Flushed::of(built);
        let mut from = 0;
        loop {
            let rows: Vec<(i64, Vec<u8>)> =
                sqlx::query_as("SELECT v, b FROM viewer_month WHERE v >= ? ORDER BY v LIMIT ?")
                    .bind(from)
                    .bind(PAGE_MONTHS)
                    .fetch_all(&closed.file.walker)
                    .await
                    .map_err(&failed)?;
            let more = rows.last().filter(|_| rows.len() as i64 == PAGE_MONTHS).map(|(person, _)| person + 1);
            let hours = Arc::clone(&hours);
            // Sessions and coverage of thousands of people: not on a thread that serves pages.
            let made = spawn_blocking(move || {
                let row = |(person, row): (i64, Vec<u8>)| Ok((person, row_in_hours(month, &row, &*hours)?));
                rows.into_iter().map(row).collect()
            });
            let made: std::result::Result<Vec<(i64, Vec<u8>)>, _> = match made.await {
                Ok(made) => made,
                Err(error) => std::panic::resume_unwind(error.into_panic()),
            };
            let mut page = Vec::new();
            for (person, bytes) in columns.decoded(made)? {
                outcome.people += 1;
                outcome.viewer_days +=
                    bytes.first_chunk::<4>().map_or(0, |mask| u64::from(u32::from_le_bytes(*mask).count_ones()));
                outcome.bytes += bytes.len() as u64;
                page.push((columns.number("v", person)?, bytes));
            }
            insert_rows(&mut tx, &page).await.map_err(&failed)?;
            flushed.up_to(self, &outcome).await?;
            match more {
                Some(next) => from = next,
                None => break,
            }
        }
        tx.commit().await.map_err(failed)?;
        Ok(outcome)
    }

    /// See [`crate::Store::forget_month`].
    pub(super) async fn forget_people(&self, month: Month) -> Result<()> {
        let _making = self.making.lock().await;
        let MonthFiles { open, closed } = self.files(month).await;
        if (open.is_none() && closed.is_none()) || closed.as_ref().is_some_and(|closed| closed.tier == Tier::Aggregates)
        {
            return Ok(());
        }
        // Held on to, it would never be closed below.
        drop(open);
        let built = File::build(&aside(&self.closed_path(month)), Schema::Closed).await?;
        let failed = failed("forget a month", &built.place);
        let mut tx = built.write().await?;
        write_head(&mut tx, Tier::Aggregates, &self.generations(month.first_day(), month.next().first_day()).await)
            .await
            .map_err(&failed)?;
        tx.commit().await.map_err(&failed)?;
        built.close().await;
        self.put_coarser(month, closed.as_deref()).await
    }

    /// Puts the form that was made aside in the place of both that were held.
    async fn put_coarser(&self, month: Month, was: Option<&Closed>) -> Result<()> {
        let path = self.closed_path(month);
        self.on_disk(aside(&path)).await?;
        let one = self.importing.lock().await;
        let now = self.files(month).await;
        let same = |now: Option<&Closed>| now.map(std::ptr::from_ref) == was.map(std::ptr::from_ref);
        if !same(now.closed.as_deref()) {
            // A day was replaced meanwhile: whoever asked asks again.
            std::fs::remove_file(aside(&path)).map_err(|error| self.not_writable(error))?;
            return Err(StoreError::Busy);
        }
        drop(now);
        // First: after a stop in between they are gone, and the month is made coarser the next time.
        self.forget_sketches(month).await?;
        self.put_closed(month, &aside(&path)).await?;
        let open = self.months.write().await.get_mut(&month).and_then(|files| files.open.take());
        self.retire(month, open, one).await
    }

    /// See [`crate::Store::games`].
    pub(super) async fn all_games(&self) -> Result<Vec<(GameKey, Game)>> {
        let columns = Columns { place: &self.main.place };
        let rows: Vec<(i64, String, String)> = sqlx::query_as("SELECT key, game_id, name FROM game ORDER BY key")
            .fetch_all(&self.main.reader)
            .await
            .map_err(failed("read the games", columns.place))?;
        rows.into_iter().map(|(key, id, name)| Ok((GameKey(columns.number("key", key)?), Game { id, name }))).collect()
    }

    /// See [`crate::Store::game_keys`].
    pub(super) async fn give_game_keys(&self, games: &[Game]) -> Result<Vec<GameKey>> {
        let _one = self.importing.lock().await;
        let (keys, new) = keys_of_games(&self.all_games().await?, games);
        let failed = failed("write the games", &self.main.place);
        let mut tx = self.main.write().await?;
        for (key, game) in new {
            let insert = sqlx::query("INSERT INTO game (key, game_id, name) VALUES (?, ?, ?)");
            insert.bind(key.0).bind(game.id).bind(game.name).execute(&mut *tx).await.map_err(&failed)?;
        }
        tx.commit().await.map_err(failed)?;
        Ok(keys)
    }
}
