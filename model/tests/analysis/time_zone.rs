//! The likely zone of invented people.

use model::analysis::bootstrap::{Chance, Drawings};
use model::analysis::grid::HOURS;
use model::analysis::offline::ExposedDay;
use model::analysis::offset::{Offset, Prior};
use model::analysis::reference::Reference;
use model::analysis::summer_time::Clocks;
use model::analysis::time_zone::{TimeZone, distances, time_zone};
use model::analysis::{Found, Refused};
use model::coverage::PersonCoverage;
use model::day::Day;
use model::slot::Slot;
use model::slot_set::SlotSet;
use proptest::prelude::*;

/// How much people watch by local hour: most in the evening, least at five.
const USUAL: [f64; HOURS] = [
    5.0, 3.5, 2.4, 1.5, 1.0, 0.7, 0.7, 1.0, 1.5, 2.0, 2.5, 3.0, 3.5, 4.0, 4.3, 4.5, 4.8, 5.2, 5.6, 6.2, 7.2, 8.3, 8.3,
    6.8,
];

/// Where results that go by offset have it.
fn place(offset: Offset) -> usize {
    Offset::all().position(|other| other == offset).unwrap()
}

/// People whose zone is the site's and who keep its usual day, most of them to an hour.
fn reference() -> Reference {
    reference_of(USUAL)
}

fn reference_of(usual: [f64; HOURS]) -> Reference {
    let homes = prior();
    let share = |offset: Offset| Clocks::ALL.iter().map(|clocks| homes.weight(offset, *clocks)).sum::<f64>();
    let mut found = [0.0; HOURS];
    for home in Offset::all() {
        for (by, people) in [(-1, 0.2), (0, 0.6), (1, 0.2)] {
            found[place(Offset::of_hours(i32::from(home.hours()) + by))] += people * share(home);
        }
    }
    Reference::new(usual, found, [0; 3]).unwrap()
}

/// Half of all people live at UTC+1, the others anywhere.
fn prior() -> Prior {
    Prior::around(Offset::of_hours(1))
}

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

/// Somebody who begins to watch when people do, `later` hours than they, once or twice on four days of five, for one to three hours.
fn person(first: Day, days: i32, hours: i32, clocks: Clocks, later: f64, seed: u64) -> Vec<ExposedDay> {
    viewer(first, days, hours, clocks, later, &USUAL, seed)
}

/// The same of people who begin to watch when `usual` says.
fn viewer(
    first: Day,
    days: i32,
    hours: i32,
    clocks: Clocks,
    later: f64,
    usual: &[f64; HOURS],
    seed: u64,
) -> Vec<ExposedDay> {
    let mut chance = Chance::new(seed);
    let mut line = vec![false; (days as usize + 2) * 288];
    for (place, date) in first.until(first.plus(days)).enumerate() {
        let ahead = f64::from(hours) + clocks.ahead(date) as f64;
        for _ in 0..[0, 1, 1, 2, 2][chance.below(5)] {
            let local = loop {
                let hour = chance.below(HOURS);
                if chance.below(830) < (usual[hour] * 100.0) as usize {
                    break hour as f64 + chance.below(12) as f64 / 12.0;
                }
            };
            let from = (place + 1) as f64 * 288.0 + (local + later - 0.75 - ahead) * 12.0;
            let from = (from as usize).min(line.len() - 40);
            line[from..from + 12 + chance.below(24)].fill(true);
        }
    }
    let all: SlotSet = Slot::all().collect();
    let of = |slots: &[bool]| {
        let present: SlotSet = Slot::all().filter(|slot| slots[usize::from(slot.index())]).collect();
        ExposedDay { coverage: PersonCoverage { present, observed: all }, exposed: all }
    };
    line.chunks(288).skip(1).take(days as usize).map(of).collect()
}

fn found(first: &str, days: &[ExposedDay], prior: &Prior) -> TimeZone {
    time_zone(day(first), days, &reference(), prior, Drawings::of_seed(7)).unwrap().value
}

