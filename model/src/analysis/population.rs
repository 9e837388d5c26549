//! What the nightly pass knows of everybody together: what a person's own days are held against.
//!
//! Counts of ten people and more, and sums; no row of a person is in it. It is made of 28 days, of everybody or of a share of people
//! that the pass draws, and replaced every night.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::reference::Reference;
use crate::aggregate::FEW;
use crate::day::Day;
use crate::identity::{ChannelKey, GameKey};

/// Raised when a population would come out otherwise of the same days: one of an earlier version is made again.
pub const POPULATION_VERSION: u16 = 2;
/// UTC days that it is made of, its last one included; fewer where fewer are held.
pub const POPULATION_DAYS: u16 = 28;
/// People that tastes need: of fewer a share of time is a few people's habits.
pub const TASTE_PEOPLE: u32 = 1_000;
/// Channels of the tastes at most: those with most time.
pub const TASTE_CHANNELS: usize = 2_000;
/// Games of the tastes at most.
pub const TASTE_GAMES: usize = 500;

/// Everybody of some weeks, bots and whoever opted out left out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Population {
    /// [`POPULATION_VERSION`] when it was made.
    pub version: u16,
    /// The last UTC day of those it is made of.
    pub day: Day,
    /// Days held of the [`POPULATION_DAYS`] up to it.
    pub days: u16,
    /// Different people over these days; under ten it says 0.
    pub people: u32,
    /// Of them those whose days were read for what follows: all, or a share drawn without regard to who they are.
    pub read: u32,
    /// The IANA name of the zone that all people were taken to live in.
    pub zone: String,
    /// Their usual day, and where they are found by it; nothing where some hour has fewer than [`super::reference::PEOPLE_NEEDED`] of the people.
    pub time_zone: Option<Reference>,
    /// People of `read` whose days tell of it: enough active days, enough hours with somebody to watch. Where there is no usual day, those who tell
    /// of the hour that fewest tell of.
    pub time_zone_people: u32,
    /// People of `read` whom a list named.
    pub listed: u32,
    /// Where their time goes; nothing under [`TASTE_PEOPLE`] of `listed`.
    pub tastes: Option<Base>,
}

/// Where everybody's time goes: slots in which lists named them, all channels at once counted each.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Base {
    /// People with any such slot.
    pub people: u32,
    /// Slots in channels.
    pub channels: Part<ChannelKey>,
    /// Slots in which it is known what was broadcast.
    pub games: Part<GameKey>,
}

/// Time by channel, or by game.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part<K> {
    /// Slots of everybody, of all channels or games and not of those told alone.
    pub slots: u64,
    /// Those with most time that ten people or more spend some in, by ascending key.
    pub entries: Vec<Entry<K>>,
}

/// A channel, or a game.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry<K> {
    /// Which.
    pub key: K,
    /// Everybody's slots in it.
    pub slots: u64,
    /// How many people have any: [`FEW`] or more.
    pub people: u32,
}

impl<K> Default for Part<K> {
    fn default() -> Part<K> {
        Part { slots: 0, entries: Vec::new() }
    }
}

impl<K: Ord + Copy> Part<K> {
    /// What may be told of everybody's time, the `most` entries with most of it. `all` has (slots, people) by key.
    pub fn of(all: &BTreeMap<K, (u64, u32)>, most: usize) -> Part<K> {
        let slots = all.values().fold(0u64, |sum, (slots, _)| sum.saturating_add(*slots));
        let told = all.iter().filter(|(_, (slots, people))| *slots > 0 && u64::from(*people) >= FEW);
        let mut entries: Vec<Entry<K>> =
            told.map(|(key, (slots, people))| Entry { key: *key, slots: *slots, people: *people }).collect();
        entries.sort_unstable_by_key(|entry| (std::cmp::Reverse(entry.slots), entry.key));
        entries.truncate(most);
        entries.sort_unstable_by_key(|entry| entry.key);
        Part { slots, entries }
    }

    /// The share of everybody's time that goes to it, above 0 and at most 1; nothing where it is not told.
    pub fn share(&self, key: K) -> Option<f64> {
        let place = self.entries.binary_search_by_key(&key, |entry| entry.key).ok()?;
        let slots = self.entries[place].slots;
        (slots > 0 && slots <= self.slots).then(|| slots as f64 / self.slots as f64)
    }
}

impl Population {
    /// Without what tells of these channels by themselves; the time spent in them stays in the sum.
    pub fn leave_out(&mut self, hidden: impl Fn(ChannelKey) -> bool) {
        if let Some(tastes) = &mut self.tastes {
            tastes.channels.entries.retain(|entry| !hidden(entry.key));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_people_and_long_tails_are_not_told() {
        let all = BTreeMap::from([(3, (50, 10)), (1, (900, 9)), (2, (50, 40)), (4, (100, 12)), (5, (0, 99))]);
        let part = Part::of(&all, 2);
        assert_eq!(part.slots, 1_100);
        let told: Vec<(i32, u64)> = part.entries.iter().map(|entry| (entry.key, entry.slots)).collect();
        assert_eq!(told, [(2, 50), (4, 100)]);
        assert_eq!((part.share(4), part.share(1), part.share(3)), (Some(100.0 / 1_100.0), None, None));
        let wrong = Part { slots: 0, entries: vec![Entry { key: 1, slots: 5, people: 10 }] };
        assert_eq!(wrong.share(1), None);
    }

    #[test]
    fn a_channel_that_opts_out_is_left_out() {
        let all = BTreeMap::from([(ChannelKey(1), (5, 10)), (ChannelKey(2), (15, 10))]);
        let mut population = Population {
            version: POPULATION_VERSION,
            day: "2026-11-02".parse().unwrap(),
            days: 28,
            people: 1_000,
            read: 1_000,
            zone: "Europe/Paris".into(),
            time_zone: None,
            time_zone_people: 3,
            listed: 3,
            tastes: Some(Base { people: 1_000, channels: Part::of(&all, 9), games: Part::default() }),
        };
        let text = serde_json::to_string(&population).unwrap();
        assert_eq!(serde_json::from_str::<Population>(&text).unwrap(), population);
        population.leave_out(|channel| channel == ChannelKey(1));
        let channels = population.tastes.unwrap().channels;
        assert_eq!((channels.share(ChannelKey(1)), channels.share(ChannelKey(2))), (None, Some(0.75)));
    }
}
