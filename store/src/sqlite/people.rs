//! Reading people.

use std::sync::Arc;

use futures::TryStreamExt;
use futures::future::try_join_all;
use model::day::Day;
use model::identity::PersonKey;
use model::login::Login;
use sqlx::Row;

use super::SqliteStore;
use super::directory::{Channels, People, SqliteDirectory};
use super::file::File;
use crate::access::Holder;
use crate::block::{entries, find};
use crate::dump::{ViewerDump, by_login, keys_of, named};
use crate::error::{Result, failed};
use crate::values::Columns;

/// Each day's block that may hold a person: the last one that does not begin after them. One statement a month, since
/// each statement costs a tenth of a millisecond on its way to SQLite's thread.
const BLOCKS_OF_PERSON: &str = "SELECT d.day, t.k, t.b FROM day d CROSS JOIN block t \
     ON t.k = (SELECT k FROM block WHERE k <= ((d.day << 28) | ?1) AND k >= (d.day << 28) ORDER BY k DESC LIMIT 1) \
     WHERE d.day >= ?2 AND d.day < ?3 ORDER BY d.day";

/// The key of a block is `day << 28 | first`.
const FIRST_MASK: i64 = (1 << PersonKey::BITS) - 1;

impl SqliteStore {
    /// Who holds the login now; one statement whether or not anybody does.
    pub(crate) async fn holder(&self, login: &Login) -> Result<Option<Holder>> {
        let sql = "SELECT s.key, p.twitch_id FROM login_span s JOIN person p ON p.key = s.key WHERE s.login = ? AND s.until_day IS NULL";
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

    /// A person's days of [from, until), ascending, each made by `read` from its bytes.
    pub(super) async fn days_of<T: Send>(
        &self,
        person: PersonKey,
        from: Day,
        until: Day,
        read: impl Fn(Columns<'_>, Day, &[u8]) -> Result<T> + Send + Sync,
    ) -> Result<Vec<T>> {
        let months = self.months(from, until).await;
        let read = &read;
        let of_month = |file: Arc<File>| async move {
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
        };
        Ok(try_join_all(months.into_iter().map(of_month)).await?.into_iter().flatten().collect())
    }

    /// See [`crate::Store::dump_day`].
    pub(super) async fn dump(&self, day: Day) -> Result<Vec<ViewerDump>> {
        let mut days = Vec::new();
        for file in self.months(day, day.plus(1)).await {
            let failed = failed("read a day", &file.place);
            let columns = Columns { place: &file.place };
            let query = sqlx::query(
                "SELECT t.k, t.b FROM day d JOIN block t ON t.k >= (d.day << 28) AND t.k < ((d.day + 1) << 28) WHERE d.day = ? ORDER BY t.k",
            );
            let mut rows = query.bind(day.days()).fetch(&file.reader);
            while let Some(row) = rows.try_next().await.map_err(&failed)? {
                let first = (row.try_get::<i64, _>(0).map_err(&failed)? & FIRST_MASK) as u32;
                for entry in entries(first, row.try_get(1).map_err(&failed)?) {
                    let (key, bytes) = columns.decoded(entry)?;
                    days.push((key, columns.viewer_day(bytes)?));
                }
            }
        }
        let columns = Columns { place: &self.main.place };
        let mut reader = self.main.reader.acquire().await.map_err(failed("read the names", columns.place))?;
        let (people, channels) = keys_of(&days);
        let people =
            named(&mut SqliteDirectory::<People>::new(&mut reader, columns.place), &people, day, columns).await?;
        let channels =
            named(&mut SqliteDirectory::<Channels>::new(&mut reader, columns.place), &channels, day, columns).await?;
        by_login(days, &people, &channels, columns)
    }
}
