//! What accounts are called by now that are known by their id: a slow round each day.
//!
//! Lists name people by login alone. Whoever changes theirs would be somebody new, and whoever gets the old one would be
//! taken for them. So every account of the store is asked for once a day by its id, and the archive is told of those that
//! are called otherwise; the import of that day takes it from there.
//!
//! Each slot of a day but the last has the accounts whose id leaves its number as remainder: the round needs no memory, and a restart
//! loses a slot of it at most.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use archive::Archive;
use archive::error::ArchiveError;
use model::identity::TwitchId;
use model::login::Login;
use model::sample::Renaming;
use model::slot::{SLOT_SECONDS, SLOTS_PER_DAY, SlotTime};
use store::access::{Job, JobKey};
use store::jobs::Account;
use store::{AnyStore, Store as _};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::clock::Clock;
use crate::door::Door;
use crate::error::{AskError, LookUpError, chain};
use crate::figures::{self, Found};
use crate::helix::{Helix, PER_CALL};

/// A round waits so long in each slot: the calls of the sweep come first.
const AFTER_SECONDS: i64 = 60;
/// Shares of a day's round: all slots but the last, whose share the import of an open day could not know of, and which would so
/// be behind the day after it.
const SHARES: u16 = SLOTS_PER_DAY - 1;
/// Between two calls; clock's milliseconds. 120 calls a minute of the 800 that Helix grants, and 12 million
/// accounts a day.
const PACE_MS: i64 = 500;
/// What is not asked this long before the end of the slot is asked the next day.
const MARGIN_SECONDS: i64 = 20;

/// Asks what accounts are called.
#[derive(Debug)]
pub struct LookUp {
    helix: Helix,
    archive: Archive,
    store: Arc<AnyStore>,
    door: Door,
    clock: Clock,
    /// Slots of which somebody could not be taken out who opted out meanwhile.
    left_in: BTreeSet<SlotTime>,
}

impl LookUp {
    /// For the accounts of a store, into an archive.
    pub fn new(helix: Helix, archive: Archive, store: Arc<AnyStore>, door: Door, clock: Clock) -> LookUp {
        LookUp { helix, archive, store, door, clock, left_in: BTreeSet::new() }
    }

    /// Asks for each slot's share until cancelled. What fails is logged, and asked the next day.
    pub async fn run(mut self, cancel: CancellationToken) {
        let mut at = self.clock.slot();
        loop {
            let share = async {
                self.clock.sleep_until(at.unix() + AFTER_SECONDS).await;
                let left_ms = (at.unix() + SLOT_SECONDS - MARGIN_SECONDS) * 1_000 - self.clock.now_ms();
                match self.clock.real(left_ms) {
                    Some(left) if left_ms > 0 => self.share(at, Instant::now() + left).await,
                    // Begun at the end of a slot: its share is asked the next day.
                    _ => Ok(0),
                }
            };
            let asked = tokio::select! {
                () = cancel.cancelled() => return,
                asked = share => asked,
            };
            match asked {
                // The latter by whoever was here before a restart, or stands by.
                Ok(0) | Err(LookUpError::Archive { source: ArchiveError::SlotTaken { .. }, .. }) => {}
                Ok(renamed) => tracing::info!(slot = %at, renamed, "some accounts are called otherwise"),
                Err(error) => {
                    tracing::warn!(slot = %at, error = %chain(&error), "a share of the accounts is not asked for");
                }
            }
            at = self.clock.slot().max(at + 1);
        }
    }

