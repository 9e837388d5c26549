//! What somebody watches most: lately, and in all that is kept. Channels and games alike.
//!
//! Days are those of UTC, unlike those of patterns: of older months minutes of a channel are kept by UTC day alone, and an average
//! that changed its days halfway would be none.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::grid::DAY_KNOWN;
use super::record::Trace;
use super::{Found, Method, Refused};
use crate::hours::SlotCounts;
use crate::identity::{ChannelKey, GameKey};
use crate::slot::{SLOT_MINUTES, SLOTS_PER_DAY};
use crate::words::Tier;

/// Days that recent favourites look back over: their α is 2 / (span + 1).
pub const RECENT_SPAN: u32 = 28;

const METHOD: Method = Method::new("favourites", 2, Tier::Hours);

/// A channel or a game.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Favourite<K> {
    /// Which.
    pub key: K,
    /// Minutes a day of late, 0–1,440: an average over all UTC days of which half is known, the last most, each put up to a whole day by what is
    /// known of it.
    pub recent: f64,
    /// Minutes in all, as they were seen.
    pub minutes: u64,
    /// UTC days on which it was watched.
    pub days: u32,
}

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Counted {
    /// Watch time.
    Watched,
    /// Slots in which they wrote: of somebody who was never seen in a list.
    Spoken,
}

/// Favourites, most minutes in all first, by ascending key where they are the same.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Favourites {
    /// What minutes are of.
    pub counted: Counted,
    /// The share of all minutes in channels that the first one has, 0–1.
    pub loyalty: f64,
    /// Channels.
    pub channels: Vec<Favourite<ChannelKey>>,
    /// Games, as far as it is known what was broadcast.
    pub games: Vec<Favourite<GameKey>>,
}

/// The favourites of all UTC days of both tiers. A day counts for what is recent if half of it is known, by its minutes · 288 ÷ known
/// slots; minutes in all are of all days, and of what was seen alone. Refused: they were never there.
pub fn favourites(trace: &Trace) -> Result<Found<Favourites>, Refused> {
    let held = || trace.hours().iter().flatten();
    let active = held().filter(|hours| !hours.channels.is_empty()).count() as u32;
    if active == 0 {
        return Err(Refused::FewDays { have: 0, need: 1 });
    }
    let counted = if held().any(|hours| hours.watch_slots() > 0) { Counted::Watched } else { Counted::Spoken };
    let (mut channels, mut games) = (Tally::default(), Tally::default());
    for hours in held() {
        let known = hours.known.iter().map(|slots| u16::from(*slots)).sum();
        channels.day(known, &hours.channels, counted);
        games.day(known, &hours.games, counted);
    }
    let (channels, games) = (channels.favourites(), games.favourites());
    let minutes = channels.iter().map(|channel| channel.minutes).sum::<u64>().max(1);
    let loyalty = channels.first().map_or(0.0, |first| first.minutes as f64 / minutes as f64);
    let value = Favourites { counted, loyalty, channels, games };
    Ok(Found { value, days: active, method: METHOD })
}

/// What was counted up to a day.
struct Tally<K> {
    found: BTreeMap<K, Favourite<K>>,
    known_days: u32,
}

impl<K> Default for Tally<K> {
    fn default() -> Tally<K> {
        Tally { found: BTreeMap::new(), known_days: 0 }
    }
}

impl<K: Ord + Copy> Tally<K> {
    /// Adds a day of which so many slots are known.
    fn day(&mut self, known: u16, counts: &[(K, SlotCounts)], counted: Counted) {
        let is_known = known >= DAY_KNOWN;
        // An average that begins with the first known day, on which what comes later was not watched.
        let alpha = if self.known_days == 0 { 1.0 } else { 2.0 / (f64::from(RECENT_SPAN) + 1.0) };
        if is_known {
            self.known_days += 1;
            self.found.values_mut().for_each(|favourite| favourite.recent *= 1.0 - alpha);
        }
        for (key, counts) in counts {
            let slots = match counted {
                Counted::Watched => counts.watched,
                Counted::Spoken => counts.spoke,
            };
            if slots == 0 {
                continue;
            }
            let minutes = u64::from(slots) * u64::from(SLOT_MINUTES);
            let new = Favourite { key: *key, recent: 0.0, minutes: 0, days: 0 };
            let favourite = self.found.entry(*key).or_insert(new);
            favourite.minutes += minutes;
            favourite.days += 1;
            if is_known {
                favourite.recent += alpha * minutes as f64 * f64::from(SLOTS_PER_DAY) / f64::from(known);
            }
        }
    }

