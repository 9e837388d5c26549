//! How long a day takes to leave: imports a day of an archive into a temporary store, and exports it from there.
//!
//! `cargo run --release -p importer --example export_day ARCHIVE DAY`

#![allow(clippy::print_stdout, reason = "an example prints")]

use std::time::Instant;

use archive::Archive;
use importer::export::Format;
use importer::export::days::{ExportOrder, export_days};
use importer::import::{ImportOrder, import_day};
use importer::options::ImportOptions;
use model::day::Day;
use store::AnyStore;
use store::access::{Job, JobKey};
use store::suppression::Suppression;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [place, day] = &words[..] else { return Err("give an archive and a day".into()) };
    let day: Day = day.parse()?;
    let folder = tempfile::tempdir()?;
    let archive = Archive::open(place).await?;
    let store = AnyStore::open(&folder.path().join("store").to_string_lossy(), Some(archive.origin())).await?;
    let import = ImportOrder { day, provisional: false, now: day.start_unix() };
    let report =
        import_day(&archive, &store, &JobKey::grant(Job::Import), import, &ImportOptions::default(), |_| {}).await?;
    println!("{day}: {} viewers, {} runs, {} observations", report.viewers, report.runs, report.observations);
    for format in Format::ALL {
        for (raw, name) in [(false, "aggregates"), (true, "with presence")] {
            let order = ExportOrder {
                from: day,
                to: day,
                format: *format,
                out: folder.path().join(format!("{name} {}", format.extension())),
                raw,
                personal_data: true,
                overwrite: false,
                suppression: Suppression::default(),
            };
            let start = Instant::now();
            let tables = export_days(&store, &JobKey::grant(Job::Export), &order, |_| {}).await?;
            let took = start.elapsed().as_secs_f64();
            let tables: Vec<String> = tables
                .iter()
                .map(|table| format!("{} {} rows {} bytes", table.table, table.rows, table.bytes))
                .collect();
            println!("{} {name}: {took:.2} s: {}", format.extension(), tables.join(", "));
        }
    }
    store.close().await;
    Ok(())
}
