//! Who opted out.

use super::PostgresStore;
use crate::error::{Result, failed};
use crate::suppression::{Hash, SuppressedRows};
use crate::values::Columns;

impl PostgresStore {
    /// See [`crate::Store::suppressed`].
    pub(super) async fn suppressed_rows(&self) -> Result<SuppressedRows> {
        let failed = failed("read who opted out", &self.place);
        let columns = Columns { place: &self.place };
        let check: Option<Vec<u8>> =
            sqlx::query_scalar("SELECT suppression_check FROM meta").fetch_one(&self.pool).await.map_err(&failed)?;
        let hashes: Vec<Vec<u8>> = sqlx::query_scalar("SELECT hash FROM suppressed ORDER BY hash")
            .fetch_all(&self.pool)
            .await
            .map_err(failed)?;
        Ok(SuppressedRows {
            check: check.map(|hash| columns.hash(hash)).transpose()?,
            hashes: hashes.into_iter().map(|hash| columns.hash(hash)).collect::<Result<_>>()?,
        })
    }

    /// See [`crate::Store::add_suppressed`].
    pub(super) async fn suppress(&self, check: Hash, hashes: &[Hash], now: i64) -> Result<()> {
        let failed = failed("write who opted out", &self.place);
        let mut tx = self.pool.begin().await.map_err(&failed)?;
        sqlx::query("UPDATE meta SET suppression_check = coalesce(suppression_check, $1)")
            .bind(check.as_bytes())
            .execute(&mut *tx)
            .await
            .map_err(&failed)?;
        sqlx::query("INSERT INTO suppressed (hash, since) SELECT t.hash, $2 FROM unnest($1::bytea[]) t (hash) ON CONFLICT (hash) DO NOTHING")
            .bind(list(hashes))
            .bind(now)
            .execute(&mut *tx)
            .await
            .map_err(&failed)?;
        tx.commit().await.map_err(failed)
    }

    /// See [`crate::Store::remove_suppressed`].
    pub(super) async fn allow(&self, hashes: &[Hash]) -> Result<()> {
        sqlx::query("DELETE FROM suppressed WHERE hash = ANY($1)")
            .bind(list(hashes))
            .execute(&self.pool)
            .await
            .map(drop)
            .map_err(failed("write who opted out", &self.place))
    }
}

fn list(hashes: &[Hash]) -> Vec<Vec<u8>> {
    hashes.iter().map(|hash| hash.as_bytes().to_vec()).collect()
}
