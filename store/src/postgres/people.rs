//! Reading people.

use std::collections::HashMap;

use futures::TryStreamExt;
use model::day::Day;
use model::hours::ViewerHours;
use model::identity::{ChannelKey, PersonKey};
use model::login::Login;
use model::presence::ViewerDay;
use model::words::Tier;
use sqlx::{PgConnection, Row};

use super::PostgresStore;
use super::directory::{Channels, People, PostgresDirectory, int4s};
use super::months::tier_of;
use crate::access::Holder;
use crate::block::{PAGE_BLOCKS, entries, find};
use crate::directory::Directory;
use crate::directory::names::NamedSpan;
use crate::dump::{DayPage, Keys, ViewerOfDay, keys_of, logins_on, page_of};
use crate::error::{Result, StoreError, failed};
use crate::jobs::Account;
use crate::month::{self, PAGE_MONTHS};
use crate::values::Columns;

/// Of each day of an open month the block that may hold a person (the last one that does not begin after them), and the
/// person's rows of closed months: in one statement, so that a month closed meanwhile is there once.
const DAYS_OF_PERSON: &str = "SELECT d.day, t.first, t.b FROM day d CROSS JOIN LATERAL \
     (SELECT first, b FROM block WHERE block.day = d.day AND first <= $1 ORDER BY first DESC LIMIT 1) t \
     WHERE d.day >= $2 AND d.day < $3 \
     AND NOT EXISTS (SELECT 1 FROM closed_month c WHERE d.day >= c.month AND d.day < c.until_day) \
     UNION ALL SELECT m.month, NULL, m.b FROM viewer_month m JOIN closed_month c USING (month) \
     WHERE m.v = $1 AND c.until_day > $2 AND c.month < $3 AND c.tier = $4 ORDER BY 1";

impl PostgresStore {
    /// Who holds the login now and has not opted out; one statement whatever the answer.
    pub(crate) async fn holder(&self, login: &Login) -> Result<Option<Holder>> {
        let sql = "SELECT s.key, p.twitch_id FROM login_span s JOIN person p ON p.key = s.key \
             WHERE s.login = $1 AND s.until_day IS NULL \
             AND NOT EXISTS (SELECT 1 FROM opted_out o WHERE o.kind = 'person' AND o.key = p.key)";
        let row: Option<(i32, Option<i64>)> = sqlx::query_as(sql)
            .bind(login.as_str())
            .fetch_optional(&self.pool)
            .await
            .map_err(failed("look up a login", &self.place))?;
        let columns = Columns { place: &self.place };
        row.map(|(key, id)| {
            Ok(Holder { person: PersonKey(columns.number("key", key)?), id: id.map(|id| columns.id(id)).transpose()? })
        })
        .transpose()
    }

    /// See [`crate::Store::accounts`].
    pub(super) async fn accounts_of(&self, share: u16, shares: u16) -> Result<Vec<Account>> {
        let sql = "SELECT p.twitch_id, p.login, s.key IS NOT NULL FROM person p LEFT JOIN login_span s \
             ON s.login = p.login AND s.key = p.key AND s.until_day IS NULL WHERE p.twitch_id % $2 = $1 AND p.login IS NOT NULL \
             AND NOT EXISTS (SELECT 1 FROM opted_out o WHERE o.kind = 'person' AND o.key = p.key)";
        let query = sqlx::query_as(sql).bind(i64::from(share)).bind(i64::from(shares.max(1)));
        let rows: Vec<(i64, String, bool)> =
            query.fetch_all(&self.pool).await.map_err(failed("read the names", &self.place))?;
        let columns = Columns { place: &self.place };
        let account = |(id, login, is_held): (i64, String, bool)| {
            Ok(Account { id: columns.id(id)?, login: columns.login(&login)?, is_held })
        };
        rows.into_iter().map(account).collect()
    }

    /// See [`crate::Store::viewer_hours`].
    pub(super) async fn hours_of(&self, person: PersonKey, from: Day, until: Day) -> Result<Vec<(Day, ViewerHours)>> {
        let read = |columns: Columns<'_>, day, bytes: &[u8]| Ok((day, columns.viewer_hours(bytes)?));
        self.days_of(person, from, until, Tier::Hours, read).await
    }

