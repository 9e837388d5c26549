//! Audiences that two channels share: counted exactly, person by person.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::night::Neighbour;
use crate::aggregate::FEW;
use crate::analysis::Method;
use crate::identity::ChannelKey;
use crate::words::Tier;

/// What audiences in common are worked out by.
pub const METHOD: Method = Method::new("overlap", 1, Tier::Slots);

/// A visitor of a channel was there in so many slots of the window, a quarter of an hour: who looks in is not its audience.
pub const VISIT_SLOTS: u32 = 3;
/// Pairs are counted among so many channels: 2,000 make a triangle of 8 MB.
pub const CHANNELS_MAX: usize = 2_000;
/// Whoever was in more channels than this is left out as what a program does; they would also cost as much as thousands of others.
pub const VISITED_MAX: usize = 300;
/// Channels of the graph have so many visitors or more: of two small ones few people make a large share.
pub const GRAPH_AUDIENCE: u32 = 100;

/// Counts visitors of channels, and those of each two of them.
#[derive(Clone, Debug)]
pub struct OverlapCounter {
    /// Ascending.
    channels: Vec<ChannelKey>,
    audience: Vec<u32>,
    /// Of places a < b at b (b − 1) / 2 + a.
    shared: Vec<u32>,
    /// The places of the person at hand.
    places: Vec<usize>,
}

/// Two channels, and who visits both.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overlap {
    /// One channel, of the lower key.
    pub a: ChannelKey,
    /// The other.
    pub b: ChannelKey,
    /// Visitors of both, ten or more.
    pub shared: u32,
    /// Visitors of the one.
    pub audience_a: u32,
    /// Visitors of the other.
    pub audience_b: u32,
}

impl Overlap {
    /// |A ∩ B| / min(|A|, |B|), 0–1: the share of the smaller audience that visits the other channel too (Szymkiewicz 1934, Simpson 1943).
    pub fn overlap(self) -> f64 {
        share(self.shared, u64::from(self.audience_a.min(self.audience_b)))
    }

    /// |A ∩ B| / |A ∪ B|, 0–1 (Jaccard 1901).
    pub fn jaccard(self) -> f64 {
        let both = u64::from(self.audience_a) + u64::from(self.audience_b);
        share(self.shared, both.saturating_sub(u64::from(self.shared)))
    }
}

fn share(part: u32, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { (f64::from(part) / whole as f64).min(1.0) }
}

impl OverlapCounter {
    /// Counts among these channels, the first [`CHANNELS_MAX`] of those given.
    pub fn new(channels: impl IntoIterator<Item = ChannelKey>) -> OverlapCounter {
        let mut channels: Vec<ChannelKey> = channels.into_iter().take(CHANNELS_MAX).collect();
        channels.sort_unstable();
        channels.dedup();
        let count = channels.len();
        OverlapCounter {
            audience: vec![0; count],
            shared: vec![0; count * count.saturating_sub(1) / 2],
            places: Vec::new(),
            channels,
        }
    }

    /// Counts a person who visited these channels, each given once. Whoever visited more than [`VISITED_MAX`] of them is left out; whether
    /// they were counted.
    pub fn add(&mut self, visited: impl IntoIterator<Item = ChannelKey>) -> bool {
        self.places.clear();
        let channels = &self.channels;
        self.places.extend(visited.into_iter().filter_map(|channel| channels.binary_search(&channel).ok()));
        if self.places.len() > VISITED_MAX {
            return false;
        }
        self.places.sort_unstable();
        self.places.dedup();
        for (number, place) in self.places.iter().enumerate() {
            self.audience[*place] = self.audience[*place].saturating_add(1);
            let row = place * place.saturating_sub(1) / 2;
            for other in &self.places[..number] {
                let pair = &mut self.shared[row + other];
                *pair = pair.saturating_add(1);
            }
        }
        true
    }

    /// The visitors of a channel; nothing where it is not counted.
    pub fn audience(&self, channel: ChannelKey) -> Option<u32> {
        self.channels.binary_search(&channel).ok().map(|place| self.audience[place])
    }

    /// Every two channels that share ten visitors or more.
    pub fn overlaps(&self) -> impl Iterator<Item = Overlap> + '_ {
        let pairs = (1..self.channels.len()).flat_map(|b| (0..b).map(move |a| (a, b)));
        pairs.zip(&self.shared).filter(|(_, shared)| u64::from(**shared) >= FEW).map(|((a, b), shared)| Overlap {
            a: self.channels[a],
            b: self.channels[b],
            shared: *shared,
            audience_a: self.audience[a],
            audience_b: self.audience[b],
        })
    }
}

/// The strongest ties among larger channels: at most `count`, by Jaccard's index, of equals those that share more.
pub fn graph(overlaps: impl IntoIterator<Item = Overlap>, count: usize) -> Vec<Overlap> {
    let large = |tie: &Overlap| tie.audience_a.min(tie.audience_b) >= GRAPH_AUDIENCE;
    let mut ties: Vec<Overlap> = overlaps.into_iter().filter(large).collect();
    ties.sort_by(|x, y| {
        y.jaccard().total_cmp(&x.jaccard()).then(y.shared.cmp(&x.shared)).then((x.a, x.b).cmp(&(y.a, y.b)))
    });
    ties.truncate(count);
    ties
}

