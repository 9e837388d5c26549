//! One account: what the store has of it, and what is true.

use std::collections::HashMap;
use std::sync::Arc;

use app::zones;
use model::analysis::bootstrap::Drawings;
use model::analysis::holidays::{Country, is_weekend};
use model::analysis::portrait::{Portrait, Reading, portrait};
use model::analysis::record::{Record, Trace};
use model::crowd::calendar::DAYS;
use model::day::Day;
use model::identity::{ChannelKey, PersonKey};
use model::login::Login;
use model::presence::ViewerDay;
use model::slot::SlotTime;
use model::validation::sleep::{Night, TrueChronotype, Usual, chronotype, usual};
use model::zone::ZoneTable;
use simulator::population::{PersonKind, Sample};
use simulator::truth::person::{DayKind, PersonTruth, Sleep};
use simulator::truth::whole::WholeDay;
use simulator::world::World;

use super::judge::forecast::NextWeek;

/// Days of work in a week of somebody who has none: those of most people.
const USUAL_WORK_DAYS: u32 = 5;
/// Under this share of known slots somebody is among the little known.
const LITTLE_KNOWN: f64 = 0.7;
/// Who was there on fewer of ten days is among those who are seldom there.
const SELDOM: f64 = 0.4;

/// What all subjects share.
pub(super) struct Ground {
    pub(super) seed: u64,
    pub(super) sample: Sample,
}

/// One account.
pub(super) struct Subject {
    pub(super) truth: PersonTruth,
    /// What they are, by which failures are told.
    pub(super) groups: Vec<&'static str>,
    /// Where they lived longest in the days that are held: the zone that inferences are given.
    pub(super) zone: ZoneTable,
    /// Their usual night, at home and well.
    pub(super) usual: Option<Usual>,
    /// Their true chronotype.
    pub(super) chronotype: Option<TrueChronotype>,
    /// What the store has; nothing where nobody ever saw them.
    pub(super) trace: Option<Trace>,
    /// The store's key of them.
    pub(super) key: Option<PersonKey>,
    /// Their days of the last four weeks, ascending: what the crowd knows of them.
    pub(super) weeks: Vec<(Day, ViewerDay)>,
    /// Of the days with presence, in order, whether the import took them for a bot.
    pub(super) bot_days: Vec<bool>,
    /// What the same methods say of three times as many days without a gap: what complete knowledge of presence would give. Without
    /// intervals.
    pub(super) complete: Option<Portrait>,
    /// By channel, the share of their time in it in those days.
    pub(super) shares: HashMap<Login, f64>,
    /// What is foretold of the week after; nothing where nobody ever saw them.
    pub(super) next_week: Option<NextWeek>,
    /// By the store's key, what channels are called.
    pub(super) names: Arc<HashMap<ChannelKey, Login>>,
    /// Determines the drawings of intervals.
    pub(super) seed: u64,
}

impl Ground {
    pub(super) fn new(seed: u64, sample: Sample) -> Ground {
        Ground { seed, sample }
    }
}

impl Subject {
    /// Puts together what is known of an account.
    pub(super) fn new(
        ground: &Ground,
        world: &World,
        whole: &[WholeDay],
        names: &Arc<HashMap<ChannelKey, Login>>,
        truth: PersonTruth,
        key: Option<PersonKey>,
        held: Option<&Record>,
    ) -> Subject {
        let Sample { from, until, .. } = ground.sample;
        let (name, stay) = home(&truth, from, until);
        let zone = zone_table(&name, from, until);
        let sleeps = world.sleeps(&truth.login, from.plus(-1), until);
        let at_home = |sleep: &&Sleep| sleep.day >= stay.0 && sleep.day < stay.1;
        let nights: Vec<Night> =
            sleeps.iter().filter(at_home).filter_map(|sleep| night(sleep, &truth, &zone)).collect();
        let work_days = truth.work.map_or(USUAL_WORK_DAYS, |work| work.days.count_ones());
        let trace = held.map(Record::trace);
        let groups = groups(&truth, trace.as_ref());
        let all = world.whole_record(whole, &truth.login);
        let next_week = held.zip(trace.as_ref()).zip(all.as_ref());
        let next_week = next_week.map(|(held, all)| NextWeek::of(held, all, world.channels(), &zone));
        let shares = all.as_ref().map(|all| shares(all, world)).unwrap_or_default();
        let complete = all.map(|record| {
            let holidays = Country::of_zone(&zone.name);
            portrait(&record.trace(), &Reading { zone: &zone, holidays, drawings: Drawings::NONE })
        });
        Subject {
            groups,
            usual: usual(&nights),
            chronotype: chronotype(&nights, work_days),
            key,
            weeks: held.map_or_else(Vec::new, |record| {
                let last = record.days.iter().filter(|(day, _)| *day >= until.plus(-i32::from(DAYS)));
                last.cloned().collect()
            }),
            bot_days: held.iter().flat_map(|record| record.days.iter().map(|(_, day)| day.bot)).collect(),
            complete,
            shares,
            next_week,
            names: Arc::clone(names),
            seed: ground.seed,
            trace,
            zone,
            truth,
        }
    }

