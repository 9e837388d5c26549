//! Anybody: stays in a few channels, and what is known of those, as bytes say.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Debug;

use model::analysis::record::Record;
use model::day::Day;
use model::hours::{ChannelFacts, month_in_hours};
use model::identity::{ChannelKey, GameKey};
use model::presence::{ChannelPresence, ViewerDay};
use model::run::Run;
use model::slot::Slot;
use model::slot_set::SlotSet;
use model::zone::ZoneTable;

/// Days at most.
pub const DAYS: u8 = 64;
/// Channels.
pub const CHANNELS: u8 = 4;
/// Games: one of each half of the channels in the first half of the day, and one of all of them in the second.
pub const GAMES: u8 = 3;

/// What is known of somebody in a channel on a day.
#[derive(Clone)]
struct There {
    listed: SlotSet,
    spoke: SlotSet,
    observed: SlotSet,
    live: SlotSet,
}

/// Somebody from 2024-08-23 on, and by whose clock: a byte for the number of days, one for the offset in quarters of an hour, one for the days that
/// are kept by hour, and four for each change of what is observed and on air all day long without them: day, what, first slot, slots.
pub fn person(bytes: &[u8]) -> Option<(Record, ZoneTable)> {
    let [days, offset, coarse, changes @ ..] = bytes else { return None };
    let count = 1 + days % DAYS;
    let zone = ZoneTable::new("there", (i32::from(offset % 105) - 48) * 900, Vec::new());
    let first = first();
    let there = days_of(first, count, changes);
    let until = first.plus(i32::from(count));
    let fine = first.plus(i32::from(coarse % count));
    let facts: HashMap<(ChannelKey, Day), ChannelFacts> =
        there.iter().map(|(at, there)| (*at, known(at.0, there))).collect();
    let presence: Vec<(Day, ViewerDay)> =
        first.until(until).filter_map(|day| Some((day, seen(&there, day)?))).collect();
    let (early, late): (Vec<_>, Vec<_>) = presence.into_iter().partition(|(day, _)| *day < fine);
    let hours = month_in_hours(&early, |channel, day| facts.get(&(channel, day)));
    Some((Record { hours, days: late, channels: facts, ..Record::empty(first, fine, until) }, zone))
}

/// The first of their days.
pub fn first() -> Day {
    Day::MIN.plus(9_000)
}

/// Panics where something in it is no number. In a text of JSON some of that would be nothing.
pub fn are_numbers(found: &impl Debug) {
    let text = format!("{found:?}");
    assert!(!text.contains("NaN") && !text.contains("inf"), "{text}");
}

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

fn known(channel: ChannelKey, there: &There) -> ChannelFacts {
    let There { observed, live, .. } = there.clone();
    let games = [(0, 144, channel.0 % 2), (144, 288, 2)];
    let games = games.into_iter().filter_map(|(from, to, game)| Some((Run::new(from, to)?, GameKey(game)))).collect();
    ChannelFacts { listed_observed: observed, speech_observed: observed, live, games }
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
