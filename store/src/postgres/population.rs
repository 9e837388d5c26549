//! What the nightly pass knows of everybody together.

use model::analysis::population::Population;
use sqlx::Row;

use super::PostgresStore;
use super::suppression::heeds;
use crate::error::{Result, StoreError, failed};
use crate::population::{PopulationRecord, PopulationWrite, of_text, to_text};
use crate::values::Columns;

impl PostgresStore {
    /// See [`crate::Store::put_population`].
    pub(super) async fn keep_population(&self, write: PopulationWrite) -> Result<()> {
        let failed = failed("write what is known of everybody", &self.place);
        let text = to_text(&write.population, &self.place)?;
        // No day is replaced meanwhile.
        let mut tx = self.begin_import().await?;
        let held = self.generations_of(&mut tx, write.read.iter().map(|(day, _)| *day)).await?;
        let unchanged = write.read.iter().all(|(day, generation)| held.get(day) == Some(generation));
        let Some(generation) = write.generation().filter(|_| unchanged) else { return Err(StoreError::Busy) };
        sqlx::query("DELETE FROM population").execute(&mut *tx).await.map_err(&failed)?;
        sqlx::query(
            "INSERT INTO population (day, generation, version, made_at, made_ms, days, data) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(write.population.day.days())
        .bind(generation as i32)
        .bind(i32::from(write.population.version))
        .bind(write.made_at)
        .bind(i64::from(write.made_ms))
        .bind(i32::from(write.population.days))
        .bind(text)
        .execute(&mut *tx)
        .await
        .map_err(&failed)?;
        // Last, so that whoever opts out does not wait.
        heeds(&mut tx, write.withdrawals, &self.place).await?;
        tx.commit().await.map_err(failed)
    }

    /// See [`crate::Store::population`].
    pub(super) async fn everybody_together(&self) -> Result<Option<Population>> {
        let text: Option<String> = sqlx::query_scalar("SELECT data FROM population ORDER BY day DESC LIMIT 1")
            .fetch_optional(&self.pool)
            .await
            .map_err(failed("read what is known of everybody", &self.place))?;
        let Some(text) = text else { return Ok(None) };
        of_text(&text, &self.hidden_channels().await?, &self.place)
    }

    /// See [`crate::Store::population_record`].
    pub(super) async fn record_of_population(&self) -> Result<Option<PopulationRecord>> {
        let failed = failed("read what is known of everybody", &self.place);
        let columns = Columns { place: &self.place };
        let row = sqlx::query(
            "SELECT day, generation, version, made_at, made_ms, days FROM population ORDER BY day DESC LIMIT 1",
        )
        .fetch_optional(&self.pool)
        .await
        .map_err(&failed)?;
        let Some(row) = row else { return Ok(None) };
        let small = |column| row.try_get::<i32, _>(column).map_err(&failed);
        let large = |column| row.try_get::<i64, _>(column).map_err(&failed);
        Ok(Some(PopulationRecord {
            day: columns.day(small("day")?)?,
            generation: columns.number("generation", small("generation")?)?,
            version: columns.number("version", small("version")?)?,
            made_at: large("made_at")?,
            made_ms: columns.number("made_ms", large("made_ms")?)?,
            days: columns.number("days", small("days")?)?,
        }))
    }
}
