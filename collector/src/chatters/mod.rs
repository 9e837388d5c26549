//! Who is in a chat: one interface over the sources that exist.

pub mod tmi;

use model::identity::TwitchId;
use model::login::Login;
use model::words::{ChattersSource, ListStatus, Role, SpeechStatus};
use tokio::time::Instant;

use crate::error::AskError;

/// A source of chatters.
#[derive(Clone, Debug)]
pub enum Chatters {
    /// The old chatters endpoint, of a simulator, a recording or a proxy.
    Tmi(tmi::Tmi),
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

impl Chatters {
    /// Which source it is.
    pub fn source(&self) -> ChattersSource {
        match self {
            Chatters::Tmi(_) => ChattersSource::Tmi,
        }
    }

    /// Who is in the chat of a live channel.
    pub async fn list(&self, channel: &Login, deadline: Instant) -> Result<List, AskError> {
        match self {
            Chatters::Tmi(tmi) => tmi.list(channel, deadline).await,
        }
    }
}
