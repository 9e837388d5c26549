//! One person erased from an archive of months and from its store.

use std::time::Instant;

use archive::Archive;
use importer::erase::{Eraser, Receipt};
use model::words::Origin;
use store::access::{Job, JobKey};
use store::suppression::Secret;
use store::{AnyStore, Store};

use crate::{Failure, number};

mod archived;
mod subjects;

use archived::ArchivedDays;
use subjects::{Subject, subjects};

/// Slots of about four hours.
const FOUR_HOURS: u32 = 48;
/// What those erased are recognised by later.
const SECRET: &[u8] = b"of no person that there ever was";

/// Erases some median viewers and some who come for about four hours a day; each run of it erases others.
pub(crate) fn erase() -> Result<(), Failure> {
    let days = ArchivedDays::asked()?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(erase_from(&days, number("ROUNDS", 3)? as usize))
}

async fn erase_from(days: &ArchivedDays, rounds: usize) -> Result<(), Failure> {
    let archive = Archive::open(&days.archive().display().to_string()).await?;
    let store = AnyStore::open(&days.store().display().to_string(), Some(Origin::Simulated)).await?;
    let job = JobKey::grant(Job::Erasure);
    let secret = Secret::new(SECRET)?;
    println!(
        "{:<28}{:>6}{:>11}{:>9}{:>9}{:>9}{:>10}{:>9}{:>11}",
        "erased", "days", "slots/day", "seconds", "objects", "members", "rows", "MB", "MB/object"
    );
    for (who, wanted) in [("a median viewer", None), ("about 4 h a day", Some(FOUR_HOURS))] {
        for Subject { names, days, slots_a_day } in subjects(&store, &job, days.middle(), wanted, rounds).await? {
            let start = Instant::now();
            let id = store.ask_erase(&names, false, 0).await?;
            let asked = store.erase_jobs(&job).await?.into_iter().find(|asked| asked.id == id);
            let asked = asked.ok_or("the job was not written down")?;
            let eraser =
                Eraser { archive: &archive, spool: None, store: &store, job: &job, secret: &secret, crowd: None };
            let receipt = eraser.erase(&asked, 0, |_, _| {}).await?;
            let seconds = start.elapsed().as_secs_f64();
            let Receipt { objects, members, observations, bytes, store_days, .. } = receipt;
            if store_days != days || observations == 0 {
                return Err(format!("an erasure left something: {receipt:?} of {days} days").into());
            }
            let megabytes = bytes as f64 / 1e6;
            println!(
                "{who:<28}{days:>6}{slots_a_day:>11.1}{seconds:>9.2}{objects:>9}{members:>9}{observations:>10}\
                 {megabytes:>9.1}{:>11.3}",
                megabytes / objects as f64
            );
        }
    }
    store.close().await;
    println!("MB: of the objects that were rewritten; of each all other members are copied. Wanted: 10 s, 60 s\n");
    Ok(())
}
