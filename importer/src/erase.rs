//! One person removed from everything: the archive's members that name them, the store's rows, the crowd's index, and the exports
//! that the store knows of.
//!
//! They opt out first ([`Eraser::withdraw`]), so that nothing re-enters: the store refuses an import that was read before.
//! Each step done twice is done once: a run that was stopped is gone on with by [`Eraser::erase`] from where the job says
//! it is.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::PathBuf;

use archive::Archive;
use archive::erase::Erased;
use archive::error::ArchiveError;
use futures::{StreamExt, TryStreamExt, stream};
use model::day::{Day, Month};
use model::identity::{ChannelKey, TwitchId};
use model::login::Login;
use model::presence::ViewerDay;
use model::slot::{Slot, SlotTime, Span};
use model::words::Tier;
use serde::{Deserialize, Serialize};
use store::access::JobKey;
use store::channel::Channel;
use store::day::DayRecord;
use store::error::StoreError;
use store::jobs::{EraseJob, ErasedRows, JobState, PersonNames};
use store::month::MonthRecord;
use store::suppression::{Secret, suppress};
use store::{AnyStore, Store};
use thiserror::Error;
use tokio::task::{JoinError, spawn_blocking};

use crate::crowd::file::{CrowdFile, CrowdFileError, TakenOut};
use crate::export::erase::{ErasedParts, erase_from_folder, names_on};
use crate::export::error::ExportError;

/// Objects rewritten at once: each holds a sweep in memory.
const OBJECTS_AT_ONCE: usize = 4;

/// What was done, without a name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Receipt {
    /// When it was asked for, Unix time in seconds.
    pub asked_at: i64,
    /// When it was done.
    pub done_at: i64,
    /// Days of the archive that were gone through.
    pub archive_days: u64,
    /// Whether all of their objects were read, or of days that the store has rows of all of those that these led to.
    pub thorough: bool,
    /// Objects rewritten.
    pub objects: u64,
    /// Members rewritten.
    pub members: u64,
    /// Rows removed from the archive.
    pub observations: u64,
    /// Bytes of the rewritten objects.
    pub bytes: u64,
    /// Days that the store held of them.
    pub store_days: u64,
    /// Rows and blocks removed from the store, or rewritten.
    pub rows: u64,
    /// Files of the crowd's index that they were taken out of, or that were removed since nobody could tell: one at most.
    pub crowd_files: u64,
    /// Folders of exports that were gone through.
    pub export_folders: u64,
    /// Folders that presence was exported to once, and in which no export is now.
    pub exports_missing: u64,
    /// Parts of exports written anew.
    pub export_parts: u64,
    /// Rows removed from exports.
    pub export_rows: u64,
    /// Days of a channel of theirs that stay: what was broadcast is public. No import adds to them.
    pub channel_days: u64,
}

