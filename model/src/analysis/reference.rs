//! The usual day of all people, by hour of the local clock: what somebody's day is held against to tell where they live.
//!
//! It is made of people whose zones nobody knows, as if all of them lived in the site's. That is a circle, and `docs/analysis.md`
//! says what it does to results.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::Refused;
use super::circle::shares;
use super::grid::{Grid, HOURS};
use super::offline::{DAYS_NEEDED, ExposedDay, always_on};
use crate::coverage::PersonCoverage;
use crate::day::Day;
use crate::zone::ZoneTable;

/// People that each hour of a reference needs.
pub const PEOPLE_NEEDED: u64 = 1_000;
/// Known slots by which an hour of the day counts: five hours of them.
pub(super) const HOUR_SLOTS: u32 = 60;
/// Hours of the day that a person needs to have had somebody to watch.
pub(super) const HOURS_NEEDED: u32 = 12;

/// How references are made: another number makes other references of the same people.
pub const VERSION: u16 = 1;
/// A person's presence in whole parts, so that sums are the same in any order.
const PARTS: f64 = 1e9;

/// Why there is no reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum ReferenceError {
    /// Some hour has fewer people than [`PEOPLE_NEEDED`].
    #[error("an hour of the day is made of {have} people, and {need} are needed")]
    FewPeople {
        /// People of the hour that has fewest.
        have: u64,
        /// What is needed.
        need: u64,
    },
    /// Not 24 finite numbers of 0 or more that differ from each other: against a day without a shape any zone is as good.
    #[error("this is no profile of a day")]
    NotAProfile,
    /// Of another version, another zone, or made with another reference before.
    #[error("references of different makes cannot be added up")]
    OtherMake,
}

/// Shares of presence by hour of the local clock, which sum to 1.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(into = "[f64; HOURS]", try_from = "[f64; HOURS]")]
pub struct Reference([f64; HOURS]);

impl Reference {
    /// From values by local hour of any scale. Errors: [`ReferenceError::NotAProfile`].
    pub fn new(profile: [f64; HOURS]) -> Result<Reference, ReferenceError> {
        let shares = shares(&profile).ok_or(ReferenceError::NotAProfile)?;
        let differ = shares.iter().any(|share| (share - shares[0]).abs() > 1e-9);
        if differ { Ok(Reference(shares)) } else { Err(ReferenceError::NotAProfile) }
    }

    /// The shares.
    pub fn shares(&self) -> &[f64; HOURS] {
        &self.0
    }
}

impl From<Reference> for [f64; HOURS] {
    fn from(reference: Reference) -> [f64; HOURS] {
        reference.0
    }
}

impl TryFrom<[f64; HOURS]> for Reference {
    type Error = ReferenceError;
    fn try_from(profile: [f64; HOURS]) -> Result<Reference, ReferenceError> {
        Reference::new(profile)
    }
}

/// Adds up people to a reference. Parts of the people can be added up apart and [merged](ReferenceProfile::merge), in any order; it is
/// as large for a million of them as for one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReferenceProfile {
    version: u16,
    zone: ZoneTable,
    before: Option<Reference>,
    people: u64,
    /// By local hour: parts of [`PARTS`], and people who had somebody to watch then.
    hours: [(u64, u64); HOURS],
}

impl ReferenceProfile {
    /// None yet, of people who are taken to live in `zone`. `before` is the last reference there was: somebody whose channels are off air at
    /// night tells of the other hours only, and counts there as much as all people are present in them by it.
    pub fn new(zone: ZoneTable, before: Option<Reference>) -> ReferenceProfile {
        ReferenceProfile { version: VERSION, zone, before, people: 0, hours: [(0, 0); HOURS] }
    }

    /// Adds somebody's consecutive UTC days, the first of which is `first`: their presence ÷ slots in which one of their usual channels was on
    /// air, each hour as a share of their day, so that all people count alike. Refused, and not added: under 14 active
    /// days, always on, under 12 hours with somebody to watch, never there.
    pub fn add(&mut self, first: Day, days: &[ExposedDay]) -> Result<(), Refused> {
        let seen: Vec<PersonCoverage> = days.iter().map(|day| day.coverage).collect();
        always_on(&seen)?;
        let exposed: Vec<PersonCoverage> = days.iter().map(ExposedDay::while_exposed).collect();
        let grid: Grid = Grid::of_slots(first, &exposed, &self.zone);
        let have = grid.days().iter().filter(|day| day.present() > 0).count() as u32;
        if have < DAYS_NEEDED {
            return Err(Refused::FewDays { have, need: DAYS_NEEDED });
        }
        let mut sums = [(0u32, 0u32); HOURS];
        for (sum, cell) in grid.days().iter().flat_map(|day| (0..HOURS).zip(day.cells)) {
            sums[sum].0 += u32::from(cell.present);
            sums[sum].1 += u32::from(cell.known);
        }
        let rates = rates(&sums);
        let missing = rates.iter().filter(|rate| rate.is_none()).count() as u32;
        if HOURS as u32 - missing < HOURS_NEEDED {
            return Err(Refused::Gaps { hours: missing });
        }
        let shares = shares(&rates.map(Option::unwrap_or_default)).ok_or(Refused::Constant)?;
        let usual = self.before.map_or([1.0 / HOURS as f64; HOURS], |before| before.0);
        let part: f64 = (0..HOURS).filter(|hour| rates[*hour].is_some()).map(|hour| usual[hour]).sum();
        for ((sum, people), (share, rate)) in self.hours.iter_mut().zip(shares.iter().zip(rates)) {
            if rate.is_some() {
                *sum = sum.saturating_add((share * part * PARTS) as u64);
                *people = people.saturating_add(1);
            }
        }
        self.people = self.people.saturating_add(1);
        Ok(())
    }

