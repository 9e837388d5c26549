//! Scoring, of everybody in an index, how much their known weeks are like somebody's hidden ones.

use super::calendar::WEEK_HOURS;
use super::effort::{Effort, on_all_cores};
use super::index::{Chunk, Index, Kind};
use super::posting::{Part, each_head, each_hour};
use super::trace::{InChannel, total};
use crate::analysis::grid::HOURS;
use crate::identity::ChannelKey;

/// Channels of the hidden weeks that are compared at most: those that can add most to a score. Few people have more in two weeks.
pub(super) const MOST_CHANNELS: usize = 24;

/// Scores are added up in whole 2⁻⁴⁰: in any order the same, so that equals are equal.
pub(super) const ONE: f64 = (1u64 << 40) as f64;

/// What is asked about: somebody's hidden weeks.
pub(super) struct Asked {
    /// Ascending.
    pub(super) channels: Vec<AskedChannel>,
}

pub(super) struct AskedChannel {
    channel: ChannelKey,
    weight: f64,
    /// The share of all their presence in this channel.
    share: f64,
    /// Of all their presence, the share in this channel by hour of the local week.
    shares: [f64; WEEK_HOURS],
}

/// What there is of everybody else.
#[derive(Default)]
pub(super) struct Others {
    /// How many score as much as the person or more.
    pub(super) above: u32,
    pub(super) best: u64,
    /// Whether all were counted, and not a sample alone.
    pub(super) is_exact: bool,
    /// Of scores and their squares, as a sample tells.
    pub(super) sum: f64,
    pub(super) squares: f64,
}

/// What some chunks' people come to.
#[derive(Default)]
struct Counted {
    /// Those who are there in the known weeks.
    people: u32,
    /// Those who score as much as the person or more.
    above: u32,
    best: u64,
    /// Of scores and of their squares, whole: the same in any order.
    sum: u128,
    squares: u128,
}

impl Counted {
    fn merge(self, other: Counted) -> Counted {
        Counted {
            people: self.people + other.people,
            above: self.above + other.above,
            best: self.best.max(other.best),
            sum: self.sum + other.sum,
            squares: self.squares + other.squares,
        }
    }
}

impl Asked {
    pub(super) fn of<B: AsRef<[u8]>>(index: &Index<B>, there: &[InChannel]) -> Asked {
        let slots = f64::from(there.iter().map(|there| total(&there.asked)).sum::<u32>().max(1));
        let of = |there: &InChannel| AskedChannel {
            channel: there.channel,
            weight: weight(index.audience(there.channel)),
            share: f64::from(total(&there.asked)) / slots,
            shares: there.asked.map(|count| f64::from(count) / slots),
        };
        let mut channels: Vec<AskedChannel> = there.iter().filter(|there| total(&there.asked) > 0).map(of).collect();
        let most = |channel: &AskedChannel| channel.weight * channel.share;
        channels.sort_by(|a, b| most(b).total_cmp(&most(a)).then(a.channel.cmp(&b.channel)));
        channels.truncate(MOST_CHANNELS);
        channels.sort_unstable_by_key(|channel| channel.channel);
        Asked { channels }
    }

    /// How much somebody's known weeks are like it.
    pub(super) fn score_of(&self, there: &[InChannel]) -> u64 {
        let slots: u32 = there.iter().map(|there| total(&there.known)).sum();
        if slots == 0 {
            return 0;
        }
        let of = |there: &InChannel| {
            let place = self.channels.binary_search_by_key(&there.channel, |channel| channel.channel).ok()?;
            // As the index would have it, so that the same hours come to the same number.
            let mut hours = Part::default();
            hours.add_hours(0, &there.known);
            let mut score = 0;
            each_head(&hours.bytes(), |_, _, hours| score = self.channels[place].score(hours, 1.0 / f64::from(slots)));
            Some(score)
        };
        there.iter().filter_map(of).sum()
    }

    /// What each hour of the local day adds to that.
    pub(super) fn by_hour_of(&self, there: &[InChannel]) -> [f64; HOURS] {
        let slots = f64::from(there.iter().map(|there| total(&there.known)).sum::<u32>().max(1));
        let mut hours = [0.0; HOURS];
        for there in there {
            let Ok(place) = self.channels.binary_search_by_key(&there.channel, |channel| channel.channel) else {
                continue;
            };
            let asked = &self.channels[place];
            for (hour, (share, count)) in asked.shares.iter().zip(there.known).enumerate() {
                hours[hour % HOURS] += asked.weight * share.min(f64::from(count) / slots);
            }
        }
        hours
    }

    /// Scores everybody but the person: of a sample all, and of the rest those who can have as much as the person or the best. As
    /// soon as enough of those counted have as much, their number is taken for that of all.
    pub(super) fn rank<B: AsRef<[u8]> + Sync>(
        &self,
        index: &Index<B>,
        own: Option<u32>,
        score: u64,
        effort: Effort,
    ) -> Others {
        let order = Effort::order(index.chunks().len());
        let mut done = effort.sample(order.len());
        let merged = |parts: Vec<Counted>| parts.into_iter().fold(Counted::default(), Counted::merge);
        let mut counted = merged(on_all_cores(&order[..done], |places| self.count_all(index, places, own, score)));
        let times = |counted: &Counted| f64::from(index.known_people()) / f64::from(counted.people.max(1));
        let all = times(&counted);
        let (sum, squares) = (counted.sum as f64 / ONE * all, counted.squares as f64 / ONE / ONE * all);
        // Who cannot be told from themselves comes behind everybody: there is nothing to count.
        while done < order.len() && score > 0 && counted.above < effort.enough {
            let end = order.len().min(2 * done);
            let best = counted.best;
            let more = on_all_cores(&order[done..end], |places| self.count_best(index, places, own, score, best));
            counted = counted.merge(merged(more));
            done = end;
        }
        let is_exact = done == order.len();
        let above = if is_exact { counted.above } else { (f64::from(counted.above) * times(&counted)).round() as u32 };
        Others { above, best: counted.best, is_exact, sum, squares }
    }

