//! Drawing sightings of a person, and counting for all drawings at once who fits them.

use super::calendar::WEEK_SLOTS;
use super::single_out::{DRAWS, MOST_SIGHTINGS};
use crate::analysis::bootstrap::Chance;
use crate::identity::ChannelKey;
use crate::slot::SLOTS_PER_DAY;

/// Some of the drawings, a bit each.
pub(super) type Set = u128;

const _: () = assert!(DRAWS == Set::BITS as usize);

/// Drawings of a person's sightings in bins of one width.
#[derive(Clone, Debug)]
pub(super) struct Draws {
    /// Slots of a bin.
    pub(super) width: u16,
    /// Sightings the person has.
    pub(super) all: usize,
    /// Those that were drawn, by ascending channel and bin; a place is one in this list.
    pub(super) sightings: Vec<(ChannelKey, u16)>,
    /// Places in the order drawn, each once: the first p of them are a drawing of p sightings.
    pub(super) orders: Vec<Vec<u16>>,
}

impl Draws {
    /// Draws, time and again, [`MOST_SIGHTINGS`] sightings in an order, without replacement: the first p of them are as likely as any
    /// other p.
    pub(super) fn of(week: &[(ChannelKey, Vec<(u16, u16)>)], width: u16, mut chance: Chance) -> Draws {
        let mut all: Vec<(ChannelKey, u16)> = Vec::new();
        for (channel, runs) in week {
            let bins = runs.iter().flat_map(|(from, to)| from / width..(to - 1) / width + 1);
            all.extend(bins.map(|bin| (*channel, bin)));
        }
        all.dedup();
        let mut shuffled: Vec<usize> = (0..all.len()).collect();
        let mut draw = || {
            let each = all.len().min(MOST_SIGHTINGS);
            // Fisher and Yates, as far as is needed.
            for place in 0..each {
                let other = place + chance.below(all.len() - place);
                shuffled.swap(place, other);
            }
            shuffled[..each].to_vec()
        };
        let drawn: Vec<Vec<usize>> = (0..DRAWS).map(|_| draw()).collect();
        let mut used: Vec<usize> = drawn.iter().flatten().copied().collect();
        used.sort_unstable();
        used.dedup();
        let place = |sighting: &usize| used.binary_search(sighting).unwrap_or_default() as u16;
        Draws {
            width,
            orders: drawn.iter().map(|order| order.iter().map(place).collect()).collect(),
            sightings: used.iter().map(|sighting| all[*sighting]).collect(),
            all: all.len(),
        }
    }

    /// Sightings of each drawing.
    pub(super) fn most(&self) -> usize {
        self.all.min(MOST_SIGHTINGS)
    }

    /// Of a channel: the days of the sightings drawn, a bit each, the first the least.
    pub(super) fn days(&self, channel: ChannelKey) -> u8 {
        self.bins_of(channel).fold(0, |days, bin| days | 1 << self.day_of(bin))
    }

    /// The day of a bin, from 0.
    pub(super) fn day_of(&self, bin: u16) -> u16 {
        bin * self.width / SLOTS_PER_DAY
    }

    /// The place of a channel's first sighting drawn.
    fn first_of(&self, channel: ChannelKey) -> usize {
        self.sightings.partition_point(|(other, _)| *other < channel)
    }

    /// The bins of a channel's sightings drawn, ascending.
    fn bins_of(&self, channel: ChannelKey) -> impl Iterator<Item = u16> {
        let of_channel = self.sightings[self.first_of(channel)..].iter();
        of_channel.take_while(move |(other, _)| *other == channel).map(|(_, bin)| *bin)
    }

    /// Of a channel: for each bin of the week, and its end, how many of the sightings drawn come before it.
    pub(super) fn places(&self, channel: ChannelKey) -> Vec<u16> {
        let mut counts = vec![0u16; usize::from(WEEK_SLOTS / self.width) + 1];
        for bin in self.bins_of(channel) {
            counts[usize::from(bin) + 1] += 1;
        }
        let mut place = self.first_of(channel) as u16;
        for count in &mut counts {
            place += *count;
            *count = place;
        }
        counts
    }
}

/// Drawings by the place of their first sighting, their second, and so on.
#[derive(Clone, Debug)]
pub(super) struct Stages {
    count: usize,
    firsts: Vec<u16>,
    /// By place and stage: the drawings whose sighting of that stage has a smaller place.
    before: Vec<Set>,
}

