//! What is said in one chat of a session, told in the others.

use std::collections::{BTreeMap, BTreeSet};

use model::login::Login;

use crate::irc::called::{Called, Whose};
use crate::irc::hub::Hub;
use crate::irc::hub::room::Room;

/// A room of a session that somebody is in.
pub(super) struct Echo {
    pub(super) login: Login,
    pub(super) channel: u32,
    pub(super) listeners: BTreeSet<u64>,
}

impl Hub {
    /// Follows the sessions of this instant: all chats of one go on as long as somebody listens in any of them.
    pub(super) async fn attend(&mut self) {
        let now = self.shared.sessions();
        if now.is_empty() && self.sessions.is_empty() {
            return;
        }
        self.sessions = now;
        let called = Called { folk: &self.truth.folk, changes: &self.names };
        let mut heard: BTreeMap<Login, Whose> = BTreeMap::new();
        for session in self.sessions.iter() {
            let rooms = session.iter().filter_map(|channel| Some((called.room(*channel)?, Whose::Channel(*channel))));
            let rooms: BTreeMap<Login, Whose> = rooms.collect();
            if rooms.keys().any(|login| self.rooms.get(login).is_some_and(|room| !room.members.is_empty())) {
                heard.extend(rooms);
            }
        }
        self.rooms.retain(|login, room| !room.members.is_empty() || heard.contains_key(login));
        let unheard = heard.into_iter().filter(|(login, _)| !self.rooms.contains_key(login)).collect();
        for (login, whose, chapter) in self.chapters(unheard).await {
            self.rooms.insert(login, Room::new(whose, chapter, self.told_until));
        }
    }

    /// The rooms of sessions that somebody is in, by channel.
    pub(super) fn echoes(&self) -> BTreeMap<u32, Echo> {
        let called = Called { folk: &self.truth.folk, changes: &self.names };
        let echo = |channel: &u32| {
            let login = called.room(*channel)?;
            let listeners = self.rooms.get(&login)?.members.clone();
            Some((*channel, Echo { login, channel: *channel, listeners }))
        };
        self.sessions.iter().flatten().filter_map(echo).collect()
    }
}
