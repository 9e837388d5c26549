//! No room: each command is tried with none and ever more, until it is enough.
//!
//! The disk is a small one of our own, which gives what a full disk gives. Where the system lets this user make none, a
//! limit on the size of files takes its place: it stops at the same writes, and the system calls it otherwise.

use std::path::Path;

use crate::cases::{Case, Prepared};
use crate::cluster::Cluster;
use crate::disk::Disk;
use crate::place::{Done, Limit};
use crate::{SETTINGS, chance};

/// All that write.
const CASES: [Case; 7] =
    [Case::Import, Case::ImportAgain, Case::Retain, Case::Forget, Case::Erase, Case::Backup, Case::Restore];
/// Of a store in Postgres, what writes to our own disk: the archive, and backups.
const POSTGRES_CASES: [Case; 2] = [Case::Erase, Case::Backup];

/// The first room but none: a journal's index alone takes 32 kB.
const FIRST_BYTES: f64 = 36_000.0;
/// How much more each time: coarse, and for a soak.
const STEP: f64 = 2.0;
const SOAK_STEP: f64 = 1.1;

const MEND: &str = "a disk of our own needs `unshare --user --mount`: allow it (sysctl kernel.unprivileged_userns_clone=1, \
     kernel.apparmor_restrict_unprivileged_userns=0), or run outside of a container";

/// The rooms to try, by a seed.
fn rooms(mut seed: u64, step: f64) -> impl Iterator<Item = u64> {
    let mut next = FIRST_BYTES;
    let more = move || {
        let room = next * (1.0 + chance(&mut seed) * (step - 1.0));
        next *= step;
        // In pages, as disks give it.
        Some(room as u64 & !4_095)
    };
    std::iter::once(0).chain(std::iter::from_fn(more))
}

async fn until_enough(case: Case, postgres: Option<&Cluster>, disk: Option<&Disk>, step: f64) {
    let prepared = Prepared::new(case, postgres).await;
    for (failed, room) in rooms(case as u64, step).enumerate() {
        let place = prepared.place(postgres, disk.map(Disk::path)).await;
        let words = prepared.words(&place);
        let limit = match disk {
            Some(disk) => {
                disk.leave(room);
                Limit::Temporary(disk.path())
            }
            None => Limit::FileBytes(room),
        };
        let done = place.run(&words, limit);
        disk.map(Disk::clear);
        let how = format!("{case:?} with {room} bytes of room, which said {:?},", done.told);
        if done.code == Some(0) {
            assert!(place.seen().await == prepared.after, "{how}");
            assert!(failed > 0, "{how} never had too little");
            return;
        }
        is_told(&done, disk.is_some(), place.path(), &how);
        prepared.resumes(&place, &how).await;
    }
}

/// What, where, and what to do about it.
fn is_told(done: &Done, is_disk: bool, place: &Path, how: &str) {
    assert_eq!(done.code, Some(1), "{how}");
    let last = done.told.lines().last().unwrap_or_default();
    assert!(last.starts_with("vigie: cannot ") && !done.told.contains("panicked"), "{how}");
    let places = [place.to_str().unwrap(), "archive", "backup", "restored", "chatters", "manifest"];
    assert!(places.iter().any(|place| last.contains(place)), "{how}: it does not say where");
    assert!(!is_disk || last.contains("free some space"), "{how}: it does not say what to do");
}

async fn all(disk: Option<&Disk>, step: f64) {
    for case in CASES {
        until_enough(case, None, disk, step).await;
    }
}

/// With files limited: who makes a namespace is nobody that Postgres would run as.
async fn all_of_postgres(step: f64) {
    let cluster = Cluster::start(SETTINGS);
    for case in POSTGRES_CASES {
        until_enough(case, Some(&cluster), None, step).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_is_told_and_harms_nothing() {
    match Disk::here() {
        Some(disk) => all(Some(&disk), STEP).await,
        None if Disk::is_allowed() => Disk::again("full::a_full_disk_is_told_and_harms_nothing"),
        None => {
            eprintln!("no namespaces for this user: files are limited instead of a disk");
            all(None, STEP).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_limit_on_files_is_told_and_harms_nothing() {
    all_of_postgres(STEP).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "soak: some minutes"]
async fn soak_rooms_of_every_size() {
    let Some(disk) = Disk::here() else {
        assert!(Disk::is_allowed(), "{MEND}");
        Disk::again("full::soak_rooms_of_every_size");
        return;
    };
    all(Some(&disk), SOAK_STEP).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "soak: some minutes"]
async fn soak_limits_of_every_size() {
    all(None, SOAK_STEP).await;
    all_of_postgres(SOAK_STEP).await;
}
