//! Counting, of everybody in an index, who fits which drawings of somebody's sightings.
//!
//! Chunks are counted one after the other, in an order in which the first few are a sample of all. At some points the sightings from
//! which on a drawing still has to be counted are found again: where enough people fit, their number is estimated of
//! those seen so far, and whether it is none is known. What is left is told by few people, and most are ruled out by the one or
//! two sightings that come first: the rarest, of different days.

use super::calendar::WEEK_SLOTS;
use super::draws::{Draws, Set, Stages};
use super::effort::{Effort, on_all_cores};
use super::index::{Chunk, Index, Kind};
use super::posting::each_run;
use super::single_out::{DRAWS, MOST_SIGHTINGS};
use crate::identity::ChannelKey;
use crate::slot::SLOTS_PER_DAY;

/// How many widths of bins there are.
pub(super) const WIDTHS: usize = 4;
/// No run.
const NONE: u32 = u32::MAX;
/// Bits of a count: more than people have keys.
const PLANES: usize = 30;

/// Per drawing and stage, how many others fit its sightings up to there.
pub(super) type Others = Vec<[u32; MOST_SIGHTINGS]>;

/// Counts who else than `own` fits the drawings, for each width of bins.
pub(super) fn others<B: AsRef<[u8]> + Sync>(
    index: &Index<B>,
    draws: &[Draws; WIDTHS],
    own: Option<u32>,
    effort: Effort,
) -> [Others; WIDTHS] {
    let mut widths = draws.each_ref().map(Counting::new);
    let mut sweep = Sweep::new(index, draws, own);
    let order = Effort::order(index.chunks().len());
    let (mut done, mut people) = (0, 0);
    let mut next = effort.sample(order.len());
    while done < order.len() && widths.iter().any(|width| width.drawings != 0) {
        let end = next.min(order.len());
        sweep.aim(&widths);
        let of_some = |places: &[usize]| sweep.count(places, &widths, done == 0);
        for tallies in on_all_cores(&order[done..end], of_some) {
            for (width, tally) in widths.iter_mut().zip(&tallies) {
                width.tally.merge(tally);
            }
        }
        people += order[done..end].iter().map(|place| index.chunks()[*place].week_people).sum::<u32>();
        (done, next) = (end, 2 * end);
        if done < order.len() {
            let all = f64::from(index.week_people()) / f64::from(people.max(1));
            for width in &mut widths {
                width.settle(effort.enough, all);
            }
        }
    }
    widths.map(Counting::others)
}

/// Counting the drawings of one width.
struct Counting<'a> {
    draws: &'a Draws,
    /// Those that are not settled.
    drawings: Set,
    /// By stage: those that are counted from there on.
    counted: [Set; MOST_SIGHTINGS],
    stages: Stages,
    /// By how many days of channels somebody is there on: the drawings left whose sightings up to where they are counted lie on no more.
    within: [Set; MOST_SIGHTINGS + 1],
    /// What is counted so far.
    tally: Tally,
    /// What is settled.
    others: Others,
}

/// How many people fit the drawings of one width.
struct Tally {
    /// By stage: the counts of all drawings, a bit of each in a word.
    planes: Vec<[Set; PLANES]>,
    /// How often each place was fitted in the first sample, as the difference from the place before.
    seen: Vec<u32>,
}

