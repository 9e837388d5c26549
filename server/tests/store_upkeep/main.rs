//! `vigie store` as it is called, beside a process that has the store open, and killed half-way.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use store::AnyStore;
use tempfile::TempDir;

fn command(words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vigie"));
    command.args(words).env_remove("VIGIE_CONFIG");
    command
}

fn vigie(words: &[&str]) -> Output {
    command(words).output().unwrap()
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

/// What it says when it succeeds.
fn said(words: &[&str]) -> String {
    let done = vigie(words);
    assert!(done.status.success(), "{words:?}: {}", text(&done.stderr));
    text(&done.stdout).to_owned()
}

/// A store with two days of few people, over the turn of a month.
fn store() -> (TempDir, String) {
    let folder = TempDir::new().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    let (archive, store) = (path("archive"), path("store"));
    let people = ["--viewers", "300", "--channels", "20", "--days", "2", "--until", "2026-11-01"];
    said(&[&["simulate", "archive", "--out", &archive][..], &people].concat());
    said(&["import", "--archive", &archive, "--store", &store]);
    (folder, store)
}

/// Everything in a folder, by name, with the bytes of what is the store's own.
fn held(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut held: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "db"))
        .map(|path| (path.clone(), fs::read(path).unwrap()))
        .collect();
    held.sort();
    held
}

#[tokio::test]
async fn figures_checks_and_backups_run_beside_whoever_has_the_store() {
    let (folder, store) = store();
    let open = AnyStore::open(&store, None).await.unwrap();
    let table = said(&["store", "stats", "--store", &store]);
    assert!(table.contains("2026-10  open") && table.contains("2026-11  open"), "{table}");
    let stats: Value = serde_json::from_str(&said(&["store", "stats", "--json", "--store", &store])).unwrap();
    assert_eq!((&stats["days"], &stats["months"][1]["month"]), (&2.into(), &"2026-11".into()));
    let checked = said(&["store", "check", "--full", "--store", &store]);
    assert!(checked.contains("nothing is wrong"), "{checked}");
    let report: Value = serde_json::from_str(&said(&["store", "check", "--json", "--store", &store])).unwrap();
    assert_eq!((&report["findings"], &report["viewer_days"]), (&Value::Array(vec![]), &stats["viewer_days"]));
    let to = folder.path().join("backup").display().to_string();
    assert!(said(&["store", "backup", &to, "--store", &store]).contains("rows in 3 files"));
    let refused = vigie(&["store", "vacuum", "--store", &store]);
    assert!(!refused.status.success() && text(&refused.stderr).contains("another process uses the store"));
    open.close().await;
    drop(open);
    assert!(said(&["store", "vacuum", "--store", &store]).contains("given back"));
    let twin = folder.path().join("twin").display().to_string();
    assert!(said(&["store", "restore", &to, "--store", &twin]).contains("simulated data"));
    let twins: Value = serde_json::from_str(&said(&["store", "stats", "--json", "--store", &twin])).unwrap();
    assert_eq!((&twins["people"], &twins["viewer_days"]), (&stats["people"], &stats["viewer_days"]));
}

#[test]
fn what_is_wrong_is_told_and_ends_with_1() {
    let (folder, store) = store();
    let to = folder.path().join("backup").display().to_string();
    said(&["store", "backup", &to, "--store", &store]);
    let twin = folder.path().join("twin").display().to_string();
    let altered = Path::new(&to).join("open-2026-10.db");
    let mut bytes = fs::read(&altered).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    fs::write(&altered, bytes).unwrap();
    let lost = Path::new(&store).join("open-2026-11.db");
    for (words, told) in [
        (&["store", "restore", &to, "--store", &twin][..], "open-2026-10.db is not as it was written"),
        (&["store", "restore", &store, "--store", &twin], "is no backup"),
        (&["store", "backup", &to, "--store", &store], "is there already"),
        (&["store", "stats", "--store", &twin], "there is no store"),
    ] {
        let done = vigie(words);
        assert_eq!(done.status.code(), Some(1), "{words:?}");
        assert!(
            text(&done.stderr).starts_with("vigie: ") && text(&done.stderr).contains(told),
            "{}",
            text(&done.stderr)
        );
    }
    assert!(!Path::new(&twin).exists());
    fs::remove_file(lost).unwrap();
    let done = vigie(&["store", "check", "--store", &store]);
    assert_eq!(done.status.code(), Some(1));
    assert!(text(&done.stdout).contains("months whose file is lost: 1 (month 2026-11)"), "{}", text(&done.stdout));
    assert!(text(&done.stderr).contains("wrong: restore a backup, or import"), "{}", text(&done.stderr));
}

/// Whatever is in the backup that is being written, and how many bytes it has.
fn written(folder: &Path) -> (usize, u64) {
    let unfinished = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let files = unfinished
        .filter(|path| path.extension().is_some_and(|extension| extension == "unfinished"))
        .flat_map(|path| fs::read_dir(path).into_iter().flatten().flatten());
    files.fold((0, 0), |(files, bytes), file| (files + 1, bytes + file.metadata().map_or(0, |data| data.len())))
}

#[test]
fn a_backup_that_is_killed_leaves_the_store_and_nothing_that_looks_like_one() {
    let (folder, store) = store();
    let before = held(Path::new(&store));
    let backups = folder.path().join("backups");
    fs::create_dir(&backups).unwrap();
    let (mut killed, mut whole) = (0, 0);
    // Killed at its start, and when it has begun one file, two, all of them with the manifest.
    for files in [0, 1, 2, 3, 4].repeat(3) {
        let to = backups.join(format!("backup-{}", killed + whole));
        let mut backup = command(&["store", "backup", to.to_str().unwrap(), "--store", &store]);
        let mut backup = backup.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        while written(&backups).0 < files && backup.try_wait().unwrap().is_none() {}
        // SIGKILL; or it has ended, and then there is nothing to kill.
        let _ = backup.kill();
        if backup.wait().unwrap().success() {
            whole += 1;
            assert!(to.join("backup.json").exists());
        } else {
            killed += 1;
            // The last act of a backup is its name: a whole one may have it already.
            let twin = folder.path().join(format!("twin-{killed}")).display().to_string();
            let restored = vigie(&["store", "restore", to.to_str().unwrap(), "--store", &twin]);
            assert_eq!(restored.status.success(), to.exists(), "{}", text(&restored.stderr));
        }
        for left in fs::read_dir(&backups).unwrap().map(|entry| entry.unwrap().path()) {
            if left.extension().is_some_and(|extension| extension == "unfinished") {
                fs::remove_dir_all(left).unwrap();
            }
        }
    }
    assert!(killed > 5, "{killed} of {}", killed + whole);
    assert_eq!(held(Path::new(&store)), before);
    assert!(said(&["store", "check", "--full", "--store", &store]).contains("nothing is wrong"));
}
