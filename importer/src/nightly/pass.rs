//! One reading of some weeks, and the nights that come of it.

use std::time::Instant;

use model::aggregate::FEW;
use model::day::Day;
use model::identity::{ChannelKey, PersonKey};
use model::statistics::night::{ChannelNight, NEIGHBOURS, NIGHT_DAYS, NIGHT_VERSION, Night, TIES};
use model::statistics::overlap::{OverlapCounter, graph, neighbours};
use model::statistics::retention::Cohort;
use serde::Serialize;
use store::Store;
use store::access::JobKey;
use store::error::Result;
use store::night::{ChannelNightWrite, NightWrite};
use store::people_page::PeoplePage;
use tokio::task::spawn_blocking;

use super::channels::{self, NightChannels};
use super::due::is_coarse;
use super::people::{Counts, NightCounts, Tally};
use crate::import::millis;

/// Nights made in one reading, which takes half the time of a night made alone: more would save little more, and imports wait for them.
pub const NIGHTS_AT_ONCE: usize = 4;

/// Channels of all nights of a reading together: each holds a set of up to 10 kB.
const CHANNEL_NIGHTS: usize = 20_000;

/// What a pass made.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct NightsReport {
    /// The nights, youngest first.
    pub nights: Vec<Day>,
    /// Days read.
    pub days: u32,
    /// Different people in them, bots among them.
    pub people: u64,
    /// Their days.
    pub viewer_days: u64,
    /// Channels with a night, of all nights together.
    pub channels: u64,
    /// People left out of the overlap, of all nights together, since they were in more channels than people are.
    pub programs: u64,
    /// Reading channels' days, in milliseconds.
    pub channels_ms: u32,
    /// Reading and counting people, in milliseconds.
    pub people_ms: u32,
    /// All of it, in milliseconds.
    pub ms: u32,
}

/// Makes the first of these nights in one reading, as many as memory allows but at least one; give them youngest first, as
/// [`super::due::due`] does. Nothing is made of none.
///
/// Dropped half-way, nothing is kept but whole nights. Errors: the store's; [`store::error::StoreError::Busy`] when a day was replaced meanwhile, or
/// somebody opted out or was erased: do it again.
pub async fn make_nights(store: &impl Store, job: &JobKey, nights: &[Day], now: i64) -> Result<NightsReport> {
    let start = Instant::now();
    // Before anything is read: whoever opts out later is not in what is kept.
    let withdrawals = store.suppressed().await?.withdrawals;
    let held: Vec<Day> = store.days().await?.into_iter().map(|record| record.day).collect();
    let Some(youngest) = nights.first() else { return Ok(NightsReport::default()) };
    let channels = store.channels_of_day(*youngest).await?.len().max(1);
    let count = (CHANNEL_NIGHTS / channels).clamp(1, NIGHTS_AT_ONCE);
    // Within the bits of the days' sets.
    let near = |day: &&Day| youngest.days().abs_diff(day.days()) + u32::from(NIGHT_DAYS) < 64;
    let nights: Vec<Day> = nights.iter().take(count).filter(near).copied().collect();
    let window = window(store, &nights).await?;
    let mut read = Vec::new();
    for day in held.iter().filter(|day| (window.0..window.1).contains(day)) {
        read.extend(store.generation(*day).await?.map(|generation| (*day, generation)));
    }

    let mut of_channels = channels::read(store, &held, &nights).await?;
    let channels_ms = millis(start);
    let counts = Counts::new(window.0, of_channels.iter_mut().map(|night| to_count(night, window.0)).collect());
    let counts = count_people(store, job, window, counts).await?;
    let people_ms = millis(start) - channels_ms;

    let mut report = NightsReport {
        days: read.len() as u32,
        people: counts.people,
        viewer_days: counts.viewer_days,
        channels_ms,
        people_ms,
        ..NightsReport::default()
    };
    for (night, lists) in counts.nights.into_iter().zip(of_channels) {
        report.programs += u64::from(night.programs);
        let of_day = |day: &(Day, u32)| (night.day.plus(1 - i32::from(NIGHT_DAYS))..=night.day).contains(&day.0);
        let read: Vec<(Day, u32)> = read.iter().copied().filter(of_day).collect();
        let write = NightWrite { withdrawals, made_at: now, made_ms: millis(start), ..to_write(night, lists, read) };
        report.channels += write.channels.len() as u64;
        report.nights.push(write.day);
        store.put_night(job, write).await?;
    }
    report.ms = millis(start);
    tracing::info!(
        nights = report.nights.len(),
        days = report.days,
        people = report.people,
        viewer_days = report.viewer_days,
        duration_ms = report.ms,
        "made the figures of nights"
    );
    Ok(report)
}

