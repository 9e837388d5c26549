//! Who is called what: accounts change their names, and names are given to others.
//!
//! The truth knows everybody by one name for good; this stands between it and whoever asks, over HTTP and in the chat.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock, RwLockWriteGuard};

use model::identity::TwitchId;
use model::login::Login;
use model::slot::SlotTime;

use crate::error::SimulatorError;
use crate::outage::ListFailure;
use crate::twitch::{List, OnAir, Twitch, User, Who};

/// Ids from here on are of accounts that were made since the start: nobody of a world or a script has one.
const FIRST_NEW_ID: u64 = 4_000_000_001;

/// A Twitch whose people may be called otherwise than its truth calls them.
#[derive(Debug)]
pub(crate) struct Names {
    twitch: Twitch,
    /// Whoever tells many names reads those of one instant, without a lock.
    changes: RwLock<Arc<Changes>>,
}

/// What is called otherwise at an instant than the truth calls it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Changes {
    /// How many there were.
    count: u64,
    /// What accounts of the truth are called now, by what it calls them.
    now: HashMap<Login, Login>,
    /// The other way round.
    truly: HashMap<Login, Login>,
    /// New ids of accounts of the truth.
    ids: HashMap<Login, TwitchId>,
    /// Accounts of which the truth knows nothing.
    made: HashMap<Login, TwitchId>,
}

/// Whom a name belongs to.
#[derive(Debug)]
pub(crate) enum Owner {
    /// Whom the truth calls so, if there is somebody.
    Of(Login),
    /// An account made since, with this id.
    Made(TwitchId),
}

impl Changes {
    /// How many there were.
    pub(crate) fn count(&self) -> u64 {
        self.count
    }

    /// Whom a login belongs to; one that was let go of is nobody's.
    pub(crate) fn owner(&self, login: &Login) -> Option<Owner> {
        match (self.made.get(login), self.truly.get(login)) {
            (Some(id), _) => Some(Owner::Made(*id)),
            (None, Some(truly)) => Some(Owner::Of(truly.clone())),
            (None, None) if self.now.contains_key(login) => None,
            (None, None) => Some(Owner::Of(login.clone())),
        }
    }

    /// The login of now of whom the truth calls otherwise.
    pub(crate) fn login(&self, truly: &str) -> Option<&str> {
        self.now.get(truly).map(Login::as_str)
    }

    /// The id of now of whom the truth gives another.
    pub(crate) fn id(&self, truly: &str) -> Option<TwitchId> {
        self.ids.get(truly).copied()
    }

    /// Whoever is called otherwise than at another instant, by what the truth calls them.
    pub(crate) fn renamed_since<'a>(&'a self, before: &'a Changes) -> impl Iterator<Item = &'a str> {
        let back = before.now.keys().filter(|truly| !self.now.contains_key(*truly));
        let otherwise =
            self.now.iter().filter(|(truly, now)| before.now.get(*truly) != Some(now)).map(|(truly, _)| truly);
        otherwise.chain(back).map(Login::as_str)
    }

    /// Whom a login belongs to, if there is such an account.
    fn holder(&self, twitch: &Twitch, login: &str) -> Option<Owner> {
        let is_there = |owner: &Owner| match owner {
            Owner::Made(_) => true,
            Owner::Of(truly) => twitch.user(Who::Login(truly.as_str())).is_some(),
        };
        self.owner(&login.parse().ok()?).filter(is_there)
    }

    /// An account of the truth, as it is called now.
    fn called(&self, user: User) -> User {
        let id = self.id(user.login.as_str()).unwrap_or(user.id);
        match self.now.get(&user.login) {
            Some(now) => User { id, login: now.clone(), display_name: now.to_string() },
            None => User { id, ..user },
        }
    }
}

impl Names {
    pub(crate) fn new(twitch: Twitch) -> Names {
        Names { twitch, changes: RwLock::default() }
    }

    /// The truth, where nobody is ever called otherwise.
    pub(crate) fn truth(&self) -> &Twitch {
        &self.twitch
    }

    /// Gives an account another name. Errors: there is no such account; the name is somebody else's.
    pub(crate) fn rename(&self, old: &Login, new: &Login) -> Result<(), SimulatorError> {
        let mut changes = self.write();
        let changes = Arc::make_mut(&mut changes);
        let Some(owner) = changes.holder(&self.twitch, old.as_str()) else {
            return Err(SimulatorError::Name("nobody has the old one"));
        };
        if changes.holder(&self.twitch, new.as_str()).is_some() {
            return Err(SimulatorError::Name("the new one is taken"));
        }
        changes.count += 1;
        match owner {
            Owner::Made(id) => {
                changes.made.remove(old);
                changes.made.insert(new.clone(), id);
            }
            Owner::Of(truly) => {
                changes.truly.remove(old);
                if truly == *new {
                    changes.now.remove(&truly);
                } else {
                    changes.truly.insert(new.clone(), truly.clone());
                    changes.now.insert(truly, new.clone());
                }
            }
        }
        Ok(())
    }

