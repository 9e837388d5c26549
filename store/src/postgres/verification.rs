//! What comparisons of days with their archive found.

use model::day::Day;
use sqlx::Row;

use super::PostgresStore;
use crate::error::{Result, failed};
use crate::values::Columns;
use crate::verification::Verification;

impl PostgresStore {
    /// See [`crate::Store::generation`].
    pub(super) async fn generation_of(&self, day: Day) -> Result<Option<u32>> {
        let generation: Option<i32> = sqlx::query_scalar("SELECT generation FROM day WHERE day = $1")
            .bind(day.days())
            .fetch_optional(&self.pool)
            .await
            .map_err(failed("read the days", &self.place))?;
        let columns = Columns { place: &self.place };
        generation.map(|generation| columns.number("generation", generation)).transpose()
    }

    /// See [`crate::Store::put_verification`].
    pub(super) async fn remember_verification(&self, found: &Verification) -> Result<()> {
        // Of a day that was replaced since, nobody would read it: an import under way is waited for.
        sqlx::query(
            "INSERT INTO verification (day, generation, at, seed, viewers, channels, failures, observations, ok, reason) \
             SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10 FROM day WHERE day = $1 AND generation = $2 FOR SHARE \
             ON CONFLICT (day, generation) DO UPDATE SET at = excluded.at, seed = excluded.seed, viewers = excluded.viewers, \
             channels = excluded.channels, failures = excluded.failures, observations = excluded.observations, \
             ok = excluded.ok, reason = excluded.reason",
        )
        .bind(found.day.days())
        .bind(found.generation as i32)
        .bind(found.at)
        .bind(found.seed as i64)
        .bind(found.viewers as i64)
        .bind(found.channels as i64)
        .bind(found.failures as i64)
        .bind(found.observations as i64)
        .bind(found.ok)
        .bind(found.short_reason())
        .execute(&self.pool)
        .await
        .map(drop)
        .map_err(failed("write a verification", &self.place))
    }

    /// See [`crate::Store::verifications`].
    pub(super) async fn all_verifications(&self) -> Result<Vec<Verification>> {
        let failed = failed("read the verifications", &self.place);
        let columns = Columns { place: &self.place };
        let rows = sqlx::query("SELECT v.* FROM day JOIN verification v USING (day, generation) ORDER BY day")
            .fetch_all(&self.pool)
            .await
            .map_err(&failed)?;
        let to_verification = |row: &sqlx::postgres::PgRow| {
            let number = |column| row.try_get::<i64, _>(column).map_err(&failed);
            let small = |column| row.try_get::<i32, _>(column).map_err(&failed);
            Ok(Verification {
                day: columns.day(small("day")?)?,
                generation: columns.number("generation", small("generation")?)?,
                at: number("at")?,
                seed: number("seed")? as u64,
                viewers: columns.number("viewers", number("viewers")?)?,
                channels: columns.number("channels", number("channels")?)?,
                failures: columns.number("failures", number("failures")?)?,
                observations: columns.number("observations", number("observations")?)?,
                ok: row.try_get("ok").map_err(&failed)?,
                reason: row.try_get("reason").map_err(&failed)?,
            })
        };
        rows.iter().map(to_verification).collect()
    }
}
