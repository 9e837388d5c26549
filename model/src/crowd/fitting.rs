//! Counting, of everybody in an index, who fits which drawings of somebody's sightings.
//!
//! Chunks are counted one after the other, in an order in which the first few are a sample of all. At some points the sightings from
//! which on a drawing still has to be counted are found again: where enough people fit, their number is estimated of
//! those seen so far, and whether it is none is known. What is left is told by few people: most are ruled out by the days on which they
//! were in the channels, without a look at when, and most others by the one or two sightings that come first: the rarest, of different
//! days.

use std::ops::Range;

use super::calendar::{WEEK_DAYS, WEEK_SLOTS};
use super::counting::{Counting, Others, Tally};
use super::draws::{Draws, Set};
use super::effort::{Effort, on_all_cores};
use super::index::{Chunk, Index, Kind};
use super::posting::{each_head, each_run};
use crate::identity::ChannelKey;

/// How many widths of bins there are.
pub(super) const WIDTHS: usize = 4;
/// No visit.
const NONE: u32 = u32::MAX;
/// All days of the week, a bit each.
const DAYS: u8 = (1 << WEEK_DAYS) - 1;

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
        if done > 0 {
            sweep.aim(&widths);
        }
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

/// A set of drawings of each width.
type Sets = [Set; WIDTHS];

/// Goes through chunks, person by person.
struct Sweep<'a, B> {
    index: &'a Index<B>,
    own: Option<u32>,
    lookups: Vec<Lookup>,
    /// By k and place: the drawings that need any of the 2ᵏ lookups from there on.
    needs: Vec<Vec<Sets>>,
}

/// Which of the sightings in one channel somebody fits.
struct Lookup {
    channel: ChannelKey,
    /// Whether some drawing's first sighting lies in it.
    is_first: bool,
    /// Days of the sightings that were drawn in it, a bit each.
    days: u8,
    /// By the days that somebody is in it on: the drawings that need no other day of it.
    fits: Vec<Sets>,
    /// The same days, a bit for each that some drawing is left on.
    is_any: u128,
    /// By slot of the week, of each width: the places before the bin that it lies in, and up to its end.
    slots: Vec<([u16; WIDTHS], [u16; WIDTHS])>,
}

/// Who of a chunk is in the channels.
#[derive(Default)]
struct Visits<'a> {
    /// Of each person of the chunk, the last of theirs in `all`.
    last: Vec<u32>,
    touched: Vec<u64>,
    all: Vec<Visit<'a>>,
}

/// Somebody in a channel.
#[derive(Clone, Copy, Debug)]
struct Visit<'a> {
    lookup: u16,
    /// A bit each.
    days: u8,
    /// Their runs, as bytes.
    runs: &'a [u8],
    /// The visit before it.
    before: u32,
}

/// Places that a run fits of each width, from and to.
type Ranges = ([u16; WIDTHS], [u16; WIDTHS]);

impl Lookup {
    fn new(channel: ChannelKey, draws: &[Draws; WIDTHS]) -> Lookup {
        let places = draws.each_ref().map(|draws| draws.places(channel));
        let place = |width: usize, slot: u16, next: u16| places[width][usize::from(slot / draws[width].width + next)];
        let slot = |slot| {
            let of = |next| std::array::from_fn(|width| place(width, slot, next));
            (of(0), of(1))
        };
        Lookup {
            channel,
            is_first: true,
            days: draws.iter().fold(0, |days, draws| days | draws.days(channel)),
            fits: vec![[Set::MAX; WIDTHS]; 1 << WEEK_DAYS],
            is_any: u128::MAX,
            slots: (0..WEEK_SLOTS).map(slot).collect(),
        }
    }

