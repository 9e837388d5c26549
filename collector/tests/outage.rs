//! Nobody there, for a while: what is followed is unknown then, and known again afterwards.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod common;

use std::error::Error as _;
use std::time::Duration;

use collector::Collector;
use collector::chatters::Source;
use collector::chatters::tmi::Tmi;
use collector::clock::Clock;
use collector::door::Door;
use collector::error::SweepError;
use collector::helix::{Helix, HelixConfig};
use common::{Stage, plan, world};
use model::slot::SlotTime;
use model::words::StreamStatus;
use simulator::server::{Settings, SimulatedTwitch};
use simulator::twitch::Twitch;
use tokio::time::Instant;

fn evening() -> SlotTime {
    SlotTime::at("2026-11-18".parse().unwrap(), 246)
}

async fn sweep(collector: &mut Collector, at: SlotTime) -> Result<model::sweep::SweepSummary, SweepError> {
    sweep_within(collector, at, Duration::from_secs(4)).await
}

async fn sweep_within(
    collector: &mut Collector,
    at: SlotTime,
    time: Duration,
) -> Result<model::sweep::SweepSummary, SweepError> {
    let clock = Clock::virtual_from((at.unix() + 2) * 1_000, 0.0);
    collector.sweep(at, &clock, Instant::now() + time).await
}

async fn statuses(stage: &Stage, at: SlotTime) -> Vec<StreamStatus> {
    stage.archive.read_streams(at).await.unwrap().iter().map(|row| row.status).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_twitch_is_gone_all_is_unknown_and_then_known_again() {
    let stage = Stage::new(Twitch::World(world()), Settings::default()).await;
    let mut collector = stage.collector(plan(60), evening()).await;
    stage.sweep(&mut collector, evening()).await.unwrap();
    let before = statuses(&stage, evening()).await;
    let port = stage.twitch.base().rsplit_once(':').unwrap().1.parse().unwrap();
    let Stage { twitch, archive, .. } = stage;
    twitch.stop().await;
    // An hour.
    for n in 1..13 {
        let summary = sweep_within(&mut collector, evening() + n, Duration::from_millis(700)).await.unwrap();
        assert_eq!((summary.unknown as usize, summary.live), (before.len(), 0));
    }
    // The same collector, once somebody is there again.
    let at = evening() + 13;
    let again = SimulatedTwitch::with(Twitch::World(world()), Settings::default(), move || at.unix() + 2, port);
    let _again = again.await.unwrap();
    // Its breaker finds out within half a minute at most.
    let summary = sweep_within(&mut collector, at, Duration::from_secs(60)).await.unwrap();
    assert!(summary.unknown == 0 && summary.live > 5 && summary.complete > 5, "{summary:?}");
    assert!(archive.read_streams(at).await.unwrap().len() >= before.len());
}

/// A door to the same server that holds back whoever asks for channels by id.
async fn deaf_to_ids(base: &str) -> String {
    let (base, http) = (base.to_owned(), collector::http::client().unwrap());
    let pass = move |request: axum::extract::Request| {
        let (base, http) = (base.clone(), http.clone());
        async move {
            let (head, body) = request.into_parts();
            if head.uri.query().is_some_and(|query| query.contains("user_id=")) {
                std::future::pending::<()>().await;
            }
            let body = axum::body::to_bytes(body, 1 << 16).await.unwrap();
            let there = http.request(head.method, format!("{base}{}", head.uri)).headers(head.headers).body(body);
            let answer = there.send().await.unwrap();
            (answer.status(), answer.bytes().await.unwrap())
        }
    };
    let door = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", door.local_addr().unwrap());
    tokio::spawn(async { axum::serve(door, axum::Router::new().fallback(pass)).await.unwrap() });
    base
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn calls_by_id_that_hang_leave_time_for_lists() {
    let stage = Stage::new(Twitch::World(world()), Settings::default()).await;
    let mut before = stage.collector(plan(60), evening()).await;
    let all = stage.sweep(&mut before, evening()).await.unwrap();
    let at = evening() + 1;
    stage.set(at.unix() + 2);
    let (helix, _) = common::clients(&deaf_to_ids(stage.twitch.base()).await);
    let (_, lists) = common::clients(stage.twitch.base());
    let collector = Collector::resume(helix, lists, plan(5), Door::default(), stage.archive.clone(), at);
    let summary = sweep_within(&mut collector.await.unwrap(), at, Duration::from_secs(6)).await.unwrap();
    assert_eq!((summary.live, summary.missing), (5, 0), "{summary:?}");
    assert!(summary.complete + summary.partial == 5 && summary.unknown >= all.live - 5, "{summary:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_name_that_nobody_has_is_an_outage() {
    let stage = Stage::new(Twitch::World(world()), Settings::default()).await;
    let mut collector = stage.collector(plan(60), evening()).await;
    stage.sweep(&mut collector, evening()).await.unwrap();
    let http = collector::http::client().unwrap();
    let base = "http://nowhere.invalid";
    let config = HelixConfig {
        base: format!("{base}/helix"),
        oauth: format!("{base}/oauth2"),
        client_id: "test".to_owned(),
        client_secret: "hunter2".to_owned(),
    };
    let nowhere = |archive: archive::Archive| {
        let (helix, tmi) = (Helix::new(http.clone(), config.clone()), Source::Tmi(Tmi::new(http.clone(), base)));
        Collector::resume(helix, tmi.into(), plan(60), Door::default(), archive, evening() + 1)
    };
    let mut followed = nowhere(stage.archive.clone()).await.unwrap();
    sweep(&mut followed, evening() + 1).await.unwrap();
    assert!(statuses(&stage, evening() + 1).await.iter().all(|status| *status == StreamStatus::Unknown));
    // With nobody to write of, there is no sweep.
    let empty = Stage::new(Twitch::World(world()), Settings::default()).await;
    let mut blind = nowhere(empty.archive.clone()).await.unwrap();
    let error = sweep(&mut blind, evening() + 1).await.unwrap_err();
    assert!(matches!(error, SweepError::Blind { .. }), "{error}");
    let told = format!("{error}: {}", error.source().unwrap());
    assert!(told.contains("POST /oauth2/token") && !told.contains("hunter2"), "{told}");
    assert_eq!(empty.archive.sweeps(evening().day()).await.unwrap(), []);
}
