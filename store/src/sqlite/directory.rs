//! The names in `main.db`.

use std::fmt::Write as _;
use std::marker::PhantomData;

use futures::TryStreamExt;
use model::identity::{PersonKey, TwitchId};
use model::login::Login;
use sqlx::{AssertSqlSafe, Connection, Row, Sqlite, SqliteConnection, Transaction};

use super::sql::{ROWS_A_STATEMENT, list, quoted, values};
use crate::directory::names::{NamedSpan, Span};
use crate::directory::{Directory, Resolved};
use crate::error::{Result, StoreError, failed};
use crate::rows::ViewerRows;
use crate::values::Columns;

/// Names come as one text with commas between them, this many at a time (some 50 kB): each row of its own would pass
/// between two threads. A day of a million people is imported in half the time.
const PAGE_ROWS: i64 = 2_000;

/// The day and the key of a name come as one number, day << 28 | key, and nothing is said of an end that there is not:
/// SQLite makes such a text in half the time of one of four words.
const KEY_MASK: i64 = (1 << PersonKey::BITS) - 1;
const _: () = assert!(PersonKey::BITS == 28);

/// The statements on the two tables of a kind of names.
pub(super) trait Tables: Send {
    const THINGS: &'static str;
    const NEXT_KEY: &'static str;
    const SET_NEXT_KEY: &'static str;
    const EACH_ID: &'static str;
    const PAGE_OF_SPANS: &'static str;
    const IDS: &'static str;
    const SPANS: &'static str;
    const SPANS_OF: &'static str;
    const INSERT: &'static str;
    const INSERT_FRESH: &'static str;
    const INSERT_ACCOUNTS: &'static str;
    const INSERT_FRESH_SPANS: &'static str;
    const LINK: &'static str;
    const NAME: &'static str;
    const INSERT_SPANS: &'static str;
    const DELETE_SPAN: &'static str;
}

/// Two tables of names differ in nothing but their own names, which a statement cannot take as parameters.
macro_rules! tables {
    ($(#[$doc:meta])* $kind:ident, $things:literal, $holder:literal, $span:literal) => {
        $(#[$doc])*
        #[derive(Debug)]
        pub(super) enum $kind {}
        impl Tables for $kind {
            const THINGS: &'static str = $things;
            const NEXT_KEY: &'static str = concat!("SELECT ifnull((SELECT key FROM next_key WHERE kind = '", $holder, "'), 0)");
            const SET_NEXT_KEY: &'static str = concat!("INSERT OR REPLACE INTO next_key (kind, key) VALUES ('", $holder, "', ?)");
            const EACH_ID: &'static str = concat!("SELECT twitch_id, key FROM ", $holder, " WHERE twitch_id IS NOT NULL ORDER BY twitch_id");
            const PAGE_OF_SPANS: &'static str = concat!(
                "SELECT group_concat(line) FROM (SELECT CASE WHEN until_day IS NULL THEN login || ' ' || (from_day << 28 | key) \
                 ELSE login || ' ' || (from_day << 28 | key) || ' ' || until_day END AS line FROM ",
                $span,
                " WHERE (login, from_day, key) > (?, ?, ?) ORDER BY login, from_day, key LIMIT ?)"
            );
            const IDS: &'static str = concat!("SELECT key, twitch_id FROM ", $holder, " WHERE twitch_id IS NOT NULL AND key IN (SELECT value FROM json_each(?))");
            const SPANS: &'static str = concat!(
                "SELECT login, from_day, until_day, key FROM ", $span, " WHERE key IN (SELECT value FROM json_each(?1)) AND until_day IS NOT NULL \
                 UNION ALL SELECT s.login, s.from_day, s.until_day, s.key FROM ", $holder, " h JOIN ", $span, " s \
                 ON s.login = h.login AND s.key = h.key AND s.until_day IS NULL WHERE h.key IN (SELECT value FROM json_each(?1))"
            );
            const SPANS_OF: &'static str = concat!("SELECT login, from_day, until_day, key FROM ", $span, " WHERE login IN (SELECT value FROM json_each(?))");
            const INSERT: &'static str = concat!("INSERT INTO ", $holder, " (key, twitch_id) VALUES ");
            const INSERT_FRESH: &'static str = concat!("INSERT INTO ", $holder, " (key, login) SELECT ?1 + key, value FROM json_each(?2)");
            const INSERT_ACCOUNTS: &'static str = concat!(
                "INSERT INTO ", $holder, " (key, login, twitch_id) SELECT ?1 + key, json_extract(value, '$[0]'), json_extract(value, '$[1]') \
                 FROM json_each(?2)"
            );
            const INSERT_FRESH_SPANS: &'static str = concat!("INSERT INTO ", $span, " (login, from_day, key) SELECT value, ?3, ?1 + key FROM json_each(?2)");
            const LINK: &'static str = concat!("UPDATE ", $holder, " SET twitch_id = ? WHERE key = ?");
            const NAME: &'static str = concat!("UPDATE ", $holder, " SET login = ? WHERE key = ?");
            const INSERT_SPANS: &'static str = concat!("INSERT INTO ", $span, " (login, from_day, until_day, key) VALUES ");
            const DELETE_SPAN: &'static str = concat!("DELETE FROM ", $span, " WHERE login = ? AND from_day = ? AND key = ?");
        }
    };
}

