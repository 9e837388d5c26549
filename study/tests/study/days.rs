//! Whole studies.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use model::day::Day;
use study::error::StudyError;
use study::price::Price;
use study::report::Report;
use study::rows::Order;
use study::setting::Setting;
use study::study::{Plan, study};
use study::table::Table;

use crate::support::{CHANNELS, PEOPLE, archive, day};

fn plan(settings: &[&str]) -> Plan {
    let settings = settings.iter().map(|text| text.parse().unwrap()).collect();
    Plan { day: day(), sweeps: 24, settings, seed: 1, price: Price::default() }
}

fn sizes(report: &Report) -> Vec<(Setting, u64, u64)> {
    report.outcomes.iter().map(|outcome| (outcome.setting, outcome.bytes, outcome.day_bytes)).collect()
}

#[tokio::test]
async fn our_setting_writes_the_archives_own_bytes() {
    let (_folder, archive) = archive().await;
    let report = study(&archive, &plan(&["members-5"]), || {}).await.unwrap();
    let ours = report.outcome(Setting::OURS, Order::Sorted).unwrap();
    assert_eq!(Some(ours.bytes), report.archive_bytes);
    assert_eq!((ours.day_bytes, report.day_text_bytes), (ours.bytes, report.text_bytes));
    assert_eq!((report.sweeps, report.sweeps_of_day), (5, 5));
    assert_eq!(report.rows, 5 * (CHANNELS * PEOPLE + CHANNELS) as u64);
    assert!(report.outcome(Setting::OURS, Order::Shuffled).unwrap().bytes > ours.bytes);
}

#[tokio::test]
async fn the_same_day_has_the_same_sizes() {
    let (_folder, archive) = archive().await;
    let steps = Arc::new(AtomicU64::new(0));
    let plan =
        Plan { sweeps: 2, ..plan(&["members-5", "gzip-1", "bzip2-1", "xz-0", "zstd-3", "zstd-long-1", "brotli-1"]) };
    let counted = Arc::clone(&steps);
    let step = move || {
        counted.fetch_add(1, Ordering::Relaxed);
    };
    let first = study(&archive, &plan, step).await.unwrap();
    let second = study(&archive, &plan, || {}).await.unwrap();
    assert_eq!(sizes(&first), sizes(&second));
    assert_eq!(steps.load(Ordering::Relaxed), plan.steps(5));
    assert_eq!(first.outcomes.len(), 2 * plan.settings.len());
    // Another permutation, other sizes; the sorted ones stay.
    let other = study(&archive, &Plan { seed: 2, ..plan }, || {}).await.unwrap();
    assert_ne!(sizes(&first), sizes(&other));
    let sorted = |report: &Report| report.outcome(Setting::OURS, Order::Sorted).map(|outcome| outcome.bytes);
    assert_eq!(sorted(&first), sorted(&other));
}

#[tokio::test]
async fn a_sample_stands_for_its_day() {
    let (_folder, archive) = archive().await;
    let part = study(&archive, &Plan { sweeps: 2, ..plan(&["members-5", "zstd-3"]) }, || {}).await.unwrap();
    assert_eq!((part.sweeps, part.sweeps_of_day), (2, 5));
    let (whole, estimate) = (part.archive_bytes.unwrap(), part.outcome(Setting::OURS, Order::Sorted).unwrap());
    assert!(estimate.day_bytes.abs_diff(whole) * 50 < whole, "{} of {whole}", estimate.day_bytes);
    assert!(estimate.bytes * 2 < estimate.day_bytes);
    let cost = estimate.day_bytes as f64 * 30.0 / 1e9 * 0.023;
    assert!((estimate.month_cost - cost).abs() < 1e-12);
    let table = Table(&part).to_string();
    let lines: Vec<&str> = table.lines().filter(|line| line.contains("members-5") || line.contains("zstd-3")).collect();
    assert_eq!(lines.len(), 2);
    assert_eq!(lines[0].len(), lines[1].len(), "{table}");
    assert!(table.starts_with("2026-11-22 (simulated): 2 of 5 sweeps, 15006 rows, "), "{table}");
    let json = serde_json::to_value(&part).unwrap();
    assert_eq!(json["outcomes"][0]["setting"], "members-5");
    assert_eq!(json["outcomes"][1]["order"], "shuffled");
    assert_eq!(json["readers"][0]["programs"][0], "BigQuery");
    assert_eq!(json["list_prices"][0]["per_gb"], 0.023);
}

#[tokio::test]
async fn what_cannot_be_studied_is_told() {
    let (folder, archive) = archive().await;
    let other: Day = "2026-11-23".parse().unwrap();
    let error = study(&archive, &Plan { day: other, ..plan(&["gzip-6"]) }, || {}).await.unwrap_err();
    assert_eq!(error.to_string(), format!("{} holds no sweep of 2026-11-23", folder.path().display()));
    assert!(matches!(study(&archive, &plan(&[]), || {}).await, Err(StudyError::Nothing("setting"))));
    let none = Plan { sweeps: 0, ..plan(&["gzip-6"]) };
    assert!(matches!(study(&archive, &none, || {}).await, Err(StudyError::Nothing("sweep"))));
    for price in [-1.0, f64::NAN, f64::INFINITY, 1001.0] {
        assert!(matches!(Price::new(price), Err(StudyError::Price(_))));
    }
    std::fs::write(folder.path().join("chatters/date=2026-11-22/0015.csv.gz"), "no gzip").unwrap();
    assert!(matches!(study(&archive, &plan(&["gzip-6"]), || {}).await, Err(StudyError::Archive(_))));
}
