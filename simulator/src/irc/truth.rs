//! What truly happened in the chats, whoever was listening: what a client is judged by.

use std::collections::BTreeSet;
use std::sync::Arc;

use model::day::Day;
use model::login::Login;
use model::slot::SlotTime;

use crate::called::Names;
use crate::irc::called::{Called, Whose};
use crate::irc::chapter::Chapter;
use crate::irc::folk::Folk;
use crate::irc::settings::IrcSettings;
use crate::twitch::Twitch;

/// The chats of a Twitch, at any time, in the names of now. It needs no server: the same Twitch and settings give the same
/// truth.
#[derive(Debug)]
pub struct Truth {
    pub(super) folk: Folk,
    pub(super) settings: IrcSettings,
}

impl Truth {
    /// Of a Twitch whose people write as much as the settings say, and are never renamed.
    pub fn new(twitch: Twitch, settings: IrcSettings) -> Truth {
        Truth::of(Arc::new(Names::new(twitch)), settings)
    }

    /// Of people who may be called otherwise by now.
    pub(super) fn of(names: Arc<Names>, settings: IrcSettings) -> Truth {
        Truth { folk: Folk::new(names), settings }
    }

    /// Whoever truly was in a chat at an instant, in Unix seconds. At the start of a slot these are the people of the
    /// list of that slot, whether or not it failed; a script's list that fails leaves nobody. The chat and they are called
    /// as they are now, whenever the instant is. Empty where there is no such channel.
    pub fn present(&self, channel: &Login, unix: i64) -> BTreeSet<Login> {
        self.named(channel, slot(unix), |chapter| chapter.present(unix).collect())
    }

    /// Whoever truly wrote in a chat in a slot: five minutes by `tmi-sent-ts`. The chat and they are called as they are
    /// now. Empty where there is no such channel.
    pub fn said(&self, channel: &Login, at: SlotTime) -> BTreeSet<Login> {
        let said = |chapter: &Chapter| {
            let said = chapter.events.iter().filter(|event| event.is_said());
            said.map(|event| event.who).collect()
        };
        self.named(channel, at, said)
    }

    pub(super) fn chapter(&self, channel: u32, at: SlotTime) -> Chapter {
        Chapter::new(&self.folk, &self.settings, channel, at)
    }

    /// The number of a channel that is called so now.
    pub(super) fn channel(&self, login: &Login) -> Option<u32> {
        let changes = self.folk.changes();
        match (Called { folk: &self.folk, changes: &changes }).whose(login)? {
            Whose::Channel(channel) => Some(channel),
            Whose::Made(_) => None,
        }
    }

    fn named(&self, channel: &Login, at: SlotTime, people: impl FnOnce(&Chapter) -> Vec<u32>) -> BTreeSet<Login> {
        let changes = self.folk.changes();
        let called = Called { folk: &self.folk, changes: &changes };
        let Some(Whose::Channel(channel)) = called.whose(channel) else { return BTreeSet::new() };
        let people = people(&self.chapter(channel, at));
        people.into_iter().filter_map(|who| called.login(who).parse().ok()).collect()
    }
}

/// The slot of an instant; before and after all days the first and the last one that have a neighbour.
pub(super) fn slot(unix: i64) -> SlotTime {
    SlotTime::from_unix(clamped(unix)).unwrap_or(SlotTime::at(Day::MIN, 1))
}

/// An instant whose slot has neighbours.
pub(super) fn clamped(unix: i64) -> i64 {
    unix.clamp(SlotTime::at(Day::MIN, 1).unix(), SlotTime::at(Day::MAX, 287).unix() - 1)
}
