//! Would somebody be found again under another name, by their habits alone?
//!
//! Every other week is hidden. All accounts are ranked by how much their known weeks are like the hidden ones of the person:
//! where their own stands is the answer. Scores by rare places after Narayanan and Shmatikov 2008, of histograms after Naini et
//! al. 2016.

use serde::{Deserialize, Serialize};

use super::Refused;
use super::calendar::{Calendar, Half, WEEK_HOURS};
use super::fitting::{Effort, on_all_cores};
use super::index::{Chunk, Index, Kind};
use super::posting::{KnownPart, each_head, each_hour};
use super::trace::{InChannel, active, fold, total};
use crate::analysis::{Found, Method};
use crate::day::Day;
use crate::identity::{ChannelKey, PersonKey};
use crate::presence::ViewerDay;
use crate::words::Tier;

/// Active days that the result needs, of 28.
pub const DAYS_NEEDED: u32 = 14;
/// And of them in each half.
pub const HALF_DAYS_NEEDED: u32 = 2;
/// Channels of the hidden weeks that are compared at most: those that can add most to a score. Few people have more in two weeks.
pub const MOST_CHANNELS: usize = 24;

/// Scores are added up in whole 2⁻⁴⁰: in any order the same, so that equals are equal.
const ONE: f64 = (1u64 << 40) as f64;

const METHOD: Method = Method::new("found-again", 1, Tier::Slots);

/// Whether somebody would be found again.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct FoundAgain {
    /// Accounts that were ranked: everybody of the known weeks, bots left out, the person among them.
    pub accounts: u32,
    /// Where the person's own known weeks stand, from 1; behind all that are as much like the hidden ones.
    pub rank: u32,
    /// Whether the rank is counted; else it is estimated of a sample, to a fifth of it or better, one standard deviation.
    pub is_exact: bool,
    /// How much they are like them, from 0; at most 1.44, where all is one channel with one viewer.
    pub score: f64,
    /// How far that is above the best of all others, which is how sure a finder would be; below 0 where they are not first; nothing where the
    /// rank is estimated, or nothing is alike.
    pub margin: Option<f64>,
    /// The same in standard deviations of all scores, the eccentricity of Narayanan and Shmatikov.
    pub eccentricity: Option<f64>,
    /// Channels of the hidden weeks that were compared.
    pub channels: u32,
}

/// Asks the index where the known weeks of somebody stand, by their hidden weeks.
///
/// `known` and `asked` are their days: of the first only the known weeks are read, of the second only the hidden ones. They
/// are the same, unless one asks whether a second account would be found by the first. Both may be altered ones. `own` is whose days they
/// are, so that they do not stand beside themselves; nothing where they are not in the store.
///
/// Refused: fewer than [`DAYS_NEEDED`] active days, or fewer than [`HALF_DAYS_NEEDED`] of them in one half.
pub fn found_again<B: AsRef<[u8]> + Sync>(
    index: &Index<B>,
    known: &[(Day, ViewerDay)],
    asked: &[(Day, ViewerDay)],
    own: Option<PersonKey>,
) -> Result<Found<FoundAgain>, Refused> {
    find(index, known, asked, own, Effort::PAGE)
}

