//! Tastes: what somebody spends more of their time in than all people do, and what less. Channels and games.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::bootstrap::{Drawings, Estimate, replicates};
use super::inferable::{ACTIVE_DAYS, inferable};
use super::population::{Base, POPULATION_DAYS, Part, Population};
use super::record::Trace;
use super::{Found, Method};
use crate::hours::SlotCounts;
use crate::identity::{ChannelKey, GameKey};
use crate::slot::SLOT_MINUTES;
use crate::words::Tier;

/// Active days that the result needs.
pub const DAYS_NEEDED: u32 = ACTIVE_DAYS;
/// Days that an entry needs: a lift is not to be of one visit.
pub const ENTRY_DAYS: u32 = 3;
/// Slots that an entry needs: an hour.
pub const ENTRY_SLOTS: u64 = 12;

const METHOD: Method = Method::new("tastes", 2, Tier::Hours);

/// What somebody spends their time in, beside everybody.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Tastes {
    /// People whom they are held against.
    pub people: u32,
    /// Channels, surest above 1 first.
    pub channels: Beside<ChannelKey>,
    /// Games, surest above 1 first.
    pub games: Beside<GameKey>,
}

/// Channels, or games, beside everybody's.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Beside<K> {
    /// Those in which they spent [`ENTRY_SLOTS`] on [`ENTRY_DAYS`] or more.
    pub lifts: Vec<Lift<K>>,
    /// The share of their time, 0–1, in what is not told of everybody: too few people go there.
    pub apart: f64,
}

/// A channel, or a game.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Lift<K> {
    /// Which.
    pub key: K,
    /// Their share of time in it ÷ everybody's: 2 is twice as much as all people, 0.5 half as much. Above 0.
    pub lift: Estimate,
    /// Their share of time in it, above 0 and at most 1.
    pub share: f64,
    /// Everybody's, above 0 and at most 1.
    pub usual: f64,
    /// Their minutes in it.
    pub minutes: u64,
    /// UTC days on which they were there.
    pub days: u32,
}

impl<K> Lift<K> {
    /// Whether all of its interval is above 1; never without one.
    pub fn is_more(&self) -> bool {
        self.lift.interval.is_some_and(|interval| interval.from > 1.0)
    }

    /// By how much it is surely above 1: the lower end, or the value where no interval was drawn.
    fn surely(&self) -> f64 {
        self.lift.interval.map_or(self.lift.value, |interval| interval.from)
    }
}

