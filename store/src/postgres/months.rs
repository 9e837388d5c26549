//! Months: partitions of blocks by day, and partitions with a row a person.
//!
//! A closed form is made in a table of its own and attached whole, in one transaction with the row that readers go by.

use std::collections::BTreeMap;

use model::day::{Day, Month};
use model::identity::PersonKey;
use model::words::Tier;
use sqlx::{AssertSqlSafe, PgConnection, Postgres, Row, Transaction};

use super::PostgresStore;
use super::copy::Copy;
use super::reshape::patiently;
use crate::block::{Block, BlockWriter, entries};
use crate::error::{Result, StoreError, failed};
use crate::month::{self, MonthOutcome, MonthRecord, PAGE_MONTHS, Stretch, place};
use crate::values::Columns;

/// Keys that are put together at once: a few megabytes of a month.
const STRETCH: u32 = 1 << 15;

/// What a table that is made aside says of its rows until it is part of the table whose parts say so.
const OF_ITS_MONTH: &str = "of_its_month";

impl PostgresStore {
    /// See [`crate::Store::months`].
    pub(super) async fn month_records(&self) -> Result<Vec<MonthRecord>> {
        let failed = failed("read the months", &self.place);
        let columns = Columns { place: &self.place };
        let mut months: BTreeMap<Month, MonthRecord> = BTreeMap::new();
        // Whatever their rows: a partition is what can be written to.
        let open: Vec<String> = sqlx::query_scalar(
            "SELECT c.relname::text FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = 'block'::regclass",
        )
        .fetch_all(&self.pool)
        .await
        .map_err(&failed)?;
        for name in open {
            let month = name.strip_prefix("block_").and_then(|name| name.replace('_', "-").parse().ok());
            let month: Month = columns.expect("block's partition", month)?;
            months.insert(month, MonthRecord { month, open: true, closed: None });
        }
        let closed: Vec<(i32, String)> =
            sqlx::query_as("SELECT month, tier FROM closed_month").fetch_all(&self.pool).await.map_err(&failed)?;
        for (first, tier) in closed {
            let month = columns.day(first)?.month();
            let record = months.entry(month).or_insert(MonthRecord { month, open: false, closed: None });
            record.closed = Some(columns.expect("tier", tier.parse().ok())?);
        }
        Ok(months.into_values().collect())
    }

    /// See [`crate::Store::close_month`].
    pub(super) async fn close_month_of(&self, month: Month) -> Result<MonthOutcome> {
        let failed = failed("close a month", &self.place);
        self.drop_aside(&aside_of(month)).await?;
        // Filled by itself: an import does not wait for it.
        let mut tx = self.pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ").await.map_err(&failed)?;
        let before = MadeOf::read(&mut tx, month).await.map_err(&failed)?;
        if !is_table(&mut tx, &block_partition(month)).await.map_err(&failed)? {
            return Err(StoreError::NotOpen(month));
        }
        let aside = make_aside(&mut tx, month).await.map_err(&failed)?;
        let outcome = self.fill_closed(&mut tx, month, &aside).await?;
        tx.commit().await.map_err(&failed)?;
        let put = patiently(|| self.put_closed(month, &aside, &before)).await;
        self.unless_put(&aside, put.map(|()| outcome)).await
    }

    /// Makes the table that was made aside the month's rows.
    async fn put_closed(&self, month: Month, aside: &str, made_of: &MadeOf) -> Result<()> {
        let failed = failed("close a month", &self.place);
        let mut tx = self.begin_reshape().await?;
        made_of.still_holds(&mut tx, month, aside, &self.place).await?;
        remove_closed(&mut tx, month).await.map_err(&failed)?;
        attach(&mut tx, month, aside, Tier::Slots).await.map_err(&failed)?;
        tx.commit().await.map_err(failed)
    }

    /// Removes the table that was made aside, where it was not put in place.
    pub(super) async fn unless_put<T>(&self, aside: &str, put: Result<T>) -> Result<T> {
        if put.is_err() {
            // What went wrong first is told; what stays goes when the month is closed or aged again.
            let _ = self.drop_aside(aside).await;
        }
        put
    }

