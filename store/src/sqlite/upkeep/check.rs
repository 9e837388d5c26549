//! Checking a folder: each file by itself, then what they say of each other.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use futures::TryStreamExt as _;
use model::day::{Day, Month};
use model::login::Login;
use model::words::Tier;
use sqlx::{Row as _, SqliteConnection};

use crate::access::JobKey;
use crate::error::{Result, StoreError, failed};
use crate::sqlite::folder::{ASIDE, CLOSED, OPEN, is_in_use};
use crate::sqlite::import::FIRST_MASK;
use crate::sqlite::reading::{Generations, MonthFile, ReadFile, Snapshot};
use crate::upkeep::Depth;
use crate::upkeep::examine::{Examiner, Imprint, KeySet, Known, channel_day, compare};
use crate::upkeep::findings::CheckReport;
use crate::upkeep::rules::{GENERATIONS, LOGINS, RULES};
use crate::values::Columns;

/// See [`crate::upkeep::check`].
pub(crate) async fn check(_: &JobKey, folder: &Path, depth: Depth) -> Result<CheckReport> {
    let mut report = CheckReport { place: folder.display().to_string(), ..CheckReport::default() };
    // Whoever has it open may be importing: what is unfinished is theirs, and goes when they open it next.
    let in_use = is_in_use(folder);
    let mut snapshot = match Snapshot::take(folder).await {
        Err(StoreError::Damaged { place, source }) => {
            report.add(&place, "the file is damaged", || source.to_string());
            return Ok(report);
        }
        snapshot => snapshot?,
    };
    let mut unknown = snapshot.at_odds.clone();
    for ((month, _), damaged) in std::mem::take(&mut snapshot.damaged) {
        unknown.insert(month);
        noted(Err(damaged), &mut report)?;
    }
    generations(&snapshot, &mut report);
    if !in_use {
        leftovers(folder, &mut report)?;
    }
    let held = snapshot.held();
    let main = &mut snapshot.main;
    noted(integrity(main, depth, &mut report).await, &mut report)?;
    let (mut people, mut channels) = (KeySet::default(), KeySet::default());
    noted(keys(main, "SELECT key FROM person", &mut people, &mut report).await, &mut report)?;
    noted(keys(main, "SELECT key FROM channel", &mut channels, &mut report).await, &mut report)?;
    report.people = people.len();
    noted(names(main, &mut report).await, &mut report)?;
    noted(channel_days(main, &channels, &mut report).await, &mut report)?;
    if !in_use {
        noted(unfinished(main, (&held, &unknown), &mut report).await, &mut report)?;
    }
    let mut imprints: BTreeMap<MonthFile, BTreeMap<Day, Imprint>> = BTreeMap::new();
    for ((month, kind), (file, days)) in &mut snapshot.months {
        noted(integrity(file, depth, &mut report).await, &mut report)?;
        let known = Known { people: &people, channels: &channels, held: days };
        let read = if *kind == OPEN {
            blocks(file, *month, known, &mut report).await
        } else {
            rows(file, *month, known, &mut report).await
        };
        match read {
            Ok(Some(seen)) => drop(imprints.insert((*month, *kind), seen)),
            read => noted(read.map(drop), &mut report)?,
        }
    }
    for ((month, kind), open) in imprints.iter().filter(|((_, kind), _)| *kind == OPEN) {
        if let (Some(closed), Some((file, _))) =
            (imprints.get(&(*month, CLOSED)), snapshot.months.get(&(*month, *kind)))
        {
            compare(&file.place, (open, closed), &mut report);
        }
    }
    Ok(report)
}

/// What is damaged becomes a finding: the check goes on with the next.
fn noted(done: Result<()>, report: &mut CheckReport) -> Result<()> {
    match done {
        Err(StoreError::Damaged { place, source }) => {
            report.add(&place, "the file is damaged", || source.to_string());
            Ok(())
        }
        done => done,
    }
}

/// SQLite's own check: at most twenty lines.
async fn integrity(file: &mut ReadFile, depth: Depth, report: &mut CheckReport) -> Result<()> {
    let sql = match depth {
        Depth::Quick => "PRAGMA held.quick_check(20)",
        Depth::Full => "PRAGMA held.integrity_check(20)",
    };
    let failed = failed("check the file", &file.place);
    let lines: Vec<String> = sqlx::query_scalar(sql).fetch_all(&mut file.connection).await.map_err(failed)?;
    for line in lines.into_iter().filter(|line| line != "ok") {
        report.add(&file.place, "SQLite's check finds faults", || line);
    }
    Ok(())
}

/// Where the files contradict each other.
fn generations(snapshot: &Snapshot, report: &mut CheckReport) {
    for month in &snapshot.at_odds {
        let of = |kind| snapshot.months.get(&(*month, kind));
        let (open, closed) = (of(OPEN), of(CLOSED));
        if open.is_none() && closed.is_none() {
            report.add(&snapshot.main.place, "months whose file is lost", || format!("month {month}"));
        }
        for (file, days) in open.into_iter().chain(closed) {
            for (day, generation) in days {
                if !snapshot.records.contains(&(*day, *generation)) {
                    let at = || format!("day {day}, generation {generation}");
                    report.add(&file.place, "days that main.db does not have under their generation", at);
                }
            }
        }
        if let (Some((file, open)), Some((_, closed))) = (open, closed)
            && open != closed
        {
            report.add(&file.place, "months whose two forms hold other days", || format!("month {month}"));
        }
    }
}

