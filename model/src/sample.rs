//! What one sweep saw: the rows of the archive, as types.

use crate::identity::TwitchId;
use crate::login::Login;
use crate::slot::SlotTime;
use crate::words::{ChattersSource, Evidence, ListStatus, Role, SpeechStatus, StreamStatus};

/// One followed channel in one sweep: a row of `streams/`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StreamSample {
    /// The slot of the sweep.
    pub sampled_at: SlotTime,
    /// Twitch's id of the channel, where known.
    pub channel_id: Option<TwitchId>,
    /// Its login.
    pub channel: Login,
    /// Its name as displayed, where known.
    pub display_name: Option<String>,
    /// Live, off air, or unknown.
    pub status: StreamStatus,
    /// What is known of the broadcast; nothing unless live.
    pub stream: Option<StreamFacts>,
    /// Whether the operator tracks it always.
    pub tracked: bool,
    /// Who was asked for the chatters, where somebody was.
    pub chatters_source: Option<ChattersSource>,
    /// How far the list can be trusted.
    pub list_status: ListStatus,
    /// Whether everything said was heard.
    pub speech_status: SpeechStatus,
    /// The list's own figure of chatters, where it gave one.
    pub chatter_count: Option<u32>,
}

/// What Twitch says of a live broadcast.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct StreamFacts {
    /// Twitch's id of the broadcast; empty when unknown.
    pub stream_id: String,
    /// Its title; empty when unknown.
    pub title: String,
    /// Twitch's id of the game or category; empty when unknown.
    pub game_id: String,
    /// Its name; empty when unknown.
    pub game: String,
    /// The language the streamer declares, ISO 639-1; empty when unknown.
    pub language: String,
    /// Viewers, as Twitch counts them.
    pub viewer_count: Option<u32>,
    /// When it began, Unix time in seconds.
    pub started_at: Option<i64>,
}

/// One person in one chat in one sweep: a row of `chatters/`. Order is bytewise by channel, chatter, evidence.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ChatterSample {
    /// The channel's login.
    pub channel: Login,
    /// The person's login.
    pub chatter: Login,
    /// What proves it.
    pub evidence: Evidence,
    /// Twitch's id of the person, where the source gives it.
    pub chatter_id: Option<TwitchId>,
    /// What the person is in that chat.
    pub role: Role,
}

/// An account that was looked up by its id and is called otherwise than it was: a row of `renamed/`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Renaming {
    /// Twitch's id of it.
    pub id: TwitchId,
    /// The login that it was known by. Nothing where that is another's by now, or was known not to be theirs any more.
    pub was: Option<Login>,
    /// Its login now. Nothing where there is no such account any more, and the one that it was known by is another's. At
    /// least one of both is there.
    pub now: Option<Login>,
}

impl Renaming {
    /// Whether it tells of somebody, by either of their logins with their id: it tells of both whose they are.
    pub fn is_of(&self, who: impl Fn(&str, Option<TwitchId>) -> bool) -> bool {
        let logins = [self.was.as_ref(), self.now.as_ref()];
        logins.into_iter().flatten().any(|login| who(login.as_str(), Some(self.id)))
    }
}

/// From this many viewers on, an empty list is no answer: the unofficial endpoint answers 0 when it knows nothing.
pub const EMPTY_LIST_VIEWERS: u32 = 5;

/// How far a list can be trusted that its source calls `claimed`: an empty one of a watched channel is missing.
pub fn trusted_list(claimed: ListStatus, chatter_count: Option<u32>, viewer_count: Option<u32>) -> ListStatus {
    let empty = chatter_count == Some(0) && viewer_count.is_some_and(|viewers| viewers >= EMPTY_LIST_VIEWERS);
    if empty { ListStatus::Missing } else { claimed }
}
