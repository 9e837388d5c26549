//! What the nightly pass reads and keeps.

use std::collections::{BTreeMap, HashSet};

use model::day::{Day, Month};
use model::identity::{ChannelKey, PersonKey};
use model::presence::ViewerDay;
use model::statistics::night::{Night, NightLists};
use model::words::Tier;
use sqlx::{PgConnection, Row};

use super::PostgresStore;
use super::copy::Copy;
use super::directory::int4s;
use super::suppression::heeds;
use crate::error::{Result, StoreError, failed};
use crate::night::{
    ChannelNightRow, ChannelNightWrite, DifferentPeople, NightRecord, NightWrite, audience, encoded, encoded_night,
    lists_of_text, lists_to_text, merged, shown,
};
use crate::people_page::{Part, PeoplePage, Wanted, stretch};
use crate::values::Columns;

/// Of each day of an open month the blocks that may hold people with keys [$1, $2): from the last one that does not begin after the
/// first of them.
const BLOCKS_OF_PEOPLE: &str = "SELECT d.day, t.first, t.b FROM day d CROSS JOIN LATERAL \
     (SELECT first, b FROM block WHERE block.day = d.day AND first < $2 AND first >= \
       coalesce((SELECT max(o.first) FROM block o WHERE o.day = d.day AND o.first <= $1), 0)) t \
     WHERE d.day >= $3 AND d.day < $4 \
     AND NOT EXISTS (SELECT 1 FROM closed_month c WHERE d.day >= c.month AND d.day < c.until_day)";

/// The rows of closed months of the same people, where they are as fine as slots.
const ROWS_OF_PEOPLE: &str = "SELECT m.month, m.v, m.b FROM closed_month c JOIN viewer_month m ON m.month = c.month \
     WHERE m.v >= $1 AND m.v < $2 AND c.until_day > $3 AND c.month < $4 AND c.tier = 'slots'";

impl PostgresStore {
    /// See [`crate::Store::people_page`].
    pub(super) async fn page_of_people(&self, from: Day, until: Day, first: PersonKey) -> Result<PeoplePage> {
        let failed = failed("read people's days", &self.place);
        let columns = Columns { place: &self.place };
        let begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
        let mut tx = self.pool.begin_with(begin).await.map_err(&failed)?;
        // Before the moment, as of a page of a day.
        let lock = "LOCK TABLE ONLY block, ONLY viewer_month IN ACCESS SHARE MODE";
        sqlx::query(lock).execute(&mut *tx).await.map_err(&failed)?;
        let end: Option<i32> = sqlx::query_scalar("SELECT key FROM next_key WHERE kind = 'person'")
            .fetch_optional(&mut *tx)
            .await
            .map_err(&failed)?;
        let (keys, next) = stretch(first, end.map_or(Ok(0), |end| columns.number("key", end))?);
        let coarse: Option<(i32, String)> = sqlx::query_as(
            "SELECT month, tier FROM closed_month WHERE until_day > $1 AND month < $2 AND tier <> 'slots' LIMIT 1",
        )
        .bind(from.days())
        .bind(until.days())
        .fetch_optional(&mut *tx)
        .await
        .map_err(&failed)?;
        if let Some((month, tier)) = coarse {
            let tier: Tier = columns.expect("tier", tier.parse().ok())?;
            return Err(StoreError::Aged { month: columns.day(month)?.month(), tier });
        }
        let hidden = |kind: &'static str| sqlx::query_scalar("SELECT key FROM opted_out WHERE kind = $1").bind(kind);
        let people: Vec<i32> = hidden("person").fetch_all(&mut *tx).await.map_err(&failed)?;
        let channels: Vec<i32> = hidden("channel").fetch_all(&mut *tx).await.map_err(&failed)?;
        let parts = parts(&mut tx, columns, (from, until), keys).await?;
        Ok(PeoplePage {
            place: self.place.clone(),
            parts,
            wanted: Wanted { days: Some((from, until)), keys },
            hidden_people: keys_of(people, columns)?.map(PersonKey).collect(),
            hidden_channels: keys_of(channels, columns)?.map(ChannelKey).collect(),
            next,
        })
    }

