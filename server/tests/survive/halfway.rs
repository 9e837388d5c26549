//! A backup and a restore of Postgres that are stopped half-way: they wait for somebody who holds a table, and so are known to
//! be there.

use std::fs;
use std::process::Child;

use model::words::Origin;
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use store::access::{Job, JobKey};
use store::dump::ViewerDump;
use store::error::StoreError;
use store::{AnyStore, Store as _};

use crate::SETTINGS;
use crate::cluster::Cluster;
use crate::lost::{TERMINATE, until};
use crate::place::{Crowd, Done, Place, everybody};

/// Connections to a database that wait for a lock.
const WAITING: &str = "SELECT count(*) FROM pg_stat_activity WHERE datname = $1 AND wait_event_type = 'Lock'";

/// A place with two days of a month that is closed.
async fn filled(cluster: &Cluster) -> Place {
    let mut place = Place::new(Some(cluster), Crowd::Few).await;
    for day in ["2025-03-01", "2025-03-02"] {
        place.finish(&["import", "--day", day]);
    }
    let store = AnyStore::open(place.store(), Some(Origin::Simulated)).await.unwrap();
    store.close_month(&JobKey::grant(Job::Retention), "2025-03".parse().unwrap()).await.unwrap();
    store.close().await;
    place.restores = true;
    place.twin(Some(cluster), None).await
}

/// Starts the program, and waits until it waits for whoever did this in the database.
async fn held(cluster: &Cluster, place: &Place, words: &[&str], database: &str, holds: &str) -> (PgConnection, Child) {
    let mut holder = PgConnection::connect(&cluster.url(database)).await.unwrap();
    sqlx::raw_sql(AssertSqlSafe(format!("BEGIN; {holds}"))).execute(&mut holder).await.unwrap();
    let run = place.start(words);
    let mut admin = PgConnection::connect(&cluster.url("postgres")).await.unwrap();
    until("it gets to the table that is held", async || {
        sqlx::query_scalar::<_, i64>(WAITING).bind(database).fetch_one(&mut admin).await.unwrap() == 1
    })
    .await;
    admin.close().await.unwrap();
    (holder, run)
}

/// Closes every connection but that of who holds the table, whom the program would not wait for any more: on a busy machine
/// it could be done before its own is closed. What the program said at its end.
async fn strike(cluster: &Cluster, mut holder: PgConnection, run: Child) -> Done {
    let held_by: i32 = sqlx::query_scalar("SELECT pg_backend_pid()").fetch_one(&mut holder).await.unwrap();
    let mut admin = PgConnection::connect(&cluster.url("postgres")).await.unwrap();
    let others = AssertSqlSafe(format!("{TERMINATE} AND pid <> {held_by}"));
    sqlx::query(others).execute(&mut admin).await.unwrap();
    admin.close().await.unwrap();
    let done = Done::of(&run.wait_with_output().unwrap());
    holder.close().await.unwrap();
    done
}

/// Folders beside the archive that hold a backup, or were to.
fn backups(place: &Place) -> Vec<String> {
    let names = fs::read_dir(place.path()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.filter(|name| name.contains("backup")).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_that_stops_half_way_is_none() {
    let cluster = Cluster::start(SETTINGS);
    let place = filled(&cluster).await;
    let (words, holds) = (["store", "backup", "backup"], "LOCK TABLE person IN ACCESS EXCLUSIVE MODE");

    let (holder, run) = held(&cluster, &place, &words, place.database(), holds).await;
    let [unfinished] = &backups(&place)[..] else { panic!("{:?}", backups(&place)) };
    assert!(fs::read_dir(place.path().join(unfinished)).unwrap().count() > 1, "nothing is copied yet");
    let done = strike(&cluster, holder, run).await;
    assert!(done.code == Some(1) && done.told.contains("do it again once it does"), "{}", done.told);
    assert_eq!(backups(&place), [""; 0]);

    // Killed, it cannot clean up: what stays is no backup.
    let (holder, mut run) = held(&cluster, &place, &words, place.database(), holds).await;
    run.kill().unwrap();
    run.wait().unwrap();
    holder.close().await.unwrap();
    let [unfinished] = &backups(&place)[..] else { panic!("{:?}", backups(&place)) };
    let store = place.restored_store();
    let refused = place.start(&["store", "restore", unfinished, "--store", &store]).wait_with_output().unwrap();
    let refused = Done::of(&refused);
    assert!(refused.code == Some(1) && refused.told.contains("is no backup"), "{}", refused.told);
    assert!(matches!(AnyStore::open(&store, None).await, Err(StoreError::Absent { .. })));

    place.finish(&words);
    place.finish(&["store", "restore", "backup", "--store", &store]);
    assert_eq!(held_in(&store).await, held_in(place.store()).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_restore_that_stops_half_way_leaves_nothing() {
    let cluster = Cluster::start(SETTINGS);
    let place = filled(&cluster).await;
    place.finish(&["store", "backup", "backup"]);
    let store = place.restored_store();
    let words = ["store", "restore", "backup", "--store", &store];
    // Whoever makes a table of the same name waits for whether it comes to be. That of a month is filled last.
    let holds = "CREATE TABLE viewer_month_2025_03 ()";
    let (holder, run) = held(&cluster, &place, &words, &place.restored_database(), holds).await;
    let done = strike(&cluster, holder, run).await;
    assert!(done.code == Some(1) && done.told.contains("do it again once it does"), "{}", done.told);
    assert!(matches!(AnyStore::open(&store, None).await, Err(StoreError::Absent { .. })));
    place.finish(&words);
    assert_eq!(held_in(&store).await, held_in(place.store()).await);
}

/// Everybody by day.
async fn held_in(store: &str) -> Vec<Vec<ViewerDump>> {
    let store = AnyStore::open(store, None).await.unwrap();
    let held = everybody(&store).await;
    store.close().await;
    held
}
