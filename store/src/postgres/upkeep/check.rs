//! Checking a database: reading every row finds what the disk lost; the rest are our own rules.

use std::collections::{BTreeMap, BTreeSet};

use futures::TryStreamExt as _;
use model::day::{Day, Month};
use model::login::Login;
use model::words::Tier;
use sqlx::{AssertSqlSafe, PgConnection, Row as _};

use super::{BLOCK, TRIES, VIEWER_MONTH, part_of};
use crate::access::JobKey;
use crate::error::{Result, StoreError, failed};
use crate::postgres::reading::{Reading, Table};
use crate::upkeep::backup::BackupError;
use crate::upkeep::examine::{Examiner, Imprint, KeySet, Known, channel_day, compare};
use crate::upkeep::findings::CheckReport;
use crate::upkeep::rules::{GENERATIONS, LOGINS, RULES};
use crate::values::Columns;

/// See [`crate::upkeep::check`].
pub(crate) async fn check(job: &JobKey, url: &str) -> Result<CheckReport> {
    for _ in 1..TRIES {
        match checked(job, url).await {
            Err(StoreError::Backup(BackupError::Changing)) => {}
            done => return done,
        }
    }
    checked(job, url).await
}

async fn checked(_: &JobKey, url: &str) -> Result<CheckReport> {
    let mut reading = Reading::take(url).await?;
    let place = reading.place.clone();
    let mut report = CheckReport { place: place.clone(), ..CheckReport::default() };
    let mut held = BTreeMap::new();
    let mut tiers = BTreeMap::new();
    let read = days(&mut reading.connection, &place, &mut held, &mut tiers, &mut report).await;
    noted(read, &mut reading, &mut report).await?;
    let alone = is_alone(&mut reading.connection, &place).await?;
    tables(&reading, &tiers, alone, &mut report);
    let (mut people, mut channels) = (KeySet::default(), KeySet::default());
    let sql = "SELECT key::int8 FROM person";
    let read = keys(&mut reading.connection, &place, sql, &mut people, &mut report).await;
    noted(read, &mut reading, &mut report).await?;
    let sql = "SELECT key::int8 FROM channel";
    let read = keys(&mut reading.connection, &place, sql, &mut channels, &mut report).await;
    noted(read, &mut reading, &mut report).await?;
    report.people = people.len();
    let read = names(&mut reading.connection, &place, &mut report).await;
    noted(read, &mut reading, &mut report).await?;
    let read = channel_days(&mut reading.connection, &place, &channels, &mut report).await;
    noted(read, &mut reading, &mut report).await?;
    let read = indexes(&mut reading.connection, &place, &mut report).await;
    noted(read, &mut reading, &mut report).await?;
    let known = Known { people: &people, channels: &channels, held: &held };
    let mut imprints: BTreeMap<(&str, Month), BTreeMap<Day, Imprint>> = BTreeMap::new();
    for table in reading.tables.clone() {
        let (Some((kind, month)), true) = (part_of(&table.name), table.parent.is_some()) else { continue };
        reading.table(&table).await?;
        let read = part(&mut reading.connection, (&place, &table), (kind, month), known, &mut report).await;
        match read {
            // One without rows stays when others read it while its month was opened again.
            Ok(seen) if kind == VIEWER_MONTH && !tiers.contains_key(&month) && !seen.is_empty() => {
                report.add(&place, "rows of closed months without their month", || month.to_string());
            }
            Ok(seen) => drop(imprints.insert((kind, month), seen)),
            Err(error) => noted(Err(error), &mut reading, &mut report).await?,
        }
    }
    for (month, _) in tiers.iter().filter(|(_, tier)| **tier == Tier::Slots) {
        if let (Some(open), Some(closed)) = (imprints.get(&(BLOCK, *month)), imprints.get(&(VIEWER_MONTH, *month))) {
            // An empty partition stays of a month whose blocks were removed.
            if !open.is_empty() {
                compare(&place, (open, closed), &mut report);
            }
        }
    }
    reading.close().await?;
    Ok(report)
}

/// What is damaged becomes a finding; the locks of what was read go.
async fn noted(done: Result<()>, reading: &mut Reading, report: &mut CheckReport) -> Result<()> {
    match done {
        Err(StoreError::Damaged { place, source }) => {
            report.add(&place, "the database is damaged", || source.to_string());
        }
        done => done?,
    }
    reading.renew().await
}

/// Generations, and how fine closed months are.
async fn days(
    connection: &mut PgConnection,
    place: &str,
    held: &mut BTreeMap<Day, u32>,
    tiers: &mut BTreeMap<Month, Tier>,
    report: &mut CheckReport,
) -> Result<()> {
    let failed = failed("read the days", place);
    let columns = Columns { place };
    let pairs = async |connection: &mut PgConnection, sql: &'static str| -> Result<BTreeSet<(Day, u32)>> {
        let rows: Vec<(i64, i64)> = sqlx::query_as(sql).fetch_all(connection).await.map_err(&failed)?;
        rows.into_iter()
            .map(|(day, generation)| Ok((columns.day(day)?, columns.number("generation", generation)?)))
            .collect()
    };
    held.extend(pairs(connection, "SELECT day::int8, generation::int8 FROM day").await?);
    for (table, sql) in GENERATIONS {
        let place = format!("{place} {table}");
        let told = pairs(connection, sql).await?;
        for (day, generation) in told.iter().filter(|(day, generation)| held.get(day) != Some(generation)) {
            report
                .add(&place, "rows of generations that are not held", || format!("day {day}, generation {generation}"));
        }
        if *table == "day_record" {
            for (day, generation) in held.iter().filter(|(day, generation)| !told.contains(&(**day, **generation))) {
                report.add(&place, "days without their record", || format!("day {day}, generation {generation}"));
            }
        }
    }
    let closed: Vec<(i32, String)> =
        sqlx::query_as("SELECT month, tier FROM closed_month").fetch_all(connection).await.map_err(&failed)?;
    for (first, tier) in closed {
        tiers.insert(columns.day(first)?.month(), columns.expect("tier", tier.parse().ok())?);
    }
    Ok(())
}

