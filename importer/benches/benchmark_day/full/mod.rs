//! A store of a year and of millions of people: its size, one person's year read, the benchmark day imported into it,
//! alone and while people are read.

use std::path::{Path, PathBuf};

use model::day::Day;
use serde::{Deserialize, Serialize};

use crate::day::{BenchmarkDay, folder};
use crate::{Failure, number};

mod fill;
mod imports;
mod pattern;
mod people;
pub(crate) mod reads;
mod sizes;

use pattern::Pattern;
use people::People;

/// The store itself, beside its note.
const STORE: &str = "store";
/// Logins kept of each way to draw them: more than are ever read.
const DRAWN: usize = 20_000;

/// What a store is invented by.
#[derive(Clone, Copy, Debug)]
struct Parameters {
    people: u32,
    daily: u32,
    days: u32,
}

impl Parameters {
    /// Its first day: the last one is that before the benchmark day.
    fn first(self, day: Day) -> Day {
        day.plus(-(self.days as i32))
    }
}

/// A store that is kept and used again. Nobody writes to it: imports go into copies.
#[derive(Debug)]
struct FullStore {
    folder: PathBuf,
    kept: Kept,
}

/// What is kept beside it.
#[derive(Debug, Serialize, Deserialize)]
struct Kept {
    viewer_days: u64,
    mean_login: f64,
    mean_row: f64,
    /// People, each as probable as they are to come on a day.
    by_activity: Vec<String>,
    /// People, all as probable.
    uniformly: Vec<String>,
}

/// Everything that a full store is for.
pub(crate) fn full() -> Result<(), Failure> {
    let day = BenchmarkDay::asked()?;
    let store = FullStore::asked(&day)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(sizes::tell(&store))?;
    runtime.block_on(reads::tell(&store))?;
    drop(runtime);
    imports::tell(&day, &store)
}

impl FullStore {
    /// The store that the environment asks for, filled unless it is there.
    fn asked(day: &BenchmarkDay) -> Result<FullStore, Failure> {
        let asked = Parameters {
            people: number("PEOPLE", 10_000_000)?,
            daily: number("DAILY", 300_000)?,
            days: number("DAYS", 365)?,
        };
        let Parameters { people, daily, days } = asked;
        let (viewers, channels) = (day.population.viewers, day.population.channels);
        let folder = folder().join(format!("store-{people}-{daily}-{days}-of-{viewers}-{channels}"));
        let note = folder.join("kept.json");
        if !note.exists() {
            // What a killed run left is of no use.
            drop(std::fs::remove_dir_all(&folder));
            let kept = FullStore::fill(&folder, asked, day)?;
            std::fs::write(&note, serde_json::to_vec(&kept)?)?;
        }
        let store = FullStore { folder, kept: serde_json::from_slice(&std::fs::read(&note)?)? };
        let Kept { viewer_days, mean_login, mean_row, .. } = &store.kept;
        println!(
            "a store of {days} days up to the day before, PEOPLE={people} DAILY={daily} DAYS={days}: {viewer_days} \
             viewer-days of {mean_row:.1} bytes encoded; logins of {mean_login:.1} letters, nine in ten of the day's among them\n"
        );
        Ok(store)
    }

    fn fill(folder: &Path, asked: Parameters, day: &BenchmarkDay) -> Result<Kept, Failure> {
        println!("filling {}", folder.display());
        let start = std::time::Instant::now();
        std::fs::create_dir_all(folder)?;
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        let pattern = runtime.block_on(Pattern::read(day))?;
        let people = People::invent(&pattern.logins, asked.people, asked.daily, asked.days)?;
        let url = folder.join(STORE).display().to_string();
        let viewer_days = runtime.block_on(fill::fill(&url, asked, day, &pattern, &people))?;
        println!("filled in {:.0} s", start.elapsed().as_secs_f64());
        Ok(Kept {
            viewer_days,
            mean_login: people.mean_login(),
            mean_row: pattern.mean_bytes(),
            by_activity: people.by_activity(DRAWN),
            uniformly: people.uniformly(DRAWN),
        })
    }

    fn store(&self) -> PathBuf {
        self.folder.join(STORE)
    }

    /// Its files: name, path and bytes.
    fn files(&self) -> Result<Vec<(String, PathBuf, u64)>, Failure> {
        let mut files = Vec::new();
        for entry in std::fs::read_dir(self.store())? {
            let entry = entry?;
            files.push((entry.file_name().to_string_lossy().into_owned(), entry.path(), entry.metadata()?.len()));
        }
        files.sort_unstable();
        Ok(files)
    }
}
