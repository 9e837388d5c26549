//! Properties of invented worlds as wholes.

use std::collections::{BTreeSet, HashMap};

use model::day::Day;
use model::login::Login;
use model::slot::{Slot, SlotTime};
use model::slot_set::SlotSet;

use crate::account::Kind;
use crate::crowd::{BOTS_MAX, COMMUNITY_MAX};
use crate::day_table::DayTable;
use crate::persona::{PersonaKind, personas};
use crate::truth::DayTruth;
use crate::world::{Population, World};

const SEED: u64 = 11;

fn world() -> World {
    World::new(SEED, Population { viewers: 2_000, channels: 60 }).unwrap()
}

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

fn truth(world: &World, login: &str, day: Day) -> DayTruth {
    world.day_truth(&login.parse().unwrap(), day).unwrap()
}

fn present(truth: &DayTruth) -> SlotSet {
    SlotSet::from_runs(truth.channels.iter().flat_map(|channel| channel.present.iter().copied()))
}

#[test]
fn populations_that_cannot_be_are_refused() {
    for (viewers, channels) in [(99, 20), (100, 19), (10_000_001, 20), (100, 20_001)] {
        assert!(World::new(1, Population { viewers, channels }).is_err(), "{viewers} {channels}");
    }
}

#[test]
fn the_order_of_questions_changes_nothing() {
    let (one, other) = (world(), world());
    let days = [day("2026-11-18"), day("2026-03-29"), day("2026-10-25"), day("2026-07-14")];
    let told =
        |world: &World, day: Day| personas().iter().map(|persona| truth(world, persona.login, day)).collect::<Vec<_>>();
    let forward: Vec<_> = days.iter().map(|day| told(&one, *day)).collect();
    let mut backward: Vec<_> = days.iter().rev().map(|day| told(&other, *day)).collect();
    backward.reverse();
    assert_eq!(forward, backward, "seed {SEED}");
    assert_ne!(
        forward,
        days.map(|day| told(&World::new(SEED + 1, Population { viewers: 2_000, channels: 60 }).unwrap(), day))
    );
}

#[test]
fn a_day_of_one_account_is_its_part_of_everybodys() {
    let world = world();
    for day in [day("2026-11-18"), day("2026-03-29"), day("2026-10-25")] {
        let table = DayTable::new(&world, day);
        let mut by_account: HashMap<(u32, usize), SlotSet> = HashMap::new();
        for channel in 0..world.channels.len() {
            for slot in Slot::all() {
                let accounts: Vec<u32> = table.chatters(channel, SlotTime::new(day, slot)).collect();
                assert!(accounts.windows(2).all(|pair| pair[0] < pair[1]), "seed {SEED}: somebody is twice in a list");
                assert_eq!(accounts.len() as u32, table.chatter_count(channel, slot), "seed {SEED}");
                assert!(accounts.is_empty() || table.broadcast(channel, SlotTime::new(day, slot)).is_some());
                assert!(table.viewer_count(&world, channel, slot) as usize >= accounts.len());
                for account in accounts {
                    by_account.entry((account, channel)).or_default().insert(slot);
                }
            }
        }
        for account in (0..world.accounts.all.len() as u32).step_by(7) {
            let login: Login = world.accounts.login(account).parse().unwrap();
            let truth = world.day_truth(&login, day).unwrap();
            let places = truth.channels.iter().map(|channel| world.channel_place(channel.channel.as_str()).unwrap());
            let told: BTreeSet<usize> = places.collect();
            assert_eq!(
                told,
                (0..60).filter(|place| by_account.contains_key(&(account, *place))).collect(),
                "seed {SEED}: {login}"
            );
            for channel in &truth.channels {
                let place = world.channel_place(channel.channel.as_str()).unwrap();
                let (present, listed) = (
                    SlotSet::from_runs(channel.present.iter().copied()),
                    SlotSet::from_runs(channel.listed.iter().copied()),
                );
                assert_eq!(present, by_account[&(account, place)], "seed {SEED}: {login}");
                assert_eq!(listed, present.intersection(&SlotSet::from_runs(channel.observed.iter().copied())));
            }
        }
    }
}

/// Slots of a persona's day of life, by local minute, over four weeks.
fn local_minutes(world: &World, login: &str, keep: impl Fn(Day) -> bool) -> Vec<(Day, i32)> {
    let persona = personas().iter().find(|persona| persona.login == login).unwrap();
    let zone = crate::zone::Zone::named(persona.zone).unwrap();
    let mut found = Vec::new();
    // The second half of it is after the change of clocks.
    for utc in day("2026-10-11").until(day("2026-11-08")) {
        for slot in present(&truth(world, login, utc)).iter() {
            let at = SlotTime::new(utc, slot).unix();
            for local in utc.plus(-1).until(utc.plus(2)) {
                let begins = |day: Day| world.zones.instant(zone, day, i32::from(persona.life.begins));
                if (begins(local)..begins(local.plus(1))).contains(&at) && keep(local) {
                    found.push((local, ((at - world.zones.instant(zone, local, 0)) / 60) as i32));
                }
            }
        }
    }
    found
}

