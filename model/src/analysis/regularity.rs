//! How much one day is like another: what actigraphy has measured of movement since 1990, of presence.
//!
//! Sources: Witting et al. 1990, van Someren et al. 1999 (IS, IV, RA); Phillips et al. 2017 (SRI). IS and IV are the
//! estimators of pyActigraphy (Hammad et al. 2021), with sample variances.

use serde::Serialize;

use super::grid::{Cell, Grid, HOURS};
use super::{Found, Method, Refused};
use crate::coverage::PersonCoverage;
use crate::slot::SLOTS_PER_DAY;

/// Known days that the results need.
pub const DAYS_NEEDED: u32 = 14;
/// Hours of the least active part of a day.
const LEAST: usize = 5;
/// Hours of the most active part.
const MOST: usize = 10;

const CIRCADIAN: Method = Method { id: "circadian", version: 1 };
const SLEEP_REGULARITY: Method = Method { id: "sri", version: 1 };

/// What hourly presence says of the rhythm of days.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Circadian {
    /// Interdaily stability, 0–1: the share of all variation that the hour of the day explains.
    pub stability: f64,
    /// Intradaily variability, about 0–2: how often presence comes and goes from one hour to the next.
    pub variability: f64,
    /// Relative amplitude, 0–1: (M10 − L5) / (M10 + L5).
    pub amplitude: f64,
    /// The first hour of the five in which the usual day has least, 0–23.
    pub least_from: u8,
    /// The first hour of the ten in which it has most.
    pub most_from: u8,
}

/// Interdaily stability, intradaily variability and relative amplitude of a grid's hours; unknown ones are left out, and
/// pairs of hours that have one. Refused: fewer than [`DAYS_NEEDED`] known days, an hour of the day that is never known,
/// nothing that differs.
pub fn circadian(grid: &Grid) -> Result<Found<Circadian>, Refused> {
    let days = grid.days().iter().filter(|day| day.minutes().is_some()).count() as u32;
    if days < DAYS_NEEDED {
        return Err(Refused::FewDays { have: days, need: DAYS_NEEDED });
    }
    let hours: Vec<Option<f64>> = grid.days().iter().flat_map(|day| day.cells.map(Cell::minutes)).collect();
    let profile = profile(&hours)?;
    let known: Vec<f64> = hours.iter().copied().flatten().collect();
    let (of_hours, all) = (variance(&profile), variance(&known));
    if all <= 0.0 {
        return Err(Refused::Constant);
    }
    let steps: Vec<f64> = hours.windows(2).filter_map(|pair| Some((pair[1]? - pair[0]?).powi(2))).collect();
    let variability = steps.iter().sum::<f64>() / steps.len().max(1) as f64 / all;
    let (least_from, least) = extreme(&profile, LEAST, |mean, found| mean < found);
    let (most_from, most) = extreme(&profile, MOST, |mean, found| mean > found);
    let amplitude = if most + least > 0.0 { (most - least) / (most + least) } else { 0.0 };
    let value = Circadian { stability: of_hours / all, variability, amplitude, least_from, most_from };
    Ok(Found { value, days, method: CIRCADIAN })
}

/// The mean of each hour of the day. Errors: of some nothing is known.
fn profile(hours: &[Option<f64>]) -> Result<[f64; HOURS], Refused> {
    let mut sums = [(0.0, 0u32); HOURS];
    for (place, minutes) in hours.iter().enumerate() {
        if let Some(minutes) = minutes {
            let sum = &mut sums[place % HOURS];
            *sum = (sum.0 + minutes, sum.1 + 1);
        }
    }
    match sums.iter().filter(|(_, count)| *count == 0).count() as u32 {
        0 => Ok(sums.map(|(sum, count)| sum / f64::from(count))),
        hours => Err(Refused::Gaps { hours }),
    }
}

/// The sample variance, over n − 1.
fn variance(values: &[f64]) -> f64 {
    let mean = values.iter().sum::<f64>() / values.len().max(1) as f64;
    values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (values.len().max(2) - 1) as f64
}

/// The window of a circular day whose mean is better than all before it, and its first hour.
fn extreme(profile: &[f64; HOURS], window: usize, is_better: impl Fn(f64, f64) -> bool) -> (u8, f64) {
    let mean = |from: usize| (from..from + window).map(|hour| profile[hour % HOURS]).sum::<f64>() / window as f64;
    let mut best = (0, mean(0));
    for from in 1..HOURS {
        let found = mean(from);
        if is_better(found, best.1) {
            best = (from as u8, found);
        }
    }
    best
}

/// The sleep regularity index of presence, −100 to 100: of all slots that are known on two consecutive days, how many are the same
/// on both (100: all; 0: as many as not). Refused: fewer pairs than [`DAYS_NEEDED`] days have.
pub fn sleep_regularity(days: &[PersonCoverage]) -> Result<Found<f64>, Refused> {
    let (mut same, mut pairs, mut used) = (0u32, 0u32, 0u32);
    for pair in days.windows(2) {
        let known = |day: &PersonCoverage| day.present.union(&day.absent);
        let both = known(&pair[0]).intersection(&known(&pair[1]));
        let [first, second] = [&pair[0].present, &pair[1].present];
        let differ = first.minus(second).union(&second.minus(first)).intersection(&both);
        pairs += u32::from(both.len());
        same += u32::from(both.len() - differ.len());
        used += u32::from(!both.is_empty());
    }
    if pairs < DAYS_NEEDED * u32::from(SLOTS_PER_DAY) {
        return Err(Refused::FewDays { have: pairs / u32::from(SLOTS_PER_DAY), need: DAYS_NEEDED });
    }
    let value = 200.0 * f64::from(same) / f64::from(pairs) - 100.0;
    Ok(Found { value, days: used, method: SLEEP_REGULARITY })
}