/// An erasure that is not done. What it has done stays done.
#[derive(Debug, Error)]
pub enum EraseError {
    /// The store refused.
    #[error("cannot erase a person: the store refused")]
    Store(#[from] StoreError),
    /// The archive refused.
    #[error("cannot erase a person from the archive's objects of {day}")]
    Archive {
        /// The day.
        day: Day,
        /// Why not.
        #[source]
        source: ArchiveError,
    },
    /// An export cannot be written anew.
    #[error("cannot erase a person from the exports in {}", folder.display())]
    Export {
        /// The folder.
        folder: PathBuf,
        /// Why not.
        #[source]
        source: Box<ExportError>,
    },
    /// The crowd's index cannot be written anew.
    #[error("cannot erase a person from the crowd's index")]
    Crowd(#[from] CrowdFileError),
    /// A worker ended before its answer: the program is shutting down.
    #[error("the erasure was stopped")]
    Stopped(#[source] JoinError),
}

/// What an erasure is done with.
#[derive(Clone, Copy, Debug)]
pub struct Eraser<'a> {
    /// Where samples are.
    pub archive: &'a Archive,
    /// Samples on their way there, where some wait on this machine.
    pub spool: Option<&'a Archive>,
    /// Where days are.
    pub store: &'a AnyStore,
    /// The right to it.
    pub job: &'a JobKey,
    /// What they will be recognised by.
    pub secret: &'a Secret,
    /// Where the crowd's index is, if one is kept on this machine.
    pub crowd: Option<&'a CrowdFile>,
}

impl Eraser<'_> {
    /// Puts somebody who is to be erased on the list of who opted out: from then on no page shows them and no import keeps
    /// them, however long their erasure takes, or waits. Done twice it is done once. `now`: Unix time in seconds.
    ///
    /// Errors: the store's; the list was begun with another secret.
    pub async fn withdraw(&self, asked: &EraseJob, now: i64) -> Result<(), EraseError> {
        if let Some(subject) = &asked.subject {
            self.keep_out(subject, now).await?;
        }
        Ok(())
    }

    /// Goes on with an erasure to its end, telling `progress` of (days done, days in all) of the archive. `now`: Unix time
    /// in seconds.
    ///
    /// A thorough one reads every object of the archive. Any other is led by the store's rows through days that these tell
    /// all of: imported for good, with every sweep, and nobody left out who opted out. Of all other days it reads every
    /// object. Errors: the store's, the archive's.
    pub async fn erase(&self, asked: &EraseJob, now: i64, progress: impl Fn(u64, u64)) -> Result<Receipt, EraseError> {
        let Eraser { store, job, .. } = *self;
        let Some(subject) = &asked.subject else { return Ok(Receipt::default()) };
        let (known, channels) = self.keep_out(subject, now).await?;
        if known != *subject {
            store.learn_erase(job, asked.id, &known).await?;
        }
        let subject = known;
        let mut receipt =
            Receipt { asked_at: asked.asked_at, done_at: now, thorough: asked.thorough, ..Receipt::default() };
        if asked.state == JobState::Asked {
            self.erase_from_archive(&subject, &mut receipt, &progress).await?;
            // What the archive's part did would be forgotten by a stop: it is kept with the state.
            store.advance_erase(job, asked.id, JobState::Archived, now, Some(&to_json(&receipt))).await?;
        } else if let Some(before) = asked.receipt.as_deref().and_then(|text| serde_json::from_str(text).ok()) {
            receipt = Receipt { done_at: now, ..before };
        }
        if let Some(key) = subject.key {
            let ErasedRows { days, rows } = store.erase_person(job, key).await?;
            // A run that was stopped after this has counted them already, and finds none.
            (receipt.store_days, receipt.rows) = (receipt.store_days + days, receipt.rows + rows);
            store.advance_erase(job, asked.id, JobState::Archived, now, Some(&to_json(&receipt))).await?;
        }
        if let (Some(key), Some(file)) = (subject.key, self.crowd) {
            let (file, origin) = (file.clone(), store.origin());
            let taken_out = spawn_blocking(move || file.take_out(origin, key)).await.map_err(EraseError::Stopped)??;
            receipt.crowd_files += u64::from(matches!(taken_out, TakenOut::Rewritten | TakenOut::Removed));
            store.advance_erase(job, asked.id, JobState::Archived, now, Some(&to_json(&receipt))).await?;
        }
        // After the store, whose rows an export under way is made of.
        self.erase_from_exports(&subject, &mut receipt).await?;
        for channel in &channels {
            let (Some(first), Some(last)) = (channel.first_day, channel.last_day) else { continue };
            receipt.channel_days += store.channel_days(&[channel.key], first, last.plus(1)).await?.len() as u64;
        }
        store.advance_erase(job, asked.id, JobState::Done, now, Some(&to_json(&receipt))).await?;
        Ok(receipt)
    }

    async fn erase_from_archive(
        &self,
        subject: &PersonNames,
        receipt: &mut Receipt,
        progress: &impl Fn(u64, u64),
    ) -> Result<(), EraseError> {
        let Eraser { archive, spool, store, job, .. } = *self;
        let mut held: HashMap<Day, ViewerDay> = HashMap::new();
        if let Some(key) = subject.key {
            held.extend(store.person_days(job, key).await?);
        }
        let records: HashMap<Day, DayRecord> =
            store.days().await?.into_iter().map(|record| (record.day, record)).collect();
        let aged = |record: &MonthRecord| record.closed.is_some_and(|tier| tier != Tier::Slots);
        let aged: BTreeSet<Month> =
            store.months().await?.iter().filter(|record| aged(record)).map(|record| record.month).collect();
        let listed = |source| EraseError::Archive { day: Day::MIN, source };
        let mut days: Vec<(&Archive, Day)> = Vec::new();
        // First where samples come from: what is shipped meanwhile is gone through there.
        for place in spool.into_iter().chain([archive]) {
            days.extend(place.days_with_objects().await.map_err(listed)?.into_iter().map(|day| (place, day)));
        }
        let total = days.len() as u64;
        let mut touched_days = BTreeSet::new();
        for (done, (place, day)) in days.into_iter().enumerate() {
            let failed = |source| EraseError::Archive { day, source };
            let names = &names_on(subject, Some(day));
            let slots = place.lists(day).await.map_err(failed)?;
            let tells = !receipt.thorough && !aged.contains(&day.month()) && std::ptr::eq(place, archive);
            let led = match records.get(&day).filter(|_| tells) {
                Some(record) => tells_all(store, record, &slots).await?,
                None => false,
            };
            let sweeps: BTreeMap<Slot, Option<BTreeSet<Login>>> = match held.get(&day) {
                _ if !led => slots.into_iter().map(|slot| (slot, None)).collect(),
                Some(presence) => whereabouts(store, presence).await?,
                None => BTreeMap::new(),
            };
            let rewrite = |(slot, channels): (Slot, Option<BTreeSet<Login>>)| async move {
                let erased = place.erase(SlotTime::new(day, slot), channels.as_ref(), names).await?;
                Ok((slot, erased))
            };
            let rewritten: Vec<(Slot, Erased)> =
                stream::iter(sweeps).map(rewrite).buffered(OBJECTS_AT_ONCE).try_collect().await.map_err(failed)?;
            // Also of what a run before this one rewrote: it may have been stopped before the manifest.
            let all: BTreeSet<Slot> = rewritten.iter().map(|(slot, _)| *slot).collect();
            if !all.is_empty() {
                place.renew_manifest(day, &all).await.map_err(failed)?;
            }
            let mut erased: Vec<Erased> = rewritten.into_iter().map(|(_, erased)| erased).collect();
            let renamed =
                |slot: Slot| place.erase_renamings(SlotTime::new(day, slot), |login, id| names.hold(login, id));
            let slots = place.renamed_slots(day).await.map_err(failed)?;
            let renamed: Vec<Erased> =
                stream::iter(slots).map(renamed).buffered(OBJECTS_AT_ONCE).try_collect().await.map_err(failed)?;
            erased.extend(renamed);
            for erased in erased {
                if erased.objects > 0 {
                    touched_days.insert(day);
                }
                receipt.objects += erased.objects;
                receipt.members += erased.members;
                receipt.observations += erased.rows;
                receipt.bytes += erased.bytes;
            }
            progress(done as u64 + 1, total);
        }
        receipt.archive_days = touched_days.len() as u64;
        Ok(())
    }

    /// Goes through the exports that the store knows of.
    async fn erase_from_exports(&self, subject: &PersonNames, receipt: &mut Receipt) -> Result<(), EraseError> {
        for folder in self.store.export_folders().await? {
            let (folder, subject) = (PathBuf::from(folder), subject.clone());
            let work = move || match erase_from_folder(&folder, &subject) {
                Ok(erased) => Ok(erased),
                Err(source) => Err(EraseError::Export { folder, source: Box::new(source) }),
            };
            match spawn_blocking(work).await.map_err(EraseError::Stopped)?? {
                None => receipt.exports_missing += 1,
                Some(ErasedParts { parts, rows }) => {
                    receipt.export_folders += 1;
                    receipt.export_parts += parts;
                    receipt.export_rows += rows;
                }
            }
        }
        Ok(())
    }

    /// Puts them on the list by all that is known of them by now; who they are, and the channels that they are too.
    async fn keep_out(&self, asked: &PersonNames, now: i64) -> Result<(PersonNames, Vec<Channel>), StoreError> {
        let channels = self.suppress(asked, now).await?;
        // No import brings them in from here on. One that just did may have been the first to know them, or their id.
        let subject = self.known_by_now(asked).await?;
        if subject == *asked {
            return Ok((subject, channels));
        }
        let channels = self.suppress(&subject, now).await?;
        Ok((subject, channels))
    }

    /// Puts them on the list by these names; the channels that they are too.
    async fn suppress(&self, subject: &PersonNames, now: i64) -> Result<Vec<Channel>, StoreError> {
        let channels = self.channels_of(subject).await?;
        let Recognised { logins, ids } = recognised(self.store, subject, &channels).await?;
        let logins: Vec<&str> = logins.iter().map(Login::as_str).collect();
        suppress(self.store, self.job, self.secret, &logins, &Vec::from_iter(ids), now).await?;
        Ok(channels)
    }

    /// What the store knows of them now; what was known when it was asked for, where it leads to nobody, or to another.
    async fn known_by_now(&self, asked: &PersonNames) -> Result<PersonNames, StoreError> {
        let now = asked.logins_now();
        let Some(login) = now.first().copied().or(asked.logins.first().map(|held| &held.login)) else {
            return Ok(asked.clone());
        };
        let known = self.store.person(self.job, login).await?;
        let same = known.key.is_some() && (asked.key.is_none() || asked.key == known.key);
        Ok(if same { known } else { asked.clone() })
    }

    /// The channels that the person is too.
    async fn channels_of(&self, subject: &PersonNames) -> Result<Vec<Channel>, StoreError> {
        let mut channels = Vec::new();
        for login in subject.logins_now() {
            let held = self.store.any_channel(self.job, login).await?;
            // Of another account, where both ids are known.
            let same = |channel: &Channel| subject.id.is_none() || channel.id.is_none() || channel.id == subject.id;
            channels.extend(held.filter(same));
        }
        Ok(channels)
    }
}

/// Whether the store has a row of all that a day's lists say: it is final, nobody was left out, and the lists are those of
/// the very sweeps that it was made of. As many would not do: where one was removed, one that nobody imported would stand
/// in for it.
async fn tells_all(store: &AnyStore, record: &DayRecord, lists: &[Slot]) -> Result<bool, StoreError> {
    if record.provisional || record.stats.suppressed > 0 || record.sweeps as usize != lists.len() {
        return Ok(false);
    }
    let sweeps = store.sweeps(Span::of_day(record.day)).await?;
    Ok(sweeps.iter().map(|sweep| sweep.at.slot()).eq(lists.iter().copied()))
}

/// By what somebody is recognised who opts out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recognised {
    /// Logins that are theirs still. One that they gave up is another's, or will be.
    pub logins: BTreeSet<Login>,
    /// Their ids.
    pub ids: BTreeSet<TwitchId>,
}

