//! The stages of an import: streams and chatters read side by side, then rows.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use archive::Archive;
use archive::manifest::Manifest;
use archive::path::Kind;
use archive::summary;
use futures::{StreamExt, TryStreamExt, stream};
use model::day::Day;
use model::identity::ChannelKey;
use model::slot::{SLOTS_PER_DAY, Slot, SlotTime};
use model::slot_set::SlotSet;
use model::sweep::SweepSummary;
use store::channel::ChannelIdentity;
use store::day::{DayImport, DayStats, SkippedSweep};
use tokio::sync::mpsc;
use tokio::task::spawn_blocking;
use tokio_util::task::AbortOnDropHandle;

use crate::bad_sweeps::bad_sweeps;
use crate::channels::{ChannelDays, Channels, distrust_empty};
use crate::error::{ImportError, MergeError};
use crate::import::{ImportOrder, ImportReport, Progress, millis};
use crate::learnt::Learnt;
use crate::made::{Made, Numbered, make_rows};
use crate::merge::{MergedPart, merge_part};
use crate::options::ImportOptions;
use crate::spill::Spill;

/// Streams objects read ahead: each takes a few milliseconds of a core.
const READ_AHEAD: usize = 6;

/// Parts of a day that a thread takes on, one after another: with one each, some would wait for the last. Each takes a
/// member of every sweep twice.
const PARTS_A_THREAD: usize = 2;

/// Members whose logins tell where to cut the alphabet: some ten thousand logins.
const SAMPLED_MEMBERS: usize = 16;

/// A day, read and merged; its channels have no keys yet.
pub(crate) struct ReadDay {
    order: ImportOrder,
    after_last: u16,
    channels: ChannelDays,
    channels_suppressed: u64,
    sweeps: Vec<SweepSummary>,
    skipped: Vec<SkippedSweep>,
    merged: Merged,
    learnt: Learnt,
    archive_bytes: Option<u64>,
    merge_ms: u32,
}

/// Reads and merges a day: streams beside chatters.
pub(crate) async fn read_day(
    archive: &Archive,
    order: ImportOrder,
    options: &ImportOptions,
    progress: &impl Fn(Progress),
) -> Result<ReadDay, ImportError> {
    let day = order.day;
    let start = Instant::now();
    let archive_error = |source| ImportError::Archive { day, source };
    // Before the sweeps are listed: one that comes meanwhile is in the list, and not missed.
    let manifest = archive.manifest(day).await.map_err(archive_error)?;
    let mut slots = archive.sweeps(day).await.map_err(archive_error)?;
    let mut skipped = Vec::new();
    if options.skip_bad {
        let bad = bad_sweeps(archive, day, manifest.as_ref(), &slots, options.threads.get());
        skipped = bad.await.map_err(archive_error)?;
        slots.retain(|slot| skipped.iter().all(|sweep| sweep.slot != *slot));
    } else if let Some((_, lost)) = manifest.iter().flat_map(|manifest| manifest.lost(&slots)).next() {
        return Err(archive_error(lost));
    }
    let Some(last) = slots.last() else { return Err(ImportError::NoSweeps(day)) };
    let after_last = last.index() + 1;
    let before = order.provisional.then_some(*last);
    let learnt = Learnt::read(archive, day, before, &options.suppression, options.skip_bad);
    let learnt = learnt.await.map_err(archive_error)?;
    let (followed, merged) = futures::try_join!(
        read_streams(archive, day, &slots, manifest.as_ref()),
        read_and_merge(archive, day, &slots, options, progress)
    )?;
    let Followed { mut channels, sweeps } = followed;
    let channels_suppressed = channels.suppress(&options.suppression);
    let merge_ms = millis(start);
    let archive_bytes = manifest.as_ref().and_then(|manifest| archive_bytes(manifest, &slots));
    Ok(ReadDay {
        order,
        after_last,
        channels,
        channels_suppressed,
        sweeps,
        skipped,
        merged,
        learnt,
        archive_bytes,
        merge_ms,
    })
}

/// Compressed bytes of the objects of these sweeps; nothing where one of them is not in the manifest.
fn archive_bytes(manifest: &Manifest, slots: &[Slot]) -> Option<u64> {
    slots.iter().map(|slot| manifest.sweep(*slot).map(|entry| entry.streams.bytes + entry.chatters.bytes)).sum()
}

impl ReadDay {
    /// The channels that need keys, in order of first sight.
    pub(crate) fn channels(&self) -> &[ChannelIdentity] {
        &self.channels.identities
    }

