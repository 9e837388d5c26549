//! What is nobody's personal data: channels, days, sweeps.

use model::day::Day;
use model::identity::ChannelKey;
use model::login::Login;
use model::slot::Span;
use model::statistics::swept::SweptWeek;
use model::sweep::SweepSummary;
use sqlx::sqlite::SqliteRow;
use sqlx::{AssertSqlSafe, Row, Sqlite, Transaction};

use super::SqliteStore;
use super::sql::{ROWS_A_STATEMENT, list, values};
use crate::channel::{Channel, ChannelDayRow};
use crate::day::{DayRecord, DayStats, SkippedSweep};
use crate::error::{Result, StoreError, failed};
use crate::swept::{SweptRow, swept_week};
use crate::values::Columns;

/// A channel's columns; its login is the one it holds, or held last.
macro_rules! select_channels {
    ($where:literal) => {
        concat!(
            "SELECT c.key, s.login, c.twitch_id, c.display_name, EXISTS (SELECT 1 FROM tracked t WHERE t.login = s.login), \
             (SELECT min(day) FROM channel_day d WHERE d.channel = c.key), (SELECT max(day) FROM channel_day d WHERE d.channel = c.key) \
             FROM channel c JOIN channel_span s ON s.key = c.key WHERE ",
            $where
        )
    };
}

/// How often a reader starts again because generations changed under it. An old generation is removed only after it
/// changed, so an answer under generations that still hold is whole. An import takes longer than a read: a second time
/// is rare.
const TRIES: u32 = 32;

impl SqliteStore {
    /// See [`crate::Store::channel`].
    pub(super) async fn channel_of(&self, login: &Login) -> Result<Option<Channel>> {
        self.one_channel(
            select_channels!(
                "s.login = ? AND s.until_day IS NULL \
                 AND NOT EXISTS (SELECT 1 FROM opted_out o WHERE o.kind = 'channel' AND o.key = c.key)"
            ),
            login,
        )
        .await
    }

    /// See [`crate::Store::any_channel`].
    pub(super) async fn any_channel_of(&self, login: &Login) -> Result<Option<Channel>> {
        self.one_channel(select_channels!("s.login = ? AND s.until_day IS NULL"), login).await
    }

    async fn one_channel(&self, sql: &'static str, login: &Login) -> Result<Option<Channel>> {
        let row: Option<ChannelRow> = sqlx::query_as(sql)
            .bind(login.as_str())
            .fetch_optional(&self.main.reader)
            .await
            .map_err(failed("look up a channel", &self.main.place))?;
        row.map(|row| self.to_channel(row)).transpose()
    }

    /// See [`crate::Store::channels`].
    pub(super) async fn channels_of(&self, keys: &[ChannelKey]) -> Result<Vec<Channel>> {
        let rows: Vec<ChannelRow> = sqlx::query_as(select_channels!(
            "c.key IN (SELECT value FROM json_each(?)) AND (s.login, s.from_day) = (SELECT login, from_day FROM channel_span \
             WHERE key = c.key ORDER BY until_day IS NULL DESC, from_day DESC, login LIMIT 1) ORDER BY c.key"
        ))
        .bind(list(keys.iter().map(|key| key.0)))
        .fetch_all(&self.main.reader)
        .await
        .map_err(failed("read channels", &self.main.place))?;
        rows.into_iter().map(|row| self.to_channel(row)).collect()
    }

    fn to_channel(&self, (key, login, id, display_name, tracked, first_day, last_day): ChannelRow) -> Result<Channel> {
        let columns = Columns { place: &self.main.place };
        Ok(Channel {
            key: ChannelKey(columns.number("key", key)?),
            id: id.map(|id| columns.id(id)).transpose()?,
            display_name: display_name.unwrap_or_else(|| login.clone()),
            login: columns.login(&login)?,
            tracked,
            first_day: first_day.map(|day| columns.day(day)).transpose()?,
            last_day: last_day.map(|day| columns.day(day)).transpose()?,
        })
    }

    /// See [`crate::Store::channel_days`].
    pub(super) async fn days_of_channels(
        &self,
        keys: &[ChannelKey],
        from: Day,
        until: Day,
    ) -> Result<Vec<ChannelDayRow>> {
        let mut generations = self.generations(from, until).await;
        for _ in 0..TRIES {
            let answer = self.channel_days_under(&generations, keys).await;
            let now = self.generations(from, until).await;
            if now == generations {
                return answer;
            }
            generations = now;
        }
        Err(StoreError::Busy)
    }

