//! Sweeps that cannot be understood: found by reading all of them.

use std::collections::HashSet;
use std::error::Error;

use archive::Archive;
use archive::day_chatters::{DayChatters, Part};
use archive::error::ArchiveError;
use archive::manifest::Manifest;
use archive::path::Kind;
use futures::{StreamExt, TryStreamExt, stream};
use model::day::Day;
use model::login::Login;
use model::slot::{Slot, SlotTime};
use store::day::SkippedSweep;
use tokio::task::spawn_blocking;

/// Reads every sweep alone; those that cannot be understood, and those of the manifest that are lost, come back with the
/// reason, by slot.
///
/// Twice the reading of an ordinary import: for archives that have refused one. Errors: a store that does not answer,
/// or no room for temporary files, which is no fault of a sweep.
pub(crate) async fn bad_sweeps(
    archive: &Archive,
    day: Day,
    manifest: Option<&Manifest>,
    slots: &[Slot],
    at_once: usize,
) -> Result<Vec<SkippedSweep>, ArchiveError> {
    let read = |slot: Slot| async move {
        let at = SlotTime::new(day, slot);
        let reason = match check(archive, at).await {
            Ok(reason) => reason,
            Err(error) if error.is_of_object() => Some(told(&error)),
            Err(error) => return Err(error),
        };
        Ok(reason.map(|reason| SkippedSweep { slot, reason }))
    };
    let read: Vec<Option<SkippedSweep>> =
        stream::iter(slots.to_vec()).map(read).buffered(at_once).try_collect().await?;
    let lost = manifest.into_iter().flat_map(|manifest| manifest.lost(slots));
    let lost = lost.map(|(slot, error)| SkippedSweep { slot, reason: told(&error) });
    let mut bad: Vec<SkippedSweep> = read.into_iter().flatten().chain(lost).collect();
    bad.sort_by_key(|sweep| sweep.slot);
    Ok(bad)
}

/// Whether chatters are named of a channel without a row. Errors: what stops an import, since an import reads as this
/// does.
async fn check(archive: &Archive, at: SlotTime) -> Result<Option<String>, ArchiveError> {
    let (object, sweep) = (Kind::Chatters.object(at), [at]);
    let (streams, chatters) = futures::try_join!(archive.read_streams(at), archive.open_chatters(&sweep))?;
    let read = spawn_blocking(move || channels(&chatters)).await;
    let named = read.map_err(|source| ArchiveError::Stopped { object: object.clone(), source })??;
    let followed: HashSet<&Login> = streams.iter().map(|row| &row.channel).collect();
    let stray = named.iter().find(|channel| !followed.contains(channel));
    Ok(stray.map(|channel| format!("{object} names the channel {channel}, which has no row in the sweep's streams")))
}

/// The channels of a sweep, of which every row is read.
fn channels(sweep: &DayChatters) -> Result<Vec<Login>, ArchiveError> {
    let all = Part::default();
    let mut reader = sweep.read(&all)?;
    let (mut channels, mut rows) = (Vec::new(), 0);
    while let Some(channel) = reader.next_channel() {
        rows += reader.read(0, |_| {})? as u64;
        channels.push(channel);
    }
    sweep.check_rows(&[rows])?;
    Ok(channels)
}

fn told(error: &ArchiveError) -> String {
    match error.source() {
        Some(cause) => format!("{error}: {cause}"),
        None => error.to_string(),
    }
}
