//! How much one day is like another: what actigraphy has measured of movement since 1990, of presence.
//!
//! Sources: Witting et al. 1990, van Someren et al. 1999 (IS, IV, RA); Phillips et al. 2017 (SRI). IS and IV are the
//! estimators of pyActigraphy (Hammad et al. 2021), with sample variances.

use serde::{Deserialize, Serialize};

use super::bootstrap::{Drawings, Estimate, Interval, around, replicates, replicates_of_weeks};
use super::grid::{Grid, HOURS, LocalDay};
use super::{Found, Method, Refused};
use crate::coverage::PersonCoverage;
use crate::slot::SLOTS_PER_DAY;
use crate::words::Tier;

/// Known days that the results need.
pub const DAYS_NEEDED: u32 = 14;
/// The least active part of a day: five hours.
const LEAST: Part = Part { hours: 5, sign: 1.0 };
/// The most active part: ten.
const MOST: Part = Part { hours: 10, sign: -1.0 };

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
    /// The first hour of the five in which the usual day has least (L5), a whole one, 0–23, the first of equals. Its interval is of hours from
    /// which drawings have least, all of equals in a row, and may go over midnight.
    pub least_from: Estimate,
    /// The same of the ten in which it has most (M10).
    pub most_from: Estimate,
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
    let (least_from, most_from) = (extreme(&found.profile, &LEAST), extreme(&found.profile, &MOST));
    // In the same hours: least of a drawing's own hours would be less than of the same.
    let amplitude_of = |rhythm: &Rhythm| amplitude(&rhythm.profile, least_from, most_from);
    let mut drawn: [Vec<f64>; 3] = Default::default();
    let (mut least_drawn, mut most_drawn) = (Vec::new(), Vec::new());
    replicates(sums.len(), drawings, |places| {
        // A drawing that knows nothing of an hour says nothing of its own.
        let Ok(found) = Sums::together(places.iter().map(|place| &sums[*place])).rhythm() else { return };
        for (all, value) in drawn.iter_mut().zip([found.stability, found.variability, amplitude_of(&found)]) {
            all.push(value);
        }
        least_drawn.push(equals(&found.profile, &LEAST, least_from));
        most_drawn.push(equals(&found.profile, &MOST, most_from));
    });
    let [stability, variability, amplitude] = &mut drawn;
    let value = Circadian {
        // Means of few days differ more than those of many, so chance adds to it.
        stability: Estimate::mirrored(found.stability, stability),
        variability: Estimate::new(found.variability, variability),
        amplitude: Estimate::new(amplitude_of(&found), amplitude),
        least_from: begins(least_from, least_drawn),
        most_from: begins(most_from, most_drawn),
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

/// Hours in a row of a circular day that have least of something.
struct Part {
    hours: usize,
    /// Of what: of presence, or of its negative.
    sign: f64,
}

impl Part {
    /// What the hours from `from` on have of it, in the mean.
    fn of(&self, profile: &[f64; HOURS], from: usize) -> f64 {
        self.sign * mean(profile, from, self.hours)
    }
}

/// The first hour of a part of a day; the earliest of equals.
fn extreme(profile: &[f64; HOURS], part: &Part) -> usize {
    (1..HOURS).fold(0, |best, from| if part.of(profile, from) < part.of(profile, best) { from } else { best })
}

/// From the first to the last hour at which it may as well begin: the equals in a row that are nearest to `centre`, as they lie from there, so that they
/// may be under 0 or over 24.
fn equals(profile: &[f64; HOURS], part: &Part, centre: usize) -> [f64; 2] {
    let least = part.of(profile, extreme(profile, part));
    // But for what rounding makes of equals.
    let is_equal = |from: usize| part.of(profile, from % HOURS) - least < 1e-9;
    let away = |from: &usize| around(*from as f64 - centre as f64, HOURS as f64);
    let equal = (0..HOURS).filter(|from| is_equal(*from));
    let nearest = equal.min_by(|a, b| away(a).abs().total_cmp(&away(b).abs())).unwrap_or(centre);
    let more = |next: &dyn Fn(usize) -> usize| (1..HOURS).take_while(|step| is_equal(next(*step))).count();
    let (before, after) = (more(&|step| nearest + HOURS - step), more(&|step| nearest + step));
    let there = centre as f64 + away(&nearest);
    [there - before as f64, there + after as f64]
}

/// Where a part of the day begins, with where it may as well begin in drawings.
fn begins(from: usize, drawn: Vec<[f64; 2]>) -> Estimate {
    let Estimate { value, interval } = Estimate::between(from as f64, drawn.into_iter());
    let round = HOURS as f64;
    // Where all hours are as good the last is the one before the first.
    let on_the_clock = |Interval { from, to }: Interval| Interval {
        from: from.rem_euclid(round),
        to: to.min(from + round - 1.0).rem_euclid(round),
    };
    Estimate { value, interval: interval.map(on_the_clock) }
}

/// The relative amplitude of a day by these windows of it; 0 of nothing.
fn amplitude(profile: &[f64; HOURS], least_from: usize, most_from: usize) -> f64 {
    let (least, most) = (mean(profile, least_from, LEAST.hours), mean(profile, most_from, MOST.hours));
    if most + least > 0.0 { (most - least) / (most + least) } else { 0.0 }
}

/// The mean of a window of a circular day.
fn mean(profile: &[f64; HOURS], from: usize, window: usize) -> f64 {
    (from..from + window).map(|hour| profile[hour % HOURS]).sum::<f64>() / window as f64
}

/// The sleep regularity index of presence.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct SleepRegularity {
    /// The index, −100 to 100: 100 where all slots are the same on two days in a row, 0 where as many are as are not.
    pub index: Estimate,
    /// By hour of the UTC day, the share of slots that are the same on both days, 0–1: the index is of their mean.
    pub same: [f64; HOURS],
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

    /// By hour, the share that is the same.
    fn shares(&self) -> Result<[f64; HOURS], Refused> {
        match self.known.iter().filter(|known| **known == 0).count() as u32 {
            0 => Ok(std::array::from_fn(|hour| f64::from(self.same[hour]) / f64::from(self.known[hour]))),
            hours => Err(Refused::Gaps { hours }),
        }
    }
}

