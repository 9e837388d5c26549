//! The names in the database.

use std::marker::PhantomData;

use futures::TryStreamExt;
use model::identity::TwitchId;
use model::login::Login;
use sqlx::{PgConnection, Row};

use super::copy::Copy;
use crate::directory::names::{NamedSpan, Span};
use crate::directory::{Directory, Resolved};
use crate::error::{Result, StoreError, failed};
use crate::rows::ViewerRows;
use crate::values::Columns;

/// The statements on the two tables of a kind of names.
pub(super) trait Tables: Send {
    const THINGS: &'static str;
    const NEXT_KEY: &'static str;
    const SET_NEXT_KEY: &'static str;
    const EACH_ID: &'static str;
    const EACH_SPAN: &'static str;
    const IDS: &'static str;
    const SPANS: &'static str;
    const SPANS_OF: &'static str;
    const COPY: &'static str;
    const COPY_SPANS: &'static str;
    const LINK: &'static str;
    const NAME: &'static str;
    const DELETE_SPANS: &'static str;
}

/// Two tables of names differ in nothing but their own names, which a statement cannot take as parameters.
macro_rules! tables {
    ($(#[$doc:meta])* $kind:ident, $things:literal, $holder:literal, $span:literal) => {
        $(#[$doc])*
        #[derive(Debug)]
        pub(super) enum $kind {}
        impl Tables for $kind {
            const THINGS: &'static str = $things;
            const NEXT_KEY: &'static str =
                concat!("SELECT coalesce((SELECT key FROM next_key WHERE kind = '", $holder, "'), 0)");
            const SET_NEXT_KEY: &'static str = concat!(
                "INSERT INTO next_key (kind, key) VALUES ('", $holder, "', $1) ON CONFLICT (kind) DO UPDATE SET key = excluded.key"
            );
            const EACH_ID: &'static str =
                concat!("SELECT twitch_id, key FROM ", $holder, " WHERE twitch_id IS NOT NULL ORDER BY twitch_id");
            const EACH_SPAN: &'static str =
                concat!("SELECT login, from_day, until_day, key FROM ", $span, " ORDER BY login, from_day, key");
            const IDS: &'static str =
                concat!("SELECT key, twitch_id FROM ", $holder, " WHERE twitch_id IS NOT NULL AND key = ANY($1)");
            const SPANS: &'static str = concat!(
                "SELECT login, from_day, until_day, key FROM ", $span, " WHERE key = ANY($1) AND until_day IS NOT NULL \
                 UNION ALL SELECT s.login, s.from_day, s.until_day, s.key FROM ", $holder, " h JOIN ", $span, " s \
                 ON s.login = h.login AND s.key = h.key AND s.until_day IS NULL WHERE h.key = ANY($1)"
            );
            const SPANS_OF: &'static str =
                concat!("SELECT login, from_day, until_day, key FROM ", $span, " WHERE login = ANY($1)");
            const COPY: &'static str = concat!("COPY ", $holder, " (key, login, twitch_id) FROM STDIN (FORMAT binary)");
            const COPY_SPANS: &'static str =
                concat!("COPY ", $span, " (login, from_day, until_day, key) FROM STDIN (FORMAT binary)");
            const LINK: &'static str = concat!(
                "UPDATE ", $holder, " h SET twitch_id = t.id FROM unnest($1::int4[], $2::int8[]) t (key, id) WHERE h.key = t.key"
            );
            const NAME: &'static str = concat!(
                "UPDATE ", $holder, " h SET login = t.login FROM unnest($1::int4[], $2::text[]) t (key, login) WHERE h.key = t.key"
            );
            const DELETE_SPANS: &'static str = concat!(
                "DELETE FROM ", $span, " s USING unnest($1::text[], $2::int4[], $3::int4[]) t (login, from_day, key) \
                 WHERE s.login = t.login AND s.from_day = t.from_day AND s.key = t.key"
            );
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
pub(super) struct PostgresDirectory<'a, T> {
    connection: &'a mut PgConnection,
    place: &'a str,
    tables: PhantomData<T>,
}

impl<'a, T: Tables> PostgresDirectory<'a, T> {
    pub(super) fn new(connection: &'a mut PgConnection, place: &'a str) -> PostgresDirectory<'a, T> {
        PostgresDirectory { connection, place, tables: PhantomData }
    }
}

impl<T: Tables> Directory for PostgresDirectory<'_, T> {
    const THINGS: &'static str = T::THINGS;

    async fn next_key(&mut self) -> Result<u32> {
        let next: i32 = sqlx::query_scalar(T::NEXT_KEY)
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
            each(id, columns.number("key", row.try_get::<i32, _>(1).map_err(&failed)?)?);
        }
        Ok(())
    }

    async fn each_span(&mut self, mut each: impl FnMut(&str, Span) + Send) -> Result<()> {
        let columns = Columns { place: self.place };
        let failed = failed("read the names", self.place);
        let mut rows = sqlx::query(T::EACH_SPAN).fetch(&mut *self.connection);
        while let Some(row) = rows.try_next().await.map_err(&failed)? {
            let span = Span {
                from: row.try_get(1).map_err(&failed)?,
                until: row.try_get(2).map_err(&failed)?,
                key: columns.number("key", row.try_get::<i32, _>(3).map_err(&failed)?)?,
            };
            each(row.try_get(0).map_err(&failed)?, span);
        }
        Ok(())
    }

    async fn ids(&mut self, keys: &[u32]) -> Result<Vec<(u32, TwitchId)>> {
        let columns = Columns { place: self.place };
        let rows: Vec<(i32, i64)> = sqlx::query_as(T::IDS)
            .bind(int4s(keys))
            .fetch_all(&mut *self.connection)
            .await
            .map_err(failed("read the names", self.place))?;
        rows.into_iter().map(|(key, id)| Ok((columns.number("key", key)?, columns.id(id)?))).collect()
    }

    async fn spans(&mut self, keys: &[u32]) -> Result<Vec<NamedSpan>> {
        let found = sqlx::query_as(T::SPANS).bind(int4s(keys)).fetch_all(&mut *self.connection).await;
        self.to_spans(found)
    }

    async fn spans_of(&mut self, logins: &[Login]) -> Result<Vec<NamedSpan>> {
        let logins: Vec<&str> = logins.iter().map(Login::as_str).collect();
        let found = sqlx::query_as(T::SPANS_OF).bind(logins).fetch_all(&mut *self.connection).await;
        self.to_spans(found)
    }
}

