//! Who opted out.

use std::collections::HashSet;

use futures::TryStreamExt;
use model::identity::ChannelKey;
use sqlx::PgConnection;

use super::PostgresStore;
use super::reading::Reading;
use crate::error::{Result, StoreError, failed};
use crate::suppression::{Hash, Names, PAGE_NAMES, Secret, Seen, SuppressedRows, Suppression};
use crate::values::Columns;

/// What `opted_out` has keys of, and the statements on its names.
struct Kind {
    word: &'static str,
    /// Beyond every key that was given.
    next: &'static str,
    /// Those with keys of [from, until), by key, so many.
    page: &'static str,
    named: &'static str,
}

/// Two kinds of names differ in nothing but their tables, which a statement cannot take as parameters.
macro_rules! kind {
    ($holder:literal, $span:literal) => {
        Kind {
            word: $holder,
            next: concat!(
                "SELECT coalesce(greatest((SELECT key FROM next_key WHERE kind = '",
                $holder,
                "'), (SELECT max(key) + 1 FROM ",
                $holder,
                ")), 0)"
            ),
            page: concat!(
                "SELECT key, login, twitch_id FROM ",
                $holder,
                " WHERE key >= $1 AND key < $2 ORDER BY key LIMIT $3"
            ),
            named: concat!(
                "SELECT key, login, twitch_id FROM ",
                $holder,
                " WHERE twitch_id = ANY($1) \
                 UNION SELECT h.key, h.login, h.twitch_id FROM ",
                $span,
                " s JOIN ",
                $holder,
                " h ON h.key = s.key \
                 WHERE s.login = ANY($2)"
            ),
        }
    };
}

const KINDS: [Kind; 2] = [kind!("person", "login_span"), kind!("channel", "channel_span")];

impl PostgresStore {
    /// See [`crate::Store::suppressed`].
    pub(super) async fn suppressed_rows(&self) -> Result<SuppressedRows> {
        let mut connection = self.pool.acquire().await.map_err(failed("read who opted out", &self.place))?;
        suppressed(&mut connection, &self.place).await
    }

    /// See [`crate::Store::add_suppressed`].
    pub(super) async fn suppress(&self, secret: &Secret, names: Names<'_>, now: i64) -> Result<()> {
        let failed = failed("write who opted out", &self.place);
        let mut tx = self.begin_live().await?;
        let insert = sqlx::query("INSERT INTO suppressed (hash, since) SELECT t.hash, $2 FROM unnest($1::bytea[]) t (hash) ON CONFLICT (hash) DO NOTHING")
            .bind(bytes_of(&names.hashes(secret)))
            .bind(now)
            .execute(&mut *tx)
            .await
            .map_err(&failed)?;
        // An import under way is refused, but may have brought a channel's name first: the next look at all names finds it.
        sqlx::query(
            "UPDATE meta SET suppression_check = coalesce(suppression_check, $1), opted_out_known = false, \
             withdrawals = withdrawals + $2",
        )
        .bind(secret.check().as_bytes())
        .bind(i64::from(insert.rows_affected() > 0))
        .execute(&mut *tx)
        .await
        .map_err(&failed)?;
        let list = self.list(&mut tx, secret).await?;
        self.take_off_air(&mut tx, &list).await?;
        self.mark(&mut tx, &list, names).await?;
        tx.commit().await.map_err(failed)
    }

    /// See [`crate::Store::remove_suppressed`].
    pub(super) async fn allow(&self, secret: &Secret, names: Names<'_>) -> Result<()> {
        let failed = failed("write who opted out", &self.place);
        // Two who come and go at once: each goes by the list that the other left.
        let mut tx = self.begin_live().await?;
        sqlx::query("DELETE FROM suppressed WHERE hash = ANY($1)")
            .bind(bytes_of(&names.hashes(secret)))
            .execute(&mut *tx)
            .await
            .map_err(&failed)?;
        let list = self.list(&mut tx, secret).await?;
        self.mark(&mut tx, &list, names).await?;
        tx.commit().await.map_err(failed)
    }

    /// See [`crate::Store::mark_suppressed`].
    ///
    /// Millions of names take seconds, and who is on air or opts out waits for the transaction that marks: so they are gone
    /// through before it, and again where the list changed meanwhile.
    pub(super) async fn mark_everybody(&self, secret: &Secret) -> Result<()> {
        let failed = failed("write who opted out", &self.place);
        let mut rows = self.suppressed_rows().await?;
        let mut seen: [Seen<i32>; 2] = Default::default();
        loop {
            let list = Suppression::of(rows.clone(), Some(secret))?;
            for (kind, seen) in KINDS.iter().zip(&mut seen) {
                self.see(kind, &list, seen).await?;
            }
            let mut tx = self.begin_live().await?;
            let now = suppressed(&mut tx, &self.place).await?;
            let mut newcomers = false;
            for (kind, seen) in KINDS.iter().zip(&seen) {
                newcomers |=
                    sqlx::query_scalar::<_, i32>(kind.next).fetch_one(&mut *tx).await.map_err(&failed)? != seen.until;
            }
            if now != rows || newcomers {
                tx.rollback().await.map_err(&failed)?;
                if now != rows {
                    (rows, seen) = (now, Default::default());
                }
                continue;
            }
            for (kind, seen) in KINDS.iter().zip(seen) {
                // Made anew: nobody is remembered who has no mark.
                let delete = sqlx::query("DELETE FROM opted_out WHERE kind = $1").bind(kind.word);
                delete.execute(&mut *tx).await.map_err(&failed)?;
                insert_marks(&mut tx, kind, seen.on_it).await.map_err(&failed)?;
            }
            sqlx::query("UPDATE meta SET opted_out_known = true").execute(&mut *tx).await.map_err(&failed)?;
            return tx.commit().await.map_err(failed);
        }
    }