/// Why nothing is told of somebody's tastes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error, Serialize, Deserialize)]
pub enum Refused {
    /// There are too few people to be held against.
    #[error("everybody together are {have} people, and {need} are needed")]
    FewPeople {
        /// People whose days were read.
        have: u32,
        /// How many the method needs.
        need: u32,
    },
    /// They were seen on too few of the days that everybody's tastes are of.
    #[error("{have} active days are held of the weeks of everybody, and {need} are needed")]
    FewDays {
        /// Days on which a list named them.
        have: u32,
        /// How many the method needs.
        need: u32,
    },
    /// Nothing is told of what somebody like them is like.
    #[error(transparent)]
    Person(#[from] super::Refused),
}

/// The tastes of somebody over the days of which the population is: shares of slots in which lists named them.
///
/// Intervals are of drawings of their active days; everybody's shares are taken as they are.
pub fn tastes(trace: &Trace, population: &Population, drawings: Drawings) -> Result<Found<Tastes>, Refused> {
    let Some(base) = &population.tastes else {
        return Err(Refused::FewPeople { have: population.listed, need: super::population::TASTE_PEOPLE });
    };
    inferable(trace, Tier::Hours)?;
    let from = population.day.plus(1 - i32::from(POPULATION_DAYS));
    let held = (0i32..).zip(trace.hours()).map(|(n, hours)| (trace.first().plus(n), hours));
    let held = held.filter(|(day, _)| (from..=population.day).contains(day)).filter_map(|(_, hours)| hours.as_ref());
    let (mut channels, mut games) = (Vec::new(), Vec::new());
    for hours in held.filter(|hours| !hours.bot) {
        let of_channels = listed(&hours.channels);
        if !of_channels.is_empty() {
            channels.push(of_channels);
            games.push(listed(&hours.games));
        }
    }
    let have = channels.len() as u32;
    if have < DAYS_NEEDED {
        return Err(Refused::FewDays { have, need: DAYS_NEEDED });
    }
    let Base { people, channels: all_channels, games: all_games } = base;
    let value = Tastes {
        people: *people,
        channels: beside(&channels, all_channels, drawings),
        games: beside(&games, all_games, drawings.other()),
    };
    Ok(Found { value, days: have, method: METHOD })
}

/// A day's listed slots by key.
fn listed<K: Copy>(counts: &[(K, SlotCounts)]) -> Vec<(K, u64)> {
    counts
        .iter()
        .filter(|(_, counts)| counts.listed > 0)
        .map(|(key, counts)| (*key, u64::from(counts.listed)))
        .collect()
}

/// Somebody's days beside everybody.
fn beside<K: Ord + Copy>(days: &[Vec<(K, u64)>], all: &Part<K>, drawings: Drawings) -> Beside<K> {
    let mut sums: BTreeMap<K, (u64, u32)> = BTreeMap::new();
    for (key, slots) in days.iter().flatten() {
        let sum = sums.entry(*key).or_default();
        *sum = (sum.0 + slots, sum.1 + 1);
    }
    let total: u64 = sums.values().map(|(slots, _)| slots).sum();
    if total == 0 {
        return Beside { lifts: Vec::new(), apart: 0.0 };
    }
    let told: u64 = sums.iter().filter(|(key, _)| all.share(**key).is_some()).map(|(_, (slots, _))| slots).sum();
    let enough = |(slots, days): (u64, u32)| slots >= ENTRY_SLOTS && days >= ENTRY_DAYS;
    let mut drawn: BTreeMap<K, Vec<f64>> = sums
        .iter()
        .filter(|(key, sum)| enough(**sum) && all.share(**key).is_some())
        .map(|(key, _)| (*key, Vec::with_capacity(drawings.count)))
        .collect();
    let totals: Vec<u64> = days.iter().map(|day| day.iter().map(|(_, slots)| slots).sum()).collect();
    replicates(days.len(), drawings, |places| {
        let total: u64 = places.iter().map(|place| totals[*place]).sum();
        // Of games, days may hold none that is known: such a drawing has no shares.
        if total == 0 {
            return;
        }
        let mut sums: BTreeMap<K, u64> = BTreeMap::new();
        for (key, slots) in places.iter().flat_map(|place| &days[*place]) {
            *sums.entry(*key).or_default() += slots;
        }
        for (key, shares) in &mut drawn {
            shares.push(sums.get(key).copied().unwrap_or_default() as f64 / total as f64);
        }
    });
    let mut lifts: Vec<Lift<K>> = Vec::with_capacity(drawn.len());
    for (key, mut shares) in drawn {
        let (Some(usual), Some((slots, days))) = (all.share(key), sums.get(&key)) else { continue };
        let share = *slots as f64 / total as f64;
        for share in &mut shares {
            *share /= usual;
        }
        let lift = Estimate::new(share / usual, &mut shares);
        lifts.push(Lift { key, lift, share, usual, minutes: slots * u64::from(SLOT_MINUTES), days: *days });
    }
    lifts.sort_by(|a, b| {
        let surely = b.surely().total_cmp(&a.surely());
        surely.then(b.lift.value.total_cmp(&a.lift.value)).then(a.key.cmp(&b.key))
    });
    Beside { lifts, apart: (total - told) as f64 / total as f64 }
}

#[cfg(test)]
mod tests {

    use proptest::prelude::*;

    use super::*;
    use crate::analysis::population::{POPULATION_VERSION, TASTE_PEOPLE};
    use crate::analysis::record::Record;
    use crate::analysis::record::tests::{first, person, renamed};
    use crate::hours::ViewerHours;

    const DRAWINGS: Drawings = Drawings { seed: 9, count: 200 };

