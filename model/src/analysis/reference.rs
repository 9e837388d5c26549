//! The usual day of all people, by hour of the local clock: what somebody's day is held against to tell where they live.
//!
//! It is made of people whose zones nobody knows, as if all of them lived in the site's. That is a circle, and `docs/analysis.md`
//! says what it does to results. So it also says at which offset each of them would be found by it.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::Refused;
use super::circle::{FARTHEST, moved, shares};
use super::grid::{Grid, HOURS};
use super::offline::{DAYS_NEEDED, ExposedDay, always_on};
use super::offset::Offset;
use super::summer_time::Clocks;
use crate::aggregate::FEW;
use crate::coverage::PersonCoverage;
use crate::day::Day;
use crate::zone::ZoneTable;

/// People that each hour of a reference needs.
pub const PEOPLE_NEEDED: u64 = 1_000;
/// Known slots by which an hour of the day counts: five hours of them.
pub(super) const HOUR_SLOTS: u32 = 60;
/// Hours of the day that a person needs to have had somebody to watch.
pub(super) const HOURS_NEEDED: u32 = 12;
/// By then the usual day changes by less than a thousandth.
const ROUNDS: usize = 12;

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
    /// Not 24 finite numbers of 0 or more, one of them more.
    #[error("people are found nowhere")]
    NobodyFound,
}

/// The usual day, and where people are found by it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Parts", into = "Parts")]
pub struct Reference {
    shares: [f64; HOURS],
    found: [f64; HOURS],
    moved: [i8; 3],
}

/// What is kept of a reference.
#[derive(Serialize, Deserialize)]
struct Parts {
    shares: [f64; HOURS],
    found: [f64; HOURS],
    moved: [i8; 3],
}

impl Reference {
    /// From values by local hour, and by offset in the order of [`Offset::all`], of any scale; `moved` is as [`Reference::moved`] tells
    /// it. Errors: [`ReferenceError::NotAProfile`], [`ReferenceError::NobodyFound`].
    pub fn new(profile: [f64; HOURS], found: [f64; HOURS], moved: [i8; 3]) -> Result<Reference, ReferenceError> {
        let day = shares(&profile).ok_or(ReferenceError::NotAProfile)?;
        if day.iter().all(|share| (share - day[0]).abs() <= 1e-9) {
            return Err(ReferenceError::NotAProfile);
        }
        Ok(Reference { shares: day, found: shares(&found).ok_or(ReferenceError::NobodyFound)?, moved })
    }

    /// Shares of presence by hour of the local clock; they sum to 1.
    pub fn shares(&self) -> &[f64; HOURS] {
        &self.shares
    }

    /// By offset, in the order of [`Offset::all`], the share of people whose day is nearest to the usual one there, if
    /// the usual one is that of the site's zone; they sum to 1. Of fewer than ten people nothing is told.
    pub fn found(&self) -> &[f64; HOURS] {
        &self.found
    }

    /// By which of [`Clocks::ALL`] somebody lives by, how many hours ahead of their standard offset they are found: in a summer of the site's, who
    /// is never ahead is found an hour behind.
    pub fn moved(&self) -> &[i8; 3] {
        &self.moved
    }

    /// By hour of UTC, for people at an offset.
    pub(super) fn at(&self, offset: Offset) -> [f64; HOURS] {
        turned(&self.shares, offset.hours().into())
    }
}

impl From<Reference> for Parts {
    fn from(Reference { shares, found, moved }: Reference) -> Parts {
        Parts { shares, found, moved }
    }
}

impl TryFrom<Parts> for Reference {
    type Error = ReferenceError;
    fn try_from(parts: Parts) -> Result<Reference, ReferenceError> {
        Reference::new(parts.shares, parts.found, parts.moved)
    }
}

/// A day's profile, and of which hours it is.
#[derive(Clone, Debug)]
pub(super) struct Profile {
    pub(super) shares: [f64; HOURS],
    pub(super) known: [bool; HOURS],
}

