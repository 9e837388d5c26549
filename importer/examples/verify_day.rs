//! How long a day of an archive takes to import and to compare: `cargo run --release -p importer --example verify_day
//! ARCHIVE DAY`. Figures are in `docs/figures.md`.

#![allow(clippy::print_stdout)]

use std::time::Instant;

use archive::Archive;
use importer::import::{ImportOrder, import_day};
use importer::options::ImportOptions;
use importer::verify::options::VerifyOptions;
use importer::verify::verify_day;
use model::day::Day;
use store::AnyStore;
use store::access::{Job, JobKey};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut words = std::env::args().skip(1);
    let (Some(place), Some(day)) = (words.next(), words.next()) else { return Err("name an archive and a day".into()) };
    let day: Day = day.parse()?;
    let archive = Archive::open(&place).await?;
    let folder = tempfile::tempdir()?;
    let store = AnyStore::open(&folder.path().join("store").to_string_lossy(), Some(archive.origin())).await?;
    let order = ImportOrder { day, provisional: false, now: day.start_unix() };
    let start = Instant::now();
    let report =
        import_day(&archive, &store, &JobKey::grant(Job::Import), order, &ImportOptions::default(), |_| {}).await?;
    println!("imported in {:.2} s: {report:?}", start.elapsed().as_secs_f64());
    for size in [100, 10, 0] {
        let options = VerifyOptions { viewers: size, channels: size, ..VerifyOptions::default() };
        let start = Instant::now();
        let report = verify_day(&archive, &store, &JobKey::grant(Job::Verification), day, &options).await?;
        let (seconds, million) = (start.elapsed().as_secs_f64(), report.observations as f64 / 1e6);
        println!(
            "compared, sample of {size}: {seconds:.2} s, {:.2} M observations a second, {} failures",
            million / seconds,
            report.failures
        );
    }
    store.close().await;
    Ok(())
}