    /// Everybody: slots and people by channel, and by game.
    fn population(channels: &[(u32, u64, u32)], games: &[(u32, u64, u32)]) -> Population {
        let of = |all: &[(u32, u64, u32)]| -> BTreeMap<u32, (u64, u32)> {
            all.iter().map(|(key, slots, people)| (*key, (*slots, *people))).collect()
        };
        let channels = of(channels).into_iter().map(|(key, sum)| (ChannelKey(key), sum)).collect();
        let games = of(games).into_iter().map(|(key, sum)| (GameKey(key), sum)).collect();
        let base = Base { people: 5_000, channels: Part::of(&channels, 99), games: Part::of(&games, 99) };
        Population {
            version: POPULATION_VERSION,
            day: first().plus(27),
            days: 28,
            people: 5_000,
            read: 5_000,
            zone: "Europe/Paris".into(),
            time_zone: None,
            time_zone_people: 0,
            listed: 5_000,
            tastes: Some(base),
        }
    }

    /// Somebody who was named for so many slots in channels of these games, on each day.
    fn trace(days: &[&[(u32, u16)]]) -> Trace {
        let counts = |slots| SlotCounts { listed: slots, watched: slots, ..SlotCounts::default() };
        let day = |channels: &&[(u32, u16)]| ViewerHours {
            channels: channels.iter().map(|(key, slots)| (ChannelKey(*key), counts(*slots))).collect(),
            games: channels.iter().map(|(key, slots)| (GameKey(*key), counts(*slots))).collect(),
            ..ViewerHours::default()
        };
        let hours = days.iter().enumerate().map(|(n, channels)| (first().plus(n as i32), day(channels))).collect();
        let until = first().plus(days.len() as i32);
        Record { hours, ..Record::empty(first(), until, until) }.trace()
    }

    #[test]
    fn a_lift_is_their_share_by_everybodys() {
        // Of 240 slots 120 in channel 1, where everybody spends a tenth; 94 in 2, as all do; 6 in 3, on two days; 9 people know 4.
        let day: &[(u32, u16)] = &[(1, 6), (2, 5), (4, 1)];
        let other: &[(u32, u16)] = &[(1, 6), (2, 2), (3, 3), (4, 1)];
        let days = [[day; 9].as_slice(), &[other], &[day; 9], &[other]].concat();
        let all = population(&[(1, 100, 50), (2, 391, 90), (3, 9, 20), (4, 500, 9)], &[(1, 10, 10), (2, 10, 10)]);
        let found = tastes(&trace(&days), &all, DRAWINGS).unwrap();
        assert_eq!((found.days, found.value.people), (20, 5_000));
        let channels = &found.value.channels;
        let [one, two] = &channels.lifts[..] else { panic!("{found:?}") };
        assert_eq!((one.key, one.minutes, one.days, one.usual), (ChannelKey(1), 600, 20, 0.1));
        assert!((one.lift.value - 5.0).abs() < 1e-12 && one.is_more(), "{one:?}");
        assert!((two.lift.value - (94.0 / 240.0) / 0.391).abs() < 1e-12, "{two:?}");
        assert!((channels.apart - 20.0 / 240.0).abs() < 1e-12);
        // The days on which a third channel took their time makes the share of the second less sure, and not the first's.
        let width =
            |lift: &Lift<ChannelKey>| lift.lift.interval.map(|interval| (interval.to - interval.from) / lift.usual);
        assert!(width(one).unwrap() < 1e-9 && width(two).unwrap() > 0.01);
        assert_eq!(found.value.games.lifts.len(), 2);
        // Without drawings values are the same.
        let values = tastes(&trace(&days), &all, Drawings::NONE).unwrap().value;
        assert_eq!(values.channels.lifts[0].lift, Estimate { value: one.lift.value, interval: None });
        assert!(!values.channels.lifts[0].is_more());
    }

    #[test]
    fn what_is_known_of_few_days_or_of_few_people_is_refused() {
        let all = population(&[(1, 100, 50)], &[]);
        let day: &[(u32, u16)] = &[(1, 6)];
        let few_days = |have| Err(Refused::Person(crate::analysis::Refused::FewDays { have, need: DAYS_NEEDED }));
        assert_eq!(tastes(&trace(&[day; 13]), &all, DRAWINGS), few_days(13));
        assert!(tastes(&trace(&[day; 14]), &all, DRAWINGS).is_ok());
        let few = Population { tastes: None, listed: 70, ..all.clone() };
        assert_eq!(
            tastes(&trace(&[day; 14]), &few, DRAWINGS),
            Err(Refused::FewPeople { have: 70, need: TASTE_PEOPLE })
        );
        // Days outside of everybody's do not count.
        let later = Population { day: first().plus(29), ..all.clone() };
        assert_eq!(tastes(&trace(&[day; 14]), &later, DRAWINGS), Err(Refused::FewDays { have: 12, need: DAYS_NEEDED }));
        let nobody = Record::empty(first(), first(), first().plus(20));
        assert_eq!(tastes(&nobody.trace(), &all, DRAWINGS), few_days(0));
    }

