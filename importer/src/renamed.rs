//! Accounts that bore two logins on one day.

use std::collections::{HashMap, HashSet};
use std::io;
use std::sync::Arc;

use model::identity::TwitchId;

use crate::learnt::Learnt;
use crate::name::Name;
use crate::people::Shard;
use crate::spill::{FoundRun, Spill};

/// Accounts that bore two logins on the day: they count under the one seen last.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Renamed {
    gone: HashSet<Name>,
    more: HashMap<Name, Joined>,
}

/// What a login takes over from the others of its account.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Joined {
    logins: Vec<Name>,
    runs: Vec<FoundRun>,
}

impl Joined {
    /// The account's other logins.
    pub(crate) fn logins(&self) -> &[Name] {
        &self.logins
    }

    /// The runs under them, in no order.
    pub(crate) fn runs(&self) -> &[FoundRun] {
        &self.runs
    }
}

/// Somebody with an id: where they are in the spill.
type Account = (TwitchId, u32, u32);

/// Runs of a day for which all ids are compared at once: two million people, about, of sixteen bytes each.
const RUNS_AT_ONCE: u64 = 4_000_000;

/// Logins of one account on a day. Twitch lets an account change its login once in sixty days, so that two are rare and
/// three a correction by hand; all runs of an account with several are held in memory. A source that puts the same number
/// in every row tells no ids, and would have the whole day held.
pub(crate) const LOGINS_MAX: usize = 16;

/// Why renamed accounts cannot be found.
#[derive(Debug)]
pub(crate) enum RenamedError {
    /// The spill does not give its bytes.
    Temporary(io::Error),
    /// An account with so many logins, more than [`LOGINS_MAX`].
    Logins(usize),
}

impl From<io::Error> for RenamedError {
    fn from(source: io::Error) -> RenamedError {
        RenamedError::Temporary(source)
    }
}

impl Renamed {
    /// Finds them in a day of so many runs. Memory is the same whatever the day: of a large one, a share of the ids is
    /// compared at a time. Errors: [`RenamedError`].
    pub(crate) fn find(spill: &Spill, runs: u64, learnt: &Arc<Learnt>) -> Result<Renamed, RenamedError> {
        Renamed::by_shares(spill, runs / RUNS_AT_ONCE + 1, learnt)
    }

    fn by_shares(spill: &Spill, shares: u64, learnt: &Arc<Learnt>) -> Result<Renamed, RenamedError> {
        let mut people = Shard::with(Arc::clone(learnt));
        let mut by_id: Vec<Account> = Vec::new();
        let mut accounts: HashMap<(u32, u32), TwitchId> = HashMap::new();
        for share in 0..shares {
            by_id.clear();
            for shard in 0..spill.shards() {
                people.fill(spill, shard)?;
                let with_id = people.people().zip(0u32..);
                let account = with_id.filter_map(|(person, at)| Some((person.id()?, shard as u32, at)));
                by_id.extend(account.filter(|(id, ..)| id.get() % shares == share));
            }
            by_id.sort_unstable();
            let twice = |same: &&[Account]| same.len() > 1;
            for same in by_id.chunk_by(|a, b| a.0 == b.0).filter(twice) {
                if same.len() > LOGINS_MAX {
                    return Err(RenamedError::Logins(same.len()));
                }
                accounts.extend(same.iter().map(|(id, shard, at)| ((*shard, *at), *id)));
            }
        }
        drop(by_id);
        let mut logins: HashMap<TwitchId, Vec<(Name, Vec<FoundRun>)>> = HashMap::new();
        let shards: HashSet<u32> = accounts.keys().map(|(shard, _)| *shard).collect();
        for shard in shards {
            people.fill(spill, shard as usize)?;
            for (person, at) in people.people().zip(0u32..) {
                if let Some(id) = accounts.get(&(shard, at)) {
                    logins.entry(*id).or_default().push((person.name, person.runs().collect()));
                }
            }
        }
        Ok(Renamed::of(logins))
    }

    fn of(logins: HashMap<TwitchId, Vec<(Name, Vec<FoundRun>)>>) -> Renamed {
        let mut renamed = Renamed::default();
        for mut logins in logins.into_values() {
            let last_seen = |runs: &[FoundRun]| runs.iter().map(|run| (run.to, run.from)).max();
            logins.sort_by_key(|(name, runs)| (last_seen(runs), *name));
            let Some((last, _)) = logins.pop() else { continue };
            let more = renamed.more.entry(last).or_default();
            for (name, runs) in logins {
                renamed.gone.insert(name);
                more.logins.push(name);
                more.runs.extend(runs);
            }
        }
        renamed
    }

    /// Whether somebody counts under another login.
    pub(crate) fn is_gone(&self, name: Name) -> bool {
        self.gone.contains(&name)
    }

    /// What a login takes over, if there is anything.
    pub(crate) fn more(&self, name: Name) -> Option<&Joined> {
        self.more.get(&name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spill::NamedRun;
    use model::words::Evidence;
    use proptest::prelude::*;

    proptest! {
        /// Few ids and many logins, so that some bear two or three.
        #[test]
        fn no_number_of_shares_changes_what_is_found(
            people in proptest::collection::hash_map("[a-c]{1,4}", (1u64..40, 0u16..200), 0..60),
            shares in 2u64..9,
        ) {
            let spill = Spill::new(3_000_000, people.keys().cloned().collect());
            let mut writer = spill.writer();
            for (login, (id, from)) in &people {
                let run = FoundRun::new(0, Evidence::Listed, *from, from + 1);
                writer.push(&NamedRun { login: login.as_bytes(), id: TwitchId::new(*id), run }).unwrap();
            }
            writer.finish().unwrap();
            let learnt = Arc::default();
            let at_once = Renamed::by_shares(&spill, 1, &learnt).unwrap();
            let ids: HashSet<u64> = people.values().map(|(id, _)| *id).collect();
            prop_assert_eq!(at_once.gone.len(), people.len() - ids.len());
            prop_assert_eq!(Renamed::by_shares(&spill, shares, &learnt).unwrap(), at_once);
        }
    }
}
