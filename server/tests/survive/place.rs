//! An archive of two old days and a store, in a place of their own.

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use archive::Archive;
use model::day::Day;
use model::hours::ViewerHours;
use model::slot::{SlotTime, Span};
use model::words::{Origin, Tier};
use simulator::world::{Population, World};
use simulator::write::{Follow, write_days};
use sqlx::{Connection, PgConnection};
use store::access::{Job, JobKey, ViewerPages, viewer};
use store::dump::{ViewerDump, dump_day};
use store::error::StoreError;
use store::upkeep::backup::BackupError;
use store::{AnyStore, Store};
use tempfile::TempDir;
use tokio::sync::OnceCell;

use crate::cluster::Cluster;

pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_vigie");

/// A folder with a configuration, and where its store is.
pub(crate) struct Place {
    folder: TempDir,
    store: String,
    /// Somebody who is there on both days.
    pub(crate) login: String,
    /// Whether its copies have an empty database that a backup goes into.
    pub(crate) restores: bool,
}

/// What the store and the archive hold.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Seen {
    /// How fine the month is, once it is closed.
    pub(crate) tier: Option<Tier>,
    /// Everybody by day, where slots are held.
    pub(crate) people: Vec<Vec<ViewerDump>>,
    /// Everybody but the one.
    pub(crate) others: Vec<Vec<ViewerDump>>,
    /// The one by hour, where hours are held.
    pub(crate) hours: Vec<ViewerHours>,
    /// Rows of the archive that name the one.
    pub(crate) named: usize,
    /// Objects with chatters that the archive has.
    pub(crate) objects: usize,
    /// Days of which the archive has anything.
    pub(crate) archived: usize,
    /// Backups, whole or not.
    pub(crate) backups: Vec<String>,
    /// Everybody by day in the store that was restored, once it is there.
    pub(crate) restored: Option<Vec<Vec<ViewerDump>>>,
}

/// How a run is held short.
#[derive(Clone, Copy)]
pub(crate) enum Limit<'a> {
    /// No file may grow beyond so many bytes.
    FileBytes(u64),
    /// Temporary files go into this folder.
    Temporary(&'a Path),
}

/// How a run ended.
pub(crate) struct Done {
    pub(crate) code: Option<i32>,
    /// All that it said of errors.
    pub(crate) told: String,
}

/// Sweeps of a day in the archive: an evening. More would take longer and show nothing else.
const SLOTS: std::ops::Range<u16> = 216..240;

/// The two days that every place has in its archive.
fn days() -> [Day; 2] {
    ["2025-03-01", "2025-03-02"].map(|day| day.parse().unwrap())
}

/// Each Postgres database is for one place.
static DATABASES: AtomicU32 = AtomicU32::new(0);

pub(crate) async fn database(cluster: &Cluster, template: &str) -> String {
    let name = format!("kill_{}", DATABASES.fetch_add(1, Ordering::Relaxed));
    create_database(cluster, &name, template).await;
    cluster.url(&name)
}

async fn create_database(cluster: &Cluster, name: &str, template: &str) {
    let mut admin = PgConnection::connect(&cluster.url("postgres")).await.unwrap();
    let create = format!("CREATE DATABASE {name} TEMPLATE {template}");
    sqlx::query(sqlx::AssertSqlSafe(create)).execute(&mut admin).await.unwrap();
    admin.close().await.unwrap();
}

/// How many people are invented; about a sixth come.
#[derive(Clone, Copy)]
pub(crate) enum Crowd {
    Few = 200,
    /// Too many for the pages that a database has already.
    Many = 20_000,
}

/// The archive that every place begins with: invented once.
async fn source(crowd: Crowd) -> &'static TempDir {
    static FEW: OnceCell<TempDir> = OnceCell::const_new();
    static MANY: OnceCell<TempDir> = OnceCell::const_new();
    let source = match crowd {
        Crowd::Few => &FEW,
        Crowd::Many => &MANY,
    };
    source
        .get_or_init(|| async {
            let folder = tempfile::tempdir().unwrap();
            let archive = Archive::create(&folder.path().display().to_string(), Origin::Simulated).await.unwrap();
            let world = Arc::new(World::new(1, Population { viewers: crowd as u32, channels: 20 }).unwrap());
            for day in days() {
                let span = Span { from: SlotTime::at(day, SLOTS.start), to: SlotTime::at(day, SLOTS.end) };
                write_days(&world, &archive, &Follow::default(), span, |_| {}).await.unwrap();
            }
            folder
        })
        .await
}

