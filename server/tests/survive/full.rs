//! No room: each command is tried with none and ever more, until it is enough.
//!
//! The disk is a small one of our own, which gives what a full disk gives. Where the system lets this user make none, a
//! limit on the size of files takes its place: it stops at the same writes, and the system calls it otherwise.

use std::path::Path;

use crate::SETTINGS;
use crate::cases::{Case, Prepared};
use crate::cluster::Cluster;
use crate::disk::Disk;
use crate::place::{Done, Limit};

/// All that write.
const CASES: [Case; 7] =
    [Case::Import, Case::ImportAgain, Case::Retain, Case::Forget, Case::Erase, Case::Backup, Case::Restore];
/// Of a store in Postgres, what writes to our own disk: the archive, and backups.
const POSTGRES_CASES: [Case; 2] = [Case::Erase, Case::Backup];

/// Which rooms are tried: none, the first, and more by so much.
#[derive(Clone, Copy)]
struct Rooms {
    first: u64,
    step: u64,
}

/// Below lies opening alone: the index of each journal takes 32 kB.
const SOME: Rooms = Rooms { first: 40 << 10, step: 20 << 10 };
/// Of the archive's objects and a backup's tables, which are small.
const SMALL: Rooms = Rooms { first: 8 << 10, step: 8 << 10 };
/// A disk gives pages: there is no room in between.
const EVERY: Rooms = Rooms { first: 4 << 10, step: 4 << 10 };

const MEND: &str = "a disk of our own needs `unshare --user --mount`: allow it (sysctl kernel.unprivileged_userns_clone=1, \
     kernel.apparmor_restrict_unprivileged_userns=0), or run outside of a container";

async fn until_enough(case: Case, postgres: Option<&Cluster>, disk: Option<&Disk>, rooms: Rooms) {
    let prepared = Prepared::new(case, postgres).await;
    let all = std::iter::once(0).chain((rooms.first..).step_by(rooms.step as usize));
    for (failed, room) in all.enumerate() {
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
    assert!(last.starts_with("vigie: ") && !done.told.contains("panicked"), "{how}");
    // In the last line; or before it, where a day was imported and its comparison could not be noted.
    let says = |texts: &[&str]| texts.iter().any(|text| done.told.contains(text));
    let places = [place.to_str().unwrap(), "archive's objects", "backup", "restored"];
    assert!(says(&["cannot "]) && says(&places), "{how}: it does not say what or where");
    assert!(!is_disk || says(&["free some space"]), "{how}: it does not say what to do");
}

async fn all(disk: Option<&Disk>, rooms: Rooms) {
    for case in CASES {
        until_enough(case, None, disk, rooms).await;
    }
}

/// With files limited: who makes a namespace is nobody that Postgres would run as.
async fn all_of_postgres(rooms: Rooms) {
    let cluster = Cluster::start(SETTINGS);
    for case in POSTGRES_CASES {
        until_enough(case, Some(&cluster), None, rooms).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_is_told_and_harms_nothing() {
    match Disk::here() {
        Some(disk) => all(Some(&disk), SOME).await,
        None if Disk::is_allowed() => Disk::again("full::a_full_disk_is_told_and_harms_nothing"),
        None => {
            eprintln!("no namespaces for this user: files are limited instead of a disk");
            all(None, SOME).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_limit_on_files_is_told_and_harms_nothing() {
    all_of_postgres(SMALL).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "soak: some minutes"]
async fn soak_rooms_of_every_size() {
    let Some(disk) = Disk::here() else {
        assert!(Disk::is_allowed(), "{MEND}");
        Disk::again("full::soak_rooms_of_every_size");
        return;
    };
    all(Some(&disk), EVERY).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "soak: some minutes"]
async fn soak_limits_of_every_size() {
    all(None, EVERY).await;
    all_of_postgres(EVERY).await;
}
