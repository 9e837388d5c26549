//! Killed at any moment.

use std::time::Duration;

use crate::cases::{Case, Prepared};
use crate::cluster::Cluster;
use crate::place::Crowd;
use crate::{SETTINGS, chance};

const ROUNDS: u64 = 5;
const SOAK_ROUNDS: u64 = 100;

/// Restores are killed where they are known to be half-way.
const CASES: [Case; 6] = [Case::Import, Case::ImportAgain, Case::Retain, Case::Forget, Case::Erase, Case::Backup];

async fn rounds(case: Case, postgres: Option<&Cluster>, rounds: u64) {
    let prepared = Prepared::new(case, postgres, Crowd::Few).await;
    let mut killed = 0;
    for round in 0..rounds {
        let mut seed = round + 1;
        let place = prepared.place(postgres, None).await;
        let when: Duration = prepared.usual.mul_f64(chance(&mut seed));
        killed += u64::from(place.kill(&prepared.words(&place), when));
        // What was killed cannot clean up, and is no backup: `halfway` has that refused.
        place.remove_unfinished();
        prepared.resumes(&place, &format!("{case:?}, round {round}: killed after {when:?} it")).await;
    }
    assert!(killed > 0, "{case:?}: no run was killed before its end");
}

async fn all(postgres: Option<&Cluster>, count: u64) {
    for case in CASES {
        rounds(case, postgres, count).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sqlite() {
    all(None, ROUNDS).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgres() {
    all(Some(&Cluster::start(SETTINGS)), ROUNDS).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "soak: some minutes"]
async fn soak_a_hundred_kills() {
    let cluster = Cluster::start(SETTINGS);
    for postgres in [None, Some(&cluster)] {
        all(postgres, SOAK_ROUNDS).await;
    }
}