    /// Removes tables that runs which were stopped made aside. One that is still to be put in its place is made of what no
    /// longer holds.
    pub(super) async fn drop_asides(&self) -> Result<()> {
        let sql = "SELECT relname::text FROM pg_class WHERE relkind = 'r' AND relname ~ '^viewer_month_[0-9]{4}_[0-9]{2}_new$' \
             AND relnamespace = (SELECT relnamespace FROM pg_class WHERE oid = 'meta'::regclass)";
        let asides: Vec<String> = sqlx::query_scalar(sql)
            .fetch_all(&self.pool)
            .await
            .map_err(failed("look for what was made aside", &self.place))?;
        for aside in asides {
            self.drop_aside(&aside).await?;
        }
        Ok(())
    }

    /// Removes a table that was made aside, where there is one: by itself, so that nobody waits while it waits for a
    /// `pg_dump` that reads it. Errors: [`StoreError::Occupied`].
    pub(super) async fn drop_aside(&self, aside: &str) -> Result<()> {
        let failed = failed("remove what was made aside", &self.place);
        let sql = format!("DROP TABLE IF EXISTS {aside}");
        let attempt = async || {
            let mut tx = self.pool.begin().await.map_err(&failed)?;
            self.wait_for_moments(&mut tx).await?;
            sqlx::query(AssertSqlSafe(sql.as_str())).execute(&mut *tx).await.map_err(&failed)?;
            tx.commit().await.map_err(&failed)
        };
        patiently(attempt).await
    }

    async fn fill_closed(&self, tx: &mut Transaction<'_, Postgres>, month: Month, table: &str) -> Result<MonthOutcome> {
        let failed = failed("close a month", &self.place);
        let (from, until) = (month.first_day().days(), month.next().first_day().days());
        let last: Option<i32> = sqlx::query_scalar("SELECT max(first) FROM block WHERE day >= $1 AND day < $2")
            .bind(from)
            .bind(until)
            .fetch_one(&mut **tx)
            .await
            .map_err(&failed)?;
        let last = Columns { place: &self.place }.number::<_, u32>("first", last.unwrap_or(0))?;
        let mut outcome = MonthOutcome::default();
        let mut stretch = Stretch::default();
        for first in (0..=last).step_by(STRETCH as usize) {
            // Blocks reach beyond their first key: the last stretch takes all that is left.
            let end = if first + STRETCH > last { 1 << PersonKey::BITS } else { first + STRETCH };
            self.read_stretch(tx, month, first, end, &mut stretch).await?;
            let statement = format!("COPY {table} (month, v, b) FROM STDIN (FORMAT binary)");
            let mut copy = Copy::begin(tx, &statement, 3).await.map_err(&failed)?;
            for (person, bytes) in stretch.rows(&mut outcome) {
                let mut row = copy.row();
                row.int4(from);
                row.int4(person as i32);
                row.bytes(&bytes);
                copy.flush_full().await.map_err(&failed)?;
            }
            copy.finish().await.map_err(&failed)?;
        }
        Ok(outcome)
    }

    /// Reads everybody's days with keys of [from, until) out of the blocks.
    async fn read_stretch(
        &self,
        connection: &mut PgConnection,
        month: Month,
        from: u32,
        until: u32,
        stretch: &mut Stretch,
    ) -> Result<()> {
        let columns = Columns { place: &self.place };
        let failed = failed("read a month", columns.place);
        let rows = sqlx::query(
            "SELECT d.day, t.first, t.b FROM day d CROSS JOIN LATERAL (SELECT first, b FROM block WHERE block.day = d.day AND first < $2 \
             AND first >= coalesce((SELECT max(first) FROM block WHERE block.day = d.day AND first <= $1), 0)) t \
             WHERE d.day >= $3 AND d.day < $4",
        )
        .bind(from as i32)
        .bind(until as i32)
        .bind(month.first_day().days())
        .bind(month.next().first_day().days())
        .fetch_all(connection)
        .await
        .map_err(&failed)?;
        for row in rows {
            let place = place(columns.day(row.try_get::<i32, _>(0).map_err(&failed)?)?);
            let first = columns.number("first", row.try_get::<i32, _>(1).map_err(&failed)?)?;
            for entry in entries(first, row.try_get(2).map_err(&failed)?) {
                let (key, bytes) = columns.decoded(entry)?;
                if (from..until).contains(&key) {
                    stretch.push(key, place, bytes);
                }
            }
        }
        Ok(())
    }

    /// See [`crate::Store::drop_open`].
    pub(super) async fn drop_open_of(&self, month: Month) -> Result<()> {
        patiently(|| self.drop_blocks_of_closed(month)).await
    }

