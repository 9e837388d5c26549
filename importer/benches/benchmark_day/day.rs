//! The day that is measured on: invented once, kept, and used again.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use archive::Archive;
use model::day::Day;
use model::slot::Span;
use model::words::Origin;
use serde::{Deserialize, Serialize};
use simulator::statistics::DayStatistics;
use simulator::world::{Population, World};
use simulator::write::{Follow, write_days};

use crate::counts::Counts;
use crate::{Failure, number};

/// A Saturday: the largest day of a week.
const DAY: &str = "2026-11-21";
pub(crate) const SEED: u64 = 1;

/// A day in an archive.
#[derive(Clone, Debug)]
pub(crate) struct BenchmarkDay {
    pub(crate) day: Day,
    /// Of the archive.
    pub(crate) folder: PathBuf,
    pub(crate) population: Population,
    pub(crate) statistics: DayStatistics,
    pub(crate) sweeps: u32,
}

/// What is kept beside the archive: who has it need not invent the people again to know what is in it.
#[derive(Serialize, Deserialize)]
struct Kept {
    sweeps: u32,
    statistics: DayStatistics,
}

/// The benchmark day.
pub(crate) fn benchmark_day() -> Result<Day, Failure> {
    Ok(DAY.parse()?)
}

/// The folder of all that benches keep or make: on the disk that programs are built on.
pub(crate) fn folder() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("bench")
}

impl BenchmarkDay {
    /// The day that the environment asks for.
    pub(crate) fn asked() -> Result<BenchmarkDay, Failure> {
        BenchmarkDay::of(Population { viewers: number("VIEWERS", 1_500_000)?, channels: number("CHANNELS", 2_000)? })
    }

    /// The day of a population, written unless it is there.
    pub(crate) fn of(population: Population) -> Result<BenchmarkDay, Failure> {
        let day = benchmark_day()?;
        let folder = folder().join(format!("day-{}-{}", population.viewers, population.channels));
        let note = folder.join("statistics.json");
        let kept = if note.exists() {
            serde_json::from_slice(&std::fs::read(&note)?)?
        } else {
            // What a killed run left is of no use.
            drop(std::fs::remove_dir_all(&folder));
            let kept = write(&folder, population, day)?;
            std::fs::write(&note, serde_json::to_vec_pretty(&kept)?)?;
            kept
        };
        let Kept { sweeps, statistics } = kept;
        let made = BenchmarkDay { day, folder, population, statistics, sweeps };
        println!("{made}");
        Ok(made)
    }

    /// What every program has to find.
    pub(crate) fn truth(&self) -> Counts {
        let DayStatistics { observations, viewers, runs, .. } = self.statistics;
        Counts { observations, viewers: Some(viewers), runs: Some(runs) }
    }

    /// Its chatters' objects, for programs that take a pattern.
    pub(crate) fn chatters(&self) -> String {
        format!("{}/chatters/date={}/*.csv.gz", self.folder.display(), self.day)
    }
}

impl std::fmt::Display for BenchmarkDay {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Population { viewers, channels } = self.population;
        writeln!(f, "{}, VIEWERS={viewers} CHANNELS={channels}, seed {SEED}, {} sweeps", self.day, self.sweeps)?;
        writeln!(f, "{}", self.statistics)
    }
}

fn write(folder: &Path, population: Population, day: Day) -> Result<Kept, Failure> {
    let start = std::time::Instant::now();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let written = runtime.block_on(async {
        let archive = Archive::create(&folder.display().to_string(), Origin::Simulated).await?;
        let world = Arc::new(World::new(SEED, population)?);
        let mut written = None;
        write_days(&world, &archive, &Follow::default(), Span::of_day(day), |day| written = Some(day)).await?;
        Ok::<_, Failure>(written)
    });
    let written = written?.ok_or("no day was written")?;
    let (seconds, rows) = (start.elapsed().as_secs_f64(), written.statistics.observations);
    println!("people invented and their day written in {seconds:.1} s: {:.2} M/s", rows as f64 / seconds / 1e6);
    Ok(Kept { sweeps: written.sweeps, statistics: written.statistics })
}
