//! The one truth: a population that a seed makes.

use std::sync::{Arc, Mutex, PoisonError};

use model::day::Day;
use model::identity::TwitchId;
use model::login::Login;
use model::sample::{EMPTY_LIST_VIEWERS, StreamFacts, StreamSample};
use model::slot::SlotTime;
use model::words::{ChattersSource, ListStatus, Role, SpeechStatus, StreamStatus};

use crate::account::{Accounts, Circles, Kind};
use crate::channel::{Channel, channels};
use crate::day_table::DayTable;
use crate::dice::mix;
use crate::error::SimulatorError;
use crate::outage::{ListFailure, Outages, failure_of, outages};
use crate::zone::Zones;

/// How many people and channels to invent.
///
/// Up to 100,000 viewers are a community: all who ever come, about a third of them on a given day. More are a crowd: the
/// people of an ordinary day, of whom nearly all come, most for a short while and a few all day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Population {
    /// Viewers, personas and bots among them: 100 to 10,000,000.
    pub viewers: u32,
    /// Channels: 20 to 20,000. Their owners have accounts too.
    pub channels: u32,
}

impl Default for Population {
    fn default() -> Population {
        Population { viewers: 20_000, channels: 300 }
    }
}

/// An invented Twitch. It answers any instant between 2000 and 2099, and gives the same answers for the same seed and
/// population, in whatever order it is asked. Answers change on the slot only, as those of a cached service do.
#[derive(Debug)]
pub struct World {
    pub(crate) seed: u64,
    pub(crate) zones: Zones,
    /// By login.
    pub(crate) channels: Vec<Channel>,
    pub(crate) accounts: Accounts,
    pub(crate) circles: Circles,
    tables: Mutex<Vec<Arc<DayTable>>>,
}

/// Days kept at hand: a sweep at midnight asks for two, and somebody may look at a third.
const TABLES: usize = 3;

/// Ids of viewers begin here; those of channels are larger.
const FIRST_VIEWER_ID: u64 = 100_000_001;

impl World {
    /// Invents people. Errors: too few or too many; a machine without time zones.
    pub fn new(seed: u64, population: Population) -> Result<World, SimulatorError> {
        let Population { viewers, channels: count } = population;
        if !(100..=10_000_000).contains(&viewers) || !(20..=20_000).contains(&count) {
            return Err(SimulatorError::Population { viewers, channels: count });
        }
        let zones = Zones::load()?;
        let channels = channels(seed, count);
        let accounts = Accounts::new(seed, viewers, &channels);
        Ok(World::of(seed, zones, channels, accounts))
    }

    pub(crate) fn of(seed: u64, zones: Zones, channels: Vec<Channel>, accounts: Accounts) -> World {
        let circles = Circles::new(&channels);
        World { seed, zones, channels, accounts, circles, tables: Mutex::new(Vec::new()) }
    }

    /// The seed that it was made from.
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// The logins of its channels, sorted.
    pub fn channels(&self) -> impl ExactSizeIterator<Item = &Login> {
        self.channels.iter().map(|channel| &channel.login)
    }

    /// What goes wrong on a UTC day, apart from single lists.
    pub fn outages(&self, day: Day) -> Outages {
        outages(self.seed, day)
    }

    /// The day's truth. A table that is at hand is not made again; two threads may make the same one.
    pub(crate) fn table(&self, day: Day) -> Arc<DayTable> {
        let tables = || self.tables.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = tables().iter().find(|table| table.day == day) {
            return Arc::clone(found);
        }
        let made = Arc::new(DayTable::new(self, day));
        let mut tables = tables();
        if tables.len() >= TABLES {
            tables.remove(0);
        }
        tables.push(Arc::clone(&made));
        made
    }

