//! Opt-outs and erasures beside imports and retention: nobody comes back with what was read before.

use std::sync::Mutex;
use std::sync::mpsc;

use model::hours::month_in_hours;
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use store::channel::ChannelIdentity;
use store::error::StoreError;
use store::suppression::{Secret, suppress};
use store::{AnyStore, Store};

use crate::fixtures::{Person, by_login, day, days, import, job, key, known_days, login, prepared};
use crate::subject::{Maker, Subject};

fn people() -> [Person; 2] {
    [by_login("_ada", &[("_room", 0, 9)]), by_login("_bo", &[("_hall", 3, 9)])]
}

fn secret() -> Secret {
    Secret::new(b"0123456789abcdef").unwrap()
}

pub(crate) async fn a_day_read_before_an_opt_out_is_refused(s: Subject) {
    let before = prepared(&s.store, day(0), &people(), 1).await;
    suppress(&s.store, &job(), &secret(), &["_ada"], &[], 7).await.unwrap();
    let refused = s.store.import_day(&job(), before).await;
    assert!(matches!(refused, Err(StoreError::Busy)), "{refused:?}");
    // Not even a name.
    assert_eq!(s.store.days().await.unwrap(), []);
    assert_eq!(s.store.person(&job(), &login("_ada")).await.unwrap().key, None);
    // Opting out again changes nothing that an import would have to heed.
    let after = prepared(&s.store, day(0), &people()[1..], 1).await;
    suppress(&s.store, &job(), &secret(), &["_ada"], &[], 8).await.unwrap();
    s.store.import_day(&job(), after).await.unwrap();

    let before = prepared(&s.store, day(1), &people()[1..], 1).await;
    let bo = s.store.person(&job(), &login("_bo")).await.unwrap().key.unwrap();
    s.store.erase_person(&job(), bo).await.unwrap();
    let refused = s.store.import_day(&job(), before).await;
    assert!(matches!(refused, Err(StoreError::Busy)), "{refused:?}");
    let s = s.reopened().await;
    assert_eq!(s.store.person(&job(), &login("_bo")).await.unwrap().key, None);
    assert_eq!(s.store.days().await.unwrap().len(), 1);
}

pub(crate) async fn a_month_made_coarser_beside_an_erasure_has_nobody_back(s: Subject) {
    import(&s.store, day(0), &people()).await;
    let (job, month) = (job(), day(0).month());
    s.store.close_month(&job, month).await.unwrap();
    let ada = key(&s.store, "_ada").await.unwrap();
    let person = s.store.person(&job, &login("_ada")).await.unwrap().key.unwrap();
    let (begin, mut begun) = tokio::sync::mpsc::unbounded_channel();
    let (go_on, erased) = mpsc::channel::<()>();
    let erased = Mutex::new(erased);
    // It holds Ada's row when the erasure begins, and goes on when that has ended.
    let age = s.store.age_month(&job, month, move |days| {
        begin.send(()).unwrap();
        let _ = erased.lock().unwrap().recv();
        month_in_hours(days, |_, _| None)
    });
    let erase = async {
        begun.recv().await.unwrap();
        // Of Postgres another process could do it.
        let other = match &s.maker {
            Maker::Sqlite => None,
            Maker::Postgres(_) => Some(AnyStore::open(&s.url, None).await.unwrap()),
        };
        let erased = other.as_ref().unwrap_or(&s.store).erase_person(&job, person).await;
        drop(go_on);
        erased
    };
    let (aged, erased) = tokio::join!(age, erase);
    match s.maker {
        Maker::Sqlite => assert_eq!(erased.unwrap().days, 1),
        // Whoever reads the month as of before the erasure keeps her rows in the files.
        Maker::Postgres(_) => assert!(matches!(erased, Err(StoreError::RowsHeld { .. })), "{erased:?}"),
    }
    assert!(matches!(aged, Err(StoreError::Busy)), "{aged:?}");
    s.store.erase_person(&job, person).await.unwrap();
    assert_eq!(known_days(&s.store, &ada).await, []);
    s.store.age_month(&job, month, |days| month_in_hours(days, |_, _| None)).await.unwrap();
    assert_eq!(known_days(&s.store, &ada).await, []);
    assert_eq!(known_days(&s.store, &key(&s.store, "_bo").await.unwrap()).await, [day(0)]);
}

/// Locks a table until it is dropped.
async fn holding(s: &Subject, table: &str) -> PgConnection {
    let mut holder = PgConnection::connect(&s.url).await.unwrap();
    let sql = format!("BEGIN; LOCK TABLE {table} IN SHARE MODE");
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut holder).await.unwrap();
    holder
}

/// Returns once somebody waits for a lock of this kind.
pub(crate) async fn until_waiting(s: &Subject, kind: &str) {
    let mut admin = PgConnection::connect(&s.url).await.unwrap();
    // Of some locks `pg_locks` does not say in which database they are.
    let sql = "SELECT EXISTS (SELECT 1 FROM pg_locks JOIN pg_stat_activity USING (pid) WHERE NOT granted AND locktype = $1 \
         AND datname = current_database())";
    while !sqlx::query_scalar::<_, bool>(sql).bind(kind).fetch_one(&mut admin).await.unwrap() {
        tokio::task::yield_now().await;
    }
}

