//! Months of an archive and their store, invented once, kept, and used again.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use archive::Archive;
use importer::import::{ImportOrder, import_day};
use importer::options::ImportOptions;
use model::day::Day;
use model::slot::{SlotTime, Span};
use model::words::Origin;
use simulator::statistics::DayStatistics;
use simulator::world::{Population, World};
use simulator::write::{Follow, write_days};
use store::AnyStore;
use store::access::{Job, JobKey};

use crate::day::{SEED, benchmark_day, folder};
use crate::night::retain;
use crate::{Failure, number};

/// The days up to the benchmark day.
#[derive(Debug)]
pub(super) struct ArchivedDays {
    folder: PathBuf,
    last: Day,
    days: u32,
}

impl ArchivedDays {
    /// Those that the environment asks for, written and imported unless they are there.
    pub(super) fn asked() -> Result<ArchivedDays, Failure> {
        let population = Population { viewers: number("VIEWERS", 300_000)?, channels: number("CHANNELS", 2_000)? };
        let Population { viewers, channels } = population;
        let days = number("DAYS", 90)?;
        let folder = folder().join(format!("days-{viewers}-{channels}-{days}"));
        let made = ArchivedDays { folder, last: benchmark_day()?, days };
        let note = made.folder.join("statistics.json");
        if !note.exists() {
            // What a killed run left is of no use.
            drop(std::fs::remove_dir_all(&made.folder));
            let statistics = made.write(population)?;
            std::fs::write(&note, serde_json::to_vec_pretty(&statistics)?)?;
        }
        let statistics: DayStatistics = serde_json::from_slice(&std::fs::read(&note)?)?;
        println!(
            "{days} days up to {}, VIEWERS={viewers} CHANNELS={channels} DAYS={days}, seed {SEED}; the last:",
            made.last
        );
        println!("{statistics}\n");
        Ok(made)
    }

    pub(super) fn archive(&self) -> PathBuf {
        self.folder.join("archive")
    }

    pub(super) fn store(&self) -> PathBuf {
        self.folder.join("store")
    }

    /// A day with as many before it as after it.
    pub(super) fn middle(&self) -> Day {
        self.last.plus(-(self.days as i32 / 2))
    }

    fn first(&self) -> Day {
        self.last.plus(1 - self.days as i32)
    }

    fn write(&self, population: Population) -> Result<DayStatistics, Failure> {
        println!("writing {}", self.folder.display());
        let start = Instant::now();
        let seconds = || start.elapsed().as_secs_f64();
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        runtime.block_on(async {
            let archive = Archive::create(&text(&self.archive()), Origin::Simulated).await?;
            let world = Arc::new(World::new(SEED, population)?);
            let span = Span { from: SlotTime::at(self.first(), 0), to: SlotTime::at(self.last.plus(1), 0) };
            let mut last = None;
            let note = |written: simulator::write::DayWritten| {
                if written.day == self.last {
                    last = Some(written.statistics);
                }
            };
            let rows = write_days(&world, &archive, &Follow::default(), span, note).await?;
            drop(world);
            println!("  {:.0} M observations written in {:.0} s", rows as f64 / 1e6, seconds());
            let store = AnyStore::open(&text(&self.store()), Some(Origin::Simulated)).await?;
            let job = JobKey::grant(Job::Import);
            for day in self.first().until(self.last.plus(1)) {
                let order = ImportOrder { day, provisional: false, now: 0 };
                import_day(&archive, &store, &job, order, &ImportOptions::default(), |_| {}).await?;
                retain(&store, &archive, day.plus(1)).await?;
            }
            store.close().await;
            println!("  and imported: {:.0} s", seconds());
            last.ok_or_else(|| "the last day was not written".into())
        })
    }
}

fn text(path: &Path) -> String {
    path.display().to_string()
}
