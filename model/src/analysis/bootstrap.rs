//! How sure a result is: worked out again of days drawn with replacement (Efron 1979).

use std::iter::StepBy;
use std::ops::Range;

use serde::{Deserialize, Serialize};

/// Drawings for a result.
pub const REPLICATES: usize = 200;
/// The share of replicates that an interval holds.
pub const LEVEL: f64 = 0.8;
/// Days that are drawn together where each has to do with the next.
const WEEK: usize = 7;
/// Parts of which one at a time is left out.
const PARTS: usize = 20;

/// From and to, of a result that goes round a circle too: then `to` may be less than `from`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Interval {
    /// Its lower end.
    pub from: f64,
    /// Its upper end.
    pub to: f64,
}

/// A value, and how sure it is.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// The value.
    pub value: f64,
    /// Its 80 % interval; nothing where none was drawn.
    pub interval: Option<Interval>,
}

impl Estimate {
    /// A value with the interval of the same of drawings.
    pub fn new(value: f64, drawn: &mut [f64]) -> Estimate {
        Estimate { value, interval: interval(drawn) }
    }

    /// A value from 0 to 1 that is too high by `excess` in the mean, and its drawings by as much again: corrected for it, with the interval
    /// of drawings moved to have the corrected value as their mean, and wide enough to have it in it.
    pub fn corrected(value: f64, excess: f64, drawn: &mut [f64]) -> Estimate {
        let mean = drawn.iter().sum::<f64>() / drawn.len().max(1) as f64;
        let corrected = (value - excess).clamp(0.0, 1.0);
        let moved = |end: f64| (end - mean + value - excess).clamp(0.0, 1.0);
        // The mean of a few drawings far off is outside of most.
        let interval = interval(drawn)
            .map(|Interval { from, to }| Interval { from: moved(from).min(corrected), to: moved(to).max(corrected) });
        Estimate { value: corrected, interval }
    }

    /// A value from 0 to 1, or a little over, whose drawings lean from it as it leans from the truth: their interval mirrored at it (the basic bootstrap,
    /// Davison and Hinkley 1997), and wide enough to have it in it.
    pub fn mirrored(value: f64, drawn: &mut [f64]) -> Estimate {
        let interval = interval(drawn).map(|Interval { from, to }| Interval {
            from: (2.0 * value - to).max(0.0).min(value),
            to: (2.0 * value - from).min(1.0).max(value),
        });
        Estimate { value, interval }
    }

    /// A value with the interval of drawings that each tell no more than that it lies from one value to another.
    pub fn between(value: f64, drawn: impl Iterator<Item = [f64; 2]>) -> Estimate {
        let (mut from, mut to): (Vec<f64>, Vec<f64>) = drawn.map(|[from, to]| (from, to)).unzip();
        let ends = interval(&mut from).zip(interval(&mut to));
        Estimate { value, interval: ends.map(|(from, to)| Interval { from: from.from, to: to.to }) }
    }

    /// The same on a circle of `round`.
    pub fn circular_between(value: f64, drawn: impl Iterator<Item = [f64; 2]>, round: f64) -> Estimate {
        let (mut from, mut to): (Vec<f64>, Vec<f64>) = drawn.map(|[from, to]| (from, to)).unzip();
        let ends = circular_interval(&mut from, value, round).zip(circular_interval(&mut to, value, round));
        Estimate { value, interval: ends.map(|(from, to)| Interval { from: from.from, to: to.to }) }
    }
}

/// How intervals are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Drawings {
    /// Where chance begins: the same samples and the same seed give the same interval.
    pub seed: u64,
    /// How many: [`REPLICATES`], or none where only values are wanted.
    pub count: usize,
}

impl Drawings {
    /// No intervals.
    pub const NONE: Drawings = Drawings { seed: 0, count: 0 };

    /// [`REPLICATES`] of them.
    pub fn of_seed(seed: u64) -> Drawings {
        Drawings { seed, count: REPLICATES }
    }

    /// Others, of the same number.
    #[must_use]
    pub fn other(self) -> Drawings {
        Drawings { seed: self.seed.wrapping_add(1), ..self }
    }
}