    /// A channel in a slot, as a sweep notes it that follows it: `tracked` or not.
    pub(crate) fn row(
        &self,
        table: &DayTable,
        outages: &Outages,
        place: usize,
        at: SlotTime,
        tracked: bool,
    ) -> StreamSample {
        let (channel, slot) = (&self.channels[place], at.slot());
        let (status, listed) = self.status(table, outages, place, at);
        let on_air = table.broadcast(place, at).filter(|_| status == StreamStatus::Live);
        let stream = on_air.map(|broadcast| {
            let programme = broadcast.programme_at(at);
            StreamFacts {
                stream_id: broadcast.stream_id.to_string(),
                title: programme.title.clone(),
                game_id: programme.game.id.to_owned(),
                game: programme.game.name.to_owned(),
                language: channel.language.to_owned(),
                viewer_count: Some(table.viewer_count(self, place, slot)),
                started_at: Some(broadcast.started_at),
            }
        });
        StreamSample {
            sampled_at: at,
            channel_id: Some(channel.id),
            channel: channel.login.clone(),
            display_name: Some(channel.display_name.clone()),
            status,
            stream,
            tracked,
            chatters_source: on_air.map(|_| ChattersSource::Tmi),
            list_status: if listed { ListStatus::Complete } else { ListStatus::Missing },
            speech_status: SpeechStatus::Missing,
            chatter_count: listed.then(|| table.chatter_count(place, slot)),
        }
    }

    /// What a sweep learns of a channel in a slot, and whether it gets its list.
    pub(crate) fn status(
        &self,
        table: &DayTable,
        outages: &Outages,
        place: usize,
        at: SlotTime,
    ) -> (StreamStatus, bool) {
        let slot = at.slot();
        let status = match table.broadcast(place, at) {
            _ if outages.helix_down.contains(slot) => StreamStatus::Unknown,
            None if outages.ids_down.contains(slot) => StreamStatus::Unknown,
            None => StreamStatus::OffAir,
            Some(_) => StreamStatus::Live,
        };
        (status, status == StreamStatus::Live && self.list_failure(table, place, at).is_none())
    }

    /// Whether and how the list of a channel on air fails in a slot.
    pub(crate) fn list_failure(&self, table: &DayTable, place: usize, at: SlotTime) -> Option<ListFailure> {
        let failure = failure_of(self.seed, &self.channels[place], at.day(), at.slot())?;
        // Where hardly anybody watches, zero chatters would be believed: it would be a lie, not a gap.
        let believed = table.viewer_count(self, place, at.slot()) < EMPTY_LIST_VIEWERS;
        Some(if believed && failure == ListFailure::FalseZero { ListFailure::BadGateway } else { failure })
    }

    /// What an account is in a chat: friends of a channel guard it.
    pub(crate) fn role(&self, account: u32, place: usize) -> Role {
        let who = &self.accounts.all[account as usize];
        let draw = mix(who.key, self.channels[place].key) % 100;
        match who.kind {
            Kind::Owner(own) if usize::from(own) == place => Role::Broadcaster,
            Kind::Bot if draw < 60 => Role::Moderator,
            Kind::Person | Kind::Persona(_) | Kind::Folk { .. } if who.favourites().next() == Some(place) => match draw
            {
                0..3 => Role::Moderator,
                3..8 => Role::Vip,
                _ => Role::Viewer,
            },
            _ => Role::Viewer,
        }
    }

    /// The place of a channel.
    pub(crate) fn channel_place(&self, login: &str) -> Option<usize> {
        self.channels.binary_search_by(|channel| channel.login.as_str().cmp(login)).ok()
    }

    /// Twitch's id of an account.
    pub(crate) fn account_id(&self, account: u32) -> Option<TwitchId> {
        match self.accounts.all[account as usize].kind {
            Kind::Owner(place) => Some(self.channels[usize::from(place)].id),
            _ => TwitchId::new(FIRST_VIEWER_ID + u64::from(account)),
        }
    }

    /// The account with this id.
    pub(crate) fn account_of(&self, id: TwitchId) -> Option<u32> {
        let viewer = id.get().checked_sub(FIRST_VIEWER_ID).and_then(|number| u32::try_from(number).ok());
        let viewer = viewer
            .filter(|number| (*number as usize) < self.accounts.all.len() && self.account_id(*number) == Some(id));
        viewer.or_else(|| {
            let channel = self.channels.iter().find(|channel| channel.id == id)?;
            self.accounts.find(channel.login.as_str())
        })
    }
}
