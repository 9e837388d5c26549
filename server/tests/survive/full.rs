//! No room: each command is tried with none and ever more, until it is enough.
//!
//! The disk is a small one of our own, which gives what a full disk gives. Where the system lets this user make none, a
//! limit on the size of files takes its place: it stops at the same writes, and the system calls it otherwise. Of Postgres
//! the disk is the server's, and the program's own has room.

use std::path::Path;

use sqlx::{Connection as _, PgConnection, SqliteConnection};

use crate::SETTINGS;
use crate::cases::{Case, Prepared};
use crate::cluster::Cluster;
use crate::disk::Disk;
use crate::place::{Crowd, Done, Limit, Place};

/// All that write.
const CASES: [Case; 7] =
    [Case::Import, Case::ImportAgain, Case::Retain, Case::Forget, Case::Erase, Case::Backup, Case::Restore];
/// Of a store in Postgres, what writes to our own disk: the archive, and backups.
const POSTGRES_CASES: [Case; 2] = [Case::Erase, Case::Backup];
/// What writes to its server's disk.
const SERVER_CASES: [Case; 6] =
    [Case::Import, Case::ImportAgain, Case::Retain, Case::Forget, Case::Erase, Case::Restore];
/// A server that makes do with little room: no more of its log than it has to keep, written when the test says so.
const SERVER: &[&str] = &["max_wal_size=32MB", "min_wal_size=32MB", "checkpoint_timeout=1h", "autovacuum=off"];

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

/// Postgres' files grow by pages.
const PAGE: u64 = 8 << 10;

const MEND: &str = "a disk of our own needs `unshare --user --mount`: allow it (sysctl kernel.unprivileged_userns_clone=1, \
     kernel.apparmor_restrict_unprivileged_userns=0), or run outside of a container";

async fn until_enough(case: Case, postgres: Option<&Cluster>, disk: Option<&Disk>, rooms: Rooms) {
    let prepared = Prepared::new(case, postgres, Crowd::Few).await;
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

/// The same, where the disk is that of a Postgres.
async fn until_the_server_has_enough(case: Case, cluster: &Cluster, disk: &Disk, rooms: impl Iterator<Item = u64>) {
    let prepared = Prepared::new(case, Some(cluster), Crowd::Many).await;
    for (failed, room) in std::iter::once(0).chain(rooms).enumerate() {
        let place = prepared.place(Some(cluster), None).await;
        let words = prepared.words(&place);
        make_ready(&place).await;
        disk.leave(room);
        let done = Done::of(&place.start(&words).wait_with_output().unwrap());
        disk.clear();
        let how = format!("{case:?} with {room} bytes of the server's room, which said {:?},", done.told);
        let enough = done.code == Some(0);
        if enough {
            assert!(place.seen().await == prepared.after, "{how}");
            assert!(failed > 0, "{how} never had too little");
        } else {
            assert!(done.code == Some(1) && !done.told.contains("panicked"), "{how}");
            let told = [
                "cannot ",
                &format!("in Postgres database {}", place.database()),
                "its disk is full",
                "free some space and do it again",
            ];
            assert!(told.iter().all(|text| done.told.contains(text)), "{how}");
            prepared.resumes(&place, &how).await;
        }
        place.drop_databases(cluster).await;
        if enough {
            return;
        }
    }
}

/// The server begins a new file of its log, which has its room from the beginning, and what follows fits into it: a log
/// without room is no error that a server answers, but its end. Done where the program will connect: who is the first to do
/// so after a database was copied writes a file of its own.
async fn make_ready(place: &Place) {
    let mut connection = PgConnection::connect(place.store()).await.unwrap();
    for sql in ["CHECKPOINT", "SELECT pg_switch_wal()", "CHECKPOINT"] {
        sqlx::raw_sql(sql).execute(&mut connection).await.unwrap();
    }
    connection.close().await.unwrap();
}

async fn all_of_servers<T: Iterator<Item = u64>>(disk: &Disk, rooms: impl Fn() -> T) {
    let settings: Vec<&str> = SETTINGS.iter().chain(SERVER).copied().collect();
    let cluster = Cluster::start_within(disk.path(), &settings);
    for case in SERVER_CASES {
        until_the_server_has_enough(case, &cluster, disk, rooms()).await;
    }
}

async fn all(disk: Option<&Disk>, rooms: Rooms) {
    for case in CASES {
        until_enough(case, None, disk, rooms).await;
    }
}

/// With files limited, which tells the same of what the program writes itself.
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

/// Backups of a store on another disk, of which the closed month's file cannot be linked; and space given back, where temporary
/// files lie on another disk.
async fn beside_another_disk(disk: &Disk) {
    let place = Place::new(None, Crowd::Few).await;
    for words in [&["import", "--day", "2025-03-01"][..], &["import", "--day", "2025-03-02"]] {
        place.finish(words);
    }
    // Pages to give back.
    let mut main = SqliteConnection::connect(&format!("{}/main.db", place.store())).await.unwrap();
    for sql in ["CREATE TABLE large AS SELECT zeroblob(1 << 20) AS b", "DROP TABLE large"] {
        sqlx::raw_sql(sql).execute(&mut main).await.unwrap();
    }
    main.close().await.unwrap();
    disk.leave(0);
    let done = place.run(&["store", "vacuum"], Limit::Temporary(disk.path()));
    disk.clear();
    assert!(done.code == Some(1) && done.told.contains("free some first"), "{:?}", done.told);
    assert!(done.told.contains(&format!("free bytes in {} to be", disk.path().display())), "{:?}", done.told);
    place.finish(&["store", "vacuum"]);

    place.finish(&["retain"]);
    let to = disk.path().join("backup");
    let words = ["store", "backup", to.to_str().unwrap()];
    for (failed, room) in (0..).step_by(16 << 10).enumerate() {
        disk.leave(room);
        let done = Done::of(&place.start(&words).wait_with_output().unwrap());
        disk.clear();
        if done.code == Some(0) {
            assert!(failed > 2, "there never was too little room");
            return;
        }
        let how = format!("a backup with {room} bytes of room, which said {:?}", done.told);
        is_told(&done, true, disk.path(), &how);
        assert!(["damaged", "restore"].iter().all(|text| !done.told.contains(text)), "{how}");
        assert_eq!(std::fs::read_dir(disk.path()).unwrap().count(), 0, "{how}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_beside_the_stores_is_told_as_such() {
    match Disk::here() {
        Some(disk) => beside_another_disk(&disk).await,
        None if Disk::is_allowed() => Disk::again("full::a_full_disk_beside_the_stores_is_told_as_such"),
        // A limit on files knows one disk.
        None => eprintln!("not tried, no namespaces for this user: {MEND}"),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_limit_on_files_is_told_and_harms_nothing() {
    all_of_postgres(SMALL).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_of_postgres_is_told_and_harms_nothing() {
    match Disk::here() {
        Some(disk) => all_of_servers(&disk, || std::iter::successors(Some(PAGE), |room| Some(room * 2))).await,
        None if Disk::is_allowed() => Disk::again("full::a_full_disk_of_postgres_is_told_and_harms_nothing"),
        // Nothing else makes a server answer what it answers on a full disk.
        None => eprintln!("not tried, no namespaces for this user: {MEND}"),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "soak: some minutes"]
async fn soak_servers_with_rooms_of_every_size() {
    let Some(disk) = Disk::here() else {
        assert!(Disk::is_allowed(), "{MEND}");
        Disk::again("full::soak_servers_with_rooms_of_every_size");
        return;
    };
    all_of_servers(&disk, || (PAGE..).step_by(PAGE as usize)).await;
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
