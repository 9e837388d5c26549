//! One day, from its objects to the store's rows.

use std::time::Instant;

use archive::Archive;
use futures::{StreamExt, TryStreamExt, stream};
use model::day::Day;
use model::slot::{SLOTS_PER_DAY, Slot, SlotTime};
use store::Store;
use store::access::JobKey;
use store::day::{DayImport, DayStats};
use tokio::sync::mpsc;
use tokio::task::spawn_blocking;

use crate::error::ImportError;
use crate::merge::{DayMerge, MergedDay, Sweep};
use crate::people;

/// Sweeps read ahead of the merge: enough to keep the other cores inflating, few enough for the memory of large ones
/// (a whole French sweep takes 4 MB).
const READ_AHEAD: usize = 6;

/// What to import.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ImportOrder {
    /// The UTC day.
    pub day: Day,
    /// Whether it is still open: to be imported again, and marked so wherever shown.
    pub provisional: bool,
    /// The present, Unix time in seconds: remembered as the time of the import.
    pub now: i64,
}

/// How far an import is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// Sweeps read so far, of how many.
    Sweeps {
        /// Read and on their way into the merge.
        done: usize,
        /// In the day.
        total: usize,
    },
    /// All is read; rows are being made and written.
    Writing,
}

/// What an import read, made and took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ImportReport {
    /// Rows of chatters.
    pub observations: u64,
    /// Runs, over all people, channels and kinds of evidence.
    pub runs: u64,
    /// Different people, bots among them.
    pub viewers: u64,
    /// Of them bots.
    pub bots: u64,
    /// Followed channels.
    pub channels: u64,
    /// Sweeps, 1–288.
    pub sweeps: u64,
    /// People never seen before by the store.
    pub new_people: u64,
    /// Reading and merging, in milliseconds.
    pub merge_ms: u32,
    /// Keys of channels, rows of people, in milliseconds.
    pub rows_ms: u32,
    /// The store's part, in milliseconds.
    pub store_ms: u32,
}

/// Imports a day: reads its sweeps, and has the store put it in the place of what it held of that day.
///
/// The same archive gives the same bytes, whatever the number of threads. Inflating, parsing and merging happen on
/// blocking threads. Dropping the future abandons the import; the store then holds the day it had, or the new one.
/// Errors: [`ImportError`]; the store then holds the day it had.
pub async fn import_day(
    archive: &Archive,
    store: &impl Store,
    job: &JobKey,
    order: ImportOrder,
    progress: impl Fn(Progress),
) -> Result<ImportReport, ImportError> {
    let ImportOrder { day, provisional, now } = order;
    if archive.origin() != store.origin() {
        return Err(ImportError::Origin { day, archive: archive.origin(), store: store.origin() });
    }
    let store_error = |source| ImportError::Store { day, source };
    let start = Instant::now();
    let merged = read_and_merge(archive, day, &progress).await?;
    let merge_ms = millis(start);

    progress(Progress::Writing);
    let rows_start = Instant::now();
    let MergedDay { channels, people, runs, summaries, observations } = merged;
    let keys = store.channel_keys(job, day, &channels.identities).await.map_err(store_error)?;
    let run_count = runs.len() as u64;
    let made = spawn_blocking(move || {
        let keys = channels.keys_by_place(&keys);
        people::rows(&people, runs, &keys).map(|rows| (rows, channels.with_keys(&keys)))
    });
    let made = made.await.map_err(|source| ImportError::Stopped { day, source })?;
    let (rows, channels) = made.map_err(|source| ImportError::Rows { day, source })?;
    let viewer_count = rows.viewers.len() as u64;
    let rows_ms = millis(rows_start);

    let store_start = Instant::now();
    let report = ImportReport {
        observations,
        runs: run_count,
        viewers: viewer_count,
        bots: rows.bots,
        channels: channels.len() as u64,
        sweeps: summaries.len() as u64,
        new_people: 0,
        merge_ms,
        rows_ms,
        store_ms: 0,
    };
    let after_last = summaries.last().map_or(0, |sweep| sweep.at.slot().index() + 1);
    let import = DayImport {
        day,
        provisional,
        until: if provisional && after_last < SLOTS_PER_DAY { Slot::new(after_last).ok() } else { None },
        channels,
        viewers: rows.viewers,
        sweeps: summaries,
        stats: DayStats { viewers: viewer_count - rows.bots, bots: rows.bots, observations },
        imported_at: now,
        import_ms: millis(start),
    };
    let outcome = store.import_day(job, import).await.map_err(store_error)?;
    let report = ImportReport { new_people: outcome.new_people, store_ms: millis(store_start), ..report };
    tracing::info!(
        import.day = %day, import.provisional = provisional, sweeps = report.sweeps, channels = report.channels,
        viewers = report.viewers, observations, runs = report.runs, duration_ms = millis(start), "imported {day}"
    );
    Ok(report)
}

/// Reads the day's sweeps in order, some ahead, and merges them on a thread of its own.
async fn read_and_merge(archive: &Archive, day: Day, progress: &impl Fn(Progress)) -> Result<MergedDay, ImportError> {
    let archive_error = |source| ImportError::Archive { day, source };
    let slots = archive.sweeps(day).await.map_err(archive_error)?;
    if slots.is_empty() {
        return Err(ImportError::NoSweeps(day));
    }
    let manifest = archive.manifest(day).await.map_err(archive_error)?;
    let total = slots.len();
    let (sender, mut receiver) = mpsc::channel::<Sweep>(READ_AHEAD);
    let merger = spawn_blocking(move || {
        let mut merge = DayMerge::new(day);
        while let Some(sweep) = receiver.blocking_recv() {
            merge.add(sweep)?;
        }
        Ok(merge.finish())
    });
    let sweeps = slots.into_iter().map(|slot| {
        let at = SlotTime::new(day, slot);
        let sweep_ms = manifest.as_ref().and_then(|manifest| manifest.sweep(slot)?.sweep_ms()).unwrap_or(0);
        async move {
            let (streams, chatters) = futures::try_join!(archive.read_streams(at), archive.read_chatters(at))?;
            Ok(Sweep { slot, streams, chatters, sweep_ms })
        }
    });
    let read =
        stream::iter(sweeps).buffered(READ_AHEAD).enumerate().map(|(number, sweep)| sweep.map(|sweep| (number, sweep)));
    let fed = read
        .try_for_each(|(number, sweep)| {
            let sender = &sender;
            async move {
                // A merge that has failed takes no more; its error is asked for below.
                if sender.send(sweep).await.is_ok() {
                    progress(Progress::Sweeps { done: number + 1, total });
                }
                Ok(())
            }
        })
        .await;
    drop(sender);
    let merged = merger.await.map_err(|source| ImportError::Stopped { day, source })?;
    fed.map_err(archive_error).and(merged)
}

fn millis(since: Instant) -> u32 {
    u32::try_from(since.elapsed().as_millis()).unwrap_or(u32::MAX)
}
