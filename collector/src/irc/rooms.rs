//! All rooms, and what is known of the connections that are in them: shared between who listens and who asks.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use model::login::Login;
use model::slot::SlotTime;
use model::words::SpeechStatus;
use tokio::sync::Notify;

use super::jumps::{Jump, Jumps};
use super::line::{Heard, Who};
use super::room::{Connection, Room, SETTLED_MS};
use crate::chatters::{Chatter, List};
use crate::clock::Moment;
use crate::figures;

/// Clones share it.
#[derive(Clone, Debug, Default)]
pub(super) struct Rooms {
    known: Arc<Mutex<Known>>,
    /// A connection answered, or is gone.
    changed: Arc<Notify>,
}

#[derive(Debug, Default)]
struct Known {
    rooms: HashMap<Login, Room>,
    /// Rooms to be joined anew.
    stale: HashSet<Login>,
    /// How far messages were behind the clock at least, lately: what clocks are apart, and the way.
    behind_ms: Option<i64>,
    /// Connections that are up, and what each answered last.
    up: HashMap<Connection, Option<Answer>>,
    jumps: Jumps,
}

/// A connection was heard from: what was said before came before.
#[derive(Clone, Copy, Debug)]
struct Answer {
    /// After the end of this slot.
    at: SlotTime,
    /// When, by the steady clock.
    steady_ms: i64,
}

impl Rooms {
    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes in what a connection of this nick heard. Gives the room that it is in from now on, where it says so.
    pub(super) fn heard(&self, by: Connection, nick: &str, heard: Heard, now: Moment) -> Option<Login> {
        let mut known = self.known();
        match heard {
            Heard::Joined(room, Who::Reader(who)) if who == nick => {
                known.rooms.entry(room.clone()).or_default().joined(by, now.steady_ms);
                return Some(room);
            }
            Heard::Parted(room, Who::Reader(who)) if who == nick => known.leave(&room, by, now.steady_ms),
            Heard::Joined(room, Who::Login(login)) => known.room(&room, by, |room| room.came(login)),
            Heard::Parted(room, Who::Login(login)) => known.room(&room, by, |room| room.went(&login)),
            Heard::Names(room, logins) => {
                known.room(&room, by, |room| logins.into_iter().for_each(|login| room.came(login)));
            }
            Heard::Named(room) => known.room(&room, by, Room::named),
            Heard::Said(room, said) => {
                known.jumps.look(now);
                let behind_ms = said.sent_ms.map(|sent_ms| now.unix_ms.saturating_sub(sent_ms));
                known.behind_ms = known.behind_ms.into_iter().chain(behind_ms).min();
                known.room(&room, by, |room| room.said(said, now));
            }
            _ => {}
        }
        None
    }

    /// A connection is up.
    pub(super) fn up(&self, by: Connection) {
        self.known().up.insert(by, None);
    }

    /// A connection answered what was asked after the end of a slot.
    pub(super) fn answered(&self, by: Connection, at: SlotTime, steady_ms: i64) {
        if let Some(last) = self.known().up.get_mut(&by) {
            *last = Some(Answer { at, steady_ms });
        }
        self.changed.notify_waiters();
    }

    /// A connection is gone, of which nothing was heard after `heard_ms`, and with it all that was only known by it.
    pub(super) fn lost(&self, by: Connection, heard_ms: i64) {
        let mut known = self.known();
        known.up.remove(&by);
        let held: Vec<Login> =
            known.rooms.iter().filter(|(_, room)| room.is_held_by(by)).map(|(login, _)| login.clone()).collect();
        for room in &held {
            known.leave(room, by, heard_ms);
        }
        drop(known);
        self.changed.notify_waiters();
    }

    /// Waits until all connections that are up were heard from after the end of a slot.
    pub(super) async fn all_answered(&self, at: SlotTime) {
        loop {
            let changed = self.changed.notified();
            if self.known().up.values().all(|last| last.is_some_and(|last| last.at >= at)) {
                return;
            }
            changed.await;
        }
    }

