//! A restore killed at any moment, above all while the files of a folder get their names: whoever opens the folder is told,
//! and the same restore again makes all of it.

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use model::channel_day::ChannelDay;
use model::day::Month;
use model::words::Origin;
use store::access::{Job, JobKey};
use store::channel::ChannelIdentity;
use store::day::DayImport;
use store::dump::ViewerDump;
use store::error::StoreError;
use store::rows::{RowBatch, ViewerRows};
use store::upkeep::backup::BackupError;
use store::upkeep::{self, Depth};
use store::{AnyStore, Store};
use tempfile::TempDir;

use crate::cluster::Cluster;
use crate::place::{Done, PROGRAM, database, everybody};
use crate::{SETTINGS, chance};

/// Months of the store, a file each: getting their names takes long enough to be killed meanwhile.
const MONTHS: usize = 40;
/// Of Postgres, whose tables appear all at once.
const POSTGRES_MONTHS: usize = 6;
/// Kills among the names, and at any moment.
const KILLS: u64 = 2;
const SOAK_KILLS: u64 = 15;
/// A kill that comes too late is tried again, so often.
const TRIES: u64 = 30;

/// A backup, and what a store of it holds.
struct Saved {
    folder: TempDir,
    held: Vec<Vec<ViewerDump>>,
    months: Vec<Month>,
}

impl Saved {
    /// A backup of a store with a day of each of so many months.
    async fn new(url: &str, count: usize) -> Saved {
        let (folder, job) = (TempDir::new().unwrap(), JobKey::grant(Job::Import));
        let store = AnyStore::open(url, Some(Origin::Simulated)).await.unwrap();
        let first: Month = "2020-01".parse().unwrap();
        let months: Vec<Month> = std::iter::successors(Some(first), |month| Some(month.next())).take(count).collect();
        for month in &months {
            let day = month.first_day();
            let channel = ChannelIdentity::of_login("_room".parse().unwrap());
            let key = store.channel_keys(&job, day, &[channel], 0).await.unwrap()[0];
            let mut viewers = RowBatch::default();
            viewers.push(b"_ada", None, &[1]).unwrap();
            let channels = vec![(key, ChannelDay::default())];
            let import = DayImport::of(day, channels, ViewerRows::of(&viewers).unwrap());
            store.import_day(&job, import).await.unwrap();
        }
        let held = everybody(&store).await;
        store.close().await;
        upkeep::back_up(&JobKey::grant(Job::Upkeep), url, &folder.path().join("backup"), 0).await.unwrap();
        Saved { folder, held, months }
    }

    fn restore(&self, url: &str) -> Command {
        let mut command = Command::new(PROGRAM);
        command.args(["store", "restore"]).arg(self.folder.path().join("backup")).args(["--store", url]);
        command.env_remove("VIGIE_CONFIG").stdout(Stdio::null()).stderr(Stdio::piped());
        command
    }

    /// Asserts that a restore that was killed is told, or whole, and that another one makes all of it.
    async fn resumes(&self, url: &str, how: &str) {
        match AnyStore::open(url, None).await {
            Ok(store) => {
                assert!(everybody(&store).await == self.held, "{how}: it is not whole");
                store.close().await;
            }
            Err(StoreError::Absent { .. }) => {}
            Err(error) => {
                assert!(
                    matches!(&error, StoreError::Backup(BackupError::Unfinished { .. })),
                    "{how}: its place cannot be opened: {error}"
                );
                // Whoever would make a new store there does not.
                assert!(AnyStore::open(url, Some(Origin::Simulated)).await.is_err(), "{how}");
                assert!(error.to_string().contains("vigie store restore"), "{how}");
            }
        }
        let again = Done::of(&self.restore(url).output().unwrap());
        assert!(again.code == Some(0) || again.told.contains("is not empty"), "{how}, and again: {}", again.told);
        let store = AnyStore::open(url, None).await.unwrap();
        assert!(everybody(&store).await == self.held, "{how}, and again: it is not whole");
        store.close().await;
        let report = upkeep::check(&JobKey::grant(Job::Upkeep), url, Depth::Quick).await.unwrap();
        assert_eq!(report.findings, [], "{how}, and again");
    }
}

/// Kills it; whether it was still running.
fn kill(mut child: Child) -> bool {
    let running = child.try_wait().unwrap().is_none();
    // SIGKILL; or it has ended, and then there is nothing to kill.
    let _ = child.kill();
    child.wait().unwrap();
    running
}

/// How many files have their names.
fn named(folder: &Path) -> usize {
    let names = fs::read_dir(folder).into_iter().flatten().map(|entry| entry.unwrap().path());
    names.filter(|path| path.extension().is_some_and(|extension| extension == "db")).count()
}

/// Killed when this or that file has its name, until enough kills came while others had none.
async fn among_the_names(saved: &Saved, kills: u64) {
    let (mut killed, mut seed) = (0, 1);
    for round in 0.. {
        assert!(round < kills * TRIES, "only {killed} kills came among the names");
        let place = TempDir::new().unwrap();
        let folder = place.path().join("store");
        let url = format!("sqlite:{}", folder.display());
        let month = saved.months[(chance(&mut seed) * 0.8 * MONTHS as f64) as usize];
        let awaited = folder.join(format!("open-{month}.db"));
        let mut restore = saved.restore(&url).spawn().unwrap();
        while !awaited.exists() && restore.try_wait().unwrap().is_none() {}
        kill(restore);
        let named = named(&folder);
        killed += u64::from((1..=MONTHS).contains(&named));
        saved.resumes(&url, &format!("round {round}, killed when {named} files had their names")).await;
        if killed == kills {
            return;
        }
    }
}

/// Killed at any moment of the time that it usually takes.
async fn at_any_moment(saved: &Saved, postgres: Option<&Cluster>, kills: u64) {
    let place = TempDir::new().unwrap();
    let (mut usual, mut seed) = (Duration::ZERO, 1);
    for round in 0..=kills {
        let url = match postgres {
            Some(cluster) => database(cluster, "template0").await,
            None => format!("sqlite:{}", place.path().join(round.to_string()).display()),
        };
        if round == 0 {
            let start = Instant::now();
            assert!(saved.restore(&url).output().unwrap().status.success());
            usual = start.elapsed();
            continue;
        }
        let when = usual.mul_f64(chance(&mut seed));
        let restore = saved.restore(&url).spawn().unwrap();
        // The time is what is tried: nothing is waited for.
        tokio::time::sleep(when).await;
        kill(restore);
        saved.resumes(&url, &format!("round {round}, killed after {when:?}")).await;
    }
}

async fn all(kills: u64) {
    let source = TempDir::new().unwrap();
    let saved = Saved::new(&format!("sqlite:{}", source.path().display()), MONTHS).await;
    among_the_names(&saved, kills).await;
    at_any_moment(&saved, None, kills).await;
    let cluster = Cluster::start(SETTINGS);
    let saved = Saved::new(&database(&cluster, "template0").await, POSTGRES_MONTHS).await;
    at_any_moment(&saved, Some(&cluster), kills).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_restore_is_told_and_done_again() {
    all(KILLS).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "soak: some minutes"]
async fn soak_many_killed_restores() {
    all(SOAK_KILLS).await;
}
