//! `vigie verify` and the comparison after imports, as they are called.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::HashSet;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;
use server::verify::failed_days;
use store::AnyStore;
use tempfile::TempDir;

const DAY: &str = "2026-11-21";

/// An archive of one day of few people, and a place for a store.
struct Place {
    folder: TempDir,
}

impl Place {
    fn new() -> Place {
        Place::of_days("1")
    }

    /// The day is the last.
    fn of_days(days: &str) -> Place {
        let place = Place { folder: TempDir::new().unwrap() };
        let out = place.part("archive");
        let world = ["--viewers", "300", "--channels", "20", "--days", days, "--until", DAY, "--out", &out];
        let made = vigie(&[&["simulate", "archive"][..], &world].concat());
        assert!(made.status.success(), "{}", text(&made.stderr));
        place
    }

    fn part(&self, name: &str) -> String {
        self.folder.path().join(name).display().to_string()
    }

    /// A command about the day, with the archive and the store.
    fn run(&self, command: &str, words: &[&str]) -> Output {
        let (archive, store) = (self.part("archive"), self.part("store"));
        let places = [command, "--archive", &archive, "--store", &store, "--day", DAY];
        vigie(&[&places[..], words].concat())
    }

    /// A configuration of a website with figures at an address.
    fn config(&self, figures: &str) -> String {
        let [archive, store, site, config] = ["archive", "store", "site", "vigie.toml"].map(|name| self.part(name));
        let text = format!(
            "[archive]\nurl = {archive:?}\norigin = \"simulated\"\n[store]\nurl = {store:?}\n\
             [site]\nlisten = \"127.0.0.1:0\"\nfolder = {site:?}\n[metrics]\nlisten = {figures:?}\n",
        );
        fs::write(&config, text).unwrap();
        fs::create_dir_all(&site).unwrap();
        let manifest = r#"{"js": "/pkg/a.js", "wasm": "/pkg/a.wasm", "css": "/pkg/a.css", "fonts": []}"#;
        fs::write(Path::new(&site).join("manifest.json"), manifest).unwrap();
        config
    }

    fn object(&self, kind: &str, name: &str) -> PathBuf {
        self.folder.path().join("archive").join(kind).join(format!("date={DAY}")).join(format!("{name}.csv.gz"))
    }

    async fn failures(&self) -> u64 {
        let store = AnyStore::open(&self.part("store"), None).await.unwrap();
        let failures = failed_days(&store).await.unwrap();
        store.close().await;
        failures
    }
}

fn command(words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vigie"));
    command.args(words).env_remove("VIGIE_CONFIG").env("VIGIE_LOG", "error").current_dir(Path::new("/"));
    command
}

fn vigie(words: &[&str]) -> Output {
    command(words).output().unwrap()
}

/// `vigie serve` on free ports, until it is dropped.
struct Served {
    child: Child,
    figures: String,
}

impl Served {
    fn new(config: &str) -> Served {
        let mut child = command(&["serve", "--config", config]).stderr(Stdio::piped()).spawn().unwrap();
        let mut said = BufReader::new(child.stderr.take().unwrap()).lines();
        let at = |line: String| Some(line.split_once("figures are at ")?.1.to_owned());
        let figures = said.by_ref().find_map(|line| at(line.unwrap())).unwrap();
        // It must be read to its end, or the program would wait for us.
        std::thread::spawn(move || said.for_each(drop));
        Served { child, figures }
    }

    async fn figure(&self, name: &str) -> f64 {
        let answer = reqwest::get(&self.figures).await.unwrap();
        assert_eq!(answer.headers()["content-type"], "text/plain; version=0.0.4; charset=utf-8");
        let text = answer.text().await.unwrap();
        let figure = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' ')).expect(&text);
        figure.parse().unwrap()
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap()
}

