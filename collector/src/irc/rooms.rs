//! All rooms, and what is known of the connections that are in them: shared between who listens and who asks.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use model::login::Login;
use model::slot::SlotTime;
use model::words::SpeechStatus;
use tokio::sync::Notify;

use super::line::{Heard, Who};
use super::room::{Connection, Room};
use crate::chatters::{Chatter, List};
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
    /// Connections that are up, and the last slot after whose end each was heard from: what was said before came before.
    up: HashMap<Connection, Option<SlotTime>>,
}

impl Rooms {
    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes in what a connection of this nick heard. Gives the room that it is in from now on, where it says so.
    pub(super) fn heard(&self, by: Connection, nick: &str, heard: Heard, now_ms: i64) -> Option<Login> {
        let mut known = self.known();
        match heard {
            Heard::Joined(room, Who::Reader(who)) if who == nick => {
                known.rooms.entry(room.clone()).or_default().joined(by, now_ms);
                return Some(room);
            }
            Heard::Parted(room, Who::Reader(who)) if who == nick => known.leave(&room, by, now_ms),
            Heard::Joined(room, Who::Login(login)) => known.room(&room, by, |room| room.came(login)),
            Heard::Parted(room, Who::Login(login)) => known.room(&room, by, |room| room.went(&login)),
            Heard::Names(room, logins) => {
                known.room(&room, by, |room| logins.into_iter().for_each(|login| room.came(login)));
            }
            Heard::Named(room) => known.room(&room, by, Room::named),
            Heard::Said(room, said) => {
                let behind_ms = said.sent_ms.map(|sent_ms| now_ms - sent_ms);
                known.behind_ms = known.behind_ms.into_iter().chain(behind_ms).min();
                known.room(&room, by, |room| room.said(said, now_ms));
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
    pub(super) fn answered(&self, by: Connection, at: SlotTime) {
        if let Some(last) = self.known().up.get_mut(&by) {
            *last = Some(at);
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
            if self.known().up.values().all(|last| last.is_some_and(|last| last >= at)) {
                return;
            }
            changed.await;
        }
    }

    /// Who is in a room now. One that is crowded no more is to be joined anew.
    pub(super) fn list(&self, room: &Login, viewers: Option<u32>, now_ms: i64) -> List {
        let known = &mut *self.known();
        let Some(held) = known.rooms.get_mut(room) else { return List::missing() };
        let before = SlotTime::from_unix(now_ms.div_euclid(1_000)).map(|at| at + -1).ok();
        let alive = |by| known.up.get(&by).copied().flatten() >= before;
        let list = held.list(viewers, now_ms, alive);
        if held.is_stale(viewers) {
            known.stale.insert(room.clone());
        }
        list
    }

    /// Rooms to be joined anew, told once.
    pub(super) fn stale(&self) -> HashSet<Login> {
        std::mem::take(&mut self.known().stale)
    }

    /// How far messages were behind the clock at least, since it was asked last.
    pub(super) fn behind_ms(&self) -> Option<i64> {
        self.known().behind_ms.take()
    }

    /// Who wrote in a room in a slot, and whether all who did were heard.
    pub(super) fn speech(&self, room: &Login, at: SlotTime) -> (SpeechStatus, Vec<Chatter>) {
        let known = self.known();
        let after = |by| known.up.get(&by).copied().flatten().is_some_and(|last: SlotTime| last >= at);
        known.rooms.get(room).map_or((SpeechStatus::Missing, Vec::new()), |room| room.speech(at, after))
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
