//! Everybody of a day: names to small numbers, runs to one row a person.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::{Hash, Hasher};

use model::identity::{ChannelKey, TwitchId};
use model::login::LOGIN_MAX;
use model::presence::{ChannelPresence, ViewerDay};
use model::run::Run;
use model::words::Evidence;
use store::rows::{RowError, ViewerRows};

use crate::bots::is_bot;

/// People by number, in order of first sight.
#[derive(Debug, Default)]
pub(crate) struct People {
    numbers: HashMap<Name, u32>,
    names: Vec<Name>,
    ids: Vec<Option<TwitchId>>,
}

/// A login in place: following a million pointers would cost more than the hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Name {
    len: u8,
    bytes: [u8; LOGIN_MAX],
}

impl Name {
    /// The archive's reader gives logins only, which fit; more would be cut.
    fn new(login: &str) -> Name {
        let mut name = Name { len: login.len().min(LOGIN_MAX) as u8, bytes: [0; LOGIN_MAX] };
        let len = usize::from(name.len);
        name.bytes[..len].copy_from_slice(&login.as_bytes()[..len]);
        name
    }

    fn as_bytes(&self) -> &[u8] {
        &self.bytes[..usize::from(self.len)]
    }
}

impl Hash for Name {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write(self.as_bytes());
    }
}

impl People {
    /// The number of a person. The first id that a source gives for a login holds for the day.
    pub(crate) fn number(&mut self, login: &str, id: Option<TwitchId>) -> u32 {
        let name = Name::new(login);
        match self.numbers.entry(name) {
            Entry::Occupied(known) => {
                let number = *known.get();
                self.learn(number, id);
                number
            }
            Entry::Vacant(vacant) => {
                let number = self.names.len() as u32;
                vacant.insert(number);
                self.names.push(name);
                self.ids.push(id);
                number
            }
        }
    }

    /// Notes the id of a person, unless one is known.
    pub(crate) fn learn(&mut self, number: u32, id: Option<TwitchId>) {
        if id.is_some() && self.ids[number as usize].is_none() {
            self.ids[number as usize] = id;
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.names.len()
    }

    /// By number, the number under which an account counts: of those with one id, the login seen last.
    fn accounts(&self, runs: &[FoundRun]) -> Vec<u32> {
        let mut accounts: Vec<u32> = (0..self.len() as u32).collect();
        let mut by_id: Vec<(TwitchId, u32)> =
            accounts.iter().filter_map(|n| Some((self.ids[*n as usize]?, *n))).collect();
        by_id.sort_unstable();
        let renamed: Vec<&[(TwitchId, u32)]> =
            by_id.chunk_by(|a, b| a.0 == b.0).filter(|same| same.len() > 1).collect();
        if renamed.is_empty() {
            return accounts;
        }
        let mut last_seen = vec![(0, 0); self.len()];
        for run in runs {
            let seen = &mut last_seen[run.person as usize];
            *seen = (*seen).max((run.to, run.from));
        }
        for same in renamed {
            let rank = |n: u32| (last_seen[n as usize], self.names[n as usize].as_bytes());
            let last = same.iter().map(|(_, n)| *n).max_by(|a, b| rank(*a).cmp(&rank(*b)));
            for (_, n) in same {
                accounts[*n as usize] = last.unwrap_or(*n);
            }
        }
        accounts
    }
}

/// A run as the merge finds it: 12 bytes, because a day has millions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct FoundRun {
    pub(crate) person: u32,
    /// Twice the channel's place, and one more if the person spoke.
    pub(crate) channel_evidence: u32,
    pub(crate) from: u16,
    pub(crate) to: u16,
}

impl FoundRun {
    pub(crate) fn new(person: u32, channel: u32, evidence: Evidence, from: u16, to: u16) -> FoundRun {
        let channel_evidence = channel << 1 | u32::from(evidence == Evidence::Spoke);
        FoundRun { person, channel_evidence, from, to }
    }
}

/// A day's rows, by login, and how many of them are bots.
pub(crate) struct Rows {
    pub(crate) viewers: ViewerRows,
    pub(crate) bots: u64,
}

/// Groups runs by person; `keys` are the channels' keys by place.
pub(crate) fn rows(people: &People, mut runs: Vec<FoundRun>, keys: &[ChannelKey]) -> Result<Rows, RowError> {
    let accounts = people.accounts(&runs);
    for run in &mut runs {
        run.person = accounts[run.person as usize];
    }
    let mut order: Vec<u32> = (0..people.len() as u32).filter(|n| accounts[*n as usize] == *n).collect();
    order.sort_unstable_by(|a, b| people.names[*a as usize].as_bytes().cmp(people.names[*b as usize].as_bytes()));
    let by_person = ByPerson::new(people.len(), runs);
    let mut rows = Rows { viewers: ViewerRows::with_capacity(people.len()), bots: 0 };
    let mut encoded = Vec::new();
    for number in order {
        let mut day = viewer_day(by_person.of(number), keys);
        day.bot = is_bot(&day);
        rows.bots += u64::from(day.bot);
        encoded.clear();
        day.encode(&mut encoded);
        rows.viewers.push(people.names[number as usize].as_bytes(), people.ids[number as usize], &encoded)?;
    }
    Ok(rows)
}

/// Runs put together by person: a counting sort, which keeps a person's runs in the order they were found.
struct ByPerson {
    starts: Vec<u32>,
    runs: Vec<FoundRun>,
}

impl ByPerson {
    fn new(people: usize, found: Vec<FoundRun>) -> ByPerson {
        let mut starts = vec![0u32; people + 1];
        for run in &found {
            starts[run.person as usize + 1] += 1;
        }
        for person in 0..people {
            starts[person + 1] += starts[person];
        }
        let mut next = starts.clone();
        let mut runs = found.clone();
        for run in found {
            let place = &mut next[run.person as usize];
            runs[*place as usize] = run;
            *place += 1;
        }
        ByPerson { starts, runs }
    }

    fn of(&self, person: u32) -> &[FoundRun] {
        &self.runs[self.starts[person as usize] as usize..self.starts[person as usize + 1] as usize]
    }
}

fn viewer_day(found: &[FoundRun], keys: &[ChannelKey]) -> ViewerDay {
    let key = |run: &FoundRun| keys[(run.channel_evidence >> 1) as usize];
    let spoke = |run: &FoundRun| run.channel_evidence & 1 == 1;
    let mut sorted: Vec<&FoundRun> = found.iter().collect();
    sorted.sort_unstable_by_key(|run| (key(run), spoke(run), run.from));
    let mut day = ViewerDay::default();
    for found in sorted {
        let channel = key(found);
        if day.channels.last().is_none_or(|last| last.channel != channel) {
            day.channels.push(ChannelPresence { channel, listed: Vec::new(), spoke: Vec::new() });
        }
        let Some(presence) = day.channels.last_mut() else { continue };
        let runs = if spoke(found) { &mut presence.spoke } else { &mut presence.listed };
        // A channel or a person that changed their login has two: runs of both may meet.
        let from = match runs.last() {
            Some(last) if found.from <= last.to() => {
                let from = last.from();
                let to = last.to().max(found.to);
                runs.pop();
                runs.extend(Run::new(from, to));
                continue;
            }
            _ => found.from,
        };
        runs.extend(Run::new(from, found.to));
    }
    day
}
