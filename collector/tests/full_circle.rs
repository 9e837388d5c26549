//! Simulator → HTTP → sweep → archive: the rows are the truth.

#![allow(clippy::unwrap_used)] // Its helpers are tests too.

mod common;

use std::collections::BTreeSet;

use archive::Archive;
use archive::chatters::ChatterRow;
use common::{SEED, Stage, login, plan, world};
use model::day::Day;
use model::sample::{ChatterSample, StreamSample};
use model::slot::{Slot, SlotTime, Span};
use model::slot_set::SlotSet;
use model::words::{ListStatus, Origin, StreamStatus};
use simulator::server::Settings;
use simulator::twitch::Twitch;
use simulator::world::World;
use simulator::write::{Follow, write_days};

type Rows = (Vec<StreamSample>, Vec<ChatterSample>);

async fn rows(archive: &Archive, at: SlotTime) -> Rows {
    let list = archive.read_chatters(at).await.unwrap();
    assert!(list.is_sorted());
    let people = list.iter().map(|row: ChatterRow<'_>| row.to_sample().unwrap()).collect();
    (archive.read_streams(at).await.unwrap(), people)
}

/// A day on which Twitch fails in both ways.
fn bad_day(world: &World, from: Day) -> Day {
    let bad = |day: &Day| {
        let outages = world.outages(*day);
        !outages.helix_down.is_empty() && !outages.ids_down.is_empty()
    };
    from.until(from.plus(1_000)).find(bad).expect("in 1,000 days both outages meet on one")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sweep_over_http_is_what_a_past_day_holds() {
    let world = world();
    let day = bad_day(&world, "2026-02-01".parse().unwrap());
    let follow = Follow { language: "fr".to_owned(), tracked: BTreeSet::from([login("_radio_minuit")]) };
    let folder = tempfile::tempdir().unwrap();
    let past = Archive::create(folder.path().to_str().unwrap(), Origin::Simulated).await.unwrap();
    write_days(&world, &past, &follow, Span::of_day(day), |_| {}).await.unwrap();

    let stage = Stage::new(Twitch::World(world.clone()), Settings::default()).await;
    // What was followed the day before is known from the archive.
    let before = Span { from: SlotTime::at(day.plus(-1), 280), to: SlotTime::at(day, 0) };
    write_days(&world, &stage.archive, &follow, before, |_| {}).await.unwrap();
    let mut collector =
        stage.collector(common::Plan { tracked: common::tracked(&["_radio_minuit"]), ..plan(500) }, before.to).await;

    let outages = world.outages(day);
    // The failing slots, what surrounds them, and a slot an hour.
    let failing = outages.helix_down.union(&outages.ids_down);
    let around: SlotSet = failing.iter().filter_map(|slot| Slot::new(slot.index() + 1).ok()).collect();
    let hourly: SlotSet = Slot::all().step_by(12).collect();
    let (mut statuses, mut lists, mut people) = (BTreeSet::new(), BTreeSet::new(), 0);
    for slot in failing.union(&around).union(&hourly).minus(&outages.no_sweep).iter() {
        let at = SlotTime::new(day, slot);
        let summary = stage.sweep(&mut collector, at).await.unwrap();
        let (ours, theirs) = (rows(&stage.archive, at).await, rows(&past, at).await);
        assert_eq!(ours.0, theirs.0, "seed {SEED}: streams of {at}");
        assert_eq!(ours.1, theirs.1, "seed {SEED}: chatters of {at}");
        assert_eq!(summary.chatters as usize, ours.1.len(), "seed {SEED}: {at}");
        people += ours.1.len();
        statuses.extend(ours.0.iter().map(|row| row.status));
        lists.extend(ours.0.iter().filter(|row| row.status == StreamStatus::Live).map(|row| row.list_status));
    }
    assert_eq!(statuses, StreamStatus::ALL.iter().copied().collect(), "seed {SEED}");
    assert!(lists.contains(&ListStatus::Complete) && people > 500, "seed {SEED}: {lists:?} {people}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_restarted_collector_follows_whom_it_followed() {
    let world = world();
    let day: Day = "2026-11-18".parse().unwrap();
    let stage = Stage::new(Twitch::World(world.clone()), Settings::default()).await;
    let mut first = stage.collector(plan(500), SlotTime::at(day, 0)).await;
    // Evening slots that no hourly sample of the past may hit, then the dead of night.
    for slot in [244, 246, 249] {
        stage.sweep(&mut first, SlotTime::at(day, slot)).await.unwrap();
    }
    let night = SlotTime::at(day.plus(1), 50);
    stage.sweep(&mut first, night).await.unwrap();
    let mut second = stage.collector(plan(500), night + 1).await;
    stage.sweep(&mut second, night + 1).await.unwrap();
    let followed = |rows: Rows| rows.0.into_iter().map(|row| row.channel).collect::<BTreeSet<_>>();
    let (before, after) =
        (followed(rows(&stage.archive, night).await), followed(rows(&stage.archive, night + 1).await));
    assert!(before.len() > 10 && before.is_subset(&after), "seed {SEED}: {} and {}", before.len(), after.len());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn below_the_cut_channels_are_followed_and_chats_of_dropouts_listed_until_their_stream_ends() {
    let world = world();
    let day: Day = "2026-11-18".parse().unwrap();
    let stage = Stage::new(Twitch::World(world), Settings::default()).await;
    let mut collector = stage.collector(plan(5), SlotTime::at(day, 0)).await;
    let (mut dropouts, mut unlisted) = (0, 0);
    let mut top_streams = BTreeSet::new();
    let mut ever_top = BTreeSet::new();
    for slot in (216..288).step_by(3) {
        let at = SlotTime::at(day, slot);
        stage.sweep(&mut collector, at).await.unwrap();
        let (mut streams, _) = rows(&stage.archive, at).await;
        let names: BTreeSet<_> = streams.iter().map(|row| row.channel.clone()).collect();
        assert!(ever_top.is_subset(&names), "seed {SEED}: somebody followed was let go");
        streams.retain(|row| row.status == StreamStatus::Live);
        streams.sort_by_key(|row| std::cmp::Reverse(row.stream.as_ref().and_then(|stream| stream.viewer_count)));
        let listed = streams.iter().filter(|row| row.chatters_source.is_some()).count();
        assert!((5..=7).contains(&listed), "seed {SEED}: {listed} lists at {at}: at most 5 and a quarter");
        for row in &streams {
            let stream_id = row.stream.as_ref().unwrap().stream_id.clone();
            let in_top = row.chatters_source.is_some() && !top_streams.contains(&stream_id);
            if in_top {
                top_streams.insert(stream_id);
                ever_top.insert(row.channel.clone());
            }
        }
        let fifth = streams[4].stream.as_ref().unwrap().viewer_count;
        let below = streams.iter().filter(|row| row.stream.as_ref().unwrap().viewer_count < fifth);
        for row in below {
            if row.chatters_source.is_some() {
                dropouts += 1;
            } else {
                assert_eq!((row.list_status, row.chatter_count), (ListStatus::Missing, None));
                unlisted += 1;
            }
        }
    }
    assert!(dropouts > 0 && unlisted > 0, "seed {SEED}: {dropouts} dropouts, {unlisted} without a list");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tracked_channels_are_followed_whatever_they_do() {
    let world = world();
    let day: Day = "2026-11-18".parse().unwrap();
    let english = world.channels().find(|channel| !channel.as_str().contains("radio")).unwrap().clone();
    let stage = Stage::new(Twitch::World(world), Settings::default()).await;
    let tracked = common::tracked(&["_radio_minuit", english.as_str(), "_nobody_at_all"]);
    let mut collector = stage.collector(common::Plan { tracked, ..plan(1) }, SlotTime::at(day, 0)).await;
    // Ten in the morning: Radio Minuit is off air, and still has its id and its name.
    let at = SlotTime::at(day, 108);
    stage.sweep(&mut collector, at).await.unwrap();
    let (streams, _) = rows(&stage.archive, at).await;
    let of = |name: &str| streams.iter().find(|row| row.channel.as_str() == name).unwrap();
    let radio = of("_radio_minuit");
    assert_eq!((radio.status, radio.display_name.as_deref()), (StreamStatus::OffAir, Some("Radio Minuit")));
    assert!(radio.tracked && radio.channel_id.is_some());
    let nobody = of("_nobody_at_all");
    assert_eq!((nobody.status, nobody.channel_id, nobody.tracked), (StreamStatus::OffAir, None, true));
    assert!(of(english.as_str()).tracked);
}