    /// Adds all people of another. Errors: [`ReferenceError::OtherMake`].
    pub fn merge(&mut self, other: &ReferenceProfile) -> Result<(), ReferenceError> {
        if (self.version, &self.zone, self.before) != (other.version, &other.zone, other.before) {
            return Err(ReferenceError::OtherMake);
        }
        self.people = self.people.saturating_add(other.people);
        for ((sum, people), (more, others)) in self.hours.iter_mut().zip(other.hours) {
            *sum = sum.saturating_add(more);
            *people = people.saturating_add(others);
        }
        Ok(())
    }

    /// People added.
    pub fn people(&self) -> u64 {
        self.people
    }

    /// The reference of all added. Errors: an hour with fewer than [`PEOPLE_NEEDED`] people, or all hours alike; of another version.
    pub fn reference(&self) -> Result<Reference, ReferenceError> {
        if self.version != VERSION {
            return Err(ReferenceError::OtherMake);
        }
        let have = self.hours.iter().map(|(_, people)| *people).min().unwrap_or_default();
        if have < PEOPLE_NEEDED {
            return Err(ReferenceError::FewPeople { have, need: PEOPLE_NEEDED });
        }
        Reference::new(self.hours.map(|(sum, people)| sum as f64 / people as f64))
    }
}

/// Presence ÷ known slots, 0–1, of hours with [`HOUR_SLOTS`] of them or more.
pub(super) fn rates(sums: &[(u32, u32); HOURS]) -> [Option<f64>; HOURS] {
    sums.map(|(present, known)| (known >= HOUR_SLOTS).then(|| f64::from(present) / f64::from(known)))
}

#[cfg(test)]
mod tests {
    use super::super::offline::tests::person;
    use super::*;
    use crate::zone::tests::paris;

    const DAYS: i32 = 30;

    fn first() -> Day {
        "2026-11-02".parse().unwrap()
    }

    #[test]
    fn people_add_up_in_any_order_and_a_thousand_are_needed() {
        let night = person(DAYS, |_, hour| !(9.0..24.0).contains(&hour), |_| true);
        // Nobody to watch from 2 to 8.
        let late = person(DAYS, |_, hour| (3.0..12.0).contains(&hour), |hour| !(2.0..8.0).contains(&hour));
        let added = |people: &[(&[ExposedDay], usize)]| {
            let mut profile = ReferenceProfile::new(paris(), None);
            for (days, times) in people {
                for _ in 0..*times {
                    profile.add(first(), days).unwrap();
                }
            }
            profile
        };
        let (mut one, other) = (added(&[(&night, 600)]), added(&[(&late, 3), (&night, 400)]));
        assert_eq!(one.reference(), Err(ReferenceError::FewPeople { have: 600, need: PEOPLE_NEEDED }));
        let mut back = other.clone();
        back.merge(&one).unwrap();
        one.merge(&other).unwrap();
        assert_eq!((&one, one.people()), (&back, 1_003));
        assert_eq!(one, added(&[(&night, 1_000), (&late, 3)]));
        let reference = one.reference().unwrap();
        assert!((reference.shares().iter().sum::<f64>() - 1.0).abs() < 1e-9);
        assert!(reference.shares()[20] > 0.05 && reference.shares()[5] == 0.0, "{reference:?}");
        // It is kept as text from one night to the next.
        let text = serde_json::to_string(&one).unwrap();
        assert!(text.len() < 2_000 && serde_json::from_str::<ReferenceProfile>(&text).unwrap() == one);
        assert_eq!(one.merge(&ReferenceProfile::new(ZoneTable::utc(), None)), Err(ReferenceError::OtherMake));
        assert_eq!(one.merge(&ReferenceProfile::new(paris(), Some(reference))), Err(ReferenceError::OtherMake));
    }

    #[test]
    fn who_tells_of_part_of_the_day_counts_there_as_all_people_do() {
        let evening = person(DAYS, |_, hour| hour < 12.0, |hour| hour >= 12.0);
        let before: [f64; HOURS] = std::array::from_fn(|hour| if hour < 12 { 1.0 } else { 3.0 });
        let mut profile = ReferenceProfile::new(paris(), Some(Reference::new(before).unwrap()));
        profile.add(first(), &evening).unwrap();
        let all: u64 = profile.hours.iter().map(|(sum, _)| sum).sum();
        assert!((all as f64 / PARTS - 0.75).abs() < 1e-6, "{all}");
        assert!(profile.hours[..12].iter().all(|hour| *hour == (0, 0)));
    }

    #[test]
    fn what_is_no_profile_is_refused() {
        for wrong in [[0.0; HOURS], [1.0; HOURS], [-1.0; HOURS], [f64::NAN; HOURS], [f64::INFINITY; HOURS]] {
            assert_eq!(Reference::new(wrong), Err(ReferenceError::NotAProfile));
        }
        assert!(serde_json::from_str::<Reference>(&format!("{:?}", [1.0; HOURS])).is_err());
        let few = person(9, |_, hour| hour < 12.0, |_| true);
        let mut profile = ReferenceProfile::new(paris(), None);
        assert!(matches!(profile.add(first(), &few), Err(Refused::FewDays { have: 8..=9, need: DAYS_NEEDED })));
        let always = person(DAYS, |_, _| false, |_| true);
        assert!(matches!(profile.add(first(), &always), Err(Refused::AlwaysOn { .. })));
        assert_eq!(profile.people(), 0);
    }
}
