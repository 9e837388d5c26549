//! The benchmark day on its way out, to files for other tools.

use std::path::Path;
use std::process::Command;
use std::time::Instant;

use importer::export::Format;
use importer::export::days::{ExportOrder, export_days};
use model::day::Day;
use store::access::{Job, JobKey};
use store::suppression::Suppression;
use store::{AnyStore, Store};

use crate::counts::{Counts, Took};
use crate::day::{BenchmarkDay, folder};
use crate::processes::cpu_seconds;
use crate::table::Table;
use crate::watch::{Run, watch};
use crate::{Failure, number, ours};

/// The word that makes this program export a day: store, day, folder, format and tables follow.
pub(crate) const CHILD: &str = "export-day";

/// The tables: what is nobody's personal data, or presence too.
const TABLES: [&str; 2] = ["aggregates", "with presence"];

/// Exports the day as everything there is, in turn.
pub(crate) fn export() -> Result<(), Failure> {
    let day = BenchmarkDay::asked()?;
    let place = tempfile::tempdir_in(folder())?;
    let store = place.path().join("store");
    ours::run_into(&day, &store, None)?;
    let kinds = Format::ALL.iter().flat_map(|format| TABLES.map(|tables| (format.extension(), tables)));
    let mut kinds: Vec<(&str, &str, u64, Vec<Run>)> =
        kinds.map(|(format, tables)| (format, tables, 0, Vec::new())).collect();
    for _ in 0..number("ROUNDS", 3)? {
        for (format, tables, bytes, runs) in &mut kinds {
            let out = tempfile::tempdir_in(folder())?;
            let mut command = Command::new(std::env::current_exe()?);
            command.arg(CHILD).arg(&store).arg(day.day.to_string()).arg(out.path()).args([*format, *tables]);
            let run = watch(&mut command, None, |_| None)?;
            run.counts.check("the export", &day.truth())?;
            runs.push(run);
            *bytes = size(out.path())?;
        }
    }
    let mut table = Table::default();
    for (format, tables, bytes, runs) in kinds {
        table.add(format!("{format} {tables}, {:.1} MB", bytes as f64 / 1e6), runs);
    }
    table.print();
    println!("no more than 15 s are wanted\n");
    Ok(())
}

/// The export itself, from opening the store until it is closed.
pub(crate) fn child(store: &str, day: &str, out: &str, format: &str, tables: &str) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let own = std::process::id();
    let day: Day = day.parse()?;
    let format = Format::ALL.iter().find(|known| known.extension() == format).ok_or("no such format")?;
    let raw = tables == TABLES[1];
    let order = ExportOrder {
        from: day,
        to: day,
        format: *format,
        out: out.into(),
        raw,
        personal_data: raw,
        overwrite: false,
        suppression: Suppression::default(),
    };
    let (start, before) = (Instant::now(), cpu_seconds(own).0);
    let exported = runtime.block_on(async {
        let store = AnyStore::open(store, None).await?;
        let written = export_days(&store, &JobKey::grant(Job::Export), &order, |_| {}).await?;
        let records = store.days().await?;
        store.close().await;
        Ok::<_, Failure>((written, records))
    });
    let (written, records) = exported?;
    let took = Took { seconds: start.elapsed().as_secs_f64(), cpu_seconds: cpu_seconds(own).0 - before };
    println!("{}", serde_json::to_string(&took)?);
    let stats = records.iter().find(|record| record.day == day).ok_or("the store does not hold the day")?.stats;
    // A row of presence is a run.
    let runs = written.iter().find(|table| table.table == "presence").map(|table| table.rows);
    let counts = Counts { observations: stats.observations, viewers: Some(stats.viewers + stats.bots), runs };
    println!("{}", serde_json::to_string(&counts)?);
    Ok(())
}

/// The bytes of all files below a folder.
fn size(folder: &Path) -> Result<u64, Failure> {
    let mut bytes = 0;
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        bytes += if entry.file_type()?.is_dir() { size(&entry.path())? } else { entry.metadata()?.len() };
    }
    Ok(bytes)
}
