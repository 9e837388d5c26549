//! What the nightly pass reads and keeps.

use std::collections::HashSet;

use model::day::{Day, Month};
use model::identity::{ChannelKey, PersonKey};
use model::presence::ViewerDay;
use model::statistics::night::{Night, NightLists};
use model::words::Tier;
use sqlx::{AssertSqlSafe, Row, Sqlite, Transaction};

use super::SqliteStore;
use super::import::FIRST_MASK;
use super::months::MonthFiles;
use super::sql::{BLOCKS_A_STATEMENT, list, values};
use super::suppression::heeds;
use crate::error::{Result, StoreError, failed};
use crate::night::{
    ChannelNightRow, ChannelNightWrite, DifferentPeople, NightRecord, NightWrite, audience, encoded, encoded_night,
    lists_of_text, lists_to_text, merged, shown,
};
use crate::people_page::{Part, PeoplePage, Wanted, stretch};
use crate::values::Columns;

/// Of each day of an open month the blocks that may hold people with keys [?1, ?2): from the last one that does not begin after the
/// first of them.
const BLOCKS_OF_PEOPLE: &str = "SELECT d.day, t.k, t.b FROM day d CROSS JOIN block t \
     ON t.k >= (SELECT ifnull(max(k), d.day << 28) FROM block WHERE k >= (d.day << 28) AND k <= ((d.day << 28) | ?1)) \
     AND t.k < (d.day << 28) + ?2 WHERE d.day >= ?3 AND d.day < ?4";

impl SqliteStore {
    /// See [`crate::Store::people_page`].
    pub(super) async fn page_of_people(&self, from: Day, until: Day, first: PersonKey) -> Result<PeoplePage> {
        let columns = Columns { place: &self.main.place };
        let failed = failed("read who opted out", columns.place);
        let end: Option<i64> = sqlx::query_scalar("SELECT key FROM next_key WHERE kind = 'person'")
            .fetch_optional(&self.main.reader)
            .await
            .map_err(&failed)?;
        let hidden: Vec<i64> = sqlx::query_scalar("SELECT key FROM opted_out WHERE kind = 'person'")
            .fetch_all(&self.main.reader)
            .await
            .map_err(&failed)?;
        let (keys, next) = stretch(first, end.map_or(Ok(0), |end| columns.number("key", end))?);
        let mut page = PeoplePage {
            place: self.folder.display().to_string(),
            parts: Vec::new(),
            wanted: Wanted { days: Some((from, until)), keys },
            hidden_people: hidden
                .into_iter()
                .map(|key| columns.number("key", key).map(PersonKey))
                .collect::<Result<_>>()?,
            hidden_channels: self.hidden_channels().await?,
            next,
        };
        for month in self.months(from, until).await {
            page.parts.extend(
                self.read_month(month, |files| async move { parts(files, month, (from, until), keys).await }).await?,
            );
        }
        Ok(page)
    }

