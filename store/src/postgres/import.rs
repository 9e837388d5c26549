//! Putting a day into the database: one transaction.

use model::channel_day::ChannelDay;
use model::day::{Day, Month};
use model::identity::ChannelKey;
use model::slot::Span;
use sqlx::{AssertSqlSafe, PgConnection, Postgres, Transaction};

use super::PostgresStore;
use super::copy::Copy;
use super::directory::{Channels, People, PostgresDirectory, int4s, write};
use super::figures::insert_sweeps;
use super::months::{block_partition, is_table};
use super::reshape::patiently;
use super::suppression::heeds;
use crate::block::Block;
use crate::channel::{ChannelIdentity, distinct, keys_in_order, names_of};
use crate::day::{DayImport, ImportOutcome};
use crate::directory::resolve;
use crate::error::{Result, failed};
use crate::pack::pack;

/// Imports give keys: one at a time, in whatever process. The number is "vigie" in ASCII.
const IMPORTING: i64 = 0x76_69_67_69_65;

impl PostgresStore {
    /// See [`crate::Store::channel_keys`].
    pub(super) async fn give_channel_keys(
        &self,
        day: Day,
        channels: &[ChannelIdentity],
        withdrawals: u64,
    ) -> Result<Vec<ChannelKey>> {
        let distinct = distinct(channels);
        let mut rows = names_of(&distinct)?;
        let failed = failed("write the channels", &self.place);
        let mut tx = self.begin_import().await?;
        let newest = is_newest(&mut tx, day).await.map_err(&failed)?;
        let resolved =
            resolve(&mut PostgresDirectory::<Channels>::new(&mut tx, &self.place), day, newest, &mut rows).await?;
        write::<Channels>(&mut tx, &self.place, day.days(), &mut rows, &resolved).await?;
        let (keys, names): (Vec<u32>, Vec<&str>) = resolved
            .keys
            .iter()
            .zip(&distinct)
            .filter_map(|(key, channel)| channel.display_name.as_deref().map(|name| (*key, name)))
            .unzip();
        sqlx::query(
            "UPDATE channel c SET display_name = t.name, named_day = $3 FROM unnest($1::int4[], $2::text[]) t (key, name) \
             WHERE c.key = t.key AND (c.named_day IS NULL OR c.named_day <= $3)",
        )
        .bind(int4s(keys))
        .bind(names)
        .bind(day.days())
        .execute(&mut *tx)
        .await
        .map_err(&failed)?;
        heeds(&mut tx, withdrawals, &self.place).await?;
        tx.commit().await.map_err(failed)?;
        keys_in_order(channels, &distinct, &resolved.keys)
    }

    /// See [`crate::Store::import_day`].
    pub(super) async fn put_day(&self, mut import: DayImport) -> Result<ImportOutcome> {
        import.prepare()?;
        let day = import.day;
        let failed = failed("import a day", &self.place);
        let made = self.make_partition(day.month()).await?;
        let mut tx = self.begin_import().await?;
        let reopened = self.reopen(&mut tx, day.month(), made).await?;
        let mut viewers = std::mem::take(&mut import.viewers);
        let newest = is_newest(&mut tx, day).await.map_err(&failed)?;
        let mut directory = PostgresDirectory::<People>::new(&mut tx, &self.place);
        let resolved = resolve(&mut directory, day, newest, &mut viewers).await?;
        write::<People>(&mut tx, &self.place, day.days(), &mut viewers, &resolved).await?;
        let new_people = resolved.created() as u64;
        let mut packing = pack(viewers, resolved.keys);
        let generation: i32 = sqlx::query_scalar(
            "INSERT INTO day (day, generation) VALUES ($1, 1) \
             ON CONFLICT (day) DO UPDATE SET generation = day.generation + 1 RETURNING generation",
        )
        .bind(day.days())
        .fetch_one(&mut *tx)
        .await
        .map_err(&failed)?;
        forget(&mut tx, &import).await.map_err(&failed)?;
        put_channel_days(&mut tx, day, generation, &import.channels).await.map_err(&failed)?;
        insert_sweeps(&mut tx, &import.sweeps).await.map_err(&failed)?;
        put_record(&mut tx, &import, generation).await.map_err(&failed)?;
        let statement = "COPY block (day, first, b) FROM STDIN (FORMAT binary)";
        let generation = generation as u32;
        let mut outcome = ImportOutcome { generation, new_people, people: 0, blocks: 0, block_bytes: 0 };
        let mut copy = Copy::begin(&mut tx, statement, 3).await.map_err(&failed)?;
        while let Some(blocks) = packing.next().await {
            for Block { first, bytes } in &blocks {
                let mut row = copy.row();
                row.int4(day.days());
                row.int4(*first as i32);
                row.bytes(bytes);
                outcome.block_bytes += bytes.len() as u64;
                copy.flush_full().await.map_err(&failed)?;
            }
            outcome.blocks += blocks.len() as u64;
        }
        copy.finish().await.map_err(&failed)?;
        outcome.people = packing.people().await.map_err(|error| error.of(day))?;
        // Last, so that whoever opts out does not wait for the import.
        heeds(&mut tx, import.withdrawals, &self.place).await?;
        tx.commit().await.map_err(failed)?;
        if reopened && let Err(error) = patiently(|| self.drop_reopened(day.month())).await {
            // The day is in; the table is empty, and goes when the month is closed again.
            tracing::warn!(month = %day.month(), error = %error, "an empty table stays");
        }
        Ok(outcome)
    }

