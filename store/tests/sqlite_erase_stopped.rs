//! An erasure stopped between two files of a folder, and done again: nobody is counted out twice, or not at all, and no
//! journal keeps anybody.
//!
//! It is stopped by triggers that are put into the files, which refuse a statement as a full disk would, and by whoever reads
//! a file for long.
#![allow(clippy::unwrap_used, reason = "the setting that allows it in tests knows test functions only")]

#[path = "conformance/fixtures.rs"]
#[allow(dead_code, reason = "other tests use the rest of it")]
mod fixtures;

use std::path::Path;
use std::time::{Duration, Instant};

use fixtures::{by_login, day, import, job, login, stays};
use model::day::Day;
use model::hours::month_in_hours;
use model::words::Origin;
use sqlx::{AssertSqlSafe, Connection, SqliteConnection};
use store::day::DayRecord;
use store::error::StoreError;
use store::jobs::JobState;
use store::{AnyStore, Store};
use tempfile::TempDir;

/// How a month is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Held {
    Blocks,
    Both,
    Closed,
    Hours,
}

async fn open(folder: &Path) -> AnyStore {
    AnyStore::open(folder.to_str().unwrap(), Some(Origin::Simulated)).await.unwrap()
}

/// Two days of November and one of December of two people.
async fn filled(held: Held) -> TempDir {
    let folder = TempDir::new().unwrap();
    let store = open(folder.path()).await;
    for n in [0, 3, 14] {
        import(&store, day(n), &[by_login("_ada", &[("_room", 0, 9)]), by_login("_bo", &[("_hall", 3, 9)])]).await;
    }
    for month in [day(0).month(), day(14).month()] {
        if held != Held::Blocks {
            store.close_month(&job(), month).await.unwrap();
        }
        if matches!(held, Held::Closed | Held::Hours) {
            store.drop_open(&job(), month).await.unwrap();
        }
        if held == Held::Hours {
            store.age_month(&job(), month, |days| month_in_hours(days, |_, _| None)).await.unwrap();
        }
    }
    store.close().await;
    folder
}

async fn run(folder: &Path, file: &str, sql: &str) {
    let mut file = SqliteConnection::connect(folder.join(file).to_str().unwrap()).await.unwrap();
    sqlx::query(AssertSqlSafe(sql.to_owned())).execute(&mut file).await.unwrap();
    file.close().await.unwrap();
}

/// What is remembered of the days, where Bo was, whether Ada is known, and what is left in the notes.
type Seen = (Vec<DayRecord>, Vec<(Day, Vec<(String, u16, u16)>)>, bool, i64);

/// Erases Ada; whether that succeeded, and what is seen after.
async fn erase(folder: &Path) -> (bool, Seen) {
    let store = open(folder).await;
    let person = store.person(&job(), &login("_ada")).await.unwrap().key.unwrap();
    let erased = store.erase_person(&job(), person).await.is_ok();
    // A copy that was to take a month's place would keep her until the folder is opened next.
    let left = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap());
    assert_eq!(left.filter(|name| name.contains(".new")).collect::<Vec<_>>(), [""; 0]);
    let known = store.person(&job(), &login("_ada")).await.unwrap().key.is_some();
    let (days, others) = (store.days().await.unwrap(), stays(&store, "_bo").await);
    store.close().await;
    let mut main = SqliteConnection::connect(folder.join("main.db").to_str().unwrap()).await.unwrap();
    let notes = sqlx::query_scalar("SELECT count(*) FROM counted_out").fetch_one(&mut main).await.unwrap();
    main.close().await.unwrap();
    (erased, (days, others, known, notes))
}

