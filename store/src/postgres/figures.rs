//! What is nobody's personal data: channels, days, sweeps, what is on air, what is tracked.

use model::day::Day;
use model::identity::ChannelKey;
use model::login::Login;
use model::slot::{SlotTime, Span};
use model::statistics::swept::SweptWeek;
use model::sweep::{LiveStream, SweepSummary};
use sqlx::postgres::PgRow;
use sqlx::{PgConnection, Postgres, Row, Transaction};

use super::PostgresStore;
use super::directory::int4s;
use super::suppression::suppressed;
use crate::channel::{Channel, ChannelDayRow};
use crate::day::{DayRecord, DayStats, SkippedSweep};
use crate::error::{Result, failed};
use crate::live::{LiveRow, SELECT_LIVE, encode_trail, live_stream};
use crate::suppression::{Secret, Suppression, hashes_of};
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

impl PostgresStore {
    /// See [`crate::Store::channel`].
    pub(super) async fn channel_of(&self, login: &Login) -> Result<Option<Channel>> {
        self.one_channel(
            select_channels!(
                "s.login = $1 AND s.until_day IS NULL \
                 AND NOT EXISTS (SELECT 1 FROM opted_out o WHERE o.kind = 'channel' AND o.key = c.key)"
            ),
            login,
        )
        .await
    }

    /// See [`crate::Store::any_channel`].
    pub(super) async fn any_channel_of(&self, login: &Login) -> Result<Option<Channel>> {
        self.one_channel(select_channels!("s.login = $1 AND s.until_day IS NULL"), login).await
    }

    async fn one_channel(&self, sql: &'static str, login: &Login) -> Result<Option<Channel>> {
        let row: Option<ChannelRow> = sqlx::query_as(sql)
            .bind(login.as_str())
            .fetch_optional(&self.pool)
            .await
            .map_err(failed("look up a channel", &self.place))?;
        row.map(|row| self.to_channel(row)).transpose()
    }

    /// See [`crate::Store::channels`].
    pub(super) async fn channels_of(&self, keys: &[ChannelKey]) -> Result<Vec<Channel>> {
        let rows: Vec<ChannelRow> = sqlx::query_as(select_channels!(
            "c.key = ANY($1) AND (s.login, s.from_day) = (SELECT login, from_day FROM channel_span WHERE key = c.key \
             ORDER BY until_day IS NULL DESC, from_day DESC, login LIMIT 1) ORDER BY c.key"
        ))
        .bind(int4s(keys.iter().map(|key| key.0)))
        .fetch_all(&self.pool)
        .await
        .map_err(failed("read channels", &self.place))?;
        rows.into_iter().map(|row| self.to_channel(row)).collect()
    }

    fn to_channel(&self, (key, login, id, display_name, tracked, first_day, last_day): ChannelRow) -> Result<Channel> {
        let columns = Columns { place: &self.place };
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
        let columns = Columns { place: &self.place };
        let rows: Vec<(i32, i32, Vec<u8>)> = sqlx::query_as(
            "SELECT c.day, c.channel, c.data FROM day d JOIN channel_day c ON c.day = d.day AND c.generation = d.generation \
             WHERE d.day >= $1 AND d.day < $2 AND c.channel = ANY($3) ORDER BY c.day, c.channel",
        )
        .bind(from.days())
        .bind(until.days())
        .bind(int4s(keys.iter().map(|key| key.0)))
        .fetch_all(&self.pool)
        .await
        .map_err(failed("read channels' days", &self.place))?;
        rows.into_iter()
            .map(|(day, channel, data)| {
                let channel = ChannelKey(columns.number("channel", channel)?);
                Ok(ChannelDayRow { channel, day: columns.day(day)?, data: columns.channel_day(&data)? })
            })
            .collect()
    }

    /// See [`crate::Store::channels_of_day`].
    pub(super) async fn keys_of_channels(&self, day: Day) -> Result<Vec<ChannelKey>> {
        let columns = Columns { place: &self.place };
        let keys: Vec<i32> = sqlx::query_scalar(
            "SELECT c.channel FROM day d JOIN channel_day c USING (day, generation) WHERE d.day = $1 ORDER BY c.channel",
        )
        .bind(day.days())
        .fetch_all(&self.pool)
        .await
        .map_err(failed("read a day's channels", &self.place))?;
        keys.into_iter().map(|key| columns.number("channel", key).map(ChannelKey)).collect()
    }

    /// See [`crate::Store::bytes`].
    pub(super) async fn bytes_of_database(&self) -> Result<u64> {
        let bytes: i64 = sqlx::query_scalar("SELECT pg_database_size(current_database())")
            .fetch_one(&self.pool)
            .await
            .map_err(failed("measure the database", &self.place))?;
        Columns { place: &self.place }.number("bytes", bytes)
    }