impl Tally {
    fn new(draws: &Draws) -> Tally {
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

    /// Adds the counts of others.
    fn merge(&mut self, other: &Tally) {
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
    fn new(draws: &'a Draws) -> Counting<'a> {
        Counting {
            draws,
            drawings: Set::MAX,
            counted: [Set::MAX; MOST_SIGHTINGS],
            stages: Stages::of(&draws.orders, draws.sightings.len()),
            within: [Set::MAX; MOST_SIGHTINGS + 1],
            tally: Tally::new(draws),
            others: vec![[0; MOST_SIGHTINGS]; DRAWS],
        }
    }

    /// The drawings that somebody may fit who is there on so many days of channels.
    fn drawings_of(&self, days: u8) -> Set {
        self.drawings & self.within[usize::from(days).min(MOST_SIGHTINGS)]
    }

    /// Counts somebody by what they fit of some drawings.
    #[inline]
    fn add(&self, drawings: Set, ranges: impl Iterator<Item = (u16, u16)> + Clone, tally: &mut Tally) {
        self.stages.fit(drawings, ranges, |stage, set| tally.add(stage, set & self.counted[stage]));
    }

    /// Settles what enough people fit: `all` is how many times as many there are as were counted.
    fn settle(&mut self, enough: u32, all: f64) {
        let mut sum = 0u32;
        let mut often = Vec::with_capacity(self.tally.seen.len());
        for difference in &self.tally.seen {
            sum = sum.wrapping_add(*difference);
            often.push(sum);
        }
        let mut orders = self.draws.orders.clone();
        self.within = [0; MOST_SIGHTINGS + 1];
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
                let days = self.rarest_first(&mut order[..=from], &often);
                self.within[days..].iter_mut().for_each(|set| *set |= 1 << draw);
            }
        }
        self.stages = Stages::of(&orders, self.draws.sightings.len());
    }

    /// Puts the rarest sightings first, and each day of a channel once before any comes again: of one evening, whoever is there at one
    /// time is at others too. How many days of channels there are.
    fn rarest_first(&self, order: &mut [u16], often: &[u32]) -> usize {
        let how_often = |place: &u16| often[usize::from(*place)];
        order.sort_by_key(how_often);
        let day = |place: u16| {
            let (channel, bin) = self.draws.sightings[usize::from(place)];
            (channel, bin * self.draws.width / SLOTS_PER_DAY)
        };
        let mut rounds: Vec<(usize, u16)> = Vec::with_capacity(order.len());
        for place in order.iter() {
            let before = rounds.iter().filter(|(_, other)| day(*other) == day(*place)).count();
            rounds.push((before, *place));
        }
        rounds.sort_by_key(|(round, place)| (*round, how_often(place)));
        for (place, (_, next)) in order.iter_mut().zip(&rounds) {
            *place = *next;
        }
        rounds.iter().filter(|(round, _)| *round == 0).count()
    }

    /// Which channels the first sightings of drawings lie in.
    fn firsts(&self) -> impl Iterator<Item = ChannelKey> {
        self.stages.firsts(self.drawings).map(|place| self.draws.sightings[usize::from(place)].0)
    }

    fn others(mut self) -> Others {
        let most = self.draws.most();
        for draw in 0..DRAWS {
            for stage in (0..most).filter(|stage| self.drawings >> draw & self.counted[*stage] >> draw & 1 == 1) {
                self.others[draw][stage] = self.tally.count(draw, stage);
            }
        }
        self.others
    }
}

/// Goes through chunks, person by person.
struct Sweep<'a, B> {
    index: &'a Index<B>,
    own: Option<u32>,
    lookups: Vec<Lookup>,
    asked: [bool; WIDTHS],
}

/// What everybody of a chunk fits.
#[derive(Default)]
struct Fits {
    /// Of each person of a chunk, the last of their runs in `runs`.
    last: Vec<u32>,
    /// And on how many days of channels they are there, no fewer.
    days: Vec<u8>,
    touched: Vec<u64>,
    runs: Vec<Ranges>,
}

/// Places that a run fits of each width, from and to, and the run before it.
#[derive(Clone, Copy, Debug)]
struct Ranges {
    first: [u16; WIDTHS],
    end: [u16; WIDTHS],
    before: u32,
}

/// Which of the sightings in one channel a run fits.
struct Lookup {
    channel: ChannelKey,
    /// Whether some drawing's first sighting lies in it.
    is_first: bool,
    /// By slot of the week, of each width: the places before the bin that it lies in, and up to its end.
    slots: Vec<([u16; WIDTHS], [u16; WIDTHS])>,
}