/// The index: the mean of the hours, so that those of which more is known do not weigh more.
fn index(shares: &[f64; HOURS]) -> f64 {
    200.0 * shares.iter().sum::<f64>() / HOURS as f64 - 100.0
}

/// The sleep regularity index: of all slots in which they would have been seen on two consecutive days, how many are the same
/// on both, each hour of the day alike (100: all; 0: as many as not). Refused: fewer pairs than [`DAYS_NEEDED`] days have, an hour of the day without any.
pub fn sleep_regularity(days: &[PersonCoverage], drawings: Drawings) -> Result<Found<SleepRegularity>, Refused> {
    let pairs: Vec<Pair> =
        days.windows(2).map(|days| Pair::of(&days[0], &days[1])).filter(|pair| pair.slots() > 0).collect();
    let all = Pair::together(pairs.iter());
    let whole = all.slots() / u32::from(SLOTS_PER_DAY);
    if whole < DAYS_NEEDED {
        return Err(Refused::FewDays { have: whole, need: DAYS_NEEDED });
    }
    let same = all.shares()?;
    let mut drawn = Vec::with_capacity(drawings.count);
    // A day is in two pairs.
    replicates_of_weeks(pairs.len(), drawings, |places| {
        drawn.extend(Pair::together(places.iter().map(|place| &pairs[*place])).shares().map(|same| index(&same)));
    });
    let value = SleepRegularity { index: Estimate::new(index(&same), &mut drawn), same };
    Ok(Found { value, days: pairs.len() as u32, method: SLEEP_REGULARITY })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::day::Day;
    use crate::slot::Slot;
    use crate::slot_set::SlotSet;
    use crate::zone::ZoneTable;

    /// Days in all of whose slots somebody was looked for, and in these hours found.
    fn grid(days: &[Vec<u16>]) -> Grid {
        let coverage = |hours: &Vec<u16>| PersonCoverage {
            present: Slot::all().filter(|slot| hours.contains(&(slot.index() / 12))).collect(),
            observed: Slot::all().collect::<SlotSet>(),
        };
        let first: Day = "2026-11-02".parse().unwrap();
        Grid::of_slots(first, &days.iter().map(coverage).collect::<Vec<_>>(), &ZoneTable::utc())
    }

    fn told(days: &[Vec<u16>]) -> [(f64, Interval); 2] {
        let found = circadian(&grid(days), Drawings::of_seed(3)).unwrap().value;
        [found.least_from, found.most_from].map(|begins| (begins.value, begins.interval.unwrap()))
    }

    #[test]
    fn parts_of_the_day_begin_where_they_may_as_well() {
        // From 21:00 to 22:00 each day: ten hours that have it begin from 12 to 21, five that have not from 22 to 16.
        let same = told(&vec![vec![21]; 20]);
        assert_eq!(same, [(0.0, Interval { from: 22.0, to: 16.0 }), (12.0, Interval { from: 12.0, to: 21.0 })]);
        // From 8:00 to 3:00 but for a nap that moves: the night is known to the hour.
        let naps = |day: usize| (0..24).filter(|hour| !(3..8).contains(hour) && *hour != 10 + day as u16 % 5).collect();
        let [(least, interval), _] = told(&(0..20).map(naps).collect::<Vec<_>>());
        assert_eq!((least, interval), (3.0, Interval { from: 3.0, to: 3.0 }));
        // Two nights by turns: both may be meant.
        let nights =
            |day: usize| (0..24).filter(|hour| !(day as u16 % 2 * 2..day as u16 % 2 * 2 + 5).contains(hour)).collect();
        let [(_, interval), _] = told(&(0..20).map(nights).collect::<Vec<_>>());
        assert_eq!(interval, Interval { from: 0.0, to: 2.0 });
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]

        /// Whatever the days, parts begin on hours of the clock.
        #[test]
        fn parts_of_the_day_begin_at_some_hour(days in proptest::collection::vec(proptest::collection::vec(0u16..24, 0..12), 14..20)) {
            let Ok(found) = circadian(&grid(&days), Drawings { seed: 1, count: 40 }) else { return Ok(()) };
            for Estimate { value, interval } in [found.value.least_from, found.value.most_from] {
                let Interval { from, to } = interval.unwrap();
                prop_assert!([value, from, to].iter().all(|hour| (0.0..24.0).contains(hour)), "{value} {from} {to}");
            }
        }
    }
}
