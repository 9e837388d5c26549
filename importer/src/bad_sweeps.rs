//! Sweeps that cannot be understood: found by reading all of them.

use std::collections::HashSet;
use std::error::Error;

use archive::Archive;
use archive::error::ArchiveError;
use archive::path::Kind;
use futures::{StreamExt, TryStreamExt, stream};
use model::day::Day;
use model::login::Login;
use model::slot::{Slot, SlotTime};
use store::day::SkippedSweep;

/// Reads every sweep whole; those that cannot be understood come back with the reason, by slot.
///
/// Twice the reading of an ordinary import: for archives that have refused one. Errors: a store that does not answer,
/// which is no fault of a sweep.
pub(crate) async fn bad_sweeps(
    archive: &Archive,
    day: Day,
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
    let found: Vec<Option<SkippedSweep>> =
        stream::iter(slots.to_vec()).map(read).buffered(at_once).try_collect().await?;
    Ok(found.into_iter().flatten().collect())
}

/// Whether chatters are named of a channel without a row.
async fn check(archive: &Archive, at: SlotTime) -> Result<Option<String>, ArchiveError> {
    let (streams, chatters) = futures::try_join!(archive.read_streams(at), archive.read_chatters(at))?;
    let followed: HashSet<&Login> = streams.iter().map(|row| &row.channel).collect();
    let stray = chatters.groups().iter().find(|group| !followed.contains(&group.channel));
    Ok(stray.map(|group| {
        let object = Kind::Chatters.object(at);
        format!("{object} names the channel {}, which has no row in the sweep's streams", group.channel)
    }))
}

fn told(error: &ArchiveError) -> String {
    match error.source() {
        Some(cause) => format!("{error}: {cause}"),
        None => error.to_string(),
    }
}