    /// Asks for the accounts of the slot `at`, as many as there is time for; how many are called otherwise, all of whom are in
    /// the archive now.
    ///
    /// Errors: the store, the archive; nobody can tell who opted out. Where asking fails, what was learnt before is kept.
    pub async fn share(&mut self, at: SlotTime, deadline: Instant) -> Result<usize, LookUpError> {
        let job = JobKey::grant(Job::LookUp);
        let accounts = self.store.accounts(&job, at.slot().index(), SHARES).await;
        let accounts = accounts.map_err(|source| LookUpError::Store { at, source })?;
        let mut renamed = Vec::new();
        for (call, some) in accounts.chunks(PER_CALL).enumerate() {
            if call > 0 {
                self.clock.pass(PACE_MS).await;
            }
            match self.ask(some, deadline).await {
                Ok(found) => renamed.extend(found),
                // What Twitch has to say of it may name somebody.
                Err(AskError::Status { what, status, .. }) => {
                    tracing::warn!(slot = %at, what, status, "a hundred accounts are asked for on another day");
                }
                Err(error) => {
                    let left = accounts.len() - call * PER_CALL;
                    tracing::warn!(slot = %at, error = %chain(&error), left, "accounts are asked for on another day");
                    break;
                }
            }
        }
        let written = self.write(at, renamed).await;
        self.take_out().await;
        written
    }

    /// Those of a hundred accounts that are called otherwise, by what was found of each.
    async fn ask(&self, accounts: &[Account], deadline: Instant) -> Result<Vec<Renaming>, AskError> {
        let ids: Vec<TwitchId> = accounts.iter().map(|account| account.id).collect();
        let users = self.helix.users_by_id(&ids, deadline).await?;
        let by_id: HashMap<TwitchId, Login> = users.into_iter().map(|user| (user.id, user.login)).collect();
        let is_same = |account: &&Account| account.is_held && by_id.get(&account.id) == Some(&account.login);
        // An account that is not told may be banned for a while, or left out by chance: only where its login is another's is
        // it known to be gone. And where that of a renamed one is, nothing under it is theirs.
        let logins: Vec<Login> = accounts
            .iter()
            .filter(|account| account.is_held && !is_same(account))
            .map(|account| account.login.clone())
            .collect();
        let holders = if logins.is_empty() { Vec::new() } else { self.helix.users(&logins, deadline).await? };
        let held: HashMap<Login, TwitchId> = holders.into_iter().map(|user| (user.login, user.id)).collect();
        let mut renamed = Vec::new();
        for account @ Account { id, login, is_held } in accounts {
            let is_anothers = !is_held || held.get(login).is_some_and(|holder| holder != id);
            let was = (!is_anothers).then(|| login.clone());
            let (found, renaming) = match by_id.get(id) {
                Some(_) if is_same(&account) => (Found::Same, None),
                Some(now) => (Found::Renamed, Some((was, Some(now.clone())))),
                None if *is_held && is_anothers => (Found::Reissued, Some((Some(login.clone()), None))),
                None => (Found::Absent, None),
            };
            figures::looked_up(found);
            renamed.extend(renaming.map(|(was, now)| Renaming { id: *id, was, now }));
        }
        Ok(renamed)
    }

    /// Writes what was learnt, without those who opted out by now.
    async fn write(&mut self, at: SlotTime, mut renamed: Vec<Renaming>) -> Result<usize, LookUpError> {
        self.look(at).await?;
        renamed.retain(|renaming| !renaming.is_of(|login, id| self.door.is_shut(login, id)));
        if renamed.is_empty() {
            return Ok(0);
        }
        let archived = |source| LookUpError::Archive { at, source };
        self.archive.put_renamings(at, &renamed).await.map_err(archived)?;
        // An erasure may have gone through the archive while this was on its way into it, or while it is written anew.
        while self.look(at).await? {
            self.left_in.insert(at);
            self.take_out().await;
        }
        Ok(renamed.len())
    }

    /// Takes whoever opted out while something was written out of it; again with the next slot where that fails.
    async fn take_out(&mut self) {
        let door = self.door.list();
        for at in std::mem::take(&mut self.left_in) {
            if let Err(error) = self.archive.erase_renamings(at, |login, id| door.holds(login, id)).await {
                tracing::error!(slot = %at, error = %chain(&error), "somebody who opted out is in what was learnt in {at}");
                self.left_in.insert(at);
            }
        }
    }

    async fn look(&mut self, at: SlotTime) -> Result<bool, LookUpError> {
        self.door.look().await.map_err(|source| LookUpError::Store { at, source })
    }
}