pub(crate) async fn a_month_closed_beside_an_erasure_has_nobody_back(s: Subject) {
    if matches!(s.maker, Maker::Sqlite) {
        // One process has the folder, and none of its steps can be held from outside.
        return;
    }
    import(&s.store, day(0), &people()).await;
    let (job, month) = (job(), day(0).month());
    let person = s.store.person(&job, &login("_ada")).await.unwrap().key.unwrap();
    // What a killed run left.
    s.execute("CREATE TABLE viewer_month_2026_01_new (LIKE viewer_month INCLUDING ALL)").await;
    s.execute("INSERT INTO viewer_month_2026_01_new VALUES (20454, 0, '')").await;
    let other = AnyStore::open(&s.url, None).await.unwrap();
    // The erasure has taken Ada out of the blocks, and has not committed.
    let holder = holding(&s, "person").await;
    let close = async {
        until_waiting(&s, "relation").await;
        let release = async {
            // The month is made, with Ada, and waits to be put in its place.
            until_waiting(&s, "advisory").await;
            holder.close().await.unwrap();
        };
        tokio::join!(other.close_month(&job, month), release).0
    };
    let (erased, closed) = tokio::join!(s.store.erase_person(&job, person), close);
    assert_eq!(erased.unwrap().days, 1);
    assert!(matches!(closed, Err(StoreError::Busy)), "{closed:?}");
    let aside: Vec<String> = s.rows().await.into_keys().filter(|table| table.ends_with("_new")).collect();
    assert_eq!(aside, [""; 0]);
    other.close_month(&job, month).await.unwrap();
    assert_eq!(s.store.person_days(&job, person).await.unwrap(), []);
    assert_eq!(days(&s.store, "_bo").await, [day(0)]);
}

pub(crate) async fn an_opt_out_in_the_middle_of_an_import_is_heeded(s: Subject) {
    if matches!(s.maker, Maker::Sqlite) {
        return;
    }
    let import = prepared(&s.store, day(0), &people(), 1).await;
    let other = AnyStore::open(&s.url, None).await.unwrap();
    let (job, secret) = (job(), secret());
    let holder = holding(&s, "day_record").await;
    let opt_out = async {
        until_waiting(&s, "relation").await;
        // It does not wait for the import.
        suppress(&other, &job, &secret, &["_ada"], &[], 7).await.unwrap();
        holder.close().await.unwrap();
    };
    let (refused, ()) = tokio::join!(s.store.import_day(&job, import), opt_out);
    assert!(matches!(refused, Err(StoreError::Busy)), "{refused:?}");
    assert_eq!(s.store.person(&job, &login("_ada")).await.unwrap().key, None);
}

pub(crate) async fn an_opt_out_and_an_erasure_of_one_person_do_not_wait_for_each_other(s: Subject) {
    if matches!(s.maker, Maker::Sqlite) {
        // One at a time writes there.
        return;
    }
    import(&s.store, day(0), &people()).await;
    let (job, secret) = (job(), secret());
    suppress(&s.store, &job, &secret, &["_ada"], &[], 7).await.unwrap();
    let person = s.store.person(&job, &login("_ada")).await.unwrap().key.unwrap();
    // Both have to change one row, and their turn comes at the same moment.
    let mut holder = PgConnection::connect(&s.url).await.unwrap();
    sqlx::raw_sql("BEGIN; SELECT * FROM meta FOR UPDATE").execute(&mut holder).await.unwrap();
    let erase = async {
        until_waiting(&s, "transactionid").await;
        s.store.erase_person(&job, person).await
    };
    let release = async {
        until_waiting(&s, "tuple").await;
        holder.close().await.unwrap();
    };
    // As another process does that goes on with the same erasure.
    let opt_out = suppress(&s.store, &job, &secret, &["_ada", "_ada_old"], &[], 8);
    let (opted_out, erased, ()) = tokio::join!(opt_out, erase, release);
    opted_out.unwrap();
    erased.unwrap();
    assert_eq!(s.rows().await["opted_out"], [""; 0]);
}

pub(crate) async fn a_channel_that_opted_out_meanwhile_gets_no_name(s: Subject) {
    let read = s.store.suppressed().await.unwrap().withdrawals;
    let room = [ChannelIdentity { display_name: Some("Room".into()), ..ChannelIdentity::of_login(login("_room")) }];
    suppress(&s.store, &job(), &secret(), &["_room"], &[], 7).await.unwrap();
    let refused = s.store.channel_keys(&job(), day(0), &room, read).await;
    assert!(matches!(refused, Err(StoreError::Busy)), "{refused:?}");
    // Nobody would have marked it: search would find it.
    assert_eq!(s.store.any_channel(&job(), &login("_room")).await.unwrap(), None);
}
