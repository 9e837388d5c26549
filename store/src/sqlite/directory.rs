//! The names in `main.db`.

use std::marker::PhantomData;

use futures::TryStreamExt;
use model::identity::TwitchId;
use sqlx::{AssertSqlSafe, Connection, Row, Sqlite, SqliteConnection, Transaction};

use super::sql::{ROWS_A_STATEMENT, list, values};
use crate::directory::names::{NamedSpan, Span};
use crate::directory::{Directory, Resolved, Seen};
use crate::error::{Result, failed};
use crate::values::Columns;

/// Names come as lines of one text, this many at a time (some 50 kB): each row of its own would pass between two
/// threads. A day of a million people is imported in half the time.
const PAGE_ROWS: i64 = 2_000;

/// The statements on the two tables of a kind of names.
pub(super) trait Tables: Send {
    const THINGS: &'static str;
    const NEXT_KEY: &'static str;
    const EACH_ID: &'static str;
    const PAGE_OF_SPANS: &'static str;
    const IDS: &'static str;
    const SPANS: &'static str;
    const INSERT: &'static str;
    const LINK: &'static str;
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
            const NEXT_KEY: &'static str = concat!("SELECT ifnull(max(key) + 1, 0) FROM ", $holder);
            const EACH_ID: &'static str = concat!("SELECT twitch_id, key FROM ", $holder, " WHERE twitch_id IS NOT NULL ORDER BY twitch_id");
            const PAGE_OF_SPANS: &'static str = concat!(
                "SELECT group_concat(line, char(10)) FROM (SELECT login || ' ' || key || ' ' || from_day || ' ' || \
                 ifnull(until_day, '') AS line FROM ",
                $span,
                " WHERE (login, from_day, key) > (?, ?, ?) ORDER BY login, from_day, key LIMIT ?)"
            );
            const IDS: &'static str = concat!("SELECT key, twitch_id FROM ", $holder, " WHERE twitch_id IS NOT NULL AND key IN (SELECT value FROM json_each(?))");
            const SPANS: &'static str = concat!("SELECT login, from_day, until_day, key FROM ", $span, " WHERE key IN (SELECT value FROM json_each(?))");
            const INSERT: &'static str = concat!("INSERT INTO ", $holder, " (key, twitch_id) VALUES ");
            const LINK: &'static str = concat!("UPDATE ", $holder, " SET twitch_id = ? WHERE key = ?");
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
        let mut last = (String::new(), 0, 0);
        loop {
            let query = sqlx::query_scalar(T::PAGE_OF_SPANS).bind(&last.0).bind(last.1).bind(last.2).bind(PAGE_ROWS);
            let page: Option<String> = query.fetch_one(&mut *tx).await.map_err(&failed)?;
            let Some(page) = page else { return Ok(()) };
            let mut before = (last.0.as_str(), last.1, last.2);
            for line in page.lines() {
                // SQLite keeps the order of the inner query without promising it, and sorting again costs half as much
                // as the whole: so it is looked at.
                let after = |(login, span): &(&str, Span)| before < (login, span.from, span.key);
                let (login, span) = columns.expect("order of logins", parse_span(line).filter(after))?;
                each(login, span);
                before = (login, span.from, span.key);
            }
            last = (before.0.to_owned(), before.1, before.2);
        }
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
        let columns = Columns { place: self.place };
        let rows: Vec<(String, i32, Option<i32>, i64)> = sqlx::query_as(T::SPANS)
            .bind(list(keys))
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

/// `login key from_day until_day`, the last one empty while the login is held.
fn parse_span(line: &str) -> Option<(&str, Span)> {
    let mut words = line.split(' ');
    let (login, key, from, until) = (words.next()?, words.next()?, words.next()?, words.next()?);
    let until = if until.is_empty() { None } else { Some(until.parse().ok()?) };
    Some((login, Span { from: from.parse().ok()?, key: key.parse().ok()?, until }))
}

/// Writes what must hold before the keys of a day's rows do.
pub(super) async fn write<T: Tables>(
    tx: &mut Transaction<'_, Sqlite>,
    place: &str,
    day: i32,
    seen: &[Seen<'_>],
    resolved: &Resolved,
) -> Result<()> {
    let failed = failed("write the names", place);
    let changes = &resolved.changes;
    for NamedSpan { login, span } in &changes.removed {
        let delete = sqlx::query(T::DELETE_SPAN).bind(login.as_str()).bind(span.from).bind(span.key);
        delete.execute(&mut **tx).await.map_err(&failed)?;
    }
    for (key, id) in &changes.linked {
        sqlx::query(T::LINK).bind(id.get() as i64).bind(*key).execute(&mut **tx).await.map_err(&failed)?;
    }
    let fresh = resolved.fresh.iter().map(|(row, key)| (*key, seen[*row].id));
    let created: Vec<(u32, Option<TwitchId>)> = fresh.chain(changes.created.iter().copied()).collect();
    for rows in created.chunks(ROWS_A_STATEMENT) {
        let mut insert = sqlx::query(AssertSqlSafe(T::INSERT.to_owned() + &values(rows.len(), 2)));
        for (key, id) in rows {
            insert = insert.bind(*key).bind(id.map(|id| id.get() as i64));
        }
        insert.execute(&mut **tx).await.map_err(&failed)?;
    }
    let fresh = resolved.fresh.iter().map(|(row, key)| (seen[*row].login, Span { from: day, until: None, key: *key }));
    let added = changes.added.iter().map(|added| (added.login.as_str(), added.span));
    let spans: Vec<(&str, Span)> = fresh.chain(added).collect();
    for rows in spans.chunks(ROWS_A_STATEMENT) {
        let mut insert = sqlx::query(AssertSqlSafe(T::INSERT_SPANS.to_owned() + &values(rows.len(), 4)));
        for (login, span) in rows {
            insert = insert.bind(*login).bind(span.from).bind(span.until).bind(span.key);
        }
        insert.execute(&mut **tx).await.map_err(&failed)?;
    }
    Ok(())
}