/// By what a person and the channels that they are too are recognised: the list knows no difference between the two.
pub async fn recognised(
    store: &impl Store,
    subject: &PersonNames,
    channels: &[Channel],
) -> Result<Recognised, StoreError> {
    let keys: Vec<ChannelKey> =
        channels.iter().filter(|channel| channel.id.is_none()).map(|channel| channel.key).collect();
    // Of a channel without an id nobody knows which of its logins it has given up.
    let unsure = store.channel_names(&keys).await?.into_values().flatten();
    let theirs = subject.logins_now().into_iter().chain(channels.iter().map(|channel| &channel.login));
    Ok(Recognised {
        logins: theirs.cloned().chain(unsure).collect(),
        ids: subject.id.into_iter().chain(channels.iter().filter_map(|channel| channel.id)).collect(),
    })
}

/// The sweeps that name them, and in which channels.
async fn whereabouts(
    store: &AnyStore,
    presence: &ViewerDay,
) -> Result<BTreeMap<Slot, Option<BTreeSet<Login>>>, StoreError> {
    let keys: Vec<ChannelKey> = presence.channels.iter().map(|presence| presence.channel).collect();
    // All logins they ever held: on the day of a change a channel has two.
    let logins = store.channel_names(&keys).await?;
    let mut sweeps: BTreeMap<Slot, Option<BTreeSet<Login>>> = BTreeMap::new();
    for presence in &presence.channels {
        let Some(logins) = logins.get(&presence.channel) else { continue };
        for slot in presence.present().iter() {
            let channels = sweeps.entry(slot).or_insert_with(|| Some(BTreeSet::new()));
            if let Some(channels) = channels {
                channels.extend(logins.iter().cloned());
            }
        }
    }
    Ok(sweeps)
}

fn to_json(receipt: &Receipt) -> String {
    // Numbers and a flag: serde_json has nothing to refuse.
    serde_json::to_string(receipt).unwrap_or_default()
}
