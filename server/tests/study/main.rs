//! `vigie study` as it is called.
#![cfg(feature = "study")]
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

fn vigie(words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_vigie")).args(words).env_remove("VIGIE_CONFIG").output().unwrap()
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

/// An archive of one day of few people.
fn archive() -> (TempDir, String) {
    let folder = TempDir::new().unwrap();
    let place = folder.path().join("archive").display().to_string();
    let made = vigie(&[
        "simulate",
        "archive",
        "--viewers",
        "300",
        "--channels",
        "20",
        "--until",
        "2026-11-21",
        "--out",
        &place,
    ]);
    assert!(made.status.success(), "{}", text(&made.stderr));
    (folder, place)
}

fn study(place: &str, words: &[&str]) -> Output {
    let day = if words.contains(&"--day") { &[][..] } else { &["--day", "2026-11-21"] };
    vigie(&[&["study", "compression", "--archive", place, "--sweeps", "2"], day, words].concat())
}

#[test]
fn a_study_prints_a_table_json_and_a_picture() {
    let (folder, place) = archive();
    let table = study(&place, &["--codecs", "members-5,gzip-6"]);
    assert!(table.status.success(), "{}", text(&table.stderr));
    assert!(text(&table.stdout).contains("\nmembers-5 *") && text(&table.stdout).contains("\ngzip-6 "));
    let picture = folder.path().join("study.svg").display().to_string();
    let sizes = || {
        let json = study(&place, &["--codecs", "members-5,zstd-3", "--json", "--picture", &picture]);
        assert!(json.status.success(), "{}", text(&json.stderr));
        let report: Value = serde_json::from_slice(&json.stdout).unwrap();
        assert_eq!((&report["day"], &report["sweeps"]), (&"2026-11-21".into(), &2.into()));
        let outcomes = report["outcomes"].as_array().unwrap().clone();
        outcomes.iter().map(|outcome| outcome["day_bytes"].as_u64().unwrap()).collect::<Vec<_>>()
    };
    let first = sizes();
    assert_eq!(first.len(), 4);
    assert_eq!(first, sizes());
    assert!(std::fs::read_to_string(&picture).unwrap().contains("members-5 (ours)"));
}

#[test]
fn bad_input_is_told_and_ends_with_1() {
    let (folder, place) = archive();
    let nowhere = folder.path().join("nowhere").display().to_string();
    for (place, words, told) in [
        (&place, &["--day", "2026-11-20"][..], "holds no sweep of 2026-11-20"),
        (&nowhere, &[], "is no archive"),
        (&place, &["--codecs", "gzip-12"], "gzip has the levels 1 to 9, and \"gzip-12\" names none of them"),
        (&place, &["--codecs", "rar-3"], "\"rar-3\" is no compression"),
        (&place, &["--price-per-gb", "-1"], "is no price of a GB-month"),
        (&place, &["--sweeps=0"], "needs at least one sweep"),
        (&place, &["--codecs", "gzip-1", "--picture", "/no/such/folder/x.svg"], "cannot write /no/such/folder/x.svg"),
    ] {
        // `study` asks for two sweeps already: clap takes an option once.
        let done = if words.contains(&"--sweeps=0") {
            vigie(&["study", "compression", "--archive", place, "--day", "2026-11-21", "--sweeps=0"])
        } else {
            study(place, words)
        };
        let said = text(&done.stderr);
        assert_eq!(done.status.code(), Some(1), "{said}");
        assert!(said.starts_with("vigie: ") || said.contains("\nvigie: "), "{said}");
        assert!(said.contains(told), "{said}");
    }
}
