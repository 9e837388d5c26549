//! How much one day is like another: what actigraphy has measured of movement since 1990, of presence.
//!
//! Sources: Witting et al. 1990, van Someren et al. 1999 (IS, IV, RA); Phillips et al. 2017 (SRI). IS and IV are the
//! estimators of pyActigraphy (Hammad et al. 2021), with sample variances.

use serde::{Deserialize, Serialize};

use super::bootstrap::{Drawings, Estimate, replicates};
use super::grid::{Grid, HOURS, LocalDay};
use super::{Found, Method, Refused};
use crate::coverage::PersonCoverage;
use crate::slot::SLOTS_PER_DAY;
use crate::words::Tier;

/// Known days that the results need.
pub const DAYS_NEEDED: u32 = 14;
/// Hours of the least active part of a day.
const LEAST: usize = 5;
/// Hours of the most active part.
const MOST: usize = 10;

const CIRCADIAN: Method = Method::new("circadian", 1, Tier::Hours);
const SLEEP_REGULARITY: Method = Method::new("sri", 1, Tier::Slots);

/// What hourly presence says of the rhythm of days.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Circadian {
    /// Interdaily stability, 0–1: the share of all variation that the hour of the day explains.
    pub stability: Estimate,
    /// Intradaily variability, about 0–2: how often presence comes and goes from one hour to the next.
    pub variability: Estimate,
    /// Relative amplitude, 0–1: (M10 − L5) / (M10 + L5).
    pub amplitude: Estimate,
    /// The first hour of the five in which the usual day has least, 0–23.
    pub least_from: u8,
    /// The first hour of the ten in which it has most.
    pub most_from: u8,
    /// The usual day: mean minutes online of each hour, 0–60.
    pub profile: [f64; HOURS],
}

/// Interdaily stability, intradaily variability and relative amplitude of a grid's hours; unknown ones are left out, and
/// pairs of hours that have one. Refused: fewer than [`DAYS_NEEDED`] known days, an hour of the day that is never known,
/// nothing that differs.
pub fn circadian(grid: &Grid, drawings: Drawings) -> Result<Found<Circadian>, Refused> {
    let days = grid.days().iter().filter(|day| day.minutes().is_some()).count() as u32;
    if days < DAYS_NEEDED {
        return Err(Refused::FewDays { have: days, need: DAYS_NEEDED });
    }
    let sums = Sums::of_days(grid);
    let found = Sums::together(sums.iter()).rhythm()?;
    let mut drawn: [Vec<f64>; 3] = Default::default();
    replicates(sums.len(), drawings, |places| {
        // A drawing that knows nothing of an hour says nothing of its own.
        let Ok(found) = Sums::together(places.iter().map(|place| &sums[*place])).rhythm() else { return };
        for (all, value) in drawn.iter_mut().zip([found.stability, found.variability, found.amplitude]) {
            all.push(value);
        }
    });
    let [stability, variability, amplitude] = &mut drawn;
    let value = Circadian {
        stability: Estimate::new(found.stability, stability),
        variability: Estimate::new(found.variability, variability),
        amplitude: Estimate::new(found.amplitude, amplitude),
        least_from: found.least_from,
        most_from: found.most_from,
        profile: found.profile,
    };
    Ok(Found { value, days, method: CIRCADIAN })
}

/// What the rhythm of a day, or of days, takes of them: sums of minutes over known hours.
#[derive(Clone, Copy, Default)]
struct Sums {
    hours: [f64; HOURS],
    known: [u32; HOURS],
    squares: f64,
    /// Of steps from one known hour to the next, their squares; a day has the step into it.
    steps: f64,
    step_count: u32,
}

struct Rhythm {
    stability: f64,
    variability: f64,
    amplitude: f64,
    least_from: u8,
    most_from: u8,
    profile: [f64; HOURS],
}

