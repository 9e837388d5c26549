//! Anybody's stays, and any gaps in what is known of them: each result is told or refused, and every number is one.
// seeds: hex 1c040004150064000400b428
// seeds: hex 3c0014001000dc1e010000e62808000a30
// seeds: hex 28d000140000c81e0c00961405020c8c60
#![no_main]

use std::collections::{BTreeMap, HashMap};
use std::fmt::Debug;

use libfuzzer_sys::fuzz_target;
use model::analysis::bootstrap::{Drawings, Estimate};
use model::analysis::holidays::Country;
use model::analysis::next::{History, next};
use model::analysis::portrait::{Portrait, Reading, portrait};
use model::analysis::record::Record;
use model::day::Day;
use model::hours::{ChannelFacts, month_in_hours};
use model::identity::ChannelKey;
use model::presence::{ChannelPresence, ViewerDay};
use model::run::Run;
use model::slot::Slot;
use model::slot_set::SlotSet;
use model::zone::ZoneTable;

/// Days at most.
const DAYS: u8 = 64;
/// Channels.
const CHANNELS: u8 = 4;

/// What is known of somebody in a channel on a day.
#[derive(Clone)]
struct There {
    listed: SlotSet,
    spoke: SlotSet,
    observed: SlotSet,
    live: SlotSet,
}

fuzz_target!(|bytes: &[u8]| {
    let [days, offset, coarse, changes @ ..] = bytes else { return };
    let count = 1 + days % DAYS;
    let zone = ZoneTable::new("there", (i32::from(offset % 105) - 48) * 900, Vec::new());
    let first = Day::MIN.plus(9_000);
    let there = days_of(first, count, changes);
    let until = first.plus(i32::from(count));
    let fine = first.plus(i32::from(coarse % count));
    let facts: HashMap<(ChannelKey, Day), ChannelFacts> = there.iter().map(|(at, there)| (*at, known(there))).collect();
    let presence: Vec<(Day, ViewerDay)> =
        first.until(until).filter_map(|day| Some((day, seen(&there, day)?))).collect();
    let (early, late): (Vec<_>, Vec<_>) = presence.into_iter().partition(|(day, _)| *day < fine);
    let hours = month_in_hours(&early, |channel, day| facts.get(&(channel, day)));
    let record = Record { hours, days: late, channels: facts, ..Record::empty(first, fine, until) };
    let trace = record.trace();
    let drawings = Drawings { seed: 1, count: 20 };
    let found = portrait(&trace, &Reading { zone: &zone, holidays: Some(Country::France), drawings });
    are_numbers(&found);
    let history = History { first: trace.fine(), states: trace.states(), zone: &zone, over: usize::from(coarse % 50) };
    are_numbers(&next(&history, |hour, channel| record.is_live(hour, channel), drawings));
    // What is no number does not come back.
    let text = serde_json::to_string(&found).expect("a portrait has a text");
    serde_json::from_str::<Portrait>(&text).expect("what was told can be read");
    if let Ok(found) = &found.circadian {
        holds(&found.value.stability);
    }
    if let Ok(found) = &found.rhythm {
        holds(&found.value.divergence);
        assert!((0.0..=1.0).contains(&found.value.divergence.value));
    }
});

/// In a text of JSON some of what is no number would be nothing.
fn are_numbers(found: &impl Debug) {
    let text = format!("{found:?}");
    assert!(!text.contains("NaN") && !text.contains("inf"), "{text}");
}

/// Observed and on air all day long, but for what `changes` says: four bytes each, day, what, first slot, slots.
fn days_of(first: Day, count: u8, changes: &[u8]) -> BTreeMap<(ChannelKey, Day), There> {
    let all: SlotSet = Slot::all().collect();
    let usual = There { listed: SlotSet::EMPTY, spoke: SlotSet::EMPTY, observed: all, live: all };
    let mut there: BTreeMap<_, _> = (0..CHANNELS)
        .flat_map(|channel| (0..count).map(move |day| (channel, day)))
        .map(|(channel, day)| ((ChannelKey(channel.into()), first.plus(day.into())), usual.clone()))
        .collect();
    for change in changes.chunks_exact(4) {
        let [day, what, from, slots] = [change[0], change[1], change[2], change[3]].map(u16::from);
        let from = from * 9 / 8;
        let Some(run) = Run::new(from, (from + 1 + slots).min(288)) else { continue };
        let slots = SlotSet::from_runs([run]);
        // One day, all days from it on, or every seventh: people have habits.
        let step = [u16::from(count), 1, 7, 2][usize::from(what >> 4 & 3)];
        for day in (day % u16::from(count)..count.into()).step_by(step.into()) {
            let at = (ChannelKey(u32::from(what & 3)), first.plus(i32::from(day)));
            let Some(there) = there.get_mut(&at) else { continue };
            match what >> 2 & 3 {
                0 => there.listed = there.listed.union(&slots),
                1 => there.spoke = there.spoke.union(&slots),
                2 => there.observed = there.observed.minus(&slots),
                _ => there.live = there.live.minus(&slots),
            }
        }
    }
    there
}

fn known(there: &There) -> ChannelFacts {
    let There { observed, live, .. } = there.clone();
    ChannelFacts { listed_observed: observed, speech_observed: observed, live, games: Vec::new() }
}

/// Somebody's day; nothing where they are nowhere.
fn seen(there: &BTreeMap<(ChannelKey, Day), There>, day: Day) -> Option<ViewerDay> {
    let channels: Vec<ChannelPresence> = (0..u32::from(CHANNELS))
        .filter_map(|channel| {
            let There { listed, spoke, .. } = there.get(&(ChannelKey(channel), day))?;
            (!listed.union(spoke).is_empty()).then(|| ChannelPresence {
                channel: ChannelKey(channel),
                listed: listed.runs(),
                spoke: spoke.runs(),
            })
        })
        .collect();
    (!channels.is_empty()).then_some(ViewerDay { bot: false, channels })
}

/// A value is in its own interval.
fn holds(estimate: &Estimate) {
    let Some(interval) = estimate.interval else { return };
    // But for what rounding leaves.
    assert!(interval.from <= estimate.value + 1e-9 && estimate.value <= interval.to + 1e-9, "{estimate:?}");
}
