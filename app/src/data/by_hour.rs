//! What is kept of a person's older days: hours, and totals of whole UTC days.

use model::day::Day;
use model::login::Login;
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

/// What is kept by hour of the day shown; empty where nothing is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ByHour {
    /// Every hour of the UTC days on which the person was seen.
    pub hours: Vec<HourKept>,
    /// Those UTC days, where the person was seen in the hours shown.
    pub days: Vec<WholeDay>,
}

/// One hour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HourKept {
    /// Its slots; the last hour may reach beyond the day.
    pub at: Stretch,
    /// Slots in any chat.
    pub present: u8,
    /// Slots neither present nor proved absent.
    pub unknown: u8,
}

/// Totals of a UTC day: which of them lie in the local day is not kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
    /// Slots in any chat.
    pub fn present_slots(&self) -> u32 {
        self.hours.iter().map(|hour| u32::from(hour.present)).sum()
    }
}