    /// Makes the day's rows, given the channels' keys; `began` is when the import did.
    pub(crate) async fn rows(
        self,
        keys: &[ChannelKey],
        options: &ImportOptions,
        began: Instant,
    ) -> Result<(DayImport, ImportReport), ImportError> {
        let ReadDay {
            order: ImportOrder { day, provisional, now },
            after_last,
            channels,
            sweeps,
            skipped,
            merged,
            learnt,
            archive_bytes,
            ..
        } = self;
        let start = Instant::now();
        let keys = channels.keys_by_place(keys);
        let by_number = merged.keys(day, &channels, &keys)?;
        let (observations, runs) = (merged.observations(), merged.runs());
        let Made { rows, tally } =
            make_rows((merged.spill, merged.parts), by_number, learnt, options).await.map_err(|error| error.of(day))?;
        let accounted = tally.kept + tally.suppressed + tally.joined;
        if accounted != observations {
            return Err(ImportError::Unaccounted { day, observations, accounted });
        }
        let channels = channels.with_keys(&keys);
        let viewers = rows.len() as u64;
        let report = ImportReport {
            observations,
            suppressed: tally.suppressed,
            runs,
            viewers,
            bots: tally.bots,
            channels: channels.len() as u64,
            channels_suppressed: self.channels_suppressed,
            sweeps: sweeps.len() as u64,
            skipped: skipped.clone(),
            new_people: 0,
            merge_ms: self.merge_ms,
            rows_ms: millis(start),
            store_ms: 0,
        };
        let stats = DayStats {
            viewers: viewers - tally.bots,
            bots: tally.bots,
            observations,
            kept: tally.kept,
            suppressed: tally.suppressed,
            joined: tally.joined,
            archive_bytes,
        };
        let import = DayImport {
            day,
            provisional,
            until: if provisional && after_last < SLOTS_PER_DAY { Slot::new(after_last).ok() } else { None },
            channels,
            viewers: rows,
            sweeps,
            skipped,
            stats,
            imported_at: now,
            import_ms: millis(began),
            withdrawals: options.suppression.withdrawals(),
        };
        Ok((import, report))
    }
}

/// What the streams of a day say.
struct Followed {
    channels: ChannelDays,
    sweeps: Vec<SweepSummary>,
}

/// Reads the streams of the day's sweeps in order, some ahead.
async fn read_streams(
    archive: &Archive,
    day: Day,
    slots: &[Slot],
    manifest: Option<&Manifest>,
) -> Result<Followed, ImportError> {
    let mut channels = Channels::default();
    let mut sweeps = Vec::with_capacity(slots.len());
    let read = |slot: Slot| {
        let at = SlotTime::new(day, slot);
        async move { Ok((at, archive.read_streams(at).await?)) }
    };
    let mut streams = stream::iter(slots.to_vec()).map(read).buffered(READ_AHEAD);
    while let Some((at, rows)) = streams.try_next().await.map_err(|source| ImportError::Archive { day, source })? {
        let sweep_ms = manifest.and_then(|manifest| manifest.sweep(at.slot())?.sweep_ms()).unwrap_or(0);
        let mut sum = SweepSummary { sweep_ms, ..summary::empty(at) };
        for mut row in rows {
            distrust_empty(&mut row);
            summary::add(&mut sum, &row);
            channels.add(at.slot(), row);
        }
        sweeps.push(sum);
    }
    let swept: SlotSet = slots.iter().copied().collect();
    Ok(Followed { channels: channels.finish(&swept), sweeps })
}

/// What the chatters of a day say: runs by login, and who of the channels had any.
struct Merged {
    spill: Spill,
    parts: Vec<MergedPart>,
}

