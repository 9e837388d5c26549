//! Both questions answered the long way, of small crowds, and that the index says the same.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::build::Builder;
use super::calendar::{Calendar, Half};
use super::draws::Draws;
use super::effort::Effort;
use super::fitting::others;
use super::found_again::find;
use super::index::{Index, IndexError};
use super::trace::{fold, is_bot};
use crate::analysis::bootstrap::Chance;
use crate::codec::CodecError;
use crate::day::Day;
use crate::identity::{ChannelKey, PersonKey};
use crate::presence::{ChannelPresence, ViewerDay};
use crate::run::Run;
use crate::slot::Slot;
use crate::slot_set::SlotSet;
use crate::words::Origin;
use crate::zone::tests::paris;

pub(super) type Days = Vec<(Day, ViewerDay)>;

/// Exactly.
const ALL: Effort = Effort { every: 1, enough: u32::MAX };

pub(super) fn calendar() -> Calendar {
    // Clocks go back on 2026-10-25, its 21st day.
    Calendar::ending("2026-11-01".parse().unwrap(), &paris()).unwrap()
}

/// People by ascending key who look much alike: in three channels, at a few times.
pub(super) fn crowd(seed: u64, people: usize) -> Vec<(PersonKey, Days)> {
    crowd_of(seed, people, 3)
}

/// The same in so many channels.
fn crowd_of(seed: u64, people: usize, channels: usize) -> Vec<(PersonKey, Days)> {
    let mut chance = Chance::new(seed);
    let mut key = 0;
    let mut person = || {
        key += 1 + chance.below(3) as u32;
        let often = 1 + chance.below(3);
        let mut days = Vec::new();
        for place in 0..28 {
            if chance.below(often) > 0 {
                continue;
            }
            let mut slots: BTreeMap<u32, SlotSet> = BTreeMap::new();
            for _ in 0..=chance.below(3) {
                let from = [0, 100, 282][chance.below(3)] + chance.below(3);
                let to = (from + 1 + chance.below(8)).min(288);
                let there = slots.entry(chance.below(channels) as u32 * 7).or_default();
                (from..to).for_each(|slot| there.insert(Slot::new(slot as u16).unwrap()));
            }
            let channels = slots.iter().map(|(channel, slots)| {
                let (listed, spoke) =
                    if chance.below(4) == 0 { (vec![], slots.runs()) } else { (slots.runs(), vec![]) };
                ChannelPresence { channel: ChannelKey(*channel), listed, spoke }
            });
            let channels = channels.collect();
            days.push((calendar().first().plus(place), ViewerDay { bot: chance.below(40) == 0, channels }));
        }
        (PersonKey(key), days)
    };
    (0..people).map(|_| person()).collect()
}

pub(super) fn index(crowd: &[(PersonKey, Days)], chunk: u32) -> Index<Vec<u8>> {
    let mut builder = Builder::with_chunks_of(chunk, calendar(), Origin::Simulated);
    for (key, days) in crowd {
        builder.push(*key, days).unwrap();
    }
    Index::open(builder.finish().unwrap()).unwrap()
}

/// Slots of all time with presence, by channel; bots have none.
fn slots(days: &Days) -> BTreeSet<(u32, u16, u16)> {
    let flagged = days.iter().filter(|(_, day)| !day.channels.is_empty()).rev().take(7).filter(|(_, day)| day.bot);
    if flagged.count() >= 2 {
        return BTreeSet::new();
    }
    let people = days.iter().filter(|(_, day)| !day.bot).flat_map(|(day, there)| {
        let place = calendar().place(*day).unwrap();
        there.channels.iter().flat_map(move |there| {
            there.present().iter().map(|slot| (there.channel.0, place, slot.index())).collect::<Vec<_>>()
        })
    });
    people.collect()
}

fn sightings(days: &Days, width: u16) -> BTreeSet<(u32, u16)> {
    let week = slots(days).into_iter().filter(|(_, place, _)| *place >= 21);
    week.map(|(channel, place, slot)| (channel, ((place - 21) * 288 + slot) / width)).collect()
}

