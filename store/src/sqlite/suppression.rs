//! Who opted out.

use std::collections::HashSet;

use futures::TryStreamExt;
use model::identity::{ChannelKey, TwitchId};
use sqlx::SqliteConnection;

use super::SqliteStore;
use super::sql::{list, quoted};
use crate::error::{Result, StoreError, failed};
use crate::suppression::{Names, Secret, SuppressedRows, Suppression};
use crate::values::Columns;

/// What `opted_out` has keys of, and the statements on its names.
struct Kind {
    word: &'static str,
    everybody: &'static str,
    named: &'static str,
}

/// Two kinds of names differ in nothing but their tables, which a statement cannot take as parameters.
macro_rules! kind {
    ($holder:literal, $span:literal) => {
        Kind {
            word: $holder,
            everybody: concat!("SELECT key, login, twitch_id FROM ", $holder),
            named: concat!(
                "SELECT key, login, twitch_id FROM ",
                $holder,
                " WHERE twitch_id IN (SELECT value FROM json_each(?1)) \
                 UNION SELECT h.key, h.login, h.twitch_id FROM ",
                $span,
                " s JOIN ",
                $holder,
                " h ON h.key = s.key \
                 WHERE s.login IN (SELECT value FROM json_each(?2))"
            ),
        }
    };
}

const KINDS: [Kind; 2] = [kind!("person", "login_span"), kind!("channel", "channel_span")];

impl SqliteStore {
    /// See [`crate::Store::suppressed`].
    pub(super) async fn suppressed_rows(&self) -> Result<SuppressedRows> {
        let mut reader = self.main.reader.acquire().await.map_err(failed("read who opted out", &self.main.place))?;
        suppressed(&mut reader, &self.main.place).await
    }

    /// How often somebody opted out or was erased.
    pub(super) async fn withdrawals(&self) -> Result<u64> {
        let failed = failed("read who opted out", &self.main.place);
        let held: i64 =
            sqlx::query_scalar("SELECT withdrawals FROM meta").fetch_one(&self.main.reader).await.map_err(failed)?;
        Columns { place: &self.main.place }.number("withdrawals", held)
    }

    /// See [`crate::Store::add_suppressed`].
    pub(super) async fn suppress(&self, secret: &Secret, names: Names<'_>, now: i64) -> Result<()> {
        let failed = failed("write who opted out", &self.main.place);
        let mut tx = self.main.write().await?;
        let mut added = 0;
        for hash in names.hashes(secret) {
            let insert =
                sqlx::query("INSERT INTO suppressed (hash, since) VALUES (?, ?) ON CONFLICT (hash) DO NOTHING");
            let insert = insert.bind(hash.as_bytes()).bind(now).execute(&mut *tx).await.map_err(&failed)?;
            added += insert.rows_affected();
        }
        // An import under way is refused, but may have brought a channel's name first: the next look at all names finds it.
        sqlx::query(
            "UPDATE meta SET suppression_check = ifnull(suppression_check, ?), opted_out_known = 0, withdrawals = withdrawals + ?",
        )
        .bind(secret.check().as_bytes())
        .bind(added > 0)
        .execute(&mut *tx)
        .await
        .map_err(&failed)?;
        let list = self.list(&mut tx, secret).await?;
        self.take_off_air(&mut tx, &list).await?;
        self.mark(&mut tx, &list, Some(names)).await?;
        tx.commit().await.map_err(failed)
    }

    /// See [`crate::Store::remove_suppressed`].
    pub(super) async fn allow(&self, secret: &Secret, names: Names<'_>) -> Result<()> {
        let failed = failed("write who opted out", &self.main.place);
        let mut tx = self.main.write().await?;
        for hash in names.hashes(secret) {
            let delete = sqlx::query("DELETE FROM suppressed WHERE hash = ?").bind(hash.as_bytes());
            delete.execute(&mut *tx).await.map_err(&failed)?;
        }
        let list = self.list(&mut tx, secret).await?;
        self.mark(&mut tx, &list, Some(names)).await?;
        tx.commit().await.map_err(failed)
    }

    /// See [`crate::Store::mark_suppressed`].
    pub(super) async fn mark_everybody(&self, secret: &Secret) -> Result<()> {
        let failed = failed("write who opted out", &self.main.place);
        let mut tx = self.main.write().await?;
        let list = self.list(&mut tx, secret).await?;
        self.mark(&mut tx, &list, None).await?;
        sqlx::query("UPDATE meta SET opted_out_known = 1").execute(&mut *tx).await.map_err(&failed)?;
        tx.commit().await.map_err(failed)
    }