#[tokio::test]
async fn a_sound_day_agrees_and_a_changed_archive_is_told() {
    let place = Place::new();
    let imported = place.run("import", &["--json"]);
    assert!(imported.status.success(), "{}", text(&imported.stderr));
    let report = json(&imported);
    assert_eq!(report["agrees"], true);
    let verified = place.run("verify", &["--viewers", "100000", "--channels", "100000", "--json"]);
    assert!(verified.status.success(), "{}", text(&verified.stderr));
    let found = json(&verified);
    assert_eq!((&found["ok"], &found["failures"], &found["provisional"]), (&true.into(), &0.into(), &false.into()));
    for same in ["observations", "sweeps", "viewers", "channels"] {
        assert_eq!(found[same], report[same], "{same}");
    }
    assert!(text(&place.run("verify", &[]).stdout).contains("2026-11-21: agrees with its archive: "));
    assert_eq!(place.failures().await, 0);

    // The evening's chatters are those of another sweep now: the store no longer says what the archive does.
    fs::copy(place.object("chatters", "1200"), place.object("chatters", "2000")).unwrap();
    let verified = place.run("verify", &["--viewers", "100000"]);
    let said = text(&verified.stdout);
    assert_eq!(verified.status.code(), Some(1));
    assert!(said.contains("viewers of the sample were elsewhere") && said.contains("\nchannel _"), "{said}");
    assert!(text(&verified.stderr).contains("vigie: 2026-11-21 does not agree with its archive"));
    let (hidden, shown) = (place.run("verify", &["--json"]), place.run("verify", &["--json", "--show-logins"]));
    let (hidden, shown) = (json(&hidden), json(&shown));
    assert!(hidden.get("logins").is_none() && hidden["ok"] == false);
    let logins = shown["logins"].as_array().unwrap();
    assert!(!logins.is_empty());
    for told in [&hidden.to_string(), said, text(&verified.stderr)] {
        let words: HashSet<&str> = told.split(|c: char| c != '_' && !c.is_ascii_alphanumeric()).collect();
        // Streamers chat too.
        let is_channel = |login: &&str| told.contains(&format!("channel {login}"));
        let named = logins.iter().filter_map(Value::as_str).filter(|login| words.contains(login));
        assert_eq!(named.filter(|login| !is_channel(login)).count(), 0, "{told}");
    }
    assert_eq!(place.failures().await, 1);
}

#[tokio::test]
async fn what_was_left_out_knowingly_is_left_out_of_the_comparison() {
    let place = Place::new();
    let whole = json(&place.run("import", &["--json"]))["observations"].as_u64().unwrap();
    let (object, lost) = (place.object("chatters", "2000"), place.object("streams", "2100"));
    fs::remove_file(&lost).unwrap();
    let refused = place.run("import", &[]);
    let said = text(&refused.stderr);
    assert!(
        refused.status.code() == Some(1) && said.contains("streams/date=2026-11-21/2100.csv.gz is not there"),
        "{said}"
    );
    let bytes = fs::read(&object).unwrap();
    fs::write(&object, &bytes[..bytes.len() - 9]).unwrap();
    let imported = place.run("import", &["--skip-bad"]);
    let said = text(&imported.stderr);
    assert!(imported.status.success(), "{said}");
    assert!(said.contains("2026-11-21: agrees with its archive"), "{said}");
    assert_eq!(place.failures().await, 0);

    // Each way to ask says which, why, and how much is not in the day.
    let skipped = |output: &Output| json(output)["skipped"].clone();
    let listed = skipped(&place.run("import", &["--skip-bad", "--json"]));
    assert_eq!(skipped(&place.run("verify", &["--json"])), listed);
    assert_eq!(skipped(&place.run("import", &["--skip-bad", "--json", "--dry-run"])), listed);
    let sweeps = listed.as_array().unwrap();
    let slots: Vec<&Value> = sweeps.iter().map(|sweep| &sweep["slot"]).collect();
    assert_eq!(slots, ["2000", "2100"]);
    let verified = place.run("verify", &[]);
    for sweep in sweeps {
        let (slot, reason, rows) = (&sweep["slot"], sweep["reason"].as_str().unwrap(), &sweep["rows"]);
        assert!(reason.contains(&format!("date={DAY}/{}.csv.gz", slot.as_str().unwrap())), "{reason}");
        let line =
            format!("the sweep of {} was left out, {rows} observations by its index: {reason}", slot.as_str().unwrap());
        assert!(said.contains(&format!("{DAY}: {line}\n")), "{said}");
        assert!(text(&verified.stdout).contains(&line), "{}", text(&verified.stdout));
    }
    let left: u64 = sweeps.iter().map(|sweep| sweep["rows"].as_u64().unwrap()).sum();
    let imported = json(&place.run("import", &["--skip-bad", "--json"]));
    assert!(left > 0);
    assert_eq!(imported["observations"].as_u64().unwrap() + left, whole);

    // Of an index that cannot be read nobody knows how much.
    fs::write(object.to_str().unwrap().replace("/chatters/", "/index/chatters/").replace(".csv.gz", ".json"), "{")
        .unwrap();
    let verified = place.run("verify", &["--json"]);
    assert_eq!(json(&verified)["skipped"][0]["rows"], Value::Null);
    assert!(text(&place.run("verify", &[]).stdout).contains("the sweep of 2000 was left out: "));
}