/// As [`found_again`].
pub(super) fn find<B: AsRef<[u8]> + Sync>(
    index: &Index<B>,
    known: &[(Day, ViewerDay)],
    asked: &[(Day, ViewerDay)],
    own: Option<PersonKey>,
    effort: Effort,
) -> Result<Found<FoundAgain>, Refused> {
    let calendar = index.calendar();
    let of_half =
        |days, half| active(calendar, days).into_iter().filter(|place| Calendar::half(*place) == half).count();
    let (known_days, asked_days) = (of_half(known, Half::Known) as u32, of_half(asked, Half::Asked) as u32);
    let have = known_days + asked_days;
    if have < DAYS_NEEDED {
        return Err(Refused::FewDays { have, need: DAYS_NEEDED });
    }
    if known_days.min(asked_days) < HALF_DAYS_NEEDED {
        return Err(Refused::EmptyHalf { known: known_days, asked: asked_days, need: HALF_DAYS_NEEDED });
    }
    let own = own.and_then(|key| index.ordinal(key));
    let asked = Asked::of(index, &fold(calendar, asked));
    let score = asked.score_of(&fold(calendar, known));
    let is_counted = own.is_some_and(|own| index.known().get(own as usize).is_some_and(|slots| *slots > 0));
    let accounts = index.known_people() + u32::from(!is_counted);
    let others = asked.rank(index, own, score, effort);
    let best = others.best as f64 / ONE;
    let mine = score as f64 / ONE;
    let all = f64::from(accounts);
    let mean = (others.sum + mine) / all;
    let deviation = ((others.squares + mine * mine) / all - mean * mean).max(0.0).sqrt();
    // Whoever shares no hour with the hidden weeks has a score of nothing, and is as good where the person's own is none.
    let above = if score == 0 { accounts - 1 } else { others.above };
    let is_exact = others.is_exact || score == 0;
    let margin = others.is_exact.then_some(mine - best);
    let value = FoundAgain {
        accounts,
        rank: above + 1,
        is_exact,
        score: mine,
        margin,
        eccentricity: margin.filter(|_| deviation > 0.0).map(|margin| margin / deviation),
        channels: asked.channels.len() as u32,
    };
    Ok(Found { value, days: have, method: METHOD })
}

/// What is asked about: somebody's hidden weeks.
struct Asked {
    /// Ascending.
    channels: Vec<AskedChannel>,
}

struct AskedChannel {
    channel: ChannelKey,
    weight: f64,
    /// The share of all their presence in this channel.
    share: f64,
    /// Of all their presence, the share in this channel by hour of the local week.
    shares: [f64; WEEK_HOURS],
}

/// What there is of everybody else.
#[derive(Default)]
struct Others {
    /// How many score as much as the person or more.
    above: u32,
    best: u64,
    /// Whether all were counted, and not a sample alone.
    is_exact: bool,
    /// Of scores and their squares, as a sample tells.
    sum: f64,
    squares: f64,
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
    fn of<B: AsRef<[u8]>>(index: &Index<B>, there: &[InChannel]) -> Asked {
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
    fn score_of(&self, there: &[InChannel]) -> u64 {
        let slots: u32 = there.iter().map(|there| total(&there.known)).sum();
        if slots == 0 {
            return 0;
        }
        let of = |there: &InChannel| {
            let place = self.channels.binary_search_by_key(&there.channel, |channel| channel.channel).ok()?;
            // As the index would have it, so that the same hours come to the same number.
            let mut hours = KnownPart::default();
            hours.add(0, &there.known);
            let mut score = 0;
            each_head(&hours.bytes(), |_, _, hours| score = self.channels[place].score(hours, 1.0 / f64::from(slots)));
            Some(score)
        };
        there.iter().filter_map(of).sum()
    }

    /// Scores everybody but the person: of a sample all, and of the rest those who can have as much as the person or the best.
    fn rank<B: AsRef<[u8]> + Sync>(&self, index: &Index<B>, own: Option<u32>, score: u64, effort: Effort) -> Others {
        let order = Effort::order(index.chunks().len());
        let (sample, rest) = order.split_at(effort.sample(order.len()));
        let merged = |parts: Vec<Counted>| parts.into_iter().fold(Counted::default(), Counted::merge);
        let counted = merged(on_all_cores(sample, |places| self.count_all(index, places, own, score)));
        let all = f64::from(index.known_people()) / f64::from(counted.people.max(1));
        let mut others = Others {
            above: counted.above,
            best: counted.best,
            is_exact: rest.is_empty(),
            sum: counted.sum as f64 / ONE * all,
            squares: counted.squares as f64 / ONE / ONE * all,
        };
        // Who cannot be told from themselves comes behind everybody: there is nothing to count.
        if others.is_exact || score == 0 {
            return others;
        }
        if others.above >= effort.enough {
            others.above = (f64::from(others.above) * all).round() as u32;
            return others;
        }
        let rest = merged(on_all_cores(rest, |places| self.count_best(index, places, own, score, others.best)));
        others.is_exact = true;
        others.above += rest.above;
        others.best = others.best.max(rest.best);
        others
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
            counted.people += index.known_of(chunk).iter().filter(|slots| **slots > 0).count() as u32;
        }
        counted
    }