    /// Looks for what is not settled; the drawings that need it.
    fn aim(&mut self, widths: &[Counting<'_>; WIDTHS]) -> Sets {
        let mut needed = [0; WIDTHS];
        self.fits.fill([0; WIDTHS]);
        for (width, counting) in widths.iter().enumerate() {
            for need in counting.needs_of(self.channel) {
                self.fits[usize::from(need.days)][width] |= 1 << need.draw;
                needed[width] |= 1 << need.draw;
            }
            self.fits[0][width] = counting.drawings & !needed[width];
        }
        // Whoever is there on more days fits whatever those fit who are there on fewer.
        for day in 0..WEEK_DAYS {
            for days in (0..self.fits.len()).filter(|days| days >> day & 1 == 1) {
                let fewer = self.fits[days ^ 1 << day];
                join(&mut self.fits[days], &fewer);
            }
        }
        let is_any = |(days, sets): (usize, &Sets)| u128::from(sets.iter().any(|set| *set != 0)) << days;
        self.is_any = self.fits.iter().enumerate().map(is_any).sum();
        needed
    }
}

impl<'a, B: AsRef<[u8]>> Sweep<'a, B> {
    fn new(index: &'a Index<B>, draws: &[Draws; WIDTHS], own: Option<u32>) -> Sweep<'a, B> {
        let mut channels: Vec<ChannelKey> =
            draws.iter().flat_map(|draws| &draws.sightings).map(|(channel, _)| *channel).collect();
        channels.sort_unstable();
        channels.dedup();
        let lookups: Vec<Lookup> = channels.iter().map(|channel| Lookup::new(*channel, draws)).collect();
        let mut sweep = Sweep { index, own, lookups, needs: Vec::new() };
        sweep.sum_up(vec![[0; WIDTHS]; channels.len()]);
        sweep
    }

    /// Looks for what is not settled, and first into the channels of first sightings: who is in none of them fits none.
    fn aim(&mut self, widths: &[Counting<'_>; WIDTHS]) {
        let mut firsts: Vec<ChannelKey> = widths.iter().flat_map(Counting::firsts).collect();
        firsts.sort_unstable();
        for lookup in &mut self.lookups {
            lookup.is_first = firsts.binary_search(&lookup.channel).is_ok();
        }
        self.lookups.sort_by_key(|lookup| (!lookup.is_first, lookup.channel));
        let needs = self.lookups.iter_mut().map(|lookup| lookup.aim(widths)).collect();
        self.sum_up(needs);
    }

    /// Sums up what of each lookup is needed over rows of them, so that any row is two of those.
    fn sum_up(&mut self, each: Vec<Sets>) {
        self.needs = vec![each];
        for half in (0..).map(|k| 1 << k).take_while(|half| 2 * half <= self.lookups.len()) {
            let of_half = &self.needs[self.needs.len() - 1];
            let two = |(first, second): (&Sets, &Sets)| std::array::from_fn(|width| first[width] | second[width]);
            self.needs.push(of_half.iter().zip(&of_half[half..]).map(two).collect());
        }
    }

    /// Takes out the drawings that need any of a row of lookups.
    #[inline]
    fn take_out(&self, drawings: &mut Sets, row: Range<usize>) {
        let Some(k) = row.len().checked_ilog2() else { return };
        let needs = &self.needs[k as usize];
        for place in [row.start, row.end - (1 << k)] {
            drawings.iter_mut().zip(&needs[place]).for_each(|(drawings, needs)| *drawings &= !needs);
        }
    }

    /// Counts the people of some chunks.
    fn count(&self, places: &[usize], widths: &[Counting<'_>; WIDTHS], is_first: bool) -> [Tally; WIDTHS] {
        let mut tallies = widths.each_ref().map(|width| Tally::new(width.draws));
        let (mut visits, mut ranges) = (Visits::default(), Vec::new());
        let left = widths.each_ref().map(|width| width.drawings);
        for chunk in places.iter().map(|place| &self.index.chunks()[*place]) {
            self.collect(chunk, &mut visits);
            for person in visits.people() {
                let ordinal = chunk.first + person;
                let drawings = self.drawings_of(visits.of(person), left);
                if is_none(&drawings) || self.own == Some(ordinal) || !self.index.is_in_week(ordinal) {
                    continue;
                }
                self.look_up(visits.of(person), &mut ranges);
                for (width, counting) in widths.iter().enumerate() {
                    let ranges = ranges.iter().map(|(first, end): &Ranges| (first[width], end[width]));
                    if drawings[width] != 0 {
                        counting.add(drawings[width], ranges.clone(), &mut tallies[width]);
                    }
                    if is_first {
                        tallies[width].see(ranges);
                    }
                }
            }
        }
        tallies
    }

    /// The drawings that somebody may fit, by the days on which they are in the channels.
    #[inline]
    fn drawings_of<'v>(&self, visits: impl Iterator<Item = &'v Visit<'v>>, mut drawings: Sets) -> Sets {
        let mut end = self.lookups.len();
        for visit in visits {
            let place = usize::from(visit.lookup);
            let fits = &self.lookups[place].fits[usize::from(visit.days)];
            drawings.iter_mut().zip(fits).for_each(|(drawings, fits)| *drawings &= fits);
            self.take_out(&mut drawings, place + 1..end);
            if is_none(&drawings) {
                return drawings;
            }
            end = place;
        }
        self.take_out(&mut drawings, 0..end);
        drawings
    }

    /// The sightings that somebody's runs fit.
    #[inline]
    fn look_up<'v>(&self, visits: impl Iterator<Item = &'v Visit<'v>>, ranges: &mut Vec<Ranges>) {
        ranges.clear();
        for visit in visits {
            let slots = &self.lookups[usize::from(visit.lookup)].slots;
            each_run(visit.runs, |from, to| {
                let ends = (slots.get(usize::from(from)), slots.get(usize::from(to - 1)));
                let (Some((first, _)), Some((_, end))) = ends else { return };
                if first != end {
                    ranges.push((*first, *end));
                }
            });
        }
    }

    fn collect(&self, chunk: &Chunk, visits: &mut Visits<'a>) {
        let Visits { last, touched, all } = visits;
        last.clear();
        last.resize(chunk.people as usize, NONE);
        touched.clear();
        touched.resize(last.len().div_ceil(64), 0);
        all.clear();
        for (place, lookup) in self.lookups.iter().enumerate() {
            each_head(self.index.part(chunk, lookup.channel, Kind::Week), |person, days, runs| {
                let days = days as u8 & DAYS;
                let Some(last) = last.get_mut(person as usize) else { return };
                // Whom no drawing is left of is as good as not there, since all of them need more of it.
                let is_out = days & lookup.days == 0 || lookup.is_any >> days & 1 == 0;
                if is_out || *last == NONE && !lookup.is_first {
                    return;
                }
                all.push(Visit { lookup: place as u16, days, runs, before: *last });
                *last = all.len() as u32 - 1;
                touched[person as usize / 64] |= 1 << (person % 64);
            });
        }
    }
}

#[inline]
fn is_none(drawings: &Sets) -> bool {
    drawings.iter().fold(0, |all, set| all | set) == 0
}

fn join(drawings: &mut Sets, others: &Sets) {
    drawings.iter_mut().zip(others).for_each(|(drawings, others)| *drawings |= others);
}

impl<'a> Visits<'a> {
    /// Places in the chunk of those who are anywhere, ascending.
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

    /// Somebody's, the last first.
    #[inline]
    fn of(&self, person: u32) -> impl Iterator<Item = &Visit<'a>> {
        let mut next = self.last[person as usize];
        std::iter::from_fn(move || {
            let visit = self.all.get(next as usize)?;
            next = visit.before;
            Some(visit)
        })
    }
}
