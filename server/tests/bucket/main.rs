//! An archive in a bucket of an S3-compatible store, through the program alone.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

use std::fs;
use std::io::Read as _;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

mod bucket;

use bucket::Buckets;

const DAY: &str = "2025-03-02";

/// A folder with the configuration of one archive.
struct Place<'a> {
    folder: TempDir,
    buckets: &'a Buckets,
}

impl Place<'_> {
    /// An archive at `url` of one day, which is imported.
    fn new<'a>(url: &str, buckets: &'a Buckets) -> Place<'a> {
        let place = Place { folder: TempDir::new().unwrap(), buckets };
        let text = format!(
            "[archive]\nurl = \"{url}\"\norigin = \"simulated\"\n[store]\nurl = \"store\"\n\
             [import]\nbot_channels = 2\nbot_slots = 1\n[privacy]\nsecret = \"0123456789abcdef0123456789abcdef\"\n"
        );
        fs::write(place.folder.path().join("vigie.toml"), text).unwrap();
        let people = ["--viewers", "300", "--channels", "20", "--days", "1", "--until", DAY, "--out", url];
        place.said(&[&["simulate", "archive"], &people[..]].concat());
        place.said(&["import", "--day", DAY]);
        place
    }

    fn run(&self, words: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_vigie"));
        command.args(words).current_dir(self.folder.path()).env_remove("VIGIE_CONFIG").env("VIGIE_LOG", "error");
        command.envs(self.buckets.environment()).output().unwrap()
    }

    fn said(&self, words: &[&str]) -> String {
        let output = self.run(words);
        assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// All that an export of the day tells, and its name.
    fn exported(&self, to: &str) -> Vec<(String, Vec<u8>)> {
        self.said(&["export", "csv", "--raw", "--from", DAY, "--to", DAY, "--out", to]);
        files(&self.folder.path().join(to))
    }
}

fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut all: Vec<_> = walkdir::WalkDir::new(folder)
        .into_iter()
        .map(|entry| entry.unwrap().into_path())
        .filter(|path| path.is_file())
        .map(|path| (path.strip_prefix(folder).unwrap().display().to_string(), fs::read(path).unwrap()))
        .collect();
    all.sort();
    all
}

#[tokio::test]
async fn days_in_a_bucket_are_as_those_in_a_folder() {
    let buckets = Buckets::start().await;
    let (remote, local) = (Place::new("s3://vigie/country", &buckets), Place::new("archive", &buckets));
    // Byte for byte.
    let lies: Vec<String> = files(&local.folder.path().join("archive")).into_iter().map(|(name, _)| name).collect();
    assert_eq!(buckets.objects("country").await, lies);
    for (name, bytes) in files(&local.folder.path().join("archive")) {
        assert_eq!(buckets.object(&format!("country/{name}")).await, bytes, "{name}");
    }
    let exported = local.exported("before");
    assert!(exported.len() > 1);
    assert_eq!(remote.exported("before"), exported);
    let verified: Value = serde_json::from_str(&remote.said(&["verify", "--day", DAY, "--json"])).unwrap();
    assert_eq!(verified["ok"], true, "{verified}");

    // Somebody goes out of both.
    let login = viewer(&local);
    let erase = ["erase", "--login", &login, "--json"];
    let receipts = [&remote, &local].map(|place| serde_json::from_str::<Value>(&place.said(&erase)).unwrap());
    assert!(receipts[0]["objects"].as_u64() > Some(0), "{}", receipts[0]);
    for counted in ["archive_days", "objects", "members", "observations", "bytes", "store_days"] {
        assert_eq!(receipts[0][counted], receipts[1][counted], "{counted}");
    }
    for (name, bytes) in files(&local.folder.path().join("archive")) {
        assert_eq!(buckets.object(&format!("country/{name}")).await, bytes, "{name}");
    }
    remote.said(&["import", "--day", DAY]);

    // Old days go.
    remote.said(&["retain"]);
    assert_eq!(buckets.objects("country").await, ["manifest/archive.json"]);
}

