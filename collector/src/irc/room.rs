//! A chat that is listened to: who is in it, as far as it tells, and who wrote in which slot.

use std::collections::{BTreeMap, HashSet, VecDeque};

use model::login::Login;
use model::slot::SlotTime;
use model::words::{ListStatus, SpeechStatus};

use super::line::Said;
use crate::chatters::{Chatter, List};
use crate::clock::Moment;

/// Twitch tells everybody in a room of fewer people than this, in larger ones operators alone.
const TOLD_MAX: usize = 1_000;
/// Near that, or above it by its viewers, it is not believed any more that everybody is told.
const CROWD: usize = 900;
/// With fewer viewers than this a crowd is over.
const CALM: usize = 700;
/// Names that are so old may have left where who leaves is not told.
const FRESH_MS: i64 = 300_000;
/// What was written in a slot may be told so long after its end, and clocks be so far apart.
pub(super) const GRACE_MS: i64 = 4_000;
/// A list is complete once the room was joined for this long without a break: those who come are told up to three
/// minutes late, and NAMES as they were told then.
pub(super) const SETTLED_MS: i64 = 600_000;
/// Who wrote and was not named after this long should have been.
const NAMED_BY_MS: i64 = 200_000;
/// Slots whose speakers are kept: the one that ended may not be written yet.
const SLOTS: usize = 3;
/// More people who wrote in one slot than any room has; above it they are not all kept.
const SPEAKERS_MAX: usize = 50_000;
/// Twitch's clock and this one's may be so far apart before it is not believed.
const CLOCKS_MS: u64 = 60_000;

/// The number of a connection.
pub(super) type Connection = u64;

/// A room.
#[derive(Debug, Default)]
pub(super) struct Room {
    /// Connections that are in it, two while one takes over from another; and since when, by the steady clock, it was without a
    /// break: by each, or by those that it took over from.
    held_by: Vec<(Connection, i64)>,
    /// Whether all were named since.
    named: bool,
    /// Who is in it, as far as it was told.
    members: HashSet<Login>,
    /// Whether there may have been so many since that it was not told who came and left.
    crowded: bool,
    spoke: VecDeque<Spoken>,
}

/// Who wrote in a slot.
#[derive(Debug)]
struct Spoken {
    at: SlotTime,
    by: BTreeMap<Login, Speaker>,
    too_many: bool,
}

#[derive(Clone, Debug)]
struct Speaker {
    said: Said,
    /// When they were heard first, by the steady clock.
    first_ms: i64,
    /// Whether the list named them when they wrote, or since.
    named: bool,
}

impl Room {
    /// A connection is in.
    pub(super) fn joined(&mut self, by: Connection, steady_ms: i64) {
        if !self.is_joined() {
            self.begin();
        }
        if !self.is_held_by(by) {
            self.held_by.push((by, steady_ms));
        }
    }

    /// Nothing is known of who is there.
    fn begin(&mut self) {
        (self.named, self.crowded) = (false, false);
        self.members.clear();
    }

    /// A connection is out, or lost, of which nothing was heard any more after `heard_ms`. Those that were in by then go on
    /// where it left off. Without any there was a break, and nothing is known of who is there; whether the room has to be
    /// joined anew is the answer: names of another one were mixed with older ones.
    pub(super) fn left(&mut self, by: Connection, heard_ms: i64) -> bool {
        let Some(place) = self.held_by.iter().position(|(other, _)| *other == by) else { return false };
        let (_, since_ms) = self.held_by.remove(place);
        let mut is_taken_over = false;
        for (_, own_ms) in self.held_by.iter_mut().filter(|(_, own_ms)| *own_ms <= heard_ms) {
            *own_ms = since_ms.min(*own_ms);
            is_taken_over = true;
        }
        if is_taken_over {
            return false;
        }
        self.begin();
        self.is_joined()
    }

    /// Since when any connection is in it without a break.
    fn since_ms(&self) -> Option<i64> {
        self.held_by.iter().map(|(_, since_ms)| *since_ms).min()
    }

    pub(super) fn is_held_by(&self, by: Connection) -> bool {
        self.held_by.iter().any(|(other, _)| *other == by)
    }

    /// Whether it is known who is there since then: it was joined later, or a connection that was in it by then answered.
    pub(super) fn is_heard_since(&self, steady_ms: i64, answered: impl Fn(Connection) -> bool) -> bool {
        self.since_ms().is_none_or(|since_ms| since_ms >= steady_ms) || self.is_held_since(steady_ms, answered)
    }

    /// Whether `is` holds of a connection that was in it by then. One that came later does not know what was missed before, until
    /// the one that it takes over from has answered for that.
    fn is_held_since(&self, steady_ms: i64, is: impl Fn(Connection) -> bool) -> bool {
        self.held_by.iter().any(|(by, since_ms)| *since_ms <= steady_ms && is(*by))
    }

    /// All were named.
    pub(super) fn named(&mut self) {
        self.named = true;
    }

    /// Somebody is there.
    pub(super) fn came(&mut self, login: Login) {
        for spoken in &mut self.spoke {
            if let Some(speaker) = spoken.by.get_mut(&login) {
                speaker.named = true;
            }
        }
        // Of a room this large nobody is told any more; and no server fills the memory.
        if self.members.len() < TOLD_MAX {
            self.members.insert(login);
        }
        self.crowded |= self.members.len() >= CROWD;
    }

