//! A folder with a configuration, an archive of two invented days, and everything that the program says and leaves.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::sync::Mutex;

use archive::Archive;
use importer::crowd::file::{CrowdFile, Seal};
use importer::erase::Receipt;
use model::identity::{PersonKey, TwitchId};
use model::login::Login;
use model::slot::SlotTime;
use model::words::{Evidence, Origin};
use sqlx::{AssertSqlSafe, Connection, PgConnection, SqliteConnection};
use store::access::{Job, JobKey};
use store::channel::Channel;
use store::suppression::{Secret, Suppression};
use store::{AnyStore, Store};
use tempfile::TempDir;

use crate::cluster::Cluster;
use crate::scanner::{Scanner, has_extension};
use crate::world::{live, row, sweep};

pub(crate) const DAYS: [&str; 2] = ["2026-11-20", "2026-11-21"];
/// A day before, of a source that knew their id.
pub(crate) const ID_DAY: &str = "2026-11-19";
pub(crate) const ID: u64 = 777_000_777_777;
pub(crate) const FORMATS: [&str; 2] = ["csv", "parquet"];
pub(crate) const SECRET: &str = "0123456789abcdef";

/// How often each kind of artefact names them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Hits {
    /// The archive's files.
    pub(crate) members: usize,
    /// The store's days and names, read back.
    pub(crate) rows: usize,
    /// The store's files, or its tables as text; without the list of who opted out.
    pub(crate) database: usize,
    /// What is left of journals.
    pub(crate) journals: usize,
    /// Exports, by format.
    pub(crate) exports: [usize; 2],
    /// Exports in a folder of another name.
    pub(crate) moved: usize,
    /// Everything that was said on stderr, with the log at its most talkative.
    pub(crate) log: usize,
    /// Everything that was said on stdout, and the receipts kept.
    pub(crate) receipts: usize,
    /// Temporary files, which have no names.
    pub(crate) temporary: usize,
}

pub(crate) const NOTHING: Hits = Hits {
    members: 0,
    rows: 0,
    database: 0,
    journals: 0,
    exports: [0, 0],
    moved: 0,
    log: 0,
    receipts: 0,
    temporary: 0,
};

pub(crate) struct Place {
    folder: TempDir,
    store: String,
    /// Somebody who is there on the first day.
    pub(crate) login: String,
    key: Mutex<Option<PersonKey>>,
    log: Mutex<Vec<u8>>,
    said: Mutex<Vec<u8>>,
}

impl Place {
    pub(crate) async fn new(postgres: Option<&Cluster>) -> Place {
        let folder = tempfile::tempdir().unwrap();
        let store = match postgres {
            None => format!("sqlite:{}", folder.path().join("store").display()),
            Some(cluster) => cluster.url("postgres"),
        };
        let config = format!(
            "[archive]\nurl = \"archive\"\norigin = \"simulated\"\n[store]\nurl = \"{store}\"\ncrowd = \"crowd-index\"\n\
             [privacy]\nsecret = \"{SECRET}\"\n[site]\nlisten = \"127.0.0.1:0\"\nfolder = \"site\"\n"
        );
        fs::write(folder.path().join("vigie.toml"), config).unwrap();
        fs::create_dir(folder.path().join("tmp")).unwrap();
        fs::create_dir(folder.path().join("site")).unwrap();
        let manifest = r#"{"js": "/pkg/a.js", "wasm": "/pkg/a.wasm", "css": "/pkg/a.css", "fonts": []}"#;
        fs::write(folder.path().join("site/manifest.json"), manifest).unwrap();
        let (log, said) = (Mutex::default(), Mutex::default());
        let mut place = Place { folder, store, login: String::new(), key: Mutex::default(), log, said };
        let people = ["--viewers", "200", "--channels", "20", "--days", "2", "--until", DAYS[1], "--out", "archive"];
        place.run(&[&["simulate", "archive"], &people[..]].concat());
        // Nobody of that program was to be kept silent about: it tells what it invented.
        place.said.lock().unwrap().clear();
        place.login = place.somebody().await;
        place.tell_their_id().await;
        place
    }

    async fn tell_their_id(&self) {
        let at = SlotTime::at(ID_DAY.parse().unwrap(), 100);
        let mut rows =
            [self.login.as_str(), "_nobody_else"].map(|name| row("_of_ids", name, Evidence::Listed)).to_vec();
        rows[0].chatter_id = TwitchId::new(ID);
        sweep(&self.archive().await, at, vec![live(at, "_of_ids")], rows).await;
    }

    /// Whoever has the longest name in a sweep of the first day: it is no part of another word.
    async fn somebody(&self) -> String {
        let archive = self.archive().await;
        let day = DAYS[0].parse().unwrap();
        let sweeps = archive.sweeps(day).await.unwrap();
        let list = archive.read_chatters(SlotTime::new(day, sweeps[sweeps.len() / 2])).await.unwrap();
        list.rows().iter().map(|row| list.name(row).to_owned()).max_by_key(|name| (name.len(), name.clone())).unwrap()
    }

