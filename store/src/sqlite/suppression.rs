//! Who opted out.

use std::collections::HashSet;
use std::path::Path;

use futures::TryStreamExt;
use model::identity::{ChannelKey, TwitchId};
use sqlx::SqliteConnection;

use super::SqliteStore;
use super::file::Schema;
use super::folder::{MAIN, is_restored};
use super::reading::ReadFile;
use super::sql::{list, quoted};
use crate::error::{Result, StoreError, failed};
use crate::suppression::{Names, PAGE_NAMES, Secret, Seen, SuppressedRows, Suppression};
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
                "SELECT max(ifnull((SELECT key FROM next_key WHERE kind = '",
                $holder,
                "'), 0), ifnull((SELECT max(key) + 1 FROM ",
                $holder,
                "), 0))"
            ),
            page: concat!(
                "SELECT key, login, twitch_id FROM ",
                $holder,
                " WHERE key >= ?1 AND key < ?2 ORDER BY key LIMIT ?3"
            ),
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
        self.mark(&mut tx, &list, names).await?;
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
        self.mark(&mut tx, &list, names).await?;
        tx.commit().await.map_err(failed)
    }

    /// See [`crate::Store::mark_suppressed`].
    ///
    /// Millions of names take seconds, and who is on air or opts out waits for the transaction that marks: so they are gone
    /// through before it, and again where the list changed meanwhile.
    pub(super) async fn mark_everybody(&self, secret: &Secret) -> Result<()> {
        let failed = failed("write who opted out", &self.main.place);
        let mut rows = self.suppressed_rows().await?;
        let mut seen: [Seen<i64>; 2] = Default::default();
        loop {
            let list = Suppression::of(rows.clone(), Some(secret))?;
            for (kind, seen) in KINDS.iter().zip(&mut seen) {
                self.see(kind, &list, seen).await?;
            }
            let mut tx = self.main.write().await?;
            let now = suppressed(&mut tx, &self.main.place).await?;
            let mut newcomers = false;
            for (kind, seen) in KINDS.iter().zip(&seen) {
                newcomers |=
                    sqlx::query_scalar::<_, i64>(kind.next).fetch_one(&mut *tx).await.map_err(&failed)? != seen.until;
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
                let delete = sqlx::query("DELETE FROM opted_out WHERE kind = ?1").bind(kind.word);
                delete.execute(&mut *tx).await.map_err(&failed)?;
                insert_marks(&mut tx, kind, seen.on_it).await.map_err(&failed)?;
            }
            sqlx::query("UPDATE meta SET opted_out_known = 1").execute(&mut *tx).await.map_err(&failed)?;
            return tx.commit().await.map_err(failed);
        }
    }

    /// Looks at those who were not seen yet.
    async fn see(&self, kind: &Kind, list: &Suppression, seen: &mut Seen<i64>) -> Result<()> {
        let columns = Columns { place: &self.main.place };
        let failed = failed("read the names", columns.place);
        let until: i64 = sqlx::query_scalar(kind.next).fetch_one(&self.main.reader).await.map_err(&failed)?;
        let mut from = seen.until;
        loop {
            let page: Vec<(i64, Option<String>, Option<i64>)> = sqlx::query_as(kind.page)
                .bind(from)
                .bind(until)
                .bind(PAGE_NAMES)
                .fetch_all(&self.main.reader)
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

    /// Marks whoever of those with these names is on the list, and takes the mark from the others.
    async fn mark(&self, tx: &mut SqliteConnection, held: &Suppression, names: Names<'_>) -> Result<()> {
        let columns = Columns { place: &self.main.place };
        let failed = failed("write who opted out", columns.place);
        for kind in KINDS {
            let (mut on_it, mut off_it) = (Vec::new(), Vec::new());
            let ids = list(names.ids.iter().copied().map(TwitchId::get));
            let select = sqlx::query_as(kind.named).bind(ids).bind(quoted(names.logins.iter().copied()));
            let mut rows = select.fetch(&mut *tx);
            while let Some((key, login, id)) = rows.try_next().await.map_err(&failed)? {
                let (key, login, id): (i64, Option<String>, Option<i64>) = (key, login, id);
                let id = id.map(|id| columns.id(id)).transpose()?;
                let is_on = held.holds(login.as_deref().unwrap_or_default(), id);
                if is_on { &mut on_it } else { &mut off_it }.push(key);
            }
            drop(rows);
            let sql = "DELETE FROM opted_out WHERE kind = ? AND key IN (SELECT value FROM json_each(?))";
            let delete = sqlx::query(sql).bind(kind.word).bind(list(off_it));
            delete.execute(&mut *tx).await.map_err(&failed)?;
            insert_marks(tx, &kind, on_it).await.map_err(&failed)?;
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

async fn insert_marks(tx: &mut SqliteConnection, kind: &Kind, keys: Vec<i64>) -> sqlx::Result<()> {
    let sql = "INSERT OR IGNORE INTO opted_out (kind, key) SELECT ?, value FROM json_each(?)";
    sqlx::query(sql).bind(kind.word).bind(list(keys)).execute(tx).await.map(drop)
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

/// The list of a folder that another process may have open. Errors: there is no store, or not of this version.
pub(crate) async fn suppressed_beside(folder: &Path) -> Result<SuppressedRows> {
    is_restored(folder)?;
    let main = ReadFile::open(&folder.join(MAIN), Schema::Main).await?;
    let mut main = main.ok_or_else(|| StoreError::Absent { place: folder.display().to_string() })?;
    suppressed(&mut main.connection, &main.place).await
}

/// Refuses what was made by a list of before. Whoever opts out waits until the transaction ends.
pub(super) async fn heeds(tx: &mut SqliteConnection, withdrawals: u64, place: &str) -> Result<()> {
    let held: i64 = sqlx::query_scalar("SELECT withdrawals FROM meta")
        .fetch_one(tx)
        .await
        .map_err(failed("read who opted out", place))?;
    if u64::try_from(held) == Ok(withdrawals) { Ok(()) } else { Err(StoreError::Busy) }
}