    /// See [`crate::Store::put_night`].
    pub(super) async fn keep_night(&self, write: NightWrite) -> Result<()> {
        let place = &self.main.place;
        let failed = failed("write a night's figures", place);
        // No day is replaced meanwhile.
        let _one = self.importing.lock().await;
        let held = self.generations.read().await.clone();
        let generation = write.read.iter().find(|(day, _)| *day == write.day).map(|(_, generation)| *generation);
        let unchanged = write.read.iter().all(|(day, generation)| held.get(day) == Some(generation));
        let Some(generation) = generation.filter(|_| unchanged) else { return Err(StoreError::Busy) };
        let lists = lists_to_text(&write.lists, place)?;
        let mut tx = self.main.write().await?;
        heeds(&mut tx, write.withdrawals, place).await?;
        let (newcomers, returners) = write.night.people.new_and_returning.unzip();
        sqlx::query(
            "INSERT OR REPLACE INTO night (day, generation, version, made_at, made_ms, days, people, newcomers, returners, \
             people_of_days, lists, sketch) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(write.day.days())
        .bind(generation)
        .bind(write.night.version)
        .bind(write.made_at)
        .bind(write.made_ms)
        .bind(write.night.days)
        .bind(write.night.people.people)
        .bind(newcomers)
        .bind(returners)
        .bind(write.night.people_of_days)
        .bind(lists)
        .bind(encoded(&write.people))
        .execute(&mut *tx)
        .await
        .map_err(&failed)?;
        let delete = sqlx::query("DELETE FROM channel_night WHERE day = ?").bind(write.day.days());
        delete.execute(&mut *tx).await.map_err(&failed)?;
        insert_channels(&mut tx, write.day, &write.channels).await.map_err(&failed)?;
        tx.commit().await.map_err(failed)
    }

    /// See [`crate::Store::nights`].
    pub(super) async fn night_records(&self, from: Day, until: Day) -> Result<Vec<NightRecord>> {
        let failed = failed("read nights' figures", &self.main.place);
        let columns = Columns { place: &self.main.place };
        let rows = sqlx::query(
            "SELECT day, generation, version, made_at, made_ms, days, people, newcomers, returners, people_of_days \
             FROM night WHERE day >= ? AND day < ? ORDER BY day",
        )
        .bind(from.days())
        .bind(until.days())
        .fetch_all(&self.main.reader)
        .await
        .map_err(&failed)?;
        let record = |row: sqlx::sqlite::SqliteRow| {
            let number = |column| row.try_get::<i64, _>(column).map_err(&failed);
            let count = |column| {
                let count: Option<i64> = row.try_get(column).map_err(&failed)?;
                count.map(|count| columns.number(column, count)).transpose()
            };
            Ok(NightRecord {
                day: columns.day(number("day")?)?,
                generation: columns.number("generation", number("generation")?)?,
                made_at: number("made_at")?,
                made_ms: columns.number("made_ms", number("made_ms")?)?,
                night: Night {
                    version: columns.number("version", number("version")?)?,
                    days: columns.number("days", number("days")?)?,
                    people: audience(count("people")?, count("newcomers")?, count("returners")?),
                    people_of_days: count("people_of_days")?,
                },
            })
        };
        rows.into_iter().map(record).collect()
    }

    /// See [`crate::Store::night_lists`].
    pub(super) async fn lists_of_night(&self, day: Day) -> Result<Option<NightLists>> {
        let text: Option<String> = sqlx::query_scalar("SELECT lists FROM night WHERE day = ?")
            .bind(day.days())
            .fetch_optional(&self.main.reader)
            .await
            .map_err(failed("read a night's figures", &self.main.place))?;
        let Some(text) = text else { return Ok(None) };
        lists_of_text(&text, &self.hidden_channels().await?, &self.main.place).map(Some)
    }

    /// See [`crate::Store::channel_nights`].
    pub(super) async fn nights_of_channels(
        &self,
        keys: &[ChannelKey],
        from: Day,
        until: Day,
    ) -> Result<Vec<ChannelNightRow>> {
        let columns = Columns { place: &self.main.place };
        // By day, so that each row is looked up: else all channels' rows of these days would be read.
        let rows: Vec<(i64, i64, Vec<u8>)> = sqlx::query_as(
            "SELECT c.day, c.channel, c.data FROM night n CROSS JOIN channel_night c ON c.day = n.day \
             AND c.channel IN (SELECT value FROM json_each(?3)) WHERE n.day >= ?1 AND n.day < ?2 ORDER BY c.day, c.channel",
        )
        .bind(from.days())
        .bind(until.days())
        .bind(list(keys.iter().map(|key| key.0)))
        .fetch_all(&self.main.reader)
        .await
        .map_err(failed("read channels' nights", columns.place))?;
        let row = |(day, channel, data): (i64, i64, Vec<u8>)| {
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
        let failed = failed("read nights' figures", &self.main.place);
        let sql = match channel {
            None => "SELECT sketch FROM night WHERE day >= ?1 AND day < ?2 AND sketch IS NOT NULL",
            Some(_) => {
                "SELECT c.sketch FROM night n CROSS JOIN channel_night c ON c.day = n.day AND c.channel = ?3 \
                 AND c.sketch IS NOT NULL WHERE n.day >= ?1 AND n.day < ?2 \
                 AND NOT EXISTS (SELECT 1 FROM opted_out o WHERE o.kind = 'channel' AND o.key = ?3)"
            }
        };
        let mut query = sqlx::query_scalar(sql).bind(from.days()).bind(until.days());
        if let Some(channel) = channel {
            query = query.bind(channel.0);
        }
        let sketches: Vec<Vec<u8>> = query.fetch_all(&self.main.reader).await.map_err(failed)?;
        let columns = Columns { place: &self.main.place };
        Ok(merged(sketches.iter().map(|bytes| columns.distinct(bytes)).collect::<Result<Vec<_>>>()?))
    }

    /// Takes a person out of the sets of the days on which they were seen, before their days go: whoever was stopped in between finds
    /// them again.
    pub(super) async fn erase_from_nights(&self, person: PersonKey) -> Result<()> {
        let failed = failed("erase a person from nights' figures", &self.main.place);
        let columns = Columns { place: &self.main.place };
        let read = |columns: Columns<'_>, day, bytes: &[u8]| Ok((day, columns.viewer_day(bytes)?));
        let days: Vec<(Day, ViewerDay)> = self.days_of(person, Day::MIN, Day::MAX, Tier::Slots, read).await?;
        let mut tx = self.main.write().await?;
        for (day, presence) in days {
            let all: Option<Vec<u8>> =
                sqlx::query_scalar("SELECT sketch FROM night WHERE day = ? AND sketch IS NOT NULL")
                    .bind(day.days())
                    .fetch_optional(&mut *tx)
                    .await
                    .map_err(&failed)?;
            let Some(bytes) = all else { continue };
            if let Some(bytes) = columns.without_person(&bytes, person)? {
                let update = sqlx::query("UPDATE night SET sketch = ? WHERE day = ?").bind(bytes).bind(day.days());
                update.execute(&mut *tx).await.map_err(&failed)?;
            }
            let of_channels: Vec<(i64, Vec<u8>)> = sqlx::query_as(
                "SELECT channel, sketch FROM channel_night WHERE day = ?1 AND sketch IS NOT NULL \
                 AND channel IN (SELECT value FROM json_each(?2))",
            )
            .bind(day.days())
            .bind(list(presence.channels.iter().map(|presence| presence.channel.0)))
            .fetch_all(&mut *tx)
            .await
            .map_err(&failed)?;
            for (channel, bytes) in of_channels {
                if let Some(bytes) = columns.without_person(&bytes, person)? {
                    let update = sqlx::query("UPDATE channel_night SET sketch = ? WHERE day = ? AND channel = ?");
                    let update = update.bind(bytes).bind(day.days()).bind(channel);
                    update.execute(&mut *tx).await.map_err(&failed)?;
                }
            }
        }
        tx.commit().await.map_err(failed)
    }

    /// Removes the sets of a month's days, which are as fine as its slots.
    pub(super) async fn forget_sketches(&self, month: Month) -> Result<()> {
        let failed = failed("forget who was there", &self.main.place);
        let mut tx = self.main.write().await?;
        for sql in [
            "UPDATE night SET sketch = NULL WHERE day >= ? AND day < ?",
            "UPDATE channel_night SET sketch = NULL WHERE day >= ? AND day < ? AND sketch IS NOT NULL",
        ] {
            let update = sqlx::query(sql).bind(month.first_day().days()).bind(month.next().first_day().days());
            update.execute(&mut *tx).await.map_err(&failed)?;
        }
        tx.commit().await.map_err(failed)
    }
}

/// The bytes of a month that hold these people's days.
async fn parts(files: MonthFiles, month: Month, (from, until): (Day, Day), keys: (u32, u32)) -> Result<Vec<Part>> {
    if let Some(closed) = files.closed {
        if closed.tier != Tier::Slots {
            return Err(StoreError::Aged { month, tier: closed.tier });
        }
        let columns = Columns { place: &closed.file.place };
        let rows: Vec<(i64, Vec<u8>)> = sqlx::query_as("SELECT v, b FROM viewer_month WHERE v >= ? AND v < ?")
            .bind(keys.0)
            .bind(keys.1)
            .fetch_all(&closed.file.walker)
            .await
            .map_err(failed("read people's days", columns.place))?;
        let part = |(person, bytes)| Ok(Part::Row { month, person: columns.number("v", person)?, bytes });
        return rows.into_iter().map(part).collect();
    }
    let Some(open) = files.open else { return Ok(Vec::new()) };
    let columns = Columns { place: &open.place };
    let rows: Vec<(i64, i64, Vec<u8>)> = sqlx::query_as(BLOCKS_OF_PEOPLE)
        .bind(keys.0)
        .bind(keys.1)
        .bind(from.days())
        .bind(until.days())
        .fetch_all(&open.walker)
        .await
        .map_err(failed("read people's days", columns.place))?;
    let part = |(day, k, bytes): (i64, i64, Vec<u8>)| {
        Ok(Part::Block { day: columns.day(day)?, first: (k & FIRST_MASK) as u32, bytes })
    };
    rows.into_iter().map(part).collect()
}

async fn insert_channels(
    tx: &mut Transaction<'_, Sqlite>,
    day: Day,
    channels: &[ChannelNightWrite],
) -> sqlx::Result<()> {
    let mut seen = HashSet::new();
    let once: Vec<&ChannelNightWrite> = channels.iter().filter(|write| seen.insert(write.channel)).collect();
    for rows in once.chunks(BLOCKS_A_STATEMENT) {
        let sql = format!("INSERT INTO channel_night (day, channel, data, sketch) VALUES {}", values(rows.len(), 4));
        let mut insert = sqlx::query(AssertSqlSafe(sql));
        for ChannelNightWrite { channel, night, people } in rows {
            insert = insert.bind(day.days()).bind(channel.0);
            insert = insert.bind(encoded_night(night)).bind(people.as_ref().map(encoded));
        }
        insert.execute(&mut **tx).await?;
    }
    Ok(())
}
