//! Whom chats are about: the accounts and channels of a world or a script, by number, and as the truth calls them: what
//! they are called by now is `called`'s.
//!
//! Chapters name tens of thousands of people: a number each, and a login only where a line is written.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use model::identity::TwitchId;
use model::login::Login;
use model::slot::SlotTime;
use model::words::Role;

use crate::account::Kind;
use crate::called::{Changes, Names};
use crate::dice::name_key;
use crate::twitch::Twitch;

/// Everybody of a Twitch.
#[derive(Debug)]
pub(super) struct Folk {
    names: Arc<Names>,
    /// Of a script, from its first question on: a script's own answers search all of it.
    named: OnceLock<Named>,
}

/// Everybody of a script, by number.
#[derive(Debug, Default)]
struct Named {
    all: Vec<(Login, TwitchId)>,
    numbers: HashMap<Login, u32>,
    /// How many channels there are: their accounts come first, so that both have one number.
    channels: u32,
}

impl Folk {
    pub(super) fn new(names: Arc<Names>) -> Folk {
        Folk { names, named: OnceLock::new() }
    }

    /// What is called otherwise at this instant.
    pub(super) fn changes(&self) -> Arc<Changes> {
        self.names.read()
    }

    /// What all chance is drawn from.
    pub(super) fn seed(&self) -> u64 {
        match self.names.truth() {
            Twitch::World(world) => world.seed,
            Twitch::Script(_) => 0,
        }
    }

    /// The number of a channel that there is.
    pub(super) fn channel(&self, login: &str) -> Option<u32> {
        match self.names.truth() {
            Twitch::World(world) => world.channel_place(login).map(|place| place as u32),
            Twitch::Script(_) => {
                let named = self.named();
                named.numbers.get(login).copied().filter(|number| *number < named.channels)
            }
        }
    }

    /// The login of a channel.
    pub(super) fn channel_login(&self, channel: u32) -> &str {
        match self.names.truth() {
            Twitch::World(world) => world.channels[channel as usize].login.as_str(),
            Twitch::Script(_) => self.login(channel),
        }
    }

    /// Its id: the room's.
    pub(super) fn channel_id(&self, channel: u32) -> Option<TwitchId> {
        match self.names.truth() {
            Twitch::World(world) => Some(world.channels[channel as usize].id),
            Twitch::Script(_) => self.id(channel),
        }
    }

    /// Stands for a channel in draws.
    pub(super) fn channel_key(&self, channel: u32) -> u64 {
        match self.names.truth() {
            Twitch::World(world) => world.channels[channel as usize].key,
            Twitch::Script(_) => name_key(self.channel_login(channel)),
        }
    }

    /// Whoever is in a chat at the start of a slot, sorted, whether or not the list of it fails: but of a script's list that
    /// fails nobody knows. Takes a tenth of a second when it is asked for a new day.
    pub(super) fn there(&self, channel: u32, at: SlotTime) -> Vec<u32> {
        match self.names.truth() {
            Twitch::World(world) => world.table(at.day()).chatters(channel as usize, at).collect(),
            Twitch::Script(script) => {
                let numbers = &self.named().numbers;
                let listed = script.listed(self.channel_login(channel), at);
                let mut there: Vec<u32> = listed.filter_map(|login| numbers.get(login).copied()).collect();
                there.sort_unstable();
                there
            }
        }
    }

    /// Who writes in a slot because a script says so.
    pub(super) fn told_to_write(&self, channel: u32, at: SlotTime) -> Vec<u32> {
        match self.names.truth() {
            Twitch::World(_) => Vec::new(),
            Twitch::Script(script) => {
                let numbers = &self.named().numbers;
                script
                    .sayings(self.channel_login(channel), at)
                    .filter_map(|login| numbers.get(login).copied())
                    .collect()
            }
        }
    }

    /// The number of somebody.
    pub(super) fn number(&self, login: &str) -> Option<u32> {
        match self.names.truth() {
            Twitch::World(world) => world.accounts.find(login),
            Twitch::Script(_) => self.named().numbers.get(login).copied(),
        }
    }

    pub(super) fn login(&self, who: u32) -> &str {
        match self.names.truth() {
            Twitch::World(world) => world.accounts.login(who),
            Twitch::Script(_) => self.named().all[who as usize].0.as_str(),
        }
    }

    pub(super) fn display_name(&self, who: u32) -> &str {
        match self.names.truth() {
            Twitch::World(world) => match world.accounts.all[who as usize].kind {
                Kind::Owner(place) => &world.channels[usize::from(place)].display_name,
                _ => self.login(who),
            },
            Twitch::Script(_) => self.login(who),
        }
    }

    pub(super) fn id(&self, who: u32) -> Option<TwitchId> {
        match self.names.truth() {
            Twitch::World(world) => world.account_id(who),
            Twitch::Script(_) => Some(self.named().all[who as usize].1),
        }
    }

    /// Stands for an account in draws.
    pub(super) fn key(&self, who: u32) -> u64 {
        match self.names.truth() {
            Twitch::World(world) => world.accounts.all[who as usize].key,
            Twitch::Script(_) => name_key(self.login(who)),
        }
    }

    pub(super) fn role(&self, who: u32, channel: u32) -> Role {
        match self.names.truth() {
            Twitch::World(world) => world.role(who, channel as usize),
            Twitch::Script(_) if channel == who => Role::Broadcaster,
            Twitch::Script(_) => Role::Viewer,
        }
    }

    fn named(&self) -> &Named {
        self.named.get_or_init(|| {
            let Twitch::Script(script) = self.names.truth() else { return Named::default() };
            let all: Vec<(Login, TwitchId)> = script.users().into_iter().map(|user| (user.login, user.id)).collect();
            let numbers = (0..).zip(&all).map(|(who, (login, _))| (login.clone(), who)).collect();
            Named { all, numbers, channels: script.channels().len() as u32 }
        })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::script::Script;
    use crate::twitch::Who;
    use crate::world::{Population, World};

    #[test]
    fn numbers_lead_to_what_helix_tells() {
        let world = Arc::new(World::new(3, Population { viewers: 200, channels: 20 }).unwrap());
        let mut script = Script::default();
        let at = SlotTime::at("2026-11-18".parse().unwrap(), 246);
        for viewer in ["_x", "_b", "_y"] {
            script.pattern(&"_b".parse().unwrap(), &viewer.parse().unwrap(), at, "P").unwrap();
        }
        script.channel(&"_c".parse().unwrap());
        for twitch in [Twitch::World(world), Twitch::Script(Arc::new(script))] {
            let folk = Folk::new(Arc::new(Names::new(twitch.clone())));
            for on_air in twitch.on_air(at) {
                let channel = folk.channel(on_air.user.login.as_str()).unwrap();
                assert_eq!(folk.channel_login(channel), on_air.user.login.as_str());
                assert_eq!(folk.channel_id(channel), Some(on_air.user.id));
                for who in folk.there(channel, at) {
                    let user = twitch.user(Who::Login(folk.login(who))).unwrap();
                    assert_eq!((folk.id(who), folk.display_name(who)), (Some(user.id), user.display_name.as_str()));
                }
                let owner =
                    folk.there(channel, at).into_iter().find(|who| folk.role(*who, channel) == Role::Broadcaster);
                assert_eq!(owner.map(|who| folk.login(who)), Some(on_air.user.login.as_str()));
            }
            assert_eq!((folk.channel("_nobody"), folk.channel("_x")), (None, None));
        }
    }
}
