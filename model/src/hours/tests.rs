use std::collections::BTreeMap;

use super::*;
use crate::channel_day::tests::channel_day;
use crate::channel_day::{ChannelDay, Segment, list_observed};
use crate::presence::tests::viewer_day;
use crate::slot::Span;
use crate::viewer_schedule::{ChannelName, viewer_schedule};
use proptest::prelude::*;

fn counts() -> impl Strategy<Value = SlotCounts> {
    (0u16..289, 0u16..289, 0u16..289, 0u16..289)
        .prop_filter("somebody was there", |(listed, spoke, ..)| listed + spoke > 0)
        .prop_map(|(listed, spoke, watched, active)| SlotCounts { listed, spoke, watched, active })
}

fn viewer_hours() -> impl Strategy<Value = ViewerHours> {
    let hours = proptest::collection::vec((0u8..=12, 0u8..=12), HOURS);
    let counts = || proptest::collection::btree_map(0u32..5_000_000, counts(), 0..6);
    (any::<bool>(), hours, counts(), counts()).prop_map(|(bot, hours, channels, games)| {
        let mut all = ViewerHours { bot, ..ViewerHours::default() };
        for (hour, (a, b)) in hours.into_iter().enumerate() {
            (all.present[hour], all.known[hour]) = (a.min(b), a.max(b));
        }
        all.channels = channels.into_iter().map(|(key, counts)| (ChannelKey(key), counts)).collect();
        all.games = games.into_iter().map(|(key, counts)| (GameKey(key), counts)).collect();
        all
    })
}

/// As the store makes them.
fn facts(day: &ChannelDay, games: &mut Vec<String>) -> ChannelFacts {
    for segment in &day.segments {
        if !segment.game.is_empty() && !games.contains(&segment.game) {
            games.push(segment.game.clone());
        }
    }
    let place = |segment: &Segment| games.iter().position(|game| *game == segment.game);
    ChannelFacts::of(day, |segment| place(segment).map(|place| GameKey(place as u32)))
}

proptest! {
    #[test]
    fn encoding_round_trips(hours in viewer_hours()) {
        let mut bytes = Vec::new();
        hours.encode(&mut bytes);
        prop_assert_eq!(ViewerHours::decode(&bytes).unwrap(), hours);
    }

    #[test]
    fn any_bytes_are_hours_in_their_one_spelling_or_an_error(bytes in proptest::collection::vec(any::<u8>(), 0..60)) {
        if let Ok(hours) = ViewerHours::decode(&bytes) {
            let mut again = Vec::new();
            hours.encode(&mut again);
            prop_assert_eq!(again, bytes);
        }
    }

    /// Two days side by side, in channels 0 to 2 of which two are held: what the slots say is what the hours say.
    #[test]
    fn results_are_those_of_the_slots(
        people in proptest::collection::vec(viewer_day(), 2),
        channels in proptest::collection::vec(channel_day(), 4),
    ) {
        let first = Day::MIN;
        let days: Vec<(Day, ViewerDay)> = people.into_iter().enumerate().map(|(n, mut day)| {
            for (place, presence) in day.channels.iter_mut().enumerate() {
                presence.channel = ChannelKey(place as u32 % 3);
            }
            day.channels.truncate(3);
            (first.plus(n as i32), day)
        }).collect();
        let channel_day = |key: ChannelKey, day: Day| {
            (key.0 < 2).then(|| &channels[key.0 as usize * 2 + usize::from(day != first)])
        };
        let mut games = Vec::new();
        let all: Vec<ChannelFacts> = channels.iter().map(|day| facts(day, &mut games)).collect();
        let found = month_in_hours(&days, |key, day| {
            (key.0 < 2).then(|| &all[key.0 as usize * 2 + usize::from(day != first)])
        });
        let usual = usual_channels(days.iter().map(|(_, day)| day));
        let proof = proof(days.iter().map(|(_, day)| day));
        prop_assert_eq!(found.len(), days.len());
        for ((day, presence), (same, hours)) in days.iter().zip(&found) {
            prop_assert_eq!(day, same);
            // Watch time by channel, and online once: as the day's schedule has them.
            let name = |key: ChannelKey| ChannelName { login: format!("_c{}", key.0).parse().unwrap(), display_name: String::new() };
            let window = Span::of_day(*day);
            let observed = |key, at: SlotTime| list_observed(channel_day(key, at.day()), at);
            let schedule = viewer_schedule(window, window.to, &days, observed, |_, _| Vec::new(), name);
            prop_assert_eq!(u32::from(hours.online_slots()), schedule.online_slots);
            prop_assert_eq!(hours.watch_slots(), schedule.watch_slots);
            for (channel, counts) in &hours.channels {
                let ribbon = schedule.ribbons.iter().find(|ribbon| ribbon.channel == name(*channel)).unwrap();
                prop_assert_eq!(u32::from(counts.watched), ribbon.watch_slots);
                let held = presence.channels.iter().find(|presence| presence.channel == *channel).unwrap();
                prop_assert_eq!(counts.watched + counts.active, held.present().len());
                prop_assert_eq!(counts.listed, SlotSet::from_runs(held.listed.iter().copied()).len());
                prop_assert_eq!(counts.spoke, SlotSet::from_runs(held.spoke.iter().copied()).len());
            }
            prop_assert_eq!(hours.channels.len(), presence.channels.len());
            // Coverage by hour.
            let coverage = PersonCoverage::of(presence, *day, &usual, proof, channel_day);
            for (hour, slots) in (0..HOURS).map(|hour| (hour, (hour * 12) as u16..(hour * 12 + 12) as u16)) {
                let count = |set: &SlotSet| set.iter().filter(|slot| slots.contains(&slot.index())).count() as u8;
                prop_assert_eq!(hours.present[hour], count(&coverage.present));
                prop_assert_eq!(hours.known[hour], count(&coverage.present) + count(&coverage.absent()));
            }
            // Every slot with a game is in one.
            let mut by_game: BTreeMap<GameKey, u16> = BTreeMap::new();
            for held in &presence.channels {
                let Some(channel) = channel_day(held.channel, *day) else { continue };
                for slot in held.present().iter() {
                    let at = |segment: &&Segment| (segment.run.from()..segment.run.to()).contains(&slot.index());
                    if let Some(segment) = channel.segments.iter().find(at).filter(|segment| !segment.game.is_empty()) {
                        let place = games.iter().position(|game| *game == segment.game).unwrap();
                        *by_game.entry(GameKey(place as u32)).or_default() += 1;
                    }
                }
            }
            let told: BTreeMap<GameKey, u16> =
                hours.games.iter().map(|(game, counts)| (*game, counts.watched + counts.active)).collect();
            prop_assert_eq!(told, by_game);
        }
    }
}

#[test]
fn an_ordinary_day_takes_a_few_bytes() {
    let mut hours = ViewerHours { known: [12; HOURS], ..ViewerHours::default() };
    hours.present[20..22].copy_from_slice(&[12, 7]);
    let watched = SlotCounts { listed: 19, watched: 19, ..SlotCounts::default() };
    hours.channels = vec![(ChannelKey(12), watched)];
    hours.games = vec![(GameKey(3), watched), (GameKey(4), SlotCounts { listed: 0, spoke: 2, watched: 0, active: 2 })];
    let mut bytes = Vec::new();
    hours.encode(&mut bytes);
    // Format 2 for good: these bytes must never change.
    assert_eq!(bytes, [2, 0x0c, 20, 0xcc, 1, 0x7c, 1, 0x0c, 2, 1, 12, 38, 3, 38, 0, 1, 2, 0, 2]);
}