    /// Who is in a room now. One that is crowded no more is to be joined anew.
    pub(super) fn list(&self, room: &Login, viewers: Option<u32>, now: Moment) -> List {
        let known = &mut *self.known();
        known.jumps.look(now);
        let Some(held) = known.rooms.get_mut(room) else { return List::missing() };
        let answer = |by| known.up.get(&by).copied().flatten();
        // After a jump slots do not tell what was lately, and many of those who wrote before it are forgotten: too few are left
        // to tell by them whether a list lacks somebody.
        let before = SlotTime::from_unix(now.unix_ms.div_euclid(1_000)).map(|at| at + -1).ok();
        let is_undisturbed = known.jumps.none_for(SETTLED_MS, now);
        let alive = |by| is_undisturbed && answer(by).is_some_and(|last| Some(last.at) >= before);
        let list = held.list(viewers, now.steady_ms, alive);
        if held.is_stale(viewers) {
            known.stale.insert(room.clone());
        }
        // While the machine slept nobody was heard who left, and the server may have given it up: names of before are believed
        // once a connection answered.
        let answered_since = |jump_ms| move |by| answer(by).is_some_and(|last| last.steady_ms >= jump_ms);
        let is_known =
            known.jumps.last_ms().is_none_or(|jump_ms| held.is_heard_since(jump_ms, answered_since(jump_ms)));
        if is_known { list } else { List::missing() }
    }

    /// Rooms to be joined anew, told once.
    pub(super) fn stale(&self) -> HashSet<Login> {
        std::mem::take(&mut self.known().stale)
    }

    /// How far messages were behind the clock at least, since it was asked last.
    pub(super) fn behind_ms(&self) -> Option<i64> {
        self.known().behind_ms.take()
    }

    /// The jump of the clock for which it cannot be told what was said in a slot that ended.
    pub(super) fn jump(&self, at: SlotTime, now: Moment) -> Option<Jump> {
        self.known().jumps.prove(now.steady_at(at.unix() * 1_000), now)
    }

    /// Looks whether the clock was set.
    pub(super) fn look(&self, now: Moment) {
        self.known().jumps.look(now);
    }

    /// Who wrote in a room in a slot, and whether all who did were heard.
    pub(super) fn speech(&self, room: &Login, at: SlotTime, now: Moment) -> (SpeechStatus, Vec<Chatter>) {
        let known = self.known();
        let after = |by| known.up.get(&by).copied().flatten().is_some_and(|last| last.at >= at);
        let began_ms = now.steady_at(at.unix() * 1_000);
        known.rooms.get(room).map_or((SpeechStatus::Missing, Vec::new()), |room| room.speech(at, began_ms, after))
    }

    /// Forgets who wrote before a slot, and rooms of which nothing is left; tells the figures how much there is.
    pub(super) fn forget_before(&self, at: SlotTime) {
        let mut known = self.known();
        known.rooms.values_mut().for_each(|room| room.forget_before(at));
        known.rooms.retain(|_, room| !room.is_empty());
        let joined = known.rooms.values().filter(|room| room.is_joined()).count();
        figures::listening(known.up.len(), joined);
    }
}

impl Known {
    /// Of a room that the connection is not in nothing is believed.
    fn room(&mut self, room: &Login, by: Connection, then: impl FnOnce(&mut Room)) {
        if let Some(room) = self.rooms.get_mut(room).filter(|room| room.is_held_by(by)) {
            then(room);
        }
    }

