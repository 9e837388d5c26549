//! Reading people.

use std::collections::HashMap;

use futures::TryStreamExt;
use futures::future::try_join_all;
use model::day::{Day, Month};
use model::hours::ViewerHours;
use model::identity::{ChannelKey, PersonKey};
use model::login::Login;
use model::presence::ViewerDay;
use model::words::Tier;
use sqlx::Row;

use super::SqliteStore;
use super::directory::{Channels, People, SqliteDirectory};
use super::file::File;
use super::import::{FIRST_MASK, block_key};
use super::months::{Closed, MonthFiles};
use super::sql::list;
use crate::access::Holder;
use crate::block::{PAGE_BLOCKS, entries, find};
use crate::directory::Directory;
use crate::directory::names::NamedSpan;
use crate::dump::{DayPage, Keys, ViewerOfDay, keys_of, logins_on, page_of};
use crate::error::{Result, StoreError, failed};
use crate::jobs::Account;
use crate::month::{self, PAGE_MONTHS};
use crate::values::Columns;

/// Each day's block that may hold a person: the last one that does not begin after them. One statement a month, since
/// each statement costs a tenth of a millisecond on its way to SQLite's thread.
const BLOCKS_OF_PERSON: &str = "SELECT d.day, t.k, t.b FROM day d CROSS JOIN block t \
     ON t.k = (SELECT k FROM block WHERE k <= ((d.day << 28) | ?1) AND k >= (d.day << 28) ORDER BY k DESC LIMIT 1) \
     WHERE d.day >= ?2 AND d.day < ?3 ORDER BY d.day";

impl SqliteStore {
    /// Who holds the login now and has not opted out; one statement whatever the answer.
    pub(crate) async fn holder(&self, login: &Login) -> Result<Option<Holder>> {
        let sql = "SELECT s.key, p.twitch_id FROM login_span s JOIN person p ON p.key = s.key WHERE s.login = ? AND s.until_day IS NULL \
             AND NOT EXISTS (SELECT 1 FROM opted_out o WHERE o.kind = 'person' AND o.key = p.key)";
        let row: Option<(i64, Option<i64>)> = sqlx::query_as(sql)
            .bind(login.as_str())
            .fetch_optional(&self.main.reader)
            .await
            .map_err(failed("look up a login", &self.main.place))?;
        let columns = Columns { place: &self.main.place };
        row.map(|(key, id)| {
            Ok(Holder { person: PersonKey(columns.number("key", key)?), id: id.map(|id| columns.id(id)).transpose()? })
        })
        .transpose()
    }

    /// See [`crate::Store::accounts`].
    pub(super) async fn accounts_of(&self, share: u16, shares: u16) -> Result<Vec<Account>> {
        let sql = "SELECT p.twitch_id, p.login, s.key IS NOT NULL FROM person p LEFT JOIN login_span s \
             ON s.login = p.login AND s.key = p.key AND s.until_day IS NULL WHERE p.twitch_id % ?2 = ?1 AND p.login IS NOT NULL \
             AND NOT EXISTS (SELECT 1 FROM opted_out o WHERE o.kind = 'person' AND o.key = p.key)";
        let query = sqlx::query_as(sql).bind(i64::from(share)).bind(i64::from(shares.max(1)));
        let rows: Vec<(i64, String, bool)> =
            query.fetch_all(&self.main.reader).await.map_err(failed("read the names", &self.main.place))?;
        let columns = Columns { place: &self.main.place };
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
        let months = self.months(from, until).await;
        let read = &read;
        let of_month = |month| {
            self.read_month(month, move |files| async move {
                match files {
                    MonthFiles { closed: Some(closed), .. } if tier != closed.tier => Ok(Vec::new()),
                    MonthFiles { closed: Some(closed), .. } => {
                        closed_days(&closed, month, person, from, until, read).await
                    }
                    MonthFiles { .. } if tier == Tier::Hours => Ok(Vec::new()),
                    MonthFiles { open: Some(open), .. } => open_days(&open, person, from, until, read).await,
                    MonthFiles { .. } => Ok(Vec::new()),
                }
            })
        };
        Ok(try_join_all(months.into_iter().map(of_month)).await?.into_iter().flatten().collect())
    }

