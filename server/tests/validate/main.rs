//! `vigie validate` as it is called, the whole way: invented, archived, imported, read back, judged.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

fn validate(words: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vigie"));
    command.arg("validate").args(words).env_remove("VIGIE_CONFIG").env("VIGIE_LOG", "error");
    command.current_dir(Path::new("/")).output().unwrap()
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

fn told(words: &[&str]) -> String {
    let output = validate(words);
    assert!(output.status.success(), "{words:?}: {}", text(&output.stderr));
    text(&output.stdout).to_owned()
}

/// What may be nothing: where there is nobody to tell it of, and what has no interval.
const MAY_BE_NOTHING: [&str; 8] =
    ["answered_without_truth", "auc", "active_days", "intervals", "known", "median", "precision", "recall"];

/// JSON has no NaN: it would be null. Every share lies in its interval, and that between 0 and 1.
fn check(value: &Value, name: &str) {
    match value {
        Value::Null => assert!(MAY_BE_NOTHING.contains(&name), "{name} is nothing"),
        Value::Object(fields) => {
            if let (Some(share), Some(from), Some(to)) = (fields.get("share"), fields.get("from"), fields.get("to")) {
                let [share, from, to] = [share, from, to].map(|number| number.as_f64().unwrap());
                assert!(0.0 <= from && from <= share && share <= to && to <= 1.0, "{name}: {value}");
                assert!(fields["count"].as_u64() <= fields["of"].as_u64(), "{name}: {value}");
            }
            for width in ["mean_width", "median_width"].iter().filter_map(|name| fields.get(*name)) {
                assert!(width.as_f64().unwrap() >= 0.0, "{name}: {value}");
            }
            fields.iter().for_each(|(name, value)| check(value, name));
        }
        Value::Array(all) => all.iter().for_each(|value| check(value, name)),
        _ => {}
    }
}

fn by_id<'a>(all: &'a Value, id: &str) -> &'a Value {
    all.as_array().unwrap().iter().find(|one| one["id"] == id).unwrap_or_else(|| panic!("no {id}: {all}"))
}

fn group<'a>(quantity: &'a Value, name: &str) -> &'a Value {
    let groups = quantity["groups"].as_array().unwrap();
    groups.iter().find(|group| group["group"] == name).unwrap_or_else(|| panic!("no {name}: {quantity}"))
}

#[test]
fn the_whole_way_says_what_must_hold() {
    let json = told(&["--people", "120", "--channels", "30", "--days", "35", "--family", "a", "--json"]);
    let report: Value = serde_json::from_str(&json).unwrap();
    check(&report, "report");
    assert_eq!(
        (&report["people"], &report["from"], &report["level"]),
        (&120.into(), &"2026-01-19".into(), &0.8.into())
    );
    let family = &report["families"][0];
    assert_eq!((&family["family"], report["families"].as_array().unwrap().len()), (&"a".into(), 1));
    assert!(family["zones"].as_u64() >= Some(6) && family["seen"].as_u64() > Some(100), "{family}");
    let inferences = &family["inferences"];
    let ids: BTreeSet<&str> = inferences.as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap()).collect();
    for id in ["offline-window", "chronotype", "work-rhythm", "predictability", "always-on", "bot"] {
        assert!(ids.contains(id), "{id}: {ids:?}");
    }

    let offline = by_id(inferences, "offline-window");
    let middle = by_id(&offline["quantities"], "middle");
    // Night workers sleep around noon: windows this near to it lie in the day.
    assert!(group(middle, "night worker")["median"].as_f64().unwrap() < 4.0, "{middle}");
    // They stop watching before they sleep, and begin after they wake: the window is too long, and holds the night.
    let bias = |id: &str| by_id(&offline["quantities"], id)["errors"]["bias"].as_f64().unwrap();
    assert!(bias("length") > 0.5 && bias("to") > 0.0, "{offline}");
    let complete = &by_id(&offline["quantities"], "from-complete")["intervals"];
    assert!(complete["coverage"]["share"].as_f64().unwrap() > 0.6, "{complete}");

    let office = by_id(&by_id(inferences, "work-rhythm")["quantities"], "office-ratio");
    assert!(office["auc"].as_f64().unwrap() > 0.7, "{office}");
    let always_on = by_id(&by_id(inferences, "always-on")["quantities"], "always-on");
    assert!(always_on["recall"]["share"].as_f64().unwrap() >= 0.5, "{always_on}");
    assert!(always_on["false_alarms"].as_u64() < Some(5), "{always_on}");
}

#[test]
fn the_same_seed_gives_the_same_report_and_other_people_are_refused() {
    let folder = TempDir::new().unwrap();
    let data = folder.path().join("data").display().to_string();
    let few = ["--people", "100", "--channels", "20", "--days", "14", "--family", "b"];
    let json = |more: &[&str]| told(&[&few, &["--json"][..], more].concat());
    let first = json(&["--data", &data]);
    check(&serde_json::from_str(&first).unwrap(), "report");
    // Made anew somewhere else, and read again where it is.
    assert_eq!(first, json(&[]));
    assert_eq!(first, json(&["--data", &data]));
    let table = told(&[&few, &["--data", &data][..]].concat());
    assert!(table.contains("FAMILY B") && table.contains("offline-window") && !table.contains("NaN"), "{table}");

    let other = validate(&["--people", "101", "--days", "14", "--data", &data]);
    assert!(!other.status.success() && text(&other.stderr).contains("--data"), "{}", text(&other.stderr));
    let file = folder.path().join("file");
    std::fs::write(&file, "").unwrap();
    let none = validate(&["--people", "100", "--data", &file.display().to_string()]);
    assert!(!none.status.success() && text(&none.stderr).contains("cannot use the folder"), "{}", text(&none.stderr));
}
