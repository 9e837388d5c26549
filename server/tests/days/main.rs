//! What an operator asks of days: who was taken for a bot, what retention would remove, how far an import is.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use std::sync::Arc;

use archive::Archive;
use collector::clock::Clock;
use collector::door::Door;
use collector::spool::Spool;
use importer::crowd::file::CrowdFile;
use importer::retention::Retention;
use model::day::Day;
use model::words::Origin;
use serde_json::Value;
use server::crowd::CrowdKeeper;
use server::imports::{ImportRules, Imports};
use store::{AnyStore, Store as _};
use tempfile::TempDir;

const DAY: &str = "2025-03-02";

/// A folder with a configuration and an archive of two days, the last of which is imported.
struct Place(TempDir);

impl Place {
    fn new() -> Place {
        let place = Place(TempDir::new().unwrap());
        place.configure(2);
        let people = ["--viewers", "300", "--channels", "20", "--days", "2", "--until", DAY, "--out", "archive"];
        place.said(&[&["simulate", "archive"], &people[..]].concat());
        place.said(&["import", "--day", DAY]);
        place
    }

    /// A bot is in so many chats at once, in one slot.
    fn configure(&self, bot_channels: u16) {
        let text = format!(
            "[archive]\nurl = \"archive\"\norigin = \"simulated\"\n[store]\nurl = \"store\"\n\
             [import]\nbot_channels = {bot_channels}\nbot_slots = 1\n"
        );
        fs::write(self.0.path().join("vigie.toml"), text).unwrap();
    }

    fn command(&self, program: &str, words: &[&str]) -> Command {
        let mut command = Command::new(program);
        command.args(words).current_dir(self.0.path()).env_remove("VIGIE_CONFIG").env("VIGIE_LOG", "error");
        command
    }

    fn run(&self, words: &[&str]) -> Output {
        self.command(env!("CARGO_BIN_EXE_vigie"), words).output().unwrap()
    }

    fn said(&self, words: &[&str]) -> String {
        let output = self.run(words);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn who_was_taken_for_a_bot_is_told_with_the_evidence() {
    let place = Place::new();
    let bots = ["bots", "--day", DAY, "--json"];
    let found: Value = serde_json::from_str(&place.said(&bots)).unwrap();
    let found = found.as_array().unwrap();
    assert!(!found.is_empty());
    for bot in found {
        assert_eq!(bot["taken_for_a_bot"], true);
        assert!(bot["most_chats_at_once"].as_u64() >= Some(2) && bot["slots_at_once"].as_u64() >= Some(1), "{bot}");
    }
    let explained = place.run(&["bots", "--day", DAY, "--explain"]);
    let told = String::from_utf8(explained.stdout.clone()).unwrap();
    assert!(told.starts_with("A bot is in at least 2 chats at once in at least 1 slots of a day"), "{told}");
    let login = found[0]["login"].as_str().unwrap();
    assert!(told.lines().any(|line| line.starts_with(login) && line.ends_with("a bot")), "{told}");
    assert_eq!(stderr(&explained), "");

    // By other rules than those of the import.
    place.configure(10);
    let explained = stderr(&place.run(&["bots", "--day", DAY, "--explain"]));
    let count = found.len();
    assert!(explained.contains(&format!("{count} of these accounts today's [import] takes otherwise")), "{explained}");
    let nobody = place.run(&["bots", "--day", DAY, "--login", "_nobody"]);
    assert_eq!((nobody.status.code(), stderr(&nobody).contains("_nobody was not seen on 2025-03-02")), (Some(1), true));
    let absent = place.run(&["bots", "--day", "2025-03-01"]);
    assert_eq!((absent.status.code(), stderr(&absent).contains("2025-03-01 is not in the store")), (Some(1), true));
}

/// Every file with its bytes; journals of SQLite come and go with whoever reads.
fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut all = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            let name = entry.display().to_string();
            if entry.is_dir() {
                folders.push(entry);
            } else if !name.ends_with("-wal") && !name.ends_with("-shm") {
                all.push((name, fs::read(entry).unwrap()));
            }
        }
    }
    all.sort();
    all
}