    /// Somebody is not there any more.
    pub(super) fn went(&mut self, login: &Login) {
        self.members.remove(login);
    }

    /// Somebody wrote. In which slot is by Twitch's clock, and by this machine's where one of them is far off.
    pub(super) fn said(&mut self, said: Said, now: Moment) {
        let sent_ms = said.sent_ms.filter(|ms| ms.abs_diff(now.unix_ms) <= CLOCKS_MS).unwrap_or(now.unix_ms);
        let Ok(at) = SlotTime::from_unix(sent_ms.div_euclid(1_000)) else { return };
        let place = self.spoke.iter().position(|spoken| spoken.at == at).unwrap_or_else(|| {
            self.spoke.push_back(Spoken { at, by: BTreeMap::new(), too_many: false });
            if self.spoke.len() > SLOTS {
                self.spoke.pop_front();
            }
            self.spoke.len() - 1
        });
        let spoken = &mut self.spoke[place];
        if spoken.by.len() >= SPEAKERS_MAX && !spoken.by.contains_key(&said.login) {
            spoken.too_many = true;
            return;
        }
        let named = self.members.contains(&said.login);
        let speaker = spoken.by.entry(said.login.clone()).or_insert_with(|| Speaker {
            said,
            first_ms: now.steady_ms,
            named: false,
        });
        speaker.named |= named;
    }

    /// Who is in the room now, as far as it tells; missing while it is not joined, nobody was named yet, or who left is not
    /// told. `alive` says whether a connection was heard from lately.
    pub(super) fn list(&mut self, viewers: Option<u32>, steady_ms: i64, alive: impl Fn(Connection) -> bool) -> List {
        // Twitch tells how many people are in a room no more than who: that there are fewer than a thousand is believed
        // where there are fewer viewers too, and nobody writes whom the list does not name.
        self.crowded |= viewers.is_none_or(|viewers| viewers as usize >= TOLD_MAX);
        let is_fresh = self.since_ms().is_some_and(|since_ms| steady_ms - since_ms < FRESH_MS);
        if !self.is_joined() || !self.named || (self.crowded && !is_fresh) {
            return List::missing();
        }
        let is_settled = self.is_held_since(steady_ms - SETTLED_MS, alive);
        let is_complete = !self.crowded && is_settled && !self.is_contradicted(steady_ms);
        let mut people: Vec<Chatter> = self.members.iter().map(|login| Chatter::named(login.clone())).collect();
        people.sort_unstable();
        List {
            count: is_complete.then_some(people.len() as u32),
            status: if is_complete { ListStatus::Complete } else { ListStatus::Partial },
            people,
            speech: SpeechStatus::Missing,
            speakers: Vec::new(),
        }
    }

    /// Whether it was crowded, and is not any more by its viewers: joined anew it tells who is there.
    pub(super) fn is_stale(&self, viewers: Option<u32>) -> bool {
        self.crowded && viewers.is_some_and(|viewers| (viewers as usize) < CALM)
    }

    /// Whether a tenth of those who wrote a while ago, and more than one of them, were never named: a few write through
    /// other doors than the chat, many do when the list is not told any more.
    fn is_contradicted(&self, steady_ms: i64) -> bool {
        let long_ago = |speaker: &&Speaker| steady_ms - speaker.first_ms >= NAMED_BY_MS;
        let speakers = self.spoke.iter().flat_map(|spoken| spoken.by.values()).filter(long_ago);
        let (all, unnamed) =
            speakers.fold((0, 0), |(all, unnamed), speaker| (all + 1, unnamed + usize::from(!speaker.named)));
        unnamed > 1 && unnamed * 10 >= all
    }

    /// Who wrote in a slot, by login; and whether all who did were heard, given when it began by the steady clock, and which
    /// connections were heard from after its end.
    pub(super) fn speech(
        &self,
        at: SlotTime,
        began_ms: i64,
        heard_after: impl Fn(Connection) -> bool,
    ) -> (SpeechStatus, Vec<Chatter>) {
        let spoken = self.spoke.iter().find(|spoken| spoken.at == at);
        let whole = self.is_held_since(began_ms - GRACE_MS, heard_after);
        let is_complete = whole && spoken.is_none_or(|spoken| !spoken.too_many);
        let people = spoken.iter().flat_map(|spoken| spoken.by.values());
        let people =
            people.map(|Speaker { said, .. }| Chatter { login: said.login.clone(), id: said.id, role: said.role });
        (if is_complete { SpeechStatus::Complete } else { SpeechStatus::Missing }, people.collect())
    }

    /// Forgets who wrote in slots that are over for good.
    pub(super) fn forget_before(&mut self, at: SlotTime) {
        self.spoke.retain(|spoken| spoken.at >= at + -2);
    }

    /// Whether a connection is in it.
    pub(super) fn is_joined(&self) -> bool {
        !self.held_by.is_empty()
    }

    /// Whether nobody listens here any more, and nothing is kept.
    pub(super) fn is_empty(&self) -> bool {
        self.held_by.is_empty() && self.spoke.is_empty()
    }
}

#[cfg(test)]
mod tests;