/// Shares of all presence by channel and hour of the local week.
type Profile = BTreeMap<(u32, u8), f64>;

fn profile(days: &Days, half: Half) -> Profile {
    let mut profile = BTreeMap::new();
    let of_half: Vec<_> = slots(days).into_iter().filter(|(_, place, _)| Calendar::half(*place) == half).collect();
    for (channel, place, slot) in &of_half {
        let hour = calendar().clock()[usize::from(place * 24 + slot / 12)];
        *profile.entry((*channel, hour)).or_insert(0.0) += 1.0 / of_half.len() as f64;
    }
    profile
}

#[test]
fn the_bytes_of_an_index_never_change() {
    // A new format gets a new file.
    let golden = include_bytes!("../../golden/crowd-index-v2.bin");
    assert!(index(&crowd(1, 12), 5).bytes() == golden, "version 2 is written otherwise");
    assert_eq!(Index::open(&golden[..]).unwrap().keys().len(), 12);
    let wrong = |bytes: &[u8]| Index::open(bytes).err();
    assert_eq!(wrong(b"VIGIEcr"), Some(IndexError::Magic));
    assert_eq!(wrong(b"VIGIEcrd\x01"), Some(IndexError::Version(1)));
    assert_eq!(wrong(b"VIGIEcrd"), Some(IndexError::Damaged { at: 8, source: CodecError::Truncated }));
}

