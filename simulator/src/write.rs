//! Past days, written straight into an archive: what a collector would have written, without waiting for it.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::thread::available_parallelism;

use archive::Archive;
use archive::chatters::ChatterRow;
use archive::day_writer::DayWriter;
use archive::error::ArchiveError;
use archive::manifest::Timings;
use archive::sweep_writer::SweepWriter;
use futures::{StreamExt, TryStreamExt};
use model::day::Day;
use model::login::Login;
use model::slot::{Slot, SlotTime, Span};
use model::sweep::SweepSummary;
use model::words::{Evidence, ListStatus};
use tokio::sync::Semaphore;
use tokio_util::task::AbortOnDropHandle;

use crate::channel::Channel;
use crate::day_table::DayTable;
use crate::dice::{Dice, Purpose};
use crate::error::SimulatorError;
use crate::outage::Outages;
use crate::roster::Roster;
use crate::statistics::DayStatistics;
use crate::world::World;

/// What the imaginary collector follows: every channel of a language, as one does whose cut lies above the number of
/// channels on air, and the tracked ones.
#[derive(Clone, Debug)]
pub struct Follow {
    /// ISO 639-1, or `*` for all.
    pub language: String,
    /// Channels followed whatever their language.
    pub tracked: BTreeSet<Login>,
}

impl Default for Follow {
    fn default() -> Follow {
        Follow { language: "fr".to_owned(), tracked: BTreeSet::new() }
    }
}

impl Follow {
    /// Whether it follows this channel.
    pub(crate) fn includes(&self, channel: &Channel) -> bool {
        self.language == "*" || self.language == channel.language || self.tracked.contains(&channel.login)
    }
}

/// A day that was written, or was there already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DayWritten {
    /// The UTC day.
    pub day: Day,
    /// Sweeps written; 0 when the archive had the day.
    pub sweeps: u32,
    /// What the sweeps hold, counted from the truth; all 0 when the archive had the day.
    pub statistics: DayStatistics,
}

/// Writes the slots of a span into an archive, several days and several slots of each at once, telling `progress` of
/// each day that is done. Gives the observations that were written.
///
/// Days that have a manifest are left alone, so that a run that was stopped is gone on with. Sweeps that the outages
/// swallow are not there. The same world, span and follow give the same bytes. Errors: the archive's.
pub async fn write_days(
    world: &Arc<World>,
    archive: &Archive,
    follow: &Follow,
    span: Span,
    mut progress: impl FnMut(DayWritten),
) -> Result<u64, SimulatorError> {
    let cores = available_parallelism().map_or(1, std::num::NonZero::get);
    let (follow, sweepers) = (Arc::new(follow.clone()), Arc::new(Semaphore::new(cores)));
    let days = span.days().map(|day| {
        let (world, archive, follow, sweepers) =
            (Arc::clone(world), archive.clone(), Arc::clone(&follow), Arc::clone(&sweepers));
        let work = AbortOnDropHandle::new(tokio::spawn(async move {
            write_day(&world, &archive, &follow, day, span, &sweepers).await
        }));
        async move { work.await.map_err(|source| SimulatorError::Stopped { day, source })? }
    });
    let mut days = futures::stream::iter(days).buffer_unordered(cores);
    let mut observations = 0;
    while let Some(written) = days.try_next().await? {
        observations += written.statistics.observations;
        progress(written);
    }
    Ok(observations)
}

/// `sweepers` has a permit a core: the sweeps of all days share it.
async fn write_day(
    world: &Arc<World>,
    archive: &Archive,
    follow: &Arc<Follow>,
    day: Day,
    span: Span,
    sweepers: &Semaphore,
) -> Result<DayWritten, SimulatorError> {
    let failed = |source| SimulatorError::Write { day, source };
    let stopped = |source| SimulatorError::Stopped { day, source };
    let writer = match DayWriter::new(archive, day).await {
        Ok(writer) => writer,
        Err(ArchiveError::DayTaken(_)) => {
            return Ok(DayWritten { day, sweeps: 0, statistics: DayStatistics::default() });
        }
        Err(source) => return Err(failed(source)),
    };
    let truth = {
        let (world, follow) = (Arc::clone(world), Arc::clone(follow));
        tokio::task::spawn_blocking(move || Arc::new(DayToWrite::new(&world, &follow, day, span)))
            .await
            .map_err(stopped)?
    };
    let sweep = async |slot| {
        let at = SlotTime::new(day, slot);
        // The semaphore is never closed; were it, unbounded work would still be right work.
        let _permit = sweepers.acquire().await.ok();
        let timings = timings(world, at);
        let (world, truth, follow) = (Arc::clone(world), Arc::clone(&truth), Arc::clone(follow));
        let sweep = tokio::task::spawn_blocking(move || world.sweep(&truth, &follow, at)).await.map_err(stopped)?;
        writer.commit(sweep.map_err(failed)?, timings).await.map_err(failed)
    };
    let slots = Slot::all().filter(|slot| span.contains(SlotTime::new(day, *slot)));
    let swept = slots.filter(|slot| !truth.outages.no_sweep.contains(*slot));
    let cores = available_parallelism().map_or(1, std::num::NonZero::get);
    let sweeps: Vec<SweepSummary> =
        futures::stream::iter(swept.map(sweep)).buffer_unordered(cores).try_collect().await?;
    writer.close().await.map_err(failed)?;
    let mut statistics = truth.statistics;
    if let Some(manifest) = archive.manifest(day).await.map_err(failed)? {
        statistics.add_bytes(&manifest);
    }
    Ok(DayWritten { day, sweeps: sweeps.len() as u32, statistics })
}

/// A day as its sweeps need it.
struct DayToWrite {
    table: DayTable,
    roster: Roster,
    outages: Outages,
    statistics: DayStatistics,
}

impl DayToWrite {
    fn new(world: &World, follow: &Follow, day: Day, span: Span) -> DayToWrite {
        let (table, outages) = (DayTable::new(world, day), world.outages(day));
        let roster = Roster::new(world, &table);
        let statistics = world.statistics(&table, &outages, follow, span);
        DayToWrite { table, roster, outages, statistics }
    }
}

impl World {
    /// What a sweep of this slot would write.
    fn sweep(&self, truth: &DayToWrite, follow: &Follow, at: SlotTime) -> Result<SweepWriter, ArchiveError> {
        let mut writer = SweepWriter::new(at);
        for (place, channel) in self.channels.iter().enumerate().filter(|(_, channel)| follow.includes(channel)) {
            let tracked = follow.tracked.contains(&channel.login);
            let row = self.row(&truth.table, &truth.outages, place, at, tracked);
            writer.push_stream(&row)?;
            if row.list_status == ListStatus::Complete {
                for (chatter, role) in truth.roster.chatters(place, at) {
                    writer.push_row(&ChatterRow {
                        channel: &channel.login,
                        chatter,
                        id: None,
                        role,
                        evidence: Evidence::Listed,
                    })?;
                }
            }
        }
        Ok(writer)
    }
}

/// When the imaginary collector made its calls: a second and a half or so, the same for the same seed.
fn timings(world: &World, at: SlotTime) -> Timings {
    let mut dice = Dice::new(world.seed, Purpose::Sweeps, u64::from(at.slot().index()), at.day().days());
    let started_ms = at.unix() * 1_000 + i64::from(dice.range(40, 400));
    let slow = if dice.chance(0.01) { 6 } else { 1 };
    Timings { started_ms, finished_ms: started_ms + i64::from(dice.range(900, 2_300)) * slow }
}