    /// Whether they are in the file of the crowd's index.
    pub(crate) async fn is_in_crowd(&self) -> bool {
        let store = self.open().await;
        let made = store.population_record().await.unwrap().unwrap();
        store.close().await;
        let seal = Seal { made_at: made.made_at, made_ms: made.made_ms };
        let file = CrowdFile::new(self.path("crowd-index"));
        let (mut index, _) = file.read(Origin::Simulated, seal).unwrap().unwrap();
        let key = self.key.lock().unwrap().unwrap();
        index.forget(key)
    }

    pub(crate) async fn archive(&self) -> Archive {
        Archive::open(self.path("archive").to_str().unwrap()).await.unwrap()
    }

    pub(crate) async fn open(&self) -> AnyStore {
        AnyStore::open(&self.store, Some(Origin::Simulated)).await.unwrap()
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn rename(&self, from: &str, to: &str) {
        fs::rename(self.path(from), self.path(to)).unwrap();
    }

    /// A link that leads nowhere but to itself, when it is named so.
    pub(crate) fn link(&self, to: &str, name: &str) {
        std::os::unix::fs::symlink(to, self.path(name)).unwrap();
    }

    pub(crate) fn remove(&self, name: &str) {
        fs::remove_file(self.path(name)).unwrap();
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_vigie"));
        command.args(words).current_dir(self.folder.path()).env_remove("VIGIE_CONFIG");
        command.env("VIGIE_LOG", "trace").env("TMPDIR", self.path("tmp"));
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Runs the program to its end, and keeps all that it says.
    pub(crate) fn output(&self, words: &[&str]) -> Output {
        let output = self.command(words).output().unwrap();
        self.log.lock().unwrap().extend_from_slice(&output.stderr);
        self.said.lock().unwrap().extend_from_slice(&output.stdout);
        output
    }

    /// The same; what it said on stdout.
    pub(crate) fn run(&self, words: &[&str]) -> Vec<u8> {
        let output = self.output(words);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        output.stdout
    }

    /// Starts the website, asks for their page in several ways, and stops it; the page.
    pub(crate) async fn serve_their_page(&self) -> String {
        let mut child = self.command(&["serve"]).spawn().unwrap();
        let mut said = BufReader::new(child.stderr.take().unwrap());
        let mut log = String::new();
        let base = loop {
            let mut line = String::new();
            assert!(said.read_line(&mut line).unwrap() > 0, "{log}");
            log.push_str(&line);
            if let Some((_, base)) = line.split_once("Vigie is at ") {
                break base.trim().to_owned();
            }
        };
        // It must be read to its end, or the program would wait for us.
        let rest = std::thread::spawn(move || {
            let mut rest = Vec::new();
            said.read_to_end(&mut rest).unwrap();
            rest
        });
        let login = &self.login;
        let mut pages = Vec::new();
        for path in [
            format!("/en/viewer/{login}?day={}", DAYS[0]),
            format!("/en/viewer/{login}/day.svg?day={}", DAYS[0]),
            format!("/search?q={login}"),
            format!("/en/search?q={login}"),
            format!("/api/viewer_day?login={login}&day={}", DAYS[0]),
            format!("/en/channel/{login}"),
        ] {
            let answer = reqwest::get(format!("{base}{path}")).await.unwrap();
            let status = answer.status();
            let text = answer.text().await.unwrap();
            // A page that is not there repeats the address in its links.
            pages.push(if status.is_success() { text } else { String::new() });
        }
        assert!(Command::new("kill").arg(child.id().to_string()).status().unwrap().success());
        let status = child.wait().unwrap();
        log.push_str(&String::from_utf8(rest.join().unwrap()).unwrap());
        assert!(status.success(), "{log}");
        self.log.lock().unwrap().extend_from_slice(log.as_bytes());
        pages.swap_remove(0)
    }

    fn scanner(&self) -> Scanner {
        Scanner::new(&[&self.login], TwitchId::new(ID), &Secret::new(SECRET.as_bytes()).unwrap())
    }

    pub(crate) async fn scan(&self) -> Hits {
        self.scan_with(&self.scanner()).await
    }

    /// The same, where their id alone counts.
    pub(crate) async fn scan_for_id(&self) -> Hits {
        self.scan_with(&Scanner::new(&[], TwitchId::new(ID), &Secret::new(SECRET.as_bytes()).unwrap())).await
    }

    async fn scan_with(&self, scanner: &Scanner) -> Hits {
        let job = JobKey::grant(Job::Verification);
        let store = self.open().await;
        let known = store.person(&job, &self.login.parse().unwrap()).await.unwrap().key;
        // Once erased they have no key any more: the one they had is looked for.
        let key = *self.key.lock().unwrap().get_or_insert_with(|| known.unwrap());
        let mut hits = Hits {
            members: scanner.files(&self.path("archive"), |_| true),
            rows: scanner.rows(&store, &job, key).await,
            log: scanner.text(&self.log.lock().unwrap()),
            receipts: scanner.text(&self.said.lock().unwrap()),
            temporary: scanner.files(&self.path("tmp"), |_| true),
            ..NOTHING
        };
        for job in store.erase_jobs(&job).await.unwrap() {
            hits.receipts += scanner.text(format!("{job:?}").as_bytes());
        }
        store.close().await;
        if self.store.starts_with("sqlite") {
            hits.database = scanner.database(&self.path("store")).await;
            hits.journals = scanner.files(&self.path("store"), |path| !has_extension(path, "db"));
        } else {
            hits.database = tables(scanner, &self.store).await;
        }
        for (format, hits) in FORMATS.into_iter().zip(&mut hits.exports) {
            let folder = self.path("exports").join(format);
            if folder.exists() {
                *hits = scanner.files(&folder, |_| true);
            }
        }
        if self.path("moved").exists() {
            hits.moved = scanner.files(&self.path("moved"), |_| true);
        }
        hits
    }

    /// Plants them where nothing was found: it is found then, so there was something to search.
    pub(crate) async fn prove_the_scanner(&self) {
        let log = self.log.lock().unwrap().clone();
        let text = String::from_utf8_lossy(&log).into_owned();
        for word in ["sqlx::query", "granted access", "request answered", "\"level\":\"DEBUG\""] {
            assert!(text.contains(word), "the log is to be as talkative as it can: {word}");
        }
        let planted = format!("{{\"level\":\"DEBUG\",\"message\":\"erasing {}\"}}\n", self.login);
        self.log.lock().unwrap().extend_from_slice(planted.as_bytes());
        self.said.lock().unwrap().extend_from_slice(self.login.as_bytes());
        fs::write(self.path("tmp/spill"), &self.login).unwrap();
        assert_eq!(self.scan().await, Hits { log: 1, receipts: 1, temporary: 1, ..NOTHING });
    }

    /// Asks for their erasure, thoroughly, and leaves it at that: as a kill does.
    pub(crate) async fn ask_thoroughly(&self) {
        let (store, job) = (self.open().await, JobKey::grant(Job::Erasure));
        let subject = store.person(&job, &self.login.parse().unwrap()).await.unwrap();
        store.ask_erase(&subject, true, 5).await.unwrap();
        store.close().await;
    }

    /// The receipts of all erasures, by number.
    pub(crate) async fn receipts(&self) -> Vec<Receipt> {
        let store = self.open().await;
        let jobs = store.erase_jobs(&JobKey::grant(Job::Erasure)).await.unwrap();
        store.close().await;
        jobs.into_iter().map(|job| serde_json::from_str(&job.receipt.unwrap()).unwrap()).collect()
    }

    /// A channel with an id that was followed on the first day.
    pub(crate) async fn some_channel(&self) -> Channel {
        let store = self.open().await;
        let keys = store.channels_of_day(DAYS[0].parse().unwrap()).await.unwrap();
        let channel = store.channels(&keys[..1]).await.unwrap().pop().unwrap();
        store.close().await;
        channel
    }

    /// Leaves the list of who opted out as earlier versions wrote it.
    pub(crate) async fn forget_marks(&self) {
        let mut main = SqliteConnection::connect(&format!("{}/main.db", self.store)).await.unwrap();
        for sql in ["DELETE FROM opted_out", "UPDATE meta SET opted_out_known = 0"] {
            sqlx::query(sql).execute(&mut main).await.unwrap();
        }
        main.close().await.unwrap();
    }

    /// Whether a page about the channel shows anything.
    pub(crate) async fn is_shown(&self, channel: &Login) -> bool {
        let store = self.open().await;
        let shown = store.channel(channel).await.unwrap().is_some();
        store.close().await;
        shown
    }

    pub(crate) async fn is_suppressed(&self, login: &str, id: Option<TwitchId>) -> bool {
        let store = self.open().await;
        let secret = Secret::new(SECRET.as_bytes()).unwrap();
        let list = Suppression::load(&store, Some(&secret)).await.unwrap();
        store.close().await;
        list.holds(login, id)
    }
}

/// How often the tables of a Postgres name them, each row as text.
async fn tables(scanner: &Scanner, url: &str) -> usize {
    let mut connection = PgConnection::connect(url).await.unwrap();
    let sql = "SELECT table_name::text FROM information_schema.tables WHERE table_schema = 'public'";
    let tables: Vec<String> = sqlx::query_scalar(sql).fetch_all(&mut connection).await.unwrap();
    let mut hits = 0;
    for table in tables.iter().filter(|table| *table != "suppressed") {
        let sql = AssertSqlSafe(format!("SELECT t::text FROM \"{table}\" t"));
        let rows: Vec<String> = sqlx::query_scalar(sql).fetch_all(&mut connection).await.unwrap();
        hits += scanner.text(rows.join("\n").as_bytes());
    }
    connection.close().await.unwrap();
    hits
}
