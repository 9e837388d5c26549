//! Counting, of everybody in an index, who fits which drawings of somebody's sightings.
//!
//! First a sample of all chunks is counted. A drawing of which enough people of the sample fit the first p sightings
//! is known not to be of one, and how many fit it well enough; what is left are the drawings, and the sightings of each from which on
//! that is not so. These are counted in all the other chunks, the rarest of their sightings first, so that few people
//! are looked at twice.

use super::draws::{Draws, Set, Stages, each_draw};
use super::index::{Chunk, Index, Kind};
use super::posting::each_run;
use super::single_out::{DRAWS, MOST_SIGHTINGS};
use crate::identity::ChannelKey;

/// How many widths of bins there are.
pub(super) const WIDTHS: usize = 4;
/// No run.
const NONE: u32 = u32::MAX;

/// How much is counted.
#[derive(Clone, Copy, Debug)]
pub(super) struct Effort {
    /// One chunk of so many is in the sample.
    pub(super) every: usize,
    /// People of the sample from which on their number is taken for that of all.
    pub(super) enough: u32,
}

impl Effort {
    /// For a question of a page. Of 64 people of a sample the number of all is 12 % off, one standard deviation, or a sixth of a bit.
    pub(super) const PAGE: Effort = Effort { every: 16, enough: 64 };

    /// Of how many chunks one is in the sample: a sample of very few would be one of a few months' newcomers.
    pub(super) fn every_of(self, chunks: usize) -> usize {
        if chunks < 4 * self.every { 1 } else { self.every }
    }
}

/// Per drawing and stage, how many others fit its sightings up to there.
pub(super) type Others = Vec<[u32; MOST_SIGHTINGS]>;

/// Counts who else than `own` fits the drawings, for each width of bins.
pub(super) fn others<B: AsRef<[u8]>>(
    index: &Index<B>,
    draws: &[Draws; WIDTHS],
    own: Option<u32>,
    effort: Effort,
) -> [Others; WIDTHS] {
    let mut counts: [Others; WIDTHS] = std::array::from_fn(|_| vec![[0; MOST_SIGHTINGS]; DRAWS]);
    let mut seen: [Vec<u32>; WIDTHS] = draws.each_ref().map(|draws| vec![0; draws.sightings.len() + 1]);
    let stages = draws.each_ref().map(|draws| Some(Stages::of(&draws.orders, draws.sightings.len())));
    let every = effort.every_of(index.chunks().len());
    let sampled = |place: usize| place % every == every / 2;
    let sample = || index.chunks().iter().enumerate().filter(|(place, _)| sampled(*place)).map(|(_, chunk)| chunk);
    let mut sweep = Sweep::new(index, draws, own);
    sweep.run(sample(), &stages, |width, ranges, stages| {
        stages.fit(Set::MAX, ranges.clone(), |stage, set| each_draw(set, |draw| counts[width][draw][stage] += 1));
        ranges.for_each(|(first, end)| {
            seen[width][usize::from(first)] += 1;
            seen[width][usize::from(end)] = seen[width][usize::from(end)].wrapping_sub(1);
        });
    });
    if every == 1 {
        return counts;
    }
    let mut rest: [Option<Rest>; WIDTHS] =
        std::array::from_fn(|width| Rest::of(&draws[width], &counts[width], &seen[width], effort));
    let stages = rest.each_ref().map(|rest| rest.as_ref().map(|rest| rest.stages.clone()));
    let others = index.chunks().iter().enumerate().filter(|(place, _)| !sampled(*place)).map(|(_, chunk)| chunk);
    sweep.run(others, &stages, |width, ranges, stages| {
        let Some(rest) = &rest[width] else { return };
        stages.fit(rest.drawings, ranges, |stage, set| {
            each_draw(set & rest.counts[stage], |draw| counts[width][draw][stage] += 1);
        });
    });
    let people = |chunk: &Chunk| index.week_people_of(chunk);
    let of_sample: u32 = sample().map(people).sum();
    let all = f64::from(index.week_people()) / f64::from(of_sample.max(1));
    for (counts, rest) in counts.iter_mut().zip(&mut rest) {
        let is_known =
            |draw: usize, stage: usize| rest.as_ref().is_some_and(|rest| rest.counts[stage] >> draw & 1 == 1);
        for (draw, counts) in counts.iter_mut().enumerate() {
            for (_, count) in counts.iter_mut().enumerate().filter(|(stage, _)| !is_known(draw, *stage)) {
                *count = (f64::from(*count) * all).round() as u32;
            }
        }
    }
    counts
}

/// What a sample left to count.
struct Rest {
    /// Drawings that are not done.
    drawings: Set,
    /// By stage: the drawings that are counted from there on.
    counts: [Set; MOST_SIGHTINGS],
    stages: Stages,
}

