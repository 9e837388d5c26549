//! Days, one after the other, from the store to their parts.

use std::path::PathBuf;
use std::sync::Arc;

use model::day::Day;
use model::identity::ChannelKey;
use model::words::Origin;
use serde::Serialize;
use store::Store;
use store::access::JobKey;
use store::day::DayRecord;
use store::dump::Pages;
use store::error::StoreError;
use store::suppression::Suppression;

use super::channels::{ChannelsWriter, write_figures};
use super::error::ExportError;
use super::folder::Folder;
use super::followed::Followed;
use super::people::PeopleReader;
use super::table::Table;
use super::worker::Worker;
use super::writer::{Format, PartWriter, WholePart};

/// Channels' days read at once: each takes a few kilobytes.
const CHANNELS_AT_ONCE: usize = 128;

/// What to export, and where to.
#[derive(Clone, Debug)]
pub struct ExportOrder {
    /// The first UTC day.
    pub from: Day,
    /// The last UTC day.
    pub to: Day,
    /// As what.
    pub format: Format,
    /// The folder, which is made where it is not.
    pub out: PathBuf,
    /// Whether presence is exported too.
    pub raw: bool,
    /// Whether whoever asks has said that they may have personal data; presence of real people takes it.
    pub personal_data: bool,
    /// Whether parts that are there are replaced.
    pub overwrite: bool,
    /// Who opted out, since the import too. Whoever does later is not heeded, so that the day then being written fails.
    pub suppression: Suppression,
}

/// How far an export is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// The day.
    pub day: Day,
    /// People read of it.
    pub done: u64,
    /// People it has.
    pub total: u64,
}

/// What was exported of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct TableReport {
    /// Its name.
    pub table: &'static str,
    /// Parts: one a day.
    pub parts: u64,
    /// Rows in all of them.
    pub rows: u64,
    /// Bytes of all of them.
    pub bytes: u64,
}

impl ExportOrder {
    /// The tables asked for.
    fn tables(&self) -> impl Iterator<Item = Table> {
        Table::AGGREGATES.into_iter().chain(self.raw.then_some(Table::Presence))
    }
}

/// Exports days, both ends included, in order. What each table got.
///
/// Dropping the future abandons the day that is being written, of which nothing is visible then.
/// Errors: [`ExportError`]; what can be known beforehand is told before anything is written.
pub async fn export_days(
    store: &impl Store,
    job: &JobKey,
    order: &ExportOrder,
    progress: impl Fn(Progress),
) -> Result<Vec<TableReport>, ExportError> {
    if order.raw && store.origin() == Origin::Real && !order.personal_data {
        return Err(ExportError::Unconfirmed);
    }
    let records = held(store, order).await?;
    let folder = Folder::open(&order.out, store.origin())?;
    if !order.overwrite {
        for record in &records {
            order.tables().try_for_each(|table| folder.refuse_occupied(table, record.day))?;
        }
    }
    let report = |table: Table| TableReport { table: table.name(), parts: 0, rows: 0, bytes: 0 };
    let mut reports: Vec<TableReport> = order.tables().map(report).collect();
    for record in records {
        let parts = write_day(store, job, order, &folder, &record, &progress).await?;
        let mut files = Vec::with_capacity(parts.len());
        for WholePart { table, file, rows, bytes } in parts {
            files.push((table, file));
            for report in reports.iter_mut().filter(|report| report.table == table.name()) {
                report.parts += 1;
                report.rows += rows;
                report.bytes += bytes;
            }
        }
        folder.put(record.day, order.format, files, order.overwrite)?;
        tracing::info!(export.day = %record.day, raw = order.raw, "exported {}", record.day);
    }
    Ok(reports)
}

/// The days asked for. Errors: one is not held, or was not over when it was imported.
async fn held(store: &impl Store, order: &ExportOrder) -> Result<Vec<DayRecord>, ExportError> {
    let (from, to) = (order.from, order.to);
    if from > to {
        return Err(ExportError::Backwards { from, to });
    }
    let records = store.days().await.map_err(|source| ExportError::Store { day: from, source })?;
    let ends = records.first().zip(records.last()).map(|(first, last)| (first.day, last.day));
    let days = from.until(to).chain([to]);
    days.map(|day| match records.iter().find(|record| record.day == day) {
        None => Err(ExportError::NotHeld { day, held: ends }),
        Some(record) if record.provisional => Err(ExportError::Provisional(day)),
        Some(record) => Ok(*record),
    })
    .collect()
}

