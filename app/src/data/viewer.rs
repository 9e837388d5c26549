//! A viewer's day, and the head of their page.

use model::login::Login;
use model::slot::Span;
use model::words::Tier;
use serde::{Deserialize, Serialize};

use super::by_hour::{ByHour, Kept};
use super::local_day::LocalDay;
use super::seen::Ribbons;
use super::{Scene, Stretch};

/// More ribbons than this are not drawn: the chart would be ten screens long. Only bots are in so many chats.
pub const MAX_RIBBONS: usize = 24;

/// Everything on a viewer's page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ViewerDay {
    /// Whose page.
    pub login: Login,
    /// Whether there is a channel of this name.
    pub has_channel: bool,
    /// All days in a few figures.
    pub head: ViewerHead,
    /// The day shown.
    pub local: LocalDay,
    /// How fine the day is kept, part by part; nothing of what was not imported.
    pub kept: Vec<Kept>,
    /// Of the parts kept by hour, what is kept. All that follows is of the parts kept by slot.
    pub by_hour: ByHour,
    /// Slots in any chat, counted once.
    pub online_slots: u32,
    /// Σ watch time, in slots.
    pub watch_slots: u32,
    /// A ribbon per channel, most present first, at most [`MAX_RIBBONS`].
    pub ribbons: Ribbons,
    /// Channels of the day, ribbons left out among them.
    pub channels: u32,
    /// Whether they are flagged as a bot on that day.
    pub bot: bool,
}

impl ViewerDay {
    /// Parts of the day that are kept so fine, in order.
    pub fn parts(&self, tier: Tier) -> impl Iterator<Item = Stretch> + '_ {
        self.kept.iter().filter(move |kept| kept.tier == tier).map(|kept| kept.at)
    }

    /// Whether any of the day is kept so fine.
    pub fn keeps(&self, tier: Tier) -> bool {
        self.parts(tier).next().is_some()
    }

    /// Whether the day was imported, and nothing about people is kept of it any more.
    pub fn is_gone(&self) -> bool {
        self.keeps(Tier::Aggregates) && !self.keeps(Tier::Hours) && !self.keeps(Tier::Slots)
    }
}

/// All held days of a viewer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ViewerHead {
    /// The first slot with presence, or the hour, where only that is kept.
    pub first_seen: Span,
    /// The last slot with presence, or the hour.
    pub last_seen: Span,
    /// Local days with presence.
    pub days_active: u32,
    /// Local days from the first with presence to the last that is held.
    pub days_held: u32,
    /// The longest run of days with presence.
    pub longest_streak_days: u32,
    /// The run of days with presence that goes on: up to the last day held, or to the one before, since that may still grow; else 0.
    pub current_streak_days: u32,
    /// Σ watch time, in slots.
    pub watch_slots: u64,
    /// Channels with presence.
    pub channels: u32,
    /// Share of the first of them, in whole percent.
    pub first_channel_percent: u32,
    /// Days on which they were flagged as a bot.
    pub bot_days: u32,
}

/// One channel in a viewer's day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ribbon {
    /// The channel.
    pub login: Login,
    /// Its name as displayed.
    pub name: String,
    /// Watch time, in slots.
    pub watch_slots: u32,
    /// Visits in order.
    pub visits: Vec<Visit>,
    /// Not seen, and the list would not have shown them.
    pub unobserved: Vec<Stretch>,
}

/// One session, cut to the day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visit {
    /// Stretches with presence; what lies between them was bridged.
    pub present: Vec<Stretch>,
    /// Whether a list named them; without, it is activity.
    pub listed: bool,
    /// Watch time, in slots.
    pub watch_slots: u32,
    /// Whether it began before the day.
    pub from_before: bool,
    /// Whether it goes on after the day.
    pub goes_on: bool,
    /// What was broadcast meanwhile.
    pub scenes: Vec<Scene>,
}

impl Visit {
    /// From its first to its last slot.
    pub fn span(&self) -> Stretch {
        Stretch(self.present.first().map_or(0, |s| s.0), self.present.last().map_or(0, |s| s.1))
    }

    /// Slots it was joined across.
    pub fn bridged_slots(&self) -> u32 {
        self.present.windows(2).map(|pair| pair[1].0.saturating_sub(pair[0].1)).sum()
    }
}
