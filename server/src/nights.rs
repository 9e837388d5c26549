//! Figures of nights: after imports, by whoever makes those, and by hand as `vigie import --nights`.

use anyhow::{Context as _, Result};
use importer::nightly::due::due;
use importer::nightly::pass::{NightsReport, make_nights};
use store::AnyStore;
use store::access::{Job, JobKey};

use crate::metrics;
use crate::report::steps;

/// Makes the youngest nights that are due at `now` (Unix time in seconds), in one reading of some weeks; nothing where none is due.
/// Errors: whatever keeps it from it; what was made before stays.
pub(crate) async fn make_youngest(store: &AnyStore, now: i64) -> Result<Option<NightsReport>> {
    let made = async {
        let due = due(store).await?;
        if due.is_empty() {
            Ok(None)
        } else {
            make_nights(store, &JobKey::grant(Job::Nightly), &due, now).await.map(Some)
        }
    };
    let made = made.await.inspect_err(|_| metrics::nights_failed()).context("cannot work out the figures of nights")?;
    if let Some(report) = &made {
        metrics::made_nights(report);
    }
    Ok(made)
}

/// Makes all nights that are due, with a bar where it takes long; how many. Errors: as of [`make_youngest`].
pub(crate) async fn make_all(store: &AnyStore, now: i64) -> Result<u64> {
    let count = due(store).await?.len() as u64;
    let bar = steps("working out figures", count, "nights");
    let mut made = 0;
    // No more than are due now: a day that is imported all the time would be due again and again.
    while made < count
        && let Some(report) = make_youngest(store, now).await?
    {
        made += report.nights.len() as u64;
        bar.inc(report.nights.len() as u64);
    }
    bar.finish_and_clear();
    Ok(made)
}
