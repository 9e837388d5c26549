//! Who is followed: the tracked list, and every channel that was in the top N in the last 28 days.

use std::collections::{BTreeMap, HashMap, HashSet};

use archive::Archive;
use archive::error::ArchiveError;
use model::day::Day;
use model::identity::TwitchId;
use model::login::Login;
use model::slot::SlotTime;

use crate::helix::LiveChannel;

/// A channel is asked by id for this long after it was in the top N.
pub const FOLLOW_DAYS: i32 = 28;
/// 100 calls of 100 a sweep: an eighth of what Helix grants in a minute.
pub const FOLLOWED_MAX: usize = 10_000;
/// When resuming, how far apart the sweeps are that tell who was in the top: six hours.
const RESUME_STEP: usize = 72;

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

/// The channels once in the top N that are still asked for.
#[derive(Clone, Debug, Default)]
pub struct FollowedSet(HashMap<TwitchId, Followed>);

impl FollowedSet {
    /// Reads who was in the top `n` from the archive: the last sweep, and one in six hours of the last 28 days.
    pub async fn resume(archive: &Archive, now: SlotTime, n: usize) -> Result<FollowedSet, ArchiveError> {
        let mut set = FollowedSet::default();
        let days = archive.days().await?;
        let recent = days.into_iter().filter(|day| *day > now.day().plus(-FOLLOW_DAYS) && *day <= now.day());
        for day in recent {
            let sweeps = archive.sweeps(day).await?;
            let last = sweeps.last().copied();
            for slot in sweeps.into_iter().step_by(RESUME_STEP).chain(last) {
                let mut rows = archive.read_streams(SlotTime::new(day, slot)).await?;
                let viewers = |row: &model::sample::StreamSample| row.stream.as_ref().and_then(|stream| stream.viewer_count);
                rows.retain(|row| viewers(row).is_some());
                rows.sort_by_key(|row| std::cmp::Reverse(viewers(row)));
                for row in rows.into_iter().take(n) {
                    if let Some(id) = row.channel_id {
                        let display_name = row.display_name.unwrap_or_else(|| row.channel.to_string());
                        set.0.insert(id, Followed { login: row.channel, display_name, last_top: day });
                    }
                }
            }
        }
        Ok(set)
    }

    /// Takes the top of a sweep in, lets go of who was not there for 28 days, and of the longest gone beyond the bound.
    pub fn advance(&mut self, top: &[LiveChannel], today: Day) {
        for channel in top {
            let (login, display_name) = (channel.login.clone(), channel.display_name.clone());
            self.0.insert(channel.id, Followed { login, display_name, last_top: today });
        }
        self.0.retain(|_, followed| followed.last_top > today.plus(-FOLLOW_DAYS));
        if self.0.len() > FOLLOWED_MAX {
            let mut oldest: Vec<(Day, TwitchId)> = self.0.iter().map(|(id, followed)| (followed.last_top, *id)).collect();
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
