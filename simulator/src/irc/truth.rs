//! What truly happened in the chats, whoever was listening: what a client is judged by.

use std::collections::BTreeSet;

use model::day::Day;
use model::login::Login;
use model::slot::SlotTime;

use crate::irc::chapter::{Chapter, What};
use crate::irc::folk::Folk;
use crate::irc::settings::IrcSettings;
use crate::twitch::Twitch;

/// The chats of a Twitch, at any time. It needs no server: the same Twitch and settings give the same truth.
#[derive(Debug)]
pub struct Truth {
    pub(super) folk: Folk,
    pub(super) settings: IrcSettings,
}

impl Truth {
    /// Of a Twitch whose people write as much as the settings say.
    pub fn new(twitch: Twitch, settings: IrcSettings) -> Truth {
        Truth { folk: Folk::new(twitch), settings }
    }

    /// Whoever truly was in a chat at an instant, in Unix seconds. At the start of a slot these are the people of the
    /// list of that slot, whether or not it failed; a script's list that fails leaves nobody. Empty where there is no such
    /// channel.
    pub fn present(&self, channel: &Login, unix: i64) -> BTreeSet<Login> {
        let Some(channel) = self.folk.channel(channel.as_str()) else { return BTreeSet::new() };
        self.named(self.chapter(channel, slot(unix)).present(unix))
    }

    /// Whoever truly wrote in a chat in a slot: five minutes by `tmi-sent-ts`. Empty where there is no such channel.
    pub fn said(&self, channel: &Login, at: SlotTime) -> BTreeSet<Login> {
        let Some(channel) = self.folk.channel(channel.as_str()) else { return BTreeSet::new() };
        let chapter = self.chapter(channel, at);
        let said = chapter.events.iter().filter(|event| matches!(event.what, What::Said { .. }));
        self.named(said.map(|event| event.who))
    }

    pub(super) fn chapter(&self, channel: u32, at: SlotTime) -> Chapter {
        Chapter::new(&self.folk, &self.settings, channel, at)
    }

    fn named(&self, people: impl Iterator<Item = u32>) -> BTreeSet<Login> {
        people.filter_map(|who| self.folk.login(who).parse().ok()).collect()
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
