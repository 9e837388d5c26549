//! The likely time zone: by how many hours somebody's day has to be shifted to look like the usual day of all people.
//!
//! It tells apart where clocks differ, not where people are: who rises late looks as if they lived further west. How many people do is
//! known of all of them, so that weights say how far that may be so; what can tell the two apart are the days on which clocks change, see
//! [`summer_time`](super::summer_time).

use serde::{Deserialize, Serialize};

use super::bootstrap::{Drawings, LEVEL, replicates};
use super::clock_days::Cells;
use super::grid::HOURS;
use super::offline::{ExposedDay, always_on};
use super::offset::{Offset, Prior};
use super::reference::{Reference, nearest};
use super::stray::Stray;
use super::summer_time::{Clocks, Hours, SummerTime};
use super::{Found, Method, Refused};
use crate::coverage::PersonCoverage;
use crate::day::Day;
use crate::words::Tier;

/// Offsets that are told.
pub const TOP: usize = 3;
/// The weight from which an offset alone is sure enough.
pub const SURE: f64 = 0.6;

const METHOD: Method = Method::new("time-zone", 2, Tier::Slots);

/// Where somebody's clock may be.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TimeZone {
    /// The standard offsets that weigh most, up to [`TOP`] of them, heaviest first.
    pub offsets: Vec<Weighed>,
    /// The fewest offsets that together hold 80 % of the weight, heaviest first.
    pub support: Vec<Offset>,
    /// What changes of clocks tell; nothing where none has 14 active days before and after it.
    pub summer_time: Option<SummerTime>,
    /// Whether the first offset weighs [`SURE`] or more. If not, it may be a late or an early riser of another.
    pub is_sure: bool,
    /// What is seen of them beside all people.
    pub evidence: Evidence,
}

/// An offset and its weight.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Weighed {
    /// The offset that its clocks have in winter.
    pub offset: Offset,
    /// Its share of all weight, 0–1.
    pub weight: f64,
    /// Of it, what each of [`Clocks::ALL`] has.
    pub clocks: [f64; 3],
}

/// Both profiles by hour of UTC, in winter; in summer an hour later where `clocks` say so. Over the hours that are known each sums to 1.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// The offset by which all people are shifted: that which weighs most.
    pub offset: Offset,
    /// The clocks that weigh most with it.
    pub clocks: Clocks,
    /// The person: presence ÷ slots in which one of their channels was on air; nothing of hours with less than five of those in all.
    pub person: [Option<f64>; HOURS],
    /// All people, by the clock of that offset.
    pub people: [f64; HOURS],
    /// How far the two are apart, hours, 0–12.
    pub distance: f64,
}

/// The likely zone of somebody by consecutive UTC days, the first of which is `first`.
///
/// In each drawing of days the likeliest clocks are those that make the days before and after changes most alike, and by them they are found at
/// the offset where their profile is nearest to the reference. The weight of a pair of offset and clocks is the prior times the share of the
/// drawings with these clocks, each by the chance that somebody who lives at the offset is found where that drawing finds them: people stray from
/// the usual day, and by how much is seen of where the reference finds all of them. Clocks between which days do not decide share a drawing.
/// Without drawings the days themselves are the only one.
///
/// Refused: an account that is always on, fewer than 14 active days, under 12 hours of the day with somebody to watch, presence that
/// is the same all day long.
pub fn time_zone(
    first: Day,
    days: &[ExposedDay],
    reference: &Reference,
    prior: &Prior,
    drawings: Drawings,
) -> Result<Found<TimeZone>, Refused> {
    let seen: Vec<PersonCoverage> = days.iter().map(|day| day.coverage).collect();
    always_on(&seen)?;
    let cells = Cells::of(first, days);
    cells.refuse_few_days()?;
    let all = cells.sums(0..cells.days.len());
    for clocks in Clocks::ALL {
        cells.profile(&all, clocks)?;
    }
    let mut wins = [[0.0; 3]; HOURS];
    let mut told = [0.0; 3];
    let mut count = |places: &[usize]| {
        let sums = cells.sums(places.iter().copied());
        let winners = cells.clocks(&sums);
        let part = 1.0 / winners.len() as f64;
        for clocks in winners {
            told[clocks.place()] += part;
            // A drawing without enough of some hours says nothing of its own.
            if let Ok(profile) = cells.profile(&sums, clocks) {
                wins[nearest(&profile.apart(reference.shares())).place()][clocks.place()] += part;
            }
        }
    };
    if drawings.count == 0 {
        count(&(0..cells.days.len()).collect::<Vec<usize>>());
    } else {
        replicates(cells.days.len(), drawings, count);
    }
    let weights = weigh(&wins, &Stray::of(reference, prior), prior)?;
    let summer_time = cells.summer_time(&told);
    let value = TimeZone {
        support: support(&weights),
        is_sure: weights[0].weight >= SURE,
        evidence: evidence(&cells, &all, &weights[0], reference)?,
        offsets: weights.into_iter().filter(|weighed| weighed.weight > 0.0).take(TOP).collect(),
        summer_time,
    };
    Ok(Found { value, days: cells.days.len() as u32, method: METHOD })
}

