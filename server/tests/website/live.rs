//! What is on air when a program starts.

use std::fs;

use archive::Archive;
use model::slot::SlotTime;
use model::words::Origin;
use server::live::Live;
use store::{AnyStore, Store};

use crate::world::{live, sweep};

#[tokio::test]
async fn a_sweep_that_cannot_be_read_is_passed_over() {
    let folder = tempfile::tempdir().unwrap();
    let part = |name: &str| folder.path().join(name).display().to_string();
    let archive = Archive::create(&part("archive"), Origin::Simulated).await.unwrap();
    let store = AnyStore::open(&part("store"), Some(Origin::Simulated)).await.unwrap();
    let at = |slot| SlotTime::at("2026-11-22".parse().unwrap(), slot);
    for slot in 100..104 {
        sweep(&archive, at(slot), vec![live(at(slot), "_a")], vec![]).await;
    }
    // One within, and the last.
    for name in ["0825", "0835"] {
        fs::write(folder.path().join(format!("archive/streams/date=2026-11-22/{name}.csv.gz")), b"no gzip").unwrap();
    }
    Live::resume(&archive, &store, None, at(103)).await.unwrap();
    assert_eq!(store.live_at().await.unwrap(), Some(at(102)));
    let shown = store.live().await.unwrap();
    let trail = &shown[0].trail;
    assert_eq!((shown.len(), &trail[trail.len() - 4..]), (1, &[None, Some(100), None, Some(100)][..]));
}