    /// Of some chunks' people but the person, scores those who can have as much as the person or the best so far; nobody else is counted.
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

/// The fewer are in a channel, the more being in it tells.
fn weight(audience: u32) -> f64 {
    1.0 / (1.0 + f64::from(audience.max(1))).ln()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crowd::naive::{Days, calendar, index};
    use crate::presence::ChannelPresence;
    use crate::run::Run;

    /// At 20:00 in Paris on these days for an hour of a channel; from 25 October on that is 19:00 UTC.
    fn evenings(channel: u32, places: impl Iterator<Item = i32>) -> Days {
        let of = |place: i32| {
            let from = if place < 20 { 216 } else { 228 };
            let listed = vec![Run::new(from, from + 12).unwrap()];
            let there = ChannelPresence { channel: ChannelKey(channel), listed, spoke: vec![] };
            (calendar().first().plus(place), ViewerDay { bot: false, channels: vec![there] })
        };
        places.map(of).collect()
    }

    #[test]
    fn habits_are_found_again_and_equals_come_first() {
        let me = evenings(5, 0..28);
        let crowd = vec![
            (PersonKey(1), me.clone()),
            (PersonKey(2), evenings(5, (0..28).filter(|place| place % 7 < 3))),
            (PersonKey(3), evenings(6, 0..28)),
        ];
        let found = found_again(&index(&crowd, 2), &me, &me, Some(PersonKey(1))).unwrap();
        // Two in the channel: the weight is 1 / ln 3. The other is there in three of the seven hours, whose shares are 1/7 and 1/3.
        let weight = 1.0 / 3f64.ln();
        let FoundAgain { accounts, rank, is_exact, score, margin, eccentricity, channels } = found.value;
        assert_eq!((accounts, rank, is_exact, channels, found.days), (3, 1, true, 1, 28));
        assert!((score - weight).abs() < 1e-9 && (margin.unwrap() - weight * 4.0 / 7.0).abs() < 1e-9, "{found:?}");
        // Of 1, 3/7 and 0 the standard deviation is 0.4096.
        assert!((eccentricity.unwrap() - 4.0 / 7.0 / 0.409_6).abs() < 0.001, "{eccentricity:?}");
        // Somebody who does the same stands before them, and so does everybody where nothing is alike.
        let twin = [&crowd[..], &[(PersonKey(4), me.clone())]].concat();
        assert_eq!(found_again(&index(&twin, 2), &me, &me, Some(PersonKey(1))).unwrap().value.rank, 2);
        // Nobody else was told of: they stand beside the one that is them.
        assert_eq!(found_again(&index(&crowd, 2), &me, &me, None).unwrap().value.rank, 2);
        let other = found_again(&index(&crowd, 2), &me, &evenings(9, 0..28), Some(PersonKey(1))).unwrap().value;
        assert_eq!((other.rank, other.score), (3, 0.0));
    }

    #[test]
    fn too_few_days_are_refused() {
        let index = index(&[], 2);
        let ask = |days: Days| found_again(&index, &days, &days, None).map(|found| found.value.rank);
        assert_eq!(ask(evenings(1, 7..20)), Err(Refused::FewDays { have: 13, need: 14 }));
        let half = Refused::EmptyHalf { known: 1, asked: 14, need: HALF_DAYS_NEEDED };
        assert_eq!(ask(evenings(1, (6..14).chain(21..28))), Err(half));
        // Of an empty index they are the only one.
        assert_eq!(ask(evenings(1, 0..28)), Ok(1));
    }
}