    /// The channels that opted out.
    pub(super) async fn hidden_channels(&self) -> Result<HashSet<ChannelKey>> {
        let columns = Columns { place: &self.main.place };
        let keys: Vec<i64> = sqlx::query_scalar("SELECT key FROM opted_out WHERE kind = 'channel'")
            .fetch_all(&self.main.reader)
            .await
            .map_err(failed("read who opted out", columns.place))?;
        keys.into_iter().map(|key| columns.number("key", key).map(ChannelKey)).collect()
    }

    /// The list, as of a transaction.
    async fn list(&self, tx: &mut SqliteConnection, secret: &Secret) -> Result<Suppression> {
        Suppression::of(suppressed(tx, &self.main.place).await?, Some(secret))
    }

    /// Marks whoever of those with these names is on the list, and takes the mark from the others; of all without names.
    async fn mark(&self, tx: &mut SqliteConnection, held: &Suppression, names: Option<Names<'_>>) -> Result<()> {
        let columns = Columns { place: &self.main.place };
        let failed = failed("write who opted out", columns.place);
        for kind in KINDS {
            let (mut on_it, mut off_it) = (Vec::new(), Vec::new());
            let select = sqlx::query_as(if names.is_some() { kind.named } else { kind.everybody });
            let select = names.iter().fold(select, |select, names| {
                let ids = list(names.ids.iter().copied().map(TwitchId::get));
                select.bind(ids).bind(quoted(names.logins.iter().copied()))
            });
            let mut rows = select.fetch(&mut *tx);
            while let Some((key, login, id)) = rows.try_next().await.map_err(&failed)? {
                let (key, login, id): (i64, Option<String>, Option<i64>) = (key, login, id);
                let id = id.map(|id| columns.id(id)).transpose()?;
                let is_on = held.holds(login.as_deref().unwrap_or_default(), id);
                // Everybody's marks are made anew: nobody is remembered who has none.
                if is_on || names.is_some() {
                    if is_on { &mut on_it } else { &mut off_it }.push(key);
                }
            }
            drop(rows);
            let delete = match names {
                Some(_) => {
                    sqlx::query("DELETE FROM opted_out WHERE kind = ? AND key IN (SELECT value FROM json_each(?))")
                        .bind(kind.word)
                        .bind(list(off_it))
                }
                None => sqlx::query("DELETE FROM opted_out WHERE kind = ?").bind(kind.word),
            };
            delete.execute(&mut *tx).await.map_err(&failed)?;
            sqlx::query("INSERT OR IGNORE INTO opted_out (kind, key) SELECT ?, value FROM json_each(?)")
                .bind(kind.word)
                .bind(list(on_it))
                .execute(&mut *tx)
                .await
                .map_err(&failed)?;
        }
        Ok(())
    }

    /// Removes from what is on air the channels that are on the list by now.
    async fn take_off_air(&self, tx: &mut SqliteConnection, list: &Suppression) -> Result<()> {
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
    // Before the list: who opts out between the two is on it, and what is made by it is refused rather than kept.
    let (check, known, withdrawals): (Option<Vec<u8>>, bool, i64) =
        sqlx::query_as("SELECT suppression_check, opted_out_known, withdrawals FROM meta")
            .fetch_one(&mut *connection)
            .await
            .map_err(&failed)?;
    let hashes: Vec<Vec<u8>> = sqlx::query_scalar("SELECT hash FROM suppressed ORDER BY hash")
        .fetch_all(&mut *connection)
        .await
        .map_err(failed)?;
    Ok(SuppressedRows {
        check: check.map(|hash| columns.hash(hash)).transpose()?,
        hashes: hashes.into_iter().map(|hash| columns.hash(hash)).collect::<Result<_>>()?,
        known,
        withdrawals: columns.number("withdrawals", withdrawals)?,
    })
}

/// Refuses what was made by a list of before. Whoever opts out waits until the transaction ends.
pub(super) async fn heeds(tx: &mut SqliteConnection, withdrawals: u64, place: &str) -> Result<()> {
    let held: i64 = sqlx::query_scalar("SELECT withdrawals FROM meta")
        .fetch_one(tx)
        .await
        .map_err(failed("read who opted out", place))?;
    if u64::try_from(held) == Ok(withdrawals) { Ok(()) } else { Err(StoreError::Busy) }
}