/// Whether nobody else is connected to the database, and so nobody is closing a month: our two connections apart.
async fn is_alone(connection: &mut PgConnection, place: &str) -> Result<bool> {
    let sql = "SELECT count(*) <= 2 FROM pg_stat_activity WHERE datname = current_database() AND backend_type = 'client backend'";
    sqlx::query_scalar(sql).fetch_one(connection).await.map_err(failed("look for others", place))
}

/// Whether tables are there, and no others.
fn tables(reading: &Reading, tiers: &BTreeMap<Month, Tier>, alone: bool, report: &mut CheckReport) {
    let mut closed = BTreeSet::new();
    for table in &reading.tables {
        if let (Some((VIEWER_MONTH, month)), true) = (part_of(&table.name), table.parent.is_some()) {
            closed.insert(month);
        }
        if alone && table.parent.is_none() && (table.name.starts_with(VIEWER_MONTH) || table.name.starts_with("block_"))
        {
            report.add(
                &reading.place,
                "tables that the closing of a month left (closing it again removes them)",
                || table.name.clone(),
            );
        }
    }
    for month in tiers.keys().filter(|month| !closed.contains(month)) {
        report.add(&reading.place, "closed months without their rows", || month.to_string());
    }
}

/// Reads all keys of a table.
async fn keys(
    connection: &mut PgConnection,
    place: &str,
    sql: &'static str,
    keys: &mut KeySet,
    report: &mut CheckReport,
) -> Result<()> {
    let failed = failed("read the names", place);
    let mut rows = sqlx::query_scalar::<_, i64>(sql).fetch(connection);
    while let Some(key) = rows.try_next().await.map_err(&failed)? {
        if !keys.insert(key) {
            report.add(place, "keys that are out of range", || format!("key {key}"));
        }
    }
    Ok(())
}

/// What must hold between the tables of names.
async fn names(connection: &mut PgConnection, place: &str, report: &mut CheckReport) -> Result<()> {
    let failed = failed("check the names", place);
    for (table, rules) in RULES {
        let place = format!("{place} {table}");
        for rule in *rules {
            let mut keys = sqlx::query_scalar::<_, i64>(rule.sql).fetch(&mut *connection);
            while let Some(key) = keys.try_next().await.map_err(&failed)? {
                report.add(&place, rule.what, || format!("key {key}"));
            }
        }
    }
    for (table, sql) in LOGINS {
        let place = format!("{place} {table}");
        let mut rows = sqlx::query(*sql).fetch(&mut *connection);
        while let Some(row) = rows.try_next().await.map_err(&failed)? {
            let (login, key): (&str, i64) = (row.try_get(0).map_err(&failed)?, row.try_get(1).map_err(&failed)?);
            if Login::check(login.as_bytes()).is_err() {
                report.add(&place, "logins that are none", || format!("key {key}"));
            }
        }
    }
    Ok(())
}

async fn channel_days(
    connection: &mut PgConnection,
    place: &str,
    channels: &KeySet,
    report: &mut CheckReport,
) -> Result<()> {
    let failed = failed("check the channels' days", place);
    let place = format!("{place} channel_day");
    let mut rows = sqlx::query("SELECT day::int8, channel::int8, data FROM channel_day").fetch(connection);
    while let Some(row) = rows.try_next().await.map_err(&failed)? {
        let (day, channel) = (row.try_get(0).map_err(&failed)?, row.try_get(1).map_err(&failed)?);
        channel_day(&place, channels, (day, channel, row.try_get(2).map_err(&failed)?), report);
    }
    Ok(())
}

/// Indexes that Postgres itself does not trust.
async fn indexes(connection: &mut PgConnection, place: &str, report: &mut CheckReport) -> Result<()> {
    let sql = "SELECT c.relname::text FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid \
         WHERE c.relnamespace = (SELECT relnamespace FROM pg_class WHERE oid = 'meta'::regclass) AND NOT (i.indisvalid AND i.indisready)";
    let names: Vec<String> =
        sqlx::query_scalar(sql).fetch_all(connection).await.map_err(failed("look at the indexes", place))?;
    for name in names {
        report.add(place, "indexes that are not valid (REINDEX makes them anew)", || name);
    }
    Ok(())
}

/// A partition of either kind.
async fn part(
    connection: &mut PgConnection,
    (place, table): (&str, &Table),
    (kind, month): (&str, Month),
    known: Known<'_>,
    report: &mut CheckReport,
) -> Result<BTreeMap<Day, Imprint>> {
    let failed = failed("check a month", place);
    let place = format!("{place} {}", table.name);
    let mut examiner = Examiner::new(&place, month, known, report);
    let sql = if kind == BLOCK {
        format!("SELECT day::int8, first::int8, b FROM {} ORDER BY day, first", table.name)
    } else {
        format!("SELECT month::int8, v::int8, b FROM {} ORDER BY v", table.name)
    };
    let mut rows = sqlx::query(AssertSqlSafe(sql)).fetch(connection);
    while let Some(row) = rows.try_next().await.map_err(&failed)? {
        let (day, key) = (row.try_get(0).map_err(&failed)?, row.try_get(1).map_err(&failed)?);
        let bytes = row.try_get(2).map_err(&failed)?;
        if kind == BLOCK {
            examiner.block(day, key, bytes);
        } else {
            examiner.row(key, bytes);
        }
    }
    drop(rows);
    Ok(examiner.finish())
}