    fn favourites(self) -> Vec<Favourite<K>> {
        let mut all: Vec<Favourite<K>> = self.found.into_values().collect();
        all.sort_by_key(|favourite| (std::cmp::Reverse(favourite.minutes), favourite.key));
        all
    }
}

/// The same, most watched of late first.
pub fn by_recent<K: Ord + Copy>(favourites: &[Favourite<K>]) -> Vec<Favourite<K>> {
    let mut all = favourites.to_vec();
    all.sort_by(|a, b| b.recent.total_cmp(&a.recent).then(a.key.cmp(&b.key)));
    all
}

#[cfg(test)]
mod tests {

    use super::*;
    use crate::analysis::record::Record;
    use crate::analysis::record::tests::first;
    use crate::hours::ViewerHours;

    /// A day in which channels were watched for so many slots, and so many are known of each hour.
    fn day(n: i32, known: u8, watched: &[(u32, u16)]) -> (crate::day::Day, ViewerHours) {
        let counts = |slots| SlotCounts { listed: slots, watched: slots, ..SlotCounts::default() };
        let channels = watched.iter().map(|(key, slots)| (ChannelKey(*key), counts(*slots))).collect();
        let games = watched.iter().map(|(key, slots)| (GameKey(key % 2), counts(*slots))).collect();
        (first().plus(n), ViewerHours { known: [known; 24], channels, games, ..ViewerHours::default() })
    }

    fn trace(hours: Vec<(crate::day::Day, ViewerHours)>) -> Trace {
        let until = first().plus(10);
        Record { hours, ..Record::empty(first(), until, until) }.trace()
    }

    #[test]
    fn the_last_days_count_most() {
        // α = 2/29. Day 0: 60 minutes of 1. Day 1 is not known. Day 3: 120 of 2, none of 1. Day 2 is not held.
        let found = favourites(&trace(vec![day(0, 12, &[(1, 12)]), day(1, 5, &[(1, 2)]), day(3, 12, &[(2, 24)])]));
        let found = found.unwrap();
        assert_eq!((found.days, found.value.counted), (3, Counted::Watched));
        let alpha = 2.0 / 29.0;
        let [two, one] = &found.value.channels[..] else { panic!("{found:?}") };
        assert_eq!((two.key, two.minutes, two.days), (ChannelKey(2), 120, 1));
        assert_eq!((one.key, one.minutes, one.days), (ChannelKey(1), 70, 2));
        assert!((two.recent - 120.0 * alpha).abs() < 1e-9 && (one.recent - 60.0 * (1.0 - alpha)).abs() < 1e-9);
        assert_eq!(by_recent(&found.value.channels)[0].key, ChannelKey(1));
        assert!((found.value.loyalty - 120.0 / 190.0).abs() < 1e-9);
        assert_eq!(found.value.games.iter().map(|game| game.key).collect::<Vec<_>>(), [GameKey(0), GameKey(1)]);
    }

    #[test]
    fn of_late_a_day_is_put_up_to_all_of_it() {
        // An hour of a day of which half is known; nothing of a day of which less is.
        let half = favourites(&trace(vec![day(0, 6, &[(1, 12)]), day(1, 5, &[(1, 12)])])).unwrap().value;
        let [one] = &half.channels[..] else { panic!("{half:?}") };
        assert_eq!((one.recent, one.minutes, one.days), (120.0, 120, 2));
        // All of what is known.
        let all = favourites(&trace(vec![day(0, 8, &[(1, 8 * 24)])])).unwrap().value;
        assert_eq!((all.channels[0].recent, all.channels[0].minutes), (1_440.0, 960));
    }

    #[test]
    fn who_only_wrote_has_favourites_by_what_they_wrote() {
        let (at, mut hours) = day(0, 12, &[]);
        hours.channels = vec![(ChannelKey(3), SlotCounts { spoke: 4, active: 4, ..SlotCounts::default() })];
        let found = favourites(&trace(vec![(at, hours)])).unwrap().value;
        assert_eq!((found.counted, found.channels[0].minutes, found.loyalty), (Counted::Spoken, 20, 1.0));
        assert_eq!(favourites(&trace(Vec::new())), Err(Refused::FewDays { have: 0, need: 1 }));
    }
}