/// Everybody by day.
pub(crate) async fn everybody(store: &AnyStore) -> Vec<Vec<ViewerDump>> {
    let job = JobKey::grant(Job::Verification);
    let mut people = Vec::new();
    for record in store.days().await.unwrap() {
        people.push(dump_day(store, &job, record.day).await.unwrap());
    }
    people
}

impl Done {
    pub(crate) fn of(output: &Output) -> Done {
        Done { code: output.status.code(), told: String::from_utf8_lossy(&output.stderr).trim_end().to_owned() }
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(|entry| entry.unwrap()) {
        let (path, to) = (entry.path(), to.join(entry.file_name()));
        if path.is_dir() {
            copy(&path, &to);
        } else {
            fs::copy(&path, &to).unwrap();
        }
    }
}

impl Place {
    /// An archive, and nothing else.
    pub(crate) async fn new(postgres: Option<&Cluster>, crowd: Crowd) -> Place {
        let mut place = Place::empty(postgres, None, "template0").await;
        copy(source(crowd).await.path(), &place.path().join("archive"));
        place.login = place.somebody().await;
        place
    }

    /// A copy, which nobody has open; in this folder, else where temporary files are.
    pub(crate) async fn twin(&self, postgres: Option<&Cluster>, within: Option<&Path>) -> Place {
        let login = self.login.clone();
        let twin = Place { login, restores: self.restores, ..Place::empty(postgres, within, self.database()).await };
        if let (Some(cluster), true) = (postgres, twin.restores) {
            create_database(cluster, &twin.restored_database(), "template0").await;
        }
        for entry in fs::read_dir(self.path()).unwrap().map(|entry| entry.unwrap()) {
            if entry.path().is_dir() {
                copy(&entry.path(), &twin.path().join(entry.file_name()));
            }
        }
        twin
    }

    /// A configuration.
    async fn empty(postgres: Option<&Cluster>, within: Option<&Path>, template: &str) -> Place {
        let folder = match within {
            Some(within) => tempfile::tempdir_in(within).unwrap(),
            None => tempfile::tempdir().unwrap(),
        };
        let store = match postgres {
            None => format!("sqlite:{}", folder.path().join("store").display()),
            Some(cluster) => database(cluster, template).await,
        };
        for (name, hour_days) in [("vigie.toml", 60_000), ("forget.toml", 90)] {
            let config = format!(
                "[archive]\nurl = \"archive\"\norigin = \"simulated\"\n[store]\nurl = \"{store}\"\n[privacy]\nsecret = \"0123456789abcdef\"\n[retention]\nhour_days = {hour_days}\n"
            );
            fs::write(folder.path().join(name), config).unwrap();
        }
        Place { folder, store, login: String::new(), restores: false }
    }

    /// Where a backup is restored to.
    pub(crate) fn restored_store(&self) -> String {
        if self.store.starts_with("sqlite:") {
            return format!("sqlite:{}", self.path().join("restored").display());
        }
        self.store.replacen(self.database(), &self.restored_database(), 1)
    }

    pub(crate) fn restored_database(&self) -> String {
        format!("{}_restored", self.database())
    }

