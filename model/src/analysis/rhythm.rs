//! Work or school: how workdays differ from weekends.

use serde::{Deserialize, Serialize};

use super::bootstrap::{Drawings, Estimate, jackknife, replicates};
use super::grid::{Grid, HOURS, LocalDay};
use super::{Found, Method, Refused};
use crate::day::Day;
use crate::words::Tier;

/// Days of either kind that the result needs.
pub const DAYS_NEEDED: u32 = 8;
/// Hours in which most offices and schools are at work.
const MORNING: std::ops::Range<usize> = 9..12;
const AFTERNOON: std::ops::Range<usize> = 14..17;

/// No ratio of shares that are told comes near to it.
const ENDLESS: f64 = 1e100;

const METHOD: Method = Method::new("work-rhythm", 2, Tier::Hours);

/// How workdays differ from free days.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rhythm {
    /// Jensen–Shannon divergence of the two profiles over the hours of the day, bits, 0–1: 0 where days are alike. What chance alone makes
    /// of so few days is taken off.
    pub divergence: Estimate,
    /// Presence on workdays from 9 to 12 and from 14 to 17, against the same hours of free days: under 1 where somebody is
    /// away then. Nothing where they are hardly ever there then on free days.
    pub office_ratio: Option<Estimate>,
    /// The share of known slots of workdays with presence, by hour of the local clock, 0–1.
    pub workdays: [f64; HOURS],
    /// The same of free days.
    pub free_days: [f64; HOURS],
}

/// The rhythm of a grid's days. Refused: fewer than [`DAYS_NEEDED`] known days of either kind, hours of which nothing is known, nobody
/// there on days of one kind.
pub fn rhythm(grid: &Grid, drawings: Drawings, is_free: impl Fn(Day) -> bool) -> Result<Found<Rhythm>, Refused> {
    let (free, work): (Vec<&LocalDay>, Vec<&LocalDay>) =
        grid.days().iter().filter(|day| day.minutes().is_some()).partition(|day| is_free(day.day));
    let have = free.len().min(work.len()) as u32;
    if have < DAYS_NEEDED {
        return Err(Refused::FewDays { have, need: DAYS_NEEDED });
    }
    let all = |days: &[&LocalDay]| sums(days.iter().copied());
    let (workdays, free_days) = (shares(&all(&work))?, shares(&all(&free))?);
    let (value, ratio) = compared(&workdays, &free_days).ok_or(Refused::Constant)?;
    let mut of_work = Vec::with_capacity(drawings.count);
    replicates(work.len(), drawings, |places| of_work.push(shares(&sums(places.iter().map(|place| work[*place])))));
    let (mut divergences, mut ratios, mut next) = (Vec::new(), Vec::new(), of_work.iter());
    replicates(free.len(), drawings.other(), |places| {
        let (Some(Ok(work)), Ok(free)) = (next.next(), shares(&sums(places.iter().map(|place| free[*place])))) else {
            return;
        };
        let Some((divergence, ratio)) = compared(work, &free) else { return };
        divergences.push(divergence);
        // Without presence on free days then, it is as far from work as can be.
        ratios.push(ratio.unwrap_or(f64::MAX));
    });
    let office_ratio = ratio
        .map(|ratio| Estimate::new(ratio, &mut ratios))
        // An interval without an end says nothing, nor one that is drawn between such an end and another.
        .filter(|estimate| estimate.interval.is_none_or(|interval| interval.to < ENDLESS));
    let excess = excess(&work, value, |work| compared(work, &free_days))
        + excess(&free, value, |free| compared(&workdays, free));
    let divergence = Estimate::corrected(value, excess, &mut divergences);
    let value = Rhythm { divergence, office_ratio, workdays, free_days };
    Ok(Found { value, days: (free.len() + work.len()) as u32, method: METHOD })
}

/// The divergence of two profiles, and the ratio of what they have at office hours; nothing where one is empty.
fn compared(work: &[f64; HOURS], free: &[f64; HOURS]) -> Option<(f64, Option<f64>)> {
    let office = |shares: &[f64; HOURS]| MORNING.chain(AFTERNOON).map(|hour| shares[hour]).sum::<f64>();
    let ratio = Some(office(work) / office(free)).filter(|ratio| ratio.is_finite());
    Some((divergence(&normalised(work)?, &normalised(free)?), ratio))
}

/// By how much chance of days of one kind makes the divergence too high; `of` is that of their shares and the other kind's.
fn excess(days: &[&LocalDay], value: f64, of: impl Fn(&[f64; HOURS]) -> Option<(f64, Option<f64>)>) -> f64 {
    let all = sums(days.iter().copied());
    jackknife(days.len(), value, |left_out| {
        let part = sums(left_out.map(|place| days[place]));
        let rest = std::array::from_fn(|hour| (all[hour].0 - part[hour].0, all[hour].1 - part[hour].1));
        Some(of(&shares(&rest).ok()?)?.0)
    })
}

/// Slots present and slots known, by hour of the day.
fn sums<'a>(days: impl Iterator<Item = &'a LocalDay>) -> [(u32, u32); HOURS] {
    let mut sums = [(0, 0); HOURS];
    for day in days {
        for (sum, cell) in sums.iter_mut().zip(&day.cells) {
            *sum = (sum.0 + u32::from(cell.present), sum.1 + u32::from(cell.known));
        }
    }
    sums
}

/// The share of known slots present, by hour of the day.
fn shares(sums: &[(u32, u32); HOURS]) -> Result<[f64; HOURS], Refused> {
    match sums.iter().filter(|(_, known)| *known == 0).count() as u32 {
        0 => Ok(sums.map(|(present, known)| f64::from(present) / f64::from(known))),
        hours => Err(Refused::Gaps { hours }),
    }
}

/// A profile that sums to 1; nothing where it is empty.
fn normalised(profile: &[f64; HOURS]) -> Option<[f64; HOURS]> {
    let sum: f64 = profile.iter().sum();
    (sum > 0.0).then(|| profile.map(|share| share / sum))
}

/// The Jensen–Shannon divergence of two distributions, in bits (Lin 1991).
pub fn divergence(p: &[f64], q: &[f64]) -> f64 {
    let part = |share: f64, middle: f64| if share > 0.0 { share * (share / middle).log2() } else { 0.0 };
    let both = p.iter().zip(q).map(|(p, q)| {
        let middle = (p + q) / 2.0;
        part(*p, middle) + part(*q, middle)
    });
    // What rounding leaves of two that are alike may be less than nothing.
    (both.sum::<f64>() / 2.0).max(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn divergence_is_none_of_equals_and_one_of_strangers() {
        assert_eq!((divergence(&[0.5, 0.5], &[0.5, 0.5]), divergence(&[1.0, 0.0], &[0.0, 1.0])), (0.0, 1.0));
    }
}