    /// A person's days of [from, until) that are as fine as `tier`, ascending, each made by `read` from its bytes.
    pub(super) async fn days_of<T: Send>(
        &self,
        person: PersonKey,
        from: Day,
        until: Day,
        tier: Tier,
        read: impl Fn(Columns<'_>, Day, &[u8]) -> Result<T> + Send + Sync,
    ) -> Result<Vec<T>> {
        let failed = failed("read a person's days", &self.place);
        let columns = Columns { place: &self.place };
        let mut days = Vec::new();
        let query = sqlx::query(DAYS_OF_PERSON).bind(person.0 as i32).bind(from.days()).bind(until.days());
        let mut rows = query.bind(tier.as_str()).fetch(&self.pool);
        while let Some(row) = rows.try_next().await.map_err(&failed)? {
            let day = columns.day(row.try_get::<i32, _>(0).map_err(&failed)?)?;
            let first: Option<i32> = row.try_get(1).map_err(&failed)?;
            let bytes: &[u8] = row.try_get(2).map_err(&failed)?;
            if let Some(first) = first {
                if tier == Tier::Hours {
                    continue;
                }
                if let Some(bytes) = columns.decoded(find(columns.number("first", first)?, bytes, person))? {
                    days.push(read(columns, day, bytes)?);
                }
                continue;
            }
            for (place, bytes) in columns.decoded(month::days(bytes))? {
                let day = day.plus(i32::from(place));
                if (from..until).contains(&day) {
                    days.push(read(columns, day, bytes)?);
                }
            }
        }
        Ok(days)
    }

    /// See [`crate::Store::day_page`].
    pub(super) async fn page(&self, day: Day, from: PersonKey) -> Result<DayPage> {
        let failed = failed("read a day", &self.place);
        let columns = Columns { place: &self.place };
        // Generation, blocks and names as of one moment.
        let begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
        let mut tx = self.pool.begin_with(begin).await.map_err(&failed)?;
        // Before the moment, which is that of the first statement that reads: tables that are replaced after it would be
        // found in their new form.
        let lock = "LOCK TABLE ONLY block, ONLY viewer_month IN ACCESS SHARE MODE";
        sqlx::query(lock).execute(&mut *tx).await.map_err(&failed)?;
        let generation: Option<i32> = sqlx::query_scalar("SELECT generation FROM day WHERE day = $1")
            .bind(day.days())
            .fetch_optional(&mut *tx)
            .await
            .map_err(&failed)?;
        let Some(generation) = generation else { return Ok(DayPage::default()) };
        let generation = columns.number("generation", generation)?;
        if let Some(tier) = tier_of(&mut tx, day.month(), &self.place).await? {
            if tier != Tier::Slots {
                return Err(StoreError::Aged { month: day.month(), tier });
            }
            let (days, next) = self.closed_page(&mut tx, day, from).await?;
            return Ok(DayPage { generation, viewers: self.named(&mut tx, days, day).await?, next });
        }
        // The block that may hold the first key begins before it.
        let blocks: Vec<(i32, Vec<u8>)> = sqlx::query_as(
            "SELECT first, b FROM block WHERE day = $1 AND first >= \
             coalesce((SELECT max(first) FROM block WHERE day = $1 AND first <= $2), 0) ORDER BY first LIMIT $3",
        )
        .bind(day.days())
        .bind(from.0 as i32)
        .bind(PAGE_BLOCKS)
        .fetch_all(&mut *tx)
        .await
        .map_err(&failed)?;
        let mut days = Vec::new();
        for (first, bytes) in &blocks {
            for entry in entries(columns.number("first", *first)?, bytes) {
                let (key, bytes) = columns.decoded(entry)?;
                if key >= from.0 {
                    days.push((key, columns.viewer_day(bytes)?));
                }
            }
        }
        let next = days.last().filter(|_| blocks.len() as i64 == PAGE_BLOCKS).map(|(key, _)| PersonKey(key + 1));
        Ok(DayPage { generation, viewers: self.named(&mut tx, days, day).await?, next })
    }

    /// The people of a page of a closed month, and where the next one begins.
    async fn closed_page(
        &self,
        connection: &mut PgConnection,
        day: Day,
        from: PersonKey,
    ) -> Result<(Vec<(u32, ViewerDay)>, Option<PersonKey>)> {
        let columns = Columns { place: &self.place };
        let rows: Vec<(i32, Vec<u8>)> =
            sqlx::query_as("SELECT v, b FROM viewer_month WHERE month = $1 AND v >= $2 ORDER BY v LIMIT $3")
                .bind(day.month().first_day().days())
                .bind(from.0 as i32)
                .bind(PAGE_MONTHS)
                .fetch_all(connection)
                .await
                .map_err(failed("read a day", &self.place))?;
        let mut days = Vec::new();
        for (person, bytes) in &rows {
            let person = columns.number("v", *person)?;
            for (place, bytes) in columns.decoded(month::days(bytes))? {
                if place == month::place(day) {
                    days.push((person, columns.viewer_day(bytes)?));
                }
            }
        }
        let last = rows.last().filter(|_| rows.len() as i64 == PAGE_MONTHS).map(|(person, _)| *person);
        let next = last.map(|last| columns.number("v", last + 1).map(PersonKey)).transpose()?;
        Ok((days, next))
    }

    /// Names the people of a page.
    async fn named(
        &self,
        connection: &mut PgConnection,
        days: Vec<(u32, ViewerDay)>,
        day: Day,
    ) -> Result<Vec<ViewerOfDay>> {
        let Some(Keys { first, last, sparse }) = keys_of(&days) else { return Ok(Vec::new()) };
        let (first, last) = (first as i32, last as i32);
        let columns = Columns { place: &self.place };
        let failed = failed("read the names", columns.place);
        let (sql, sql_of_renamed) = if sparse {
            (
                "SELECT key, login, twitch_id FROM person WHERE key = ANY($1) ORDER BY key",
                "SELECT DISTINCT key FROM login_span WHERE key = ANY($1) AND until_day IS NOT NULL",
            )
        } else {
            (
                "SELECT key, login, twitch_id FROM person WHERE key BETWEEN $1 AND $2 ORDER BY key",
                "SELECT DISTINCT key FROM login_span WHERE key BETWEEN $1 AND $2 AND until_day IS NOT NULL",
            )
        };
        let mut select = sqlx::query_as(sql);
        let mut select_renamed = sqlx::query_scalar(sql_of_renamed);
        if sparse {
            let keys: Vec<i32> = int4s(days.iter().map(|(key, _)| *key));
            (select, select_renamed) = (select.bind(keys.clone()), select_renamed.bind(keys));
        } else {
            (select, select_renamed) = (select.bind(first).bind(last), select_renamed.bind(first).bind(last));
        }
        let people: Vec<(i32, Option<String>, Option<i64>)> =
            select.fetch_all(&mut *connection).await.map_err(&failed)?;
        let renamed: Vec<i32> = select_renamed.fetch_all(&mut *connection).await.map_err(&failed)?;
        let renamed: Vec<u32> = renamed.into_iter().map(|key| columns.number("key", key)).collect::<Result<_>>()?;
        let mut directory = PostgresDirectory::<People>::new(connection, columns.place);
        let renamed = logins_on(day, directory.spans(&renamed).await?);
        let person = |(key, login, id): (i32, Option<String>, Option<i64>)| {
            Ok((columns.number("key", key)?, login, id.map(|id| columns.id(id)).transpose()?))
        };
        page_of(days, people.into_iter().map(person).collect::<Result<_>>()?, &renamed, columns)
    }

    /// See [`crate::Store::channel_logins`].
    pub(super) async fn logins_of_channels(&self, keys: &[ChannelKey], day: Day) -> Result<HashMap<ChannelKey, Login>> {
        let spans = self.spans_of_channels(keys).await?;
        Ok(logins_on(day, spans).into_iter().map(|(key, login)| (ChannelKey(key), login)).collect())
    }

    /// See [`crate::Store::channel_names`].
    pub(super) async fn names_of_channels(&self, keys: &[ChannelKey]) -> Result<HashMap<ChannelKey, Vec<Login>>> {
        let mut names: HashMap<ChannelKey, Vec<Login>> = HashMap::new();
        for named in self.spans_of_channels(keys).await? {
            names.entry(ChannelKey(named.span.key)).or_default().push(named.login);
        }
        Ok(names)
    }

    async fn spans_of_channels(&self, keys: &[ChannelKey]) -> Result<Vec<NamedSpan>> {
        let mut connection = self.pool.acquire().await.map_err(failed("read the names", &self.place))?;
        let keys: Vec<u32> = keys.iter().map(|key| key.0).collect();
        PostgresDirectory::<Channels>::new(&mut connection, &self.place).spans(&keys).await
    }
}