    /// Removes its databases, where there is no room for those of many places.
    pub(crate) async fn drop_databases(&self, cluster: &Cluster) {
        let mut admin = PgConnection::connect(&cluster.url("postgres")).await.unwrap();
        for name in [self.database(), &self.restored_database()] {
            let drop = format!("DROP DATABASE IF EXISTS {name}");
            sqlx::query(sqlx::AssertSqlSafe(drop)).execute(&mut admin).await.unwrap();
        }
        admin.close().await.unwrap();
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Where its store is.
    pub(crate) fn store(&self) -> &str {
        &self.store
    }

    /// The name of its Postgres database.
    pub(crate) fn database(&self) -> &str {
        self.store.split('?').next().and_then(|url| url.rsplit('/').next()).unwrap_or_default()
    }

    /// Whoever is in the archive first on the first day.
    async fn somebody(&self) -> String {
        let archive = self.archive().await;
        let sweeps = archive.sweeps(days()[0]).await.unwrap();
        let at = SlotTime::new(days()[0], sweeps[sweeps.len() / 2]);
        let list = archive.read_chatters(at).await.unwrap();
        list.name(&list.rows()[0]).to_owned()
    }

    async fn archive(&self) -> Archive {
        Archive::open(&self.folder.path().join("archive").display().to_string()).await.unwrap()
    }

    fn command<T: AsRef<str>>(&self, words: &[T]) -> Command {
        let mut command = Command::new(PROGRAM);
        command.args(words.iter().map(AsRef::as_ref)).current_dir(self.folder.path());
        command.stdout(Stdio::null()).stderr(Stdio::piped());
        command
    }

    /// Runs the program to its end.
    pub(crate) fn finish<T: AsRef<str>>(&self, words: &[T]) {
        let output = self.command(words).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    /// Runs the program held short.
    pub(crate) fn run<T: AsRef<str>>(&self, words: &[T], limit: Limit<'_>) -> Done {
        let plain = self.command(words);
        let mut command = match limit {
            Limit::Temporary(folder) => {
                let mut command = plain;
                command.env("TMPDIR", folder);
                command
            }
            Limit::FileBytes(bytes) => {
                // The shell counts by 512 bytes; ignored signals stay ignored in the program.
                let mut command = Command::new("sh");
                command.args([
                    "-c",
                    "trap '' XFSZ; ulimit -f \"$0\"; exec \"$@\"",
                    &(bytes / 512).to_string(),
                    PROGRAM,
                ]);
                command.args(plain.get_args()).current_dir(self.path()).stdout(Stdio::null()).stderr(Stdio::piped());
                command
            }
        };
        Done::of(&command.output().unwrap())
    }

    /// Starts the program; its errors can be read from it.
    pub(crate) fn start<T: AsRef<str>>(&self, words: &[T]) -> Child {
        self.command(words).spawn().unwrap()
    }

    /// Starts the program and kills it after that time; whether it was still running.
    pub(crate) fn kill<T: AsRef<str>>(&self, words: &[T], after: Duration) -> bool {
        let mut child = self.command(words).stderr(Stdio::null()).spawn().unwrap();
        // The time is what is tried: nothing is waited for.
        std::thread::sleep(after);
        let running = child.try_wait().unwrap().is_none();
        drop(child.kill());
        child.wait().unwrap();
        running
    }

    /// Opens store and archive, as a program that starts next would, and reads all of it.
    pub(crate) async fn seen(&self) -> Seen {
        let store = AnyStore::open(&self.store, Some(Origin::Simulated)).await.unwrap();
        let tier = store.months().await.unwrap().first().and_then(|record| record.closed);
        let people = if matches!(tier, None | Some(Tier::Slots)) { everybody(&store).await } else { Vec::new() };
        let mut others = people.clone();
        for day in &mut others {
            day.retain(|person| person.login.as_str() != self.login);
        }
        let key = viewer(&store, &self.login.parse().unwrap(), ViewerPages::Public, None).await.unwrap();
        let mut hours = Vec::new();
        if let Some(key) = key {
            let held = store.viewer_hours(&key, days()[0], days()[1].plus(1)).await.unwrap();
            hours.extend(held.into_iter().map(|(_, hours)| hours));
        }
        store.close().await;
        let archive = self.archive().await;
        let archived = archive.days_with_objects().await.unwrap().len();
        let (named, objects) = self.named(&archive).await;
        let (backups, restored) = (self.backups(), self.restored().await);
        Seen { tier, people, others, hours, named, objects, archived, backups, restored }
    }

    /// Removes what a backup that was killed left.
    pub(crate) fn remove_unfinished(&self) {
        for name in self.backups().iter().filter(|name| name.ends_with(".unfinished")) {
            fs::remove_dir_all(self.path().join(name)).unwrap();
        }
    }

    fn backups(&self) -> Vec<String> {
        let names = fs::read_dir(self.path()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
        names.filter(|name| name.contains("backup")).collect()
    }

    /// Nothing while a restore is not at its end, which whoever opens the folder is told.
    async fn restored(&self) -> Option<Vec<Vec<ViewerDump>>> {
        // Of Postgres most places have no database for it.
        if !self.restores {
            return None;
        }
        match AnyStore::open(&self.restored_store(), None).await {
            Ok(store) => {
                let people = everybody(&store).await;
                store.close().await;
                Some(people)
            }
            Err(StoreError::Absent { .. } | StoreError::Backup(BackupError::Unfinished { .. })) => None,
            Err(error) => panic!("{error}"),
        }
    }

    /// Rows of the archive that name the one, and objects with chatters; each is read, so that it has to be whole.
    async fn named(&self, archive: &Archive) -> (usize, usize) {
        let (mut named, mut objects) = (0, 0);
        for day in days() {
            for slot in archive.sweeps(day).await.unwrap() {
                let at = SlotTime::new(day, slot);
                let path = self.folder.path().join("archive").join(archive::path::Kind::Chatters.object(at));
                // Removed, or about to be: its sweep is going.
                if !Path::new(&path).exists() {
                    continue;
                }
                let list = archive.read_chatters(at).await.unwrap();
                objects += 1;
                named += list.rows().iter().filter(|row| list.name(row) == self.login).count();
            }
        }
        (named, objects)
    }
}
