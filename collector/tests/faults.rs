//! What Twitch was seen to do in production is survived, and told as what it is.

#![allow(clippy::unwrap_used)] // Its helpers are tests too.

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use collector::Collector;
use collector::clock::Clock;
use collector::door::Door;
use collector::error::SweepError;
use collector::tracked::TrackedList;
use common::{SEED, Stage, clients, login, plan, world};
use model::slot::SlotTime;
use model::words::{ListStatus, StreamStatus};
use simulator::outage::ListFailure;
use simulator::script::{Script, ScriptSlot};
use simulator::server::faults::{Fault, HttpFaults};
use simulator::server::{Paging, Settings, SimulatedTwitch};
use simulator::twitch::Twitch;
use tokio::sync::mpsc;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

fn slot(index: u16) -> SlotTime {
    SlotTime::at("2026-11-18".parse().unwrap(), index)
}

/// Channels on air in all of these slots, each with its owner in the chat.
fn script(channels: u16, slots: std::ops::Range<u16>) -> Script {
    let mut script = Script::default();
    for n in 0..channels {
        let channel = login(&format!("_channel_{n}"));
        for index in slots.clone() {
            let list = Ok(BTreeSet::from([channel.clone(), login("_viewer")]));
            script.slot(&channel, slot(index), ScriptSlot { viewers: 2_000 - u32::from(n), list });
        }
    }
    script
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn any_paging_gives_every_channel_once() {
    use Paging::{EmptyAtEnd, Honest, LoopsBack, NoKeyAtEnd, Overlapping, RepeatsCursor, Short};
    for paging in [Honest, NoKeyAtEnd, Short, Overlapping, EmptyAtEnd, LoopsBack, RepeatsCursor] {
        let settings = Settings { paging, ..Settings::default() };
        let stage = Stage::new(Twitch::Script(Arc::new(script(230, 100..102))), settings).await;
        // More than there are: the end of the pages is met.
        let mut collector = stage.collector(plan(500), slot(100)).await;
        for at in [slot(100), slot(101)] {
            stage.sweep(&mut collector, at).await.unwrap();
            let streams = stage.archive.read_streams(at).await.unwrap();
            // A cursor that repeats shows two pages of a hundred.
            let expected = if paging == RepeatsCursor { 200 } else { 230 };
            assert_eq!(streams.len(), expected, "{paging:?}");
            assert!(streams.iter().all(|row| row.list_status == ListStatus::Complete), "{paging:?}");
        }
    }
}

/// Sweeps on air channels, of which the second collector's top has ten; gives how many it says are live.
async fn followed_through(faults: HttpFaults) -> usize {
    let stage = Stage::new(Twitch::Script(Arc::new(script(230, 100..130))), Settings::default()).await;
    let mut collector = stage.collector(plan(230), slot(100)).await;
    stage.sweep(&mut collector, slot(100)).await.unwrap();
    let mut collector = stage.collector(plan(10), slot(101)).await;
    stage.twitch.faults().set(faults);
    let mut live = 0;
    for index in 101..110 {
        let summary = stage.sweep(&mut collector, slot(index)).await.unwrap();
        let streams = stage.archive.read_streams(slot(index)).await.unwrap();
        let off_air: Vec<_> = streams.iter().filter(|row| row.status == StreamStatus::OffAir).collect();
        assert_eq!((streams.len(), off_air.len()), (230, 0), "{index}: {off_air:?}");
        live = summary.live;
    }
    live as usize
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_is_off_air_because_a_page_went_wrong() {
    let none = HttpFaults::default();
    assert_eq!(followed_through(HttpFaults { short_page: 1.0, ..none }).await, 230);
    assert_eq!(followed_through(HttpFaults { cursor_loop: 1.0, ..none }).await, 230);
    let mixed = HttpFaults { seed: SEED, short_page: 0.3, cursor_loop: 0.2, duplicate: 0.2, gap: 0.2, ..none };
    assert_eq!(followed_through(mixed).await, 230);
    followed_through(HttpFaults { invalid_cursor: 0.3, ..mixed }).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lists_that_fail_are_missing_and_the_stream_is_kept() {
    let failures = [ListFailure::NotFound, ListFailure::BadGateway, ListFailure::Truncated, ListFailure::FalseZero];
    let mut script = script(1, 100..101);
    for (n, failure) in failures.into_iter().enumerate() {
        script.slot(&login(&format!("_failing_{n}")), slot(100), ScriptSlot { viewers: 50, list: Err(failure) });
    }
    let stage = Stage::new(Twitch::Script(Arc::new(script)), Settings::default()).await;
    let mut collector = stage.collector(plan(10), slot(100)).await;
    let summary = stage.sweep(&mut collector, slot(100)).await.unwrap();
    assert_eq!((summary.live, summary.complete, summary.missing, summary.unknown), (5, 1, 4, 0));
    for row in stage.archive.read_streams(slot(100)).await.unwrap() {
        let failing = row.channel.as_str().starts_with("_failing");
        assert_eq!(row.list_status == ListStatus::Missing, failing, "{}", row.channel);
        assert_eq!(row.chatter_count, (!failing).then_some(2));
        assert!(row.chatters_source.is_some() && row.stream.is_some());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tokens_that_expire_are_renewed() {
    let settings = Settings { token_seconds: 400, ..Settings::default() };
    let stage = Stage::new(Twitch::Script(Arc::new(script(3, 100..110))), settings).await;
    let mut collector = stage.collector(plan(10), slot(100)).await;
    for index in [100, 101, 102, 109] {
        let summary = stage.sweep(&mut collector, slot(index)).await.unwrap();
        assert_eq!((summary.live, summary.unknown), (3, 0), "slot {index}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_secret_that_is_refused_is_told_without_it() {
    let settings = Settings { client_secret: Some("another"), ..Settings::default() };
    let stage = Stage::new(Twitch::Script(Arc::new(script(1, 100..101))), settings).await;
    let mut collector = stage.collector(plan(10), slot(100)).await;
    let error = stage.sweep(&mut collector, slot(100)).await.unwrap_err();
    assert!(matches!(error, SweepError::Blind { .. }), "{error:?}");
    let told = collector::error::chain(&error);
    assert!(
        told.contains("403: invalid client secret") && !format!("{told}{error:?}").contains("\"secret\""),
        "{told}"
    );
    assert!(stage.archive.sweeps(slot(0).day()).await.unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_limit_is_waited_for_within_the_slot_and_not_beyond() {
    // A point comes back every second; none is left when the sweep begins.
    let settings = Settings { calls_per_minute: 60, retry_after: Some(1), ..Settings::default() };
    let clock = Clock::virtual_from(slot(100).unix() * 1_000, 1.0);
    let twitch = Twitch::Script(Arc::new(script(150, 100..101)));
    let twitch = SimulatedTwitch::with(twitch, settings, move || clock.now(), 0).await.unwrap();
    let (helix, chatters) = clients(twitch.base());
    while helix.most_watched(None, None, Instant::now() + Duration::from_millis(900)).await.is_ok() {}
    let deadline = Instant::now() + Duration::from_mins(1);
    let stage = Stage::new(Twitch::Script(Arc::new(Script::default())), Settings::default()).await;
    let mut collector =
        Collector::resume(helix.clone(), chatters, plan(150), Door::default(), stage.archive.clone(), slot(100))
            .await
            .unwrap();
    assert_eq!(collector.sweep(slot(100), &clock, deadline).await.unwrap().live, 150);

    // Without the header the bucket's minute holds, and the sweep does not have it.
    let settings = Settings { calls_per_minute: 1, ..Settings::default() };
    let stage = Stage::new(Twitch::Script(Arc::new(script(2, 100..101))), settings).await;
    let mut collector = stage.collector(plan(10), slot(100)).await;
    assert_eq!(stage.sweep(&mut collector, slot(100)).await.unwrap().live, 2);
    let summary = stage.sweep(&mut collector, slot(101)).await.unwrap();
    assert_eq!((summary.live, summary.unknown), (0, 2), "the one call of the minute listed nobody");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_upstream_that_hangs_costs_one_slot() {
    let world = world();
    let stage = Stage::new(Twitch::World(world), Settings::default()).await;
    let mut collector = stage.collector(plan(100), slot(250)).await;
    let before = stage.sweep(&mut collector, slot(250)).await.unwrap();
    // Connections are taken, and never answered.
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", silent.local_addr().unwrap());
    let (helix, chatters) = clients(&base);
    let mut deaf =
        Collector::resume(helix, chatters, plan(100), Door::default(), stage.archive.clone(), slot(251)).await.unwrap();
    let clock = Clock::virtual_from(slot(251).unix() * 1_000, 0.0);
    let summary = deaf.sweep(slot(251), &clock, Instant::now() + Duration::from_millis(300)).await.unwrap();
    assert_eq!((summary.live, summary.unknown), (0, before.live), "seed {SEED}");
    let streams = stage.archive.read_streams(slot(251)).await.unwrap();
    assert!(streams.iter().all(|row| row.status == StreamStatus::Unknown && row.display_name.is_some()));
    // The one that hears still follows them all.
    let after = stage.sweep(&mut collector, slot(252)).await.unwrap();
    assert_eq!(after.unknown, 0, "seed {SEED}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_slot_is_swept_and_one_that_fails_does_not_stop_the_next() {
    let mut script = script(3, 0..288);
    // Two slots in three are well: whichever are missed on a busy machine, both kinds are met.
    script.helix_down = (1..280).step_by(3).map(slot).collect();
    let down = script.helix_down.clone();
    // A slot takes a second and a half.
    let clock = Clock::virtual_from((slot(0).unix() + 1) * 1_000, 200.0);
    let twitch = SimulatedTwitch::with(Twitch::Script(Arc::new(script)), Settings::default(), move || clock.now(), 0)
        .await
        .unwrap();
    let (helix, chatters) = clients(twitch.base());
    let stage = Stage::new(Twitch::Script(Arc::new(Script::default())), Settings::default()).await;
    let collector = Collector::resume(helix, chatters, plan(10), Door::default(), stage.archive.clone(), clock.slot())
        .await
        .unwrap();
    let (swept, mut sweeps) = mpsc::channel(16);
    let cancel = CancellationToken::new();
    let running = tokio::spawn(collector::run(collector, clock, cancel.clone(), swept));
    let (mut well_before, mut failed, mut well_after) = (false, false, false);
    let mut told = Vec::new();
    while !well_after {
        let summary = tokio::time::timeout(Duration::from_mins(1), sweeps.recv()).await.unwrap().unwrap();
        if down.contains(&summary.at) {
            assert_eq!((summary.live, summary.unknown), (0, 3), "{}", summary.at);
            failed = well_before;
        } else {
            assert_eq!((summary.live, summary.unknown, summary.chatters), (3, 0, 6), "{}", summary.at);
            well_after = failed;
            well_before = true;
        }
        told.push(summary.at.slot());
    }
    cancel.cancel();
    tokio::time::timeout(Duration::from_secs(10), running).await.expect("it stops when asked").unwrap();
    let mut archived = stage.archive.sweeps(slot(0).day()).await.unwrap();
    archived.truncate(told.len());
    assert_eq!(archived, told);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_tracked_channel_is_followed_by_id_whatever_it_calls_itself() {
    let stage = Stage::new(Twitch::Script(Arc::new(script(3, 100..103))), Settings::default()).await;
    let mut collector = stage.collector(plan(10), slot(100)).await;
    stage.sweep(&mut collector, slot(100)).await.unwrap();
    let streams = stage.archive.read_streams(slot(100)).await.unwrap();
    let last = streams.iter().find(|row| row.channel.as_str() == "_channel_2").unwrap();

    // Put on the list under another name, while sweeps go on; the least watched of all.
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("channels.txt");
    let fresh = Stage::new(Twitch::Script(Arc::new(script(3, 100..103))), Settings::default()).await;
    let tracked = TrackedList::new(Vec::new(), Some(file.clone())).unwrap();
    let mut collector = fresh.collector(common::Plan { tracked, ..plan(1) }, slot(101)).await;
    fresh.sweep(&mut collector, slot(101)).await.unwrap();
    assert_eq!(fresh.archive.read_streams(slot(101)).await.unwrap().len(), 1);
    std::fs::write(&file, format!("_as_it_was_called {}\n", last.channel_id.unwrap())).unwrap();
    fresh.sweep(&mut collector, slot(102)).await.unwrap();
    let streams = fresh.archive.read_streams(slot(102)).await.unwrap();
    let row = streams.iter().find(|row| row.channel.as_str() == "_channel_2").unwrap();
    assert_eq!((streams.len(), row.tracked, row.list_status), (2, true, ListStatus::Complete));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_that_hangs_leaves_time_to_ask_again() {
    let stage = Stage::new(Twitch::Script(Arc::new(script(3, 100..101))), Settings::default()).await;
    stage.set(slot(100).unix());
    let (helix, _) = clients(stage.twitch.base());
    helix.most_watched(None, None, common::soon()).await.unwrap();
    // Of this seed no four in a row hang.
    stage.twitch.faults().set(HttpFaults { seed: 1, stuck: 0.5, ..HttpFaults::default() });
    for _ in 0..4 {
        let page = helix.most_watched(None, None, Instant::now() + Duration::from_secs(2)).await.unwrap();
        assert_eq!(page.answered.live.len(), 3);
    }
    let hung = stage.twitch.log().entries().iter().filter(|entry| entry.fault == Some(Fault::Stuck)).count();
    assert!(hung > 1, "{hung}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn names_that_change_hands_are_told_as_they_are() {
    let stage = Stage::new(Twitch::Script(Arc::new(script(3, 100..105))), Settings::default()).await;
    let mut collector = stage.collector(plan(3), slot(100)).await;
    let (old, new) = (login("_channel_0"), login("_renamed"));
    let rows = async |at| {
        let rows = stage.archive.read_streams(at).await.unwrap();
        rows.into_iter().map(|row| (row.channel.clone(), row)).collect::<BTreeMap<_, _>>()
    };
    stage.sweep(&mut collector, slot(100)).await.unwrap();
    let id = rows(slot(100)).await[&old].channel_id;

    // On air under another name: the same channel.
    stage.twitch.rename(&old, &new).unwrap();
    stage.twitch.rename(&login("_viewer"), &login("_guest")).unwrap();
    let summary = stage.sweep(&mut collector, slot(101)).await.unwrap();
    let after = rows(slot(101)).await;
    assert_eq!((summary.live, summary.chatters, after.len()), (3, 6, 3));
    assert_eq!((after[&new].channel_id, after[&new].status), (id, StreamStatus::Live));
    let people = stage.archive.read_chatters(slot(101)).await.unwrap();
    let theirs: Vec<&str> = people.iter().filter(|row| *row.channel == new).map(|row| row.chatter).collect();
    assert_eq!(theirs, ["_guest", "_renamed"]);

    // The old name is somebody else's, who is not on air: nothing is said of them.
    stage.twitch.reissue(&old).unwrap();
    stage.sweep(&mut collector, slot(102)).await.unwrap();
    assert!(!rows(slot(102)).await.contains_key(&old));
    // A name in use is somebody else's from one sweep to the next: whoever is on air under it is told.
    let next = stage.twitch.reissue(&new).unwrap();
    stage.sweep(&mut collector, slot(103)).await.unwrap();
    let after = rows(slot(103)).await;
    assert_eq!((after.len(), after[&new].channel_id, after[&new].status), (3, Some(next), StreamStatus::Live));
}
