//! What is kept of a person's older days: hours, and totals of whole UTC days.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use model::day::Day;
use model::hours::{SlotCounts, ViewerHours};
use model::hours_schedule::hours_of;
use model::identity::{ChannelKey, GameKey};
use model::login::Login;
use model::order::sort_short;
use model::slot::Span;
use model::viewer_schedule::ChannelName;
use model::words::Tier;
use serde::{Deserialize, Serialize};

use super::Stretch;

/// A UTC day has more channels than this only of a bot; the others are counted.
pub const MAX_TOTALS: usize = 24;

/// How fine a stretch of the day shown is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// How fine.
    pub tier: Tier,
    /// Which part of the day.
    pub at: Stretch,
}

/// What is kept by hour of the day shown; empty where nothing is. Made by [`ByHour::new`], or from [`HoursSeen`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "HoursSeen", from = "HoursSeen")]
pub struct ByHour {
    seen: HoursSeen,
    /// Every hour of the UTC days on which the person was seen.
    pub hours: Vec<HourKept>,
    /// Those UTC days, where the person was seen in the hours shown.
    pub days: Vec<WholeDay>,
}

/// Somebody's older days, as they travel: in the store's own encoding ([`ViewerHours::encode`]), with what their keys are
/// called. The server's page and the browser's read them by the same code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HoursSeen {
    /// The day shown.
    window: Span,
    /// UTC days that it touches, and how many channels are left out of each. Their keys are places among `channels` and
    /// `games`: the store's never leave the server.
    days: Vec<(Day, ViewerHours, u32)>,
    channels: Vec<ChannelName>,
    games: Vec<String>,
}

/// One hour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HourKept {
    /// Its slots; the last hour may reach beyond the day.
    pub at: Stretch,
    /// Slots in any chat.
    pub present: u8,
    /// Slots neither present nor proved absent.
    pub unknown: u8,
}

/// Totals of a UTC day: which of them lie in the local day is not kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WholeDay {
    /// The day.
    pub day: Day,
    /// By channel, most present first, at most [`MAX_TOTALS`].
    pub channels: Vec<ChannelTotal>,
    /// Channels left out.
    pub left_out: u32,
    /// Names of games with slots, most first, at most [`MAX_TOTALS`].
    pub games: Vec<(String, u32)>,
}

/// One channel on a UTC day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChannelTotal {
    /// The channel.
    pub login: Login,
    /// Its name as displayed.
    pub name: String,
    /// Watch time, in slots.
    pub watch_slots: u32,
    /// Slots in which they wrote.
    pub spoke_slots: u32,
}

impl ByHour {
    /// What `days` say of `window`, by the names of channels and games: at most [`MAX_TOTALS`] of each a day, none that
    /// has no name.
    #[must_use]
    pub fn new(
        window: Span,
        days: &[(Day, ViewerHours)],
        channels: &BTreeMap<ChannelKey, ChannelName>,
        games: &BTreeMap<GameKey, String>,
    ) -> ByHour {
        let touched = days.iter().filter(|(day, _)| Span::of_day(*day).intersect(window).is_some());
        let cut = |(day, hours): &(Day, ViewerHours)| {
            let mut hours = hours.clone();
            let held = hours.channels.len();
            keep_most(&mut hours.channels);
            hours.games.retain(|(key, _)| games.get(key).is_some_and(|name| !name.is_empty()));
            keep_most(&mut hours.games);
            let left_out = (held - hours.channels.len()) as u32;
            (*day, hours, left_out)
        };
        let mut days: Vec<(Day, ViewerHours, u32)> = touched.map(cut).collect();
        let named = |(key, _): &(ChannelKey, SlotCounts)| Some((*key, channels.get(key)?.clone()));
        let called = |(key, _): &(GameKey, SlotCounts)| Some((*key, games.get(key)?.clone()));
        let channels: BTreeMap<ChannelKey, ChannelName> =
            days.iter().flat_map(|(_, hours, _)| &hours.channels).filter_map(named).collect();
        let games: BTreeMap<GameKey, String> =
            days.iter().flat_map(|(_, hours, _)| &hours.games).filter_map(called).collect();
        for (_, hours, _) in &mut days {
            place(&mut hours.channels, &channels, ChannelKey);
            place(&mut hours.games, &games, GameKey);
        }
        let (channels, games) = (channels.into_values().collect(), games.into_values().collect());
        HoursSeen { window, days, channels, games }.into()
    }

    /// Slots in any chat.
    pub fn present_slots(&self) -> u32 {
        self.hours.iter().map(|hour| u32::from(hour.present)).sum()
    }
}

impl From<HoursSeen> for ByHour {
    fn from(seen: HoursSeen) -> ByHour {
        let (mut shown, mut days) = (Vec::new(), Vec::new());
        for (day, hours, left_out) in &seen.days {
            let mut is_seen = false;
            for hour in hours_of(*day, hours).filter(|hour| seen.window.contains(hour.from)) {
                let from = (hour.from - seen.window.from) as u32;
                let at = Stretch(from, from + hour.span().len());
                shown.push(HourKept { at, present: hour.present, unknown: hour.unknown });
                is_seen |= hour.present > 0;
            }
            if is_seen {
                let (channels, games) = (totals(hours, &seen.channels), played(hours, &seen.games));
                days.push(WholeDay { day: *day, channels, left_out: *left_out, games });
            }
        }
        ByHour { seen, hours: shown, days }
    }
}

impl From<ByHour> for HoursSeen {
    fn from(by_hour: ByHour) -> HoursSeen {
        by_hour.seen
    }
}

/// Every slot of a session is watch time or activity. Sorting by it keeps the order of keys among equals.
fn slots(counts: SlotCounts) -> u32 {
    u32::from(counts.watched) + u32::from(counts.active)
}

fn most_first<K>((_, counts): &(K, SlotCounts)) -> Reverse<u32> {
    Reverse(slots(*counts))
}

/// Leaves those with most slots, by ascending key.
fn keep_most<K: Ord + Copy>(counts: &mut Vec<(K, SlotCounts)>) {
    counts.sort_by_key(most_first);
    counts.truncate(MAX_TOTALS);
    counts.sort_unstable_by_key(|(key, _)| *key);
}

/// Makes keys of the places of their names, in whose order they stay; what has no name goes.
fn place<K: Ord + Copy, N>(counts: &mut Vec<(K, SlotCounts)>, names: &BTreeMap<K, N>, key_of: fn(u32) -> K) {
    counts.retain(|(key, _)| names.contains_key(key));
    for (key, _) in counts {
        *key = key_of(names.range(..*key).count() as u32);
    }
}

fn totals(hours: &ViewerHours, names: &[ChannelName]) -> Vec<ChannelTotal> {
    let mut held = hours.channels.clone();
    sort_short(&mut held, most_first);
    let total = |(key, counts): &(ChannelKey, SlotCounts)| {
        let ChannelName { login, display_name } = names.get(key.0 as usize)?.clone();
        let (watch_slots, spoke_slots) = (counts.watched.into(), counts.spoke.into());
        Some(ChannelTotal { login, name: display_name, watch_slots, spoke_slots })
    };
    held.iter().filter_map(total).collect()
}

fn played(hours: &ViewerHours, names: &[String]) -> Vec<(String, u32)> {
    let mut held = hours.games.clone();
    sort_short(&mut held, most_first);
    let game = |(key, counts): &(GameKey, SlotCounts)| Some((names.get(key.0 as usize)?.clone(), slots(*counts)));
    held.iter().filter_map(game).collect()
}