    #[test]
    fn nothing_is_told_of_the_tastes_of_programs() {
        let all = population(&[(1, 100, 50)], &[]);
        let counts = SlotCounts { listed: 6, ..SlotCounts::default() };
        let day =
            |n: i32| ViewerHours { bot: n >= 18, channels: vec![(ChannelKey(1), counts)], ..ViewerHours::default() };
        let of = |days: i32| {
            let hours = (0..days).map(|n| (first().plus(n), day(n))).collect();
            let until = first().plus(days);
            tastes(&Record { hours, ..Record::empty(first(), until, until) }.trace(), &all, DRAWINGS)
        };
        assert!(of(19).is_ok());
        assert_eq!(of(20), Err(Refused::Person(crate::analysis::Refused::Bot)));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        /// Whatever was seen, shares add up, nothing is not a number, and who is surest above 1 comes first.
        #[test]
        fn every_record_has_tastes_or_a_refusal(
            record in person(24),
            all in proptest::collection::vec((0u64..9_000, 0u32..40), 6),
            seed in 0u64..50,
        ) {
            let parts: Vec<(u32, u64, u32)> = (0..).zip(&all).map(|(key, (slots, people))| (key, *slots, *people)).collect();
            let all = population(&parts, &parts);
            let found = tastes(&record.trace(), &all, Drawings { seed, count: 20 });
            let Ok(Found { value, days, .. }) = found else { return Ok(()) };
            prop_assert!((DAYS_NEEDED..=24).contains(&days));
            fn check<K: Ord + Copy>(beside: &Beside<K>) -> bool {
                let share: f64 = beside.lifts.iter().map(|lift| lift.share).sum();
                let sorted = beside.lifts.windows(2).all(|pair| pair[0].surely() >= pair[1].surely());
                let each = beside.lifts.iter().all(|lift| {
                    let Estimate { value, interval } = lift.lift;
                    let holds = interval.is_some_and(|interval| interval.from >= 0.0 && interval.to.is_finite() && interval.from <= interval.to);
                    let enough = lift.minutes >= 60 && lift.days >= ENTRY_DAYS;
                    holds && enough && value.is_finite() && value > 0.0 && lift.share <= 1.0 && lift.usual > 0.0 && lift.usual <= 1.0
                });
                sorted && each && (0.0..=1.0).contains(&beside.apart) && share <= 1.0 - beside.apart + 1e-9
            }
            prop_assert!(check(&value.channels) && check(&value.games));
            let again = tastes(&record.trace(), &all, Drawings { seed, count: 20 }).unwrap();
            prop_assert_eq!(again.value, value);
        }

        /// Keys of channels mean nothing, and neither does their order, but among those that are as sure.
        #[test]
        fn names_of_channels_mean_nothing(record in person(24), parts in proptest::collection::vec((0u64..9_000, 0u32..40), 6), seed in 0u64..50) {
            let backwards = |key: ChannelKey| ChannelKey(u32::MAX - key.0);
            let told = |record: &Record, name: &dyn Fn(ChannelKey) -> ChannelKey| {
                let parts: Vec<(u32, u64, u32)> =
                    (0..).zip(&parts).map(|(key, (slots, people))| (name(ChannelKey(key)).0, *slots, *people)).collect();
                tastes(&record.trace(), &population(&parts, &[]), Drawings { seed, count: 20 })
            };
            let (one, other) = (told(&record, &|key| key), told(&renamed(&record, backwards), &backwards));
            let by_key = |mut found: Found<Tastes>, name: &dyn Fn(ChannelKey) -> ChannelKey| {
                let lifts = &mut found.value.channels.lifts;
                for lift in lifts.iter_mut() {
                    lift.key = name(lift.key);
                }
                lifts.sort_by_key(|lift| lift.key);
                found
            };
            prop_assert_eq!(one.map(|found| by_key(found, &|key| key)), other.map(|found| by_key(found, &backwards)));
        }
    }
}
