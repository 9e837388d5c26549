//! Whether a day of the store is what its archive says: computed a second time, another way, and compared.
//!
//! [`verify_day`] reads the day's objects with `csv`, `flate2` and a hash map, works out again by the rules of
//! `docs/words.md` what the store has to hold, and compares: a sample of viewers and channels bit by bit, and of every
//! channel the number and a fingerprint of its observations. `docs/verification.md` says what that finds and what not.
//!
//! Nothing here uses the rest of this crate or the archive's own parsers, so that a fault in those is found and not
//! repeated; `importer/tests/verify/independence.rs` holds it. Absent on purpose: any repair. What differs is told, and
//! the day imported again by whoever is told.

use std::sync::Arc;

use archive::Archive;
use model::day::Day;
use model::slot::Slot;
use model::words::Tier;
use store::Store;
use store::access::JobKey;
use store::day::{DayRecord, SkippedSweep};

mod channel_day;
mod channels;
mod compare;
pub mod error;
mod learnt;
mod listed;
mod observations;
pub mod options;
mod people;
pub mod report;
mod resolve;
mod rows;
mod sample;

use channel_day::expected_days;
use channels::Channels;
use compare::Comparison;
use error::VerifyError;
use learnt::learnt;
use listed::Listed;
use observations::{Told, read_observations};
use options::VerifyOptions;
use report::{Difference, Fact, VerifyReport};
use resolve::resolve;
use sample::Numbers;

/// Compares a day of the store with its archive, a provisional one up to its last sweep.
///
/// Takes a core and a little of another some seconds for ten million observations (`docs/figures.md`). Memory is a few
/// objects, a few numbers a channel, the sample, and where the source gives ids sixteen bytes an account.
///
/// What differs is in the report and no error.
/// Errors: the day is not held or was replaced meanwhile; its slots or its objects were removed with time; an object or the
/// store cannot be read.
pub async fn verify_day(
    archive: &Archive,
    store: &impl Store,
    job: &JobKey,
    day: Day,
    options: &VerifyOptions,
) -> Result<VerifyReport, VerifyError> {
    let (Some(record), Some(generation)) = (record_of(store, day).await?, store.generation(day).await?) else {
        return Err(VerifyError::NotHeld(day));
    };
    is_fine(store, day).await?;
    // Before the sweeps are listed: one that comes meanwhile is in the list, and not missed.
    let listed = Arc::new(Listed::of(archive.manifest(day).await?));
    let skipped = store.skipped_sweeps(day).await?;
    let counts = |slot: Slot| is_of(&record, &skipped, slot);
    let mut sweeps = archive.sweeps(day).await?;
    sweeps.retain(|slot| counts(*slot));
    if sweeps.is_empty() && record.sweeps > 0 {
        return Err(VerifyError::NotArchived(day));
    }
    let lost = listed.lost(day, &sweeps, counts);
    let numbers = Numbers::new(options.seed, day);

    let (channels, streams) = Channels::read(archive, day, &sweeps, &listed, &options.suppression).await?;
    let channels = Arc::new(channels);
    let before = sweeps.last().copied().filter(|_| record.provisional);
    let learnt = learnt(archive, day, before, &options.suppression).await?;
    let sampled = channels.sample(options.channels, numbers);
    let (days, told) = futures::try_join!(
        expected_days(archive, day, &sweeps, &channels, &sampled),
        read_observations(archive, day, &sweeps, &listed, Arc::clone(&channels), Arc::new(learnt), options)
    )?;
    let Told { sums, people, readings, differences: chatters } = told;
    let expected = resolve(people, sums, &channels, numbers, options);

    let report = VerifyReport {
        day,
        provisional: record.provisional,
        generation,
        seed: options.seed,
        sweeps: sweeps.len() as u64,
        skipped,
        readings,
        observations: expected.sums.iter().map(|sum| sum.observations).sum(),
        viewers: expected.viewers.len() as u64,
        channels: days.len() as u64,
        failures: 0,
        differences: Vec::new(),
    };
    let mut comparison = Comparison { store, job, day, channels: &channels, numbers, bots: &options.bots, report };
    for difference in lost.into_iter().chain(streams).chain(chatters) {
        comparison.report.add(difference);
    }
    comparison.fact(Fact::Sweeps, u64::from(record.sweeps), sweeps.len() as u64);
    if let Err(error) = comparison.everything(&record, days, expected).await {
        // A store that cannot be decoded differs from its archive; one that does not answer has not been compared.
        comparison.report.add(Difference::Damaged(VerifyError::damage(error)?));
    }
    if store.generation(day).await? == Some(generation) {
        Ok(comparison.report)
    } else {
        Err(VerifyError::Replaced(day))
    }
}

async fn record_of(store: &impl Store, day: Day) -> Result<Option<DayRecord>, VerifyError> {
    Ok(store.days().await?.into_iter().find(|record| record.day == day))
}

/// Whether the store has the day's slots still. Errors: it has hours, or less.
async fn is_fine(store: &impl Store, day: Day) -> Result<(), VerifyError> {
    let month = store.months().await?.into_iter().find(|record| record.month == day.month());
    match month.and_then(|record| record.closed) {
        Some(tier @ (Tier::Hours | Tier::Aggregates)) => Err(VerifyError::Aged { day, tier }),
        None | Some(Tier::Slots) => Ok(()),
    }
}

/// Whether the day has to be made of the sweep of this slot, if there is one: not if it was left out knowingly or, of a
/// provisional day, came later.
fn is_of(record: &DayRecord, skipped: &[SkippedSweep], slot: Slot) -> bool {
    let later = record.provisional && record.until.is_some_and(|until| until <= slot);
    !later && skipped.iter().all(|sweep| sweep.slot != slot)
}
