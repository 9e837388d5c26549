//! Figures of a database.

use std::collections::{BTreeMap, BTreeSet};

use model::day::Month;
use model::words::Tier;
use sqlx::PgConnection;

use super::{BLOCK, VIEWER_MONTH, part_of};
use crate::error::{Result, failed};
use crate::postgres::reading::Reading;
use crate::upkeep::stats::{MonthStats, StoreStats, per};
use crate::values::Columns;

/// See [`crate::upkeep::stats`].
pub(crate) async fn stats(url: &str) -> Result<StoreStats> {
    let mut reading = Reading::take(url).await?;
    let place = reading.place.clone();
    let columns = Columns { place: &place };
    let failed = failed("measure the tables", &place);
    let mut sizes: BTreeMap<(&str, Month), u64> = BTreeMap::new();
    for table in reading.tables.clone() {
        if let (Some(part), true) = (part_of(&table.name), table.parent.is_some()) {
            sizes.insert(part, taken(&mut reading.connection, columns, &table.name).await?);
        }
    }
    let connection = &mut reading.connection;
    let tiers: Vec<(i32, String)> =
        sqlx::query_as("SELECT month, tier FROM closed_month").fetch_all(&mut *connection).await.map_err(&failed)?;
    let tiers: BTreeMap<Month, Tier> = tiers
        .into_iter()
        .map(|(first, tier)| Ok((columns.day(first)?.month(), columns.expect("tier", tier.parse().ok())?)))
        .collect::<Result<_>>()?;
    let counted = counted(connection, columns).await?;
    let mut months = Vec::new();
    for month in sizes.keys().map(|(_, month)| *month).chain(counted.keys().copied()).collect::<BTreeSet<Month>>() {
        let closed = tiers.get(&month).zip(sizes.get(&(VIEWER_MONTH, month)));
        months.push(MonthStats::new(
            month,
            counted.get(&month).copied().unwrap_or_default(),
            sizes.get(&(BLOCK, month)).copied(),
            closed.map(|(tier, bytes)| (*tier, *bytes)),
        ));
    }
    let viewer_days = months.iter().map(|month| month.viewer_days).sum();
    let number = async |connection: &mut PgConnection, sql: &'static str| -> Result<u64> {
        let n: i64 = sqlx::query_scalar(sql).fetch_one(connection).await.map_err(&failed)?;
        columns.number("count", n)
    };
    let bytes = number(connection, "SELECT pg_database_size(current_database())").await?;
    let people = number(connection, "SELECT count(*) FROM person").await?;
    let people_bytes = taken(connection, columns, "person").await? + taken(connection, columns, "login_span").await?;
    let dead = "SELECT coalesce(sum(n_dead_tup), 0)::int8 FROM pg_stat_user_tables WHERE schemaname = current_schema()";
    let stats = StoreStats {
        origin: reading.origin,
        days: months.iter().map(|month| month.days).sum(),
        months,
        viewer_days,
        people,
        people_bytes: Some(people_bytes),
        channels: number(connection, "SELECT count(*) FROM channel").await?,
        channel_days: number(connection, "SELECT count(*) FROM channel_day").await?,
        channel_day_bytes: Some(taken(connection, columns, "channel_day").await?),
        sweeps: number(connection, "SELECT count(*) FROM sweep").await?,
        bytes,
        free_bytes: None,
        dead_rows_estimated: Some(number(connection, dead).await?),
        bytes_per_viewer_day: per(Some(bytes), viewer_days),
        bytes_per_person: per(Some(people_bytes), people),
        place: place.clone(),
    };
    reading.close().await?;
    Ok(stats)
}

/// Bytes of a table with its indexes; 0 for one that was dropped since.
pub(super) async fn taken(connection: &mut PgConnection, columns: Columns<'_>, table: &str) -> Result<u64> {
    let bytes: i64 = sqlx::query_scalar("SELECT coalesce(pg_total_relation_size(to_regclass($1)), 0)")
        .bind(table)
        .fetch_one(connection)
        .await
        .map_err(failed("measure the tables", columns.place))?;
    columns.number("bytes", bytes)
}

/// Days and viewer-days of each month, as the imports counted them.
async fn counted(connection: &mut PgConnection, columns: Columns<'_>) -> Result<BTreeMap<Month, (u64, u64)>> {
    let rows: Vec<(i32, i64)> =
        sqlx::query_as("SELECT day, viewers + bots FROM day_record JOIN day USING (day, generation)")
            .fetch_all(connection)
            .await
            .map_err(failed("read the days", columns.place))?;
    let mut months: BTreeMap<Month, (u64, u64)> = BTreeMap::new();
    for (day, people) in rows {
        let (days, viewer_days) = months.entry(columns.day(day)?.month()).or_default();
        *days += 1;
        *viewer_days += columns.number::<_, u64>("viewers", people)?;
    }
    Ok(months)
}
