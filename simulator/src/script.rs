//! Written-down days for tests: who is where, slot by slot, and what fails.

use std::collections::{BTreeMap, BTreeSet};

use model::identity::TwitchId;
use model::login::Login;
use model::slot::SlotTime;
use model::words::Role;

use crate::error::SimulatorError;
use crate::outage::ListFailure;
use crate::twitch::{List, OnAir, User, Who};

/// A Twitch of a few channels in a few slots. Channels are off air in slots that are not written down.
#[derive(Clone, Debug, Default)]
pub struct Script {
    channels: BTreeMap<Login, BTreeMap<SlotTime, ScriptSlot>>,
    people: BTreeSet<Login>,
    /// Who writes in which chat, by channel and slot.
    sayings: BTreeMap<(Login, SlotTime), Vec<Login>>,
    /// Slots in which Helix answers nothing.
    pub helix_down: BTreeSet<SlotTime>,
    /// Slots in which Helix fails when asked for channels by name or id.
    pub ids_down: BTreeSet<SlotTime>,
}

/// A channel on air in a slot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScriptSlot {
    /// Viewers, as Twitch counts them.
    pub viewers: u32,
    /// Who is in the chat, or how the list fails.
    pub list: Result<BTreeSet<Login>, ListFailure>,
}

/// What `?` of a pattern does, in turn.
const FAILURES: [ListFailure; 4] =
    [ListFailure::NotFound, ListFailure::BadGateway, ListFailure::Truncated, ListFailure::FalseZero];

impl Script {
    /// A channel that there is, on air or not.
    pub fn channel(&mut self, channel: &Login) -> &mut BTreeMap<SlotTime, ScriptSlot> {
        self.channels.entry(channel.clone()).or_default()
    }

    /// Writes down a slot of a channel, in place of what was written of it.
    pub fn slot(&mut self, channel: &Login, at: SlotTime, slot: ScriptSlot) {
        self.people.extend(slot.list.iter().flatten().cloned());
        self.channel(channel).insert(at, slot);
    }

    /// Writes down what a channel shows of a viewer from a slot on: `P` in the list, `a` on air and not in the list,
    /// `?` on air and the list fails, `.` off air. People of other patterns stay in the lists.
    ///
    /// Errors: another letter; a list that fails for one viewer and not for another.
    pub fn pattern(
        &mut self,
        channel: &Login,
        viewer: &Login,
        from: SlotTime,
        pattern: &str,
    ) -> Result<(), SimulatorError> {
        self.people.insert(viewer.clone());
        let slots = self.channel(channel);
        for (letter, place) in pattern.chars().zip(0..) {
            let at = from + place;
            if letter == '.' {
                continue;
            }
            let fails = letter == '?';
            let fresh = || ScriptSlot {
                // Above the count from which an empty list is no answer.
                viewers: 40,
                // The owner is there: a list without the viewer is not empty.
                list: if fails {
                    Err(FAILURES[at.index() as usize % 4])
                } else {
                    Ok(BTreeSet::from([channel.clone()]))
                },
            };
            let slot = slots.entry(at).or_insert_with(fresh);
            match (letter, &mut slot.list) {
                ('P', Ok(names)) => drop(names.insert(viewer.clone())),
                ('a', Ok(_)) | ('?', Err(_)) => {}
                ('P' | 'a' | '?', _) => return Err(SimulatorError::Script("a list that both fails and answers")),
                _ => return Err(SimulatorError::Script("a letter other than P, a, ? and .")),
            }
        }
        Ok(())
    }

    /// Writes down that somebody writes in a chat, once more somewhere in this slot, listed or not.
    pub fn says(&mut self, channel: &Login, viewer: &Login, at: SlotTime) {
        self.channel(channel);
        self.people.insert(viewer.clone());
        self.sayings.entry((channel.clone(), at)).or_default().push(viewer.clone());
    }

