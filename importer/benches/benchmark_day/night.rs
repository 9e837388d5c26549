//! What production does with a store at night, after the import.

use archive::Archive;
use importer::retention::{Retention, apply, plan};
use model::day::Day;
use store::access::{Job, JobKey};
use store::{AnyStore, Store};

use crate::Failure;

/// Slots are kept for longer than any store here has days: hours are smaller, and quicker to read.
const RETENTION: Retention = Retention { raw_days: 400, hour_days: 400, open_days: 7 };

/// Closes months that are over, and removes the blocks of those that have long been. The archive loses nothing.
pub(crate) async fn retain(store: &AnyStore, archive: &Archive, today: Day) -> Result<(), Failure> {
    let job = JobKey::grant(Job::Retention);
    for step in plan(today, RETENTION, &store.months().await?, &[], &store.days().await?) {
        apply(step, archive, store, &job).await?;
    }
    Ok(())
}
