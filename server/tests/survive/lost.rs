//! Postgres goes away: connections are closed by an administrator, or the server crashes.

use std::process::Child;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use archive::Archive;
use collector::clock::Clock;
use importer::crowd::file::CrowdFile;
use importer::retention::Retention;
use model::day::Day;
use model::words::{Origin, Tier};
use server::crowd::CrowdKeeper;
use server::imports::{ImportRules, Imports};
use server::report::chain;
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use store::{AnyStore, Store as _};
use tokio_util::sync::CancellationToken;
use tracing::instrument::WithSubscriber as _;

use crate::cases::{Case, Prepared};
use crate::cluster::Cluster;
use crate::place::{Crowd, Done, Place};
use crate::{SETTINGS, chance};

/// Runs that are struck, of each case in each way.
const STRUCK: u32 = 1;
const SOAK_STRUCK: u32 = 40;
/// A blow may come when a run has done its last: that many times it is tried again.
const TRIES: u32 = 10;

/// Closes all connections but the one that asks; how many.
pub(crate) const TERMINATE: &str = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()";

/// So many connections are closed. More would only make a run wait for one that lasts.
const CONNECTIONS: i64 = 4;

/// What is waited for comes within a second or so, on a slow machine too.
const PATIENCE: Duration = Duration::from_secs(60);
/// Between two looks at whether it has come.
const LOOK: Duration = Duration::from_millis(10);

const CASES: [Case; 7] =
    [Case::Import, Case::ImportAgain, Case::Retain, Case::Forget, Case::Erase, Case::Backup, Case::Restore];

/// How the connection is lost.
#[derive(Clone, Copy, Debug)]
enum Blow {
    Terminate,
    Crash,
}

impl Blow {
    /// Strikes, and waits until the run has ended.
    async fn strike(self, cluster: &mut Cluster, mut run: Child) -> Done {
        match self {
            Blow::Terminate => {
                let mut admin = PgConnection::connect(&cluster.url("postgres")).await.unwrap();
                // One that is between two statements is replaced by another.
                let mut left = CONNECTIONS;
                while left > 0 && run.try_wait().unwrap().is_none() {
                    left -= sqlx::query_scalar::<_, i64>(TERMINATE).fetch_one(&mut admin).await.unwrap();
                }
                admin.close().await.unwrap();
            }
            Blow::Crash => cluster.crash(),
        }
        let done = Done::of(&run.wait_with_output().unwrap());
        if matches!(self, Blow::Crash) {
            cluster.restart();
        }
        done
    }
}

async fn rounds(prepared: &Prepared, blow: Blow, cluster: &mut Cluster, count: u32) {
    let case = prepared.case;
    let (mut struck, mut round) = (0, 0);
    while struck < count {
        assert!(round < count * TRIES, "{case:?}, {blow:?}: only {struck} runs were struck");
        round += 1;
        let mut seed = u64::from(round);
        let place = prepared.place(Some(cluster), None).await;
        let when: Duration = prepared.usual.mul_f64(chance(&mut seed));
        let run = place.start(&prepared.words(&place));
        // The time is what is tried: nothing is waited for.
        tokio::time::sleep(when).await;
        let done = blow.strike(cluster, run).await;
        let how = format!("{case:?}, round {round}: {blow:?} after {when:?}, which said {:?},", done.told);
        if done.code == Some(0) {
            assert!(place.seen().await == prepared.after, "{how}");
            continue;
        }
        struck += 1;
        assert!(done.code == Some(1) && !done.told.contains("panicked"), "{how}");
        // The last line, or a comparison with the archive that could not be made.
        let told = ["Postgres database kill_", "do it again once it does"];
        assert!(told.iter().all(|text| done.told.contains(text)), "{how}");
        prepared.resumes(&place, &how).await;
    }
}