    /// Scores everybody of some chunks but the person.
    fn count_all<B: AsRef<[u8]>>(&self, index: &Index<B>, places: &[usize], own: Option<u32>, score: u64) -> Counted {
        let mut scores = Scores::default();
        let mut counted = Counted::default();
        for chunk in places.iter().map(|place| &index.chunks()[*place]) {
            scores.of(self, index, chunk, |_| true);
            for found in scores.found(own, chunk) {
                counted.above += u32::from(found >= score);
                counted.best = counted.best.max(found);
                counted.sum += u128::from(found);
                counted.squares += u128::from(found) * u128::from(found);
            }
            counted.people += people_of(index, chunk);
        }
        counted
    }

    /// Of some chunks' people but the person, scores those who can have as much as the person or the best so far; nobody else is scored.
    fn count_best<B: AsRef<[u8]>>(
        &self,
        index: &Index<B>,
        places: &[usize],
        own: Option<u32>,
        score: u64,
        best: u64,
    ) -> Counted {
        let mut scores = Scores::default();
        let mut counted = Counted { best, ..Counted::default() };
        for chunk in places.iter().map(|place| &index.chunks()[*place]) {
            counted.people += people_of(index, chunk);
            let least = score.min(counted.best) as f64 / ONE;
            if !scores.bound(self, index, chunk, least) {
                continue;
            }
            scores.of_bounded(self, index, chunk);
            for found in scores.found(own, chunk) {
                counted.above += u32::from(found >= score);
                counted.best = counted.best.max(found);
            }
        }
        counted
    }
}

/// Scores of a chunk's people.
#[derive(Default)]
struct Scores {
    scores: Vec<u64>,
    /// No score is above it.
    bounds: Vec<f64>,
}

impl Scores {
    /// Those of everybody of whom `is_asked` says so; the others have none.
    fn of<B: AsRef<[u8]>>(&mut self, asked: &Asked, index: &Index<B>, chunk: &Chunk, is_asked: impl Fn(usize) -> bool) {
        let known = index.known_of(chunk);
        let Scores { scores, .. } = self;
        scores.clear();
        scores.resize(known.len(), 0);
        for channel in &asked.channels {
            each_head(index.part(chunk, channel.channel, Kind::Known), |person, _, hours| {
                let person = person as usize;
                let (Some(score), Some(slots)) = (scores.get_mut(person), known.get(person)) else { return };
                if *slots > 0 && is_asked(person) {
                    *score += channel.score(hours, 1.0 / f64::from(*slots));
                }
            });
        }
    }

    /// Bounds everybody's score by how much of their presence is in the channels; whether somebody's is `least` or more.
    fn bound<B: AsRef<[u8]>>(&mut self, asked: &Asked, index: &Index<B>, chunk: &Chunk, least: f64) -> bool {
        let known = index.known_of(chunk);
        let Scores { bounds, .. } = self;
        bounds.clear();
        bounds.resize(known.len(), 0.0);
        // What a sum of floats may be less than the same of whole numbers.
        let least = least * (1.0 - 1e-6);
        let mut is_there = false;
        for channel in &asked.channels {
            each_head(index.part(chunk, channel.channel, Kind::Known), |person, slots, _| {
                let person = person as usize;
                let (Some(bound), Some(all)) = (bounds.get_mut(person), known.get(person)) else { return };
                *bound += channel.weight * channel.share.min(f64::from(slots) / f64::from(*all).max(1.0));
                is_there |= *bound >= least;
            });
        }
        for bound in bounds.iter_mut().filter(|bound| **bound < least) {
            *bound = 0.0;
        }
        is_there
    }

    /// The scores of those whose bound is enough.
    fn of_bounded<B: AsRef<[u8]>>(&mut self, asked: &Asked, index: &Index<B>, chunk: &Chunk) {
        let bounds = std::mem::take(&mut self.bounds);
        self.of(asked, index, chunk, |person| bounds.get(person).is_some_and(|bound| *bound > 0.0));
        self.bounds = bounds;
    }

    /// The scores above nothing, of all but `own`.
    fn found(&self, own: Option<u32>, chunk: &Chunk) -> impl Iterator<Item = u64> {
        let own = own.and_then(|own| own.checked_sub(chunk.first)).map_or(usize::MAX, |own| own as usize);
        self.scores
            .iter()
            .enumerate()
            .filter(move |(person, score)| **score > 0 && *person != own)
            .map(|(_, score)| *score)
    }
}

impl AskedChannel {
    /// What somebody's hours add to a score, where one slot is `of_one` of all their presence.
    fn score(&self, hours: &[u8], of_one: f64) -> u64 {
        let mut alike = 0.0;
        each_hour(hours, |hour, count| {
            let share = self.shares.get(usize::from(hour)).copied().unwrap_or_default();
            alike += share.min(f64::from(count) * of_one);
        });
        (self.weight * alike * ONE).round() as u64
    }
}

/// Those of a chunk who are there in the known weeks.
fn people_of<B: AsRef<[u8]>>(index: &Index<B>, chunk: &Chunk) -> u32 {
    index.known_of(chunk).iter().filter(|slots| **slots > 0).count() as u32
}

/// The fewer are in a channel, the more being in it tells.
fn weight(audience: u32) -> f64 {
    1.0 / (1.0 + f64::from(audience.max(1))).ln()
}