    /// Begins to import: nobody else does until it ends.
    pub(super) async fn begin_import(&self) -> Result<Transaction<'static, Postgres>> {
        let failed = failed("begin an import", &self.place);
        let mut tx = self.pool.begin().await.map_err(&failed)?;
        sqlx::query("SELECT pg_advisory_xact_lock($1)").bind(IMPORTING).execute(&mut *tx).await.map_err(failed)?;
        Ok(tx)
    }

    /// Makes a month's partition. Made by itself and attached, it locks nobody out; made in its place it would. Whether it
    /// holds no block.
    async fn make_partition(&self, month: Month) -> Result<bool> {
        let failed = failed("make a month's partition", &self.place);
        let name = block_partition(month);
        let mut connection = self.pool.acquire().await.map_err(&failed)?;
        if is_table(&mut connection, &name).await.map_err(&failed)? {
            let sql = format!("SELECT NOT EXISTS (SELECT 1 FROM {name})");
            return sqlx::query_scalar(AssertSqlSafe(sql)).fetch_one(&mut *connection).await.map_err(failed);
        }
        drop(connection);
        let mut tx = self.begin_import().await?;
        let (from, to) = (month.first_day().days(), month.next().first_day().days());
        // Of two imports the second finds it.
        if !is_table(&mut tx, &name).await.map_err(&failed)? {
            for sql in [
                format!("CREATE TABLE {name} (LIKE block INCLUDING ALL)"),
                format!("ALTER TABLE block ATTACH PARTITION {name} FOR VALUES FROM ({from}) TO ({to})"),
            ] {
                sqlx::query(AssertSqlSafe(sql)).execute(&mut *tx).await.map_err(&failed)?;
            }
        }
        tx.commit().await.map_err(failed)?;
        Ok(true)
    }
}

/// Whether no later day is held.
async fn is_newest(connection: &mut PgConnection, day: Day) -> sqlx::Result<bool> {
    let last: Option<i32> = sqlx::query_scalar("SELECT max(day) FROM day").fetch_one(connection).await?;
    Ok(last.is_none_or(|last| last <= day.days()))
}

/// Removes what was held of the day.
async fn forget(connection: &mut PgConnection, import: &DayImport) -> sqlx::Result<()> {
    for sql in [
        "DELETE FROM channel_day WHERE day = $1",
        "DELETE FROM day_record WHERE day = $1",
        "DELETE FROM skipped_sweep WHERE day = $1",
        "DELETE FROM verification WHERE day = $1",
        "DELETE FROM block WHERE day = $1",
    ] {
        sqlx::query(sql).bind(import.day.days()).execute(&mut *connection).await?;
    }
    if !import.provisional {
        let span = Span::of_day(import.day);
        let delete = sqlx::query("DELETE FROM sweep WHERE slot >= $1 AND slot < $2");
        delete.bind(span.from.index()).bind(span.to.index()).execute(connection).await?;
    }
    Ok(())
}

async fn put_channel_days(
    connection: &mut PgConnection,
    day: Day,
    generation: i32,
    channels: &[(ChannelKey, ChannelDay)],
) -> sqlx::Result<()> {
    let statement = "COPY channel_day (day, generation, channel, data) FROM STDIN (FORMAT binary)";
    let mut copy = Copy::begin(connection, statement, 4).await?;
    let mut bytes = Vec::new();
    for (channel, data) in channels {
        bytes.clear();
        data.encode(&mut bytes);
        let mut row = copy.row();
        row.int4(day.days());
        row.int4(generation);
        row.int4(channel.0 as i32);
        row.bytes(&bytes);
        copy.flush_full().await?;
    }
    copy.finish().await
}

async fn put_record(connection: &mut PgConnection, import: &DayImport, generation: i32) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO day_record (day, generation, provisional, until_slot, imported_at, import_ms, viewers, bots, \
         observations, sweeps, kept, suppressed, joined, archive_bytes) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
    )
    .bind(import.day.days())
    .bind(generation)
    .bind(import.provisional)
    .bind(import.until.map(|slot| i32::from(slot.index())))
    .bind(import.imported_at)
    .bind(i64::from(import.import_ms))
    .bind(import.stats.viewers as i64)
    .bind(import.stats.bots as i64)
    .bind(import.stats.observations as i64)
    .bind(import.sweeps.len() as i64)
    .bind(import.stats.kept as i64)
    .bind(import.stats.suppressed as i64)
    .bind(import.stats.joined as i64)
    .bind(import.stats.archive_bytes.map(|bytes| bytes as i64))
    .execute(&mut *connection)
    .await?;
    let (slots, reasons): (Vec<i32>, Vec<&str>) =
        import.skipped.iter().map(|sweep| (i32::from(sweep.slot.index()), sweep.reason.as_str())).unzip();
    sqlx::query(
        "INSERT INTO skipped_sweep (day, generation, slot, reason) SELECT $1, $2, * FROM unnest($3::int4[], $4::text[])",
    )
    .bind(import.day.days())
    .bind(generation)
    .bind(slots)
    .bind(reasons)
    .execute(connection)
    .await
    .map(drop)
}
