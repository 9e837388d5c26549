//! One day, from its objects to the store's rows.

use std::time::Instant;

use archive::Archive;
use model::day::Day;
use model::identity::ChannelKey;
use serde::Serialize;
use store::Store;
use store::access::JobKey;
use store::day::SkippedSweep;

use crate::error::ImportError;
use crate::options::ImportOptions;
use crate::stages::read_day;

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
    /// Rows of chatters merged so far, of how many.
    Merged {
        /// Read and merged.
        done: u64,
        /// In the day.
        total: u64,
    },
    /// All is read; rows are being made and written.
    Writing,
}

/// What an import read, made and took.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ImportReport {
    /// Rows of chatters.
    pub observations: u64,
    /// Of them those of people or channels that opted out.
    pub suppressed: u64,
    /// Runs, over all people, channels and kinds of evidence.
    pub runs: u64,
    /// Different people, bots among them.
    pub viewers: u64,
    /// Of them bots.
    pub bots: u64,
    /// Followed channels.
    pub channels: u64,
    /// Channels left out because they opted out.
    pub channels_suppressed: u64,
    /// Sweeps, 1–288.
    pub sweeps: u64,
    /// Sweeps left out because they cannot be understood, by slot. What was in them is in no other figure. Not part of the
    /// serialized form: whoever tells of them looks up what their indexes count.
    #[serde(skip)]
    pub skipped: Vec<SkippedSweep>,
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
/// blocking threads; memory is bounded whatever the day's size. Dropping the future abandons the import; the store then
/// holds the day it had, or the new one. Errors: [`ImportError`]; the store then holds the day it had.
pub async fn import_day(
    archive: &Archive,
    store: &impl Store,
    job: &JobKey,
    order: ImportOrder,
    options: &ImportOptions,
    progress: impl Fn(Progress),
) -> Result<ImportReport, ImportError> {
    let day = order.day;
    if archive.origin() != store.origin() {
        return Err(ImportError::Origin { day, archive: archive.origin(), store: store.origin() });
    }
    let store_error = |source| ImportError::Store { day, source };
    let start = Instant::now();
    let read = read_day(archive, order, options, &progress).await?;
    progress(Progress::Writing);
    let keys =
        store.channel_keys(job, day, read.channels(), options.suppression.withdrawals()).await.map_err(store_error)?;
    let (import, report) = read.rows(&keys, options, start).await?;
    let store_start = Instant::now();
    let outcome = store.import_day(job, import).await.map_err(store_error)?;
    let report = ImportReport { new_people: outcome.new_people, store_ms: millis(store_start), ..report };
    tracing::info!(
        import.day = %day, import.provisional = order.provisional, sweeps = report.sweeps, channels = report.channels,
        viewers = report.viewers, observations = report.observations, runs = report.runs, duration_ms = millis(start),
        "imported {day}"
    );
    Ok(report)
}

/// Does all of an import but its end: reads the day and makes its rows, which nobody keeps. What it reports an import
/// would, but for people never seen before. Errors: those of [`import_day`] that are the archive's.
pub async fn rehearse_day(
    archive: &Archive,
    order: ImportOrder,
    options: &ImportOptions,
    progress: impl Fn(Progress),
) -> Result<ImportReport, ImportError> {
    let start = Instant::now();
    let read = read_day(archive, order, options, &progress).await?;
    progress(Progress::Writing);
    let keys: Vec<ChannelKey> = (0..read.channels().len() as u32).map(ChannelKey).collect();
    read.rows(&keys, options, start).await.map(|(_, report)| report)
}

/// Milliseconds since then.
pub(crate) fn millis(since: Instant) -> u32 {
    u32::try_from(since.elapsed().as_millis()).unwrap_or(u32::MAX)
}