/// Chance that is the same each time, SplitMix64 (Steele, Lea, Flood 2014): a result that changed with each reading of a page
/// would not be believed.
#[derive(Clone, Debug)]
pub struct Chance(u64);

impl Chance {
    /// From a seed.
    pub fn new(seed: u64) -> Chance {
        Chance(seed)
    }

    /// A number below `end`, which is not 0; even to one in 2³² for ends of some thousands.
    pub fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ mixed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^= mixed >> 31;
        // In 64 bits, which a browser's numbers of things have not.
        (((mixed >> 32) * end as u64) >> 32) as usize
    }
}

/// Calls `each` with drawings of `count` places below `count`; nothing of none.
pub fn replicates(count: usize, drawings: Drawings, each: impl FnMut(&[usize])) {
    drawn_in_rows(count, 1, drawings, each);
}

/// The same with seven places in a row at a time, round the end: of days that have to do with those beside them (circular blocks,
/// Politis and Romano 1992).
pub fn replicates_of_weeks(count: usize, drawings: Drawings, each: impl FnMut(&[usize])) {
    drawn_in_rows(count, WEEK, drawings, each);
}

fn drawn_in_rows(count: usize, row: usize, drawings: Drawings, mut each: impl FnMut(&[usize])) {
    if count == 0 {
        return;
    }
    let mut chance = Chance::new(drawings.seed);
    let mut drawn = vec![0; count];
    for _ in 0..drawings.count {
        for places in drawn.chunks_mut(row) {
            let from = chance.below(count);
            places.iter_mut().zip(from..).for_each(|(place, next)| *place = next % count);
        }
        each(&drawn);
    }
}

/// By how much a result of `count` things, which is `value` of all of them, is too high in the mean: by what it is without a twentieth of
/// them, for each twentieth (jackknife, Quenouille 1956). `of` works it out without the places that it is given; where it cannot, that part does
/// not count.
pub fn jackknife(count: usize, value: f64, mut of: impl FnMut(StepBy<Range<usize>>) -> Option<f64>) -> f64 {
    let parts = PARTS.min(count);
    let found: Vec<f64> = (0..parts).filter_map(|part| of((part..count).step_by(parts))).collect();
    let mean = found.iter().sum::<f64>() / found.len().max(1) as f64;
    found.len().saturating_sub(1) as f64 * (mean - value)
}

/// The middle [`LEVEL`] of some values; nothing of none.
pub fn interval(values: &mut [f64]) -> Option<Interval> {
    values.sort_unstable_by(f64::total_cmp);
    let tail = (1.0 - LEVEL) / 2.0;
    Some(Interval { from: quantile(values, tail)?, to: quantile(values, 1.0 - tail)? })
}

/// The same on a circle of `round`: how far the values are from `centre`, the shorter way.
pub fn circular_interval(values: &mut [f64], centre: f64, round: f64) -> Option<Interval> {
    for value in values.iter_mut() {
        *value = around(*value - centre, round);
    }
    let Interval { from, to } = interval(values)?;
    Some(Interval { from: (centre + from).rem_euclid(round), to: (centre + to).rem_euclid(round) })
}

/// A difference on a circle, from −round/2 to round/2.
pub fn around(difference: f64, round: f64) -> f64 {
    (difference + round / 2.0).rem_euclid(round) - round / 2.0
}

