//! The followed channels of a day: which logins there were, and which of them are one account.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use archive::Archive;
use archive::path::Kind;
use futures::TryStreamExt;
use model::day::Day;
use model::identity::TwitchId;
use model::login::Login;
use model::slot::Slot;
use store::suppression::Suppression;
use tokio::task::spawn_blocking;

use super::error::VerifyError;
use super::listed::Listed;
use super::report::Difference;
use super::rows::{Object, objects};
use super::sample::Numbers;

/// All channels of a day.
#[derive(Debug, Default)]
pub(super) struct Channels {
    places: HashMap<Login, u32>,
    /// In order of first sight: by slot, then login.
    logins: Vec<ChannelLogin>,
    /// Each channel once.
    pub(super) accounts: Vec<Account>,
}

/// What the day said of a login.
#[derive(Debug)]
struct ChannelLogin {
    login: Login,
    id: Option<TwitchId>,
    display_name: Option<String>,
    last: Slot,
    account: u32,
}

/// A channel, which may have borne two logins.
#[derive(Debug)]
pub(super) struct Account {
    /// The login seen last.
    pub(super) login: Login,
    pub(super) id: Option<TwitchId>,
    /// The name told last.
    pub(super) display_name: Option<String>,
    /// The places of its logins, in order of first sight.
    pub(super) logins: Vec<u32>,
    /// Whether it opted out.
    pub(super) suppressed: bool,
}

impl Channels {
    /// Reads who was followed; and which of the objects that say it are not those that were listed.
    pub(super) async fn read(
        archive: &Archive,
        day: Day,
        sweeps: &[Slot],
        listed: &Arc<Listed>,
        suppression: &Suppression,
    ) -> Result<(Channels, Vec<Difference>), VerifyError> {
        let mut channels = Channels::default();
        let mut differences = Vec::new();
        let mut streams = std::pin::pin!(objects(archive, Kind::Streams, day, sweeps));
        while let Some(object) = streams.try_next().await? {
            let (slot, listed) = (object.slot, Arc::clone(listed));
            let read = move || named(&object).map(|named| (named, listed.difference(&object)));
            let (named, difference) = spawn_blocking(read).await??;
            for (login, (id, name)) in named {
                channels.add(login, slot, id, name);
            }
            differences.extend(difference);
        }
        channels.find_accounts(suppression);
        Ok((channels, differences))
    }

    fn add(&mut self, login: Login, slot: Slot, id: Option<TwitchId>, name: Option<String>) {
        let place = *self.places.entry(login.clone()).or_insert_with(|| {
            self.logins.push(ChannelLogin { login, id: None, display_name: None, last: slot, account: 0 });
            self.logins.len() as u32 - 1
        });
        let known = &mut self.logins[place as usize];
        known.id = known.id.or(id);
        known.display_name = name.or(known.display_name.take());
        known.last = slot;
    }

    /// Logins with one id are one channel, under the login seen last; of two seen last at once, the one that came later.
    fn find_accounts(&mut self, suppression: &Suppression) {
        let mut by_id: HashMap<TwitchId, u32> = HashMap::new();
        for (place, login) in (0u32..).zip(&mut self.logins) {
            let next = self.accounts.len() as u32;
            login.account = login.id.map_or(next, |id| *by_id.entry(id).or_insert(next));
            if login.account == next {
                self.accounts.push(Account {
                    login: login.login.clone(),
                    id: login.id,
                    display_name: None,
                    logins: Vec::new(),
                    suppressed: false,
                });
            }
            self.accounts[login.account as usize].logins.push(place);
        }
        for account in &mut self.accounts {
            let of = |place: &&u32| &self.logins[**place as usize];
            let Some(last) = account.logins.iter().max_by_key(|place| (of(place).last, **place)) else { continue };
            let last = of(&last);
            account.login.clone_from(&last.login);
            account.display_name.clone_from(&last.display_name);
            account.suppressed =
                account.logins.iter().any(|place| suppression.holds(of(&place).login.as_str(), account.id));
        }
    }

    /// The place of a login; nothing of one that was not followed.
    pub(super) fn place(&self, login: &[u8]) -> Option<u32> {
        self.places.get(std::str::from_utf8(login).ok()?).copied()
    }

    /// The place of the account that a login is of.
    pub(super) fn account(&self, place: u32) -> u32 {
        self.logins[place as usize].account
    }

    /// The places of some accounts, all of which have to be in the store.
    pub(super) fn sample(&self, size: usize, numbers: Numbers) -> Vec<u32> {
        let number = |place: &u32| numbers.of(self.accounts[*place as usize].login.as_str().as_bytes());
        let mut places: Vec<u32> =
            (0u32..).zip(&self.accounts).filter(|(_, it)| !it.suppressed).map(|(at, _)| at).collect();
        places.sort_by_key(number);
        places.truncate(size);
        places
    }
}

/// By login, the id and the displayed name.
type Named = BTreeMap<Login, (Option<TwitchId>, Option<String>)>;

/// Every channel of a sweep.
fn named(object: &Object) -> Result<Named, VerifyError> {
    let mut found = Named::new();
    object.each(["channel", "channel_id", "display_name"], |row| {
        // Of a login that a foreign object has twice, the first row holds.
        let facts = (row.parsed(1)?, Some(row.text(2)?.to_owned()).filter(|name| !name.is_empty()));
        found.entry(login(row.bytes(0))?).or_insert(facts);
        Ok(())
    })?;
    Ok(found)
}

/// A login as the archive has it: lower case already.
pub(super) fn login(bytes: &[u8]) -> Result<Login, &'static str> {
    let text = std::str::from_utf8(bytes).ok().filter(|text| Login::check(text.as_bytes()).is_ok());
    text.and_then(|text| text.parse().ok()).ok_or("a login is none")
}