/// Of each channel those that share most visitors with it, at most `count`, most first, of equals the lower key.
pub fn neighbours(overlaps: impl IntoIterator<Item = Overlap>, count: usize) -> BTreeMap<ChannelKey, Vec<Neighbour>> {
    let best = |ties: &mut Vec<Neighbour>| {
        ties.sort_unstable_by_key(|tie| (Reverse(tie.shared), tie.channel));
        ties.truncate(count);
    };
    let mut all: BTreeMap<ChannelKey, Vec<Neighbour>> = BTreeMap::new();
    for Overlap { a, b, shared, audience_a, audience_b } in overlaps {
        for (channel, other, visitors) in [(a, b, audience_b), (b, a, audience_a)] {
            let ties = all.entry(channel).or_default();
            ties.push(Neighbour { channel: other, shared, visitors });
            // Now and then, so that millions of ties need no room.
            if ties.len() > 8 * count.max(8) {
                best(ties);
            }
        }
    }
    all.values_mut().for_each(best);
    all
}

/// Whether somebody is a bot over a range: flagged on 2 or more of the last 7 days on which they were seen. `flags` are of those days, in
/// order.
pub fn is_bot(flags: impl DoubleEndedIterator<Item = bool>) -> bool {
    flags.rev().take(7).filter(|flag| *flag).count() >= 2
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use proptest::prelude::*;

    #[test]
    fn shares_are_those_of_the_definitions() {
        let tie = Overlap { a: ChannelKey(1), b: ChannelKey(2), shared: 30, audience_a: 40, audience_b: 90 };
        assert_eq!((tie.overlap(), tie.jaccard()), (0.75, 0.3));
        let empty = Overlap { shared: 0, audience_a: 0, audience_b: 0, ..tie };
        assert_eq!((empty.overlap(), empty.jaccard()), (0.0, 0.0));
        assert!(!is_bot([true, true, false, false, false, false, false, false, true].into_iter()));
        assert!(is_bot([true, false, false, true].into_iter()) && !is_bot([true].into_iter()));
    }

    #[test]
    fn the_neighbours_that_share_most_are_kept() {
        let tie = |n: u32| Overlap {
            a: ChannelKey(0),
            b: ChannelKey(n),
            shared: 10 + n % 97,
            audience_a: 500,
            audience_b: n,
        };
        let found = neighbours((1..400).map(tie), 3);
        let shared: Vec<(u32, u32)> =
            found[&ChannelKey(0)].iter().map(|other| (other.shared, other.channel.0)).collect();
        assert_eq!(shared, [(106, 96), (106, 193), (106, 290)]);
        assert_eq!((found.len(), found[&ChannelKey(9)].len()), (400, 1));
    }

    #[test]
    fn few_are_not_told_and_programs_not_counted() {
        let mut counter = OverlapCounter::new((0..400).map(ChannelKey));
        for _ in 0..9 {
            assert!(counter.add([ChannelKey(5), ChannelKey(3), ChannelKey(999)]));
        }
        assert_eq!(counter.overlaps().count(), 0);
        assert!(!counter.add((0..301).map(ChannelKey)));
        assert!(counter.add([ChannelKey(3), ChannelKey(5)]));
        let found: Vec<Overlap> = counter.overlaps().collect();
        assert_eq!((found.len(), found[0].shared, counter.audience(ChannelKey(5))), (1, 10, Some(10)));
        let neighbour = |key| Neighbour { channel: ChannelKey(key), shared: 10, visitors: 10 };
        let wanted = [(ChannelKey(3), vec![neighbour(5)]), (ChannelKey(5), vec![neighbour(3)])];
        assert_eq!((neighbours(found.clone(), 9), graph(found, 9)), (wanted.into(), vec![]));
    }

    proptest! {
        /// Against sets of people, pair by pair.
        #[test]
        fn pairs_are_counted_as_sets_say(people in proptest::collection::vec(proptest::collection::btree_set(0u32..12, 0..6), 0..200)) {
            let mut counter = OverlapCounter::new((0..12).rev().map(ChannelKey));
            for visited in &people {
                counter.add(visited.iter().map(|key| ChannelKey(*key)));
            }
            let of = |channel: u32| -> BTreeSet<usize> {
                people.iter().enumerate().filter(|(_, visited)| visited.contains(&channel)).map(|(person, _)| person).collect()
            };
            let found: Vec<Overlap> = counter.overlaps().collect();
            for a in 0..12 {
                for b in a + 1..12 {
                    let shared = of(a).intersection(&of(b)).count() as u32;
                    let tie = found.iter().find(|tie| (tie.a, tie.b) == (ChannelKey(a), ChannelKey(b)));
                    prop_assert_eq!(tie.map(|tie| tie.shared), (shared >= 10).then_some(shared));
                    if let Some(tie) = tie {
                        prop_assert_eq!((tie.audience_a, tie.audience_b), (of(a).len() as u32, of(b).len() as u32));
                        prop_assert!(tie.jaccard() <= tie.overlap());
                    }
                }
            }
        }
    }
}
