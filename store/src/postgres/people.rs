//! Reading people.

use futures::TryStreamExt;
use model::day::Day;
use model::identity::PersonKey;
use model::login::Login;
use sqlx::Row;

use super::PostgresStore;
use super::directory::{Channels, People, PostgresDirectory};
use crate::access::Holder;
use crate::block::{entries, find};
use crate::dump::{ViewerDump, by_login, keys_of, named};
use crate::error::{Result, failed};
use crate::values::Columns;

/// Each day's block that may hold a person: the last one that does not begin after them.
const BLOCKS_OF_PERSON: &str = "SELECT d.day, t.first, t.b FROM day d CROSS JOIN LATERAL \
     (SELECT first, b FROM block WHERE block.day = d.day AND first <= $1 ORDER BY first DESC LIMIT 1) t \
     WHERE d.day >= $2 AND d.day < $3 ORDER BY d.day";

impl PostgresStore {
    /// Who holds the login now; one statement whether or not anybody does.
    pub(crate) async fn holder(&self, login: &Login) -> Result<Option<Holder>> {
        let sql = "SELECT s.key, p.twitch_id FROM login_span s JOIN person p ON p.key = s.key \
             WHERE s.login = $1 AND s.until_day IS NULL";
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

    /// A person's days of [from, until), ascending, each made by `read` from its bytes.
    pub(super) async fn days_of<T: Send>(
        &self,
        person: PersonKey,
        from: Day,
        until: Day,
        read: impl Fn(Columns<'_>, Day, &[u8]) -> Result<T> + Send + Sync,
    ) -> Result<Vec<T>> {
        let failed = failed("read a person's days", &self.place);
        let columns = Columns { place: &self.place };
        let mut days = Vec::new();
        let query = sqlx::query(BLOCKS_OF_PERSON).bind(person.0 as i32).bind(from.days()).bind(until.days());
        let mut rows = query.fetch(&self.pool);
        while let Some(row) = rows.try_next().await.map_err(&failed)? {
            let first = columns.number("first", row.try_get::<i32, _>(1).map_err(&failed)?)?;
            if let Some(bytes) = columns.decoded(find(first, row.try_get(2).map_err(&failed)?, person))? {
                days.push(read(columns, columns.day(row.try_get::<i32, _>(0).map_err(&failed)?)?, bytes)?);
            }
        }
        Ok(days)
    }

    /// See [`crate::Store::dump_day`].
    pub(super) async fn dump(&self, day: Day) -> Result<Vec<ViewerDump>> {
        let failed = failed("read a day", &self.place);
        let columns = Columns { place: &self.place };
        // Blocks and names as of one moment.
        let begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
        let mut tx = self.pool.begin_with(begin).await.map_err(&failed)?;
        let mut days = Vec::new();
        let mut rows =
            sqlx::query("SELECT first, b FROM block WHERE day = $1 ORDER BY first").bind(day.days()).fetch(&mut *tx);
        while let Some(row) = rows.try_next().await.map_err(&failed)? {
            let first = columns.number("first", row.try_get::<i32, _>(0).map_err(&failed)?)?;
            for entry in entries(first, row.try_get(1).map_err(&failed)?) {
                let (key, bytes) = columns.decoded(entry)?;
                days.push((key, columns.viewer_day(bytes)?));
            }
        }
        drop(rows);
        let (people, channels) = keys_of(&days);
        let people = named(&mut PostgresDirectory::<People>::new(&mut tx, &self.place), &people, day, columns).await?;
        let channels =
            named(&mut PostgresDirectory::<Channels>::new(&mut tx, &self.place), &channels, day, columns).await?;
        by_login(days, &people, &channels, columns)
    }
}
