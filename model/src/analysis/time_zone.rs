//! The likely time zone: by how many hours somebody's day has to be shifted to look like the usual day of all people.
//!
//! It tells apart where clocks differ, not where people are: who rises late looks as if they lived further west. What can tell the two
//! apart are the days on which clocks change, see [`summer_time`](super::summer_time).

use serde::{Deserialize, Serialize};

use super::bootstrap::{Drawings, LEVEL, replicates};
use super::circle::{FARTHEST, moved, shares};
use super::clock_days::{Cells, Profile};
use super::grid::HOURS;
use super::offline::{ExposedDay, always_on};
use super::offset::{Offset, Prior};
use super::reference::Reference;
use super::summer_time::{Clocks, Hours, SummerTime};
use super::{Found, Method, Refused};
use crate::coverage::PersonCoverage;
use crate::day::Day;
use crate::words::Tier;

/// Offsets that are told.
pub const TOP: usize = 3;
/// The weight from which an offset alone is sure enough.
pub const SURE: f64 = 0.6;

const METHOD: Method = Method::new("time-zone", 1, Tier::Slots);

/// Where somebody's clock may be.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TimeZone {
    /// The standard offsets that weigh most, up to [`TOP`] of them, heaviest first.
    pub offsets: Vec<Weighed>,
    /// The fewest offsets that together hold 80 % of the weight, heaviest first.
    pub support: Vec<Offset>,
    /// What changes of clocks tell; nothing where none has 14 active days before and after it.
    pub summer_time: Option<SummerTime>,
    /// Whether the first offset weighs [`SURE`] or more, or a change of clocks is followed. If not, it may be a late or an early riser of another.
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
/// Weights are the prior times the share of the drawings of days that each pair of offset and clocks wins: clocks that make the days before
/// and after changes most alike, and the offset at which the profile by these clocks is nearest to the reference. Clocks between which
/// days do not decide share a drawing. Without drawings the days themselves are the only one.
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
                wins[nearest(&apart(&profile, reference)).place()][clocks.place()] += part;
            }
        }
    };
    if drawings.count == 0 {
        count(&(0..cells.days.len()).collect::<Vec<usize>>());
    } else {
        replicates(cells.days.len(), drawings, count);
    }
    let mut weights: Vec<Weighed> = Offset::all()
        .map(|offset| {
            let clocks = Clocks::ALL.map(|clocks| prior.weight(offset, clocks) * wins[offset.place()][clocks.place()]);
            Weighed { offset, weight: clocks.iter().sum(), clocks }
        })
        .collect();
    let sum: f64 = weights.iter().map(|weighed| weighed.weight).sum();
    if sum <= 0.0 {
        return Err(Refused::Constant);
    }
    for weighed in &mut weights {
        weighed.weight /= sum;
        weighed.clocks = weighed.clocks.map(|weight| weight / sum);
    }
    weights.sort_by(|a, b| b.weight.total_cmp(&a.weight));
    let summer_time = cells.summer_time(&told);
    let is_followed = summer_time.and_then(|found| found.clocks).is_some_and(|clocks| clocks != Clocks::Fixed);
    let value = TimeZone {
        support: support(&weights),
        is_sure: weights[0].weight >= SURE || is_followed,
        evidence: evidence(&cells, &all, &weights[0], reference)?,
        offsets: weights.into_iter().filter(|weighed| weighed.weight > 0.0).take(TOP).collect(),
        summer_time,
    };
    Ok(Found { value, days: cells.days.len() as u32, method: METHOD })
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
    Ok(Found { value: apart(&profile, reference), days: cells.days.len() as u32, method: METHOD })
}

/// By offset, how far a profile is from the reference; of both, only the hours that are known of the person.
fn apart(profile: &Profile, reference: &Reference) -> [f64; HOURS] {
    let mut all = [FARTHEST; HOURS];
    for (found, offset) in all.iter_mut().zip(Offset::all()) {
        let there = shifted(reference, offset);
        let known = std::array::from_fn(|hour| if profile.known[hour] { there[hour] } else { 0.0 });
        // Nobody is ever there in these hours: no offset is farther off.
        if let Some(known) = shares(&known) {
            *found = moved(&profile.shares, &known);
        }
    }
    all
}

/// The reference by hour of UTC, of people at an offset.
fn shifted(reference: &Reference, offset: Offset) -> [f64; HOURS] {
    let by = i32::from(offset.hours()).rem_euclid(HOURS as i32) as usize;
    std::array::from_fn(|hour| reference.shares()[(hour + by) % HOURS])
}

/// The first offset of those that are nearest.
fn nearest(distances: &[f64; HOURS]) -> Offset {
    let ordered = Offset::all().min_by(|a, b| distances[a.place()].total_cmp(&distances[b.place()]));
    ordered.unwrap_or(Offset::of_hours(0))
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
    let heaviest = Clocks::ALL.into_iter().max_by(|a, b| weight(a).total_cmp(&weight(b)));
    let (offset, clocks) = (best.offset, heaviest.unwrap_or(Clocks::Fixed));
    let profile = cells.profile(sums, clocks)?;
    let there = shifted(reference, offset);
    let known: f64 = (0..HOURS).filter(|hour| profile.known[*hour]).map(|hour| there[hour]).sum();
    Ok(Evidence {
        offset,
        clocks,
        person: std::array::from_fn(|hour| profile.known[hour].then_some(profile.shares[hour])),
        // Where hardly anybody is ever there in the known hours, they are no scale for the others.
        people: if known > 1e-6 { there.map(|share| share / known) } else { there },
        distance: apart(&profile, reference)[offset.place()],
    })
}