#[tokio::test]
async fn a_stopped_erasure_done_again_counts_everybody_once() {
    let second = i64::from(day(3).days()) << 28;
    let in_blocks = format!("BEFORE DELETE ON block WHEN OLD.k >= {second}");
    let (blocks, rows) = ("open-2026-11.db", "month-2026-11.db");
    for (held, file, when) in [
        // The first day is counted out, and its blocks are not committed.
        (Held::Blocks, blocks, in_blocks.as_str()),
        (Held::Both, blocks, &in_blocks),
        (Held::Blocks, "open-2026-12.db", "BEFORE INSERT ON block"),
        (Held::Both, rows, "BEFORE DELETE ON viewer_month"),
        (Held::Closed, rows, "BEFORE DELETE ON viewer_month"),
        (Held::Hours, "month-2026-12.db", "BEFORE DELETE ON viewer_month"),
        (Held::Closed, "main.db", "BEFORE UPDATE ON day_record"),
        (Held::Hours, "main.db", "BEFORE UPDATE ON day_record"),
        (Held::Closed, "main.db", "BEFORE DELETE ON person"),
    ] {
        let (erased, whole) = erase(filled(held).await.path()).await;
        assert!(erased && !whole.2 && whole.3 == 0);
        let folder = filled(held).await;
        let stop = format!("CREATE TRIGGER stop {when} BEGIN SELECT raise(ABORT, 'stopped'); END");
        run(folder.path(), file, &stop).await;
        for _ in 0..2 {
            let (erased, seen) = erase(folder.path()).await;
            assert!(!erased && seen.2, "{held:?} {when}: it is not stopped");
            assert_eq!(seen.1, whole.1, "{held:?} {when}");
        }
        run(folder.path(), file, "DROP TRIGGER stop").await;
        assert_eq!(erase(folder.path()).await, (true, whole), "{held:?} {when}");
    }
}

/// Somebody who reads a file until they are dropped.
async fn reads(folder: &Path, file: &str) -> SqliteConnection {
    let mut reader = SqliteConnection::connect(folder.join(file).to_str().unwrap()).await.unwrap();
    sqlx::raw_sql("BEGIN; SELECT count(*) FROM sqlite_master").execute(&mut reader).await.unwrap();
    reader
}

fn journal(folder: &Path, file: &str) -> Vec<u8> {
    std::fs::read(folder.join(format!("{file}-wal"))).unwrap_or_default()
}

#[tokio::test]
async fn whoever_reads_for_long_holds_up_an_erasure_and_nobody_else() {
    /// Far more than it takes, and less than a writer waits for a file.
    const SOON: Duration = Duration::from_secs(20);
    const MAIN: &str = "main.db";
    for file in ["open-2026-11.db", MAIN] {
        let folder = filled(Held::Blocks).await;
        let store = open(folder.path()).await;
        let names = store.person(&job(), &login("_ada")).await.unwrap();
        let reader = reads(folder.path(), file).await;
        let (job, started) = (job(), Instant::now());
        let (erased, ()) = tokio::join!(store.erase_person(&job, names.key.unwrap()), async {
            for _ in 0..20 {
                store.set_tracked(&[login("_room")]).await.unwrap();
            }
        });
        assert!(matches!(erased, Err(StoreError::JournalHeld { .. })), "{erased:?}");
        assert!(started.elapsed() < SOON, "{:?}", started.elapsed());
        reader.close().await.unwrap();
        // Done again it is done.
        store.erase_person(&job, names.key.unwrap()).await.unwrap();
        assert_eq!((journal(folder.path(), MAIN).len(), journal(folder.path(), "open-2026-11.db").len()), (0, 0));
    }
}

#[tokio::test]
async fn what_a_job_said_of_somebody_leaves_the_journal_once_nobody_reads_it() {
    const MAIN: &str = "main.db";
    let folder = filled(Held::Blocks).await;
    let store = open(folder.path()).await;
    let names = store.person(&job(), &login("_ada")).await.unwrap();
    store.erase_person(&job(), names.key.unwrap()).await.unwrap();
    let id = store.ask_erase(&names, false, 5).await.unwrap();
    let held = |folder: &Path| journal(folder, MAIN).windows(4).any(|text| text == b"_ada");
    let reader = reads(folder.path(), MAIN).await;
    store.advance_erase(&job(), id, JobState::Done, 6, None).await.unwrap();
    assert!(held(folder.path()));
    reader.close().await.unwrap();
    store.set_tracked(&[login("_room")]).await.unwrap();
    assert!(!held(folder.path()));
    // Nor does what a process leaves that is killed, once another one writes.
    let id = store.ask_erase(&names, false, 7).await.unwrap();
    let reader = reads(folder.path(), MAIN).await;
    store.advance_erase(&job(), id, JobState::Done, 8, None).await.unwrap();
    store.close().await;
    drop(store);
    assert!(held(folder.path()));
    let store = open(folder.path()).await;
    reader.close().await.unwrap();
    store.set_tracked(&[login("_hall")]).await.unwrap();
    assert!(!held(folder.path()));
}
