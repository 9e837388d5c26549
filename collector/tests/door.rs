//! Whoever opted out is in nothing that a collector writes.

#![allow(clippy::unwrap_used)] // Its helpers are tests too.

mod common;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use archive::Archive;
use archive::path::Kind;
use collector::Collector;
use collector::clock::Clock;
use collector::door::Door;
use collector::error::SweepError;
use common::hooked::{Act, Hooked};
use common::{Stage, clients, plan, world};
use futures::FutureExt as _;
use model::identity::TwitchId;
use model::slot::SlotTime;
use model::words::Origin;
use simulator::server::Settings;
use simulator::twitch::Twitch;
use store::AnyStore;
use store::access::{Job, JobKey};
use store::suppression::{Secret, allow, suppress};
use tokio::sync::Mutex;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

fn slot(index: u16) -> SlotTime {
    SlotTime::at("2026-11-18".parse().unwrap(), 240 + index)
}

fn secret() -> Secret {
    Secret::new(b"0123456789abcdef").unwrap()
}

/// An invented Twitch, an archive, and a store that keeps the list.
struct House {
    stage: Stage,
    store: AnyStore,
    url: String,
    _folder: tempfile::TempDir,
}

impl House {
    async fn new() -> House {
        let folder = tempfile::tempdir().unwrap();
        let url = folder.path().join("store").display().to_string();
        let store = AnyStore::open(&url, Some(Origin::Simulated)).await.unwrap();
        House { stage: Stage::new(Twitch::World(world()), Settings::default()).await, store, url, _folder: folder }
    }

    async fn collector(&self) -> Collector {
        let door = Door::of(&self.url, Some(secret())).await.unwrap();
        self.stage.collector_behind(door, plan(500), slot(0)).await
    }

    async fn opts_out(&self, logins: &[&str], ids: &[TwitchId]) {
        let job = JobKey::grant(Job::Suppression);
        suppress(&self.store, &job, &secret(), logins, ids, 1).await.unwrap();
    }
}

/// The text of a sweep's objects.
async fn text(archive: &Archive, at: SlotTime) -> String {
    let mut all = String::new();
    for kind in [Kind::Streams, Kind::Chatters] {
        all.push_str(&String::from_utf8(archive.read_text(kind, at).await.unwrap()).unwrap());
    }
    all
}