    /// See [`crate::Store::put_night`].
    pub(super) async fn keep_night(&self, write: NightWrite) -> Result<()> {
        let failed = failed("write a night's figures", &self.place);
        let lists = lists_to_text(&write.lists, &self.place)?;
        // No day is replaced meanwhile.
        let mut tx = self.begin_import().await?;
        let generations = self.generations_of(&mut tx, write.read.iter().map(|(day, _)| *day)).await?;
        let generation = write.read.iter().find(|(day, _)| *day == write.day).map(|(_, generation)| *generation);
        let unchanged = write.read.iter().all(|(day, generation)| generations.get(day) == Some(generation));
        let Some(generation) = generation.filter(|_| unchanged) else { return Err(StoreError::Busy) };
        for sql in ["DELETE FROM night WHERE day = $1", "DELETE FROM channel_night WHERE day = $1"] {
            sqlx::query(sql).bind(write.day.days()).execute(&mut *tx).await.map_err(&failed)?;
        }
        let (newcomers, returners) = write.night.people.new_and_returning.unzip();
        sqlx::query(
            "INSERT INTO night (day, generation, version, made_at, made_ms, days, people, newcomers, returners, \
             people_of_days, lists, sketch) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        )
        .bind(write.day.days())
        .bind(generation as i32)
        .bind(i32::from(write.night.version))
        .bind(write.made_at)
        .bind(i64::from(write.made_ms))
        .bind(i32::from(write.night.days))
        .bind(write.night.people.people.map(i64::from))
        .bind(newcomers.map(i64::from))
        .bind(returners.map(i64::from))
        .bind(write.night.people_of_days.map(i64::from))
        .bind(lists)
        .bind(encoded(&write.people))
        .execute(&mut *tx)
        .await
        .map_err(&failed)?;
        copy_channels(&mut tx, write.day, &write.channels).await.map_err(&failed)?;
        // Last, so that whoever opts out does not wait.
        heeds(&mut tx, write.withdrawals, &self.place).await?;
        tx.commit().await.map_err(failed)
    }

    /// How often some days have been imported, of those that are held.
    pub(super) async fn generations_of(
        &self,
        tx: &mut PgConnection,
        days: impl Iterator<Item = Day>,
    ) -> Result<BTreeMap<Day, u32>> {
        let columns = Columns { place: &self.place };
        let days: Vec<i32> = days.map(Day::days).collect();
        let held: Vec<(i32, i32)> = sqlx::query_as("SELECT day, generation FROM day WHERE day = ANY($1)")
            .bind(days)
            .fetch_all(&mut *tx)
            .await
            .map_err(failed("read which days are held", &self.place))?;
        let mut generations = BTreeMap::new();
        for (day, generation) in held {
            generations.insert(columns.day(day)?, columns.number("generation", generation)?);
        }
        Ok(generations)
    }

    /// See [`crate::Store::nights`].
    pub(super) async fn night_records(&self, from: Day, until: Day) -> Result<Vec<NightRecord>> {
        let failed = failed("read nights' figures", &self.place);
        let columns = Columns { place: &self.place };
        let rows = sqlx::query(
            "SELECT day, generation, version, made_at, made_ms, days, people, newcomers, returners, people_of_days \
             FROM night WHERE day >= $1 AND day < $2 ORDER BY day",
        )
        .bind(from.days())
        .bind(until.days())
        .fetch_all(&self.pool)
        .await
        .map_err(&failed)?;
        let record = |row: sqlx::postgres::PgRow| {
            let small = |column| row.try_get::<i32, _>(column).map_err(&failed);
            let number = |column| row.try_get::<i64, _>(column).map_err(&failed);
            let count = |column| {
                let count: Option<i64> = row.try_get(column).map_err(&failed)?;
                count.map(|count| columns.number(column, count)).transpose()
            };
            Ok(NightRecord {
                day: columns.day(small("day")?)?,
                generation: columns.number("generation", small("generation")?)?,
                made_at: number("made_at")?,
                made_ms: columns.number("made_ms", number("made_ms")?)?,
                night: Night {
                    version: columns.number("version", small("version")?)?,
                    days: columns.number("days", small("days")?)?,
                    people: audience(count("people")?, count("newcomers")?, count("returners")?),
                    people_of_days: count("people_of_days")?,
                },
            })
        };
        rows.into_iter().map(record).collect()
    }

    /// See [`crate::Store::night_lists`].
    pub(super) async fn lists_of_night(&self, day: Day) -> Result<Option<NightLists>> {
        let text: Option<String> = sqlx::query_scalar("SELECT lists FROM night WHERE day = $1")
            .bind(day.days())
            .fetch_optional(&self.pool)
            .await
            .map_err(failed("read a night's figures", &self.place))?;
        let Some(text) = text else { return Ok(None) };
        lists_of_text(&text, &self.hidden_channels().await?, &self.place).map(Some)
    }

    /// See [`crate::Store::channel_nights`].
    pub(super) async fn nights_of_channels(
        &self,
        keys: &[ChannelKey],
        from: Day,
        until: Day,
    ) -> Result<Vec<ChannelNightRow>> {
        let columns = Columns { place: &self.place };
        let rows: Vec<(i32, i32, Vec<u8>)> = sqlx::query_as(
            "SELECT c.day, c.channel, c.data FROM night n JOIN channel_night c ON c.day = n.day AND c.channel = ANY($3) \
             WHERE n.day >= $1 AND n.day < $2 ORDER BY c.day, c.channel",
        )
        .bind(from.days())
        .bind(until.days())
        .bind(int4s(keys.iter().map(|key| key.0)))
        .fetch_all(&self.pool)
        .await
        .map_err(failed("read channels' nights", columns.place))?;
        let row = |(day, channel, data): (i32, i32, Vec<u8>)| {
            let channel = ChannelKey(columns.number("channel", channel)?);
            Ok(ChannelNightRow { channel, day: columns.day(day)?, night: columns.channel_night(&data)? })
        };
        Ok(shown(rows.into_iter().map(row).collect::<Result<_>>()?, &self.hidden_channels().await?))
    }

    /// See [`crate::Store::different_people`].
    pub(super) async fn people_over(
        &self,
        channel: Option<ChannelKey>,
        from: Day,
        until: Day,
    ) -> Result<DifferentPeople> {
        let sql = match channel {
            None => "SELECT sketch FROM night WHERE day >= $1 AND day < $2 AND sketch IS NOT NULL",
            Some(_) => {
                "SELECT c.sketch FROM night n JOIN channel_night c ON c.day = n.day AND c.channel = $3 \
                 WHERE n.day >= $1 AND n.day < $2 AND c.sketch IS NOT NULL \
                 AND NOT EXISTS (SELECT 1 FROM opted_out o WHERE o.kind = 'channel' AND o.key = $3)"
            }
        };
        let mut query = sqlx::query_scalar(sql).bind(from.days()).bind(until.days());
        if let Some(channel) = channel {
            query = query.bind(channel.0 as i32);
        }
        let failed = failed("read nights' figures", &self.place);
        let sketches: Vec<Vec<u8>> = query.fetch_all(&self.pool).await.map_err(failed)?;
        let columns = Columns { place: &self.place };
        Ok(merged(sketches.iter().map(|bytes| columns.distinct(bytes)).collect::<Result<Vec<_>>>()?))
    }

    /// Takes a person out of the sets of the days on which they were seen, before their days go in the same transaction.
    pub(super) async fn erase_from_nights(&self, tx: &mut PgConnection, person: PersonKey) -> Result<()> {
        let failed = failed("erase a person from nights' figures", &self.place);
        let columns = Columns { place: &self.place };
        let read = |columns: Columns<'_>, day, bytes: &[u8]| Ok((day, columns.viewer_day(bytes)?));
        // Of the rows as they were before: the transaction keeps everybody else from changing them.
        let days: Vec<(Day, ViewerDay)> = self.days_of(person, Day::MIN, Day::MAX, Tier::Slots, read).await?;
        for (day, presence) in days {
            let all: Option<Vec<u8>> =
                sqlx::query_scalar("SELECT sketch FROM night WHERE day = $1 AND sketch IS NOT NULL")
                    .bind(day.days())
                    .fetch_optional(&mut *tx)
                    .await
                    .map_err(&failed)?;
            let Some(bytes) = all else { continue };
            if let Some(bytes) = columns.without_person(&bytes, person)? {
                let update = sqlx::query("UPDATE night SET sketch = $2 WHERE day = $1").bind(day.days()).bind(bytes);
                update.execute(&mut *tx).await.map_err(&failed)?;
            }
            let of_channels: Vec<(i32, Vec<u8>)> = sqlx::query_as(
                "SELECT channel, sketch FROM channel_night WHERE day = $1 AND sketch IS NOT NULL AND channel = ANY($2)",
            )
            .bind(day.days())
            .bind(int4s(presence.channels.iter().map(|presence| presence.channel.0)))
            .fetch_all(&mut *tx)
            .await
            .map_err(&failed)?;
            for (channel, bytes) in of_channels {
                if let Some(bytes) = columns.without_person(&bytes, person)? {
                    let update = sqlx::query("UPDATE channel_night SET sketch = $3 WHERE day = $1 AND channel = $2");
                    let update = update.bind(day.days()).bind(channel).bind(bytes);
                    update.execute(&mut *tx).await.map_err(&failed)?;
                }
            }
        }
        Ok(())
    }

    /// Removes the sets of a month's days, which are as fine as its slots.
    pub(super) async fn forget_sketches(&self, tx: &mut PgConnection, month: Month) -> Result<()> {
        for sql in [
            "UPDATE night SET sketch = NULL WHERE day >= $1 AND day < $2 AND sketch IS NOT NULL",
            "UPDATE channel_night SET sketch = NULL WHERE day >= $1 AND day < $2 AND sketch IS NOT NULL",
        ] {
            let update = sqlx::query(sql).bind(month.first_day().days()).bind(month.next().first_day().days());
            update.execute(&mut *tx).await.map_err(failed("forget who was there", &self.place))?;
        }
        Ok(())
    }
}

/// The bytes of the store that hold these people's days.
async fn parts(
    tx: &mut PgConnection,
    columns: Columns<'_>,
    (from, until): (Day, Day),
    keys: (u32, u32),
) -> Result<Vec<Part>> {
    let failed = failed("read people's days", columns.place);
    let rows: Vec<(i32, i32, Vec<u8>)> = sqlx::query_as(BLOCKS_OF_PEOPLE)
        .bind(keys.0 as i32)
        .bind(keys.1 as i32)
        .bind(from.days())
        .bind(until.days())
        .fetch_all(&mut *tx)
        .await
        .map_err(&failed)?;
    let mut parts = Vec::with_capacity(rows.len());
    for (day, first, bytes) in rows {
        parts.push(Part::Block { day: columns.day(day)?, first: columns.number("first", first)?, bytes });
    }
    let rows: Vec<(i32, i32, Vec<u8>)> = sqlx::query_as(ROWS_OF_PEOPLE)
        .bind(keys.0 as i32)
        .bind(keys.1 as i32)
        .bind(from.days())
        .bind(until.days())
        .fetch_all(&mut *tx)
        .await
        .map_err(&failed)?;
    for (month, person, bytes) in rows {
        parts.push(Part::Row { month: columns.day(month)?.month(), person: columns.number("v", person)?, bytes });
    }
    Ok(parts)
}

fn keys_of(keys: Vec<i32>, columns: Columns<'_>) -> Result<impl Iterator<Item = u32>> {
    let keys: Vec<u32> = keys.into_iter().map(|key| columns.number("key", key)).collect::<Result<_>>()?;
    Ok(keys.into_iter())
}

async fn copy_channels(tx: &mut PgConnection, day: Day, channels: &[ChannelNightWrite]) -> sqlx::Result<()> {
    let statement = "COPY channel_night (day, channel, data, sketch) FROM STDIN (FORMAT binary)";
    let mut copy = Copy::begin(tx, statement, 4).await?;
    let mut seen = HashSet::new();
    for ChannelNightWrite { channel, night, people } in channels.iter().filter(|write| seen.insert(write.channel)) {
        let mut row = copy.row();
        row.int4(day.days());
        row.int4(channel.0 as i32);
        row.bytes(&encoded_night(night));
        match people {
            Some(people) => row.bytes(&encoded(people)),
            None => row.null(),
        }
        copy.flush_full().await?;
    }
    copy.finish().await
}
