//! What the nightly pass knows of everybody together.

use model::analysis::population::Population;
use sqlx::Row;

use super::SqliteStore;
use super::suppression::heeds;
use crate::error::{Result, StoreError, failed};
use crate::population::{PopulationRecord, PopulationWrite, of_text, to_text};
use crate::values::Columns;

impl SqliteStore {
    /// See [`crate::Store::put_population`].
    pub(super) async fn keep_population(&self, write: PopulationWrite) -> Result<()> {
        let place = &self.main.place;
        let failed = failed("write what is known of everybody", place);
        // No day is replaced meanwhile.
        let _one = self.importing.lock().await;
        let held = self.generations.read().await.clone();
        let unchanged = write.read.iter().all(|(day, generation)| held.get(day) == Some(generation));
        let Some(generation) = write.generation().filter(|_| unchanged) else { return Err(StoreError::Busy) };
        let text = to_text(&write.population, place)?;
        let mut tx = self.main.write().await?;
        heeds(&mut tx, write.withdrawals, place).await?;
        sqlx::query("DELETE FROM population").execute(&mut *tx).await.map_err(&failed)?;
        sqlx::query(
            "INSERT INTO population (day, generation, version, made_at, made_ms, days, data) VALUES (?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(write.population.day.days())
        .bind(generation)
        .bind(write.population.version)
        .bind(write.made_at)
        .bind(write.made_ms)
        .bind(write.population.days)
        .bind(text)
        .execute(&mut *tx)
        .await
        .map_err(&failed)?;
        tx.commit().await.map_err(failed)
    }

    /// See [`crate::Store::population`].
    pub(super) async fn everybody_together(&self) -> Result<Option<Population>> {
        let text: Option<String> = sqlx::query_scalar("SELECT data FROM population ORDER BY day DESC LIMIT 1")
            .fetch_optional(&self.main.reader)
            .await
            .map_err(failed("read what is known of everybody", &self.main.place))?;
        let Some(text) = text else { return Ok(None) };
        of_text(&text, &self.hidden_channels().await?, &self.main.place)
    }

    /// See [`crate::Store::population_record`].
    pub(super) async fn record_of_population(&self) -> Result<Option<PopulationRecord>> {
        let failed = failed("read what is known of everybody", &self.main.place);
        let columns = Columns { place: &self.main.place };
        let row = sqlx::query(
            "SELECT day, generation, version, made_at, made_ms, days FROM population ORDER BY day DESC LIMIT 1",
        )
        .fetch_optional(&self.main.reader)
        .await
        .map_err(&failed)?;
        let Some(row) = row else { return Ok(None) };
        let number = |column| row.try_get::<i64, _>(column).map_err(&failed);
        Ok(Some(PopulationRecord {
            day: columns.day(number("day")?)?,
            generation: columns.number("generation", number("generation")?)?,
            version: columns.number("version", number("version")?)?,
            made_at: number("made_at")?,
            made_ms: columns.number("made_ms", number("made_ms")?)?,
            days: columns.number("days", number("days")?)?,
        }))
    }
}
