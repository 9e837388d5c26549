//! The names in the database.

use std::marker::PhantomData;

use futures::TryStreamExt;
use model::identity::TwitchId;
use sqlx::{PgConnection, Row};

use crate::directory::names::{NamedSpan, Span};
use crate::directory::{Directory, Resolved, Seen};
use crate::error::{Result, failed};
use crate::values::Columns;

/// The statements on the two tables of a kind of names.
pub(super) trait Tables: Send {
    const THINGS: &'static str;
    const NEXT_KEY: &'static str;
    const EACH_ID: &'static str;
    const EACH_SPAN: &'static str;
    const IDS: &'static str;
    const SPANS: &'static str;
    const INSERT: &'static str;
    const LINK: &'static str;
    const INSERT_SPANS: &'static str;
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
            const NEXT_KEY: &'static str = concat!("SELECT coalesce(max(key) + 1, 0) FROM ", $holder);
            const EACH_ID: &'static str =
                concat!("SELECT twitch_id, key FROM ", $holder, " WHERE twitch_id IS NOT NULL ORDER BY twitch_id");
            const EACH_SPAN: &'static str =
                concat!("SELECT login, from_day, until_day, key FROM ", $span, " ORDER BY login, from_day, key");
            const IDS: &'static str =
                concat!("SELECT key, twitch_id FROM ", $holder, " WHERE twitch_id IS NOT NULL AND key = ANY($1)");
            const SPANS: &'static str = concat!("SELECT login, from_day, until_day, key FROM ", $span, " WHERE key = ANY($1)");
            const INSERT: &'static str =
                concat!("INSERT INTO ", $holder, " (key, twitch_id) SELECT * FROM unnest($1::int4[], $2::int8[])");
            const LINK: &'static str = concat!(
                "UPDATE ", $holder, " h SET twitch_id = t.id FROM unnest($1::int4[], $2::int8[]) t (key, id) WHERE h.key = t.key"
            );
            const INSERT_SPANS: &'static str = concat!(
                "INSERT INTO ", $span, " (login, from_day, until_day, key) SELECT * FROM unnest($1::text[], $2::int4[], $3::int4[], $4::int4[])"
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
        let columns = Columns { place: self.place };
        let rows: Vec<(String, i32, Option<i32>, i32)> = sqlx::query_as(T::SPANS)
            .bind(int4s(keys))
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

/// Keys have 28 bits.
pub(super) fn int4s(keys: impl IntoIterator<Item = impl std::borrow::Borrow<u32>>) -> Vec<i32> {
    keys.into_iter().map(|key| *key.borrow() as i32).collect()
}

/// Writes what must hold before the keys of a day's rows do.
pub(super) async fn write<T: Tables>(
    connection: &mut PgConnection,
    place: &str,
    day: i32,
    seen: &[Seen<'_>],
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
    if !changes.linked.is_empty() {
        let (keys, ids): (Vec<u32>, Vec<i64>) = changes.linked.iter().map(|(key, id)| (*key, id.get() as i64)).unzip();
        sqlx::query(T::LINK).bind(int4s(keys)).bind(ids).execute(&mut *connection).await.map_err(&failed)?;
    }
    let fresh = resolved.fresh.iter().map(|(row, key)| (*key, seen[*row].id));
    let created = fresh.chain(changes.created.iter().copied()).map(|(key, id)| (key, id.map(|id| id.get() as i64)));
    let (keys, ids): (Vec<u32>, Vec<Option<i64>>) = created.unzip();
    if !keys.is_empty() {
        sqlx::query(T::INSERT).bind(int4s(keys)).bind(ids).execute(&mut *connection).await.map_err(&failed)?;
    }
    let fresh = resolved.fresh.iter().map(|(row, key)| (seen[*row].login, Span { from: day, until: None, key: *key }));
    let added = changes.added.iter().map(|added| (added.login.as_str(), added.span));
    let (logins, spans): (Vec<&str>, Vec<Span>) = fresh.chain(added).unzip();
    if !logins.is_empty() {
        sqlx::query(T::INSERT_SPANS)
            .bind(logins)
            .bind(spans.iter().map(|span| span.from).collect::<Vec<_>>())
            .bind(spans.iter().map(|span| span.until).collect::<Vec<_>>())
            .bind(int4s(spans.iter().map(|span| span.key)))
            .execute(connection)
            .await
            .map_err(&failed)?;
    }
    Ok(())
}