impl Profile {
    /// By offset, in the order of [`Offset::all`], how far it is by hour of UTC from a usual local day, in hours, 0–12; of both, only the
    /// hours that are known of the person.
    pub(super) fn apart(&self, usual: &[f64; HOURS]) -> [f64; HOURS] {
        let mut all = [FARTHEST; HOURS];
        for (apart, offset) in all.iter_mut().zip(Offset::all()) {
            let there = turned(usual, offset.hours().into());
            let known = std::array::from_fn(|hour| if self.known[hour] { there[hour] } else { 0.0 });
            // Nobody is ever there in these hours: no offset is farther off.
            if let Some(known) = shares(&known) {
                *apart = moved(&self.shares, &known);
            }
        }
        all
    }
}

/// The first offset of those that are nearest.
pub(super) fn nearest(distances: &[f64; HOURS]) -> Offset {
    let ordered = Offset::all().min_by(|a, b| distances[a.place()].total_cmp(&distances[b.place()]));
    ordered.unwrap_or(Offset::of_hours(0))
}

/// A day that begins `by` hours later.
fn turned<T: Copy>(day: &[T; HOURS], by: i32) -> [T; HOURS] {
    let by = by.rem_euclid(HOURS as i32) as usize;
    std::array::from_fn(|hour| day[(hour + by) % HOURS])
}

/// The people of a reference.
#[derive(Clone, Debug)]
pub struct ReferencePeople {
    zone: ZoneTable,
    /// The zone's standard time.
    standard: Offset,
    moved: [i8; 3],
    /// Each by hour of the site's clock.
    people: Vec<Profile>,
}

impl ReferencePeople {
    /// None yet, of four weeks up to `last`, who are taken to live in `zone`, which is known of the [`YEAR`](super::offset::YEAR) before too.
    pub fn new(zone: ZoneTable, last: Day) -> ReferencePeople {
        let standard = Offset::standard(&zone, last);
        // Where clocks change in these weeks, what most days have.
        let middle = last.plus(-14);
        let ahead = zone.offset_at(middle.start_unix()) > Offset::least_seconds(&zone, last);
        let moved = Clocks::ALL.map(|clocks| clocks.ahead(middle) as i8 - i8::from(ahead));
        ReferencePeople { zone, standard, moved, people: Vec::new() }
    }

