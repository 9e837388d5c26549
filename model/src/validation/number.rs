//! Numbers against true ones.

use serde::{Deserialize, Serialize};

use super::share::Share;
use crate::analysis::bootstrap::quantile;

/// An interval held against the truth.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Held {
    /// Whether the truth is in it, its ends among it.
    pub inside: bool,
    /// How wide it is.
    pub width: f64,
}

impl Held {
    /// An interval of a line.
    pub fn on_line(from: f64, to: f64, truth: f64) -> Held {
        Held { inside: (from..=to).contains(&truth), width: (to - from).max(0.0) }
    }

    /// An interval of a circle of `round`, from `from` on.
    pub fn on_circle(from: f64, to: f64, truth: f64, round: f64) -> Held {
        let width = (to - from).rem_euclid(round);
        Held { inside: (truth - from).rem_euclid(round) <= width, width }
    }
}

/// Errors of some numbers.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Errors {
    /// How many numbers.
    pub count: u32,
    /// Median of the absolute errors.
    pub median: f64,
    /// Their mean.
    pub mean: f64,
    /// Nine in ten are at most this.
    pub p90: f64,
    /// The mean of found less true: which way they err.
    pub bias: f64,
    /// The median of found less true.
    pub median_bias: f64,
}

impl Errors {
    /// Of some errors, found less true; those that are no numbers are left out. Nothing of none.
    pub fn of(errors: impl IntoIterator<Item = f64>) -> Option<Errors> {
        let mut signed: Vec<f64> = errors.into_iter().filter(|error| error.is_finite()).collect();
        let mut absolute: Vec<f64> = signed.iter().map(|error| error.abs()).collect();
        signed.sort_unstable_by(f64::total_cmp);
        absolute.sort_unstable_by(f64::total_cmp);
        Some(Errors {
            count: signed.len() as u32,
            median: quantile(&absolute, 0.5)?,
            mean: mean(&absolute)?,
            p90: quantile(&absolute, 0.9)?,
            bias: mean(&signed)?,
            median_bias: quantile(&signed, 0.5)?,
        })
    }
}

/// What intervals are worth.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Intervals {
    /// How often they hold the truth. Of 80 % intervals it should be 0.7 to 0.9.
    pub coverage: Share,
    /// How wide they are in the mean.
    pub mean_width: f64,
    /// How wide half of them are at most.
    pub median_width: f64,
}

impl Intervals {
    /// Of some intervals; nothing of none.
    pub fn of(held: &[Held]) -> Option<Intervals> {
        let mut widths: Vec<f64> = held.iter().map(|held| held.width).filter(|width| width.is_finite()).collect();
        widths.sort_unstable_by(f64::total_cmp);
        Some(Intervals {
            coverage: Share::of(held.iter().map(|held| held.inside))?,
            mean_width: mean(&widths)?,
            median_width: quantile(&widths, 0.5)?,
        })
    }
}

/// How values lie.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Spread {
    /// How many.
    pub count: u32,
    /// One in ten is below it.
    pub p10: f64,
    /// Half of them.
    pub median: f64,
    /// Nine in ten.
    pub p90: f64,
    /// Their mean.
    pub mean: f64,
}

impl Spread {
    /// Of some values; those that are no numbers are left out. Nothing of none.
    pub fn of(values: impl IntoIterator<Item = f64>) -> Option<Spread> {
        let mut values: Vec<f64> = values.into_iter().filter(|value| value.is_finite()).collect();
        values.sort_unstable_by(f64::total_cmp);
        let at = |share| quantile(&values, share);
        let (p10, median, p90) = (at(0.1)?, at(0.5)?, at(0.9)?);
        Some(Spread { count: values.len() as u32, p10, median, p90, mean: mean(&values)? })
    }
}

fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_have_a_size_and_a_direction() {
        let found = Errors::of([-1.0, 0.5, f64::NAN, 2.5]).unwrap();
        assert_eq!((found.count, found.median, found.median_bias), (3, 1.0, 0.5));
        assert!((found.mean - 4.0 / 3.0).abs() < 1e-9 && (found.bias - 2.0 / 3.0).abs() < 1e-9);
        assert!((found.p90 - 2.2).abs() < 1e-9);
        assert_eq!(Errors::of([f64::INFINITY]), None);
    }

    #[test]
    fn intervals_hold_the_truth_or_not_also_round_midnight() {
        assert_eq!(Held::on_circle(23.0, 1.0, 0.5, 24.0), Held { inside: true, width: 2.0 });
        assert!(!Held::on_circle(23.0, 1.0, 1.5, 24.0).inside && !Held::on_circle(23.0, 23.0, 0.0, 24.0).inside);
        assert!(Held::on_circle(23.0, 23.0, 23.0, 24.0).inside && Held::on_line(1.0, 2.0, 2.0).inside);
        let all = [Held { inside: true, width: 1.0 }, Held { inside: false, width: 2.0 }];
        let found = Intervals::of(&all).unwrap();
        assert_eq!((found.coverage.share, found.mean_width, found.median_width), (0.5, 1.5, 1.5));
        assert_eq!(Intervals::of(&[]), None);
    }
}