    /// Gives a name to another account, with this id: whoever has it now is gone. Errors: nobody ever had it.
    pub(crate) fn reissue(&self, login: &Login) -> Result<TwitchId, SimulatorError> {
        let mut changes = self.write();
        let changes = Arc::make_mut(&mut changes);
        let unknown = SimulatorError::Name("nobody ever had it");
        let owner = changes.holder(&self.twitch, login.as_str());
        if owner.is_none() && !changes.now.contains_key(login) {
            return Err(unknown);
        }
        changes.count += 1;
        let id = TwitchId::new(FIRST_NEW_ID + changes.count).ok_or(unknown)?;
        match owner {
            Some(Owner::Of(truly)) => changes.ids.insert(truly, id),
            // It was let go of, or is of somebody who is new too.
            Some(Owner::Made(_)) | None => changes.made.insert(login.clone(), id),
        };
        Ok(id)
    }

    /// How many changes there were.
    pub(crate) fn changes(&self) -> u64 {
        self.read().count
    }

    /// As [`Twitch::helix_down`].
    pub(crate) fn helix_down(&self, at: SlotTime) -> bool {
        self.twitch.helix_down(at)
    }

    /// As [`Twitch::ids_down`].
    pub(crate) fn ids_down(&self, at: SlotTime) -> bool {
        self.twitch.ids_down(at)
    }

    /// As [`Twitch::on_air`].
    pub(crate) fn on_air(&self, at: SlotTime) -> Vec<OnAir> {
        let on_air = self.twitch.on_air(at);
        let changes = self.read();
        if changes.count == 0 {
            return on_air;
        }
        on_air.into_iter().map(|stream| OnAir { user: changes.called(stream.user), ..stream }).collect()
    }

    /// As [`Twitch::user`].
    pub(crate) fn user(&self, who: Who<'_>) -> Option<User> {
        let changes = self.read();
        if changes.count == 0 {
            return self.twitch.user(who);
        }
        let made = |login: &Login, id| User { id, login: login.clone(), display_name: login.to_string() };
        match who {
            Who::Login(login) => match changes.holder(&self.twitch, login)? {
                Owner::Of(truly) => Some(changes.called(self.twitch.user(Who::Login(truly.as_str()))?)),
                Owner::Made(id) => Some(made(&login.parse().ok()?, id)),
            },
            Who::Id(id) => {
                if let Some((login, _)) = changes.made.iter().find(|(_, of)| **of == id) {
                    return Some(made(login, id));
                }
                let user = match changes.ids.iter().find(|(_, of)| **of == id) {
                    Some((truly, _)) => self.twitch.user(Who::Login(truly.as_str()))?,
                    None => self.twitch.user(who)?,
                };
                // The id that they had before is nobody's.
                Some(changes.called(user)).filter(|user| user.id == id)
            }
        }
    }

    /// As [`Twitch::moderates`].
    pub(crate) fn moderates(&self, user: &User, channel: &User) -> bool {
        if self.changes() == 0 {
            return self.twitch.moderates(user, channel);
        }
        let truly = |user: &User| match self.read().holder(&self.twitch, user.login.as_str())? {
            Owner::Of(truly) => self.twitch.user(Who::Login(truly.as_str())),
            Owner::Made(_) => None,
        };
        // A grant tells of somebody as they were called then.
        let user = self.user(Who::Id(user.id)).unwrap_or_else(|| user.clone());
        let by_role = || Some(self.twitch.moderates(&truly(&user)?, &truly(channel)?));
        user.id == channel.id || by_role().unwrap_or_default()
    }

    /// As [`Twitch::list`].
    pub(crate) fn list(&self, channel: &str, at: SlotTime) -> List {
        let changes = self.read();
        if changes.count == 0 {
            return self.twitch.list(channel, at);
        }
        match changes.holder(&self.twitch, channel) {
            None => List::Fails(ListFailure::NotFound),
            // Nobody knows them yet.
            Some(Owner::Made(_)) => List::Names(Vec::new()),
            Some(Owner::Of(truly)) => match self.twitch.list(truly.as_str(), at) {
                List::Names(names) => {
                    let called = |login: String| changes.now.get(login.as_str()).map_or(login, Login::to_string);
                    List::Names(names.into_iter().map(|(login, role)| (called(login), role)).collect())
                }
                fails @ List::Fails(_) => fails,
            },
        }
    }

    /// What is called otherwise at this instant.
    pub(crate) fn read(&self) -> Arc<Changes> {
        Arc::clone(&self.changes.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn write(&self) -> RwLockWriteGuard<'_, Arc<Changes>> {
        self.changes.write().unwrap_or_else(PoisonError::into_inner)
    }
}
