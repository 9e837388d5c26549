//! The worked examples of `docs/words.md` hold in the pure rules.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

#[path = "../golden/examples.rs"]
#[allow(dead_code, reason = "shared by several crates; each reads a part")]
mod examples;

use std::collections::{BTreeMap, BTreeSet};

use model::channel_day::{ChannelDay, ChannelSlot, LiveSlot, list_observed};
use model::channel_schedule::scenes;
use model::coverage::{PersonCoverage, PersonSlot, proof, usual_channels};
use model::day::Day;
use model::identity::ChannelKey;
use model::login::Login;
use model::presence::{ChannelPresence, ViewerDay};
use model::run::Run;
use model::sample::trusted_list;
use model::slot::{SLOT_MINUTES, Slot, SlotTime, Span};
use model::slot_set::SlotSet;
use model::viewer_schedule::{ChannelName, viewer_schedule};
use model::words::{ListStatus, SpeechStatus};
use model::zone::ZoneTable;

fn at((day, slot): &examples::At) -> SlotTime {
    SlotTime::at(day.parse().unwrap(), *slot)
}

fn live(list: ListStatus, speech: SpeechStatus) -> ChannelSlot {
    ChannelSlot::Live(LiveSlot { viewers: Some(100), chatters: None, list, speech, source: None })
}

/// The days that the tracks of an example describe: presence by day, and each channel's day.
struct World {
    people: BTreeMap<Day, ViewerDay>,
    channels: BTreeMap<(ChannelKey, Day), ChannelDay>,
    names: Vec<String>,
}

fn world(tracks: &[examples::Track]) -> World {
    let names: BTreeSet<&String> = tracks.iter().map(|track| &track.channel).collect();
    let names: Vec<String> = names.into_iter().cloned().collect();
    let mut world = World { people: BTreeMap::new(), channels: BTreeMap::new(), names };
    for track in tracks {
        let key = ChannelKey(world.names.iter().position(|name| *name == track.channel).unwrap() as u32);
        let day: Day = track.day.parse().unwrap();
        let speech = track.evidence == "spoke";
        let (observed, unobserved) = if speech {
            (live(ListStatus::Partial, SpeechStatus::Complete), live(ListStatus::Missing, SpeechStatus::Missing))
        } else {
            (live(ListStatus::Complete, SpeechStatus::Missing), live(ListStatus::Missing, SpeechStatus::Missing))
        };
        let channel = world.channels.entry((key, day)).or_insert_with(|| {
            let mut whole = ChannelDay::default();
            Slot::all().for_each(|slot| whole.set(slot, observed));
            whole
        });
        let mut present = SlotSet::EMPTY;
        for (index, letter) in track.pattern.chars().enumerate() {
            let slot = Slot::new(track.slot + index as u16).unwrap();
            match letter {
                'P' => present.insert(slot),
                'a' => {}
                '?' => channel.set(slot, unobserved),
                _ => panic!("{letter} is no letter of a pattern"),
            }
        }
        let person = world.people.entry(day).or_default();
        let (listed, spoke) = if speech { (vec![], present.runs()) } else { (present.runs(), vec![]) };
        person.channels.push(ChannelPresence { channel: key, listed, spoke });
    }
    world
}

