//! The worked examples of `docs/words.md`, each written as an archive and imported into a store.

#[path = "../../../model/golden/examples.rs"]
#[allow(dead_code)] // Local days and coverage are not the importer's.
mod golden;

use crate::world::{World, job, live, row, sweep, timings, writer};
use archive::day_writer::DayWriter;
use golden::{SessionExample, Track, examples};
use importer::channels::distrust_empty;
use model::channel_day::ChannelSlot;
use model::day::Day;
use model::run::Run;
use model::sample::StreamFacts;
use model::slot::{Slot, SlotTime};
use model::slot_set::SlotSet;
use model::words::{Evidence, ListStatus, SpeechStatus};
use store::Store;
use store::dump::dump_day;

/// What the pattern says of a slot: `P`, `a` or `?`; outside it the channel is observed and the person absent.
fn state(track: &Track, slot: u16) -> char {
    let place = slot.checked_sub(track.slot).map(usize::from);
    place.and_then(|place| track.pattern.chars().nth(place)).unwrap_or('a')
}

/// Writes the days of an example. A slot unobserved on every channel has no sweep in one example, and one whose lists
/// are missing in the next: both are unobserved.
async fn write(world: &World, example: &SessionExample) {
    let mut days: Vec<Day> = example.tracks.iter().map(|track| track.day.parse().unwrap()).collect();
    days.sort_unstable();
    days.dedup();
    for day in days {
        let whole = DayWriter::new(&world.archive, day).await.unwrap();
        let tracks: Vec<&Track> =
            example.tracks.iter().filter(|track| track.day.parse::<Day>().unwrap() == day).collect();
        for slot in Slot::all() {
            let at = SlotTime::new(day, slot);
            let states: Vec<char> = tracks.iter().map(|track| state(track, slot.index())).collect();
            if example.n.is_multiple_of(2) && states.iter().all(|state| *state == '?') {
                continue;
            }
            let mut streams = Vec::new();
            let mut chatters = Vec::new();
            for (track, state) in tracks.iter().zip(states) {
                let mut stream = live(at, &track.channel);
                if state == '?' {
                    (stream.list_status, stream.speech_status) = (ListStatus::Missing, SpeechStatus::Missing);
                }
                streams.push(stream);
                if state == 'P' {
                    chatters.push(row(&track.channel, "_viewer", track.evidence.parse::<Evidence>().unwrap()));
                }
            }
            whole.commit(writer(at, streams, chatters), timings(at)).await.unwrap();
        }
        whole.close().await.unwrap();
    }
}

#[tokio::test]
async fn runs_and_what_was_not_observed_are_those_of_the_worked_examples() {
    for example in examples().sessions {
        let world = World::new().await;
        write(&world, &example).await;
        let mut found = Vec::new();
        for day in world.archive.days().await.unwrap() {
            world.import(day, false).await.unwrap();
            for person in dump_day(&world.store, &job(), day).await.unwrap() {
                assert_eq!((person.login.as_str(), person.bot), ("_viewer", false));
                for presence in person.channels {
                    for (evidence, runs) in [(Evidence::Listed, presence.listed), (Evidence::Spoke, presence.spoke)] {
                        let text = |run: &Run| {
                            (presence.channel.to_string(), evidence.to_string(), day.to_string(), run.from(), run.to())
                        };
                        found.extend(runs.iter().map(text));
                    }
                }
            }
        }
        assert_eq!(found, example.runs, "example {}", example.n);
        for track in &example.tracks {
            let day: Day = track.day.parse().unwrap();
            let channel = world.store.channel(&track.channel.parse().unwrap()).await.unwrap().unwrap();
            let held = &world.store.channel_days(&[channel.key], day, day.plus(1)).await.unwrap()[0].data;
            let observed = if track.evidence == "listed" { held.listed_observed() } else { held.speech_observed() };
            let wanted: SlotSet = Slot::all().filter(|slot| state(track, slot.index()) != '?').collect();
            assert_eq!(observed, wanted, "example {}", example.n);
        }
    }
}

#[tokio::test]
async fn an_empty_list_of_a_watched_channel_is_no_answer() {
    for example in examples().lists {
        let world = World::new().await;
        let at = SlotTime::at(crate::world::day(), 100);
        let mut stream = live(at, "_a");
        stream.chatters_source = Some(example.source.parse().unwrap());
        stream.chatter_count = Some(example.chatter_count);
        stream.stream = Some(StreamFacts { viewer_count: Some(example.viewer_count), ..StreamFacts::default() });
        let wanted: ListStatus = example.status.parse().unwrap();
        let mut trusted = stream.clone();
        distrust_empty(&mut trusted);
        assert_eq!(trusted.list_status, wanted);
        sweep(&world.archive, at, vec![stream], vec![]).await;
        world.import(crate::world::day(), false).await.unwrap();
        let channel = world.store.channel(&"_a".parse().unwrap()).await.unwrap().unwrap();
        let held =
            world.store.channel_days(&[channel.key], crate::world::day(), crate::world::day().plus(1)).await.unwrap();
        let ChannelSlot::Live(slot) = held[0].data.slot(at.slot()) else { panic!("the channel is live") };
        assert_eq!((slot.list, slot.chatters), (wanted, (wanted == ListStatus::Complete).then_some(0)));
    }
}
