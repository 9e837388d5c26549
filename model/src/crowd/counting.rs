//! How many people fit the drawings of one width, and which of them still have to be counted.

use super::draws::{Draws, Set, Stages};
use super::single_out::{DRAWS, MOST_SIGHTINGS};
use crate::identity::ChannelKey;

/// Bits of a count: more than people have keys.
const PLANES: usize = 30;

/// Per drawing and stage, how many others fit its sightings up to there.
pub(super) type Others = Vec<[u32; MOST_SIGHTINGS]>;

/// Counting the drawings of one width.
pub(super) struct Counting<'a> {
    pub(super) draws: &'a Draws,
    /// Those that are not settled.
    pub(super) drawings: Set,
    /// By stage: those that are still counted there.
    counted: [Set; MOST_SIGHTINGS],
    stages: Stages,
    /// The days of channels that drawings need, by channel: those of their sightings up to where they are counted.
    needs: Vec<Need>,
    /// What is counted so far.
    pub(super) tally: Tally,
    /// What is settled.
    others: Others,
}

/// A drawing is fitted by nobody who is not in this channel on all of these days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Need {
    channel: ChannelKey,
    pub(super) draw: usize,
    /// A bit each.
    pub(super) days: u8,
}

/// How many people fit the drawings of one width.
pub(super) struct Tally {
    /// By stage: the counts of all drawings, a bit of each in a word.
    planes: Vec<[Set; PLANES]>,
    /// How often each place was fitted in the first sample, as the difference from the place before.
    seen: Vec<u32>,
}

impl Tally {
    pub(super) fn new(draws: &Draws) -> Tally {
        Tally { planes: vec![[0; PLANES]; MOST_SIGHTINGS], seen: vec![0; draws.sightings.len() + 1] }
    }

    /// Adds one to the counts of a set of drawings.
    #[inline]
    fn add(&mut self, stage: usize, set: Set) {
        let mut carry = set;
        for plane in &mut self.planes[stage] {
            if carry == 0 {
                break;
            }
            (*plane, carry) = (*plane ^ carry, *plane & carry);
        }
    }

    /// Notes which places somebody fits.
    pub(super) fn see(&mut self, ranges: impl Iterator<Item = (u16, u16)>) {
        for (first, end) in ranges {
            for (place, add) in [(first, 1), (end, u32::MAX)] {
                let seen = &mut self.seen[usize::from(place)];
                *seen = seen.wrapping_add(add);
            }
        }
    }

    /// Adds the counts of others.
    pub(super) fn merge(&mut self, other: &Tally) {
        for (planes, others) in self.planes.iter_mut().zip(&other.planes) {
            let mut carry = 0;
            for (plane, other) in planes.iter_mut().zip(others) {
                let both = *plane ^ other;
                (*plane, carry) = (both ^ carry, *plane & other | both & carry);
            }
        }
        for (seen, other) in self.seen.iter_mut().zip(&other.seen) {
            *seen = seen.wrapping_add(*other);
        }
    }

    fn count(&self, draw: usize, stage: usize) -> u32 {
        let bits = self.planes[stage].iter().enumerate();
        bits.map(|(bit, plane)| ((plane >> draw & 1) as u32) << bit).sum()
    }
}