impl<'a, B: AsRef<[u8]>> Sweep<'a, B> {
    fn new(index: &'a Index<B>, draws: &[Draws; WIDTHS], own: Option<u32>) -> Sweep<'a, B> {
        let mut channels: Vec<ChannelKey> =
            draws.iter().flat_map(|draws| &draws.sightings).map(|(channel, _)| *channel).collect();
        channels.sort_unstable();
        channels.dedup();
        let of = |channel: &ChannelKey| {
            let places = draws.each_ref().map(|draws| draws.places(*channel));
            let place =
                |width: usize, slot: u16, next: u16| places[width][usize::from(slot / draws[width].width + next)];
            let slot = |slot| {
                let of = |next| std::array::from_fn(|width| place(width, slot, next));
                (of(0), of(1))
            };
            Lookup { channel: *channel, is_first: true, slots: (0..WEEK_SLOTS).map(slot).collect() }
        };
        let lookups = channels.iter().map(of).collect();
        Sweep { index, own, lookups, asked: [true; WIDTHS] }
    }

    /// Looks for what is not settled, and first into the channels of first sightings: who is in none of them fits none.
    fn aim(&mut self, widths: &[Counting<'_>; WIDTHS]) {
        self.asked = widths.each_ref().map(|width| width.drawings != 0);
        let mut firsts: Vec<ChannelKey> = widths.iter().flat_map(Counting::firsts).collect();
        firsts.sort_unstable();
        for lookup in &mut self.lookups {
            lookup.is_first = firsts.binary_search(&lookup.channel).is_ok();
        }
        self.lookups.sort_by_key(|lookup| (!lookup.is_first, lookup.channel));
    }

    /// Counts the people of some chunks.
    fn count(&self, places: &[usize], widths: &[Counting<'_>; WIDTHS], is_first: bool) -> [Tally; WIDTHS] {
        let mut tallies = widths.each_ref().map(|width| Tally::new(width.draws));
        let mut fits = Fits::default();
        for chunk in places.iter().map(|place| &self.index.chunks()[*place]) {
            self.collect(chunk, &mut fits);
            for person in fits.people() {
                self.count_person(chunk.first + person, fits.of(person), widths, &mut tallies, is_first);
            }
        }
        tallies
    }

    #[inline]
    fn count_person(
        &self,
        ordinal: u32,
        (days, runs): (u8, Backwards<'_>),
        widths: &[Counting<'_>; WIDTHS],
        tallies: &mut [Tally; WIDTHS],
        is_first: bool,
    ) {
        let drawings = widths.each_ref().map(|counting| counting.drawings_of(days));
        let is_none = drawings.iter().all(|set| *set == 0);
        if is_none || self.own == Some(ordinal) || !self.index.is_in_week(ordinal) {
            return;
        }
        for (width, counting) in widths.iter().enumerate().filter(|(width, _)| self.asked[*width]) {
            let ranges = runs.clone().map(|run| (run.first[width], run.end[width]));
            if drawings[width] != 0 {
                counting.add(drawings[width], ranges.clone(), &mut tallies[width]);
            }
            if is_first {
                let seen = &mut tallies[width].seen;
                ranges.for_each(|(first, end)| {
                    seen[usize::from(first)] = seen[usize::from(first)].wrapping_add(1);
                    seen[usize::from(end)] = seen[usize::from(end)].wrapping_sub(1);
                });
            }
        }
    }

    fn collect(&self, chunk: &Chunk, fits: &mut Fits) {
        let Fits { last, days, touched, runs } = fits;
        last.clear();
        last.resize(chunk.people as usize, NONE);
        days.clear();
        days.resize(last.len(), 0);
        touched.clear();
        touched.resize(last.len().div_ceil(64), 0);
        runs.clear();
        for lookup in &self.lookups {
            let mut before = (u32::MAX, 0);
            each_run(self.index.part(chunk, lookup.channel, Kind::Week), |person, from, to| {
                let ends = (lookup.slots.get(usize::from(from)), lookup.slots.get(usize::from(to - 1)));
                let (Some((first, _)), Some((_, end))) = ends else { return };
                if first == end {
                    return;
                }
                let Some(last) = last.get_mut(person as usize) else { return };
                if *last == NONE && !lookup.is_first {
                    return;
                }
                let (day, until) = (from / SLOTS_PER_DAY, (to - 1) / SLOTS_PER_DAY);
                let is_new = before != (person, day);
                days[person as usize] = days[person as usize].saturating_add(u8::from(is_new) + (until - day) as u8);
                before = (person, until);
                runs.push(Ranges { first: *first, end: *end, before: *last });
                *last = runs.len() as u32 - 1;
                touched[person as usize / 64] |= 1 << (person % 64);
            });
        }
    }
}

impl Fits {
    /// Places in the chunk of those who fit anything, ascending.
    fn people(&self) -> impl Iterator<Item = u32> {
        self.touched.iter().enumerate().flat_map(|(place, word)| {
            let mut word = *word;
            std::iter::from_fn(move || {
                let bit = (word != 0).then(|| word.trailing_zeros())?;
                word &= word - 1;
                Some(64 * place as u32 + bit)
            })
        })
    }

    /// On how many days of channels somebody is there, no fewer, and their runs.
    #[inline]
    fn of(&self, person: u32) -> (u8, Backwards<'_>) {
        let person = person as usize;
        (self.days[person], Backwards { runs: &self.runs, next: self.last[person] })
    }
}

/// Somebody's runs, the last first.
#[derive(Clone)]
struct Backwards<'a> {
    runs: &'a [Ranges],
    next: u32,
}

impl<'a> Iterator for Backwards<'a> {
    type Item = &'a Ranges;

    #[inline]
    fn next(&mut self) -> Option<&'a Ranges> {
        let run = self.runs.get(self.next as usize)?;
        self.next = run.before;
        Some(run)
    }
}
