//! Who opted out.

use super::SqliteStore;
use crate::error::{Result, failed};
use crate::suppression::{Hash, SuppressedRows};
use crate::values::Columns;

impl SqliteStore {
    /// See [`crate::Store::suppressed`].
    pub(super) async fn suppressed_rows(&self) -> Result<SuppressedRows> {
        let failed = failed("read who opted out", &self.main.place);
        let columns = Columns { place: &self.main.place };
        let check: Option<Vec<u8>> = sqlx::query_scalar("SELECT suppression_check FROM meta")
            .fetch_one(&self.main.reader)
            .await
            .map_err(&failed)?;
        let hashes: Vec<Vec<u8>> = sqlx::query_scalar("SELECT hash FROM suppressed ORDER BY hash")
            .fetch_all(&self.main.reader)
            .await
            .map_err(failed)?;
        Ok(SuppressedRows {
            check: check.map(|hash| columns.hash(hash)).transpose()?,
            hashes: hashes.into_iter().map(|hash| columns.hash(hash)).collect::<Result<_>>()?,
        })
    }

    /// See [`crate::Store::add_suppressed`].
    pub(super) async fn suppress(&self, check: Hash, hashes: &[Hash], now: i64) -> Result<()> {
        let failed = failed("write who opted out", &self.main.place);
        let mut tx = self.main.write().await?;
        sqlx::query("UPDATE meta SET suppression_check = ifnull(suppression_check, ?)")
            .bind(check.as_bytes())
            .execute(&mut *tx)
            .await
            .map_err(&failed)?;
        for hash in hashes {
            let insert =
                sqlx::query("INSERT INTO suppressed (hash, since) VALUES (?, ?) ON CONFLICT (hash) DO NOTHING");
            insert.bind(hash.as_bytes()).bind(now).execute(&mut *tx).await.map_err(&failed)?;
        }
        tx.commit().await.map_err(failed)
    }

    /// See [`crate::Store::remove_suppressed`].
    pub(super) async fn allow(&self, hashes: &[Hash]) -> Result<()> {
        let failed = failed("write who opted out", &self.main.place);
        let mut tx = self.main.write().await?;
        for hash in hashes {
            let delete = sqlx::query("DELETE FROM suppressed WHERE hash = ?").bind(hash.as_bytes());
            delete.execute(&mut *tx).await.map_err(&failed)?;
        }
        tx.commit().await.map_err(failed)
    }
}
