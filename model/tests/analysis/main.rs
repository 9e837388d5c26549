//! Results beside those of independent implementations: `make_golden.py` made them.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod calendar;
mod next;
mod time_zone;

use model::analysis::bootstrap::Drawings;
use model::analysis::circle;
use model::analysis::favourites::favourites;
use model::analysis::grid::Grid;
use model::analysis::offline::ExposedDay;
use model::analysis::offset::Offset;
use model::analysis::pattern::{WEEKEND_SPAN, WORKDAY_SPAN, pattern};
use model::analysis::reference::Reference;
use model::analysis::regularity::{circadian, sleep_regularity};
use model::analysis::rhythm::divergence;
use model::analysis::summer_time::Clocks;
use model::analysis::time_zone::distances;
use model::coverage::PersonCoverage;
use model::day::Day;
use model::slot::{Slot, SlotTime};
use model::slot_set::SlotSet;
use model::zone::ZoneTable;
use serde::Deserialize;

#[derive(Deserialize)]
struct Case {
    first: Day,
    slots: String,
    stability: f64,
    variability: f64,
    amplitude: f64,
    least_from: f64,
    most_from: f64,
    sri: f64,
    ema_20: [Option<f64>; 24],
    ema_8: [Option<f64>; 24],
    ema_28: f64,
    usual: [f64; 24],
    distances: [f64; 24],
    nearest: i8,
    divergence: f64,
}

/// `P12a3?1…` as days.
fn days(slots: &str) -> Vec<PersonCoverage> {
    let mut all = Vec::new();
    let mut rest = slots;
    while let Some(kind) = rest.chars().next() {
        let end = rest[1..].find(|c: char| !c.is_ascii_digit()).map_or(rest.len(), |at| at + 1);
        all.extend(vec![kind; rest[1..end].parse().unwrap()]);
        rest = &rest[end..];
    }
    let set = |day: &[char], wanted: char| -> SlotSet {
        Slot::all().filter(|slot| day[usize::from(slot.index())] == wanted).collect()
    };
    all.chunks(288)
        .map(|day| PersonCoverage { present: set(day, 'P'), observed: set(day, 'P').union(&set(day, 'a')) })
        .collect()
}

fn near(found: f64, wanted: f64) -> bool {
    (found - wanted).abs() <= 1e-9 * wanted.abs().max(1.0)
}

#[test]
fn others_find_the_same() {
    let cases: Vec<Case> = serde_json::from_str(include_str!("golden.json")).unwrap();
    assert_eq!(cases.len(), 6);
    for (number, case) in cases.iter().enumerate() {
        let days = days(&case.slots);
        let grid: Grid = Grid::of_slots(case.first, &days, &ZoneTable::utc());
        let found = circadian(&grid, Drawings::NONE).unwrap().value;
        assert!(near(found.stability.value, case.stability), "{number}: {found:?}");
        assert!(near(found.variability.value, case.variability), "{number}: {found:?}");
        assert!(near(found.amplitude.value, case.amplitude), "{number}: {found:?}");
        assert_eq!((found.least_from.value, found.most_from.value), (case.least_from, case.most_from), "{number}");
        assert!(near(sleep_regularity(&days, Drawings::NONE).unwrap().value.index.value, case.sri), "{number}");
        for (span, wanted) in [(WORKDAY_SPAN, case.ema_20), (WEEKEND_SPAN, case.ema_8)] {
            let average = pattern(&grid, span, |_| true).unwrap().value.0;
            for (found, wanted) in average.iter().zip(wanted) {
                assert!(near(found.unwrap(), wanted.unwrap()), "{number}, span {span}: {average:?}");
            }
        }
    }
}

#[test]
fn of_one_channel_minutes_of_late_are_those_of_days() {
    let cases: Vec<Case> = serde_json::from_str(include_str!("golden.json")).unwrap();
    for (number, case) in cases.iter().enumerate() {
        let days = days(&case.slots);
        let of = |at: SlotTime| &days[(at.day().days() - case.first.days()) as usize];
        let until = case.first.plus(days.len() as i32);
        let is_there = |at: SlotTime| of(at).present.contains(at.slot());
        let record = calendar::record(case.first, until, is_there, |at| of(at).observed.contains(at.slot()));
        let found = favourites(&record.trace()).unwrap().value;
        let [room] = &found.channels[..] else { panic!("{number}: {found:?}") };
        assert!(near(room.recent, case.ema_28), "{number}: {} {}", room.recent, case.ema_28);
        // In all is what was seen.
        assert_eq!(room.minutes, days.iter().map(|day| 5 * u64::from(day.present.len())).sum::<u64>(), "{number}");
    }
}

#[test]
fn distances_round_the_clock_are_those_of_a_transport_problem() {
    let cases: Vec<Case> = serde_json::from_str(include_str!("golden.json")).unwrap();
    for (number, case) in cases.iter().enumerate() {
        let days = days(&case.slots);
        let all: SlotSet = Slot::all().collect();
        let exposed: Vec<ExposedDay> =
            days.iter().map(|coverage| ExposedDay { coverage: *coverage, exposed: all }).collect();
        let usual = Reference::new(case.usual, [1.0; 24], [0; 3]).unwrap();
        let found = distances(case.first, &exposed, &usual, Clocks::Fixed).unwrap().value;
        for (found, wanted) in found.iter().zip(case.distances) {
            assert!(near(*found, wanted), "{number}: {found} {wanted}");
        }
        let nearest = Offset::all().zip(found).min_by(|a, b| a.1.total_cmp(&b.1)).unwrap().0;
        assert_eq!(nearest.hours(), case.nearest, "{number}");
        // By hour of UTC, of all days.
        let count = |of: fn(&PersonCoverage) -> SlotSet, hour: u16| -> f64 {
            days.iter().map(|day| f64::from(of(day).count(12 * hour, 12 * hour + 12))).sum()
        };
        let profile: [f64; 24] = std::array::from_fn(|hour| {
            let known = count(PersonCoverage::known, hour as u16);
            count(|day| day.present, hour as u16) / known
        });
        assert!(near(circle::distance(&profile, &case.usual).unwrap(), case.distances[11]), "{number}");
        let shares = |values: [f64; 24]| values.map(|value| value / values.iter().sum::<f64>());
        assert!(near(divergence(&shares(profile), &shares(case.usual)), case.divergence), "{number}");
    }
}
