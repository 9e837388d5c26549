//! `vigie export` as it is called.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

const DAY: &str = "2026-11-21";

fn vigie(words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_vigie")).args(words).env_remove("VIGIE_CONFIG").output().unwrap()
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

/// A store with one day of so many people, imported from an archive.
fn store(viewers: &str) -> (TempDir, String) {
    let folder = TempDir::new().unwrap();
    let place = |name: &str| folder.path().join(name).display().to_string();
    let (archive, store) = (place("archive"), place("store"));
    let world = ["--viewers", viewers, "--channels", "40", "--until", DAY, "--out", &archive];
    for words in [
        &[&["simulate", "archive"][..], &world].concat()[..],
        &["import", "--archive", &archive, "--store", &store, "--day", DAY],
    ] {
        let done = vigie(words);
        assert!(done.status.success(), "{}", text(&done.stderr));
    }
    (folder, store)
}

/// Everything that a reader of the folder would find.
fn visible(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let Ok(entries) = folder.read_dir() else { return found };
    for path in entries.map(|entry| entry.unwrap().path()) {
        let hidden = path.file_name().unwrap().to_str().unwrap().starts_with('.');
        match path.is_dir() {
            _ if hidden => {}
            true => found.extend(visible(&path)),
            false => found.push(path),
        }
    }
    found
}

#[test]
fn an_export_says_what_it_wrote() {
    let (folder, store) = store("1000");
    let out = folder.path().join("out");
    let place = out.display().to_string();
    let words = ["export", "csv", "--store", &store, "--from", DAY, "--to", DAY, "--out", &place];
    let done = vigie(&[&words[..], &["--json"]].concat());
    assert!(done.status.success(), "{}", text(&done.stderr));
    assert!(!text(&done.stderr).contains("warning"));
    let said: Value = serde_json::from_slice(&done.stdout).unwrap();
    assert_eq!((&said["from"], &said["format"], &said["origin"]), (&DAY.into(), &"csv".into(), &"simulated".into()));
    let tables = said["tables"].as_array().unwrap();
    assert_eq!(tables.len(), 3);
    for table in tables {
        let part = out.join(format!("{}/date={DAY}/part-0.csv.gz", table["table"].as_str().unwrap()));
        assert_eq!(table["bytes"].as_u64().unwrap(), part.metadata().unwrap().len());
        assert!(table["rows"].as_u64().unwrap() > 0);
    }
    // Presence beside it, with its warning; what is there already is not written again.
    let raw = vigie(&[&words[..], &["--raw"]].concat());
    assert_eq!(raw.status.code(), Some(1));
    assert!(text(&raw.stderr).contains("part-0.csv.gz is there already: replace it with --overwrite"));
    let raw = vigie(&[&words[..], &["--raw", "--overwrite"]].concat());
    assert!(raw.status.success(), "{}", text(&raw.stderr));
    let warned = text(&raw.stderr);
    assert!(warned.contains("warning: the table presence") && warned.contains("personal data"), "{warned}");
    assert!(warned.contains("presence: ") && raw.stdout.is_empty());
    assert_eq!(visible(&out).len(), 5);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode =
            |table| out.join(format!("{table}/date={DAY}/part-0.csv.gz")).metadata().unwrap().permissions().mode();
        assert_eq!((mode("presence") & 0o077, mode("days") & 0o600), (0, 0o600));
    }
}

#[test]
fn bad_input_is_told_and_ends_with_1() {
    let (folder, store) = store("1000");
    let place = |name: &str| folder.path().join(name).display().to_string();
    std::fs::write(place("file"), "in the way").unwrap();
    for (store, from, to, out, told) in [
        (&store, "2026-11-20", DAY, place("out"), "2026-11-20 is not in the store"),
        (&store, DAY, "2026-11-20", place("out"), "is before the first"),
        (&place("nowhere"), DAY, DAY, place("out"), "there is no store in "),
        (&store, DAY, DAY, place("file"), "cannot be written"),
    ] {
        let done = vigie(&["export", "csv", "--store", store, "--from", from, "--to", to, "--out", &out]);
        let said = text(&done.stderr);
        assert_eq!(done.status.code(), Some(1), "{said}");
        assert!(said.contains("vigie: ") && said.contains(told), "{said}");
        assert!(!folder.path().join("out").exists());
    }
}

/// The system refuses bytes as a full disk does, or ends the program at once: files may have 64 KiB, and presence takes more.
#[cfg(unix)]
#[test]
fn a_full_disk_or_a_sudden_end_leaves_nothing_visible() {
    let (folder, store) = store("16000");
    for (name, prepare, code) in [("full", "trap '' XFSZ;", Some(1)), ("killed", "", None)] {
        let out = folder.path().join(name);
        let script = format!("{prepare} ulimit -f 128; exec \"$0\" \"$@\"");
        let place = out.display().to_string();
        let words = ["export", "csv", "--raw", "--store", &store, "--from", DAY, "--to", DAY, "--out", &place];
        let mut program = Command::new("sh");
        program.args(["-c", &script, env!("CARGO_BIN_EXE_vigie")]).args(words).env_remove("VIGIE_CONFIG");
        let done = program.output().unwrap();
        let said = text(&done.stderr);
        assert_eq!(done.status.code(), code, "{said}");
        if code.is_some() {
            assert!(said.contains("cannot write ") && said.contains("part-0.csv.gz: File too large"), "{said}");
        }
        assert_eq!(visible(&out), [out.join("export.json")]);
        // Neither is in the way of the next.
        let again = vigie(&words);
        assert!(again.status.success(), "{}", text(&again.stderr));
        let presence = out.join(format!("presence/date={DAY}/part-0.csv.gz"));
        assert!(presence.metadata().unwrap().len() > 2 * 64 * 1024);
    }
}