    async fn drop_blocks_of_closed(&self, month: Month) -> Result<()> {
        let failed = failed("remove a month's blocks", &self.place);
        let mut tx = self.begin_reshape().await?;
        if tier_of(&mut tx, month, &self.place).await?.is_none() {
            return Err(StoreError::NotClosed(month));
        }
        let sql = format!("DROP TABLE IF EXISTS {}", block_partition(month));
        sqlx::query(AssertSqlSafe(sql)).execute(&mut *tx).await.map_err(&failed)?;
        tx.commit().await.map_err(failed)
    }

    /// Within an import: makes a month ready for a day of it to be replaced; whether it was closed. The rows of the closed
    /// form go, once there are blocks. Their table stays: to drop it now would lock readers out until the import ends.
    pub(super) async fn reopen(&self, tx: &mut Transaction<'_, Postgres>, month: Month, empty: bool) -> Result<bool> {
        let failed = failed("open a month again", &self.place);
        match tier_of(tx, month, &self.place).await? {
            None => return Ok(false),
            Some(Tier::Slots) => {}
            Some(tier) => return Err(StoreError::Aged { month, tier }),
        }
        if empty {
            self.fill_open(tx, month).await?;
        }
        for sql in ["DELETE FROM closed_month WHERE month = $1", "DELETE FROM viewer_month WHERE month = $1"] {
            sqlx::query(sql).bind(month.first_day().days()).execute(&mut **tx).await.map_err(&failed)?;
        }
        Ok(true)
    }

    /// Drops the empty table that [`PostgresStore::reopen`] left.
    pub(super) async fn drop_reopened(&self, month: Month) -> Result<()> {
        let failed = failed("open a month again", &self.place);
        let mut tx = self.begin_reshape().await?;
        // Closed again meanwhile, it is in use.
        if tier_of(&mut tx, month, &self.place).await?.is_none() {
            remove_closed(&mut tx, month).await.map_err(&failed)?;
        }
        tx.commit().await.map_err(failed)
    }

    async fn fill_open(&self, tx: &mut Transaction<'_, Postgres>, month: Month) -> Result<()> {
        let failed = failed("open a month again", &self.place);
        let columns = Columns { place: &self.place };
        let first = month.first_day();
        let mut writers: BTreeMap<u8, BlockWriter> = BTreeMap::new();
        let mut from = 0;
        loop {
            let rows: Vec<(i32, Vec<u8>)> =
                sqlx::query_as("SELECT v, b FROM viewer_month WHERE month = $1 AND v >= $2 ORDER BY v LIMIT $3")
                    .bind(first.days())
                    .bind(from)
                    .bind(PAGE_MONTHS)
                    .fetch_all(&mut **tx)
                    .await
                    .map_err(&failed)?;
            for (person, bytes) in &rows {
                let person = columns.number("v", *person)?;
                for (place, day) in columns.decoded(month::days(bytes))? {
                    writers.entry(place).or_default().push(person, day);
                }
            }
            let more = rows.last().filter(|_| rows.len() as i64 == PAGE_MONTHS).map(|(person, _)| person + 1);
            for (place, writer) in &mut writers {
                let blocks = if more.is_some() { writer.take_done() } else { std::mem::take(writer).finish() };
                copy_blocks(tx, first.plus(i32::from(*place)), &blocks).await.map_err(&failed)?;
            }
            match more {
                Some(next) => from = next,
                None => return Ok(()),
            }
        }
    }
}

async fn copy_blocks(connection: &mut PgConnection, day: Day, blocks: &[Block]) -> sqlx::Result<()> {
    let mut copy = Copy::begin(connection, "COPY block (day, first, b) FROM STDIN (FORMAT binary)", 3).await?;
    for Block { first, bytes } in blocks {
        let mut row = copy.row();
        row.int4(day.days());
        row.int4(*first as i32);
        row.bytes(bytes);
        copy.flush_full().await?;
    }
    copy.finish().await
}

/// How fine the month's rows by person are; nothing when it has none.
pub(super) async fn tier_of(connection: &mut PgConnection, month: Month, place: &str) -> Result<Option<Tier>> {
    let tier: Option<String> = sqlx::query_scalar("SELECT tier FROM closed_month WHERE month = $1")
        .bind(month.first_day().days())
        .fetch_optional(connection)
        .await
        .map_err(failed("read how fine a month is", place))?;
    tier.map(|tier| Columns { place }.expect("tier", tier.parse().ok())).transpose()
}