    /// Looks at those who were not seen yet.
    async fn see(&self, kind: &Kind, list: &Suppression, seen: &mut Seen<i32>) -> Result<()> {
        let columns = Columns { place: &self.place };
        let failed = failed("read the names", columns.place);
        let until: i32 = sqlx::query_scalar(kind.next).fetch_one(&self.pool).await.map_err(&failed)?;
        let mut from = seen.until;
        loop {
            let page: Vec<(i32, Option<String>, Option<i64>)> = sqlx::query_as(kind.page)
                .bind(from)
                .bind(until)
                .bind(PAGE_NAMES)
                .fetch_all(&self.pool)
                .await
                .map_err(&failed)?;
            for (key, login, id) in &page {
                let id = id.map(|id| columns.id(id)).transpose()?;
                if list.holds(login.as_deref().unwrap_or_default(), id) {
                    seen.on_it.push(*key);
                }
            }
            match page.last() {
                Some((last, ..)) if page.len() as i64 == PAGE_NAMES => from = last + 1,
                _ => break,
            }
        }
        seen.until = until;
        Ok(())
    }

    /// The channels that opted out.
    pub(super) async fn hidden_channels(&self) -> Result<HashSet<ChannelKey>> {
        let columns = Columns { place: &self.place };
        let keys: Vec<i32> = sqlx::query_scalar("SELECT key FROM opted_out WHERE kind = 'channel'")
            .fetch_all(&self.pool)
            .await
            .map_err(failed("read who opted out", columns.place))?;
        keys.into_iter().map(|key| columns.number("key", key).map(ChannelKey)).collect()
    }

    /// The list, as of a transaction.
    async fn list(&self, tx: &mut PgConnection, secret: &Secret) -> Result<Suppression> {
        Suppression::of(suppressed(tx, &self.place).await?, Some(secret))
    }

    /// Marks whoever of those with these names is on the list, and takes the mark from the others.
    async fn mark(&self, tx: &mut PgConnection, held: &Suppression, names: Names<'_>) -> Result<()> {
        let columns = Columns { place: &self.place };
        let failed = failed("write who opted out", columns.place);
        for kind in KINDS {
            let (mut on_it, mut off_it): (Vec<i32>, Vec<i32>) = (Vec::new(), Vec::new());
            let ids: Vec<i64> = names.ids.iter().map(|id| id.get() as i64).collect();
            let logins: Vec<String> = names.logins.iter().map(|login| (*login).to_owned()).collect();
            let select = sqlx::query_as(kind.named).bind(ids).bind(logins);
            let mut rows = select.fetch(&mut *tx);
            while let Some((key, login, id)) = rows.try_next().await.map_err(&failed)? {
                let (key, login, id): (i32, Option<String>, Option<i64>) = (key, login, id);
                let id = id.map(|id| columns.id(id)).transpose()?;
                let is_on = held.holds(login.as_deref().unwrap_or_default(), id);
                if is_on { &mut on_it } else { &mut off_it }.push(key);
            }
            drop(rows);
            let delete =
                sqlx::query("DELETE FROM opted_out WHERE kind = $1 AND key = ANY($2)").bind(kind.word).bind(off_it);
            delete.execute(&mut *tx).await.map_err(&failed)?;
            insert_marks(tx, &kind, on_it).await.map_err(&failed)?;
        }
        Ok(())
    }

    /// Removes from what is on air the channels that are on the list by now.
    async fn take_off_air(&self, tx: &mut PgConnection, list: &Suppression) -> Result<()> {
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

async fn insert_marks(tx: &mut PgConnection, kind: &Kind, keys: Vec<i32>) -> sqlx::Result<()> {
    let sql =
        "INSERT INTO opted_out (kind, key) SELECT $1, t.key FROM unnest($2::int4[]) t (key) ON CONFLICT DO NOTHING";
    sqlx::query(sql).bind(kind.word).bind(keys).execute(tx).await.map(drop)
}

/// The list, as of the transaction that the connection is in.
pub(super) async fn suppressed(connection: &mut PgConnection, place: &str) -> Result<SuppressedRows> {
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

/// The list of a database that others are connected to. Errors: there is no store, or not of this version.
pub(crate) async fn suppressed_beside(url: &str) -> Result<SuppressedRows> {
    let mut reading = Reading::take(url).await?;
    let place = reading.place.clone();
    let rows = suppressed(&mut reading.connection, &place).await?;
    reading.close().await?;
    Ok(rows)
}

/// Refuses what was made by a list of before. Whoever opts out waits until the transaction ends.
pub(super) async fn heeds(tx: &mut PgConnection, withdrawals: u64, place: &str) -> Result<()> {
    let held: i64 = sqlx::query_scalar("SELECT withdrawals FROM meta FOR SHARE")
        .fetch_one(tx)
        .await
        .map_err(failed("read who opted out", place))?;
    if u64::try_from(held) == Ok(withdrawals) { Ok(()) } else { Err(StoreError::Busy) }
}

fn bytes_of(hashes: &[Hash]) -> Vec<Vec<u8>> {
    hashes.iter().map(|hash| hash.as_bytes().to_vec()).collect()
}
