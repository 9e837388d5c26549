//! What a page draws of a person after travelling is what the store's days say.
#![allow(clippy::unwrap_used, reason = "a test may panic")]
#![allow(missing_docs)]

use std::collections::BTreeMap;

use app::data::by_hour::{ByHour, MAX_TOTALS};
use app::data::seen::{Ribbons, around};
use app::data::viewer::MAX_RIBBONS;
use codee::binary::PostcardCodec;
use codee::{Decoder, Encoder};
use model::channel_schedule::Scene;
use model::day::Day;
use model::hours::{SlotCounts, ViewerHours};
use model::identity::{ChannelKey, GameKey};
use model::presence::{ChannelPresence, ViewerDay};
use model::run::Run;
use model::slot::{Slot, SlotTime, Span};
use model::slot_set::SlotSet;
use model::viewer_schedule::{ChannelName, viewer_schedule};
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;

const CHANNELS: u32 = 40;

fn first() -> Day {
    "2026-11-18".parse().unwrap()
}

fn runs() -> impl Strategy<Value = Vec<Run>> {
    vec(0u16..288, 0..30).prop_map(|slots| slots.into_iter().map(|s| Slot::new(s).unwrap()).collect::<SlotSet>().runs())
}

fn viewer_day(most: usize) -> impl Strategy<Value = ViewerDay> {
    (any::<bool>(), btree_map(0..CHANNELS, (runs(), runs()), 0..most)).prop_map(|(bot, channels)| {
        let held = channels.into_iter().filter(|(_, (listed, spoke))| !listed.is_empty() || !spoke.is_empty());
        let presence = |(key, (listed, spoke))| ChannelPresence { channel: ChannelKey(key * 1_000), listed, spoke };
        ViewerDay { bot, channels: held.map(presence).collect() }
    })
}

fn viewer_hours() -> impl Strategy<Value = ViewerHours> {
    let counts = || {
        btree_map(0..CHANNELS, (1u16..200, 0u16..50), 0..CHANNELS as usize).prop_map(|counts| {
            let count =
                |(key, (listed, spoke))| (key, SlotCounts { listed, spoke, watched: listed, active: spoke / 2 });
            counts.into_iter().map(count).collect::<Vec<_>>()
        })
    };
    (any::<[bool; 24]>(), counts(), counts()).prop_map(|(present, channels, games)| ViewerHours {
        bot: false,
        present: present.map(|is| u8::from(is) * 7),
        known: [9; 24],
        channels: channels.into_iter().map(|(key, counts)| (ChannelKey(key * 1_000), counts)).collect(),
        games: games.into_iter().map(|(key, counts)| (GameKey(key * 50), counts)).collect(),
    })
}

fn travelled<T>(value: &T) -> T
where
    PostcardCodec: Encoder<T, Encoded = Vec<u8>> + Decoder<T, Encoded = [u8]>,
    <PostcardCodec as Encoder<T>>::Error: std::fmt::Debug,
    <PostcardCodec as Decoder<T>>::Error: std::fmt::Debug,
{
    PostcardCodec::decode(&PostcardCodec::encode(value).unwrap()).unwrap()
}

fn name(key: ChannelKey) -> ChannelName {
    ChannelName { login: format!("_c{}", key.0).parse().unwrap(), display_name: format!("C {}", key.0) }
}