pub(super) async fn remove_closed(connection: &mut PgConnection, month: Month) -> sqlx::Result<()> {
    let delete = sqlx::query("DELETE FROM closed_month WHERE month = $1").bind(month.first_day().days());
    delete.execute(&mut *connection).await?;
    let sql = format!("DROP TABLE IF EXISTS {}", closed_partition(month));
    sqlx::query(AssertSqlSafe(sql)).execute(connection).await.map(drop)
}

/// Makes an empty table for a month's rows, which nobody reads yet; its name. What had the name is gone by
/// then. Its rows are checked as they come: nobody waits for a reading of them all when it is put
/// in place.
pub(super) async fn make_aside(connection: &mut PgConnection, month: Month) -> sqlx::Result<String> {
    let aside = aside_of(month);
    let (from, until) = (month.first_day().days(), month.next().first_day().days());
    let sql = format!(
        "CREATE TABLE {aside} (LIKE viewer_month INCLUDING ALL, CONSTRAINT {OF_ITS_MONTH} CHECK (month >= {from} AND month < {until}))"
    );
    sqlx::query(AssertSqlSafe(sql)).execute(connection).await?;
    Ok(aside)
}

/// Makes a table that was made aside the month's rows.
pub(super) async fn attach(connection: &mut PgConnection, month: Month, aside: &str, tier: Tier) -> sqlx::Result<()> {
    let name = closed_partition(month);
    let (from, until) = (month.first_day().days(), month.next().first_day().days());
    for sql in [
        // A statement that was planned before the month had this table, and begins to read when it has, would find it nowhere.
        "LOCK TABLE ONLY viewer_month IN ACCESS EXCLUSIVE MODE".to_owned(),
        format!("ALTER TABLE {aside} RENAME TO {name}"),
        format!("ALTER TABLE viewer_month ATTACH PARTITION {name} FOR VALUES FROM ({from}) TO ({until})"),
        format!("ALTER TABLE {name} DROP CONSTRAINT {OF_ITS_MONTH}"),
    ] {
        sqlx::query(AssertSqlSafe(sql)).execute(&mut *connection).await?;
    }
    sqlx::query("INSERT INTO closed_month (month, until_day, tier) VALUES ($1, $2, $3)")
        .bind(from)
        .bind(until)
        .bind(tier.as_str())
        .execute(connection)
        .await
        .map(drop)
}

pub(super) async fn is_table(connection: &mut PgConnection, name: &str) -> sqlx::Result<bool> {
    sqlx::query_scalar("SELECT to_regclass($1) IS NOT NULL").bind(name).fetch_one(connection).await
}

/// What a month's rows are made of.
#[derive(PartialEq)]
pub(super) struct MadeOf {
    /// The days, and their generations.
    days: Vec<(i32, i32)>,
    /// An erasure changes rows of a day, and no generation.
    withdrawals: i64,
}

impl MadeOf {
    pub(super) async fn read(connection: &mut PgConnection, month: Month) -> sqlx::Result<MadeOf> {
        let days = sqlx::query_as("SELECT day, generation FROM day WHERE day >= $1 AND day < $2 ORDER BY day")
            .bind(month.first_day().days())
            .bind(month.next().first_day().days())
            .fetch_all(&mut *connection)
            .await?;
        let withdrawals = sqlx::query_scalar("SELECT withdrawals FROM meta").fetch_one(connection).await?;
        Ok(MadeOf { days, withdrawals })
    }

    /// Within a change of tables. Errors: a day was replaced or somebody erased meanwhile, or an erasure took the table
    /// that was made aside for what a stopped run had left; whoever asked asks again.
    pub(super) async fn still_holds(
        &self,
        tx: &mut PgConnection,
        month: Month,
        aside: &str,
        place: &str,
    ) -> Result<()> {
        let failed = failed("read what a month is made of", place);
        let now = MadeOf::read(tx, month).await.map_err(&failed)?;
        let there = is_table(tx, aside).await.map_err(failed)?;
        if there && now == *self { Ok(()) } else { Err(StoreError::Busy) }
    }
}

pub(super) fn block_partition(month: Month) -> String {
    format!("block_{}", month.to_string().replace('-', "_"))
}

pub(super) fn closed_partition(month: Month) -> String {
    format!("viewer_month_{}", month.to_string().replace('-', "_"))
}

/// The table that a closed form is made in.
pub(super) fn aside_of(month: Month) -> String {
    format!("{}_new", closed_partition(month))
}