#[test]
fn personas_never_watch_asleep_or_at_work() {
    let world = world();
    for persona in personas().iter().filter(|persona| !matches!(persona.kind, PersonaKind::Bot | PersonaKind::AlwaysOn))
    {
        let minutes = local_minutes(&world, persona.login, |_| true);
        assert!(minutes.len() > 100, "seed {SEED}: {} was hardly seen", persona.login);
        for (local, minute) in minutes {
            // Where clocks change, minutes since midnight are not what clocks show.
            let zone = crate::zone::Zone::named(persona.zone).unwrap();
            if world.zones.instant(zone, local.plus(2), 0) - world.zones.instant(zone, local, 0) != 2 * 86_400 {
                continue;
            }
            let plan = persona.life.plan(local);
            let windows =
                plan.windows.iter().any(|window| (i32::from(window.from)..i32::from(window.to) + 5).contains(&minute));
            assert!(windows, "seed {SEED}: {} on {local} at {minute}", persona.login);
        }
    }
}

#[test]
fn the_night_owl_has_rich_days() {
    let world = world();
    let days: Vec<usize> =
        day("2026-10-01").until(day("2026-11-20")).map(|day| truth(&world, "_noctule", day).channels.len()).collect();
    let rich = days.iter().filter(|channels| (2..=5).contains(*channels)).count();
    assert!(rich * 10 >= days.len() * 9, "seed {SEED}: {days:?}");
}

#[test]
fn two_faces_are_never_seen_at_once() {
    let world = world();
    let mut both = [0; 2];
    for day in day("2026-10-11").until(day("2026-11-08")) {
        let faces = ["_face_a", "_face_b"].map(|login| present(&truth(&world, login, day)));
        assert!(faces[0].intersection(&faces[1]).is_empty(), "seed {SEED}: {day}");
        both = [both[0] + faces[0].len(), both[1] + faces[1].len()];
    }
    assert!(both[0] > 200 && both[1] > 200, "seed {SEED}: {both:?}");
}

#[test]
fn weekends_only_is_weekends_only() {
    let world = world();
    assert!(local_minutes(&world, "_samedi_seul", |day| day.weekday() < 5).is_empty());
    assert!(!local_minutes(&world, "_samedi_seul", |day| day.weekday() >= 5).is_empty());
}

#[test]
fn a_population_looks_like_one() {
    let world = World::new(SEED, Population::default()).unwrap();
    let table = DayTable::new(&world, day("2026-11-18"));
    let mut active = BTreeSet::new();
    let (mut live, mut bots) = (Vec::new(), HashMap::<u32, usize>::new());
    for slot in Slot::all().step_by(6) {
        let at = SlotTime::new(table.day, slot);
        live.push((0..300).filter(|channel| table.broadcast(*channel, at).is_some()).count());
        for channel in 0..300 {
            for account in table.chatters(channel, at) {
                match world.accounts.all[account as usize].kind {
                    Kind::Bot if slot.index() == 252 => *bots.entry(account).or_default() += 1,
                    Kind::Person => drop(active.insert(account)),
                    _ => {}
                }
            }
        }
    }
    assert!((4_000..7_000).contains(&active.len()), "seed {SEED}: {} of 20,000 people came", active.len());
    assert!(bots.len() > 20 && bots.values().all(|chats| *chats >= 10), "seed {SEED}: {bots:?}");
    assert!(*live.iter().max().unwrap() > 60 && *live.iter().min().unwrap() < 15, "seed {SEED}: {live:?}");
}

#[test]
fn a_crowd_is_one_days_people_of_whom_most_stay_shortly() {
    let viewers = COMMUNITY_MAX + 1;
    let world = World::new(SEED, Population { viewers, channels: 200 }).unwrap();
    let table = DayTable::new(&world, day("2026-11-18"));
    let mut slots: HashMap<u32, u32> = HashMap::new();
    for visit in (0..200).flat_map(|channel| table.visits(channel)) {
        if world.accounts.all[visit.account as usize].kind == Kind::Person {
            *slots.entry(visit.account).or_default() += (visit.to - visit.from) as u32;
        }
    }
    assert!((90_000..99_000).contains(&slots.len()), "seed {SEED}: {} of {viewers} people came", slots.len());
    let mut slots: Vec<u32> = slots.into_values().collect();
    slots.sort_unstable();
    let at = |percent: usize| slots[(slots.len() - 1) * percent / 100];
    assert!((10..30).contains(&at(50)) && at(90) > 2 * at(50), "seed {SEED}: {} and {}", at(50), at(90));
    assert!(at(100) > 100, "seed {SEED}: {} slots at most", at(100));
    let bots = world.accounts.all.iter().filter(|account| account.kind == Kind::Bot).count() as u32;
    assert!(bots <= BOTS_MAX, "{bots}");
}
