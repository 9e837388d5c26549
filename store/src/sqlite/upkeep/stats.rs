//! Figures of a folder.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use model::day::Month;
use sqlx::SqliteConnection;

use super::check::tier;
use crate::error::{Result, failed};
use crate::sqlite::folder::{CLOSED, OPEN};
use crate::sqlite::reading::{ReadFile, Snapshot};
use crate::upkeep::stats::{MonthStats, StoreStats, per};
use crate::values::Columns;

/// See [`crate::upkeep::stats`].
pub(crate) async fn stats(folder: &Path) -> Result<StoreStats> {
    let mut snapshot = Snapshot::take(folder).await?;
    if let Some((_, damaged)) = snapshot.damaged.pop_first() {
        return Err(damaged);
    }
    let counted = counted(&mut snapshot).await?;
    let mut bytes = snapshot.main.bytes();
    let mut free_bytes = free(&mut snapshot.main).await?;
    let mut sizes = BTreeMap::new();
    for (file, (read, _)) in &mut snapshot.months {
        let size = read.bytes();
        bytes += size;
        free_bytes += free(read).await?;
        sizes.insert(*file, size);
    }
    let mut months = Vec::new();
    for month in sizes.keys().map(|(month, _)| *month).collect::<BTreeSet<Month>>() {
        let closed = match snapshot.months.get_mut(&(month, CLOSED)) {
            Some((file, _)) => Some((tier(&mut file.connection, &file.place).await?, sizes[&(month, CLOSED)])),
            None => None,
        };
        let counted = counted.get(&month).copied().unwrap_or_default();
        months.push(MonthStats::new(month, counted, sizes.get(&(month, OPEN)).copied(), closed));
    }
    let viewer_days = months.iter().map(|month| month.viewer_days).sum();
    let place = snapshot.main.place.clone();
    let main = &mut snapshot.main.connection;
    let count = async |main: &mut SqliteConnection, sql: &'static str| -> Result<u64> {
        let rows: i64 = sqlx::query_scalar(sql).fetch_one(main).await.map_err(failed("count rows", &place))?;
        Columns { place: &place }.number("rows", rows)
    };
    let people = count(main, "SELECT count(*) FROM person").await?;
    let people_bytes = taken(main, &place, ["person", "login_span"]).await?;
    let channels = count(main, "SELECT count(*) FROM channel").await?;
    let channel_days = count(main, "SELECT count(*) FROM channel_day").await?;
    let channel_day_bytes = taken(main, &place, ["channel_day", "channel_day"]).await?;
    let sweeps = count(main, "SELECT count(*) FROM sweep").await?;
    Ok(StoreStats {
        place: folder.display().to_string(),
        origin: snapshot.origin,
        days: months.iter().map(|month| month.days).sum(),
        months,
        viewer_days,
        people,
        people_bytes,
        channels,
        channel_days,
        channel_day_bytes,
        sweeps,
        bytes,
        free_bytes: Some(free_bytes),
        dead_rows_estimated: None,
        bytes_per_viewer_day: per(Some(bytes), viewer_days),
        bytes_per_person: per(people_bytes, people),
    })
}

/// Days and viewer-days of each month, as the imports counted them.
async fn counted(snapshot: &mut Snapshot) -> Result<BTreeMap<Month, (u64, u64)>> {
    let held = snapshot.held();
    let columns = Columns { place: &snapshot.main.place };
    let rows: Vec<(i64, i64, i64)> = sqlx::query_as("SELECT day, generation, viewers + bots FROM day_record")
        .fetch_all(&mut snapshot.main.connection)
        .await
        .map_err(failed("read the days", columns.place))?;
    let mut months: BTreeMap<Month, (u64, u64)> = BTreeMap::new();
    for (day, generation, people) in rows {
        let day = columns.day(day)?;
        if held.get(&day).is_some_and(|held| i64::from(*held) == generation) {
            let (days, viewer_days) = months.entry(day.month()).or_default();
            *days += 1;
            *viewer_days += columns.number::<_, u64>("viewers", people)?;
        }
    }
    Ok(months)
}

/// Bytes of pages that hold nothing.
async fn free(file: &mut ReadFile) -> Result<u64> {
    let failed = failed("count the file's pages", &file.place);
    let pages: i64 =
        sqlx::query_scalar("PRAGMA held.freelist_count").fetch_one(&mut file.connection).await.map_err(&failed)?;
    let bytes: i64 =
        sqlx::query_scalar("PRAGMA held.page_size").fetch_one(&mut file.connection).await.map_err(failed)?;
    Columns { place: &file.place }.number("pages", pages * bytes)
}

/// Bytes of the pages of tables and their indexes; nothing where SQLite was built without the table that tells.
async fn taken(main: &mut SqliteConnection, place: &str, tables: [&str; 2]) -> Result<Option<u64>> {
    let failed = failed("measure the tables", place);
    let sql = "SELECT EXISTS (SELECT 1 FROM pragma_module_list WHERE name = 'dbstat')";
    if !sqlx::query_scalar::<_, bool>(sql).fetch_one(&mut *main).await.map_err(&failed)? {
        return Ok(None);
    }
    let sql = "SELECT ifnull(sum(pgsize), 0) FROM held.sqlite_master m JOIN dbstat d \
         ON d.name = m.name AND d.schema = 'held' AND d.aggregate = TRUE WHERE m.tbl_name IN (?, ?)";
    let bytes: i64 = sqlx::query_scalar(sql).bind(tables[0]).bind(tables[1]).fetch_one(main).await.map_err(failed)?;
    Ok(Some(Columns { place }.number("bytes", bytes)?))
}
