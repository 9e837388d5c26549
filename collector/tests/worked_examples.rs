//! The worked examples of `docs/words.md`, played over real HTTP: their lists are in the archive as they should be.

#![allow(clippy::unwrap_used)] // Its helpers are tests too.

mod common;
#[allow(dead_code)] // Other crates read the fields that this test does not.
#[path = "../../model/golden/examples.rs"]
mod examples;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use common::{Stage, login, plan};
use model::day::Day;
use model::login::Login;
use model::slot::SlotTime;
use model::slot_set::SlotSet;
use model::words::{ChattersSource, ListStatus, StreamStatus};
use simulator::script::{Script, ScriptSlot};
use simulator::server::Settings;
use simulator::twitch::Twitch;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lists_are_archived_as_the_examples_say() {
    let viewer = login("_viewer");
    let mut played = Vec::new();
    // Speech is heard by another source.
    for example in examples::examples().sessions.iter().filter(|x| x.tracks.iter().all(|t| t.evidence == "listed")) {
        let mut script = Script::default();
        let mut letters: BTreeMap<(SlotTime, Login), char> = BTreeMap::new();
        for track in &example.tracks {
            let (channel, from) = (login(&track.channel), SlotTime::at(track.day.parse().unwrap(), track.slot));
            script.pattern(&channel, &viewer, from, &track.pattern).unwrap();
            letters.extend((0..).zip(track.pattern.chars()).map(|(n, letter)| ((from + n, channel.clone()), letter)));
        }
        let stage = Stage::new(Twitch::Script(Arc::new(script)), Settings::default()).await;
        let slots: BTreeSet<SlotTime> = letters.keys().map(|(at, _)| *at).collect();
        let (first, last) = (*slots.first().unwrap(), *slots.last().unwrap());
        let mut collector = stage.collector(plan(10), first).await;
        let mut present: BTreeMap<(String, String), SlotSet> = BTreeMap::new();
        // One slot more: by then all channels are off air, and followed.
        for n in 0..=last - first + 1 {
            let at = first + n;
            stage.sweep(&mut collector, at).await.unwrap();
            for row in stage.archive.read_streams(at).await.unwrap() {
                let expected = match letters.get(&(at, row.channel.clone())) {
                    Some('P' | 'a') => (StreamStatus::Live, ListStatus::Complete, Some(ChattersSource::Tmi)),
                    Some(_) => (StreamStatus::Live, ListStatus::Missing, Some(ChattersSource::Tmi)),
                    None => (StreamStatus::OffAir, ListStatus::Missing, None),
                };
                let found = (row.status, row.list_status, row.chatters_source);
                assert_eq!(found, expected, "example {}: {} at {at}", example.n, row.channel);
            }
            for row in stage.archive.read_chatters(at).await.unwrap().iter().filter(|row| row.chatter == "_viewer") {
                present.entry((row.channel.to_string(), at.day().to_string())).or_default().insert(at.slot());
            }
        }
        let runs: BTreeSet<(String, String, String, u16, u16)> = present
            .into_iter()
            .flat_map(|((channel, day), set)| {
                set.runs().into_iter().map(move |run| (channel.clone(), day.clone(), run))
            })
            .map(|(channel, day, run)| (channel, "listed".to_owned(), day, run.from(), run.to()))
            .collect();
        assert_eq!(runs, example.runs.iter().cloned().collect(), "example {}", example.n);
        played.push(example.n);
    }
    assert_eq!(played, (1..=9).collect::<Vec<_>>());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_empty_list_is_believed_of_a_small_channel_only() {
    let day: Day = "2026-11-18".parse().unwrap();
    let mut script = Script::default();
    for list in examples::examples().lists {
        let (channel, at) = (login(&format!("_with_{}", list.viewer_count)), SlotTime::at(day, 100));
        assert_eq!(list.chatter_count, 0);
        script.slot(&channel, at, ScriptSlot { viewers: list.viewer_count, list: Ok(BTreeSet::new()) });
    }
    let stage = Stage::new(Twitch::Script(Arc::new(script)), Settings::default()).await;
    let at = SlotTime::at(day, 100);
    let mut collector = stage.collector(plan(10), at).await;
    stage.sweep(&mut collector, at).await.unwrap();
    let streams = stage.archive.read_streams(at).await.unwrap();
    for list in examples::examples().lists {
        let row = streams.iter().find(|row| row.channel.as_str() == format!("_with_{}", list.viewer_count)).unwrap();
        assert_eq!(row.list_status.as_str(), list.status, "{} viewers", list.viewer_count);
        let count = (row.list_status == ListStatus::Complete).then_some(0);
        assert_eq!((row.chatters_source, row.chatter_count), (Some(ChattersSource::Tmi), count));
    }
}