tables!(
    /// People.
    People, "people", "person", "login_span"
);
tables!(
    /// Channels.
    Channels, "channels", "channel", "channel_span"
);

/// The names of one kind, read through a connection.
pub(super) struct SqliteDirectory<'a, T> {
    connection: &'a mut SqliteConnection,
    place: &'a str,
    tables: PhantomData<T>,
}

impl<'a, T: Tables> SqliteDirectory<'a, T> {
    pub(super) fn new(connection: &'a mut SqliteConnection, place: &'a str) -> SqliteDirectory<'a, T> {
        SqliteDirectory { connection, place, tables: PhantomData }
    }
}

impl<T: Tables> Directory for SqliteDirectory<'_, T> {
    const THINGS: &'static str = T::THINGS;

    async fn next_key(&mut self) -> Result<u32> {
        let next: i64 = sqlx::query_scalar(T::NEXT_KEY)
            .fetch_one(&mut *self.connection)
            .await
            .map_err(failed("read the names", self.place))?;
        Columns { place: self.place }.number("key", next)
    }

    async fn each_id(&mut self, mut each: impl FnMut(TwitchId, u32) + Send) -> Result<()> {
        let columns = Columns { place: self.place };
        let failed = failed("read the names", self.place);
        let mut rows = sqlx::query(T::EACH_ID).fetch(&mut *self.connection);
        while let Some(row) = rows.try_next().await.map_err(&failed)? {
            let id = columns.id(row.try_get(0).map_err(&failed)?)?;
            each(id, columns.number("key", row.try_get::<i64, _>(1).map_err(&failed)?)?);
        }
        Ok(())
    }

    async fn each_span(&mut self, mut each: impl FnMut(&str, Span) + Send) -> Result<()> {
        let columns = Columns { place: self.place };
        let failed = failed("read the names", self.place);
        // All pages as of one moment.
        let mut tx = self.connection.begin().await.map_err(&failed)?;
        let mut before = (String::new(), 0, 0);
        let mut page = page_of_spans::<T>(&mut tx, &before).await.map_err(&failed)?;
        while let Some(names) = page {
            let end = columns.expect("order of logins", names.split(',').next_back().and_then(parse_span))?;
            let end = (end.0.to_owned(), end.1.from, end.1.key);
            let tell = async {
                let mut before = (before.0.as_str(), before.1, before.2);
                for name in names.split(',') {
                    // SQLite keeps the order of the inner query without promising it, and sorting again costs half as
                    // much as the whole: so it is looked at.
                    let after = |(login, span): &(&str, Span)| before < (login, span.from, span.key);
                    let (login, span) = columns.expect("order of logins", parse_span(name).filter(after))?;
                    each(login, span);
                    before = (login, span.from, span.key);
                }
                Ok::<_, StoreError>(())
            };
            // Asked for first: SQLite's thread makes the next page while this one is told.
            let (next, told) = futures::join!(page_of_spans::<T>(&mut tx, &end), tell);
            told?;
            page = next.map_err(&failed)?;
            before = end;
        }
        Ok(())
    }

    async fn ids(&mut self, keys: &[u32]) -> Result<Vec<(u32, TwitchId)>> {
        let columns = Columns { place: self.place };
        let rows: Vec<(i64, i64)> = sqlx::query_as(T::IDS)
            .bind(list(keys))
            .fetch_all(&mut *self.connection)
            .await
            .map_err(failed("read the names", self.place))?;
        rows.into_iter().map(|(key, id)| Ok((columns.number("key", key)?, columns.id(id)?))).collect()
    }

    async fn spans(&mut self, keys: &[u32]) -> Result<Vec<NamedSpan>> {
        self.found_spans(T::SPANS, list(keys)).await
    }

    async fn spans_of(&mut self, logins: &[Login]) -> Result<Vec<NamedSpan>> {
        self.found_spans(T::SPANS_OF, quoted(logins.iter().map(Login::as_str))).await
    }
}