type SpanRow = (String, i32, Option<i32>, i32);

impl<T: Tables> PostgresDirectory<'_, T> {
    fn to_spans(&self, found: sqlx::Result<Vec<SpanRow>>) -> Result<Vec<NamedSpan>> {
        let columns = Columns { place: self.place };
        let rows = found.map_err(failed("read the names", self.place))?;
        let span = |(login, from, until, key): SpanRow| {
            let span = Span { from, until, key: columns.number("key", key)? };
            Ok(NamedSpan { login: columns.login(&login)?, span })
        };
        rows.into_iter().map(span).collect()
    }
}

/// Keys have 28 bits.
pub(super) fn int4s(keys: impl IntoIterator<Item = impl std::borrow::Borrow<u32>>) -> Vec<i32> {
    keys.into_iter().map(|key| *key.borrow() as i32).collect()
}

/// Writes what must hold before the keys of a day's rows do.
pub(super) async fn write<T: Tables>(
    connection: &mut PgConnection,
    place: &str,
    day: i32,
    rows: &mut ViewerRows,
    resolved: &Resolved,
) -> Result<()> {
    let failed = failed("write the names", place);
    let changes = &resolved.changes;
    if !changes.removed.is_empty() {
        let (logins, spans): (Vec<&str>, Vec<Span>) =
            changes.removed.iter().map(|named| (named.login.as_str(), named.span)).unzip();
        let delete =
            sqlx::query(T::DELETE_SPANS).bind(logins).bind(spans.iter().map(|span| span.from).collect::<Vec<_>>());
        delete.bind(int4s(spans.iter().map(|span| span.key))).execute(&mut *connection).await.map_err(&failed)?;
    }
    if resolved.created() > 0 {
        let set = sqlx::query(T::SET_NEXT_KEY).bind(resolved.next_key as i32);
        set.execute(&mut *connection).await.map_err(&failed)?;
    }
    write_fresh::<T>(connection, place, day, rows, resolved).await?;
    if !changes.created.is_empty() {
        let mut copy = Copy::begin(connection, T::COPY, 3).await.map_err(&failed)?;
        for (key, id) in &changes.created {
            let mut row = copy.row();
            row.int4(*key as i32);
            row.null();
            row.id(*id);
            copy.flush_full().await.map_err(&failed)?;
        }
        copy.finish().await.map_err(&failed)?;
    }
    if !changes.linked.is_empty() {
        let (keys, ids): (Vec<u32>, Vec<i64>) = changes.linked.iter().map(|(key, id)| (*key, id.get() as i64)).unzip();
        sqlx::query(T::LINK).bind(int4s(keys)).bind(ids).execute(&mut *connection).await.map_err(&failed)?;
    }
    if !changes.added.is_empty() {
        let mut copy = Copy::begin(connection, T::COPY_SPANS, 4).await.map_err(&failed)?;
        for NamedSpan { login, span } in &changes.added {
            let mut row = copy.row();
            row.bytes(login.as_str().as_bytes());
            row.int4(span.from);
            match span.until {
                Some(until) => row.int4(until),
                None => row.null(),
            }
            row.int4(span.key as i32);
            copy.flush_full().await.map_err(&failed)?;
        }
        copy.finish().await.map_err(&failed)?;
    }
    if !changes.named.is_empty() {
        let (keys, logins): (Vec<u32>, Vec<&str>) =
            changes.named.iter().map(|(key, login)| (*key, login.as_str())).unzip();
        sqlx::query(T::NAME).bind(int4s(keys)).bind(logins).execute(connection).await.map_err(&failed)?;
    }
    Ok(())
}

/// Copies in those never seen before: into the one table, then into the other.
async fn write_fresh<T: Tables>(
    connection: &mut PgConnection,
    place: &str,
    day: i32,
    rows: &mut ViewerRows,
    resolved: &Resolved,
) -> Result<()> {
    if resolved.fresh.is_empty() {
        return Ok(());
    }
    let failed = failed("write the names", place);
    for (statement, fields) in [(T::COPY, 3), (T::COPY_SPANS, 4)] {
        let mut copy = Copy::begin(connection, statement, fields).await.map_err(&failed)?;
        let mut reader = rows.read().map_err(StoreError::Rows)?;
        for key in &resolved.keys {
            let Some(who) = reader.next().map_err(StoreError::Rows)? else { break };
            if !resolved.fresh.contains(key) {
                continue;
            }
            let mut row = copy.row();
            if fields == 3 {
                row.int4(*key as i32);
                row.bytes(who.login.as_bytes());
                row.id(who.id);
            } else {
                row.bytes(who.login.as_bytes());
                row.int4(day);
                row.null();
                row.int4(*key as i32);
            }
            copy.flush_full().await.map_err(&failed)?;
        }
        copy.finish().await.map_err(&failed)?;
    }
    Ok(())
}