    /// Whoever writes in a slot, once for each message.
    pub(crate) fn sayings(&self, channel: &str, at: SlotTime) -> impl Iterator<Item = &str> {
        let said = channel.parse().ok().and_then(|login| self.sayings.get(&(login, at)));
        said.into_iter().flatten().map(Login::as_str)
    }

    /// Whoever the list of a slot names; nobody where it fails.
    pub(crate) fn listed(&self, channel: &str, at: SlotTime) -> impl Iterator<Item = &Login> {
        let slot = self.channels.get(channel).and_then(|slots| slots.get(&at));
        slot.into_iter().flat_map(|slot| slot.list.iter().flatten())
    }

    /// All channels, sorted.
    pub(crate) fn channels(&self) -> impl ExactSizeIterator<Item = &Login> {
        self.channels.keys()
    }

    pub(crate) fn on_air(&self, at: SlotTime) -> Vec<OnAir> {
        let on_air = |(login, slots): (&Login, &BTreeMap<SlotTime, ScriptSlot>)| {
            let slot = slots.get(&at)?;
            let mut started = at;
            while slots.contains_key(&(started + -1)) {
                started = started + -1;
            }
            Some(OnAir {
                user: self.user(Who::Login(login.as_str()))?,
                stream_id: (10_000_000_000 + i64::from(started.index())).to_string(),
                game_id: "509658".to_owned(),
                game: "Just Chatting".to_owned(),
                title: "Script".to_owned(),
                language: "fr".to_owned(),
                viewers: slot.viewers,
                started_at: started.unix(),
            })
        };
        self.channels.iter().filter_map(on_air).collect()
    }

    pub(crate) fn user(&self, who: Who<'_>) -> Option<User> {
        self.numbered().find(|user| match who {
            Who::Id(id) => user.id == id,
            Who::Login(login) => user.login.as_str() == login,
        })
    }

    /// Everybody, the channels first.
    pub(crate) fn users(&self) -> Vec<User> {
        self.numbered().collect()
    }

    fn numbered(&self) -> impl Iterator<Item = User> {
        let people = self.people.iter().filter(|login| !self.channels.contains_key(*login));
        let numbered = |(number, login): (u64, &Login)| {
            Some(User {
                id: TwitchId::new(500_000_000 + number)?,
                display_name: login.to_string(),
                login: login.clone(),
            })
        };
        (0..).zip(self.channels.keys().chain(people)).filter_map(numbered)
    }

    pub(crate) fn list(&self, channel: &str, at: SlotTime) -> List {
        let Some(slots) = self.channels.get(channel) else { return List::Fails(ListFailure::NotFound) };
        let role = |login: &Login| if login.as_str() == channel { Role::Broadcaster } else { Role::Viewer };
        match slots.get(&at).map(|slot| &slot.list) {
            Some(Ok(names)) => List::Names(names.iter().map(|login| (login.to_string(), role(login))).collect()),
            Some(Err(failure)) => List::Fails(*failure),
            None => List::Names(Vec::new()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_are_played_as_written() {
        let mut script = Script::default();
        let (channel, viewer) = ("_a".parse().unwrap(), "_v".parse().unwrap());
        let from = SlotTime::at("2026-11-18".parse().unwrap(), 100);
        script.pattern(&channel, &viewer, from, "Pa?.P").unwrap();
        let named = |at| match script.list("_a", at) {
            List::Names(names) => names.iter().any(|(login, _)| login == "_v"),
            List::Fails(_) => false,
        };
        assert_eq!([0, 1, 2, 3, 4].map(|n| named(from + n)), [true, false, false, false, true]);
        assert!(matches!(script.list("_a", from + 2), List::Fails(_)));
        assert_eq!([0, 1, 2, 3, 4].map(|n| script.on_air(from + n).len()), [1, 1, 1, 0, 1]);
        assert_ne!(script.on_air(from)[0].stream_id, script.on_air(from + 4)[0].stream_id);
        assert!(script.pattern(&channel, &"_w".parse().unwrap(), from, "PPP").is_err());
        assert!(script.pattern(&channel, &"_w".parse().unwrap(), from, "x").is_err());
    }
}
