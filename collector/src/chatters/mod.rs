//! Who is in a chat: one interface over the sources that exist.

pub mod helix;
pub mod tmi;

use std::collections::HashMap;

use model::identity::TwitchId;
use model::login::Login;
use model::words::{ChattersSource, ListStatus, Role, SpeechStatus};
use tokio::time::Instant;

use crate::error::AskError;
use crate::irc::Irc;

/// A source of chatters.
#[derive(Clone, Debug)]
pub enum Source {
    /// The old chatters endpoint, of a simulator, a recording or a proxy.
    Tmi(tmi::Tmi),
    /// Helix, in the name of somebody who moderates the channel.
    Helix(helix::HelixLists),
    /// The chat itself, listened to.
    Irc(Irc),
}

/// The sources of a deployment: one for most channels, perhaps others for some.
#[derive(Clone, Debug)]
pub struct Chatters {
    usual: Source,
    others: HashMap<Login, Source>,
}

/// A list of chatters and how far it can be trusted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct List {
    /// People, ascending by login, each once.
    pub people: Vec<Chatter>,
    /// The list's own figure.
    pub count: Option<u32>,
    /// Whether it names everybody.
    pub status: ListStatus,
    /// Whether all that was said in the slot was heard.
    pub speech: SpeechStatus,
    /// Who wrote in the slot, ascending by login, each once, listed or not.
    pub speakers: Vec<Chatter>,
}

/// A person in a list.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Chatter {
    /// Their login.
    pub login: Login,
    /// Twitch's id of them, where the source gives it.
    pub id: Option<TwitchId>,
    /// What they are in that chat.
    pub role: Role,
}

impl List {
    /// Nothing is known.
    pub(crate) fn missing() -> List {
        let (status, speech) = (ListStatus::Missing, SpeechStatus::Missing);
        List { people: Vec::new(), count: None, status, speech, speakers: Vec::new() }
    }
}

impl Chatter {
    /// Somebody of whom only the name is told.
    pub(crate) fn named(login: Login) -> Chatter {
        Chatter { login, id: None, role: Role::Unknown }
    }
}

impl From<Source> for Chatters {
    /// The same for every channel.
    fn from(usual: Source) -> Chatters {
        Chatters { usual, others: HashMap::new() }
    }
}

impl Chatters {
    /// With another source for a channel.
    #[must_use]
    pub fn with(mut self, channel: Login, source: Source) -> Chatters {
        self.others.insert(channel, source);
        self
    }

    /// The source of a channel's chatters.
    pub fn of(&self, channel: &Login) -> &Source {
        self.others.get(channel).unwrap_or(&self.usual)
    }

    /// The chat that is listened to, if any is.
    pub fn irc(&self) -> Option<&Irc> {
        std::iter::once(&self.usual).chain(self.others.values()).find_map(Source::irc)
    }
}

impl Source {
    /// Which it is.
    pub fn word(&self) -> ChattersSource {
        match self {
            Source::Tmi(_) => ChattersSource::Tmi,
            Source::Helix(_) => ChattersSource::Helix,
            Source::Irc(_) => ChattersSource::Irc,
        }
    }

    /// The chat, where that is the source.
    pub fn irc(&self) -> Option<&Irc> {
        match self {
            Source::Irc(irc) => Some(irc),
            Source::Tmi(_) | Source::Helix(_) => None,
        }
    }

    /// Who is in the chat of a live channel with so many viewers. Errors: it was asked for, and not answered.
    pub async fn list(
        &self,
        channel: &Login,
        id: Option<TwitchId>,
        viewers: Option<u32>,
        deadline: Instant,
    ) -> Result<List, AskError> {
        match self {
            Source::Tmi(tmi) => tmi.list(channel, deadline).await,
            Source::Helix(helix) => match id {
                Some(id) => helix.list(id, deadline).await,
                None => Ok(List::missing()),
            },
            Source::Irc(irc) => Ok(irc.list(channel, viewers)),
        }
    }
}