#[test]
fn runs_sessions_and_watch_time() {
    for example in examples::examples().sessions {
        let World { people, channels, names } = world(&example.tracks);
        let days: Vec<(Day, ViewerDay)> = people.into_iter().collect();
        let runs: Vec<(String, String, String, u16, u16)> = days
            .iter()
            .flat_map(|(day, person)| person.channels.iter().map(move |channel| (day, channel)))
            .flat_map(|(day, channel)| {
                let name = names[channel.channel.0 as usize].clone();
                let run = move |evidence: &str, run: &Run| {
                    (name.clone(), evidence.to_owned(), day.to_string(), run.from(), run.to())
                };
                let listed: Vec<_> = channel.listed.iter().map(|r| run("listed", r)).collect();
                listed.into_iter().chain(channel.spoke.iter().map(|r| run("spoke", r)).collect::<Vec<_>>())
            })
            .collect();
        assert_eq!(runs, example.runs, "runs of example {}", example.n);

        let window = Span { from: SlotTime::at(days[0].0, 0), to: SlotTime::at(days[days.len() - 1].0.plus(1), 0) };
        let schedule = viewer_schedule(
            window,
            window.to,
            &days,
            |key, at| list_observed(channels.get(&(key, at.day())), at),
            |key, span| scenes(span, |day| channels.get(&(key, day))),
            |key| ChannelName {
                login: names[key.0 as usize].parse::<Login>().unwrap(),
                display_name: names[key.0 as usize].clone(),
            },
        );
        let found: Vec<_> = schedule
            .ribbons
            .iter()
            .flat_map(|ribbon| ribbon.visits.iter().map(|visit| (ribbon.channel.login.to_string(), visit)))
            .map(|(channel, visit)| {
                let bridges: Vec<(u16, u16)> =
                    visit.bridges.iter().map(|b| (b.from.slot().index(), b.to.slot().index())).collect();
                (channel, visit.span, bridges, visit.watch_slots * SLOT_MINUTES)
            })
            .collect();
        let expected: Vec<_> = example
            .sessions
            .iter()
            .map(|s| (s.channel.clone(), Span { from: at(&s.from), to: at(&s.to) }, s.bridges.clone(), s.watch_min))
            .collect();
        assert_eq!(found, expected, "sessions of example {}", example.n);
        assert_eq!(schedule.online_slots * SLOT_MINUTES, example.online_min, "online of example {}", example.n);
    }
}

#[test]
fn local_days_have_23_and_25_hours() {
    let paris = ZoneTable::new("Europe/Paris", 3_600, vec![(1_774_746_000, 7_200), (1_792_890_000, 3_600)]);
    for example in examples::examples().local_days {
        assert_eq!(example.zone, paris.name);
        let span = paris.span_of(example.day.parse().unwrap());
        assert_eq!(
            (span.from, span.to, span.len()),
            (at(&example.from), at(&example.to), example.slots),
            "{example:?}"
        );
    }
}

#[test]
fn absence_needs_every_usual_channel() {
    for example in examples::examples().coverage {
        let names: Vec<&String> = example.present_slots.keys().collect();
        let key = |name: &str| ChannelKey(names.iter().position(|known| *known == name).unwrap() as u32);
        let mut from = 0;
        let channels = example.present_slots.iter().map(|(name, slots)| {
            from += slots;
            ChannelPresence { channel: key(name), listed: vec![Run::new(from - slots, from).unwrap()], spoke: vec![] }
        });
        let person = ViewerDay { bot: false, channels: channels.collect() };
        let usual = usual_channels([&person]);
        assert_eq!(usual, example.usual.iter().map(|name| key(name)).collect::<Vec<_>>());
        for slot in &example.slots {
            let state = |name: &str| match slot[name].as_str() {
                "off_air" => ChannelSlot::OffAir,
                list => live(list.parse().unwrap(), SpeechStatus::Missing),
            };
            let days: BTreeMap<ChannelKey, ChannelDay> = names
                .iter()
                .map(|name| {
                    let mut day = ChannelDay::default();
                    Slot::all().for_each(|slot| day.set(slot, state(name)));
                    (key(name), day)
                })
                .collect();
            let cover = PersonCoverage::of(&person, Day::MIN, &usual, proof([&person]), |key, _| days.get(&key));
            let expected = if slot["is"] == "absent" { PersonSlot::Absent } else { PersonSlot::Unknown };
            assert_eq!(cover.slot(Slot::new(287).unwrap()), expected, "{slot:?}");
            assert_eq!(cover.slot(Slot::new(0).unwrap()), PersonSlot::Present);
        }
    }
}

#[test]
fn an_empty_list_of_a_watched_channel_is_no_answer() {
    for example in examples::examples().lists {
        let status = trusted_list(ListStatus::Complete, Some(example.chatter_count), Some(example.viewer_count));
        assert_eq!(status.as_str(), example.status, "{example:?}");
    }
}