impl<'a> Counting<'a> {
    pub(super) fn new(draws: &'a Draws) -> Counting<'a> {
        Counting {
            draws,
            drawings: Set::MAX,
            counted: [Set::MAX; MOST_SIGHTINGS],
            stages: Stages::of(&draws.orders, draws.sightings.len()),
            needs: Vec::new(),
            tally: Tally::new(draws),
            others: vec![[0; MOST_SIGHTINGS]; DRAWS],
        }
    }

    /// Of a channel: the drawings left that need it.
    pub(super) fn needs_of(&self, channel: ChannelKey) -> impl Iterator<Item = &Need> {
        let first = self.needs.partition_point(|need| need.channel < channel);
        self.needs[first..].iter().take_while(move |need| need.channel == channel)
    }

    /// Counts somebody by what they fit of some drawings.
    #[inline]
    pub(super) fn add(&self, drawings: Set, ranges: impl Iterator<Item = (u16, u16)> + Clone, tally: &mut Tally) {
        self.stages.fit(drawings, ranges, |stage, set| tally.add(stage, set & self.counted[stage]));
    }

    /// Settles what enough people fit: `all` is how many times as many there are as were counted.
    pub(super) fn settle(&mut self, enough: u32, all: f64) {
        let mut sum = 0u32;
        let mut often = Vec::with_capacity(self.tally.seen.len());
        for difference in &self.tally.seen {
            sum = sum.wrapping_add(*difference);
            often.push(sum);
        }
        let mut orders = self.draws.orders.clone();
        self.needs.clear();
        let left = self.drawings;
        for (draw, order) in orders.iter_mut().enumerate().filter(|(draw, _)| left >> draw & 1 == 1) {
            let mut from = self.draws.most();
            for stage in 0..self.draws.most() {
                if self.counted[stage] >> draw & 1 == 0 {
                    continue;
                }
                let count = self.tally.count(draw, stage);
                if count < enough {
                    from = stage;
                    break;
                }
                self.others[draw][stage] = (f64::from(count) * all).round() as u32;
                self.counted[stage] &= !(1 << draw);
            }
            if from == self.draws.most() {
                self.drawings &= !(1 << draw);
            } else {
                let order = &mut order[..=from];
                self.rarest_first(order, &often);
                self.need(draw, order);
            }
        }
        self.needs.sort_unstable();
        self.stages = Stages::of(&orders, self.draws.sightings.len());
    }

    /// The channel of a sighting, and its day of the week, from 0.
    fn day(&self, place: u16) -> (ChannelKey, u16) {
        let (channel, bin) = self.draws.sightings[usize::from(place)];
        (channel, self.draws.day_of(bin))
    }

    /// Notes which days of channels a drawing needs that is counted from the last of these sightings on.
    fn need(&mut self, draw: usize, order: &[u16]) {
        let mut days: Vec<(ChannelKey, u16)> = order.iter().map(|place| self.day(*place)).collect();
        days.sort_unstable();
        days.dedup();
        self.needs.extend(days.chunk_by(|a, b| a.0 == b.0).map(|days| Need {
            channel: days[0].0,
            draw,
            days: days.iter().fold(0, |set, (_, day)| set | 1 << day),
        }));
    }

    /// Puts the rarest sightings first, and each day of a channel once before any comes again: of one evening, whoever is there at one
    /// time is at others too.
    fn rarest_first(&self, order: &mut [u16], often: &[u32]) {
        let how_often = |place: &u16| often[usize::from(*place)];
        order.sort_by_key(how_often);
        let mut rounds: Vec<(usize, u16)> = Vec::with_capacity(order.len());
        for place in order.iter() {
            let before = rounds.iter().filter(|(_, other)| self.day(*other) == self.day(*place)).count();
            rounds.push((before, *place));
        }
        rounds.sort_by_key(|(round, place)| (*round, how_often(place)));
        for (place, (_, next)) in order.iter_mut().zip(&rounds) {
            *place = *next;
        }
    }

    /// Which channels the first sightings of drawings lie in.
    pub(super) fn firsts(&self) -> impl Iterator<Item = ChannelKey> {
        self.stages.firsts(self.drawings).map(|place| self.draws.sightings[usize::from(place)].0)
    }

    pub(super) fn others(mut self) -> Others {
        let most = self.draws.most();
        for draw in 0..DRAWS {
            for stage in (0..most).filter(|stage| self.drawings >> draw & self.counted[*stage] >> draw & 1 == 1) {
                self.others[draw][stage] = self.tally.count(draw, stage);
            }
        }
        self.others
    }
}