    /// What is said of them, with its intervals: as a page has it that knows the zone and nothing else. Nothing where nobody saw them.
    pub(super) fn portrait(&self) -> Option<Portrait> {
        let drawings = Drawings::of_seed(self.seed);
        let reading = Reading { zone: &self.zone, holidays: Country::of_zone(&self.zone.name), drawings };
        self.trace.as_ref().map(|trace| portrait(trace, &reading))
    }
}

/// By channel, the share of somebody's time in it; two at once count for both.
fn shares(all: &Record, world: &World) -> HashMap<Login, f64> {
    let mut slots: HashMap<ChannelKey, u32> = HashMap::new();
    for there in all.days.iter().flat_map(|(_, day)| &day.channels) {
        *slots.entry(there.channel).or_default() += u32::from(there.present().len());
    }
    let total = f64::from(slots.values().sum::<u32>());
    let named = (0..).map(ChannelKey).zip(world.channels());
    named.filter_map(|(key, login)| Some((login.clone(), f64::from(*slots.get(&key)?) / total))).collect()
}

/// Where somebody lived longest, and from which local day to which.
fn home(truth: &PersonTruth, from: Day, until: Day) -> (String, (Day, Day)) {
    let begins = |place: usize| truth.zones[place].from.unwrap_or(Day::MIN);
    let ends = |place: usize| truth.zones.get(place + 1).and_then(|next| next.from).unwrap_or(Day::MAX);
    let length = |place: &usize| ends(*place).min(until).days() - begins(*place).max(from).days();
    let place = (0..truth.zones.len()).max_by_key(length).unwrap_or(0);
    (truth.zones[place].zone.clone(), (begins(place), ends(place)))
}

/// The zone's offsets over three times the days.
fn zone_table(name: &str, from: Day, until: Day) -> ZoneTable {
    let days = until.days() - from.days() + 2;
    let (first, last) = (SlotTime::at(from.plus(-days), 0), SlotTime::at(until.plus(days), 0));
    zones::table(name, first, last).unwrap_or_else(ZoneTable::utc)
}

/// A night in hours of the clock; nothing of naps, and of days away or ill, which are not usual.
fn night(sleep: &Sleep, truth: &PersonTruth, zone: &ZoneTable) -> Option<Night> {
    let before = sleep.before?;
    let morning = zone.day_of(sleep.to);
    let before_free = match before {
        DayKind::Away | DayKind::Ill => return None,
        // Without work every day is free: as on a page, weekends are those of most people.
        DayKind::Work | DayKind::Free if truth.work.is_none() => is_weekend(morning),
        DayKind::Work => false,
        DayKind::Free => true,
    };
    let clock = sleep.from + i64::from(zone.offset_at(sleep.from));
    let from = clock.rem_euclid(model::day::DAY_SECONDS) as f64 / 3_600.0;
    Some(Night { from, hours: (sleep.to - sleep.from) as f64 / 3_600.0, before_free })
}

fn groups(truth: &PersonTruth, trace: Option<&Trace>) -> Vec<&'static str> {
    let kind = match truth.kind {
        PersonKind::Worker => "worker",
        PersonKind::NightWorker => "night worker",
        PersonKind::Student => "student",
        PersonKind::Parent => "parent",
        PersonKind::Home => "at home",
        PersonKind::Irregular => "irregular",
        PersonKind::AlwaysOn => "always on",
        PersonKind::Bot => "bot",
    };
    let mut groups = vec![kind];
    let slots = trace.map_or(&[][..], Trace::slots);
    let known: u32 = slots.iter().map(|day| u32::from(day.coverage.known().len())).sum();
    let active = slots.iter().filter(|day| !day.coverage.present.is_empty()).count();
    let special = [
        (truth.zones.len() > 1, "moved"),
        (truth.dozes, "falls asleep in front of it"),
        (truth.naps, "takes naps"),
        (truth.other.is_some(), "two accounts"),
        (!slots.is_empty() && f64::from(known) < LITTLE_KNOWN * slots.len() as f64 * 288.0, "little known"),
        (!slots.is_empty() && (active as f64) < SELDOM * slots.len() as f64, "seldom there"),
    ];
    groups.extend(special.iter().filter(|(is_so, _)| *is_so).map(|(_, group)| *group));
    groups
}
