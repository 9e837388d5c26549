//! What is on air, and what is tracked.

use model::login::Login;
use model::slot::SlotTime;
use model::sweep::LiveStream;
use sqlx::AssertSqlSafe;

use super::SqliteStore;
use super::sql::{ROWS_A_STATEMENT, values};
use super::suppression::suppressed;
use crate::error::{Result, failed};
use crate::live::{LiveRow, SELECT_LIVE, encode_trail, live_stream};
use crate::suppression::{Secret, Suppression, hashes_of};
use crate::values::Columns;

impl SqliteStore {
    /// See [`crate::Store::live`].
    pub(super) async fn live_now(&self) -> Result<Vec<LiveStream>> {
        let failed = failed("read what is on air", &self.main.place);
        let columns = Columns { place: &self.main.place };
        let rows: Vec<LiveRow<i64>> = sqlx::query_as(SELECT_LIVE).fetch_all(&self.main.reader).await.map_err(failed)?;
        rows.into_iter().map(|row| live_stream(columns, row)).collect()
    }

    /// See [`crate::Store::live_at`].
    pub(super) async fn live_slot(&self) -> Result<Option<SlotTime>> {
        let at: Option<i64> = sqlx::query_scalar("SELECT live_at FROM meta")
            .fetch_one(&self.main.reader)
            .await
            .map_err(failed("read what is on air", &self.main.place))?;
        at.map(|at| Columns { place: &self.main.place }.slot_time(at)).transpose()
    }

    /// See [`crate::Store::replace_live`].
    pub(super) async fn set_live(&self, at: SlotTime, streams: &[LiveStream], secret: Option<&Secret>) -> Result<()> {
        let failed = failed("write what is on air", &self.main.place);
        let hashes = hashes_of(streams, secret);
        let mut tx = self.main.write().await?;
        // In the transaction: an opt-out comes before and is heeded, or after and takes them off the air itself.
        let list = Suppression::of(suppressed(&mut tx, &self.main.place).await?, secret)?;
        let shown: Vec<&LiveStream> = streams
            .iter()
            .zip(&hashes)
            .filter(|(_, hashes)| !list.holds_any(hashes))
            .map(|(stream, _)| stream)
            .collect();
        sqlx::query("DELETE FROM live_stream").execute(&mut *tx).await.map_err(&failed)?;
        for rows in shown.chunks(ROWS_A_STATEMENT) {
            let sql = format!(
                "INSERT OR IGNORE INTO live_stream (slot, login, channel_id, display_name, title, game, viewers, started_at, trail) VALUES {}",
                values(rows.len(), 9)
            );
            let mut insert = sqlx::query(AssertSqlSafe(sql));
            for stream in rows {
                insert = insert
                    .bind(stream.at.index())
                    .bind(stream.login.as_str())
                    .bind(stream.id.map(|id| id.get() as i64))
                    .bind(&stream.display_name)
                    .bind(&stream.title)
                    .bind(&stream.game)
                    .bind(stream.viewers)
                    .bind(stream.started_at)
                    .bind(encode_trail(&stream.trail));
            }
            insert.execute(&mut *tx).await.map_err(&failed)?;
        }
        sqlx::query("UPDATE meta SET live_at = ?").bind(at.index()).execute(&mut *tx).await.map_err(&failed)?;
        tx.commit().await.map_err(failed)
    }

    /// See [`crate::Store::tracked`].
    pub(super) async fn tracked_channels(&self) -> Result<Vec<Login>> {
        let logins: Vec<String> = sqlx::query_scalar("SELECT login FROM tracked ORDER BY login")
            .fetch_all(&self.main.reader)
            .await
            .map_err(failed("read the tracked channels", &self.main.place))?;
        logins.iter().map(|login| Columns { place: &self.main.place }.login(login)).collect()
    }

    /// See [`crate::Store::set_tracked`].
    pub(super) async fn replace_tracked(&self, channels: &[Login]) -> Result<()> {
        let failed = failed("write the tracked channels", &self.main.place);
        let mut tx = self.main.write().await?;
        sqlx::query("DELETE FROM tracked").execute(&mut *tx).await.map_err(&failed)?;
        for rows in channels.chunks(ROWS_A_STATEMENT) {
            let sql = format!("INSERT OR IGNORE INTO tracked (login) VALUES {}", values(rows.len(), 1));
            let insert = rows.iter().fold(sqlx::query(AssertSqlSafe(sql)), |insert, login| insert.bind(login.as_str()));
            insert.execute(&mut *tx).await.map_err(&failed)?;
        }
        tx.commit().await.map_err(failed)
    }
}
