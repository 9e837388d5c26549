//! Sweeps that wait on this machine until the archive's store takes them.
//!
//! Before a store that may be out of reach, a sweep is written to a small archive in a folder first, durably; from there
//! it goes on, oldest first, and again later where that fails. So an outage loses nothing until the folder has taken what
//! it may, and `kill -9` loses the sweep in flight at most.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;

use archive::Archive;
use archive::error::ArchiveError;
use archive::manifest::Timings;
use archive::sweep_writer::SweepWriter;
use model::day::Day;
use model::slot::SlotTime;
use model::sweep::SweepSummary;
use model::words::Origin;
use rand::RngExt as _;
use store::suppression::Suppression;
use tokio::sync::{Mutex, Notify};
use tokio_util::sync::CancellationToken;

use crate::clock::Clock;
use crate::door::Door;
use crate::error::{ShipError, chain};
use crate::figures;

/// How long to wait after the first failure, doubled after each other one, drawn from half of that to all of it.
const PAUSE: Duration = Duration::from_secs(5);
/// No pause is longer: an outage that is over is noticed.
const PAUSE_MAX: Duration = Duration::from_secs(300);

/// So long after its end the last sweep of a day has been put in.
const OVER_SECONDS: i64 = 600;

/// Sweeps on their way. Cheap to clone; clones are the same spool.
#[derive(Clone, Debug)]
pub struct Spool {
    waiting: Archive,
    /// Bytes above which no sweep is made.
    most: u64,
    /// One at a time puts a sweep in or takes one out: with its last sweep a day's folders go.
    one: Arc<Mutex<Heeded>>,
    came: Arc<Notify>,
}

/// By sweep, how many withdrawals the list had that it was written by. Of those that an earlier run left nobody knows.
type Heeded = HashMap<SlotTime, u64>;

impl Spool {
    /// Opens the spool in a folder, or makes one. Whoever sweeps waits once it holds `most` bytes. Errors: the folder cannot
    /// be used, or holds sweeps of the other origin.
    pub async fn open(folder: &str, origin: Origin, most: u64) -> Result<Spool, ArchiveError> {
        let waiting = Archive::create(folder, origin).await?;
        Ok(Spool { waiting, most, one: Arc::default(), came: Arc::default() })
    }

    /// The archive of what waits.
    pub fn waiting(&self) -> &Archive {
        &self.waiting
    }

    /// The days of which sweeps wait, in order. Errors: the folder cannot be listed.
    pub async fn days(&self) -> Result<Vec<Day>, ArchiveError> {
        let mut days = Vec::new();
        for day in self.waiting.days().await? {
            if !self.waiting.sweeps(day).await?.is_empty() {
                days.push(day);
            }
        }
        Ok(days)
    }

