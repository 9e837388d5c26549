//! Imports a day of an invented French Twitch, and has a Python program import the same day, in turn.
//!
//! Prints a table: medians of seconds, and their ratio, which is what holds on a noisy machine. Both count the same
//! observations, viewers and runs, or it fails.
#![allow(clippy::print_stdout, reason = "the table is what it is for")]

use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::Instant;

use archive::Archive;
use importer::import::{ImportOrder, ImportReport, import_day};
use importer::options::ImportOptions;
use model::day::Day;
use model::slot::Span;
use model::words::Origin;
use simulator::world::{Population, World};
use simulator::write::{Follow, write_days};
use store::AnyStore;
use store::access::{Job, JobKey};

type Failure = Box<dyn std::error::Error>;

const ROUNDS: usize = 5;

#[derive(serde::Deserialize)]
struct Reference {
    observations: u64,
    viewers: u64,
    runs: u64,
    seconds: f64,
}

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let folder = tempfile::tempdir()?;
    let place = folder.path().join("archive").display().to_string();
    let archive = Archive::create(&place, Origin::Simulated).await?;
    let world = Arc::new(World::new(1, Population::default())?);
    let day: Day = "2026-11-21".parse()?;
    let written = Instant::now();
    let rows = write_days(&world, &archive, &Follow::default(), Span::of_day(day), |_| {}).await?;
    let written = written.elapsed().as_secs_f64();
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    let mut report = ImportReport::default();
    for round in 0..ROUNDS {
        let start = Instant::now();
        report = import(&archive, folder.path(), day, round).await?;
        ours.push(start.elapsed().as_secs_f64());
        let reference = reference(&place, day, &folder.path().join(format!("python-{round}.db")))?;
        theirs.push(reference.seconds);
        let counts = (reference.observations, reference.viewers, reference.runs);
        if counts != (report.observations, report.viewers, report.runs) {
            return Err(format!("the two programs differ: {counts:?} and {report:?}").into());
        }
    }
    let (ours, theirs) = (median(&mut ours), median(&mut theirs));
    println!("one day, 20,000 viewers and 300 channels invented, seed 1, {ROUNDS} rounds each in turn");
    println!("  {rows} observations written in {written:.2} s ({:.2} M/s)", rows as f64 / written / 1e6);
    println!("  {} viewers, {} runs, {} sweeps", report.viewers, report.runs, report.sweeps);
    println!("  {:<28}{:>10}", "program", "median");
    println!("  {:<28}{ours:>8.3} s", "vigie, archive to SQLite");
    println!("  {:<28}{theirs:>8.3} s", "Python, gzip + csv + sqlite3");
    println!("  ratio {:.1}", theirs / ours);
    Ok(())
}

async fn import(archive: &Archive, folder: &Path, day: Day, round: usize) -> Result<ImportReport, Failure> {
    let store =
        AnyStore::open(&folder.join(format!("store-{round}")).display().to_string(), Some(Origin::Simulated)).await?;
    let order = ImportOrder { day, provisional: false, now: 0 };
    let report =
        import_day(archive, &store, &JobKey::grant(Job::Import), order, &ImportOptions::default(), |_| {}).await?;
    store.close().await;
    Ok(report)
}

fn reference(archive: &str, day: Day, database: &Path) -> Result<Reference, Failure> {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/reference.py");
    let output = Command::new("python3").args([script, archive, &day.to_string()]).arg(database).output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
    }
    Ok(serde_json::from_slice(&output.stdout)?)
}

fn median(seconds: &mut [f64]) -> f64 {
    seconds.sort_by(f64::total_cmp);
    seconds[seconds.len() / 2]
}
