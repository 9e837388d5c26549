//! An archive of two old days and a store, in a place of their own.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use archive::Archive;
use model::hours::ViewerHours;
use model::slot::{SlotTime, Span};
use model::words::{Origin, Tier};
use simulator::world::{Population, World};
use simulator::write::{Follow, write_days};
use sqlx::{Connection, PgConnection};
use store::access::{Job, JobKey, ViewerPages, viewer};
use store::dump::{ViewerDump, dump_day};
use store::{AnyStore, Store};
use tempfile::TempDir;
use tokio::sync::OnceCell;

use crate::cluster::Cluster;
use crate::days;

const PROGRAM: &str = env!("CARGO_BIN_EXE_vigie");

/// A folder with a configuration, and where its store is.
pub(crate) struct Place {
    folder: TempDir,
    store: String,
    /// Somebody who is there on both days.
    pub(crate) login: String,
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
    /// Days of which the archive has anything.
    pub(crate) archived: usize,
}

/// Each Postgres database is for one place.
static DATABASES: AtomicU32 = AtomicU32::new(0);

async fn database(cluster: &Cluster) -> String {
    let name = format!("kill_{}", DATABASES.fetch_add(1, Ordering::Relaxed));
    let mut admin = PgConnection::connect(&cluster.url("postgres")).await.unwrap();
    sqlx::query(sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}"))).execute(&mut admin).await.unwrap();
    admin.close().await.unwrap();
    cluster.url(&name)
}

/// The archive that every place begins with: invented once.
async fn source() -> &'static TempDir {
    static SOURCE: OnceCell<TempDir> = OnceCell::const_new();
    SOURCE
        .get_or_init(|| async {
            let folder = tempfile::tempdir().unwrap();
            let archive = Archive::create(&folder.path().display().to_string(), Origin::Simulated).await.unwrap();
            let world = Arc::new(World::new(1, Population { viewers: 200, channels: 20 }).unwrap());
            let [first, last] = days();
            let span = Span { from: SlotTime::at(first, 0), to: SlotTime::at(last.plus(1), 0) };
            write_days(&world, &archive, &Follow::default(), span, |_| {}).await.unwrap();
            folder
        })
        .await
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
    pub(crate) async fn new(postgres: Option<&Cluster>) -> Place {
        let folder = tempfile::tempdir().unwrap();
        let store = match postgres {
            None => format!("sqlite:{}", folder.path().join("store").display()),
            Some(cluster) => database(cluster).await,
        };
        let config = format!(
            "[archive]\nurl = \"archive\"\norigin = \"simulated\"\n[store]\nurl = \"{store}\"\n[privacy]\nsecret = \"0123456789abcdef\"\n[retention]\nhour_days = 60000\n"
        );
        fs::write(folder.path().join("vigie.toml"), config).unwrap();
        copy(source().await.path(), &folder.path().join("archive"));
        let mut place = Place { folder, store, login: String::new() };
        place.login = place.somebody().await;
        place
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
        let job = JobKey::grant(Job::Verification);
        let store = AnyStore::open(&self.store, Some(Origin::Simulated)).await.unwrap();
        let tier = store.months().await.unwrap().first().and_then(|record| record.closed);
        let mut people = Vec::new();
        if matches!(tier, None | Some(Tier::Slots)) {
            for record in store.days().await.unwrap() {
                people.push(dump_day(&store, &job, record.day).await.unwrap());
            }
        }
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
        Seen { tier, people, others, hours, named: self.named(&archive).await, archived }
    }

    /// Rows of the archive that name the one; every object is read, so that each has to be whole.
    async fn named(&self, archive: &Archive) -> usize {
        let mut named = 0;
        for day in days() {
            for slot in archive.sweeps(day).await.unwrap() {
                let at = SlotTime::new(day, slot);
                let path = self.folder.path().join("archive").join(archive::path::Kind::Chatters.object(at));
                // Removed, or about to be: its sweep is going.
                if !Path::new(&path).exists() {
                    continue;
                }
                let list = archive.read_chatters(at).await.unwrap();
                named += list.rows().iter().filter(|row| list.name(row) == self.login).count();
            }
        }
        named
    }
}
