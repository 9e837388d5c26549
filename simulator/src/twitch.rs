//! What the server tells about: an invented world, or a script.

use std::sync::Arc;

use model::identity::TwitchId;
use model::login::Login;
use model::slot::SlotTime;
use model::words::Role;

use crate::outage::ListFailure;
use crate::script::Script;
use crate::world::World;

/// Whom the server speaks about.
#[derive(Clone, Debug)]
pub enum Twitch {
    /// An invented world.
    World(Arc<World>),
    /// Written-down days.
    Script(Arc<Script>),
}

/// A channel on air.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OnAir {
    /// Whose it is.
    pub user: User,
    /// Twitch's id of the broadcast.
    pub stream_id: String,
    /// Twitch's id of the game or category.
    pub game_id: String,
    /// Its name.
    pub game: String,
    /// The title.
    pub title: String,
    /// The language that the streamer declares, ISO 639-1.
    pub language: String,
    /// Viewers, as Twitch counts them.
    pub viewers: u32,
    /// When it began, Unix time in seconds.
    pub started_at: i64,
}

/// An account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// Twitch's id.
    pub id: TwitchId,
    /// The login.
    pub login: Login,
    /// The name as displayed.
    pub display_name: String,
}

/// An answer of the chatters endpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum List {
    /// Who is there, and as what.
    Names(Vec<(String, Role)>),
    /// The list fails.
    Fails(ListFailure),
}

/// How somebody is asked for.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Who<'a> {
    Id(TwitchId),
    Login(&'a str),
}

impl Twitch {
    /// Whether Helix answers nothing at all.
    pub(crate) fn helix_down(&self, at: SlotTime) -> bool {
        match self {
            Twitch::World(world) => world.outages(at.day()).helix_down.contains(at.slot()),
            Twitch::Script(script) => script.helix_down.contains(&at),
        }
    }

    /// Whether Helix fails when asked for channels by name or id.
    pub(crate) fn ids_down(&self, at: SlotTime) -> bool {
        match self {
            Twitch::World(world) => world.outages(at.day()).ids_down.contains(at.slot()),
            Twitch::Script(script) => script.ids_down.contains(&at),
        }
    }

    /// All channels on air, most viewers first. Takes a tenth of a second when it is asked for a new day.
    pub fn on_air(&self, at: SlotTime) -> Vec<OnAir> {
        let mut on_air = match self {
            Twitch::World(world) => world.on_air(at),
            Twitch::Script(script) => script.on_air(at),
        };
        on_air.sort_by(|a, b| b.viewers.cmp(&a.viewers).then_with(|| a.user.login.cmp(&b.user.login)));
        on_air
    }

    pub(crate) fn user(&self, who: Who<'_>) -> Option<User> {
        match self {
            Twitch::World(world) => world.user(who),
            Twitch::Script(script) => script.user(who),
        }
    }

    /// Whether somebody moderates a channel, as its owner does.
    pub(crate) fn moderates(&self, user: &User, channel: &User) -> bool {
        let by_role = || match self {
            Twitch::World(world) => {
                let account = world.account_of(user.id)?;
                let place = world.channel_place(channel.login.as_str())?;
                Some(world.role(account, place) == Role::Moderator)
            }
            Twitch::Script(_) => None,
        };
        user.id == channel.id || by_role().unwrap_or_default()
    }

    /// Who is in a chat. Of channels that there are not: as the endpoint of old, 404.
    pub fn list(&self, channel: &str, at: SlotTime) -> List {
        match self {
            Twitch::World(world) => world.list(channel, at),
            Twitch::Script(script) => script.list(channel, at),
        }
    }
}

impl World {
    fn on_air(&self, at: SlotTime) -> Vec<OnAir> {
        let table = self.table(at.day());
        let places = 0..self.channels.len();
        places
            .filter_map(|place| {
                let broadcast = table.broadcast(place, at)?;
                let (channel, programme) = (&self.channels[place], broadcast.programme_at(at));
                Some(OnAir {
                    user: User {
                        id: channel.id,
                        login: channel.login.clone(),
                        display_name: channel.display_name.clone(),
                    },
                    stream_id: broadcast.stream_id.to_string(),
                    game_id: programme.game.id.to_owned(),
                    game: programme.game.name.to_owned(),
                    title: programme.title.clone(),
                    language: channel.language.to_owned(),
                    viewers: table.viewer_count(self, place, at.slot()),
                    started_at: broadcast.started_at,
                })
            })
            .collect()
    }

    fn user(&self, who: Who<'_>) -> Option<User> {
        let account = match who {
            Who::Id(id) => self.account_of(id)?,
            Who::Login(login) => self.accounts.find(login)?,
        };
        let login: Login = self.accounts.login(account).parse().ok()?;
        let channel = self.channel_place(login.as_str()).map(|place| self.channels[place].display_name.clone());
        Some(User { id: self.account_id(account)?, display_name: channel.unwrap_or_else(|| login.to_string()), login })
    }

    fn list(&self, channel: &str, at: SlotTime) -> List {
        let Some(place) = self.channel_place(channel) else { return List::Fails(ListFailure::NotFound) };
        let table = self.table(at.day());
        if table.broadcast(place, at).is_some()
            && let Some(failure) = self.list_failure(&table, place, at)
        {
            return List::Fails(failure);
        }
        let named = |account| (self.accounts.login(account).to_owned(), self.role(account, place));
        List::Names(table.chatters(place, at).map(named).collect())
    }
}