/// A quantile of ascending values, by linear interpolation (Hyndman and Fan 1996, type 7); nothing of none.
pub fn quantile(ascending: &[f64], share: f64) -> Option<f64> {
    let last = ascending.len().checked_sub(1)?;
    let place = share.clamp(0.0, 1.0) * last as f64;
    let (low, high) = (ascending[place.floor() as usize], ascending[place.ceil() as usize]);
    Some(low + (high - low) * place.fract())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_those_of_numpy() {
        assert_eq!(quantile(&[1.0, 2.0, 4.0, 8.0], 0.1), Some(1.3));
        assert_eq!(quantile(&[1.0, 2.0, 4.0, 8.0], 0.5), Some(3.0));
        assert_eq!((quantile(&[7.0], 0.9), quantile(&[], 0.5)), (Some(7.0), None));
    }

    #[test]
    fn intervals_go_round_midnight() {
        let mut hours = [23.0, 23.5, 0.0, 0.5, 1.0];
        let found = circular_interval(&mut hours, 0.0, 24.0).unwrap();
        assert!((found.from - 23.2).abs() < 1e-9 && (found.to - 0.8).abs() < 1e-9, "{found:?}");
    }

    #[test]
    fn drawings_are_even_and_the_same_each_time() {
        let mut counts = [0u32; 10];
        replicates(10, Drawings::of_seed(7), |drawn| drawn.iter().for_each(|place| counts[*place] += 1));
        assert!(counts.iter().all(|count| (150..250).contains(count)), "{counts:?}");
        let mut first = Vec::new();
        replicates(10, Drawings::of_seed(7), |drawn| first.push(drawn.to_vec()));
        replicates(10, Drawings::of_seed(7), |drawn| assert_eq!(drawn, &first.remove(0)[..]));
        replicates(0, Drawings::of_seed(7), |_| panic!("nothing to draw from"));
    }

    #[test]
    fn weeks_are_drawn_in_rows() {
        let mut counts = [0u32; 10];
        replicates_of_weeks(10, Drawings::of_seed(7), |drawn| {
            for place in drawn {
                counts[*place] += 1;
            }
            let follows = |pair: &&[usize]| pair[1] == (pair[0] + 1) % 10;
            assert!(
                drawn[..7].windows(2).all(|pair| follows(&pair)) && drawn[7..].windows(2).all(|pair| follows(&pair))
            );
        });
        assert!(counts.iter().all(|count| (150..250).contains(count)), "{counts:?}");
        replicates_of_weeks(3, Drawings::of_seed(7), |drawn| assert_eq!(drawn.len(), 3));
    }

    #[test]
    fn what_leans_is_set_upright() {
        // The variance over n is (n − 1) / n of the true one in the mean: too high by −1/n of that over n − 1.
        let values: Vec<f64> = (0..20u16).map(|place| f64::from(place * place % 23)).collect();
        let variance = |places: &[usize]| {
            let mean = places.iter().map(|place| values[*place]).sum::<f64>() / places.len() as f64;
            places.iter().map(|place| (values[*place] - mean).powi(2)).sum::<f64>() / places.len() as f64
        };
        let found = variance(&(0..20).collect::<Vec<_>>());
        let excess = jackknife(20, found, |left_out| {
            let left_out: Vec<usize> = left_out.collect();
            Some(variance(&(0..20).filter(|place| !left_out.contains(place)).collect::<Vec<_>>()))
        });
        assert!((found - excess - found * 20.0 / 19.0).abs() < 1e-9, "{found} {excess}");
        assert_eq!((jackknife(0, 1.0, |_| Some(2.0)), jackknife(5, 1.0, |_| None)), (0.0, 0.0));
        // Drawings around 0.5 of a value of 0.4 whose truth is around 0.3.
        let drawn: Vec<f64> = (0..=10u8).map(|tenth| 0.45 + f64::from(tenth) / 100.0).collect();
        let near = |found: Estimate, value: f64, from: f64, to: f64| {
            let held = found.interval.unwrap();
            (found.value - value).abs() < 1e-9 && (held.from - from).abs() < 1e-9 && (held.to - to).abs() < 1e-9
        };
        assert!(near(Estimate::corrected(0.4, 0.1, &mut drawn.clone()), 0.3, 0.26, 0.34));
        assert!(near(Estimate::corrected(0.02, 0.1, &mut drawn.clone()), 0.0, 0.0, 0.0));
        let far = &mut [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0];
        assert!(near(Estimate::corrected(0.4, 0.1, far), 0.3, 0.3 - 1.0 / 12.0, 0.3));
        assert!(near(Estimate::mirrored(0.5, &mut drawn.clone()), 0.5, 0.46, 0.54));
        assert!(near(Estimate::mirrored(0.4, &mut drawn.clone()), 0.4, 0.26, 0.4));
        assert!(near(Estimate::mirrored(1.2, &mut drawn.clone()), 1.2, 1.2, 1.2));
        assert_eq!(Estimate::corrected(0.4, 0.1, &mut []).interval, None);
    }
}