/// Merges the chatters, part by part, on several threads. Errors: of several faults that of the first part that has one,
/// whichever thread comes first. Streams are read beside: where they have a fault too, either may be told.
async fn read_and_merge(
    archive: &Archive,
    day: Day,
    slots: &[Slot],
    options: &ImportOptions,
    progress: &impl Fn(Progress),
) -> Result<Merged, ImportError> {
    let sweeps: Vec<SlotTime> = slots.iter().map(|slot| SlotTime::new(day, *slot)).collect();
    let archive_error = |source| ImportError::Archive { day, source };
    let chatters = Arc::new(archive.open_chatters(&sweeps).await.map_err(archive_error)?);
    let total = chatters.rows();
    let sampled = Arc::clone(&chatters);
    let sample = spawn_blocking(move || sampled.sample(SAMPLED_MEMBERS)).await;
    let sample = sample.map_err(|source| ImportError::Stopped { day, source })?.map_err(archive_error)?;
    let spill = Arc::new(Spill::new(total, sample));
    let parts = Arc::new(chatters.parts(PARTS_A_THREAD * options.threads.get()));
    let (told, mut hear) = mpsc::unbounded_channel::<Result<u64, (usize, MergeError)>>();
    let taken = Arc::new(AtomicUsize::new(0));
    // The first part that has failed: those behind it stop, those before it may tell of an earlier fault.
    let failed = Arc::new(AtomicUsize::new(usize::MAX));
    let work: Vec<AbortOnDropHandle<_>> = (0..options.threads.get())
        .map(|_| {
            let (chatters, spill, told) = (Arc::clone(&chatters), Arc::clone(&spill), told.clone());
            let (parts, taken, failed) = (Arc::clone(&parts), Arc::clone(&taken), Arc::clone(&failed));
            let merge = move || {
                let next = || taken.fetch_add(1, Ordering::Relaxed);
                let wanted = |number: usize| number < failed.load(Ordering::Relaxed);
                let of = parts.len() as u32;
                let mut merged = Vec::new();
                while let Some((number, part)) = Some(next()).and_then(|number| Some((number, parts.get(number)?))) {
                    let tell = |observations| wanted(number) && told.send(Ok(observations)).is_ok();
                    match merge_part(&chatters, part, number as u32, of, &spill, tell) {
                        Ok(part) => merged.push((number, part)),
                        Err(error) => {
                            failed.fetch_min(number, Ordering::Relaxed);
                            // Nobody hears it who does not wait for the import any more. Parts are taken in order: all
                            // before this one are under way.
                            let _ = told.send(Err((number, error)));
                            break;
                        }
                    }
                }
                merged
            };
            AbortOnDropHandle::new(spawn_blocking(merge))
        })
        .collect();
    drop(told);
    let mut done = 0;
    let mut first: Option<(usize, MergeError)> = None;
    // Until all threads have ended, so that which fault is told of several does not depend on which came first.
    while let Some(heard) = hear.recv().await {
        match heard {
            Ok(observations) => {
                done += observations;
                progress(Progress::Merged { done, total });
            }
            Err((number, error)) if first.as_ref().is_none_or(|(first, _)| number < *first) => {
                first = Some((number, error));
            }
            Err(_) => {}
        }
    }
    if let Some((_, error)) = first {
        return Err(error.of(day));
    }
    let mut merged: Vec<(usize, MergedPart)> = Vec::with_capacity(parts.len());
    for thread in work {
        merged.extend(thread.await.map_err(|source| ImportError::Stopped { day, source })?);
    }
    let rows: Vec<u64> = (0..sweeps.len()).map(|sweep| merged.iter().map(|(_, part)| part.rows[sweep]).sum()).collect();
    chatters.check_rows(&rows).map_err(archive_error)?;
    merged.sort_by_key(|(number, _)| *number);
    // The threads have let go of theirs.
    let spill = Arc::into_inner(spill).ok_or(ImportError::Abandoned(day))?;
    Ok(Merged { spill, parts: merged.into_iter().map(|(_, part)| part).collect() })
}

impl Merged {
    fn observations(&self) -> u64 {
        self.parts.iter().flat_map(|part| &part.channels).map(|channel| channel.observations).sum()
    }

    fn runs(&self) -> u64 {
        self.parts.iter().map(|part| part.runs).sum()
    }

    /// The channels' keys by the number that runs have; nothing for a channel that opted out. Errors: chatters of a
    /// channel without a row in the sweep, and runs that do not add up to what was read of a channel.
    fn keys(&self, day: Day, channels: &ChannelDays, keys: &[Option<ChannelKey>]) -> Result<Numbered, ImportError> {
        let parts = self.parts.len();
        let rows = self.parts.iter().map(|part| part.channels.len()).max().unwrap_or(0);
        // Numbers that no channel has are of no run.
        let mut by_number = Numbered { keys: vec![None; rows * parts], observations: vec![0; rows * parts] };
        for (number, part) in self.parts.iter().enumerate() {
            for (place, channel) in part.channels.iter().enumerate() {
                let found = channels.place(&channel.login);
                let unfollowed = found.map_or(channel.slots, |(_, rows)| channel.slots.minus(rows));
                if let Some(slot) = unfollowed.iter().next() {
                    let object = Kind::Chatters.object(SlotTime::new(day, slot));
                    return Err(ImportError::Unfollowed { day, object, channel: channel.login.clone() });
                }
                let number = place * parts + number;
                by_number.keys[number] = found.and_then(|(at, _)| keys[at as usize]);
                by_number.observations[number] = channel.observations;
            }
        }
        Ok(by_number)
    }
}

impl MergeError {
    fn of(self, day: Day) -> ImportError {
        match self {
            MergeError::Archive(source) => ImportError::Archive { day, source },
            MergeError::Temporary(source) => ImportError::Temporary { day, source },
            MergeError::Stopped => ImportError::Abandoned(day),
        }
    }
}