    /// See [`crate::Store::days`].
    pub(super) async fn day_records(&self) -> Result<Vec<DayRecord>> {
        let failed = failed("read the days", &self.place);
        let columns = Columns { place: &self.place };
        let rows = sqlx::query("SELECT r.* FROM day d JOIN day_record r USING (day, generation) ORDER BY day")
            .fetch_all(&self.pool)
            .await
            .map_err(&failed)?;
        rows.iter()
            .map(|row| {
                let number = |column| row.try_get::<i64, _>(column).map_err(&failed);
                let until: Option<i32> = row.try_get("until_slot").map_err(&failed)?;
                let archive_bytes: Option<i64> = row.try_get("archive_bytes").map_err(&failed)?;
                Ok(DayRecord {
                    day: columns.day(row.try_get::<i32, _>("day").map_err(&failed)?)?,
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
                })
            })
            .collect()
    }

    /// See [`crate::Store::skipped_sweeps`].
    pub(super) async fn skipped(&self, day: Day) -> Result<Vec<SkippedSweep>> {
        let rows: Vec<(i32, String)> = sqlx::query_as(
            "SELECT slot, reason FROM skipped_sweep JOIN day USING (day, generation) WHERE day = $1 ORDER BY slot",
        )
        .bind(day.days())
        .fetch_all(&self.pool)
        .await
        .map_err(failed("read the sweeps left out", &self.place))?;
        let columns = Columns { place: &self.place };
        rows.into_iter().map(|(slot, reason)| Ok(SkippedSweep { slot: columns.slot(slot)?, reason })).collect()
    }

    /// See [`crate::Store::swept_week`].
    pub(super) async fn week_swept(&self, span: Span, offset: i32, full: u32) -> Result<SweptWeek> {
        // 1970-01-01 was a Thursday.
        let rows: Vec<SweptRow> = sqlx::query_as(
            "SELECT (slot::int8 * 300 + $1 + 3 * 86400) / 3600 % 168, COUNT(*), SUM(viewers)::int8, SUM(live)::int8, \
             COUNT(*) FILTER (WHERE live >= $2) FROM sweep WHERE slot >= $3 AND slot < $4 GROUP BY 1",
        )
        .bind(i64::from(offset))
        .bind(i64::from(full))
        .bind(span.from.index())
        .bind(span.to.index())
        .fetch_all(&self.pool)
        .await
        .map_err(failed("read sweeps", &self.place))?;
        swept_week(Columns { place: &self.place }, rows)
    }

    /// See [`crate::Store::sweeps`].
    pub(super) async fn sweeps_of(&self, span: Span) -> Result<Vec<SweepSummary>> {
        let failed = failed("read sweeps", &self.place);
        let rows = sqlx::query("SELECT * FROM sweep WHERE slot >= $1 AND slot < $2 ORDER BY slot")
            .bind(span.from.index())
            .bind(span.to.index())
            .fetch_all(&self.pool)
            .await
            .map_err(&failed)?;
        rows.iter().map(|row| self.to_sweep(row)).collect()
    }

