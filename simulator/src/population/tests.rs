//! Properties of families as wholes.

use std::collections::{BTreeMap, BTreeSet};

use model::day::Day;
use model::slot::Span;

use super::{Family, PersonKind, Sample};
use crate::truth::person::{DayKind, PersonTruth};
use crate::truth::whole::WholeDay;
use crate::world::World;
use crate::write::Follow;

const SEED: u64 = 7;

fn sample() -> Sample {
    Sample { people: 600, channels: 80, from: "2026-01-19".parse().unwrap(), until: "2026-03-20".parse().unwrap() }
}

fn world(family: Family) -> World {
    World::of_family(SEED, family, sample()).unwrap()
}

fn middle_of(sleep: &crate::truth::person::Sleep) -> i64 {
    (i64::midpoint(sleep.from, sleep.to) + i64::from(sleep.offset)).rem_euclid(86_400) / 60
}

#[test]
fn everybody_sleeps_at_some_time_and_hardly_anybody_watches_then() {
    let Sample { from, .. } = sample();
    for family in [Family::A, Family::B] {
        let world = world(family);
        let people: Vec<PersonTruth> = world.people().collect();
        let dozing: u32 = people
            .iter()
            .step_by(20)
            .map(|person| {
                let asleep: u32 = from.until(from.plus(6)).map(|day| world.watched_asleep(&person.login, day)).sum();
                assert!(asleep == 0 || person.dozes, "seed {SEED} {family:?}: {person:?}");
                asleep
            })
            .sum();
        assert_eq!(dozing > 0, family == Family::B, "seed {SEED}");
        for person in people.iter().filter(|person| person.kind.is_person()) {
            let sleeps = world.sleeps(&person.login, from, from.plus(28));
            assert!(sleeps.windows(2).all(|pair| pair[0].to <= pair[1].from), "seed {SEED}: {person:?}");
            for sleep in sleeps.iter().filter(|sleep| sleep.before.is_some()) {
                assert!((7_200..64_800).contains(&(sleep.to - sleep.from)), "seed {SEED}: {person:?} {sleep:?}");
            }
        }
    }
}

#[test]
fn night_workers_sleep_by_day_and_workers_by_night() {
    let Sample { from, .. } = sample();
    let world = world(Family::A);
    for person in world.people() {
        let nights = world.sleeps(&person.login, from, from.plus(28)).into_iter();
        let (mut day, mut all) = (0, 0);
        for sleep in nights.filter(|sleep| sleep.before == Some(DayKind::Work)) {
            day += u32::from((480..1_200).contains(&middle_of(&sleep)));
            all += 1;
        }
        match person.kind {
            PersonKind::NightWorker => assert!(day * 3 >= all * 2 && !person.work.unwrap().is_by_day(), "{person:?}"),
            PersonKind::Worker => assert!(day == 0 && person.work.unwrap().is_by_day(), "{person:?}"),
            _ => {}
        }
    }
}

#[test]
fn families_have_who_they_promise() {
    for family in [Family::A, Family::B] {
        let people: Vec<PersonTruth> = world(family).people().collect();
        let mut kinds: BTreeMap<PersonKind, u32> = BTreeMap::new();
        for person in &people {
            *kinds.entry(person.kind).or_default() += 1;
        }
        assert_eq!(kinds.len(), 8, "seed {SEED}: {kinds:?}");
        let zones: BTreeSet<&str> = people.iter().map(|person| person.zones[0].zone.as_str()).collect();
        assert!(zones.len() >= 10, "seed {SEED}: {zones:?}");
        let with_other = people.iter().filter(|person| person.other.is_some()).count();
        assert!((40..180).contains(&with_other) && with_other % 2 == 0, "seed {SEED}: {with_other}");
        assert_eq!(people.len(), 600 + with_other / 2);
        let moved = people.iter().filter(|person| person.zones.len() > 1).count();
        assert_eq!(moved > 0, family == Family::B);
        let days = sample().from.plus(15)..sample().from.plus(45);
        for person in people.iter().filter(|person| person.zones.len() > 1) {
            assert!(days.contains(&person.zones[1].from.unwrap()), "{person:?}");
        }
    }
}