impl<T: Tables> SqliteDirectory<'_, T> {
    async fn found_spans(&mut self, sql: &'static str, sought: String) -> Result<Vec<NamedSpan>> {
        let columns = Columns { place: self.place };
        let rows: Vec<(String, i32, Option<i32>, i64)> = sqlx::query_as(sql)
            .bind(sought)
            .fetch_all(&mut *self.connection)
            .await
            .map_err(failed("read the names", self.place))?;
        rows.into_iter()
            .map(|(login, from, until, key)| {
                Ok(NamedSpan {
                    login: columns.login(&login)?,
                    span: Span { from, until, key: columns.number("key", key)? },
                })
            })
            .collect()
    }
}

/// The spans after one of them, as one text; nothing after the last.
async fn page_of_spans<T: Tables>(
    connection: &mut SqliteConnection,
    (login, from, key): &(String, i32, u32),
) -> sqlx::Result<Option<String>> {
    let query = sqlx::query_scalar(T::PAGE_OF_SPANS).bind(login).bind(from).bind(key).bind(PAGE_ROWS);
    query.fetch_one(connection).await
}

/// `login number`, or `login number until_day` where the login is not held now.
fn parse_span(text: &str) -> Option<(&str, Span)> {
    let (login, rest) = text.split_once(' ')?;
    let (number, until) = match rest.split_once(' ') {
        Some((number, until)) => (number, Some(until.parse().ok()?)),
        None => (rest, None),
    };
    let number: i64 = number.parse().ok()?;
    let from = i32::try_from(number >> PersonKey::BITS).ok()?;
    Some((login, Span { from, until, key: (number & KEY_MASK) as u32 }))
}

/// Logins as one parameter, a JSON list: a parameter of its own for each would take longer than their insertion.
const LOGINS_A_STATEMENT: usize = 20_000;

