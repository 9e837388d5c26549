//! An invented person of many days, whose results are timed natively and in the browser.

pub(crate) mod results;

use std::collections::{BTreeMap, HashMap};

use model::analysis::bootstrap::Chance;
use model::analysis::record::Record;
use model::day::Day;
use model::hours::ChannelFacts;
use model::identity::{ChannelKey, GameKey};
use model::presence::{ChannelPresence, ViewerDay};
use model::run::Run;
use model::slot::Slot;
use model::slot_set::SlotSet;

/// Channels that the person watches.
const CHANNELS: u32 = 12;

/// Evenings that begin and last as a little chance will have it, in one chat after another, all known.
pub(crate) fn person(days: i32) -> Record {
    let first = Day::MIN.plus(9_000);
    let mut chance = Chance::new(11);
    let all: SlotSet = Slot::all().collect();
    let mut day = |n: i32| {
        let from = 210 + chance.below(30) as u16;
        let to = (from + 6 + chance.below(40) as u16).min(288);
        let switch = (from + 1 + chance.below(20) as u16).min(to - 1);
        // Some are dearer than others.
        let mut one = || ChannelKey(chance.below(CHANNELS as usize).min(chance.below(CHANNELS as usize)) as u32);
        let stays = BTreeMap::from([(one(), (from, switch)), (one(), (switch, to))]);
        let presence = |(channel, (from, to))| ChannelPresence {
            channel,
            listed: Run::new(from, to).into_iter().collect(),
            spoke: Vec::new(),
        };
        (first.plus(n), ViewerDay { bot: false, channels: stays.into_iter().map(presence).collect() })
    };
    let days: Vec<(Day, ViewerDay)> = (0..days).map(&mut day).collect();
    let until = first.plus(days.len() as i32);
    let facts = |key: u32| ChannelFacts {
        listed_observed: all,
        speech_observed: all,
        live: all,
        games: Run::new(0, 288).map(|run| (run, GameKey(key % 5))).into_iter().collect(),
    };
    let channels: HashMap<(ChannelKey, Day), ChannelFacts> = first
        .until(until)
        .flat_map(|day| (0..CHANNELS).map(move |key| ((ChannelKey(key), day), key)))
        .map(|(place, key)| (place, facts(key)))
        .collect();
    Record { days, channels, ..Record::empty(first, first, until) }
}
