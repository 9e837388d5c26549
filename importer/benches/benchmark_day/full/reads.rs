//! One person's days read, as a viewer's page reads them.

use std::fs::File;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use model::day::Day;
use model::login::Login;
use model::words::Origin;
use rustix::fs::{Advice, fadvise};
use serde::{Deserialize, Serialize};
use store::access::{ViewerPages, viewer};
use store::error::StoreError;
use store::{AnyStore, Store};
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::Instant;

use super::FullStore;
use crate::latencies::Latencies;
use crate::{Failure, number};

/// Reads that open connections and are not counted.
const WARM_UP: usize = 200;
/// After the files were dropped from memory, so many people are read until they are dropped again.
const COLD_AT_ONCE: usize = 10;
/// The open-loop schedule: 200 reads a second.
const PERIOD: Duration = Duration::from_millis(5);

/// Prints how long reading one person takes.
pub(super) async fn tell(store: &FullStore) -> Result<(), Failure> {
    let (reads, cold_reads) = (number("READS", 5_000)? as usize, number("COLD_READS", 200)? as usize);
    println!("one person's days by login, all that are held, one after the other");
    for (how, people) in [("by activity", &store.kept.by_activity), ("uniformly", &store.kept.uniformly)] {
        let people = logins(people)?;
        let (cold, days) = cold(store, &people[..cold_reads.min(people.len())]).await?;
        println!("  drawn {how}, cold: {cold}; {days:.1} days each");
        let (warm, days) = warm(store, &people[..(WARM_UP + reads).min(people.len())]).await?;
        println!("  drawn {how}, warm: {warm}; {days:.1} days each");
    }
    println!(
        "warm: the files are in memory, and nobody was read before; cold: memory is asked to drop the files, then \
         {COLD_AT_ONCE} people are read; the disk's own memory stays. Wanted warm: p50 2 ms, p99 8 ms\n"
    );
    Ok(())
}

/// The days of one person, by the door and in the way of the site's pages. How many there are; 0 when nobody is known by
/// the login.
async fn read(store: &AnyStore, login: &Login) -> Result<usize, StoreError> {
    let Some(key) = viewer(store, login, ViewerPages::Public, None).await? else { return Ok(0) };
    Ok(store.viewer_days(&key, Day::MIN, Day::MAX).await?.len())
}

async fn warm(store: &FullStore, people: &[Login]) -> Result<(Latencies, f64), Failure> {
    for (_, path, _) in store.files()? {
        io::copy(&mut File::open(path)?, &mut io::sink())?;
    }
    let opened = open(store).await?;
    let (first, people) = people.split_at(WARM_UP.min(people.len()));
    for login in first {
        read(&opened, login).await?;
    }
    let (mut latencies, mut days) = (Latencies::default(), 0);
    for login in people {
        let start = Instant::now();
        days += read(&opened, login).await?;
        latencies.push(start.elapsed());
    }
    opened.close().await;
    Ok((latencies, days as f64 / people.len() as f64))
}

async fn cold(store: &FullStore, people: &[Login]) -> Result<(Latencies, f64), Failure> {
    let (mut latencies, mut days) = (Latencies::default(), 0);
    for some in people.chunks(COLD_AT_ONCE) {
        // Opened first, since opening reads; and each time anew, since pages that are mapped are not dropped.
        let opened = open(store).await?;
        for (_, path, _) in store.files()? {
            let file = File::open(path)?;
            // What is not on the disk yet cannot be dropped.
            file.sync_data()?;
            fadvise(&file, 0, None, Advice::DontNeed)?;
        }
        for login in some {
            let start = Instant::now();
            days += read(&opened, login).await?;
            latencies.push(start.elapsed());
        }
        opened.close().await;
    }
    Ok((latencies, days as f64 / people.len() as f64))
}

async fn open(store: &FullStore) -> Result<AnyStore, Failure> {
    Ok(AnyStore::open(&store.store().display().to_string(), Some(Origin::Simulated)).await?)
}

fn logins(texts: &[String]) -> Result<Vec<Login>, Failure> {
    texts.iter().map(|text| Ok(text.parse()?)).collect()
}

/// What visitors got while something else went on.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Served {
    /// From the moment for which each was planned.
    pub(crate) latencies: Latencies,
    /// Reads that failed because the database was locked.
    pub(crate) locked: u64,
}

impl Served {
    /// Adds what others got.
    pub(crate) fn add(&mut self, others: Served) {
        self.latencies.append(others.latencies);
        self.locked += others.locked;
    }
}

/// Visitors who come at their time whether or not those before them are served.
#[derive(Debug)]
pub(crate) struct Visitors {
    stop: Arc<AtomicBool>,
    task: JoinHandle<Result<Served, StoreError>>,
}

impl Visitors {
    /// Begins to read these people, a read every [`PERIOD`].
    pub(crate) fn come(store: &Arc<AnyStore>, people: &[String]) -> Result<Visitors, Failure> {
        let (people, store) = (logins(people)?, Arc::clone(store));
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = Arc::clone(&stop);
        let task = tokio::spawn(async move {
            let mut reads = JoinSet::new();
            let mut planned = Instant::now();
            for login in people.into_iter().cycle() {
                planned += PERIOD;
                tokio::time::sleep_until(planned).await;
                if stopped.load(Ordering::Relaxed) {
                    break;
                }
                let store = Arc::clone(&store);
                reads.spawn(async move { (read(&store, &login).await, planned.elapsed()) });
            }
            let mut served = Served::default();
            for (read, took) in reads.join_all().await {
                match read {
                    Ok(_) => served.latencies.push(took),
                    Err(error) if is_locked(&error) => served.locked += 1,
                    Err(error) => return Err(error),
                }
            }
            Ok(served)
        });
        Ok(Visitors { stop, task })
    }

    /// No more come; what those got who came. Errors: a read failed, for another reason than a lock.
    pub(crate) async fn leave(self) -> Result<Served, Failure> {
        self.stop.store(true, Ordering::Relaxed);
        Ok(self.task.await??)
    }
}

/// Whether the database was locked, as SQLite says it.
fn is_locked(error: &StoreError) -> bool {
    let first: &dyn std::error::Error = error;
    std::iter::successors(Some(first), |error| error.source()).any(|error| error.to_string().contains("is locked"))
}