#[test]
fn the_same_seed_gives_the_same_people_and_two_accounts_never_meet() {
    let (one, other) = (world(Family::B), world(Family::B));
    assert!(one.people().eq(other.people()));
    let day = sample().from.plus(10);
    let slots = |world: &World, login: &model::login::Login, day: Day| {
        let truth = world.day_truth(login, day).unwrap();
        model::slot_set::SlotSet::from_runs(truth.channels.iter().flat_map(|channel| channel.present.clone()))
    };
    let mut seen = 0;
    for person in one.people().filter(|person| person.other.as_ref().is_some_and(|other| person.login < *other)).take(8)
    {
        for day in day.until(day.plus(2)) {
            let (a, b) = (slots(&one, &person.login, day), slots(&one, person.other.as_ref().unwrap(), day));
            assert!(a.intersection(&b).is_empty(), "seed {SEED}: {person:?} {day}");
            assert_eq!(a, slots(&other, &person.login, day));
            seen += a.len() + b.len();
        }
    }
    assert!(seen > 100);
}

#[test]
fn lists_of_some_channels_are_unheard_for_three_tenths() {
    let world = world(Family::B);
    let day: Day = sample().from;
    let follow = Follow { language: "*".to_owned(), ..Follow::default() };
    assert!(world.channels.iter().all(|channel| follow.includes(channel)));
    let mut shares = Vec::new();
    for channel in &world.channels {
        let days = day.until(day.plus(10)).flat_map(|day| Span::of_day(day).slots());
        let failed = days.filter(|at| crate::outage::failure_of(SEED, channel, at.day(), at.slot()).is_some()).count();
        shares.push((channel.unheard > 0.0, failed as f64 / 2_880.0));
    }
    assert!(shares.iter().filter(|(unheard, _)| *unheard).all(|(_, share)| (0.2..0.4).contains(share)), "{shares:?}");
    assert!(shares.iter().filter(|(unheard, _)| !*unheard).all(|(_, share)| *share < 0.05));
    assert!((10..50).contains(&shares.iter().filter(|(unheard, _)| *unheard).count()));
}

#[test]
fn whole_records_are_the_truth_of_each_day() {
    let world = world(Family::B);
    let (from, until) = (sample().from, sample().from.plus(2));
    let whole = world.whole_days(from, until);
    assert_eq!(whole.iter().map(WholeDay::day).collect::<Vec<_>>(), [from, from.plus(1)]);
    let mut seen = 0;
    for person in world.people().step_by(60) {
        let record = world.whole_record(&whole, &person.login).unwrap();
        assert_eq!((record.first, record.fine, record.until), (from, from, until));
        for day in from.until(until) {
            let truth = world.day_truth(&person.login, day).unwrap();
            let told: Vec<(usize, Vec<model::run::Run>)> = truth
                .channels
                .iter()
                .map(|channel| (world.channel_place(channel.channel.as_str()).unwrap(), channel.present.clone()))
                .collect();
            let held =
                record.days.iter().find(|(held, _)| *held == day).map(|(_, held)| held.clone()).unwrap_or_default();
            let held: Vec<(usize, Vec<model::run::Run>)> =
                held.channels.into_iter().map(|channel| (channel.channel.0 as usize, channel.listed)).collect();
            assert_eq!(held, told, "seed {SEED}");
            seen += told.len();
        }
        // Nobody is in the chat of a channel off air, and nothing is unknown.
        let trace = record.trace();
        for day in trace.slots().iter().filter(|day| !day.coverage.present.is_empty()) {
            assert!(day.coverage.known().len() == 288, "seed {SEED}");
        }
    }
    assert!(seen > 5);
    assert!(world.whole_record(&whole, &"_nobody_of_this_name".parse().unwrap()).is_none());
}