/// People of a chunk; often one, so that there are enough chunks for a sample of them.
fn chunk_people() -> impl Strategy<Value = u32> {
    prop_oneof![Just(1u32), 1u32..9]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn who_fits_is_counted_as_by_hand(
        seed in any::<u64>(), people in 1usize..40, channels in prop_oneof![Just(3usize), 4usize..30],
        me in any::<prop::sample::Index>(), chunk in chunk_people(),
    ) {
        let crowd = crowd_of(seed, people, channels);
        let index = index(&crowd, chunk);
        let (key, days) = &crowd[me.index(people)];
        prop_assert_eq!(index.week_people(), crowd.iter().filter(|(_, days)| !sightings(days, 1).is_empty()).count() as u32);
        let week: Vec<_> = fold(&calendar(), days).into_iter().map(|there| (there.channel, there.week)).collect();
        let widths = [1, 12, 72, 288];
        let draws = widths.map(|width| Draws::of(&week, width, Chance::new(seed)));
        let exact = others(&index, &draws, index.ordinal(*key), ALL);
        let some = others(&index, &draws, index.ordinal(*key), Effort { every: 2, enough: 3 });
        for (at, draws) in draws.iter().enumerate() {
            let of_others: Vec<_> =
                crowd.iter().filter(|(other, _)| other != key).map(|(_, days)| sightings(days, widths[at])).collect();
            // Some of the drawings: comparing takes long.
            for (draw, order) in draws.orders.iter().enumerate().step_by(7) {
                for stage in 0..draws.most() {
                    let drawn: BTreeSet<(u32, u16)> = order[..=stage]
                        .iter()
                        .map(|place| draws.sightings[usize::from(*place)])
                        .map(|(channel, bin)| (channel.0, bin))
                        .collect();
                    let fit = of_others.iter().filter(|sightings| drawn.is_subset(sightings)).count() as u32;
                    prop_assert_eq!(exact[at][draw][stage], fit);
                    // A sample tells whether there is anybody, and few of them exactly.
                    let estimate = some[at][draw][stage];
                    prop_assert_eq!(estimate == 0, fit == 0);
                    prop_assert!(fit >= 3 || estimate == fit, "{} {}", estimate, fit);
                }
            }
        }
    }

    /// Of somebody in very many channels most sightings come late in every drawing, and are counted all the same.
    #[test]
    fn who_fits_late_sightings_is_counted_where_few_are_left(seed in any::<u64>(), people in 16usize..40) {
        let mut chance = Chance::new(seed);
        let mut in_channels = |often: usize| -> Days {
            let day = |place| {
                let channels = (0..120).filter(|_| chance.below(100) < often).map(|channel| {
                    let listed = vec![Run::new(100, 101).unwrap()];
                    ChannelPresence { channel: ChannelKey(channel), listed, spoke: vec![] }
                });
                (calendar().first().plus(place), ViewerDay { bot: false, channels: channels.collect() })
            };
            (21..28).map(day).collect()
        };
        let me = in_channels(100);
        let crowd: Vec<(PersonKey, Days)> = (0..people as u32).map(|key| (PersonKey(key), in_channels(90))).collect();
        let index = index(&crowd, 1);
        let week: Vec<_> = fold(&calendar(), &me).into_iter().map(|there| (there.channel, there.week)).collect();
        let draws = [1, 12, 72, 288].map(|width| Draws::of(&week, width, Chance::new(seed)));
        let (exact, some) = (others(&index, &draws, None, ALL), others(&index, &draws, None, Effort { every: 4, enough: 8 }));
        for (exact, some) in exact.iter().zip(&some) {
            let counts = exact.iter().flatten().zip(some.iter().flatten());
            prop_assert!(counts.filter(|(exact, _)| **exact < 8).all(|(exact, some)| exact == some), "{exact:?} {some:?}");
        }
    }

    #[test]
    fn ranks_are_those_of_all_scores(seed in any::<u64>(), people in 2usize..60, me in any::<prop::sample::Index>(), chunk in chunk_people()) {
        let crowd = crowd(seed, people);
        let index = index(&crowd, chunk);
        let (key, days) = &crowd[me.index(people)];
        let all: Vec<(PersonKey, Profile)> =
            crowd.iter().map(|(key, days)| (*key, profile(days, Half::Known))).collect();
        let accounts = all.iter().filter(|(_, profile)| !profile.is_empty()).count() as u32;
        prop_assert_eq!(index.known_people(), accounts);
        // A program is in no index, and by hand it has no days: what its own would be is not compared.
        prop_assume!(!is_bot(&calendar(), days));
        let audience =
            |channel: u32| all.iter().filter(|(_, profile)| profile.keys().any(|(other, _)| *other == channel)).count();
        let asked = profile(days, Half::Asked);
        let score = |known: &Profile| -> f64 {
            let alike = |(at, share): (&(u32, u8), &f64)| {
                share.min(known.get(at).copied().unwrap_or(0.0)) / (1.0 + audience(at.0).max(1) as f64).ln()
            };
            asked.iter().map(alike).sum()
        };
        let own = score(&profile(days, Half::Known));
        let scores: Vec<f64> = all.iter().filter(|(other, _)| other != key).map(|(_, known)| score(known)).collect();
        let best = scores.iter().copied().fold(0.0, f64::max);
        let enough = 3;
        for effort in [ALL, Effort { every: 2, enough: u32::MAX }, Effort { every: 2, enough }] {
            let Ok(found) = find(&index, days, days, Some(*key), effort) else { continue };
            let found = found.value;
            prop_assert!(found.accounts == accounts && found.rank <= accounts, "{found:?}");
            prop_assert!((found.score - own).abs() < 1e-9, "{} {}", found.score, own);
            let above = |least: f64| 1 + scores.iter().filter(|score| **score > least).count() as u32;
            // Estimated is what enough were counted of, and no margin goes by a sample.
            if !found.is_exact {
                prop_assert!(effort.enough == enough && above(own - 1e-9) > enough && found.rank > enough, "{found:?}");
                prop_assert_eq!(found.margin, None);
                continue;
            }
            if own > 0.0 {
                prop_assert!((above(own + 1e-9)..=above(own - 1e-9)).contains(&found.rank), "{found:?} {scores:?}");
                prop_assert!((found.margin.unwrap() - (own - best)).abs() < 1e-9, "{found:?} {best}");
            } else {
                prop_assert_eq!(found.rank, accounts);
            }
        }
    }

    #[test]
    fn whoever_is_taken_out_was_never_there(seed in any::<u64>(), people in 2usize..40, gone in any::<prop::sample::Index>(), chunk in 1u32..9) {
        let all = crowd(seed, people);
        let gone = all[gone.index(people)].0;
        let rest: Vec<_> = all.iter().filter(|(key, _)| *key != gone).cloned().collect();
        let (fresh, mut held) = (index(&rest, chunk), index(&all, chunk));
        let was_there = held.ordinal(gone).is_some();
        let without = Index::open(held.without(&[gone])).unwrap();
        prop_assert_eq!(held.forget(gone), was_there);
        prop_assert!(!held.forget(gone));
        // The file that is written after forgetting is the same.
        prop_assert_eq!(held.without(&[]), without.bytes().to_vec());
        for index in [&held, &without] {
            prop_assert_eq!(index.ordinal(gone), None);
            prop_assert_eq!((index.week_people(), index.known_people()), (fresh.week_people(), fresh.known_people()));
            for (key, days) in rest.iter().take(4) {
                let week: Vec<_> = fold(&calendar(), days).into_iter().map(|there| (there.channel, there.week)).collect();
                let draws = [1, 12, 72, 288].map(|width| Draws::of(&week, width, Chance::new(1)));
                let ask = |index: &Index<Vec<u8>>| others(index, &draws, index.ordinal(*key), ALL);
                prop_assert_eq!(ask(index), ask(&fresh));
            }
        }
        prop_assert_eq!((without.audiences(), held.audiences()), (fresh.audiences(), fresh.audiences()));
    }

    /// Nothing of a key is left where it was, nor in the key of another empty place.
    #[test]
    fn whoever_is_taken_out_later_leaves_what_both_at_once_leave(seed in any::<u64>(), people in 2usize..40, gone in proptest::collection::vec(any::<prop::sample::Index>(), 1..12), chunk in 1u32..9) {
        let all = crowd(seed, people);
        let gone: Vec<PersonKey> = gone.iter().map(|gone| all[gone.index(people)].0).collect();
        let at_once = index(&all, chunk).without(&gone);
        let mut one_by_one = index(&all, chunk);
        for key in &gone {
            one_by_one = Index::open(one_by_one.without(&[*key])).unwrap();
        }
        prop_assert!(one_by_one.bytes() == at_once && one_by_one.without(&[]) == at_once);
    }

    #[test]
    fn two_builders_make_what_one_makes(seed in any::<u64>(), people in 0usize..40, cut in 0usize..40) {
        let all = crowd(seed, people);
        let cut = cut.min(people);
        let half = |crowd: &[(PersonKey, Days)]| {
            let mut builder = Builder::with_chunks_of(4, calendar(), Origin::Real);
            for (key, days) in crowd {
                builder.push(*key, days).unwrap();
            }
            builder
        };
        let (mut first, second) = (half(&all[..cut]), half(&all[cut..]));
        first.append(second).unwrap();
        let (joined, one) = (Index::open(first.finish().unwrap()).unwrap(), index(&all, 4));
        prop_assert_eq!(joined.origin(), Origin::Real);
        prop_assert_eq!((joined.keys(), joined.known(), joined.audiences()), (one.keys(), one.known(), one.audiences()));
        prop_assert_eq!(joined.part_sizes().iter().all(|size| *size == 0), one.part_sizes().iter().all(|size| *size == 0));
    }

    #[test]
    fn damage_is_an_error_and_never_a_panic(seed in any::<u64>(), at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let crowd = crowd(seed, 12);
        let mut bytes = index(&crowd, 5).bytes().to_vec();
        prop_assert!(Index::open(&bytes[..at.index(bytes.len())]).is_err());
        let place = at.index(bytes.len());
        bytes[place] = byte;
        if let Ok(index) = Index::open(&bytes[..]) {
            // Whatever is read is what would be written.
            prop_assert_eq!(index.without(&[]), bytes);
        }
    }
}
