//! Somebody removed, in every tier; everybody else as they were.

use std::time::Duration;

use model::hours::month_in_hours;
use model::identity::{GameKey, TwitchId};
use sqlx::{Connection, PgConnection};
use store::error::StoreError;
use store::jobs::{JobState, PersonNames};
use store::month::Game;
use store::{AnyStore, Store};

use crate::fixtures::{by_id, by_login, day, days, import, job, key, known_days, login, stays};
use crate::subject::{Maker, Subject};
use crate::upkeep::crowd;
use crate::withdrawals::until_waiting;

async fn filled(s: &Subject) {
    for n in [0, 3, 14] {
        let people = [
            by_id(if n == 0 { "_ada_old" } else { "_ada" }, 42, &[("_room", 0, 9), ("_hall", 20, 22)]),
            by_login("_bo", &[("_hall", 3, 9)]),
            by_login("_cy", &[("_room", 4, 9)]),
        ];
        import(&s.store, day(n), &people).await;
    }
}

pub(crate) async fn nothing_of_a_person_is_left_in_any_tier(s: Subject) {
    let month = day(0).month();
    for step in 0..4 {
        filled(&s).await;
        if step > 0 {
            s.store.close_month(&job(), month).await.unwrap();
        }
        if step > 1 {
            s.store.drop_open(&job(), month).await.unwrap();
        }
        if step > 2 {
            s.store.age_month(&job(), month, |days| month_in_hours(days, |_, _| None)).await.unwrap();
        }
        let others = (stays(&s.store, "_bo").await, days(&s.store, "_cy").await);
        let before = s.store.days().await.unwrap();
        let names = s.store.person(&job(), &login("_ada_old")).await.unwrap();
        assert_eq!(Vec::from_iter(names.all_logins()), [&login("_ada"), &login("_ada_old")]);
        assert_eq!(names.id.unwrap().get(), 42);
        let who = key(&s.store, "_ada").await.unwrap();
        let person = names.key.unwrap();

        let erased = s.store.erase_person(&job(), person).await.unwrap();
        assert_eq!(erased.days, 3, "step {step}");
        assert!(erased.rows >= 4);
        assert_eq!(known_days(&s.store, &who).await, []);
        assert_eq!(s.store.viewer_days(&who, day(-9), day(99)).await.unwrap(), []);
        assert_eq!(s.store.viewer_hours(&who, day(-9), day(99)).await.unwrap(), []);
        assert_eq!(s.store.person_days(&job(), person).await.unwrap(), []);
        let unknown = PersonNames::of_login(login("_ada"));
        assert_eq!(s.store.person(&job(), &login("_ada")).await.unwrap(), unknown);
        assert_eq!((stays(&s.store, "_bo").await, days(&s.store, "_cy").await), others);
        let after = s.store.days().await.unwrap();
        for (before, after) in before.iter().zip(&after) {
            // Eleven slots listed; the first of each channel spoken.
            assert_eq!(after.stats.viewers + 1, before.stats.viewers);
            assert_eq!(after.stats.observations + 13, before.stats.observations);
        }
        let again = s.store.erase_person(&job(), person).await.unwrap();
        assert_eq!((again.days, again.rows), (0, 0));
        assert_eq!(s.store.days().await.unwrap(), after);
        if step == 3 {
            break;
        }
    }
}

pub(crate) async fn folders_of_exports_are_remembered(s: Subject) {
    assert_eq!(s.store.export_folders().await.unwrap(), [""; 0]);
    for (folder, now) in [("/exports/b", 5), ("/exports/É a", 6), ("/exports/b", 7)] {
        s.store.note_export(folder, now).await.unwrap();
    }
    let s = s.reopened().await;
    assert_eq!(s.store.export_folders().await.unwrap(), ["/exports/b", "/exports/É a"]);
    assert!(s.store.forget_export("/exports/É a").await.unwrap());
    assert!(!s.store.forget_export("/exports/É a").await.unwrap() && !s.store.forget_export("/exports").await.unwrap());
    let s = s.reopened().await;
    assert_eq!(s.store.export_folders().await.unwrap(), ["/exports/b"]);
}