/// Writes what must hold before the keys of a day's rows do.
pub(super) async fn write<T: Tables>(
    tx: &mut Transaction<'_, Sqlite>,
    place: &str,
    day: i32,
    rows: &mut ViewerRows,
    resolved: &Resolved,
) -> Result<()> {
    let failed = failed("write the names", place);
    let changes = &resolved.changes;
    for NamedSpan { login, span } in &changes.removed {
        let delete = sqlx::query(T::DELETE_SPAN).bind(login.as_str()).bind(span.from).bind(span.key);
        delete.execute(&mut **tx).await.map_err(&failed)?;
    }
    if resolved.created() > 0 {
        sqlx::query(T::SET_NEXT_KEY).bind(resolved.next_key).execute(&mut **tx).await.map_err(&failed)?;
    }
    write_fresh::<T>(tx, place, day, rows, resolved).await?;
    for created in changes.created.chunks(ROWS_A_STATEMENT) {
        let mut insert = sqlx::query(AssertSqlSafe(T::INSERT.to_owned() + &values(created.len(), 2)));
        for (key, id) in created {
            insert = insert.bind(*key).bind(id.map(|id| id.get() as i64));
        }
        insert.execute(&mut **tx).await.map_err(&failed)?;
    }
    for (key, id) in &changes.linked {
        sqlx::query(T::LINK).bind(id.get() as i64).bind(*key).execute(&mut **tx).await.map_err(&failed)?;
    }
    for added in changes.added.chunks(ROWS_A_STATEMENT) {
        let mut insert = sqlx::query(AssertSqlSafe(T::INSERT_SPANS.to_owned() + &values(added.len(), 4)));
        for NamedSpan { login, span } in added {
            insert = insert.bind(login.as_str()).bind(span.from).bind(span.until).bind(span.key);
        }
        insert.execute(&mut **tx).await.map_err(&failed)?;
    }
    for (key, login) in &changes.named {
        sqlx::query(T::NAME).bind(login.as_str()).bind(*key).execute(&mut **tx).await.map_err(&failed)?;
    }
    Ok(())
}

/// Inserts those never seen before, some thousand a statement.
async fn write_fresh<T: Tables>(
    tx: &mut Transaction<'_, Sqlite>,
    place: &str,
    day: i32,
    rows: &mut ViewerRows,
    resolved: &Resolved,
) -> Result<()> {
    if resolved.fresh.is_empty() {
        return Ok(());
    }
    let failed = failed("write the names", place);
    let with_ids = rows.ids() > 0;
    let (mut logins, mut accounts) = (String::new(), String::new());
    let mut first = resolved.fresh.start;
    let mut reader = rows.read().map_err(StoreError::Rows)?;
    for key in &resolved.keys {
        let Some(row) = reader.next().map_err(StoreError::Rows)? else { break };
        if !resolved.fresh.contains(key) {
            continue;
        }
        let before = if logins.is_empty() { '[' } else { ',' };
        // Writing to a String cannot fail. Logins have nothing that JSON would escape.
        let _ = write!(logins, "{before}\"{}\"", row.login);
        if with_ids {
            let _ = match row.id {
                Some(id) => write!(accounts, "{before}[\"{}\",{id}]", row.login),
                None => write!(accounts, "{before}[\"{}\",null]", row.login),
            };
        }
        if (*key - first) as usize + 1 < LOGINS_A_STATEMENT && *key + 1 < resolved.fresh.end {
            continue;
        }
        logins.push(']');
        accounts.push(']');
        let (sql, list) = if with_ids { (T::INSERT_ACCOUNTS, &accounts) } else { (T::INSERT_FRESH, &logins) };
        sqlx::query(sql).bind(first).bind(list).execute(&mut **tx).await.map_err(&failed)?;
        let spans = sqlx::query(T::INSERT_FRESH_SPANS).bind(first).bind(&logins).bind(day);
        spans.execute(&mut **tx).await.map_err(&failed)?;
        logins.clear();
        accounts.clear();
        first = *key + 1;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_read_from_their_text() {
        let text = |from: i64, key: i64| format!("_ada {}", from << 28 | key);
        let span = |from, until, key| Some(("_ada", Span { from, key, until }));
        assert_eq!(parse_span(&text(20_000, 7)), span(20_000, None, 7));
        assert_eq!(parse_span(&(text(20_000, KEY_MASK) + " 20001")), span(20_000, Some(20_001), KEY_MASK as u32));
        assert_eq!(parse_span(&text(-3, 0)), span(-3, None, 0));
        for broken in ["", "_ada", "_ada x", "_ada 7 x", "_ada 9223372036854775807"] {
            assert_eq!(parse_span(broken), None, "{broken}");
        }
    }
}