    /// See [`crate::Store::day_page`].
    pub(super) async fn page(&self, day: Day, from: PersonKey) -> Result<DayPage> {
        self.read_month(day.month(), move |files| async move {
            match files {
                MonthFiles { closed: Some(closed), .. } => self.closed_page(&closed, day, from).await,
                MonthFiles { open: Some(open), .. } => self.open_page(&open, day, from).await,
                MonthFiles { .. } => Ok(DayPage::default()),
            }
        })
        .await
    }

    /// A page of an open month.
    async fn open_page(&self, file: &File, day: Day, from: PersonKey) -> Result<DayPage> {
        let columns = Columns { place: &file.place };
        // One statement, so that the generation is that of the blocks. The block that may hold the first key begins before it.
        let blocks: Vec<(i64, i64, Vec<u8>)> = sqlx::query_as(
            "SELECT day.generation, k, b FROM day CROSS JOIN block WHERE day.day = ?5 AND k >= (SELECT ifnull(max(k), ?1) FROM block WHERE k BETWEEN ?1 AND ?2) AND k < ?3 \
             ORDER BY k LIMIT ?4",
        )
        .bind(block_key(day, 0))
        .bind(block_key(day, from.0))
        .bind(block_key(day, 0) + (1 << PersonKey::BITS))
        .bind(PAGE_BLOCKS)
        .bind(day.days())
        .fetch_all(&file.walker)
        .await
        .map_err(failed("read a day", columns.place))?;
        let mut days = Vec::new();
        for (_, key, bytes) in &blocks {
            for entry in entries((key & FIRST_MASK) as u32, bytes) {
                let (key, bytes) = columns.decoded(entry)?;
                if key >= from.0 {
                    days.push((key, columns.viewer_day(bytes)?));
                }
            }
        }
        let next = days.last().filter(|_| blocks.len() as i64 == PAGE_BLOCKS).map(|(key, _)| PersonKey(key + 1));
        let generation = blocks.first().map_or(0, |(generation, ..)| *generation);
        let generation = columns.number("generation", generation)?;
        Ok(DayPage { generation, viewers: self.named(days, day).await?, next })
    }

    /// A page of a closed month.
    async fn closed_page(&self, closed: &Closed, day: Day, from: PersonKey) -> Result<DayPage> {
        let columns = Columns { place: &closed.file.place };
        let failed = failed("read a day", columns.place);
        if closed.tier != Tier::Slots {
            return Err(StoreError::Aged { month: day.month(), tier: closed.tier });
        }
        let generation: Option<i64> = sqlx::query_scalar("SELECT generation FROM day WHERE day = ?")
            .bind(day.days())
            .fetch_optional(&closed.file.reader)
            .await
            .map_err(&failed)?;
        let Some(generation) = generation else { return Ok(DayPage::default()) };
        let rows: Vec<(i64, Vec<u8>)> = sqlx::query_as("SELECT v, b FROM viewer_month WHERE v >= ? ORDER BY v LIMIT ?")
            .bind(from.0)
            .bind(PAGE_MONTHS)
            .fetch_all(&closed.file.walker)
            .await
            .map_err(&failed)?;
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
        let generation = columns.number("generation", generation)?;
        Ok(DayPage { generation, viewers: self.named(days, day).await?, next })
    }