pub(crate) async fn an_erasure_is_remembered_until_it_is_done(s: Subject) {
    filled(&s).await;
    let names = s.store.person(&job(), &login("_ada")).await.unwrap();
    let (first, second) =
        (s.store.ask_erase(&names, true, 5).await.unwrap(), s.store.ask_erase(&names, false, 6).await.unwrap());
    assert_eq!((first, second), (1, 2));
    s.store.advance_erase(&job(), first, JobState::Archived, 7, Some("{\"objects\":3}")).await.unwrap();
    let known = PersonNames { id: TwitchId::new(ID), ..names.clone() };
    s.store.learn_erase(&job(), second, &known).await.unwrap();
    let s = s.reopened().await;
    let jobs = s.store.erase_jobs(&job()).await.unwrap();
    assert_eq!((jobs[0].state, jobs[0].asked_at, jobs[0].done_at), (JobState::Archived, 5, None));
    // Whoever goes on with them knows how.
    assert_eq!((jobs[0].thorough, jobs[1].thorough), (true, false));
    assert_eq!((jobs[0].subject.as_ref(), jobs[1].subject.as_ref()), (Some(&names), Some(&known)));
    assert_eq!(jobs[0].receipt.as_deref(), Some("{\"objects\":3}"));
    s.store.advance_erase(&job(), first, JobState::Done, 8, Some("{}")).await.unwrap();
    let jobs = s.store.erase_jobs(&job()).await.unwrap();
    assert_eq!((jobs[0].state, jobs[0].done_at, jobs[0].subject.clone()), (JobState::Done, Some(8), None));
    assert_eq!(jobs[1].state, JobState::Asked);
}

pub(crate) async fn an_erased_persons_key_is_never_given_again(s: Subject) {
    let stay = &[("_room", 0, 9)];
    import(&s.store, day(0), &[by_login("_ada", stay), by_id("_last", 42, stay)]).await;
    let names = s.store.person(&job(), &login("_last")).await.unwrap();
    let last = names.key.unwrap();
    s.store.ask_erase(&names, false, 5).await.unwrap();
    s.store.erase_person(&job(), last).await.unwrap();
    // Stopped before its end: the job goes on after newcomers came, of either kind of row.
    let mut s = s.reopened().await;
    for (n, newcomer) in [by_login("_new", stay), by_id("_new_too", 43, stay)].into_iter().enumerate() {
        import(&s.store, day(1 + n as i32), &[newcomer]).await;
        s = s.reopened().await;
    }
    let mut keys = Vec::new();
    for name in ["_ada", "_new", "_new_too"] {
        keys.push(s.store.person(&job(), &login(name)).await.unwrap().key.unwrap());
    }
    keys.dedup();
    assert!(keys.len() == 3 && !keys.contains(&last), "{keys:?} after {last:?}");
    let again = s.store.erase_person(&job(), last).await.unwrap();
    assert_eq!((again.days, again.rows), (0, 0));
    assert_eq!((days(&s.store, "_new").await, days(&s.store, "_new_too").await), (vec![day(1)], vec![day(2)]));
}

/// An id like no other number, and its bytes as either database writes them.
const ID: u64 = 0x6b1f_3c5d_2e4f_6071;

/// The files that still hold the name of `_ada` or her id.
async fn left(s: &Subject) -> Vec<String> {
    let mut left = s.files_with(b"_ada").await;
    for bytes in [ID.to_be_bytes(), ID.to_le_bytes()] {
        left.extend(s.files_with(&bytes).await);
    }
    left
}

/// Ada among so many that a vacuum would find too little of her to go through the indexes.
async fn in_a_crowd(s: &Subject) {
    let mut people = crowd(30_000);
    people.push(by_id("_ada", ID, &[("_room", 0, 9)]));
    import(&s.store, day(0), &people).await;
}

pub(crate) async fn what_was_erased_leaves_the_files(s: Subject) {
    in_a_crowd(&s).await;
    let names = s.store.person(&job(), &login("_ada")).await.unwrap();
    let id = s.store.ask_erase(&names, false, 5).await.unwrap();
    if matches!(s.maker, Maker::Postgres(_)) {
        // As the server does by itself, once enough has changed. Hers is the first login of all: a bound.
        s.execute("ANALYZE").await;
        assert!(s.planners_notes().await.contains("_ada"));
    }
    assert!(!left(&s).await.is_empty());
    s.store.erase_person(&job(), names.key.unwrap()).await.unwrap();
    s.store.advance_erase(&job(), id, JobState::Done, 6, None).await.unwrap();
    assert_eq!(left(&s).await, [""; 0]);
    assert!(!s.planners_notes().await.contains("_ada"));
}

