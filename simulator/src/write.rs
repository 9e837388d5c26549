//! Past days, written straight into an archive: what a collector would have written, without waiting for it.

use std::collections::BTreeSet;
use std::sync::Arc;

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
use model::words::{Evidence, ListStatus};
use tokio_util::task::AbortOnDropHandle;

use crate::day_table::DayTable;
use crate::dice::{Dice, Purpose};
use crate::error::SimulatorError;
use crate::outage::Outages;
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

/// A day that was written, or was there already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DayWritten {
    /// The UTC day.
    pub day: Day,
    /// Sweeps written; 0 when the archive had the day.
    pub sweeps: u32,
    /// People in chats, summed over the sweeps: rows of `chatters/`.
    pub observations: u64,
}

/// Writes the slots of a span into an archive, several days at once, telling `progress` of each day that is done.
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
    // Compression is nearly all of the work.
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let follow = Arc::new(follow.clone());
    let days = span.days().map(|day| {
        let (world, archive, follow) = (Arc::clone(world), archive.clone(), Arc::clone(&follow));
        let work =
            AbortOnDropHandle::new(tokio::spawn(async move { write_day(&world, &archive, &follow, day, span).await }));
        async move { work.await.map_err(|source| SimulatorError::Stopped { day, source })? }
    });
    let mut days = futures::stream::iter(days).buffer_unordered(cores);
    let mut observations = 0;
    while let Some(written) = days.try_next().await? {
        observations += written.observations;
        progress(written);
    }
    Ok(observations)
}

async fn write_day(
    world: &Arc<World>,
    archive: &Archive,
    follow: &Arc<Follow>,
    day: Day,
    span: Span,
) -> Result<DayWritten, SimulatorError> {
    let failed = |source| SimulatorError::Write { day, source };
    let stopped = |source| SimulatorError::Stopped { day, source };
    let mut written = DayWritten { day, sweeps: 0, observations: 0 };
    let writer = match DayWriter::new(archive, day).await {
        Ok(writer) => writer,
        Err(ArchiveError::DayTaken(_)) => return Ok(written),
        Err(source) => return Err(failed(source)),
    };
    let outages = Arc::new(world.outages(day));
    let table = {
        let world = Arc::clone(world);
        tokio::task::spawn_blocking(move || Arc::new(DayTable::new(&world, day))).await.map_err(stopped)?
    };
    for slot in Slot::all() {
        let at = SlotTime::new(day, slot);
        if !span.contains(at) || outages.no_sweep.contains(slot) {
            continue;
        }
        let timings = timings(world, at);
        let (world, table, outages, follow) =
            (Arc::clone(world), Arc::clone(&table), Arc::clone(&outages), Arc::clone(follow));
        let sweep =
            tokio::task::spawn_blocking(move || world.sweep(&table, &outages, &follow, at)).await.map_err(stopped)?;
        let summary = writer.commit(sweep.map_err(failed)?, timings).await.map_err(failed)?;
        written.sweeps += 1;
        written.observations += summary.chatters;
    }
    writer.close().await.map_err(failed)?;
    Ok(written)
}

impl World {
    /// What a sweep of this slot would write.
    fn sweep(
        &self,
        table: &DayTable,
        outages: &Outages,
        follow: &Follow,
        at: SlotTime,
    ) -> Result<SweepWriter, ArchiveError> {
        let mut writer = SweepWriter::new(at);
        for (place, channel) in self.channels.iter().enumerate() {
            let tracked = follow.tracked.contains(&channel.login);
            if !tracked && follow.language != "*" && follow.language != channel.language {
                continue;
            }
            let row = self.row(table, outages, place, at, tracked);
            writer.push_stream(&row)?;
            if row.list_status == ListStatus::Complete {
                for account in table.chatters(place, at) {
                    writer.push_row(&ChatterRow {
                        channel: &channel.login,
                        chatter: self.accounts.login(account),
                        id: None,
                        role: self.role(account, place),
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
