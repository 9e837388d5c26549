//! Work or school: how workdays differ from weekends.

use serde::Serialize;

use super::grid::{Grid, HOURS, LocalDay};
use super::{Found, Method, Refused};
use crate::day::Day;

/// Days of either kind that the result needs.
pub const DAYS_NEEDED: u32 = 8;
/// Hours in which most offices and schools are at work.
const MORNING: std::ops::Range<usize> = 9..12;
const AFTERNOON: std::ops::Range<usize> = 14..17;

const METHOD: Method = Method { id: "work-rhythm", version: 1 };

/// How workdays differ from free days.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Rhythm {
    /// Jensen–Shannon divergence of the two profiles over the hours of the day, bits, 0–1: 0 where days are alike.
    pub divergence: f64,
    /// Presence on workdays from 9 to 12 and from 14 to 17, against the same hours of free days: under 1 where somebody is
    /// away then. Nothing where they never are there then on free days.
    pub office_ratio: Option<f64>,
}

/// The rhythm of a grid's days. Refused: fewer than [`DAYS_NEEDED`] known days of either kind, hours of which nothing is known, nobody
/// there on days of one kind.
pub fn rhythm(grid: &Grid, is_free: impl Fn(Day) -> bool) -> Result<Found<Rhythm>, Refused> {
    let (free, work): (Vec<&LocalDay>, Vec<&LocalDay>) =
        grid.days().iter().filter(|day| day.minutes().is_some()).partition(|day| is_free(day.day));
    let have = free.len().min(work.len()) as u32;
    if have < DAYS_NEEDED {
        return Err(Refused::FewDays { have, need: DAYS_NEEDED });
    }
    let (of_work, of_free) = (shares(&work)?, shares(&free)?);
    let (Some(p), Some(q)) = (normalised(&of_work), normalised(&of_free)) else { return Err(Refused::Constant) };
    let office = |shares: &[f64; HOURS]| MORNING.chain(AFTERNOON).map(|hour| shares[hour]).sum::<f64>();
    let office_ratio = Some(office(&of_work) / office(&of_free)).filter(|ratio| ratio.is_finite());
    let value = Rhythm { divergence: divergence(&p, &q), office_ratio };
    Ok(Found { value, days: (free.len() + work.len()) as u32, method: METHOD })
}

/// The share of known slots present, by hour of the day.
fn shares(days: &[&LocalDay]) -> Result<[f64; HOURS], Refused> {
    let mut sums = [(0u32, 0u32); HOURS];
    for (sum, cell) in days.iter().flat_map(|day| (0..HOURS).zip(day.cells)) {
        let sum = &mut sums[sum];
        *sum = (sum.0 + u32::from(cell.present), sum.1 + u32::from(cell.known));
    }
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
