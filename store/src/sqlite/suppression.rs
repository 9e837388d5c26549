//! Who opted out.

use sqlx::SqliteConnection;

use super::SqliteStore;
use crate::error::{Result, failed};
use crate::suppression::{Hash, Secret, SuppressedRows, Suppression};
use crate::values::Columns;

impl SqliteStore {
    /// See [`crate::Store::suppressed`].
    pub(super) async fn suppressed_rows(&self) -> Result<SuppressedRows> {
        let mut reader = self.main.reader.acquire().await.map_err(failed("read who opted out", &self.main.place))?;
        suppressed(&mut reader, &self.main.place).await
    }

    /// See [`crate::Store::add_suppressed`].
    pub(super) async fn suppress(&self, secret: &Secret, hashes: &[Hash], now: i64) -> Result<()> {
        let failed = failed("write who opted out", &self.main.place);
        let mut tx = self.main.write().await?;
        sqlx::query("UPDATE meta SET suppression_check = ifnull(suppression_check, ?)")
            .bind(secret.check().as_bytes())
            .execute(&mut *tx)
            .await
            .map_err(&failed)?;
        for hash in hashes {
            let insert =
                sqlx::query("INSERT INTO suppressed (hash, since) VALUES (?, ?) ON CONFLICT (hash) DO NOTHING");
            insert.bind(hash.as_bytes()).bind(now).execute(&mut *tx).await.map_err(&failed)?;
        }
        self.take_off_air(&mut tx, secret).await?;
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

    /// Removes from what is on air the channels that are on the list by now.
    async fn take_off_air(&self, tx: &mut SqliteConnection, secret: &Secret) -> Result<()> {
        let list = Suppression::of(suppressed(&mut *tx, &self.main.place).await?, Some(secret))?;
        let columns = Columns { place: &self.main.place };
        let failed = failed("write what is on air", columns.place);
        let live: Vec<(String, Option<i64>)> =
            sqlx::query_as("SELECT login, channel_id FROM live_stream").fetch_all(&mut *tx).await.map_err(&failed)?;
        for (login, id) in live {
            if list.holds(&login, id.map(|id| columns.id(id)).transpose()?) {
                let delete = sqlx::query("DELETE FROM live_stream WHERE login = ?").bind(login);
                delete.execute(&mut *tx).await.map_err(&failed)?;
            }
        }
        Ok(())
    }
}

/// The list, as of the transaction that the connection is in.
pub(super) async fn suppressed(connection: &mut SqliteConnection, place: &str) -> Result<SuppressedRows> {
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