/// Files that a process left which was stopped.
fn leftovers(folder: &Path, report: &mut CheckReport) -> Result<()> {
    let not_readable = |source| StoreError::NotWritable { folder: folder.to_owned(), source };
    for entry in std::fs::read_dir(folder).map_err(not_readable)? {
        let path = entry.map_err(not_readable)?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let of = name.strip_suffix("-wal").or(name.strip_suffix("-shm"));
        if path.extension().is_some_and(|extension| extension == ASIDE) {
            report.add(&report.place.clone(), "files that were being made (opening removes them)", || name.to_string());
        } else if of.is_some_and(|of| !folder.join(of).exists()) {
            report.add(&report.place.clone(), "journals of files that are gone", || name.to_string());
        }
    }
    Ok(())
}

/// Reads all keys of a table.
async fn keys(main: &mut ReadFile, sql: &'static str, keys: &mut KeySet, report: &mut CheckReport) -> Result<()> {
    let failed = failed("read the names", &main.place);
    let mut rows = sqlx::query_scalar::<_, i64>(sql).fetch(&mut main.connection);
    while let Some(key) = rows.try_next().await.map_err(&failed)? {
        if !keys.insert(key) {
            report.add(&main.place, "keys that are out of range", || format!("key {key}"));
        }
    }
    Ok(())
}

/// What must hold between the tables of names.
async fn names(main: &mut ReadFile, report: &mut CheckReport) -> Result<()> {
    let failed = failed("check the names", &main.place);
    for (table, rules) in RULES {
        let place = format!("{} {table}", main.place);
        for rule in *rules {
            let mut keys = sqlx::query_scalar::<_, i64>(rule.sql).fetch(&mut main.connection);
            while let Some(key) = keys.try_next().await.map_err(&failed)? {
                report.add(&place, rule.what, || format!("key {key}"));
            }
        }
    }
    for (table, sql) in LOGINS {
        let place = format!("{} {table}", main.place);
        let mut rows = sqlx::query(*sql).fetch(&mut main.connection);
        while let Some(row) = rows.try_next().await.map_err(&failed)? {
            let key: i64 = row.try_get(1).map_err(&failed)?;
            if Login::check(row.try_get::<&[u8], _>(0).map_err(&failed)?).is_err() {
                report.add(&place, "logins that are none", || format!("key {key}"));
            }
        }
    }
    Ok(())
}

async fn channel_days(main: &mut ReadFile, channels: &KeySet, report: &mut CheckReport) -> Result<()> {
    let failed = failed("check the channels' days", &main.place);
    let place = format!("{} channel_day", main.place);
    let mut rows = sqlx::query("SELECT day, channel, data FROM channel_day").fetch(&mut main.connection);
    while let Some(row) = rows.try_next().await.map_err(&failed)? {
        let (day, channel) = (row.try_get(0).map_err(&failed)?, row.try_get(1).map_err(&failed)?);
        channel_day(&place, channels, (day, channel, row.try_get(2).map_err(&failed)?), report);
    }
    Ok(())
}

/// What imports left that never ended. Of months that are at odds, or damaged, nobody knows, and they are told already.
async fn unfinished(
    main: &mut ReadFile,
    (held, unknown): (&Generations, &BTreeSet<Month>),
    report: &mut CheckReport,
) -> Result<()> {
    for (table, sql) in GENERATIONS {
        let place = format!("{} {table}", main.place);
        for (day, generation) in main.generations::<Vec<_>>(sql).await? {
            if held.get(&day) != Some(&generation) && !unknown.contains(&day.month()) {
                let at = || format!("day {day}, generation {generation}");
                report.add(&place, "rows of imports that never ended (opening removes them)", at);
            }
        }
    }
    Ok(())
}

async fn blocks(
    file: &mut ReadFile,
    month: Month,
    known: Known<'_>,
    report: &mut CheckReport,
) -> Result<Option<BTreeMap<Day, Imprint>>> {
    let failed = failed("check a month", &file.place);
    let mut examiner = Examiner::new(&file.place, month, known, report);
    let mut rows = sqlx::query("SELECT k, b FROM block ORDER BY k").fetch(&mut file.connection);
    while let Some(row) = rows.try_next().await.map_err(&failed)? {
        let k: i64 = row.try_get(0).map_err(&failed)?;
        examiner.block(k >> model::identity::PersonKey::BITS, k & FIRST_MASK, row.try_get(1).map_err(&failed)?);
    }
    Ok(Some(examiner.finish()))
}

/// Nothing to compare with blocks when the rows are coarser than those.
async fn rows(
    file: &mut ReadFile,
    month: Month,
    known: Known<'_>,
    report: &mut CheckReport,
) -> Result<Option<BTreeMap<Day, Imprint>>> {
    let tier = tier(&mut file.connection, &file.place).await?;
    let failed = failed("check a month", &file.place);
    let mut examiner = Examiner::new(&file.place, month, known, report);
    let mut rows = sqlx::query("SELECT v, b FROM viewer_month ORDER BY v").fetch(&mut file.connection);
    while let Some(row) = rows.try_next().await.map_err(&failed)? {
        examiner.row(row.try_get(0).map_err(&failed)?, row.try_get(1).map_err(&failed)?);
    }
    Ok((tier == Tier::Slots).then_some(examiner.finish()))
}

/// How fine the rows of a closed month are.
pub(super) async fn tier(connection: &mut SqliteConnection, place: &str) -> Result<Tier> {
    let tier: Option<String> = sqlx::query_scalar("SELECT tier FROM tier")
        .fetch_optional(connection)
        .await
        .map_err(failed("read how fine a month is", place))?;
    Columns { place }.expect("tier", tier.and_then(|tier| tier.parse().ok()))
}
