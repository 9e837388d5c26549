//! The program killed at any moment: the store and the archive are those from before or those from after, or the next
//! run makes them so.
//!
//! Each round starts the real program, kills it after a part of the time that it usually takes, looks, and lets it finish.
//! Rounds come from a seed, which a failure prints. Five a case here; `make soak` runs a hundred.
#![allow(clippy::unwrap_used, reason = "the setting that allows it in tests knows test functions only")]

#[path = "../../../store/tests/conformance/cluster.rs"]
#[allow(dead_code, unreachable_pub, reason = "other tests use the rest of it")]
mod cluster;
mod place;

use std::time::{Duration, Instant};

use model::day::Day;
use model::words::Tier;
use place::{Place, Seen};

const ROUNDS: u64 = 5;
const SOAK_ROUNDS: u64 = 100;

/// What is tried.
#[derive(Clone, Copy, Debug)]
enum Case {
    Import,
    ImportAgain,
    Retain,
    Erase,
}

impl Case {
    const ALL: [Case; 4] = [Case::Import, Case::ImportAgain, Case::Retain, Case::Erase];

    /// The words that start it.
    fn words(self, place: &Place) -> Vec<String> {
        let words: &[&str] = match self {
            Case::Import | Case::ImportAgain => &["import", "--day", "2025-03-02"],
            Case::Retain => &["retain"],
            Case::Erase => &["erase", "--login", &place.login],
        };
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    /// Brings a new place to where the case begins.
    fn begin(self, place: &Place) {
        place.finish(&["import", "--day", "2025-03-01"]);
        match self {
            Case::Import => {}
            Case::ImportAgain | Case::Retain | Case::Erase => place.finish(&["import", "--day", "2025-03-02"]),
        }
    }

    /// Whether a whole run does what the case is about: else nothing would be told by killing it.
    fn check(self, before: &Seen, after: &Seen) {
        let counts = |seen: &Seen| seen.people.iter().filter(|day| !day.is_empty()).count();
        match self {
            Case::Import => assert_eq!((counts(before), counts(after)), (1, 2)),
            Case::ImportAgain => assert_eq!((counts(before), before), (2, after)),
            Case::Retain => {
                assert_eq!((after.tier, before.archived, after.archived), (Some(Tier::Hours), 2, 0));
                assert!(!after.hours.is_empty());
            }
            Case::Erase => {
                assert!(before.named > 0 && before.people != before.others);
                assert_eq!((after.named, &after.people), (0, &before.others));
            }
        }
    }

    /// Whether what is seen after a kill is allowed.
    fn allows(self, before: &Seen, after: &Seen, seen: &Seen) -> bool {
        match self {
            // A day is there whole or not at all; imported again it is the same.
            Case::Import => seen == before || seen == after,
            Case::ImportAgain => seen == before,
            // Step by step: people's rows are slots or hours, never half of each, and objects go one by one.
            Case::Retain => match seen.tier {
                None | Some(Tier::Slots) => seen.people == before.people,
                Some(Tier::Hours) => seen.hours == after.hours,
                Some(Tier::Aggregates) => false,
            },
            // Everybody else is untouched at each moment.
            Case::Erase => seen.others == before.others && seen.others == after.others,
        }
    }
}

/// The same numbers for the same seed: Knuth's linear congruential generator.
fn chance(seed: &mut u64) -> f64 {
    *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    (*seed >> 11) as f64 / (1u64 << 53) as f64
}

async fn rounds(case: Case, postgres: Option<&cluster::Cluster>, rounds: u64) {
    // What it is to be, and how long it takes.
    let reference = Place::new(postgres).await;
    case.begin(&reference);
    let before = reference.seen().await;
    let start = Instant::now();
    reference.finish(&case.words(&reference));
    let usual = start.elapsed();
    let after = reference.seen().await;
    case.check(&before, &after);
    let mut killed = 0;
    for round in 0..rounds {
        let mut seed = round + 1;
        let place = Place::new(postgres).await;
        case.begin(&place);
        let when: Duration = usual.mul_f64(chance(&mut seed));
        killed += u64::from(place.kill(&case.words(&place), when));
        let seen = place.seen().await;
        assert!(case.allows(&before, &after, &seen), "{case:?}, round {round}: killed after {when:?} it left {seen:?}");
        place.finish(&case.words(&place));
        assert_eq!(place.seen().await, after, "{case:?}, round {round}: killed after {when:?} and finished");
    }
    assert!(killed > 0, "{case:?}: no run was killed before its end");
}

async fn all(postgres: Option<&cluster::Cluster>, count: u64) {
    for case in Case::ALL {
        rounds(case, postgres, count).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sqlite() {
    all(None, ROUNDS).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgres() {
    all(Some(&cluster::Cluster::start(&[])), ROUNDS).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "soak: some minutes"]
async fn soak_a_hundred_kills() {
    let cluster = cluster::Cluster::start(&[]);
    for postgres in [None, Some(&cluster)] {
        all(postgres, SOAK_ROUNDS).await;
    }
}

/// The two days that every place has in its archive.
fn days() -> [Day; 2] {
    ["2025-03-01", "2025-03-02"].map(|day| day.parse().unwrap())
}
