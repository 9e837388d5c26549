//! A day of somebody's life: when they get up, work, nap and go to bed.

use model::analysis::holidays::Country;
use model::day::Day;

use super::PersonKind;
use super::individual::{Individual, draw, lot};
use crate::broadcast::on_holiday;
use crate::dice::{Dice, Purpose};
use crate::life::is_school_holiday;
use crate::zone::{ZONES, Zone};

/// What kind of day it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    /// Work or school.
    Works,
    /// Neither.
    Free,
    /// On holiday somewhere else.
    Away,
    /// At home in bed, more or less.
    Ill,
    /// Between two zones: nothing is told of such a day.
    Moving,
}

/// One local day. Minutes are after the midnight that begins it, of the clock of `zone`.
#[derive(Clone, Debug)]
pub(crate) struct Agenda {
    pub(crate) zone: Zone,
    pub(crate) status: Status,
    pub(crate) wake: i32,
    /// After `wake`; past 1,440 it is the next day.
    pub(crate) bed: i32,
    /// Work, the road there and back, children.
    pub(crate) busy: Vec<(i32, i32)>,
    pub(crate) nap: Option<(i32, i32)>,
}

/// The shortest day awake, and the shortest night, in minutes.
const SHORTEST_DAY: i32 = 300;
const SHORTEST_NIGHT: i32 = 150;
/// On the road to work, one way.
const ROAD: i32 = 25;
/// Children of small age are in bed by then.
const CHILDREN_ASLEEP: i32 = 1_230;
/// Days between two draws of an illness.
const ILLNESS_PERIOD: i32 = 14;

impl Individual {
    /// Where they live on a local day.
    pub(crate) fn zone_on(&self, day: Day) -> Zone {
        self.moves.filter(|(from, _)| day >= *from).map_or(self.zone, |(_, to)| to)
    }

    /// What kind of day it is.
    pub(crate) fn status(&self, seed: u64, day: Day) -> Status {
        let habits = self.family.habits();
        if self.moves.is_some_and(|(from, _)| day == from || day.plus(1) == from) {
            return Status::Moving;
        }
        if self.travels && on_holiday(seed ^ self.key ^ 0x6177_6179, day, habits.away_days) {
            return Status::Away;
        }
        let period = day.days().div_euclid(ILLNESS_PERIOD);
        if lot(self, seed, 1, period.into()) < habits.illness {
            let length = 2 + (lot(self, seed, 2, period.into()) * 3.0) as i32;
            let first = (lot(self, seed, 3, period.into()) * f64::from(ILLNESS_PERIOD - length)) as i32;
            if (first..first + length).contains(&day.days().rem_euclid(ILLNESS_PERIOD)) {
                return Status::Ill;
            }
        }
        let Some(work) = self.work else { return Status::Free };
        let country = Country::of_zone(ZONES[usize::from(self.zone_on(day).0)].0);
        let is_public = self.kind != PersonKind::NightWorker && country.is_some_and(|country| country.is_holiday(day));
        let is_school = self.kind == PersonKind::Student && is_school_holiday(day);
        if work.days >> day.weekday() & 1 == 1 && !is_public && !is_school { Status::Works } else { Status::Free }
    }

    /// When they go to bed after a local day.
    fn bed_of(&self, seed: u64, day: Day) -> i32 {
        let mut dice = Dice::new(seed, Purpose::Nights, self.key, day.days());
        let noise = dice.bell(self.spread) as i32;
        match (self.kind, self.work) {
            (PersonKind::NightWorker, Some(work)) if self.status(seed, day) == Status::Works => {
                work.to + self.bed + noise
            }
            // They keep half of their nights.
            (PersonKind::NightWorker, Some(_)) => 1_440 + self.late + noise,
            _ if self.status(seed, day.plus(1)) == Status::Works => self.bed + noise,
            _ => self.bed + self.late + noise,
        }
    }

    fn wake_of(&self, seed: u64, day: Day) -> i32 {
        let to_bed = self.bed_of(seed, day.plus(-1)) - 1_440;
        let mut dice = Dice::new(seed, Purpose::Nights, self.key ^ 0x7761_6b65, day.days());
        let (long, exact) = (dice.bell(28.0) as i32, dice.bell(7.0) as i32);
        let status = self.status(seed, day);
        let rested = to_bed + self.need + long + if status == Status::Ill { 80 } else { 0 };
        let called = match (self.kind, self.work) {
            (PersonKind::NightWorker, Some(work)) if status == Status::Works => work.from - 90 + exact,
            (PersonKind::NightWorker, _) => rested,
            (_, Some(_)) if status == Status::Works => self.alarm + exact,
            (PersonKind::Parent, _) => self.alarm + 45 + long,
            _ => rested,
        };
        rested.min(called).max(to_bed + SHORTEST_NIGHT)
    }
}

impl Agenda {
    /// The local day of somebody who sleeps.
    pub(crate) fn of(individual: &Individual, seed: u64, day: Day) -> Agenda {
        let (zone, status) = (individual.zone_on(day), individual.status(seed, day));
        let wake = individual.wake_of(seed, day);
        let bed = individual.bed_of(seed, day).max(wake + SHORTEST_DAY);
        let mut busy = Vec::new();
        if let Some(work) = individual.work.filter(|_| status == Status::Works) {
            busy.push((work.from - ROAD, work.to + ROAD));
            if individual.kind == PersonKind::Parent {
                busy.push((work.to, CHILDREN_ASLEEP.max(work.to + ROAD)));
            }
        } else if individual.kind == PersonKind::Parent && status == Status::Free {
            busy.extend([(wake, 780), (960, CHILDREN_ASLEEP)]);
        }
        let nap = individual.naps.then(|| Agenda::nap(individual, seed, day, (wake, bed), &busy)).flatten();
        busy.extend(nap);
        busy.sort_unstable();
        Agenda { zone, status, wake, bed, busy, nap }
    }

    /// In the middle of the day, where nothing else is.
    fn nap(individual: &Individual, seed: u64, day: Day, awake: (i32, i32), busy: &[(i32, i32)]) -> Option<(i32, i32)> {
        let mut dice = Dice::new(seed, Purpose::Nights, individual.key ^ 0x6e61_7000, day.days());
        let (wake, bed) = awake;
        let from = wake + (bed - wake) * dice.range(40, 60) / 100;
        let nap = (from, from + draw(&mut dice, (30, 110)));
        let free = busy.iter().all(|(from, to)| nap.1 <= *from || *to <= nap.0);
        (dice.chance(individual.family.habits().nap_days) && free).then_some(nap)
    }

    /// Whether they are busy at a minute: then until when.
    pub(crate) fn busy_until(&self, minute: i32) -> Option<i32> {
        self.busy.iter().filter(|(from, to)| (*from..*to).contains(&minute)).map(|(_, to)| *to).max()
    }

    /// When they are busy next.
    pub(crate) fn free_until(&self, minute: i32) -> i32 {
        self.busy.iter().map(|(from, _)| *from).filter(|from| *from > minute).min().unwrap_or(i32::MAX)
    }
}