proptest! {
    /// A day that begins at any slot; a new title every hour, and lists that miss some slots.
    #[test]
    fn ribbons_are_those_of_the_schedule(
        days in vec(viewer_day(MAX_RIBBONS + 8), 4),
        missing in vec(0u16..288, 0..60),
        shift in 0i32..288,
    ) {
        let days: Vec<(Day, ViewerDay)> = (0..).zip(days).map(|(n, day)| (first().plus(n), day)).collect();
        let window = Span { from: SlotTime::at(first().plus(1), 0) + shift, to: SlotTime::at(first().plus(2), 0) + shift };
        let missing: SlotSet = missing.into_iter().map(|s| Slot::new(s).unwrap()).collect();
        let observed = |key: ChannelKey, at: SlotTime| {
            !(at.index() as u32 + key.0 / 1_000).is_multiple_of(7) && !missing.contains(at.slot())
        };
        let scenes = |key: ChannelKey, span: Span| {
            let hour = |n: i32| Span { from: window.from + n * 12, to: window.from + (n + 1) * 12 };
            (0..24)
                .filter_map(|n| Some((n, hour(n).intersect(span)?)))
                .map(|(n, span)| Scene { span, title: format!("{} {n}", key.0), game: "_game".to_owned() })
                .collect::<Vec<_>>()
        };
        let schedule = viewer_schedule(window, window.to, &days, observed, scenes, name);
        let ribbons = Ribbons::new(&schedule, &days, observed);
        prop_assert_eq!(&travelled(&ribbons), &ribbons);
        prop_assert_eq!(ribbons.len(), schedule.ribbons.len().min(MAX_RIBBONS));
        let span = |stretch: &app::data::Stretch| {
            Span { from: window.from + stretch.0 as i32, to: window.from + stretch.1 as i32 }
        };
        for (found, told) in ribbons.iter().zip(&schedule.ribbons) {
            prop_assert_eq!((&found.login, &found.name), (&told.channel.login, &told.channel.display_name));
            prop_assert_eq!(found.watch_slots, told.watch_slots);
            prop_assert_eq!(found.unobserved.iter().map(span).collect::<Vec<_>>(), told.unobserved.clone());
            prop_assert_eq!(found.visits.len(), told.visits.len());
            for (found, told) in found.visits.iter().zip(&told.visits) {
                prop_assert_eq!(found.present.iter().map(span).collect::<Vec<_>>(), told.present.clone());
                prop_assert_eq!((found.listed, found.watch_slots), (told.listed, told.watch_slots));
                prop_assert_eq!((found.from_before, found.goes_on), (told.from_before, told.goes_on));
                let scenes = found.scenes.iter().map(|s| Scene { span: span(&s.at), title: s.title.clone(), game: s.game.clone() });
                prop_assert_eq!(scenes.collect::<Vec<_>>(), told.scenes.clone());
            }
        }
    }

    #[test]
    fn hours_are_those_of_the_store(days in vec(viewer_hours(), 4), shift in 0i32..24) {
        let days: Vec<(Day, ViewerHours)> = (0..).zip(days).map(|(n, day)| (first().plus(n), day)).collect();
        let window = Span { from: SlotTime::at(first().plus(1), 0), to: SlotTime::at(first().plus(2), 0) };
        let window = Span { from: window.from + shift * 12, to: window.to + shift * 12 };
        let channels: BTreeMap<ChannelKey, ChannelName> =
            (0..CHANNELS).map(|key| ChannelKey(key * 1_000)).map(|key| (key, name(key))).collect();
        // The first has no name: it is left out.
        let games: BTreeMap<GameKey, String> =
            (0..CHANNELS).map(|key| (GameKey(key * 50), if key == 0 { String::new() } else { format!("g{key}") })).collect();
        let found = ByHour::new(window, &days, &channels, &games);
        prop_assert_eq!(&travelled(&found), &found);
        prop_assert_eq!(found.hours.len(), 24);
        for hour in &found.hours {
            let at = window.from + hour.at.0 as i32;
            let (_, held) = days.iter().find(|(day, _)| *day == at.day()).unwrap();
            let hour_of = usize::from(at.slot().index() / 12);
            prop_assert_eq!((hour.present, hour.unknown), (held.present[hour_of], 12 - 9));
        }
        for whole in &found.days {
            let (_, held) = days.iter().find(|(day, _)| *day == whole.day).unwrap();
            prop_assert!(around(window).contains(SlotTime::at(whole.day, 0)));
            prop_assert_eq!(whole.channels.len(), held.channels.len().min(MAX_TOTALS));
            prop_assert_eq!(whole.channels.len() + whole.left_out as usize, held.channels.len());
            let watched = |login: &str| {
                let (_, counts) = held.channels.iter().find(|(key, _)| name(*key).login.as_str() == login).unwrap();
                (u32::from(counts.watched), u32::from(counts.spoke), counts.watched + counts.active)
            };
            let mut last = u16::MAX;
            for total in &whole.channels {
                let (watch, spoke, slots) = watched(total.login.as_str());
                prop_assert_eq!((total.watch_slots, total.spoke_slots), (watch, spoke));
                prop_assert!(slots <= last);
                last = slots;
            }
            prop_assert!(whole.games.iter().all(|(game, _)| !game.is_empty()));
            let named = held.games.iter().filter(|(key, _)| key.0 > 0).count();
            prop_assert_eq!(whole.games.len(), named.min(MAX_TOTALS));
        }
    }
}