#[tokio::test]
async fn whoever_is_erased_is_erased_from_what_waits_for_the_bucket() {
    let buckets = Buckets::start().await;
    let place = Place::new("s3://vigie/country", &buckets);
    let login = viewer(&place);
    // The same people on the day after, in the spool that an outage left.
    let waiting =
        ["--viewers", "300", "--channels", "20", "--days", "1", "--until", "2025-03-03", "--out", "data/spool"];
    place.said(&[&["simulate", "archive"], &waiting[..]].concat());
    let spool = place.folder.path().join("data/spool");
    let named = || {
        let lists = files(&spool).into_iter().filter(|(name, _)| name.ends_with(".csv.gz"));
        lists.filter(|(_, bytes)| gunzip(bytes).contains(&format!(",{login},"))).count()
    };
    assert!(named() > 0);
    let receipt: Value = serde_json::from_str(&place.said(&["erase", "--login", &login, "--json"])).unwrap();
    assert_eq!((named(), receipt["archive_days"].as_u64()), (0, Some(2)), "{receipt}");
}

fn gunzip(bytes: &[u8]) -> String {
    let mut text = String::new();
    flate2::read::MultiGzDecoder::new(bytes).read_to_string(&mut text).unwrap();
    text
}

/// Somebody who was seen in two chats at once.
fn viewer(place: &Place<'_>) -> String {
    let bots = place.said(&["bots", "--day", DAY, "--json"]);
    let bots: Value = serde_json::from_str(&bots).unwrap();
    bots[0]["login"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn what_cannot_be_reached_is_said() {
    let buckets = Buckets::start().await;
    let place = Place { folder: TempDir::new().unwrap(), buckets: &buckets };
    fs::write(place.folder.path().join("vigie.toml"), "[store]\nurl = \"store\"\n").unwrap();
    for (archive, said) in [
        ("s3://nowhere/country", "NoSuchBucket"),
        ("s3://vigie/empty", "s3://vigie/empty is no archive: it has no manifest/archive.json"),
        ("ftp://somewhere/country", "ftp://somewhere/country is no place for an archive: give a folder, s3://"),
        ("s3://", "s3:// is no place for an archive"),
    ] {
        let output = place.run(&["import", "--archive", archive, "--day", DAY]);
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.code() == Some(1) && told.contains(said), "{archive}: {told}");
    }
}

#[tokio::test]
async fn the_doctor_tries_a_bucket_and_leaves_nothing_in_it() {
    let buckets = Buckets::start().await;
    let place = Place::new("s3://vigie/looked_over", &buckets);
    let before = buckets.objects("looked_over").await;
    let told = String::from_utf8(place.run(&["doctor"]).stdout).unwrap();
    let of = |told: &str, check: &str| told.lines().find(|line| line[8..].starts_with(check)).unwrap().to_owned();
    let (archive, spool) = (of(&told, "archive"), of(&told, "spool"));
    assert!(archive.starts_with("ok ") && archive.ends_with("takes objects, and holds simulated data"), "{told}");
    assert!(spool.contains("data/spool ") && spool.contains("4.00 GB"), "{told}");
    assert_eq!(buckets.objects("looked_over").await, before);
    let config = place.folder.path().join("vigie.toml");
    let text = fs::read_to_string(&config).unwrap().replace("s3://vigie/", "s3://nowhere/");
    fs::write(config, text).unwrap();
    let told = String::from_utf8(place.run(&["doctor"]).stdout).unwrap();
    let archive = of(&told, "archive");
    assert!(
        told.lines().all(|line| ["ok ", "warning ", "WRONG "].iter().any(|level| line.starts_with(level))),
        "{told}"
    );
    assert!(archive.starts_with("WRONG ") && archive.contains("\"An archive in a bucket\""), "{told}");
    assert!(buckets.environment().iter().all(|(name, value)| !name.contains("SECRET") || !told.contains(value)));
}