/// Somebody who watches for two hours each evening from eight o'clock on, give or take half an hour.
fn regular(first: Day, days: i32, hours: i32, clocks: Clocks, seed: u64) -> Vec<ExposedDay> {
    let mut chance = Chance::new(seed);
    let all: SlotSet = Slot::all().collect();
    let mut of = |date: Day| {
        let from = (20 - hours - clocks.ahead(date) as i32).rem_euclid(24) as usize * 12 + chance.below(12);
        let slots = (from..from + 24).filter_map(|slot| Slot::new((slot % 288) as u16).ok());
        let present: SlotSet = slots.collect();
        ExposedDay { coverage: PersonCoverage { present, observed: all }, exposed: all }
    };
    first.until(first.plus(days)).map(&mut of).collect()
}

#[test]
fn a_year_tells_the_offset_to_an_hour() {
    for (seed, hours) in [1, -5, 4, 11, -10].into_iter().enumerate() {
        let days = person(day("2026-01-01"), 365, hours, Clocks::Fixed, 0.0, seed as u64);
        let found = found("2026-01-01", &days, &prior());
        let first = found.offsets[0];
        let near = distances(day("2026-01-01"), &days, &reference(), Clocks::Fixed).unwrap().value;
        let nearest = Offset::all().min_by(|a, b| near[place(*a)].total_cmp(&near[place(*b)])).unwrap();
        assert!((i32::from(nearest.hours()) - hours).abs() <= 1, "{hours}: {near:?}");
        assert!(hours != 1 || first.offset == nearest, "{found:?}");
        assert!(found.support.contains(&Offset::of_hours(hours)), "{hours}: {found:?}");
        assert!((first.clocks.iter().sum::<f64>() - first.weight).abs() < 1e-9);
        assert_eq!(found.evidence.offset, first.offset);
    }
}

/// UTC+5:30, UTC+5:45, UTC−3:30: somebody of the hour after it, that much later.
#[test]
fn of_offsets_between_whole_hours_one_beside_them_is_found() {
    for (seed, (after, later)) in [(6, 0.5), (6, 0.25), (-3, 0.5)].into_iter().enumerate() {
        let days = person(day("2026-01-01"), 365, after, Clocks::Fixed, later, seed as u64);
        let near = distances(day("2026-01-01"), &days, &reference(), Clocks::Fixed).unwrap().value;
        let nearest = Offset::all().min_by(|a, b| near[place(*a)].total_cmp(&near[place(*b)])).unwrap();
        assert!((after - 1..=after).contains(&i32::from(nearest.hours())), "{after} {later}: {near:?}");
        let told = found("2026-01-01", &days, &prior());
        let beside = [after - 1, after].map(Offset::of_hours);
        assert!(told.support.iter().any(|offset| beside.contains(offset)), "{after} {later}: {told:?}");
    }
}

#[test]
fn who_follows_a_change_of_clocks_is_told_so() {
    for (hours, clocks) in [(1, Clocks::European), (1, Clocks::Fixed), (-5, Clocks::American), (11, Clocks::American)] {
        for (first, days) in [("2026-01-20", 100), ("2026-09-10", 100), ("2026-01-01", 365)] {
            let seen = regular(day(first), days, hours, clocks, 3);
            let found = found(first, &seen, &prior());
            let told = found.summer_time.unwrap();
            assert_eq!((told.clocks, found.evidence.clocks), (Some(clocks), clocks), "{hours} {first}: {told:?}");
            assert_eq!(told.changes, if days == 365 { 2 } else { 1 });
            // Winter and summer lie on each other: an evening of two hours and a half takes four at most.
            let seen = found.evidence.person.iter().flatten().filter(|share| **share > 0.0).count();
            assert!(seen <= 4, "{hours} {clocks:?} {first}: {:?}", found.evidence);
        }
    }
}

#[test]
fn wrong_clocks_are_hardly_ever_told() {
    // Most of what they watch is in the evening.
    let evenings = USUAL.map(|hour| hour.powi(3) / 8.3f64.powi(2));
    let (mut right, mut wrong) = (0, 0);
    for clocks in Clocks::ALL {
        for seed in 0..12 {
            let days = viewer(day("2026-09-10"), 100, 1, clocks, 0.0, &evenings, 1_000 + seed);
            match found("2026-09-10", &days, &prior()).summer_time.and_then(|told| told.clocks) {
                Some(told) if told == clocks => right += 1,
                Some(_) => wrong += 1,
                None => {}
            }
        }
    }
    assert!(right >= 5 && wrong <= 1, "{right} right, {wrong} wrong");
}