    async fn channel_days_under(&self, generations: &[(Day, u32)], keys: &[ChannelKey]) -> Result<Vec<ChannelDayRow>> {
        let columns = Columns { place: &self.main.place };
        let rows: Vec<(i64, i64, Vec<u8>)> = sqlx::query_as(
            "SELECT c.day, c.channel, c.data FROM json_each(?1) g CROSS JOIN channel_day c \
             ON c.day = json_extract(g.value, '$[0]') AND c.generation = json_extract(g.value, '$[1]') \
             AND c.channel IN (SELECT value FROM json_each(?2)) ORDER BY c.day, c.channel",
        )
        .bind(list(generations.iter().map(|(day, generation)| format!("[{},{generation}]", day.days()))))
        .bind(list(keys.iter().map(|key| key.0)))
        .fetch_all(&self.main.reader)
        .await
        .map_err(failed("read channels' days", columns.place))?;
        rows.into_iter()
            .map(|(day, channel, data)| {
                let channel = ChannelKey(columns.number("channel", channel)?);
                Ok(ChannelDayRow { channel, day: columns.day(day)?, data: columns.channel_day(&data)? })
            })
            .collect()
    }

    /// See [`crate::Store::channels_of_day`].
    pub(super) async fn keys_of_channels(&self, day: Day) -> Result<Vec<ChannelKey>> {
        let columns = Columns { place: &self.main.place };
        let mut generations = self.generations(day, day.plus(1)).await;
        for _ in 0..TRIES {
            let keys: Vec<i64> =
                sqlx::query_scalar("SELECT channel FROM channel_day WHERE day = ? AND generation = ? ORDER BY channel")
                    .bind(day.days())
                    // No import gives the generation 0.
                    .bind(generations.first().map_or(0, |(_, generation)| *generation))
                    .fetch_all(&self.main.reader)
                    .await
                    .map_err(failed("read a day's channels", columns.place))?;
            let now = self.generations(day, day.plus(1)).await;
            if now == generations {
                return keys.into_iter().map(|key| columns.number("channel", key).map(ChannelKey)).collect();
            }
            generations = now;
        }
        Err(StoreError::Busy)
    }

    /// See [`crate::Store::days`].
    pub(super) async fn day_records(&self) -> Result<Vec<DayRecord>> {
        let mut generations = self.generations(Day::MIN, Day::MAX).await;
        for _ in 0..TRIES {
            let answer = self.records_under(&generations).await;
            let now = self.generations(Day::MIN, Day::MAX).await;
            if now == generations {
                return answer;
            }
            generations = now;
        }
        Err(StoreError::Busy)
    }

    async fn records_under(&self, generations: &[(Day, u32)]) -> Result<Vec<DayRecord>> {
        let failed = failed("read the days", &self.main.place);
        let columns = Columns { place: &self.main.place };
        let rows =
            sqlx::query("SELECT * FROM day_record ORDER BY day").fetch_all(&self.main.reader).await.map_err(&failed)?;
        let mut days = Vec::with_capacity(generations.len());
        for row in rows {
            let number = |column| row.try_get::<i64, _>(column).map_err(&failed);
            let day = columns.day(number("day")?)?;
            if generations.binary_search(&(day, columns.number("generation", number("generation")?)?)).is_err() {
                continue;
            }
            let until: Option<i64> = row.try_get("until_slot").map_err(&failed)?;
            let archive_bytes: Option<i64> = row.try_get("archive_bytes").map_err(&failed)?;
            days.push(DayRecord {
                day,
                provisional: row.try_get("provisional").map_err(&failed)?,
                until: until.map(|slot| columns.slot(slot)).transpose()?,
                imported_at: number("imported_at")?,
                import_ms: columns.number("import_ms", number("import_ms")?)?,
                stats: DayStats {
                    viewers: columns.number("viewers", number("viewers")?)?,
                    bots: columns.number("bots", number("bots")?)?,
                    observations: columns.number("observations", number("observations")?)?,
                    kept: columns.number("kept", number("kept")?)?,
                    suppressed: columns.number("suppressed", number("suppressed")?)?,
                    joined: columns.number("joined", number("joined")?)?,
                    archive_bytes: archive_bytes.map(|bytes| columns.number("archive_bytes", bytes)).transpose()?,
                },
                sweeps: columns.number("sweeps", number("sweeps")?)?,
            });
        }
        Ok(days)
    }

    /// See [`crate::Store::bytes`].
    pub(super) async fn bytes_of_files(&self) -> Result<u64> {
        let unreadable = |source| StoreError::Measure { folder: self.folder.clone(), source };
        let mut files = tokio::fs::read_dir(&self.folder).await.map_err(unreadable)?;
        let mut bytes = 0;
        while let Some(file) = files.next_entry().await.map_err(unreadable)? {
            // Databases and their journals. One may be removed meanwhile: a month that was made anew.
            if file.file_name().to_string_lossy().contains(".db") {
                bytes += file.metadata().await.map_or(0, |about| about.len());
            }
        }
        Ok(bytes)
    }