pub(crate) async fn an_erasure_is_not_told_as_done_while_somebody_reads_as_of_before(s: Subject) {
    in_a_crowd(&s).await;
    let person = s.store.person(&job(), &login("_ada")).await.unwrap().key.unwrap();
    let reader = s.long_reader().await;
    let held = s.store.erase_person(&job(), person).await;
    match s.maker {
        Maker::Sqlite => assert!(matches!(held, Err(StoreError::JournalHeld { .. })), "{held:?}"),
        Maker::Postgres(_) => {
            assert!(matches!(held, Err(StoreError::RowsHeld { .. })), "{held:?}");
            // Nobody else sees them.
            assert_eq!(s.store.person(&job(), &login("_ada")).await.unwrap().key, None);
        }
    }
    assert!(!left(&s).await.is_empty());
    drop(reader);
    // The next run goes on.
    s.store.erase_person(&job(), person).await.unwrap();
    assert_eq!(left(&s).await, [""; 0]);
}

pub(crate) async fn an_erasure_that_is_done_stays_done(s: Subject) {
    let names = PersonNames::of_login(login("_ada"));
    let id = s.store.ask_erase(&names, false, 5).await.unwrap();
    s.store.advance_erase(&job(), id, JobState::Done, 8, Some("{}")).await.unwrap();
    // Whoever does it too, and comes later.
    s.store.learn_erase(&job(), id, &names).await.unwrap();
    assert_eq!(s.store.erase_jobs(&job()).await.unwrap()[0].subject, None);
    for (state, now) in [(JobState::Archived, 9), (JobState::Done, 10)] {
        s.store.advance_erase(&job(), id, state, now, Some("{\"objects\":3}")).await.unwrap();
        let jobs = s.store.erase_jobs(&job()).await.unwrap();
        assert_eq!((jobs[0].state, jobs[0].done_at, jobs[0].receipt.as_deref()), (JobState::Done, Some(8), Some("{}")));
    }
}

pub(crate) async fn nobody_waits_for_an_erasure_that_waits_for_what_was_left(s: Subject) {
    if matches!(s.maker, Maker::Sqlite) {
        return;
    }
    filled(&s).await;
    let person = s.store.person(&job(), &login("_ada")).await.unwrap().key.unwrap();
    // What a killed run left, and a pg_dump that reads it.
    s.execute("CREATE TABLE viewer_month_2026_01_new (LIKE viewer_month INCLUDING ALL)").await;
    let mut dump = PgConnection::connect(&s.url).await.unwrap();
    sqlx::raw_sql("BEGIN; LOCK TABLE viewer_month_2026_01_new IN ACCESS SHARE MODE").execute(&mut dump).await.unwrap();
    let (job, games) = (job(), [Game { id: "1".into(), name: "Chess".into() }]);
    let (erased, keys) = tokio::join!(s.store.erase_person(&job, person), async {
        until_waiting(&s, "relation").await;
        // Whoever gives keys waits for whoever changes the store.
        tokio::time::timeout(Duration::from_secs(5), s.store.game_keys(&job, &games)).await
    });
    assert_eq!(keys.expect("it is not kept waiting").unwrap(), [GameKey(0)]);
    assert!(matches!(erased, Err(StoreError::Occupied { .. })), "{erased:?}");
    dump.close().await.unwrap();
    s.store.erase_person(&job, person).await.unwrap();
    assert!(!s.rows().await.contains_key("viewer_month_2026_01_new"));
}

pub(crate) async fn one_process_at_a_time_goes_on_with_erasures(s: Subject) {
    let held = s.store.hold_erasures(&job()).await.unwrap();
    assert!(held.is_some());
    if matches!(s.maker, Maker::Postgres(_)) {
        let other = AnyStore::open(&s.url, None).await.unwrap();
        assert!(other.hold_erasures(&job()).await.unwrap().is_none());
        drop(held);
        // The server notices by and by that the connection is gone.
        while other.hold_erasures(&job()).await.unwrap().is_none() {
            tokio::task::yield_now().await;
        }
    }
}