impl Rest {
    /// Nothing where all drawings are done. `seen` has how often each place was fitted, as differences from the one before.
    fn of(draws: &Draws, counts: &Others, seen: &[u32], effort: Effort) -> Option<Rest> {
        let mut sum = 0u32;
        let often: Vec<u32> = seen
            .iter()
            .map(|difference| {
                sum = sum.wrapping_add(*difference);
                sum
            })
            .collect();
        let mut rest = Rest { drawings: 0, counts: [0; MOST_SIGHTINGS], stages: Stages::of(&[], 0) };
        let mut orders = draws.orders.clone();
        for (draw, order) in orders.iter_mut().enumerate() {
            let Some(from) = (0..draws.most()).find(|stage| counts[draw][*stage] < effort.enough) else { continue };
            rest.drawings |= 1 << draw;
            rest.counts[from..].iter_mut().for_each(|set| *set |= 1 << draw);
            order[..=from].sort_by_key(|place| often[usize::from(*place)]);
        }
        rest.stages = Stages::of(&orders, draws.sightings.len());
        (rest.drawings != 0).then_some(rest)
    }
}

/// Goes through chunks, person by person.
struct Sweep<'a, B> {
    index: &'a Index<B>,
    own: Option<u32>,
    lookups: Vec<Lookup>,
    /// Of each person of a chunk, the last of their runs in `runs`.
    last: Vec<u32>,
    touched: Vec<u64>,
    runs: Vec<Ranges>,
}

/// What a run fits: places of each width, from and to, and the run before it.
#[derive(Clone, Copy, Debug)]
struct Ranges {
    places: [(u16, u16); WIDTHS],
    before: u32,
}

/// Which of the sightings in one channel a run fits.
struct Lookup {
    channel: ChannelKey,
    /// Width of bins and places by bin.
    widths: [(u16, Vec<u16>); WIDTHS],
}

impl<'a, B: AsRef<[u8]>> Sweep<'a, B> {
    fn new(index: &'a Index<B>, draws: &[Draws; WIDTHS], own: Option<u32>) -> Sweep<'a, B> {
        let mut channels: Vec<ChannelKey> =
            draws.iter().flat_map(|draws| &draws.sightings).map(|(channel, _)| *channel).collect();
        channels.sort_unstable();
        channels.dedup();
        let of = |channel: &ChannelKey| {
            let widths = draws.each_ref().map(|draws| (draws.width, draws.places(*channel)));
            Lookup { channel: *channel, widths }
        };
        let lookups = channels.iter().map(of).collect();
        Sweep { index, own, lookups, last: Vec::new(), touched: Vec::new(), runs: Vec::new() }
    }

    /// Calls `each(width, ranges, stages)` of everybody in some chunks who fits any sighting, for each width that has stages.
    fn run<'c>(
        &mut self,
        chunks: impl Iterator<Item = &'c Chunk>,
        stages: &[Option<Stages>; WIDTHS],
        mut each: impl FnMut(usize, Backwards<'_>, &Stages),
    ) {
        let asked = stages.each_ref().map(Option::is_some);
        if !asked.contains(&true) {
            return;
        }
        for chunk in chunks {
            self.collect(chunk, asked);
            for (place, word) in self.touched.iter().enumerate() {
                let mut word = *word;
                while word != 0 {
                    let person = 64 * place as u32 + word.trailing_zeros();
                    word &= word - 1;
                    let ordinal = chunk.first + person;
                    if self.own == Some(ordinal) || !self.index.is_in_week(ordinal) {
                        continue;
                    }
                    for (width, stages) in stages.iter().enumerate() {
                        let Some(stages) = stages else { continue };
                        let ranges = Backwards { runs: &self.runs, next: self.last[person as usize], width };
                        each(width, ranges, stages);
                    }
                }
            }
        }
    }

    /// What everybody of a chunk fits.
    fn collect(&mut self, chunk: &Chunk, asked: [bool; WIDTHS]) {
        let Sweep { index, lookups, last, touched, runs, .. } = self;
        last.clear();
        last.resize(chunk.people as usize, NONE);
        touched.clear();
        touched.resize(last.len().div_ceil(64), 0);
        runs.clear();
        for lookup in lookups {
            each_run(index.part(chunk, lookup.channel, Kind::Week), |person, from, to| {
                let places = lookup.places(from, to, asked);
                if places.iter().all(|(first, end)| first == end) {
                    return;
                }
                let Some(last) = last.get_mut(person as usize) else { return };
                runs.push(Ranges { places, before: *last });
                *last = runs.len() as u32 - 1;
                touched[person as usize / 64] |= 1 << (person % 64);
            });
        }
    }
}

impl Lookup {
    /// Places of the sightings that a run of slots [from, to) fits, from and to, of the widths asked.
    #[inline]
    fn places(&self, from: u16, to: u16, asked: [bool; WIDTHS]) -> [(u16, u16); WIDTHS] {
        std::array::from_fn(|at| {
            if !asked[at] {
                return (0, 0);
            }
            let (width, places) = &self.widths[at];
            // The bytes were proved: none of them leaves the week.
            let place = |bin: u16| places.get(usize::from(bin)).copied().unwrap_or_default();
            let first = place(from / width);
            (first, place((to - 1) / width + 1).max(first))
        })
    }
}

/// Somebody's ranges of one width, the last first.
#[derive(Clone)]
struct Backwards<'a> {
    runs: &'a [Ranges],
    next: u32,
    width: usize,
}

impl Iterator for Backwards<'_> {
    type Item = (u16, u16);

    #[inline]
    fn next(&mut self) -> Option<(u16, u16)> {
        let run = self.runs.get(self.next as usize)?;
        self.next = run.before;
        Some(run.places[self.width])
    }
}
