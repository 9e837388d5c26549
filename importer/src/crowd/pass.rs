//! The reading of 28 days of everybody that makes the index and the population.

use std::time::Instant;

use model::analysis::population::{POPULATION_DAYS, Population};
use model::crowd::build::BuildError;
use model::crowd::index::{Index, IndexError, SharedBytes};
use model::day::Day;
use model::identity::{GameKey, PersonKey};
use serde::Serialize;
use store::Store;
use store::access::JobKey;
use store::error::StoreError;
use store::games::Games;
use store::month::Game;
use store::people_page::PeoplePage;
use store::population::PopulationWrite;
use thiserror::Error;
use tokio::task::{JoinError, spawn_blocking};

use super::due::{CrowdDue, readable};
use super::everybody::Everybody;
use super::facts::Facts;
use super::file::{CrowdFile, CrowdFileError, Seal, Stamp};
use crate::import::millis;

/// Why the crowd is not made. What was held of it before is gone only if a new index was written and then not kept.
#[derive(Debug, Error)]
pub enum CrowdError {
    /// The store refused; [`StoreError::Busy`] when a day was replaced meanwhile, or somebody opted out or was erased: do it again.
    #[error("cannot make the crowd's index: the store refused")]
    Store(#[from] StoreError),
    /// People do not fit an index.
    #[error("cannot make the crowd's index")]
    Build(#[from] BuildError),
    /// What was made does not read: a fault of the program.
    #[error("cannot read the crowd's index that was just made")]
    Open(#[from] IndexError),
    /// The file.
    #[error(transparent)]
    File(#[from] CrowdFileError),
    /// A worker ended before its answer: the program is shutting down.
    #[error("making the crowd's index was stopped")]
    Stopped(#[from] JoinError),
}

/// What a pass made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CrowdReport {
    /// The last of its days.
    pub day: Day,
    /// Days held of the 28.
    pub days: u16,
    /// Different people of them, bots left out; 0 under ten.
    pub people: u32,
    /// Of them those who were read for the population; 0 under ten.
    pub read: u32,
    /// People who tell of the usual day; 0 under ten.
    pub time_zone_people: u32,
    /// Bytes of the index.
    pub bytes: u64,
    /// Reading and counting people, in milliseconds.
    pub people_ms: u32,
    /// All of it, in milliseconds.
    pub ms: u32,
}

/// An index that was made, and that is in the file now.
#[derive(Debug)]
pub struct MadeCrowd {
    /// It.
    pub index: Index<SharedBytes>,
    /// Which version of the file it is.
    pub stamp: Stamp,
    /// What was done.
    pub report: CrowdReport,
}

/// Makes what [`super::due::due`] says: the index into its file, the population into the store. Whoever opts out or is erased while it works
/// is in neither: then nothing is kept, the file neither, and it is due again.
///
/// Dropped half-way, it leaves an index without its population at most, and is due again. `now`: Unix time in seconds.
pub async fn make_crowd(
    store: &impl Store,
    job: &JobKey,
    due: &CrowdDue,
    file: &CrowdFile,
    now: i64,
) -> Result<MadeCrowd, CrowdError> {
    let start = Instant::now();
    // Before anything is read: whoever opts out later is not in what is kept.
    let withdrawals = store.suppressed().await?.withdrawals;
    let last = due.calendar.last();
    let days = readable(store, last).await?;
    let from = days.first().copied().unwrap_or(last);
    let mut read: Vec<(Day, u32)> = Vec::new();
    for day in &days {
        read.extend(store.generation(*day).await?.map(|generation| (*day, generation)));
    }
    let facts = Facts::read(store, &days).await?;
    let calendar = due.calendar.clone();
    let everybody = Everybody::new(calendar, store.origin(), due.zone.clone(), facts, due.people);
    let people_start = Instant::now();
    let everybody = count_people(store, job, (from, last.plus(1)), everybody).await?;
    let people_ms = millis(people_start);

    let (held, zone) = (days.len().min(usize::from(POPULATION_DAYS)) as u16, due.zone.name.clone());
    let (builder, mut population, facts) = spawn_blocking(move || everybody.finish(held, zone)).await?;
    name_games(store, job, &mut population, facts).await?;
    let place = file.clone();
    let written = spawn_blocking(move || -> Result<_, CrowdError> {
        let index = Index::open(SharedBytes::from(builder.finish()?))?;
        let seal = Seal { made_at: now, made_ms: millis(start) };
        let stamp = place.write(index.as_bytes(), seal)?;
        Ok((index, seal, stamp))
    });
    let (index, seal, stamp) = written.await??;
    let report = CrowdReport {
        day: last,
        days: population.days,
        people: population.people,
        read: population.read,
        time_zone_people: population.time_zone_people,
        bytes: index.size() as u64,
        people_ms,
        ms: millis(start),
    };
    let Seal { made_at, made_ms } = seal;
    let write = PopulationWrite { read, withdrawals, made_at, made_ms, population };
    keep(store, job, file, write).await?;
    tracing::info!(
        days = report.days,
        people = report.people,
        read = report.read,
        bytes = report.bytes,
        duration_ms = report.ms,
        "made the crowd's index up to {last}"
    );
    Ok(MadeCrowd { index, stamp, report })
}

/// Keeps the population of the index that is in the file.
async fn keep(store: &impl Store, job: &JobKey, file: &CrowdFile, write: PopulationWrite) -> Result<(), CrowdError> {
    let Err(refused) = store.put_population(job, write).await else { return Ok(()) };
    // Somebody may be in it who is not to be. An erasure that goes on meanwhile comes to the file after it said so in the store, so
    // that one of the two takes them out.
    let place = file.clone();
    spawn_blocking(move || place.remove()).await??;
    Err(refused.into())
}

/// Counts everybody, page by page; while one is counted the next is read.
async fn count_people(
    store: &impl Store,
    job: &JobKey,
    (from, until): (Day, Day),
    everybody: Everybody,
) -> Result<Everybody, CrowdError> {
    let mut everybody = everybody;
    let mut page = store.people_page(job, from, until, PersonKey(0)).await?;
    loop {
        let next = page.next();
        let counted = spawn_blocking(move || count(everybody, &page));
        let (counted, read) = match next {
            Some(next) => {
                let (counted, read) = tokio::join!(counted, store.people_page(job, from, until, next));
                (counted, Some(read))
            }
            None => (counted.await, None),
        };
        everybody = counted??;
        match read {
            Some(read) => page = read?,
            None => return Ok(everybody),
        }
    }
}

fn count(mut everybody: Everybody, page: &PeoplePage) -> Result<Everybody, CrowdError> {
    let mut failed = None;
    page.each(|person, days| {
        if failed.is_none() {
            failed = everybody.add(person, days).err();
        }
    })?;
    match failed {
        Some(error) => Err(error.into()),
        None => Ok(everybody),
    }
}

/// Gives the games that are told keys of the store, by which a person's record knows them too.
async fn name_games(
    store: &impl Store,
    job: &JobKey,
    population: &mut Population,
    facts: Facts,
) -> Result<(), CrowdError> {
    let games: Games = facts.games;
    let Some(tastes) = &mut population.tastes else { return Ok(()) };
    let told = tastes.games.entries.iter().map(|entry| entry.key).filter(|key| !games.is_held(*key));
    let (new, named): (Vec<GameKey>, Vec<Game>) = told.filter_map(|key| Some((key, games.get(key)?.clone()))).unzip();
    if new.is_empty() {
        return Ok(());
    }
    let keys = store.game_keys(job, &named).await?;
    for entry in &mut tastes.games.entries {
        if let Ok(place) = new.binary_search(&entry.key) {
            entry.key = keys.get(place).copied().unwrap_or(entry.key);
        }
    }
    tastes.games.entries.sort_unstable_by_key(|entry| entry.key);
    Ok(())
}
