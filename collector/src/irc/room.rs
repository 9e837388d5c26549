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
    /// Connections that are in it, and since when by the steady clock: two while one takes over from another.
    held_by: Vec<(Connection, i64)>,
    /// Since when at least one was, without a break; by the steady clock.
    since_ms: i64,
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
        if self.held_by.is_empty() {
            self.begin(steady_ms);
        }
        if !self.is_held_by(by) {
            self.held_by.push((by, steady_ms));
        }
    }

    /// Nothing is known of who is there.
    fn begin(&mut self, steady_ms: i64) {
        self.since_ms = steady_ms;
        (self.named, self.crowded) = (false, false);
        self.members.clear();
    }

    /// A connection is out, or lost, of which nothing was heard any more after `heard_ms`. The last one takes what is known
    /// of who is there with it. Another one goes on where it left off only if it was in by then; else there was a break,
    /// and whether the room has to be joined anew is the answer: its names were mixed with older ones.
    pub(super) fn left(&mut self, by: Connection, heard_ms: i64) -> bool {
        self.held_by.retain(|(other, _)| *other != by);
        match self.held_by.iter().map(|(_, since_ms)| *since_ms).min() {
            None => {
                self.begin(heard_ms);
                false
            }
            Some(since_ms) if since_ms > heard_ms => {
                self.begin(since_ms);
                true
            }
            Some(_) => false,
        }
    }

    pub(super) fn is_held_by(&self, by: Connection) -> bool {
        self.held_by.iter().any(|(other, _)| *other == by)
    }

    /// Whether it is known who is there since then: it was joined later, or a connection that is in it answered.
    pub(super) fn is_heard_since(&self, steady_ms: i64, answered: impl Fn(Connection) -> bool) -> bool {
        self.since_ms >= steady_ms || self.held_by.iter().any(|(by, _)| answered(*by))
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
        let is_fresh = steady_ms - self.since_ms < FRESH_MS;
        if self.held_by.is_empty() || !self.named || (self.crowded && !is_fresh) {
            return List::missing();
        }
        let is_settled = steady_ms - self.since_ms >= SETTLED_MS && self.held_by.iter().any(|(by, _)| alive(*by));
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
        let whole = self.since_ms + GRACE_MS <= began_ms && self.held_by.iter().any(|(by, _)| heard_after(*by));
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
mod tests {
    use super::*;
    use model::words::Role;

    const MINUTE: i64 = 60_000;

    fn slot(n: i32) -> SlotTime {
        SlotTime::from_index(6_000_000 + n).unwrap()
    }

    /// When a slot begins, by the steady clock.
    fn start_ms(at: SlotTime) -> i64 {
        moment(0).steady_at(at.unix() * 1_000)
    }

    /// What a clock that was never set shows, where the steady one began an hour before slot 0.
    fn moment(steady_ms: i64) -> Moment {
        Moment { unix_ms: (slot(0).unix() - 3_600) * 1_000 + steady_ms, steady_ms }
    }

    fn login(text: &str) -> Login {
        text.parse().unwrap()
    }

    fn said(who: &str, sent_ms: i64) -> Said {
        let sent_ms = Some(moment(sent_ms).unix_ms);
        Said { login: login(who), id: "7".parse().ok(), role: Role::Viewer, sent_ms }
    }

    /// Joined at the start of slot 0 by connection 1, with these people named.
    fn room(people: &[&str]) -> Room {
        let mut room = Room::default();
        room.joined(1, start_ms(slot(0)));
        for who in people {
            room.came(login(who));
        }
        room.named();
        room
    }

    fn status(room: &mut Room, minutes: i64) -> (ListStatus, usize) {
        let list = room.list(Some(40), start_ms(slot(0)) + minutes * MINUTE, |_| true);
        (list.status, list.people.len())
    }

    #[test]
    fn a_list_is_complete_after_ten_minutes_without_a_break() {
        let mut room = room(&["_a", "_b"]);
        assert_eq!(status(&mut room, 9), (ListStatus::Partial, 2));
        assert_eq!(status(&mut room, 10), (ListStatus::Complete, 2));
        room.came(login("_c"));
        room.went(&login("_a"));
        assert_eq!(status(&mut room, 11), (ListStatus::Complete, 2));
        // Another connection takes over before the first is lost: no break.
        room.joined(2, start_ms(slot(2)));
        assert!(!room.left(1, start_ms(slot(2)) + 1));
        assert_eq!(status(&mut room, 12), (ListStatus::Complete, 2));
        // The last one is lost: nobody knows who is there.
        assert!(!room.left(2, start_ms(slot(2))));
        assert_eq!(status(&mut room, 13), (ListStatus::Missing, 0));
        room.joined(3, start_ms(slot(3)));
        assert_eq!(status(&mut room, 16), (ListStatus::Missing, 0));
        room.came(login("_d"));
        room.named();
        assert_eq!(status(&mut room, 24), (ListStatus::Partial, 1));
        assert_eq!(status(&mut room, 25), (ListStatus::Complete, 1));
        // A connection that is not heard from may have missed who came.
        assert_eq!(room.list(Some(40), start_ms(slot(5)), |_| false).status, ListStatus::Partial);
        // One takes over from another that was deaf by then: there was a break, and names are mixed.
        room.joined(4, start_ms(slot(6)));
        assert!(room.left(3, start_ms(slot(6)) - 1));
        assert_eq!(status(&mut room, 60), (ListStatus::Missing, 0));
    }

    #[test]
    fn where_not_everybody_is_told_nobody_is_believed_to_stay() {
        let late_ms = start_ms(slot(4));
        let listed = |room: &mut Room, viewers| room.list(viewers, late_ms, |_| true).status;
        assert_eq!(listed(&mut room(&["_a"]), Some(999)), ListStatus::Complete);
        // By its viewers, or by nobody's word: whoever was named may have left, and is not told.
        assert_eq!(listed(&mut room(&["_mod"]), Some(4_000)), ListStatus::Missing);
        assert_eq!(listed(&mut room(&["_mod"]), None), ListStatus::Missing);
        // Named just now they are there.
        assert_eq!(room(&["_mod"]).list(Some(4_000), start_ms(slot(0)) + MINUTE, |_| true).status, ListStatus::Partial);
        // A crowd leaves doubts behind, until the room is joined anew.
        let mut raided = room(&["_a"]);
        assert!(!raided.is_stale(Some(40)));
        assert_eq!(listed(&mut raided, Some(1_500)), ListStatus::Missing);
        assert_eq!((listed(&mut raided, Some(40)), raided.is_stale(Some(800))), (ListStatus::Missing, false));
        assert!(raided.is_stale(Some(40)));
        // So do as many names as Twitch tells.
        let mut full = room(&[]);
        (0..2 * TOLD_MAX).for_each(|n| full.came(login(&format!("_n{n}"))));
        assert_eq!((listed(&mut full, Some(400)), full.members.len()), (ListStatus::Missing, TOLD_MAX));
    }

    #[test]
    fn many_who_write_and_are_not_named_contradict_a_list() {
        let mut room = room(&["_mod"]);
        let late_ms = start_ms(slot(4));
        for minute in 0..4 {
            for n in 0..10 {
                let now_ms = late_ms + minute * MINUTE;
                room.said(said(&format!("_w{n}"), now_ms), moment(now_ms));
            }
        }
        let after = |room: &mut Room, minutes: i64| room.list(Some(400), late_ms + minutes * MINUTE, |_| true).status;
        assert_eq!(after(&mut room, 1), ListStatus::Complete);
        assert_eq!(after(&mut room, 4), ListStatus::Partial);
        // They were late.
        (0..9).for_each(|n| room.came(login(&format!("_w{n}"))));
        assert_eq!(after(&mut room, 4), ListStatus::Complete);
    }

    #[test]
    fn speech_belongs_to_its_very_slot_and_is_whole_or_not() {
        let mut room = room(&["_a"]);
        let (first, second) = (slot(1), slot(2));
        room.said(said("_b", start_ms(first)), moment(start_ms(first)));
        room.said(said("_a", start_ms(second) - 1), moment(start_ms(second) + 40));
        room.said(said("_a", start_ms(second) - 2), moment(start_ms(second) + 40));
        room.said(said("_c", start_ms(second)), moment(start_ms(second) + 50));
        // A clock that is an hour off is not believed.
        room.said(said("_d", start_ms(second) + 60 * MINUTE), moment(start_ms(second) + 60));
        let spoke = |room: &Room, at, heard: bool| {
            let (status, people) = room.speech(at, start_ms(at), |by| by == 1 && heard);
            (status, people.iter().map(|person| person.login.to_string()).collect::<Vec<_>>().join(" "))
        };
        assert_eq!(spoke(&room, first, true), (SpeechStatus::Complete, "_a _b".to_owned()));
        assert_eq!(spoke(&room, second, true), (SpeechStatus::Complete, "_c _d".to_owned()));
        // Who is joined in the middle of a slot missed the first half; who is not heard from may have missed the end.
        assert_eq!(spoke(&room, slot(-1), true).0, SpeechStatus::Missing);
        assert_eq!(spoke(&room, first, false), (SpeechStatus::Missing, "_a _b".to_owned()));
        room.left(1, start_ms(second));
        assert_eq!(spoke(&room, second, true), (SpeechStatus::Missing, "_c _d".to_owned()));
        room.forget_before(slot(4));
        assert_eq!(spoke(&room, first, true).1, "");
        assert!(!room.is_empty());
        room.forget_before(slot(5));
        assert!(room.is_empty());
    }

    #[test]
    fn how_long_something_was_is_not_told_by_a_clock_that_was_set() {
        let mut room = room(&["_mod"]);
        let (now_ms, hour_ms) = (start_ms(slot(4)), 60 * MINUTE);
        let set = |steady_ms| Moment { unix_ms: moment(steady_ms).unix_ms + hour_ms, steady_ms };
        for n in 0..10 {
            room.said(said(&format!("_w{n}"), now_ms), moment(now_ms));
        }
        // They wrote an hour ago by that clock, and have not been told for one minute.
        room.said(said("_w0", now_ms + MINUTE + hour_ms), set(now_ms + MINUTE));
        assert_eq!(room.list(Some(400), now_ms + MINUTE, |_| true).status, ListStatus::Complete);
        assert_eq!(room.list(Some(400), now_ms + 4 * MINUTE, |_| true).status, ListStatus::Partial);
        // By the clock that was set, slots 15 and 16 began when it was not joined, and when it was.
        room.left(1, now_ms);
        room.joined(2, now_ms);
        let speech = |at: SlotTime| {
            let began_ms = set(now_ms + 7 * MINUTE).steady_at(at.unix() * 1_000);
            room.speech(at, began_ms, |_| true).0
        };
        assert_eq!(
            [15, 16, 17].map(|n| speech(slot(n))),
            [SpeechStatus::Missing, SpeechStatus::Missing, SpeechStatus::Complete]
        );
    }

    #[test]
    fn nobody_fills_the_memory() {
        let mut room = room(&[]);
        let now_ms = start_ms(slot(1));
        for n in 0..=SPEAKERS_MAX {
            room.said(said(&format!("_s{n}"), now_ms), moment(now_ms));
        }
        let (status, people) = room.speech(slot(1), start_ms(slot(1)), |_| true);
        assert_eq!((status, people.len()), (SpeechStatus::Missing, SPEAKERS_MAX));
    }
}