#[test]
fn it_can_be_switched_off_and_needs_an_imported_day() {
    let place = Place::new();
    let config = place.part("vigie.toml");
    fs::write(&config, "[import]\nverify = 0\n").unwrap();
    let verified = place.run("verify", &["--config", &config]);
    assert_eq!(verified.status.code(), Some(1));
    assert!(text(&verified.stderr).contains("2026-11-21 is not in the store: import it first"));
    let imported = place.run("import", &["--json", "--config", &config]);
    assert!(imported.status.success(), "{}", text(&imported.stderr));
    assert_eq!(json(&imported)["agrees"], Value::Null);
}

#[tokio::test]
async fn figures_tell_of_imports_and_of_days_that_do_not_agree() {
    let place = Place::new();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let config = place.config(&taken.local_addr().unwrap().to_string());
    let refused = vigie(&["serve", "--config", &config]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(
        text(&refused.stderr).contains("or choose another port with [metrics] listen"),
        "{}",
        text(&refused.stderr)
    );

    let config = place.config("127.0.0.1:0");
    let served = Served::new(&config);
    assert_eq!(served.figure("vigie_import_days_total").await, 1.0);
    assert_eq!(served.figure("vigie_import_failures_total").await, 0.0);
    assert!(served.figure("vigie_import_observations_total").await > 1_000.0);
    assert!(served.figure("vigie_import_last_success_timestamp_seconds").await > 1e9);
    assert!(served.figure("vigie_import_last_duration_seconds").await > 0.0);
    for none in ["vigie_verification_failed_days", "vigie_verification_errors_total"] {
        assert_eq!(served.figure(none).await, 0.0);
    }
    drop(served);
    fs::copy(place.object("chatters", "1200"), place.object("chatters", "2000")).unwrap();
    assert_eq!(place.run("verify", &[]).status.code(), Some(1));
    assert_eq!(place.failures().await, 1);
    let served = Served::new(&config);
    assert_eq!(served.figure("vigie_import_days_total").await, 0.0);
    assert_eq!(served.figure("vigie_verification_failed_days").await, 1.0);
}

#[tokio::test]
async fn a_day_that_cannot_be_imported_keeps_no_other_from_its_turn() {
    let place = Place::of_days("2");
    let object = place.object("chatters", "2000").display().to_string().replace(DAY, "2026-11-20");
    fs::write(&object, "no gzip").unwrap();
    let served = Served::new(&place.config("127.0.0.1:0"));
    assert_eq!(served.figure("vigie_import_days_total").await, 1.0);
    assert_eq!(served.figure("vigie_import_failures_total").await, 1.0);
    drop(served);
    let verified = place.run("verify", &[]);
    assert!(verified.status.success(), "{}", text(&verified.stderr));
}

/// A file a sweep is open meanwhile.
#[test]
fn more_files_are_opened_than_programs_may_without_asking() {
    let place = Place::new();
    let mut limited = Command::new("sh");
    let import = ["import", "--day", DAY, "--archive", &place.part("archive"), "--store", &place.part("store")];
    limited.args(["-c", "ulimit -Sn 256 && exec \"$0\" \"$@\"", env!("CARGO_BIN_EXE_vigie")]).args(import);
    let imported = limited.env_remove("VIGIE_CONFIG").current_dir(Path::new("/")).output().unwrap();
    assert!(imported.status.success(), "{}", text(&imported.stderr));
}