impl Sums {
    fn of_days(grid: &Grid) -> Vec<Sums> {
        let mut before = None;
        let mut day = |day: &LocalDay| {
            let mut sums = Sums::default();
            for (hour, cell) in day.cells.iter().enumerate() {
                let minutes = cell.minutes();
                if let Some(minutes) = minutes {
                    sums.hours[hour] = minutes;
                    sums.known[hour] = 1;
                    sums.squares += minutes * minutes;
                }
                if let (Some(before), Some(now)) = (before, minutes) {
                    let step: f64 = now - before;
                    sums.steps += step * step;
                    sums.step_count += 1;
                }
                before = minutes;
            }
            sums
        };
        grid.days().iter().map(&mut day).collect()
    }

    fn together<'a>(days: impl Iterator<Item = &'a Sums>) -> Sums {
        let mut all = Sums::default();
        for day in days {
            for hour in 0..HOURS {
                all.hours[hour] += day.hours[hour];
                all.known[hour] += day.known[hour];
            }
            all.squares += day.squares;
            all.steps += day.steps;
            all.step_count += day.step_count;
        }
        all
    }

    fn rhythm(&self) -> Result<Rhythm, Refused> {
        let unknown = self.known.iter().filter(|known| **known == 0).count() as u32;
        if unknown > 0 {
            return Err(Refused::Gaps { hours: unknown });
        }
        let profile: [f64; HOURS] = std::array::from_fn(|hour| self.hours[hour] / f64::from(self.known[hour]));
        let count = f64::from(self.known.iter().sum::<u32>());
        let sum: f64 = self.hours.iter().sum();
        let all = (self.squares - sum * sum / count) / (count - 1.0);
        // What rounding leaves of hours that are all alike.
        if all <= 1e-9 {
            return Err(Refused::Constant);
        }
        let variability = self.steps / f64::from(self.step_count.max(1)) / all;
        let (least_from, least) = extreme(&profile, LEAST, |mean, found| mean < found);
        let (most_from, most) = extreme(&profile, MOST, |mean, found| mean > found);
        let amplitude = if most + least > 0.0 { (most - least) / (most + least) } else { 0.0 };
        Ok(Rhythm { stability: variance(&profile) / all, variability, amplitude, least_from, most_from, profile })
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
pub fn sleep_regularity(days: &[PersonCoverage], drawings: Drawings) -> Result<Found<Estimate>, Refused> {
    // By pair of days, slots known on both, and those that are the same.
    let of = |pair: &[PersonCoverage]| {
        let known = |day: &PersonCoverage| day.present.union(&day.absent);
        let both = known(&pair[0]).intersection(&known(&pair[1]));
        let [first, second] = [&pair[0].present, &pair[1].present];
        let differ = first.minus(second).union(&second.minus(first)).intersection(&both);
        (u32::from(both.len()), u32::from(both.len() - differ.len()))
    };
    let pairs: Vec<(u32, u32)> = days.windows(2).map(of).filter(|(known, _)| *known > 0).collect();
    let index = |known: u32, same: u32| 200.0 * f64::from(same) / f64::from(known) - 100.0;
    let sum = |pairs: &mut dyn Iterator<Item = (u32, u32)>| pairs.fold((0, 0), |(a, b), (c, d)| (a + c, b + d));
    let (known, same) = sum(&mut pairs.iter().copied());
    if known < DAYS_NEEDED * u32::from(SLOTS_PER_DAY) {
        return Err(Refused::FewDays { have: known / u32::from(SLOTS_PER_DAY), need: DAYS_NEEDED });
    }
    let mut drawn = Vec::with_capacity(drawings.count);
    replicates(pairs.len(), drawings, |places| {
        let (known, same) = sum(&mut places.iter().map(|place| pairs[*place]));
        drawn.push(index(known, same));
    });
    let value = Estimate::new(index(known, same), &mut drawn);
    Ok(Found { value, days: pairs.len() as u32, method: SLEEP_REGULARITY })
}