/// What each offset weighs, the heaviest first, where drawings of their days were nearest to others so often; all weights are 1.
fn weigh(wins: &[[f64; 3]; HOURS], stray: &Stray, prior: &Prior) -> Result<Vec<Weighed>, Refused> {
    let weigh = |offset: Offset| {
        let chance = |clocks: Clocks| -> f64 {
            Offset::all().map(|found| wins[found.place()][clocks.place()] * stray.chance(offset, found)).sum()
        };
        let clocks = Clocks::ALL.map(|clocks| prior.weight(offset, clocks) * chance(clocks));
        Weighed { offset, weight: clocks.iter().sum(), clocks }
    };
    let mut weights: Vec<Weighed> = Offset::all().map(weigh).collect();
    let sum: f64 = weights.iter().map(|weighed| weighed.weight).sum();
    if sum <= 0.0 {
        return Err(Refused::Constant);
    }
    for weighed in &mut weights {
        weighed.weight /= sum;
        weighed.clocks = weighed.clocks.map(|weight| weight / sum);
    }
    weights.sort_by(|a, b| b.weight.total_cmp(&a.weight));
    Ok(weights)
}

/// How far somebody's profile by some clocks is from the reference at each offset, in hours, 0–12, in the order of [`Offset::all`]: the
/// part of [`time_zone`] without drawings. Refused: as there, but for accounts that are always on.
pub fn distances(
    first: Day,
    days: &[ExposedDay],
    reference: &Reference,
    clocks: Clocks,
) -> Result<Found<[f64; HOURS]>, Refused> {
    let cells = Cells::of(first, days);
    cells.refuse_few_days()?;
    let profile = cells.profile(&cells.sums(0..cells.days.len()), clocks)?;
    Ok(Found { value: profile.apart(reference.shares()), days: cells.days.len() as u32, method: METHOD })
}

/// The fewest of descending weights that hold [`LEVEL`].
fn support(weights: &[Weighed]) -> Vec<Offset> {
    let mut held = 0.0;
    let mut enough = |weighed: &&Weighed| {
        let more = held < LEVEL;
        held += weighed.weight;
        more
    };
    weights.iter().take_while(|weighed| enough(weighed)).map(|weighed| weighed.offset).collect()
}

fn evidence(cells: &Cells, sums: &[Hours], best: &Weighed, reference: &Reference) -> Result<Evidence, Refused> {
    let weight = |clocks: &Clocks| best.clocks[clocks.place()];
    // The first of equals.
    let heaviest = Clocks::ALL.into_iter().rev().max_by(|a, b| weight(a).total_cmp(&weight(b)));
    let (offset, clocks) = (best.offset, heaviest.unwrap_or(Clocks::Fixed));
    let profile = cells.profile(sums, clocks)?;
    let there = reference.at(offset);
    let known: f64 = (0..HOURS).filter(|hour| profile.known[*hour]).map(|hour| there[hour]).sum();
    Ok(Evidence {
        offset,
        clocks,
        person: std::array::from_fn(|hour| profile.known[hour].then_some(profile.shares[hour])),
        // Where hardly anybody is ever there in the known hours, they are no scale for the others.
        people: if known > 1e-6 { there.map(|share| share / known) } else { there },
        distance: profile.apart(reference.shares())[offset.place()],
    })
}