impl Stages {
    /// Of the orders of so many places.
    pub(super) fn of(orders: &[Vec<u16>], places: usize) -> Stages {
        let stages = orders.iter().map(Vec::len).max().unwrap_or_default();
        let mut before = vec![0; (places + 1) * stages];
        for (draw, order) in orders.iter().enumerate() {
            for (stage, place) in order.iter().enumerate() {
                before[(usize::from(*place) + 1) * stages + stage] |= 1 << draw;
            }
        }
        for at in stages..before.len() {
            before[at] |= before[at - stages];
        }
        Stages { count: stages, firsts: orders.iter().filter_map(|order| order.first().copied()).collect(), before }
    }

    /// The places of the first sightings of some drawings.
    pub(super) fn firsts(&self, drawings: Set) -> impl Iterator<Item = u16> {
        self.firsts.iter().enumerate().filter(move |(draw, _)| drawings >> draw & 1 == 1).map(|(_, place)| *place)
    }

    /// Calls `fit(stage, drawings)` with those of `drawings` whose sightings up to the stage, from 0, all lie in some ranges of
    /// places, as long as there are any.
    #[inline]
    pub(super) fn fit(
        &self,
        mut drawings: Set,
        ranges: impl Iterator<Item = (u16, u16)> + Clone,
        mut fit: impl FnMut(usize, Set),
    ) {
        for stage in 0..self.count {
            let before =
                |place: u16| self.before.get(usize::from(place) * self.count + stage).copied().unwrap_or_default();
            drawings &= ranges.clone().fold(0, |set, (first, end)| set | before(end) & !before(first));
            if drawings == 0 {
                return;
            }
            fit(stage, drawings);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    fn week() -> Vec<(ChannelKey, Vec<(u16, u16)>)> {
        vec![(ChannelKey(2), vec![(0, 3), (11, 14)]), (ChannelKey(9), vec![(600, 900)])]
    }

    #[test]
    fn bins_are_drawn_once_each() {
        let draws = Draws::of(&week(), 12, Chance::new(1));
        let bins: Vec<(u32, u16)> = draws.sightings.iter().map(|(channel, bin)| (channel.0, *bin)).collect();
        let expected: Vec<(u32, u16)> = [(2, 0), (2, 1)].into_iter().chain((50..75).map(|bin| (9, bin))).collect();
        assert_eq!((bins, draws.all, draws.most()), (expected, 27, 12));
        for order in &draws.orders {
            let mut once = order.clone();
            once.sort_unstable();
            once.dedup();
            assert_eq!((once.len(), order.len()), (12, 12));
        }
        let places = draws.places(ChannelKey(9));
        assert_eq!((places[0], places[50], places[51], places[75], places[168]), (2, 2, 3, 27, 27));
        assert_eq!(draws.places(ChannelKey(3))[168], 2);
    }

    #[test]
    fn every_sighting_comes_first_as_often_as_another() {
        let mut counts = HashMap::new();
        for seed in 0..300 {
            let draws = Draws::of(&week(), 12, Chance::new(seed));
            for order in &draws.orders {
                *counts.entry(draws.sightings[usize::from(order[0])]).or_insert(0u32) += 1;
            }
        }
        let even = 300.0 * DRAWS as f64 / 27.0;
        let is_even = |count: &u32| (f64::from(*count) / even - 1.0).abs() < 0.15;
        assert!(counts.len() == 27 && counts.values().all(is_even), "{counts:?}");
    }

    #[test]
    fn what_somebody_fits_goes_as_far_as_their_ranges() {
        let stages = Stages::of(&[vec![0, 1, 2], vec![2, 3, 0], vec![1, 3, 2]], 4);
        let fits = |ranges: &[(u16, u16)]| {
            let mut fits = Vec::new();
            stages.fit(0b111, ranges.iter().copied(), |stage, set| fits.push((stage, set)));
            fits
        };
        assert_eq!(fits(&[(0, 4)]), [(0, 0b111), (1, 0b111), (2, 0b111)]);
        assert_eq!(fits(&[(1, 4)]), [(0, 0b110), (1, 0b110), (2, 0b100)]);
        assert_eq!(fits(&[(0, 1), (2, 4)]), [(0, 0b011), (1, 0b010), (2, 0b010)]);
        assert_eq!((fits(&[(3, 4)]), fits(&[])), (vec![], vec![]));
        assert_eq!(stages.firsts(0b101).collect::<Vec<_>>(), [0, 1]);
    }
}