#[test]
fn without_a_change_the_prior_tells_clocks() {
    let days = person(day("2026-06-01"), 60, 1, Clocks::European, 0.0, 5);
    let french = found("2026-06-01", &days, &Prior::french());
    assert_eq!(french.summer_time, None);
    assert_eq!((french.offsets[0].offset.hours(), french.evidence.clocks), (1, Clocks::European));
    // In summer the clock of UTC+1 may be one of UTC+2 that is never ahead.
    let flat = found("2026-06-01", &days, &prior());
    let clocks =
        flat.offsets.iter().fold([0.0; 3], |sum, weighed| std::array::from_fn(|at| sum[at] + weighed.clocks[at]));
    assert!(clocks[0] > 0.1 && (clocks[1] - clocks[2]).abs() < 1e-9, "{flat:?}");
    // Ten days after a change are too few, and 40 are enough.
    for (days, changes) in [(40, None), (72, Some(1))] {
        let seen = regular(day("2026-02-27"), days, 1, Clocks::European, 5);
        let told = found("2026-02-27", &seen, &Prior::french()).summer_time;
        assert_eq!(told.map(|found| found.changes), changes, "{days}: {told:?}");
    }
}

#[test]
fn who_rises_late_looks_as_if_further_west_and_weights_say_how_often_that_is_so() {
    let days = person(day("2026-11-10"), 90, 1, Clocks::European, 6.0, 3);
    let near = distances(day("2026-11-10"), &days, &reference(), Clocks::European).unwrap().value;
    let nearest = Offset::all().min_by(|a, b| near[place(*a)].total_cmp(&near[place(*b)])).unwrap();
    assert!((-7..=-3).contains(&nearest.hours()), "{near:?}");
    // Of people who keep to the usual day by an hour, whoever is found hours further west may well live there; of people who stray, hardly
    // anybody does: most live here.
    let mut strays = [0.0; HOURS];
    (-7..=7).for_each(|by| strays[place(Offset::of_hours(1 + by))] = 1.0);
    let of = |reference: &Reference| {
        time_zone(day("2026-11-10"), &days, reference, &prior(), Drawings::of_seed(7)).unwrap().value.offsets[0]
    };
    let (strict, loose) = (of(&reference()), of(&Reference::new(USUAL, strays, [0; 3]).unwrap()));
    assert_eq!(loose.offset, Offset::of_hours(1));
    assert!(strict.offset != loose.offset, "{strict:?} {loose:?}");
}

#[test]
fn without_drawings_the_days_themselves_decide() {
    let days = person(day("2026-11-10"), 60, 1, Clocks::Fixed, 0.0, 2);
    let of = |drawings| time_zone(day("2026-11-10"), &days, &reference(), &prior(), drawings).unwrap().value;
    let found = of(Drawings::NONE);
    assert_eq!(found.evidence, of(Drawings::of_seed(9)).evidence);
    let near = distances(day("2026-11-10"), &days, &reference(), Clocks::Fixed).unwrap().value;
    assert!(near.iter().all(|distance| *distance >= found.evidence.distance - 0.3), "{near:?}");
}

#[test]
fn what_cannot_be_told_is_refused() {
    let of = |days: &[ExposedDay]| {
        time_zone(day("2026-11-10"), days, &reference(), &prior(), Drawings::of_seed(1)).map(|_| ())
    };
    let days = person(day("2026-11-10"), 60, 1, Clocks::Fixed, 0.0, 2);
    assert!(matches!(of(&days[..12]), Err(Refused::FewDays { have: 6..=12, need: 14 })), "{:?}", of(&days[..12]));
    let evening: SlotSet = Slot::all().filter(|slot| slot.index() >= 156).collect();
    let narrow: Vec<ExposedDay> = days.iter().map(|day| ExposedDay { exposed: evening, ..*day }).collect();
    assert_eq!(of(&narrow), Err(Refused::Gaps { hours: 13 }));
    let all: SlotSet = Slot::all().collect();
    let always = ExposedDay { coverage: PersonCoverage { present: all, observed: SlotSet::EMPTY }, exposed: all };
    assert_eq!(of(&[always; 30]), Err(Refused::AlwaysOn { minutes: 0 }));
    // Somebody who is there for the first half of each hour.
    let present: SlotSet = Slot::all().filter(|slot| slot.index() % 72 < 36).collect();
    let same = ExposedDay { coverage: PersonCoverage { present, observed: all }, exposed: all };
    let even: SlotSet = Slot::all().filter(|slot| slot.index() % 72 < 36).collect();
    assert_eq!(of(&[ExposedDay { exposed: even, ..same }; 30]), Err(Refused::Constant));
    assert_eq!(of(&[]), Err(Refused::FewDays { have: 0, need: 14 }));
}

