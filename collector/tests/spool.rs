//! Sweeps wait for an archive that is out of reach, and nothing is lost.

#![allow(clippy::unwrap_used)] // Its helpers are tests too.

mod common;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use archive::Archive;
use archive::error::ArchiveError;
use archive::path::Kind;
use collector::clock::Clock;
use collector::door::Door;
use collector::error::{ShipError, SweepError};
use collector::spool::Spool;
use collector::{Collector, run};
use common::hooked::{Act, Hooked};
use common::{Stage, clients, plan, world};
use futures::FutureExt as _;
use model::slot::SlotTime;
use model::words::Origin;
use simulator::server::Settings;
use simulator::twitch::Twitch;
use store::AnyStore;
use store::access::{Job, JobKey};
use store::suppression::{Secret, suppress};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

fn slot(index: u16) -> SlotTime {
    // Over midnight, so that there are two days; over long ago, so that nothing is left of them.
    SlotTime::at("2025-11-18".parse().unwrap(), 286) + i32::from(index)
}

/// More than any test writes.
const ROOM: u64 = 1 << 30;

/// An archive that takes so many objects more, and then is out of reach.
struct Far {
    folder: TempDir,
    archive: Archive,
    left: Arc<AtomicI64>,
}

impl Far {
    async fn new() -> Far {
        let folder = tempfile::tempdir().unwrap();
        let left = Arc::new(AtomicI64::new(i64::MAX));
        let hooked = {
            let left = Arc::clone(&left);
            Hooked::new(folder.path(), move |act, _| {
                let left = match act {
                    Act::Put => left.fetch_sub(1, Ordering::Relaxed),
                    Act::Written => 1,
                    Act::Other => left.load(Ordering::Relaxed),
                };
                let down = || object_store::Error::Generic { store: "test", source: "out of reach".into() };
                std::future::ready(if left > 0 { Ok(()) } else { Err(down()) }).boxed()
            })
        };
        let archive = Archive::over(hooked.clone(), hooked, "far", Some(Origin::Simulated)).await.unwrap();
        Far { folder, archive, left }
    }

    fn takes(&self, objects: i64) {
        self.left.store(objects, Ordering::Relaxed);
    }
}

/// A collector whose sweeps wait in `folder` for `archive`.
async fn collector(stage: &Stage, archive: &Archive, door: Door, spool: &Spool) -> Collector {
    let (helix, chatters) = clients(stage.twitch.base());
    let resumed = Collector::resume(helix, chatters, plan(500), door, archive.clone(), slot(0)).await;
    resumed.unwrap().through(spool.clone(), slot(0)).await.unwrap()
}

async fn spool(folder: &TempDir, most: u64) -> Spool {
    Spool::open(folder.path().join("spool").to_str().unwrap(), Origin::Simulated, most).await.unwrap()
}

async fn stage() -> Stage {
    Stage::new(Twitch::World(world()), Settings::default()).await
}

/// Every file below a folder.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    for path in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if path.is_dir() {
            found.extend(files(&path).into_iter().map(|(inner, bytes)| (format!("{name}/{inner}"), bytes)));
        } else {
            found.insert(name, std::fs::read(&path).unwrap());
        }
    }
    found
}