/// Somebody who is in a chat, and a channel with an id.
async fn somebody(archive: &Archive, at: SlotTime) -> (String, (String, TwitchId)) {
    let streams = archive.read_streams(at).await.unwrap();
    let channels: BTreeSet<&str> = streams.iter().map(|row| row.channel.as_str()).collect();
    let people = archive.read_chatters(at).await.unwrap();
    let person = people.iter().find(|row| !channels.contains(row.chatter)).unwrap().chatter.to_owned();
    let channel = people.iter().next().unwrap().channel.clone();
    let id = streams.iter().find(|row| row.channel == channel).and_then(|row| row.channel_id).unwrap();
    (person, (channel.to_string(), id))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_who_opted_out_is_written_down() {
    let house = House::new().await;
    let archive = &house.stage.archive;
    let mut collector = house.collector().await;
    house.stage.sweep(&mut collector, slot(0)).await.unwrap();
    let (person, (channel, id)) = somebody(archive, slot(0)).await;
    let cell = |name: &str| format!(",{name},");
    assert!(text(archive, slot(0)).await.contains(&cell(&person)));

    // By login, and by id: the next sweep knows.
    house.opts_out(&[&person], &[id]).await;
    house.stage.sweep(&mut collector, slot(1)).await.unwrap();
    let written = text(archive, slot(1)).await;
    assert!(written.lines().count() > 20, "others are there");
    assert!(!written.contains(&cell(&person)) && !written.contains(&cell(&channel)));

    // A collector that begins anew knows too, and follows nobody who opted out.
    let mut again = house.collector().await;
    house.stage.sweep(&mut again, slot(2)).await.unwrap();
    let written = text(archive, slot(2)).await;
    assert!(!written.contains(&cell(&person)) && !written.contains(&cell(&channel)));

    // Who comes back is written down again.
    let job = JobKey::grant(Job::Suppression);
    allow(&house.store, &job, &secret(), &[&person], &[id]).await.unwrap();
    house.stage.sweep(&mut again, slot(3)).await.unwrap();
    let open = House::new().await;
    let mut all = open.collector().await;
    open.stage.sweep(&mut all, slot(3)).await.unwrap();
    assert_eq!(text(archive, slot(3)).await, text(&open.stage.archive, slot(3)).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_opts_out_during_a_sweep_is_not_in_it() {
    let house = House::new().await;
    let archive = &house.stage.archive;
    let mut collector = house.collector().await;
    house.stage.sweep(&mut collector, slot(0)).await.unwrap();
    let (person, (channel, id)) = somebody(archive, slot(0)).await;

    house.stage.set(slot(1).unix() + 2);
    let clock = Clock::virtual_from((slot(1).unix() + 2) * 1_000, 0.0);
    let asked = collector.ask(slot(1), &clock, Instant::now() + Duration::from_secs(30)).await.unwrap();
    let swept = collector.listen(asked, &CancellationToken::new()).await.unwrap();
    house.opts_out(&[&person, &channel], &[id]).await;
    let summary = collector.commit(swept).await.unwrap();
    let written = text(archive, slot(1)).await;
    assert!(!written.contains(&format!(",{person},")) && !written.contains(&format!(",{channel},")));
    // All else is as it was asked.
    let kept = archive.read_streams(slot(1)).await.unwrap();
    assert_eq!(summary.live as usize, kept.iter().filter(|row| row.stream.is_some()).count());
    let before = archive.read_streams(slot(0)).await.unwrap();
    assert!(kept.len() + 3 > before.len() && kept.iter().all(|row| row.channel.as_str() != channel));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_opts_out_while_a_sweep_is_archived_is_taken_out_again() {
    taken_out_again(false).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_cannot_be_taken_out_at_once_is_so_after_the_next_sweep() {
    taken_out_again(true).await;
}

async fn taken_out_again(fails: bool) {
    let house = House::new().await;
    let mut collector = house.collector().await;
    house.stage.sweep(&mut collector, slot(0)).await.unwrap();
    let (person, _) = somebody(&house.stage.archive, slot(0)).await;

    let folder = tempfile::tempdir().unwrap();
    // Once, while the lists of a sweep are on their way.
    let opts_out = Arc::new(Mutex::new(Some((house.store, person.clone()))));
    let failure = Arc::new(AtomicBool::new(fails));
    let meanwhile = Hooked::new(folder.path(), move |act, at| {
        let (opts_out, is_of_lists) = (Arc::clone(&opts_out), at.as_ref().starts_with("chatters/"));
        let failure = Arc::clone(&failure);
        async move {
            // The first time that it is read, which is to rewrite it.
            if act == Act::Other && is_of_lists && failure.swap(false, Ordering::Relaxed) {
                return Err(object_store::Error::NotImplemented {
                    operation: String::new(),
                    implementer: String::new(),
                });
            }
            if act == Act::Written
                && is_of_lists
                && let Some((store, who)) = opts_out.lock().await.take()
            {
                let job = JobKey::grant(Job::Suppression);
                suppress(&store, &job, &secret(), &[&who], &[], 1).await.unwrap();
            }
            Ok(())
        }
        .boxed()
    });
    let archive = Archive::over(meanwhile.clone(), meanwhile, "meanwhile", Some(Origin::Simulated)).await.unwrap();
    let (helix, chatters) = clients(house.stage.twitch.base());
    let door = Door::of(&house.url, Some(secret())).await.unwrap();
    let mut collector = Collector::resume(helix, chatters, plan(500), door, archive.clone(), slot(0)).await.unwrap();
    house.stage.sweep(&mut collector, slot(0)).await.unwrap();
    assert!(text(&house.stage.archive, slot(0)).await.contains(&format!(",{person},")));
    if fails {
        assert!(text(&archive, slot(0)).await.contains(&format!(",{person},")));
        house.stage.sweep(&mut collector, slot(1)).await.unwrap();
    }
    assert!(!text(&archive, slot(0)).await.contains(&format!(",{person},")));
    // As whoever reads it by its manifest expects it.
    let manifest = archive.manifest(slot(0).day()).await.unwrap().unwrap();
    let rows = archive.read_chatters(slot(0)).await.unwrap().rows().len() as u64;
    assert_eq!(manifest.sweep(slot(0).slot()).unwrap().chatters.rows, Some(rows));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_written_where_nobody_can_tell_who_opted_out() {
    let house = House::new().await;
    let unknowing = Door::of(&house.url, None).await.unwrap();
    let mut collector = house.stage.collector_behind(unknowing, plan(500), slot(0)).await;
    house.stage.sweep(&mut collector, slot(0)).await.unwrap();
    house.opts_out(&["_somebody"], &[]).await;
    let refused = house.stage.sweep(&mut collector, slot(1)).await.unwrap_err();
    assert!(matches!(refused, SweepError::Door { .. }), "{refused}");
    let listed = house.stage.archive.sweeps(slot(1).day()).await.unwrap();
    assert_eq!(listed, [slot(0).slot()]);
    // Nor does a collector begin without the secret, or with another.
    let other = Secret::new(b"fedcba9876543210").unwrap();
    for secret in [None, Some(other)] {
        assert!(Door::of(&house.url, secret).await.is_err());
    }

    // A store that went away keeps those out who were on its list.
    let mut collector = house.collector().await;
    house.store.close().await;
    std::fs::rename(&house.url, format!("{}.gone", house.url)).unwrap();
    house.stage.sweep(&mut collector, slot(2)).await.unwrap();
    assert!(!text(&house.stage.archive, slot(2)).await.contains(",_somebody,"));
    // Where none is yet, nobody has opted out.
    Door::of(&house.url, None).await.unwrap();
}