    /// Adds somebody's consecutive UTC days, the first of which is `first`: their presence ÷ slots in which one of their usual channels was on
    /// air, each hour as a share of their day, so that all people count alike. It keeps some 200 bytes of each. Refused, and not added: under 14 active
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
        let known = rates.map(|rate| rate.is_some());
        let missing = known.iter().filter(|known| !**known).count() as u32;
        if HOURS as u32 - missing < HOURS_NEEDED {
            return Err(Refused::Gaps { hours: missing });
        }
        let shares = shares(&rates.map(Option::unwrap_or_default)).ok_or(Refused::Constant)?;
        self.people.push(Profile { shares, known });
        Ok(())
    }

    /// People added.
    pub fn people(&self) -> u64 {
        self.people.len() as u64
    }

    /// The reference of all added. Errors: an hour with fewer than [`PEOPLE_NEEDED`] people, or all hours alike.
    pub fn reference(&self) -> Result<Reference, ReferenceError> {
        let known = |hour: usize| self.people.iter().filter(|person| person.known[hour]).count() as u64;
        let counts: [u64; HOURS] = std::array::from_fn(known);
        let have = counts.iter().min().copied().unwrap_or_default();
        if have < PEOPLE_NEEDED {
            return Err(ReferenceError::FewPeople { have, need: PEOPLE_NEEDED });
        }
        let usual = self.usual(&counts).ok_or(ReferenceError::NotAProfile)?;
        let mut found = [0.0; HOURS];
        for person in &self.people {
            // By the site's clock an offset of none is the site's own.
            let ahead = nearest(&person.apart(&usual)).hours();
            found[Offset::of_hours(i32::from(ahead) + i32::from(self.standard.hours())).place()] += 1.0;
        }
        // Of a few people it is not kept where they are found.
        Reference::new(usual, found.map(|people| if people < FEW as f64 { 0.0 } else { people }), self.moved)
    }

    /// The mean of all profiles. Who tells of some hours only counts in them as much as all people are present in them: that is known once
    /// the mean is, and found by expectation and maximisation (Dempster, Laird, Rubin 1977).
    fn usual(&self, counts: &[u64; HOURS]) -> Option<[f64; HOURS]> {
        let mut usual = [1.0 / HOURS as f64; HOURS];
        for _ in 0..ROUNDS {
            let mut sums = [0.0; HOURS];
            for Profile { shares, known } in &self.people {
                let part: f64 = (0..HOURS).filter(|hour| known[*hour]).map(|hour| usual[hour]).sum();
                sums.iter_mut().zip(shares).for_each(|(sum, share)| *sum += share * part);
            }
            usual = shares(&std::array::from_fn(|hour| sums[hour] / counts[hour].max(1) as f64))?;
        }
        Some(usual)
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

    fn people(of: &[(&[ExposedDay], usize)]) -> ReferencePeople {
        let mut people = ReferencePeople::new(paris(), first().plus(DAYS));
        for (days, times) in of {
            for _ in 0..*times {
                people.add(first(), days).unwrap();
            }
        }
        people
    }

    #[test]
    fn a_thousand_people_tell_the_usual_day_and_where_they_are_found() {
        // There from 9 to 24 by UTC, but for one in ten three hours later.
        let day = person(DAYS, |_, hour| !(9.0..24.0).contains(&hour), |_| true);
        let later = person(DAYS, |_, hour| !(12.0..24.0).contains(&hour) && hour >= 3.0, |_| true);
        assert_eq!(
            people(&[(&day, 600)]).reference(),
            Err(ReferenceError::FewPeople { have: 600, need: PEOPLE_NEEDED })
        );
        let found = people(&[(&day, 1_800), (&later, 200)]);
        assert_eq!(found.people(), 2_000);
        let reference = found.reference().unwrap();
        assert!((reference.shares().iter().sum::<f64>() - 1.0).abs() < 1e-9);
        // An hour later by the clock of Paris.
        assert!(reference.shares()[20] > 0.05 && reference.shares()[5] == 0.0, "{reference:?}");
        let at = |hours: i32| reference.found()[Offset::of_hours(hours).place()];
        assert!((at(1) - 0.9).abs() < 1e-9 && (at(-2) - 0.1).abs() < 1e-9, "{reference:?}");
        assert_eq!(reference.moved(), &[0; 3]);
        let june = ReferencePeople::new(paris(), "2026-06-30".parse().unwrap());
        assert_eq!(june.moved, [-1, 0, 0], "who is never ahead is found an hour behind");
        let text = serde_json::to_string(&reference).unwrap();
        assert!(text.len() < 2_000 && serde_json::from_str::<Reference>(&text).is_ok());
    }

    #[test]
    fn who_tells_of_part_of_the_day_counts_there_as_all_people_do() {
        // Half are there all day but at night, half have nobody to watch in its first half.
        let all = person(DAYS, |_, hour| hour < 6.0, |_| true);
        let evening = person(DAYS, |_, hour| hour < 6.0, |hour| hour >= 11.0);
        let one = people(&[(&all, 2_000)]).reference().unwrap();
        let both = people(&[(&all, 1_000), (&evening, 1_000)]).reference().unwrap();
        for (one, both) in one.shares().iter().zip(both.shares()) {
            assert!((one - both).abs() < 1e-3, "{one} {both}");
        }
    }

    #[test]
    fn what_is_no_profile_is_refused() {
        let somewhere: [f64; HOURS] = std::array::from_fn(|place| f64::from(u8::from(place == 3)));
        for wrong in [[0.0; HOURS], [1.0; HOURS], [-1.0; HOURS], [f64::NAN; HOURS], [f64::INFINITY; HOURS]] {
            assert_eq!(Reference::new(wrong, somewhere, [0; 3]), Err(ReferenceError::NotAProfile));
        }
        for wrong in [[0.0; HOURS], [-1.0; HOURS], [f64::NAN; HOURS], [f64::INFINITY; HOURS]] {
            assert_eq!(Reference::new(somewhere, wrong, [0; 3]), Err(ReferenceError::NobodyFound));
        }
        assert!(serde_json::from_str::<Reference>(&format!("{:?}", [1.0; HOURS])).is_err());
        let few = person(9, |_, hour| hour < 12.0, |_| true);
        let mut people = ReferencePeople::new(paris(), first());
        assert!(matches!(people.add(first(), &few), Err(Refused::FewDays { have: 8..=9, need: DAYS_NEEDED })));
        let always = person(DAYS, |_, _| false, |_| true);
        assert!(matches!(people.add(first(), &always), Err(Refused::AlwaysOn { .. })));
        assert_eq!(people.people(), 0);
    }
}
