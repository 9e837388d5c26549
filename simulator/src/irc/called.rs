//! What everybody is called at an instant: lines are written, and asked for, in these names. All draws of chance go by
//! numbers and keys, which no name changes.

use model::identity::TwitchId;
use model::login::Login;

use crate::called::{Changes, Owner};
use crate::irc::folk::Folk;

/// Everybody, by the names of one instant.
#[derive(Clone, Copy)]
pub(super) struct Called<'a> {
    pub(super) folk: &'a Folk,
    pub(super) changes: &'a Changes,
}

/// Whose a room is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Whose {
    /// A channel's, by its number.
    Channel(u32),
    /// An account's that was made since, of which nothing is known but its id: nobody is there.
    Made(TwitchId),
}

impl<'a> Called<'a> {
    /// Whose the room of this login is, if there is one.
    pub(super) fn whose(self, login: &Login) -> Option<Whose> {
        match self.changes.owner(login)? {
            Owner::Of(truly) => self.folk.channel(truly.as_str()).map(Whose::Channel),
            Owner::Made(id) => Some(Whose::Made(id)),
        }
    }

    /// The login of a channel's room.
    pub(super) fn room(self, channel: u32) -> Option<Login> {
        let truly = self.folk.channel_login(channel);
        self.changes.login(truly).unwrap_or(truly).parse().ok()
    }

    pub(super) fn login(self, who: u32) -> &'a str {
        let truly = self.folk.login(who);
        self.changes.login(truly).unwrap_or(truly)
    }

    pub(super) fn display_name(self, who: u32) -> &'a str {
        self.changes.login(self.folk.login(who)).unwrap_or_else(|| self.folk.display_name(who))
    }

    pub(super) fn id(self, who: u32) -> Option<TwitchId> {
        self.changes.id(self.folk.login(who)).or_else(|| self.folk.id(who))
    }

    /// The id of a room.
    pub(super) fn room_id(self, whose: Whose) -> Option<TwitchId> {
        match whose {
            Whose::Channel(channel) => {
                self.changes.id(self.folk.channel_login(channel)).or_else(|| self.folk.channel_id(channel))
            }
            Whose::Made(id) => Some(id),
        }
    }
}