    /// Whether nothing is left in it; lists that a kill left without their streams are something. Errors: the folder cannot be
    /// listed.
    pub async fn is_empty(&self) -> Result<bool, ArchiveError> {
        for day in self.waiting.days_with_objects().await? {
            if !self.waiting.sweeps(day).await?.is_empty() || !self.waiting.lists(day).await?.is_empty() {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Bytes that wait, where they are as many as may. Errors: the folder cannot be listed.
    pub(crate) async fn full(&self) -> Result<Option<u64>, ArchiveError> {
        Ok(Some(self.waiting.bytes().await?).filter(|bytes| *bytes >= self.most))
    }

    /// Puts a sweep in, that was made by this list of who opted out. Errors: the folder's.
    pub(crate) async fn put(
        &self,
        sweep: SweepWriter,
        timings: Timings,
        list: &Suppression,
    ) -> Result<SweepSummary, ArchiveError> {
        let mut heeded = self.one.lock().await;
        let at = sweep.at();
        let summary = self.waiting.commit(sweep, timings).await?;
        heeded.insert(at, list.withdrawals());
        self.tell().await;
        self.came.notify_one();
        Ok(summary)
    }

    /// Tells how much waits, where that can be told.
    async fn tell(&self) {
        let mut sweeps = 0;
        for day in self.waiting.days().await.unwrap_or_default() {
            sweeps += self.waiting.sweeps(day).await.map_or(0, |slots| slots.len());
        }
        if let Ok(bytes) = self.waiting.bytes().await {
            figures::spooled(sweeps, bytes);
        }
    }

    /// Ships what waits, and what comes, until cancelled. What fails is told once, and tried again ever later.
    pub(crate) async fn ship_on(&self, to: &Archive, mut door: Door, cancel: &CancellationToken) {
        let (mut failed, mut pause) = (false, PAUSE);
        loop {
            let shipped = tokio::select! {
                () = cancel.cancelled() => return,
                shipped = self.ship(to, &mut door) => shipped,
            };
            let wait = async {
                match shipped {
                    Ok(sweeps) => {
                        if failed {
                            tracing::info!(sweeps, "{} takes sweeps again", to.place());
                        }
                        (failed, pause) = (false, PAUSE);
                        self.came.notified().await;
                    }
                    Err(error) => {
                        if failed {
                            tracing::debug!(error = %chain(&error), "sweeps wait on");
                        } else {
                            tracing::warn!(error = %chain(&error), "sweeps wait until {} takes them", to.place());
                        }
                        failed = true;
                        let drawn = pause.mul_f64(rand::rng().random_range(0.5..=1.0));
                        tokio::time::sleep(drawn).await;
                        pause = (pause * 2).min(PAUSE_MAX);
                    }
                }
            };
            tokio::select! {
                () = cancel.cancelled() => return,
                () = wait => {}
            }
        }
    }

    /// Ships what waits now, oldest first; how many sweeps. A sweep that cannot be read here is told, and stays; one that the
    /// archive does not take keeps the rest of its day back, and no other day. Errors: the first of those, or nobody can
    /// tell who opted out.
    pub async fn ship(&self, to: &Archive, door: &mut Door) -> Result<u64, ShipError> {
        let (mut shipped, mut first) = (0, None);
        for day in self.waiting.days_with_objects().await.map_err(ShipError::Spool)? {
            let slots = self.waiting.sweeps(day).await.map_err(ShipError::Spool)?;
            for at in slots.into_iter().map(|slot| SlotTime::new(day, slot)) {
                match self.ship_one(to, door, at).await {
                    Ok(()) => shipped += 1,
                    Err(ShipError::Spool(error)) => {
                        tracing::error!(sweep.slot = %at, error = %chain(&error), "a sweep stays in the spool");
                    }
                    Err(error @ ShipError::Archive(_)) => {
                        first.get_or_insert(error);
                        break;
                    }
                    Err(error) => return Err(error),
                }
            }
            self.clear(day).await.map_err(ShipError::Spool)?;
            self.tell().await;
        }
        first.map_or(Ok(shipped), Err)
    }

    async fn ship_one(&self, to: &Archive, door: &mut Door, at: SlotTime) -> Result<(), ShipError> {
        door.look().await?;
        let list = door.list();
        self.leave_out(at, &list).await.map_err(ShipError::Spool)?;
        let sweep = self.waiting.whole_sweep(at).await.map_err(ShipError::Spool)?;
        let mut adopted = to.adopt(&sweep).await;
        if matches!(adopted, Err(ArchiveError::SlotTaken { .. })) {
            // A run that was stopped may have begun with it, before somebody opted out who is not in ours any more.
            take_out(to, at, &list).await.map_err(ShipError::Archive)?;
            adopted = to.adopt(&sweep).await;
        }
        match adopted {
            // Lists without streams are no sweep: their collector may have died, and ours is the only one there is.
            Err(ArchiveError::SlotTaken { .. })
                if to.sweeps(at.day()).await.is_ok_and(|slots| slots.contains(&at.slot())) =>
            {
                tracing::info!(sweep.slot = %at, "{at} was swept by another collector");
            }
            adopted => adopted.map_err(ShipError::Archive)?,
        }
        // An erasure may have gone through the archive while this was on its way into it.
        while door.look().await? {
            take_out(to, at, &door.list()).await.map_err(ShipError::Archive)?;
        }
        let mut heeded = self.one.lock().await;
        self.waiting.remove_sweep(at).await.map_err(ShipError::Spool)?;
        heeded.remove(&at);
        Ok(())
    }

    /// Takes those out of a waiting sweep who opted out since it was made. Errors: the folder's.
    pub(crate) async fn leave_out(&self, at: SlotTime, list: &Arc<Suppression>) -> Result<(), ArchiveError> {
        let mut heeded = self.one.lock().await;
        if heeded.get(&at) == Some(&list.withdrawals()) || !self.waiting.sweeps(at.day()).await?.contains(&at.slot()) {
            return Ok(());
        }
        take_out(&self.waiting, at, list).await?;
        heeded.insert(at, list.withdrawals());
        Ok(())
    }

    /// Removes what is left of a day that is over and has no sweeps: its manifest, and lists that a kill left without their
    /// streams. Not of today: another process may be putting a sweep in.
    async fn clear(&self, day: Day) -> Result<(), ArchiveError> {
        let _one_at_a_time = self.one.lock().await;
        let over = Clock::wall().now() > day.plus(1).start_unix() + OVER_SECONDS;
        if over && self.waiting.sweeps(day).await?.is_empty() {
            self.waiting.delete_day(day).await?;
        }
        Ok(())
    }
}

/// Takes whoever is on a list out of an archived sweep.
pub(crate) async fn take_out(archive: &Archive, at: SlotTime, list: &Arc<Suppression>) -> Result<(), ArchiveError> {
    let list = Arc::clone(list);
    archive.erase_where(at, None, move |login, id| list.holds(login, id)).await?;
    archive.renew_manifest(at.day(), &BTreeSet::from([at.slot()])).await
}