    fn to_sweep(&self, row: &PgRow) -> Result<SweepSummary> {
        let columns = Columns { place: &self.place };
        let failed = failed("read sweeps", &self.place);
        let number = |column| row.try_get::<i64, _>(column).map_err(&failed);
        let count = |column| columns.number::<_, u32>(column, number(column)?);
        Ok(SweepSummary {
            at: columns.slot_time(row.try_get::<i32, _>("slot").map_err(&failed)?)?,
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
        let failed = failed("write sweeps", &self.place);
        let mut tx = self.pool.begin().await.map_err(&failed)?;
        insert_sweeps(&mut tx, sweeps).await.map_err(&failed)?;
        tx.commit().await.map_err(failed)
    }

    /// See [`crate::Store::live`].
    pub(super) async fn live_now(&self) -> Result<Vec<LiveStream>> {
        let failed = failed("read what is on air", &self.place);
        let columns = Columns { place: &self.place };
        let rows: Vec<LiveRow<i32>> = sqlx::query_as(SELECT_LIVE).fetch_all(&self.pool).await.map_err(failed)?;
        rows.into_iter().map(|row| live_stream(columns, row)).collect()
    }

    /// See [`crate::Store::live_at`].
    pub(super) async fn live_slot(&self) -> Result<Option<SlotTime>> {
        let at: Option<i32> = sqlx::query_scalar("SELECT live_at FROM meta")
            .fetch_one(&self.pool)
            .await
            .map_err(failed("read what is on air", &self.place))?;
        at.map(|at| Columns { place: &self.place }.slot_time(at)).transpose()
    }

    /// Begins to write what is on air. One at a time: without the lock an opt-out would not see the rows that are being
    /// written, nor they the opt-out.
    pub(super) async fn begin_live(&self) -> Result<Transaction<'static, Postgres>> {
        let failed = failed("write what is on air", &self.place);
        let mut tx = self.pool.begin().await.map_err(&failed)?;
        let lock = sqlx::query("LOCK TABLE live_stream IN SHARE ROW EXCLUSIVE MODE");
        lock.execute(&mut *tx).await.map_err(failed)?;
        Ok(tx)
    }

    /// See [`crate::Store::replace_live`].
    pub(super) async fn set_live(&self, at: SlotTime, streams: &[LiveStream], secret: Option<&Secret>) -> Result<()> {
        let failed = failed("write what is on air", &self.place);
        let hashes = hashes_of(streams, secret);
        let mut tx = self.begin_live().await?;
        // In the transaction: an opt-out comes before and is heeded, or after and takes them off the air itself.
        let list = Suppression::of(suppressed(&mut tx, &self.place).await?, secret)?;
        sqlx::query("DELETE FROM live_stream").execute(&mut *tx).await.map_err(&failed)?;
        for (stream, _) in streams.iter().zip(&hashes).filter(|(_, hashes)| !list.holds_any(hashes)) {
            sqlx::query(
                "INSERT INTO live_stream (slot, login, channel_id, display_name, title, game, viewers, started_at, trail) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (login) DO NOTHING",
            )
            .bind(stream.at.index())
            .bind(stream.login.as_str())
            .bind(stream.id.map(|id| id.get() as i64))
            .bind(&stream.display_name)
            .bind(&stream.title)
            .bind(&stream.game)
            .bind(i64::from(stream.viewers))
            .bind(stream.started_at)
            .bind(encode_trail(&stream.trail))
            .execute(&mut *tx)
            .await
            .map_err(&failed)?;
        }
        sqlx::query("UPDATE meta SET live_at = $1").bind(at.index()).execute(&mut *tx).await.map_err(&failed)?;
        tx.commit().await.map_err(failed)
    }

    /// See [`crate::Store::tracked`].
    pub(super) async fn tracked_channels(&self) -> Result<Vec<Login>> {
        let logins: Vec<String> = sqlx::query_scalar("SELECT login FROM tracked ORDER BY login")
            .fetch_all(&self.pool)
            .await
            .map_err(failed("read the tracked channels", &self.place))?;
        logins.iter().map(|login| Columns { place: &self.place }.login(login)).collect()
    }

    /// See [`crate::Store::set_tracked`].
    pub(super) async fn replace_tracked(&self, channels: &[Login]) -> Result<()> {
        let failed = failed("write the tracked channels", &self.place);
        let mut tx = self.pool.begin().await.map_err(&failed)?;
        sqlx::query("DELETE FROM tracked").execute(&mut *tx).await.map_err(&failed)?;
        sqlx::query("INSERT INTO tracked (login) SELECT * FROM unnest($1::text[]) ON CONFLICT DO NOTHING")
            .bind(channels.iter().map(Login::as_str).collect::<Vec<_>>())
            .execute(&mut *tx)
            .await
            .map_err(&failed)?;
        tx.commit().await.map_err(failed)
    }
}

type ChannelRow = (i32, String, Option<i64>, Option<String>, bool, Option<i32>, Option<i32>);

/// Adds sweeps; the last one of a slot holds.
pub(super) async fn insert_sweeps(connection: &mut PgConnection, sweeps: &[SweepSummary]) -> sqlx::Result<()> {
    let column = |value: fn(&SweepSummary) -> i64| sweeps.iter().map(value).collect::<Vec<i64>>();
    // One statement cannot replace a row twice: of a slot given twice, the last one counts.
    sqlx::query(
        "INSERT INTO sweep (slot, live, viewers, chatters, complete, partial, missing, unknown, sweep_ms) \
         SELECT DISTINCT ON (slot) slot, live, viewers, chatters, complete, partial, missing, unknown, sweep_ms \
         FROM unnest($1::int4[], $2::int8[], $3::int8[], $4::int8[], $5::int8[], $6::int8[], $7::int8[], $8::int8[], $9::int8[]) \
         WITH ORDINALITY t (slot, live, viewers, chatters, complete, partial, missing, unknown, sweep_ms, position) \
         ORDER BY slot, position DESC \
         ON CONFLICT (slot) DO UPDATE SET live = excluded.live, viewers = excluded.viewers, chatters = excluded.chatters, \
         complete = excluded.complete, partial = excluded.partial, missing = excluded.missing, unknown = excluded.unknown, \
         sweep_ms = excluded.sweep_ms",
    )
    .bind(sweeps.iter().map(|sweep| sweep.at.index()).collect::<Vec<i32>>())
    .bind(column(|sweep| sweep.live.into()))
    .bind(column(|sweep| sweep.viewers as i64))
    .bind(column(|sweep| sweep.chatters as i64))
    .bind(column(|sweep| sweep.complete.into()))
    .bind(column(|sweep| sweep.partial.into()))
    .bind(column(|sweep| sweep.missing.into()))
    .bind(column(|sweep| sweep.unknown.into()))
    .bind(column(|sweep| sweep.sweep_ms.into()))
    .execute(connection)
    .await
    .map(drop)
}
