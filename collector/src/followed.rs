//! Who is followed: the tracked list, and every channel that was in the top N in the last 28 days.

use std::collections::{BTreeMap, HashMap, HashSet};

use archive::Archive;
use archive::error::ArchiveError;
use futures::StreamExt as _;
use model::day::Day;
use model::identity::TwitchId;
use model::login::Login;
use model::sample::StreamSample;
use model::slot::SlotTime;

use crate::error::chain;
use crate::helix::LiveChannel;

/// A channel is asked by id for this long after it was in the top N.
pub const FOLLOW_DAYS: i32 = 28;
/// 100 calls of 100 a sweep, twice that where their pages have a cursor: a quarter of what Helix grants in a minute.
pub const FOLLOWED_MAX: usize = 10_000;
/// When resuming, how far apart the sweeps are that tell who was in the top: an hour. 28 days have 8,064 sweeps.
const RESUME_STEP: usize = 12;
/// Sweeps read at once when resuming: each is inflated on its own thread.
const RESUME_READS: usize = 4;

/// A followed channel.
#[derive(Clone, Debug)]
pub struct Followed {
    /// Its login, as last seen.
    pub login: Login,
    /// Its name as displayed.
    pub display_name: String,
    /// The last day it was in the top N.
    pub last_top: Day,
}

/// Channels, each with the id of its broadcast.
pub type Broadcasts = HashMap<TwitchId, String>;

/// The channels once in the top N that are still asked for.
#[derive(Clone, Debug, Default)]
pub struct FollowedSet(HashMap<TwitchId, Followed>);

impl FollowedSet {
    /// Reads from the archive who is followed, and in which broadcasts the last sweep listed chatters.
    ///
    /// The last sweep names all that were followed then: every one of them has a row. When each was last in the top is
    /// told by one sweep an hour; a channel that none of those shows there counts from the last sweep, so that nobody
    /// is let go too early. A sweep that cannot be read is left out, and told. Errors: the archive cannot be listed.
    pub async fn resume(archive: &Archive, now: SlotTime) -> Result<(FollowedSet, Broadcasts), ArchiveError> {
        let (mut set, mut listed) = (FollowedSet::default(), Broadcasts::new());
        let mut sweeps = Vec::new();
        for day in archive.days().await? {
            if day > now.day().plus(-FOLLOW_DAYS) && day <= now.day() {
                sweeps.extend(archive.sweeps(day).await?.into_iter().map(|slot| SlotTime::new(day, slot)));
            }
        }
        let newest_first: Vec<SlotTime> = sweeps.into_iter().rev().step_by(RESUME_STEP).collect();
        let Some(last) = newest_first.first().copied() else { return Ok((set, listed)) };
        let mut read = futures::stream::iter(newest_first)
            .map(|at| async move { (at, archive.read_streams(at).await) })
            .buffered(RESUME_READS);
        while let Some((at, rows)) = read.next().await {
            match rows {
                Ok(rows) => rows.into_iter().for_each(|row| set.remember(row, at == last, &mut listed)),
                Err(error) => tracing::warn!(sweep.slot = %at, error = %chain(&error), "a past sweep cannot be read"),
            }
        }
        tracing::info!(channels = set.len(), "resumed the followed channels");
        Ok((set, listed))
    }

    /// Takes a row of a past sweep, the newest sweep first.
    fn remember(&mut self, row: StreamSample, last: bool, listed: &mut Broadcasts) {
        // Chatters are asked for of the top, the tracked, and what dropped out of the top during its broadcast.
        let in_top = row.chatters_source.is_some();
        let Some(id) = row.channel_id.filter(|id| (last || in_top) && !self.0.contains_key(id)) else { return };
        if let (true, true, Some(facts)) = (last, in_top, row.stream) {
            listed.insert(id, facts.stream_id);
        }
        let display_name = row.display_name.unwrap_or_else(|| row.channel.to_string());
        self.0.insert(id, Followed { login: row.channel, display_name, last_top: row.sampled_at.day() });
    }

    /// Takes in who else was followed, each as of the last day.
    pub(crate) fn join(&mut self, other: FollowedSet) {
        for (id, followed) in other.0 {
            if self.0.get(&id).is_none_or(|known| known.last_top <= followed.last_top) {
                self.0.insert(id, followed);
            }
        }
    }

    /// Takes the top of a sweep in, lets go of who was not there for 28 days, and of the longest gone beyond the bound.
    pub fn advance(&mut self, top: &[LiveChannel], today: Day) {
        for channel in top {
            let (login, display_name) = (channel.login.clone(), channel.display_name.clone());
            self.0.insert(channel.id, Followed { login, display_name, last_top: today });
        }
        self.0.retain(|_, followed| followed.last_top > today.plus(-FOLLOW_DAYS));
        if self.0.len() > FOLLOWED_MAX {
            let mut oldest: Vec<(Day, TwitchId)> =
                self.0.iter().map(|(id, followed)| (followed.last_top, *id)).collect();
            oldest.sort_unstable();
            for (_, id) in &oldest[..oldest.len() - FOLLOWED_MAX] {
                self.0.remove(id);
            }
        }
    }

    /// Those not among `seen`, with their ids, in order of id.
    pub fn others(&self, seen: &HashSet<TwitchId>) -> BTreeMap<TwitchId, &Followed> {
        self.0.iter().filter(|(id, _)| !seen.contains(id)).map(|(id, followed)| (*id, followed)).collect()
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether nobody is followed.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn channel(id: u64) -> LiveChannel {
        LiveChannel {
            id: TwitchId::new(id).unwrap(),
            login: format!("_c{id}").parse().unwrap(),
            display_name: format!("C{id}"),
            facts: model::sample::StreamFacts::default(),
        }
    }

    #[test]
    fn a_channel_is_followed_for_28_days_after_its_last_top() {
        let day: Day = "2026-11-01".parse().unwrap();
        let mut set = FollowedSet::default();
        set.advance(&[channel(1), channel(2)], day);
        set.advance(&[channel(2)], day.plus(10));
        set.advance(&[], day.plus(27));
        assert_eq!(set.len(), 2);
        set.advance(&[], day.plus(28));
        assert_eq!(set.others(&HashSet::new()).keys().map(|id| id.get()).collect::<Vec<_>>(), [2]);
        assert!(set.others(&HashSet::from([TwitchId::new(2).unwrap()])).is_empty());
        set.advance(&[], day.plus(38));
        assert!(set.is_empty());
    }
}