#[test]
fn what_retention_would_do_is_what_it_does() {
    let place = Place::new();
    let before = files(place.0.path());
    let would = place.said(&["retain", "--dry-run"]);
    assert_eq!(files(place.0.path()), before);
    let planned: Vec<&str> = would.lines().map(|line| line.strip_prefix("would ").unwrap()).collect();
    // The month is over for long: its people are forgotten, and both days' objects go.
    assert!(planned.len() >= 3, "{would}");
    let did = place.said(&["retain"]);
    let done: Vec<&str> = did.lines().map(|line| line.strip_suffix(": done").unwrap()).collect();
    assert_eq!(done, planned);
    assert_eq!(place.said(&["retain", "--dry-run"]), "");
}

#[test]
fn retention_goes_on_behind_what_it_cannot_do() {
    let place = Place::new();
    let objects = |day: &str| place.0.path().join("archive/chatters").join(format!("date={day}"));
    // A folder that cannot be listed.
    std::os::unix::fs::symlink("loop", objects("2025-03-01").join("loop")).unwrap();
    let left = place.run(&["retain"]);
    let told = stderr(&left);
    assert_eq!(left.status.code(), Some(1));
    assert!(told.contains("what is too old stays in part") && told.contains("objects of 2025-03-01"), "{told}");
    assert!(String::from_utf8(left.stdout).unwrap().contains("remove the archive's objects of 2025-03-02: done"));
    assert!(objects("2025-03-01").exists() && !objects(DAY).join("0000.csv.gz").exists());
    fs::remove_file(objects("2025-03-01").join("loop")).unwrap();
    assert!(place.said(&["retain"]).contains("2025-03-01: done"));
    assert_eq!(place.said(&["retain", "--dry-run"]), "");
}

/// `script` gives a command a terminal.
#[test]
fn an_import_on_a_terminal_tells_its_rate_and_the_time_left() {
    let place = Place::new();
    let import = format!("{} import --day {DAY}", env!("CARGO_BIN_EXE_vigie"));
    let said = place.command("script", &["--quiet", "--return", "--command", &import, "/dev/null"]).output().unwrap();
    let told = String::from_utf8_lossy(&said.stdout);
    assert!(said.status.success(), "{told}");
    assert!(told.contains(" rows, ") && told.contains("/s, ") && told.contains(" left"), "{told}");
}

/// A day closes once no sweep of it waits for its archive.
#[tokio::test]
async fn a_day_is_not_imported_for_good_while_sweeps_of_it_wait() {
    let place = Place(TempDir::new().unwrap());
    place.configure(10);
    // Shipped already but not yet taken out of the spool: the very same sweeps.
    for out in ["archive", "spool"] {
        let people = ["--viewers", "300", "--channels", "20", "--days", "1", "--until", DAY, "--out", out];
        place.said(&[&["simulate", "archive"], &people[..]].concat());
    }
    let path = |name: &str| place.0.path().join(name).display().to_string();
    let spool = Spool::open(&path("spool"), Origin::Simulated, u64::MAX).await.unwrap();
    let archive = Archive::open(&path("archive")).await.unwrap();
    let store = Arc::new(AnyStore::open(&path("store"), Some(Origin::Simulated)).await.unwrap());
    let day: Day = DAY.parse().unwrap();
    let imports = Imports {
        archive: archive.clone(),
        spool: Some(spool.clone()),
        store: Arc::clone(&store),
        clock: Clock::virtual_from((day.plus(1).start_unix() + 43_200) * 1_000, 0.0),
        zone: "UTC".to_owned(),
        rules: ImportRules::default(),
        retention: Retention::default(),
        crowd: CrowdKeeper::new(CrowdFile::new(path("crowd-index")), Arc::clone(&store), "UTC"),
    };
    imports.catch_up().await.unwrap();
    assert_eq!(store.days().await.unwrap(), []);
    spool.ship(&archive, &mut Door::default()).await.unwrap();
    imports.catch_up().await.unwrap();
    let held = store.days().await.unwrap();
    assert_eq!((held.len(), held[0].day, held[0].provisional), (1, day, false));
    store.close().await;
}
