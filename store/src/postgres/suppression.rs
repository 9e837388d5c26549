//! Who opted out.

use sqlx::PgConnection;

use super::PostgresStore;
use crate::error::{Result, failed};
use crate::suppression::{Hash, Secret, SuppressedRows, Suppression};
use crate::values::Columns;

impl PostgresStore {
    /// See [`crate::Store::suppressed`].
    pub(super) async fn suppressed_rows(&self) -> Result<SuppressedRows> {
        let mut connection = self.pool.acquire().await.map_err(failed("read who opted out", &self.place))?;
        suppressed(&mut connection, &self.place).await
    }

    /// See [`crate::Store::add_suppressed`].
    pub(super) async fn suppress(&self, secret: &Secret, hashes: &[Hash], now: i64) -> Result<()> {
        let failed = failed("write who opted out", &self.place);
        let mut tx = self.begin_live().await?;
        sqlx::query("UPDATE meta SET suppression_check = coalesce(suppression_check, $1)")
            .bind(secret.check().as_bytes())
            .execute(&mut *tx)
            .await
            .map_err(&failed)?;
        sqlx::query("INSERT INTO suppressed (hash, since) SELECT t.hash, $2 FROM unnest($1::bytea[]) t (hash) ON CONFLICT (hash) DO NOTHING")
            .bind(list(hashes))
            .bind(now)
            .execute(&mut *tx)
            .await
            .map_err(&failed)?;
        self.take_off_air(&mut tx, secret).await?;
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

    /// Removes from what is on air the channels that are on the list by now.
    async fn take_off_air(&self, tx: &mut PgConnection, secret: &Secret) -> Result<()> {
        let list = Suppression::of(suppressed(&mut *tx, &self.place).await?, Some(secret))?;
        let columns = Columns { place: &self.place };
        let failed = failed("write what is on air", columns.place);
        let live: Vec<(String, Option<i64>)> =
            sqlx::query_as("SELECT login, channel_id FROM live_stream").fetch_all(&mut *tx).await.map_err(&failed)?;
        for (login, id) in live {
            if list.holds(&login, id.map(|id| columns.id(id)).transpose()?) {
                let delete = sqlx::query("DELETE FROM live_stream WHERE login = $1").bind(login);
                delete.execute(&mut *tx).await.map_err(&failed)?;
            }
        }
        Ok(())
    }
}

/// The list, as of the transaction that the connection is in.
pub(super) async fn suppressed(connection: &mut PgConnection, place: &str) -> Result<SuppressedRows> {
    let failed = failed("read who opted out", place);
    let columns = Columns { place };
    let check: Option<Vec<u8>> =
        sqlx::query_scalar("SELECT suppression_check FROM meta").fetch_one(&mut *connection).await.map_err(&failed)?;
    let hashes: Vec<Vec<u8>> = sqlx::query_scalar("SELECT hash FROM suppressed ORDER BY hash")
        .fetch_all(&mut *connection)
        .await
        .map_err(failed)?;
    Ok(SuppressedRows {
        check: check.map(|hash| columns.hash(hash)).transpose()?,
        hashes: hashes.into_iter().map(|hash| columns.hash(hash)).collect::<Result<_>>()?,
    })
}

fn list(hashes: &[Hash]) -> Vec<Vec<u8>> {
    hashes.iter().map(|hash| hash.as_bytes().to_vec()).collect()
}