    fn leave(&mut self, room: &Login, by: Connection, heard_ms: i64) {
        if self.rooms.get_mut(room).is_some_and(|held| held.left(by, heard_ms)) {
            self.stale.insert(room.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::words::ListStatus;

    const MINUTE: i64 = 60_000;
    const HOUR: i64 = 60 * MINUTE;

    fn login(text: &str) -> Login {
        text.parse().unwrap()
    }

    fn slot(n: i32) -> SlotTime {
        SlotTime::from_index(6_000_000 + n).unwrap()
    }

    /// So long after the start of slot 0, by a clock that was set by so much.
    fn moment(steady_ms: i64, set_ms: i64) -> Moment {
        Moment { unix_ms: slot(0).unix() * 1_000 + steady_ms + set_ms, steady_ms }
    }

    /// A room that was joined at the start of slot 0, with somebody in it.
    fn rooms() -> Rooms {
        let (rooms, room, now) = (Rooms::default(), login("_room"), moment(0, 0));
        rooms.look(now);
        rooms.forget_before(slot(0));
        rooms.up(1);
        let me = || Who::Reader("justinfan1".to_owned());
        rooms.heard(1, "justinfan1", Heard::Joined(room.clone(), me()), now);
        rooms.heard(1, "justinfan1", Heard::Names(room.clone(), vec![login("_a")]), now);
        rooms.heard(1, "justinfan1", Heard::Named(room), now);
        rooms
    }

    /// A slot is proved, and the one that it is then swept: whether all who wrote in the first are known, and how far the list
    /// can be trusted.
    fn swept(rooms: &Rooms, at: SlotTime, answered: bool, now: Moment) -> (bool, ListStatus) {
        rooms.look(now);
        if answered {
            rooms.answered(1, at, now.steady_ms);
        }
        let is_proved = rooms.jump(at, now).is_none();
        rooms.forget_before(SlotTime::from_unix(now.unix_ms / 1_000).unwrap());
        (is_proved, rooms.list(&login("_room"), Some(40), now).status)
    }

    #[test]
    fn ten_minutes_are_not_over_because_the_clock_was_set_forward() {
        let rooms = rooms();
        assert_eq!(swept(&rooms, slot(0), true, moment(5 * MINUTE, 0)), (true, ListStatus::Partial));
        assert_eq!(swept(&rooms, slot(1), true, moment(6 * MINUTE, HOUR)), (false, ListStatus::Partial));
        // The slot that it was set into began before: not all who wrote in it are known.
        assert_eq!(swept(&rooms, slot(13), true, moment(10 * MINUTE, HOUR)), (false, ListStatus::Partial));
        assert_eq!(swept(&rooms, slot(14), true, moment(15 * MINUTE, HOUR)), (true, ListStatus::Partial));
        assert_eq!(swept(&rooms, slot(15), true, moment(20 * MINUTE, HOUR)), (true, ListStatus::Complete));
    }

    #[test]
    fn a_clock_that_is_set_back_makes_no_list_complete() {
        let rooms = rooms();
        for (n, status) in [(0, ListStatus::Partial), (1, ListStatus::Complete), (2, ListStatus::Complete)] {
            assert_eq!(swept(&rooms, slot(n), true, moment(5 * MINUTE * i64::from(n + 1), 0)), (true, status));
        }
        // While slot 3 is swept, it is slot 0 again: since then nobody answered.
        let list = rooms.list(&login("_room"), Some(40), moment(16 * MINUTE, -15 * MINUTE));
        assert_eq!(list.status, ListStatus::Missing);
        assert_eq!(swept(&rooms, slot(3), true, moment(35 * MINUTE, -15 * MINUTE)), (false, ListStatus::Complete));
        assert_eq!(swept(&rooms, slot(4), true, moment(40 * MINUTE, -15 * MINUTE)), (true, ListStatus::Complete));
    }

    #[test]
    fn who_was_there_before_the_machine_slept_is_not_told() {
        let rooms = rooms();
        for n in 0..3 {
            swept(&rooms, slot(n), true, moment(5 * MINUTE * i64::from(n + 1), 0));
        }
        assert_eq!(swept(&rooms, slot(3), false, moment(16 * MINUTE, HOUR)), (false, ListStatus::Missing));
        // It is there after all, and told who left.
        assert_eq!(swept(&rooms, slot(15), true, moment(20 * MINUTE, HOUR)), (false, ListStatus::Partial));
    }
}