async fn all(count: u32) {
    let mut cluster = Cluster::start(SETTINGS);
    for case in CASES {
        let prepared = Prepared::new(case, Some(&cluster), Crowd::Few).await;
        for blow in [Blow::Terminate, Blow::Crash] {
            rounds(&prepared, blow, &mut cluster, count).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lost_connection_is_told_and_harms_nothing() {
    all(STRUCK).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "soak: some minutes"]
async fn soak_many_lost_connections() {
    all(SOAK_STRUCK).await;
}

/// What serves has the store open for months: it goes on once the database is there again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nightly_imports_heal_when_postgres_is_there_again() {
    let mut cluster = Cluster::start(SETTINGS);
    let place = Place::new(Some(&cluster), Crowd::Few).await;
    let archive = Archive::open(&place.path().join("archive").display().to_string()).await.unwrap();
    let store = Arc::new(AnyStore::open(place.store(), Some(Origin::Simulated)).await.unwrap());
    // After both days, before they are too old.
    let now = "2025-03-04".parse::<Day>().unwrap().start_unix();
    let imports = Imports {
        archive,
        spool: None,
        store: Arc::clone(&store),
        clock: Clock::virtual_from(now * 1_000, 1.0),
        zone: "UTC".to_owned(),
        rules: ImportRules::default(),
        retention: Retention::default(),
        crowd: CrowdKeeper::new(CrowdFile::new(place.path().join("crowd-index")), Arc::clone(&store), "UTC"),
    };
    cluster.crash();
    for failure in imports.catch_up().await.unwrap_err() {
        let told = chain(&*failure);
        assert!(told.contains("do it again once it does"), "{told}");
    }
    cluster.restart();
    imports.catch_up().await.unwrap();
    imports.catch_up().await.unwrap();
    assert_eq!(place.seen().await.people.len(), 2);
}

/// What retention says, as an operator reads it.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl std::io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Waits for what has to come; what is wrong shows when it does not.
pub(crate) async fn until(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let start = Instant::now();
    while !holds().await {
        assert!(start.elapsed() < PATIENCE, "{what}");
        tokio::time::sleep(LOOK).await;
    }
}

/// No day is left to import, so that no import brings it: it is due at the start, and again until it is done.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn retention_is_done_at_the_start_and_heals() {
    let cluster = Cluster::start(SETTINGS);
    let place = Place::new(Some(&cluster), Crowd::Few).await;
    for day in ["2025-03-01", "2025-03-02"] {
        place.finish(&["import", "--day", day]);
    }
    let archive = Archive::open(&place.path().join("archive").display().to_string()).await.unwrap();
    let store = Arc::new(AnyStore::open(place.store(), Some(Origin::Simulated)).await.unwrap());
    // When the month is over, and not yet to be coarser; after the night's job, so that the next one is longer away than
    // anything is waited for. Minutes pass in tenths of seconds.
    let now = "2025-04-20".parse::<Day>().unwrap().start_unix() + 3 * 3_600;
    let imports = Imports {
        archive,
        spool: None,
        store: Arc::clone(&store),
        clock: Clock::virtual_from(now * 1_000, 600.0),
        zone: "UTC".to_owned(),
        rules: ImportRules::default(),
        retention: Retention::default(),
        crowd: CrowdKeeper::new(CrowdFile::new(place.path().join("crowd-index")), Arc::clone(&store), "UTC"),
    };
    let mut admin = PgConnection::connect(&cluster.url("postgres")).await.unwrap();
    let name = place.database();
    let closed = format!("ALTER DATABASE {name} ALLOW_CONNECTIONS false; {TERMINATE}");
    sqlx::raw_sql(AssertSqlSafe(closed)).execute(&mut admin).await.unwrap();
    let (cancel, log) = (CancellationToken::new(), Log::default());
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt().with_writer(move || writer.clone()).finish();
    let run = tokio::spawn(imports.run(cancel.clone()).with_subscriber(subscriber));
    until("retention is due at the start", async || log.text().contains("it is tried again")).await;
    assert!(log.text().contains(&format!("Postgres database {name}")), "{}", log.text());
    sqlx::raw_sql(AssertSqlSafe(format!("ALTER DATABASE {name} ALLOW_CONNECTIONS true")))
        .execute(&mut admin)
        .await
        .unwrap();
    until("it is tried again", async || store.months().await.unwrap()[0].closed == Some(Tier::Slots)).await;
    cancel.cancel();
    run.await.unwrap();
}
