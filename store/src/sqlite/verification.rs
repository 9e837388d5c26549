//! What comparisons of days with their archive found.

use model::day::Day;
use sqlx::Row;

use super::SqliteStore;
use crate::error::{Result, failed};
use crate::values::Columns;
use crate::verification::Verification;

impl SqliteStore {
    /// See [`crate::Store::generation`].
    pub(super) async fn generation_of(&self, day: Day) -> Option<u32> {
        self.generations.read().await.get(&day).copied()
    }

    /// See [`crate::Store::put_verification`].
    pub(super) async fn remember_verification(&self, found: &Verification) -> Result<()> {
        let failed = failed("write a verification", &self.main.place);
        let mut tx = self.main.write().await?;
        // Of a day that was replaced since, nobody would read it; while it is being replaced, it goes with the old one.
        sqlx::query(
            "INSERT OR REPLACE INTO verification (day, generation, at, seed, viewers, channels, failures, observations, ok, reason) \
             SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10 WHERE EXISTS (SELECT 1 FROM day_record WHERE day = ?1 AND generation = ?2)",
        )
        .bind(found.day.days())
        .bind(found.generation)
        .bind(found.at)
        .bind(found.seed as i64)
        .bind(found.viewers as i64)
        .bind(found.channels as i64)
        .bind(found.failures as i64)
        .bind(found.observations as i64)
        .bind(found.ok)
        .bind(found.short_reason())
        .execute(&mut *tx)
        .await
        .map_err(&failed)?;
        tx.commit().await.map_err(failed)
    }

    /// See [`crate::Store::verifications`].
    pub(super) async fn all_verifications(&self) -> Result<Vec<Verification>> {
        let failed = failed("read the verifications", &self.main.place);
        let columns = Columns { place: &self.main.place };
        let rows = sqlx::query("SELECT * FROM verification ORDER BY day")
            .fetch_all(&self.main.reader)
            .await
            .map_err(&failed)?;
        let held = self.generations.read().await;
        let mut all = Vec::with_capacity(rows.len());
        for row in rows {
            let number = |column| row.try_get::<i64, _>(column).map_err(&failed);
            let day = columns.day(number("day")?)?;
            let generation = columns.number("generation", number("generation")?)?;
            if held.get(&day) != Some(&generation) {
                continue;
            }
            all.push(Verification {
                day,
                generation,
                at: number("at")?,
                seed: number("seed")? as u64,
                viewers: columns.number("viewers", number("viewers")?)?,
                channels: columns.number("channels", number("channels")?)?,
                failures: columns.number("failures", number("failures")?)?,
                observations: columns.number("observations", number("observations")?)?,
                ok: row.try_get("ok").map_err(&failed)?,
                reason: row.try_get("reason").map_err(&failed)?,
            });
        }
        Ok(all)
    }
}
