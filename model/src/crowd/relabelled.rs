//! The same crowd under other keys gets the same answers: keys of people and of channels mean nothing.

use proptest::prelude::*;

use super::found_again::found_again;
use super::index::Index;
use super::naive::{Days, crowd, index};
use super::single_out::singling_out;
use crate::identity::{ChannelKey, PersonKey};

/// People of a chunk: with so many all of a small crowd are counted, in whichever chunks they are.
const CHUNK: u32 = 4;
/// Channels that people of a small crowd go to.
const CHANNELS: [u32; 3] = [0, 7, 14];

/// The crowd in the order of other keys of people, `people`, and in other channels, `channels`; and where each of them is now.
fn relabelled(
    crowd: &[(PersonKey, Days)],
    people: &[u32],
    channels: [u32; 3],
) -> (Vec<(PersonKey, Days)>, Vec<PersonKey>) {
    let other = |key: ChannelKey| {
        let place = CHANNELS.iter().position(|channel| *channel == key.0).unwrap();
        ChannelKey(channels[place])
    };
    let renamed = |days: &Days| -> Days {
        let mut days = days.clone();
        for (_, day) in &mut days {
            day.channels.iter_mut().for_each(|there| there.channel = other(there.channel));
            day.channels.sort_by_key(|there| there.channel);
        }
        days
    };
    let keys: Vec<PersonKey> = people.iter().map(|key| PersonKey(*key)).collect();
    let mut found: Vec<(PersonKey, Days)> =
        crowd.iter().zip(&keys).map(|((_, days), key)| (*key, renamed(days))).collect();
    found.sort_by_key(|(key, _)| *key);
    (found, keys)
}

/// A crowd, one of them, and as many other keys, in any order.
fn crowds() -> impl Strategy<Value = (Vec<(PersonKey, Days)>, usize, Vec<u32>)> {
    (any::<u64>(), 2usize..40, any::<prop::sample::Index>()).prop_flat_map(|(seed, people, me)| {
        let keys = proptest::sample::subsequence((0..1_000).collect::<Vec<u32>>(), people).prop_shuffle();
        (Just(crowd(seed, people)), Just(me.index(people)), keys)
    })
}

fn days(crowd: &[(PersonKey, Days)], key: PersonKey) -> &Days {
    &crowd.iter().find(|(other, _)| *other == key).unwrap().1
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    /// Of channels their order stays: sightings are drawn in it, and others would be drawn.
    #[test]
    fn singling_out_means_nobody_by_their_key(
        (crowd, me, keys) in crowds(), channels in proptest::sample::subsequence((0..90).collect::<Vec<u32>>(), 3), seed in any::<u64>(),
    ) {
        let (other, keys) = relabelled(&crowd, &keys, [channels[0], channels[1], channels[2]]);
        let ask = |index: &Index<Vec<u8>>, crowd: &[(PersonKey, Days)], key| singling_out(index, days(crowd, key), Some(key), seed);
        let (one, two) = (index(&crowd, CHUNK), index(&other, CHUNK));
        prop_assert_eq!(ask(&one, &crowd, crowd[me].0), ask(&two, &other, keys[me]));
    }

    /// Of channels the order changes too.
    #[test]
    fn a_rank_means_nobody_by_their_key(
        (crowd, me, keys) in crowds(), channels in proptest::sample::subsequence((0..90).collect::<Vec<u32>>(), 3).prop_shuffle(),
    ) {
        let (other, keys) = relabelled(&crowd, &keys, [channels[0], channels[1], channels[2]]);
        let ask = |index: &Index<Vec<u8>>, crowd: &[(PersonKey, Days)], key| {
            found_again(index, days(crowd, key), days(crowd, key), Some(key))
        };
        let (one, two) = (index(&crowd, CHUNK), index(&other, CHUNK));
        let (one, mut two) = (ask(&one, &crowd, crowd[me].0), ask(&two, &other, keys[me]));
        if let (Ok(one), Ok(two)) = (&one, &mut two) {
            // Parts of a score are added up by channel: the last digit goes by their order.
            let parts = || one.value.by_hour.iter().zip(&two.value.by_hour);
            prop_assert!(parts().all(|(a, b)| (a - b).abs() < 1e-9), "{one:?} {two:?}");
            two.value.by_hour = one.value.by_hour;
        }
        prop_assert_eq!(one, two);
    }
}
