//! Who an invented person of a family is, and when they truly slept: what inferences are compared with.

use model::day::{DAY_SECONDS, Day};
use model::login::Login;
use model::slot::Span;
use serde::Serialize;

use crate::account::Kind;
use crate::population::PersonKind;
use crate::population::agenda::{Agenda, Status};
use crate::population::individual::Individual;
use crate::world::World;
use crate::zone::ZONES;

/// One account of [`crate::population`], and whoever is behind it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PersonTruth {
    /// The account.
    pub login: Login,
    /// How they live.
    pub kind: PersonKind,
    /// The other account of the same person.
    pub other: Option<Login>,
    /// Where they live, in order; of a screen or a program the first one says nothing.
    pub zones: Vec<ZoneStay>,
    /// Their work or lessons.
    pub work: Option<WorkTruth>,
    /// The channels they like, by login, dearest first.
    pub favourites: Vec<Login>,
    /// Whether they now and then fall asleep while it plays on.
    pub dozes: bool,
    /// Whether they now and then sleep by day.
    pub naps: bool,
}

/// A zone that somebody lives in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ZoneStay {
    /// Its IANA name.
    pub zone: String,
    /// From this local day on; nothing of where they always lived.
    pub from: Option<Day>,
}

/// Usual work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct WorkTruth {
    /// Bit 0 is Monday: the days on which it begins.
    pub days: u8,
    /// When it begins, local minutes after midnight.
    pub from: u32,
    /// When it ends, counted from the same midnight: of a night shift past 1,440.
    pub to: u32,
}

impl WorkTruth {
    /// Whether most of it lies between six and eighteen.
    pub fn is_by_day(&self) -> bool {
        (360..1_080).contains(&u32::midpoint(self.from, self.to))
    }
}

/// What a local day was to somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DayKind {
    /// Work or school.
    Work,
    /// Neither.
    Free,
    /// On holiday elsewhere.
    Away,
    /// Ill, at home.
    Ill,
}

/// One true sleep.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Sleep {
    /// The local day whose evening it ends; of a nap the day it is in. A night shift's sleep belongs to the day on which the shift
    /// began.
    pub day: Day,
    /// When it began, Unix time in seconds.
    pub from: i64,
    /// When it ended.
    pub to: i64,
    /// The UTC offset of the clock on the wall there, seconds.
    pub offset: i32,
    /// Of a nap nothing; of a night, what the day after it was.
    pub before: Option<DayKind>,
}

impl World {
    /// Everybody of the family, account by account, by login. Nobody where the world is of no family.
    pub fn people(&self) -> impl Iterator<Item = PersonTruth> + '_ {
        (0..self.accounts.all.len() as u32).filter_map(|account| self.person_of(account))
    }

    /// Who is behind a login; nothing where nobody of a family is.
    pub fn person_truth(&self, login: &Login) -> Option<PersonTruth> {
        self.person_of(self.accounts.find(login.as_str())?)
    }

    /// The true sleeps that begin on local days from `from` up to and without `until`, naps among them, in order. Nothing is told of
    /// the days of a move, nor of what sleeps not.
    pub fn sleeps(&self, login: &Login, from: Day, until: Day) -> Vec<Sleep> {
        let account = self.accounts.find(login.as_str());
        let Some((individual, _)) = account.and_then(|account| self.individual(account)) else { return Vec::new() };
        if !individual.kind.is_person() {
            return Vec::new();
        }
        from.until(until).flat_map(|day| self.sleeps_of(individual, day)).collect()
    }

    /// The true sleeps of a UTC day: Unix seconds, cut at its ends, in order.
    pub fn sleeps_of_day(&self, login: &Login, day: Day) -> Vec<(i64, i64)> {
        let (start, end) = (day.start_unix(), day.start_unix() + DAY_SECONDS);
        let mut sleeps: Vec<(i64, i64)> = self
            .sleeps(login, day.plus(-2), day.plus(2))
            .into_iter()
            .map(|sleep| (sleep.from.max(start), sleep.to.min(end)))
            .filter(|(from, to)| from < to)
            .collect();
        sleeps.sort_unstable();
        sleeps
    }

    fn individual(&self, account: u32) -> Option<(&Individual, u8)> {
        match self.accounts.all[account as usize].kind {
            Kind::Folk { person, face } => Some((&self.accounts.folk[person as usize], face)),
            _ => None,
        }
    }

    fn person_of(&self, account: u32) -> Option<PersonTruth> {
        let (individual, face) = self.individual(account)?;
        let login = |account: u32| self.accounts.login(account).parse::<Login>().ok();
        let other = individual.faces.iter().find(|other| other.account != account);
        let name = |place: u8| ZONES[usize::from(place)].0.to_owned();
        let home = ZoneStay { zone: name(individual.zone.0), from: None };
        let moved = individual.moves.map(|(from, zone)| ZoneStay { zone: name(zone.0), from: Some(from) });
        let favourites = &individual.faces[usize::from(face)].favourites;
        Some(PersonTruth {
            login: login(account)?,
            kind: individual.kind,
            other: other.and_then(|other| login(other.account)),
            zones: std::iter::once(home).chain(moved).collect(),
            work: individual.work.map(|work| WorkTruth {
                days: work.days,
                from: work.from.unsigned_abs(),
                to: work.to.unsigned_abs(),
            }),
            favourites: favourites.iter().map(|place| self.channels[usize::from(*place)].login.clone()).collect(),
            dozes: individual.dozes,
            naps: individual.naps,
        })
    }

    fn sleeps_of(&self, individual: &Individual, day: Day) -> Vec<Sleep> {
        let today = Agenda::of(individual, self.seed, day);
        let tomorrow = Agenda::of(individual, self.seed, day.plus(1));
        let at = |agenda: &Agenda, day: Day, minute| self.zones.instant(agenda.zone, day, minute);
        let sleep = |from: i64, to: i64, before| {
            let offset = self.zones.table(today.zone).offset_at(to);
            Sleep { day, from, to, offset, before }
        };
        let mut sleeps = Vec::new();
        if today.status == Status::Moving {
            return sleeps;
        }
        if let Some((from, to)) = today.nap {
            sleeps.push(sleep(at(&today, day, from), at(&today, day, to), None));
        }
        let before = match tomorrow.status {
            Status::Works => DayKind::Work,
            Status::Free => DayKind::Free,
            Status::Away => DayKind::Away,
            Status::Ill => DayKind::Ill,
            Status::Moving => return sleeps,
        };
        let (from, to) = (at(&today, day, today.bed), at(&tomorrow, day.plus(1), tomorrow.wake));
        sleeps.push(sleep(from, to, Some(before)));
        sleeps
    }

    /// The slots of a UTC day in which any of a person's accounts is in a chat and they are asleep: only those who doze have any.
    pub fn watched_asleep(&self, login: &Login, day: Day) -> u32 {
        let Some(truth) = self.day_truth(login, day) else { return 0 };
        let sleeps = self.sleeps_of_day(login, day);
        let present =
            model::slot_set::SlotSet::from_runs(truth.channels.iter().flat_map(|c| c.present.iter().copied()));
        let slots = Span::of_day(day).slots().filter(|at| present.contains(at.slot()));
        slots.filter(|at| sleeps.iter().any(|(from, to)| (*from..*to).contains(&at.unix()))).count() as u32
    }
}