/// All slots of a day later by whole hours, round the same day.
fn turned(set: &SlotSet, by: u16) -> SlotSet {
    set.iter().filter_map(|slot| Slot::new((slot.index() + 12 * by) % 288).ok()).collect()
}

fn hidden(days: &[ExposedDay], hidden: &[(usize, u16, u16)], exposed: bool) -> Vec<ExposedDay> {
    let mut days = days.to_vec();
    let count = days.len().max(1);
    for (place, from, slots) in hidden {
        let Some(day) = days.get_mut(place % count) else { continue };
        let there: SlotSet = (*from..from + slots).filter_map(|slot| Slot::new(slot).ok()).collect();
        day.coverage.observed = day.coverage.observed.minus(&there);
        day.coverage.present = day.coverage.present.minus(&there);
        if exposed {
            day.exposed = day.exposed.minus(&there);
        }
    }
    days
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn what_happens_hours_later_is_hours_further_west(seed in any::<u64>(), by in 1u16..24) {
        let first = day("2026-11-10");
        let days = person(first, 40, 1, Clocks::Fixed, 0.0, seed);
        let later: Vec<ExposedDay> = days.iter().map(|day| {
            let PersonCoverage { present, observed } = day.coverage;
            let coverage = PersonCoverage { present: turned(&present, by), observed: turned(&observed, by) };
            ExposedDay { coverage, exposed: turned(&day.exposed, by) }
        }).collect();
        let of = |days: &[ExposedDay]| distances(first, days, &reference(), Clocks::Fixed).map(|found| found.value);
        let (Ok(one), Ok(other)) = (of(&days), of(&later)) else { return Ok(()) };
        for offset in Offset::all() {
            let moved = Offset::of_hours(i32::from(offset.hours()) - i32::from(by));
            prop_assert!((one[place(offset)] - other[place(moved)]).abs() < 1e-9);
        }
    }

    #[test]
    fn hiding_leaves_numbers_or_a_reason(
        seed in any::<u64>(), days in 0i32..90, gaps in proptest::collection::vec((0usize..90, 0u16..288, 0u16..289), 0..90),
        exposed in any::<bool>(), at in 0i32..40_000, zeros in 0usize..24,
    ) {
        let first = Day::MIN.plus(at);
        let seen = hidden(&person(first, days, 1, Clocks::European, 0.0, seed), &gaps, exposed);
        let usual: [f64; HOURS] = std::array::from_fn(|hour| if hour < zeros { 0.0 } else { USUAL[hour] });
        if let Ok(Found { value, .. }) = time_zone(first, &seen, &reference_of(usual), &Prior::french(), Drawings::of_seed(seed)) {
            let text = serde_json::to_string(&value).unwrap();
            prop_assert_eq!(&serde_json::from_str::<TimeZone>(&text).unwrap().support, &value.support);
            // What is no number would be null, and only hours may be.
            let nulls = value.evidence.person.iter().filter(|hour| hour.is_none()).count()
                + usize::from(value.summer_time.is_none()) + usize::from(value.summer_time.is_some_and(|told| told.clocks.is_none()));
            prop_assert_eq!(text.matches("null").count(), nulls, "{}", text);
            let total: f64 = value.offsets.iter().map(|weighed| weighed.weight).sum();
            prop_assert!(total > 0.0 && total < 1.0 + 1e-9);
            prop_assert!((0.0..=12.0).contains(&value.evidence.distance) && !value.support.is_empty());
        }
    }

    #[test]
    fn the_order_of_days_says_nothing(seed in any::<u64>(), turn in 1usize..40) {
        let first = day("2026-11-10");
        let days = person(first, 40, -5, Clocks::Fixed, 0.0, seed);
        let mut others = days.clone();
        others.rotate_left(turn);
        let of = |days: &[ExposedDay]| distances(first, days, &reference(), Clocks::American);
        prop_assert_eq!(of(&days), of(&others));
    }
}