    /// See [`crate::Store::skipped_sweeps`].
    pub(super) async fn skipped(&self, day: Day) -> Result<Vec<SkippedSweep>> {
        let generation = self.generations.read().await.get(&day).copied().unwrap_or(0);
        let rows: Vec<(i64, String)> =
            sqlx::query_as("SELECT slot, reason FROM skipped_sweep WHERE day = ? AND generation = ? ORDER BY slot")
                .bind(day.days())
                .bind(generation)
                .fetch_all(&self.main.reader)
                .await
                .map_err(failed("read the sweeps left out", &self.main.place))?;
        let columns = Columns { place: &self.main.place };
        rows.into_iter().map(|(slot, reason)| Ok(SkippedSweep { slot: columns.slot(slot)?, reason })).collect()
    }

    /// See [`crate::Store::swept_week`].
    pub(super) async fn week_swept(&self, span: Span, offset: i32, full: u32) -> Result<SweptWeek> {
        // 1970-01-01 was a Thursday.
        let rows: Vec<SweptRow> = sqlx::query_as(
            "SELECT (slot * 300 + ?1 + 3 * 86400) / 3600 % 168, COUNT(*), SUM(viewers), SUM(live), SUM(live >= ?2) \
             FROM sweep WHERE slot >= ?3 AND slot < ?4 GROUP BY 1",
        )
        .bind(i64::from(offset))
        .bind(i64::from(full))
        .bind(span.from.index())
        .bind(span.to.index())
        .fetch_all(&self.main.reader)
        .await
        .map_err(failed("read sweeps", &self.main.place))?;
        swept_week(Columns { place: &self.main.place }, rows)
    }

    /// See [`crate::Store::sweeps`].
    pub(super) async fn sweeps_of(&self, span: Span) -> Result<Vec<SweepSummary>> {
        let failed = failed("read sweeps", &self.main.place);
        let rows = sqlx::query("SELECT * FROM sweep WHERE slot >= ? AND slot < ? ORDER BY slot")
            .bind(span.from.index())
            .bind(span.to.index())
            .fetch_all(&self.main.reader)
            .await
            .map_err(&failed)?;
        rows.iter().map(|row| self.to_sweep(row)).collect()
    }

    fn to_sweep(&self, row: &SqliteRow) -> Result<SweepSummary> {
        let columns = Columns { place: &self.main.place };
        let failed = failed("read sweeps", &self.main.place);
        let number = |column| row.try_get::<i64, _>(column).map_err(&failed);
        let count = |column| columns.number::<_, u32>(column, number(column)?);
        Ok(SweepSummary {
            at: columns.slot_time(number("slot")?)?,
            live: count("live")?,
            viewers: columns.number("viewers", number("viewers")?)?,
            chatters: columns.number("chatters", number("chatters")?)?,
            complete: count("complete")?,
            partial: count("partial")?,
            missing: count("missing")?,
            unknown: count("unknown")?,
            sweep_ms: count("sweep_ms")?,
        })
    }

    /// See [`crate::Store::put_sweeps`].
    pub(super) async fn add_sweeps(&self, sweeps: &[SweepSummary]) -> Result<()> {
        let failed = failed("write sweeps", &self.main.place);
        let mut tx = self.main.write().await?;
        insert_sweeps(&mut tx, sweeps).await.map_err(&failed)?;
        tx.commit().await.map_err(failed)
    }
}

type ChannelRow = (i64, String, Option<i64>, Option<String>, bool, Option<i64>, Option<i64>);

/// Adds sweeps; the last one of a slot holds.
pub(super) async fn insert_sweeps(tx: &mut Transaction<'_, Sqlite>, sweeps: &[SweepSummary]) -> sqlx::Result<()> {
    for rows in sweeps.chunks(ROWS_A_STATEMENT) {
        let sql = format!(
            "INSERT OR REPLACE INTO sweep (slot, live, viewers, chatters, complete, partial, missing, unknown, sweep_ms) VALUES {}",
            values(rows.len(), 9)
        );
        let mut insert = sqlx::query(AssertSqlSafe(sql));
        for sweep in rows {
            insert = insert
                .bind(sweep.at.index())
                .bind(sweep.live)
                .bind(sweep.viewers as i64)
                .bind(sweep.chatters as i64)
                .bind(sweep.complete)
                .bind(sweep.partial)
                .bind(sweep.missing)
                .bind(sweep.unknown)
                .bind(sweep.sweep_ms);
        }
        insert.execute(&mut **tx).await?;
    }
    Ok(())
}