/// The days that people are read of: four weeks up to each night, those that are kept by slot.
async fn window(store: &impl Store, nights: &[Day]) -> Result<(Day, Day)> {
    let oldest = nights.iter().min().copied().unwrap_or(Day::MIN);
    let coarse = store.months().await?.into_iter().filter(|month| month.closed.is_some_and(is_coarse));
    let since = coarse.map(|month| month.month.next().first_day()).max().unwrap_or(Day::MIN);
    let until = nights.iter().max().copied().unwrap_or(Day::MIN).plus(1);
    Ok((oldest.plus(1 - i32::from(NIGHT_DAYS)).max(since.min(oldest)), until))
}

fn to_count(night: &mut NightChannels, first: Day) -> NightCounts {
    let overlap = OverlapCounter::new(night.most_watched().collect::<Vec<ChannelKey>>());
    let at = (night.day.days() - first.days()).unsigned_abs();
    NightCounts::new(night.day, at, overlap, std::mem::take(&mut night.cohorts))
}

/// Counts everybody, page by page; while one is counted the next is read.
async fn count_people(store: &impl Store, job: &JobKey, (from, until): (Day, Day), counts: Counts) -> Result<Counts> {
    let mut counts = counts;
    let mut page = store.people_page(job, from, until, PersonKey(0)).await?;
    loop {
        let next = page.next();
        let counted = spawn_blocking(move || count(counts, &page));
        let (counted, read) = match next {
            Some(next) => {
                let (counted, read) = tokio::join!(counted, store.people_page(job, from, until, next));
                (counted, Some(read))
            }
            None => (counted.await, None),
        };
        counts = counted.unwrap_or_else(|error| std::panic::resume_unwind(error.into_panic()))?;
        match read {
            Some(read) => page = read?,
            None => return Ok(counts),
        }
    }
}

fn count(mut counts: Counts, page: &PeoplePage) -> Result<Counts> {
    page.each(|person, days| counts.add(person, days))?;
    Ok(counts)
}

/// A night as it is kept; who withdrew, and the times, are set by whoever keeps it.
fn to_write(night: NightCounts, channels: NightChannels, read: Vec<(Day, u32)>) -> NightWrite {
    let NightCounts { day, everybody, people_of_days, channels: tallies, overlap, cohorts, .. } = night;
    let mut beside = neighbours(overlap.overlaps(), NEIGHBOURS);
    let mut keys: Vec<ChannelKey> = tallies.keys().chain(beside.keys()).chain(cohorts.keys()).copied().collect();
    keys.sort_unstable();
    keys.dedup();
    let enough = |people: u32| u64::from(people) >= FEW;
    let write = |channel: ChannelKey| {
        let tally = tallies.get(&channel);
        let people = tally.map(Tally::audience).unwrap_or_default();
        let night = ChannelNight {
            people,
            visitors: overlap.audience(channel).filter(|visitors| enough(*visitors)),
            neighbours: beside.remove(&channel).unwrap_or_default(),
            retention: cohorts.get(&channel).into_iter().flatten().filter_map(Cohort::retention).collect(),
        };
        // Of few people a set says nearly as much as their names.
        let people = tally.filter(|_| people.people.is_some()).map(|tally| tally.people.clone());
        (!night.is_empty()).then_some(ChannelNightWrite { channel, night, people })
    };
    let channel_nights: Vec<ChannelNightWrite> = keys.into_iter().filter_map(write).collect();
    let mut lists = channels.into_lists();
    lists.ties = graph(overlap.overlaps(), TIES);
    NightWrite {
        day,
        night: Night {
            version: NIGHT_VERSION,
            days: read.len() as u16,
            people: everybody.audience(),
            people_of_days: Some(people_of_days).filter(|people| enough(*people)),
        },
        read,
        withdrawals: 0,
        made_at: 0,
        made_ms: 0,
        lists,
        people: everybody.people,
        channels: channel_nights,
    }
}