/// Writes the parts of a day, which have no name yet.
async fn write_day(
    store: &impl Store,
    job: &JobKey,
    order: &ExportOrder,
    folder: &Folder,
    record: &DayRecord,
    progress: &impl Fn(Progress),
) -> Result<Vec<WholePart>, ExportError> {
    let day = record.day;
    let failed = |source| ExportError::Store { day, source };
    let begin = |table| PartWriter::begin(folder, table, day, order.format);
    let followed = Arc::new(Followed::read(store, day, &order.suppression).await.map_err(failed)?);

    let presence = order.raw.then(|| begin(Table::Presence)).transpose()?;
    let people = PeopleReader::new(day, Arc::clone(&followed), order.suppression.clone(), presence);
    let people = read_people(store, job, record, people, progress).await?;
    let PeopleReader { census, presence, .. } = people;
    let census = Arc::new(census);

    let (slots, days) = (begin(Table::ChannelSlots)?, begin(Table::ChannelDays)?);
    let writer = ChannelsWriter { day, followed, census: Arc::clone(&census), slots, days };
    let ChannelsWriter { slots, days, .. } = read_channels(store, writer).await?;
    let mut figures = begin(Table::Days)?;
    write_figures(&mut figures, record, &census)?;
    // Tables of two imports of the day do not belong together; and whoever opted out or was erased since it began may be in
    // them.
    let now = store.days().await.map_err(failed)?;
    let withdrawals = store.suppressed().await.map_err(failed)?.withdrawals;
    if !now.contains(record) || withdrawals != order.suppression.withdrawals() {
        return Err(failed(StoreError::Busy));
    }
    let finish = move || {
        [Some(slots), Some(days), Some(figures), presence].into_iter().flatten().map(PartWriter::finish).collect()
    };
    tokio::task::spawn_blocking(finish).await.map_err(|source| ExportError::Stopped { day, source })?
}

/// Gives everybody of the day to the reader.
async fn read_people(
    store: &impl Store,
    job: &JobKey,
    record: &DayRecord,
    people: PeopleReader,
    progress: &impl Fn(Progress),
) -> Result<PeopleReader, ExportError> {
    let day = record.day;
    let (mut done, total) = (0, record.stats.viewers + record.stats.bots);
    let worker = Worker::start(people, |people, page: Vec<_>| people.page(&page));
    let mut pages = Pages::of(store, job, day);
    while let Some(page) = pages.next().await.map_err(|source| ExportError::Store { day, source })? {
        done += page.len() as u64;
        if !worker.give(page).await {
            break;
        }
        progress(Progress { day, done, total });
    }
    worker.end().await.map_err(|source| ExportError::Stopped { day, source })?
}

/// Gives every channel of the day to the writer.
async fn read_channels(store: &impl Store, writer: ChannelsWriter) -> Result<ChannelsWriter, ExportError> {
    let day = writer.day;
    let followed = Arc::clone(&writer.followed);
    let worker = Worker::start(writer, |writer: &mut ChannelsWriter, channels| writer.channels(channels));
    for stretch in followed.channels.chunks(CHANNELS_AT_ONCE) {
        let keys: Vec<ChannelKey> = stretch.iter().map(|channel| channel.key).collect();
        let rows = store.channel_days(&keys, day, day.plus(1)).await;
        let rows = rows.map_err(|source| ExportError::Store { day, source })?.into_iter();
        let mut channels: Vec<_> = rows.filter_map(|row| Some((followed.place(row.channel)?, row.data))).collect();
        channels.sort_unstable_by_key(|(place, _)| *place);
        if !worker.give(channels).await {
            break;
        }
    }
    worker.end().await.map_err(|source| ExportError::Stopped { day, source })?
}
