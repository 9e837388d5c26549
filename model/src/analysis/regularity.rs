//! How much one day is like another: what actigraphy has measured of movement since 1990, of presence.
//!
//! Sources: Witting et al. 1990, van Someren et al. 1999 (IS, IV, RA); Phillips et al. 2017 (SRI). IS and IV are the
//! estimators of pyActigraphy (Hammad et al. 2021), with sample variances.

use serde::{Deserialize, Serialize};

use super::bootstrap::{Drawings, Estimate, replicates, replicates_of_weeks};
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

const CIRCADIAN: Method = Method::new("circadian", 2, Tier::Hours);
const SLEEP_REGULARITY: Method = Method::new("sri", 2, Tier::Slots);

/// What hourly presence says of the rhythm of days.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Circadian {
    /// Interdaily stability, 0–1: the share of all variation that the hour of the day explains; of few days that are all alike the
    /// estimator is a little over 1.
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
/// pairs of hours that have one. Of a grid that knows more of presence than of absence they lean: [`super::record::Trace::fair_grid`] does not. Refused: fewer than [`DAYS_NEEDED`] known days, an hour of the day that is never known,
/// nothing that differs.
pub fn circadian(grid: &Grid, drawings: Drawings) -> Result<Found<Circadian>, Refused> {
    let days = grid.days().iter().filter(|day| day.minutes().is_some()).count() as u32;
    if days < DAYS_NEEDED {
        return Err(Refused::FewDays { have: days, need: DAYS_NEEDED });
    }
    let sums = Sums::of_days(grid);
    let found = Sums::together(sums.iter()).rhythm()?;
    let (least_from, most_from) = windows(&found.profile);
    // In the same hours: least of a drawing's own hours would be less than of the same.
    let amplitude_of = |rhythm: &Rhythm| amplitude(&rhythm.profile, least_from, most_from);
    let mut drawn: [Vec<f64>; 3] = Default::default();
    replicates(sums.len(), drawings, |places| {
        // A drawing that knows nothing of an hour says nothing of its own.
        let Ok(found) = Sums::together(places.iter().map(|place| &sums[*place])).rhythm() else { return };
        for (all, value) in drawn.iter_mut().zip([found.stability, found.variability, amplitude_of(&found)]) {
            all.push(value);
        }
    });
    let [stability, variability, amplitude] = &mut drawn;
    let value = Circadian {
        // Means of few days differ more than those of many, so chance adds to it.
        stability: Estimate::mirrored(found.stability, stability),
        variability: Estimate::new(found.variability, variability),
        amplitude: Estimate::new(amplitude_of(&found), amplitude),
        least_from: least_from as u8,
        most_from: most_from as u8,
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
        Ok(Rhythm { stability: variance(&profile) / all, variability, profile })
    }
}

/// The sample variance, over n − 1.
fn variance(values: &[f64]) -> f64 {
    let mean = values.iter().sum::<f64>() / values.len().max(1) as f64;
    values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (values.len().max(2) - 1) as f64
}

/// The first hours of the five of a circular day with least, and of the ten with most; the earliest of equals.
fn windows(profile: &[f64; HOURS]) -> (usize, usize) {
    let (mut least, mut most) = (0, 0);
    for from in 1..HOURS {
        if mean(profile, from, LEAST) < mean(profile, least, LEAST) {
            least = from;
        }
        if mean(profile, from, MOST) > mean(profile, most, MOST) {
            most = from;
        }
    }
    (least, most)
}

/// The relative amplitude of a day by these windows of it; 0 of nothing.
fn amplitude(profile: &[f64; HOURS], least_from: usize, most_from: usize) -> f64 {
    let (least, most) = (mean(profile, least_from, LEAST), mean(profile, most_from, MOST));
    if most + least > 0.0 { (most - least) / (most + least) } else { 0.0 }
}

/// The mean of a window of a circular day.
fn mean(profile: &[f64; HOURS], from: usize, window: usize) -> f64 {
    (from..from + window).map(|hour| profile[hour % HOURS]).sum::<f64>() / window as f64
}

/// Of a pair of days, by hour, slots known on both, and those of them that are the same.
#[derive(Clone, Copy, Default)]
struct Pair {
    known: [u32; HOURS],
    same: [u32; HOURS],
}

impl Pair {
    fn of(first: &PersonCoverage, second: &PersonCoverage) -> Pair {
        let both = first.observed.intersection(&second.observed);
        let differ = first.present.minus(&second.present).union(&second.present.minus(&first.present));
        let same = both.minus(&differ);
        Pair { known: both.by_hour().map(u32::from), same: same.by_hour().map(u32::from) }
    }

    fn together<'a>(pairs: impl Iterator<Item = &'a Pair>) -> Pair {
        let mut all = Pair::default();
        for pair in pairs {
            for hour in 0..HOURS {
                all.known[hour] += pair.known[hour];
                all.same[hour] += pair.same[hour];
            }
        }
        all
    }

    fn slots(&self) -> u32 {
        self.known.iter().sum()
    }

    /// The index: the mean of the hours, so that those of which more is known do not weigh more.
    fn index(&self) -> Result<f64, Refused> {
        match self.known.iter().filter(|known| **known == 0).count() as u32 {
            0 => {
                let shares = self.same.iter().zip(self.known).map(|(same, known)| f64::from(*same) / f64::from(known));
                Ok(200.0 * shares.sum::<f64>() / HOURS as f64 - 100.0)
            }
            hours => Err(Refused::Gaps { hours }),
        }
    }
}

/// The sleep regularity index of presence, −100 to 100: of all slots in which they would have been seen on two consecutive days, how many are the same
/// on both, each hour of the day alike (100: all; 0: as many as not). Refused: fewer pairs than [`DAYS_NEEDED`] days have, an hour of the day without any.
pub fn sleep_regularity(days: &[PersonCoverage], drawings: Drawings) -> Result<Found<Estimate>, Refused> {
    let pairs: Vec<Pair> =
        days.windows(2).map(|days| Pair::of(&days[0], &days[1])).filter(|pair| pair.slots() > 0).collect();
    let all = Pair::together(pairs.iter());
    let whole = all.slots() / u32::from(SLOTS_PER_DAY);
    if whole < DAYS_NEEDED {
        return Err(Refused::FewDays { have: whole, need: DAYS_NEEDED });
    }
    let found = all.index()?;
    let mut drawn = Vec::with_capacity(drawings.count);
    // A day is in two pairs.
    replicates_of_weeks(pairs.len(), drawings, |places| {
        drawn.extend(Pair::together(places.iter().map(|place| &pairs[*place])).index());
    });
    Ok(Found { value: Estimate::new(found, &mut drawn), days: pairs.len() as u32, method: SLEEP_REGULARITY })
}