/// Nothing but what the folder of an archive says of itself.
fn is_empty(folder: &TempDir) -> bool {
    files(&folder.path().join("spool")).into_keys().eq(["manifest/archive.json"])
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_outage_anywhere_in_a_sweep_loses_nothing() {
    let direct = stage().await;
    let mut by_hand = direct.collector(plan(500), slot(0)).await;
    for index in 0..4 {
        direct.sweep(&mut by_hand, slot(index)).await.unwrap();
    }
    let wanted = files(direct.folder());
    // A sweep is five objects.
    for taken in 0..=20 {
        let (stage, far, folder) = (stage().await, Far::new().await, tempfile::tempdir().unwrap());
        let waiting = spool(&folder, ROOM).await;
        let mut collector = collector(&stage, &far.archive, Door::default(), &waiting).await;
        for index in 0..4 {
            stage.sweep(&mut collector, slot(index)).await.unwrap();
        }
        assert_eq!(waiting.days().await.unwrap().len(), 2);
        far.takes(taken);
        let shipped = waiting.ship(&far.archive, &mut Door::default()).await;
        assert!(matches!(shipped, Err(ShipError::Archive(_))) || taken == 20, "{taken}: {shipped:?}");
        // Whoever goes on may be another process.
        far.takes(i64::MAX);
        spool(&folder, ROOM).await.ship(&far.archive, &mut Door::default()).await.unwrap();
        assert!(files(far.folder.path()) == wanted, "after {taken} objects");
        assert!(is_empty(&folder), "after {taken} objects");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_spool_takes_no_more_than_it_may() {
    let (stage, far, folder) = (stage().await, Far::new().await, tempfile::tempdir().unwrap());
    let waiting = spool(&folder, 1_000).await;
    let mut collector = collector(&stage, &far.archive, Door::default(), &waiting).await;
    stage.sweep(&mut collector, slot(0)).await.unwrap();
    let full = stage.sweep(&mut collector, slot(1)).await.unwrap_err();
    assert!(matches!(full, SweepError::Full { bytes, .. } if bytes > 1_000), "{full}");
    assert_eq!(waiting.ship(&far.archive, &mut Door::default()).await.unwrap(), 1);
    stage.sweep(&mut collector, slot(2)).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_collectors_the_first_to_ship_has_the_slot() {
    let far = Far::new().await;
    let (stages, folders) = ([stage().await, stage().await], [0; 2].map(|_| tempfile::tempdir().unwrap()));
    let waiting = [spool(&folders[0], ROOM).await, spool(&folders[1], ROOM).await];
    let mut collectors = Vec::new();
    for ((stage, waiting), top) in stages.iter().zip(&waiting).zip([500, 3]) {
        let (helix, chatters) = clients(stage.twitch.base());
        let archive = far.archive.clone();
        let resumed = Collector::resume(helix, chatters, plan(top), Door::default(), archive, slot(0)).await;
        collectors.push(resumed.unwrap().through(waiting.clone(), slot(0)).await.unwrap());
    }
    for (stage, collector) in stages.iter().zip(&mut collectors) {
        stage.sweep(collector, slot(0)).await.unwrap();
    }
    let mut kept = Vec::new();
    for (waiting, folder) in waiting.iter().zip(&folders) {
        waiting.ship(&far.archive, &mut Door::default()).await.unwrap();
        assert!(is_empty(folder));
        kept.push(files(far.folder.path()));
    }
    assert!(kept[0] == kept[1], "the second changed nothing");
    // What is in the archive is not swept again, as after a restart.
    let taken = stages[0].sweep(&mut collectors[0], slot(0)).await.unwrap_err();
    assert!(matches!(taken, SweepError::Archive { source: ArchiveError::SlotTaken { .. }, .. }), "{taken}");
}

/// None of it, or a part, had arrived when the archive went away; then somebody in it opted out.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_opts_out_while_a_sweep_waits_is_taken_out_and_the_sweep_is_kept() {
    for taken in 0..5 {
        let (stage, far, folder) = (stage().await, Far::new().await, tempfile::tempdir().unwrap());
        let secret = Secret::new(b"0123456789abcdef").unwrap();
        let url = folder.path().join("store").display().to_string();
        let store = AnyStore::open(&url, Some(Origin::Simulated)).await.unwrap();
        let mut door = Door::of(&url, Some(secret.clone())).await.unwrap();
        let waiting = spool(&folder, ROOM).await;
        let mut collector = collector(&stage, &far.archive, door.clone(), &waiting).await;
        stage.sweep(&mut collector, slot(0)).await.unwrap();
        let people = waiting.waiting().read_chatters(slot(0)).await.unwrap();
        let person = people.iter().next().unwrap().chatter.to_owned();
        far.takes(taken);
        assert!(waiting.ship(&far.archive, &mut door).await.is_err());
        suppress(&store, &JobKey::grant(Job::Suppression), &secret, &[&person], &[], 1).await.unwrap();
        far.takes(i64::MAX);
        // By the process that swept, or by one that finds it there.
        let waiting = if taken % 2 == 0 { waiting } else { spool(&folder, ROOM).await };
        waiting.ship(&far.archive, &mut door).await.unwrap();
        let left = far.archive.read_chatters(slot(0)).await.unwrap();
        assert!(left.iter().all(|row| row.chatter != person) && !left.rows().is_empty(), "after {taken} objects");
        assert_eq!(far.archive.sweeps(slot(0).day()).await.unwrap(), [slot(0).slot()]);
        let manifest = far.archive.manifest(slot(0).day()).await.unwrap().unwrap();
        let entry = manifest.sweep(slot(0).slot()).unwrap();
        assert_eq!(entry.chatters.rows, Some(left.rows().len() as u64), "after {taken} objects");
        store.close().await;
    }
}

/// Another collector began with the slot and died: its lists are there, and no sweep.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sweep_is_kept_where_another_was_only_begun() {
    let (stage, far, folder) = (stage().await, Far::new().await, tempfile::tempdir().unwrap());
    let waiting = spool(&folder, ROOM).await;
    let mut collector = collector(&stage, &far.archive, Door::default(), &waiting).await;
    stage.sweep(&mut collector, slot(0)).await.unwrap();
    let lists = Kind::Chatters.object(slot(0));
    let begun = far.folder.path().join(&lists);
    std::fs::create_dir_all(begun.parent().unwrap()).unwrap();
    let other = std::fs::read(folder.path().join("spool").join(&lists)).unwrap();
    std::fs::write(&begun, &other[..other.len() / 2]).unwrap();
    let refused = waiting.ship(&far.archive, &mut Door::default()).await.unwrap_err();
    assert!(matches!(refused, ShipError::Archive(_)), "{refused}");
    assert_eq!(waiting.waiting().sweeps(slot(0).day()).await.unwrap(), [slot(0).slot()]);
    std::fs::remove_file(begun).unwrap();
    assert_eq!(waiting.ship(&far.archive, &mut Door::default()).await.unwrap(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sweep_that_cannot_be_read_keeps_no_other_back() {
    let (stage, far, folder) = (stage().await, Far::new().await, tempfile::tempdir().unwrap());
    let waiting = spool(&folder, ROOM).await;
    let mut collector = collector(&stage, &far.archive, Door::default(), &waiting).await;
    for index in 0..2 {
        stage.sweep(&mut collector, slot(index)).await.unwrap();
    }
    let lists = folder.path().join("spool").join(Kind::Chatters.object(slot(0)));
    std::fs::remove_file(lists).unwrap();
    assert_eq!(waiting.ship(&far.archive, &mut Door::default()).await.unwrap(), 1);
    assert_eq!(far.archive.sweeps(slot(0).day()).await.unwrap(), [slot(1).slot()]);
    assert_eq!(waiting.waiting().sweeps(slot(0).day()).await.unwrap(), [slot(0).slot()]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sweeps_go_on_during_an_outage_and_arrive_after_it() {
    let (stage, far, folder) = (stage().await, Far::new().await, tempfile::tempdir().unwrap());
    let waiting = spool(&folder, ROOM).await;
    let collector = collector(&stage, &far.archive, Door::default(), &waiting).await;
    far.takes(0);
    stage.set(slot(0).unix());
    // A slot a second.
    let clock = Clock::virtual_from(slot(0).unix() * 1_000, 300.0);
    let cancel = CancellationToken::new();
    let (swept, mut sweeps) = tokio::sync::mpsc::channel(8);
    let running = tokio::spawn(run(collector, clock, cancel.clone(), swept));
    for _ in 0..2 {
        sweeps.recv().await.unwrap();
    }
    assert!(files(far.folder.path()).into_keys().eq(["manifest/archive.json"]));
    far.takes(i64::MAX);
    let mut tick = tokio::time::interval(Duration::from_millis(20));
    while !files(far.folder.path()).keys().any(|name| name.starts_with("streams/")) {
        tick.tick().await;
    }
    cancel.cancel();
    running.await.unwrap();
    waiting.ship(&far.archive, &mut Door::default()).await.unwrap();
    assert!(is_empty(&folder));
}