    /// Names the people of a page.
    async fn named(&self, days: Vec<(u32, ViewerDay)>, day: Day) -> Result<Vec<ViewerOfDay>> {
        let Some(Keys { first, last, sparse }) = keys_of(&days) else { return Ok(Vec::new()) };
        let columns = Columns { place: &self.main.place };
        let failed = failed("read the names", columns.place);
        let mut reader = self.main.reader.acquire().await.map_err(&failed)?;
        let (sql, sql_of_renamed) = if sparse {
            (
                "SELECT key, login, twitch_id FROM person WHERE key IN (SELECT value FROM json_each(?)) ORDER BY key",
                "SELECT DISTINCT key FROM login_span WHERE key IN (SELECT value FROM json_each(?)) AND until_day IS NOT NULL",
            )
        } else {
            (
                "SELECT key, login, twitch_id FROM person WHERE key BETWEEN ? AND ? ORDER BY key",
                "SELECT DISTINCT key FROM login_span WHERE key BETWEEN ? AND ? AND until_day IS NOT NULL",
            )
        };
        let mut select = sqlx::query_as(sql);
        let mut select_renamed = sqlx::query_scalar(sql_of_renamed);
        if sparse {
            let keys = list(days.iter().map(|(key, _)| key));
            (select, select_renamed) = (select.bind(keys.clone()), select_renamed.bind(keys));
        } else {
            (select, select_renamed) = (select.bind(first).bind(last), select_renamed.bind(first).bind(last));
        }
        let people: Vec<(i64, Option<String>, Option<i64>)> = select.fetch_all(&mut *reader).await.map_err(&failed)?;
        let renamed: Vec<i64> = select_renamed.fetch_all(&mut *reader).await.map_err(&failed)?;
        let renamed: Vec<u32> = renamed.into_iter().map(|key| columns.number("key", key)).collect::<Result<_>>()?;
        let mut directory = SqliteDirectory::<People>::new(&mut reader, columns.place);
        let renamed = logins_on(day, directory.spans(&renamed).await?);
        let person = |(key, login, id): (i64, Option<String>, Option<i64>)| {
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
        let place = &self.main.place;
        let mut reader = self.main.reader.acquire().await.map_err(failed("read the names", place))?;
        let keys: Vec<u32> = keys.iter().map(|key| key.0).collect();
        SqliteDirectory::<Channels>::new(&mut reader, place).spans(&keys).await
    }
}

/// A person's days of an open month.
async fn open_days<T: Send>(
    file: &File,
    person: PersonKey,
    from: Day,
    until: Day,
    read: &(impl Fn(Columns<'_>, Day, &[u8]) -> Result<T> + Sync),
) -> Result<Vec<T>> {
    let failed = failed("read a person's days", &file.place);
    let columns = Columns { place: &file.place };
    let mut days = Vec::new();
    let query = sqlx::query(BLOCKS_OF_PERSON).bind(person.0).bind(from.days()).bind(until.days());
    let mut rows = query.fetch(&file.reader);
    while let Some(row) = rows.try_next().await.map_err(&failed)? {
        let first = (row.try_get::<i64, _>(1).map_err(&failed)? & FIRST_MASK) as u32;
        if let Some(bytes) = columns.decoded(find(first, row.try_get(2).map_err(&failed)?, person))? {
            days.push(read(columns, columns.day(row.try_get::<i64, _>(0).map_err(&failed)?)?, bytes)?);
        }
    }
    Ok(days)
}

/// A person's days of a closed month: one row.
async fn closed_days<T: Send>(
    closed: &Closed,
    month: Month,
    person: PersonKey,
    from: Day,
    until: Day,
    read: &(impl Fn(Columns<'_>, Day, &[u8]) -> Result<T> + Sync),
) -> Result<Vec<T>> {
    let columns = Columns { place: &closed.file.place };
    let row: Option<Vec<u8>> = sqlx::query_scalar("SELECT b FROM viewer_month WHERE v = ?")
        .bind(person.0)
        .fetch_optional(&closed.file.reader)
        .await
        .map_err(failed("read a person's days", columns.place))?;
    let Some(row) = row else { return Ok(Vec::new()) };
    let days = columns.decoded(month::days(&row))?.into_iter();
    let days = days.map(|(place, bytes)| (month.first_day().plus(i32::from(place)), bytes));
    days.filter(|(day, _)| (from..until).contains(day)).map(|(day, bytes)| read(columns, day, bytes)).collect()
}
