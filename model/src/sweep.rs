//! A sweep in one line, and what is on air now.

use serde::{Deserialize, Serialize};

use crate::identity::TwitchId;
use crate::login::Login;
use crate::slot::SlotTime;

/// What one sweep saw, summed over the followed channels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SweepSummary {
    /// Its slot.
    pub at: SlotTime,
    /// Channels on air.
    pub live: u32,
    /// Σ viewers of the channels on air, as Twitch counts them.
    pub viewers: u64,
    /// Σ chatters of the complete lists.
    pub chatters: u64,
    /// Lists complete.
    pub complete: u32,
    /// Lists that prove presence only.
    pub partial: u32,
    /// Live channels without a list.
    pub missing: u32,
    /// Channels of which asking failed.
    pub unknown: u32,
    /// How long it took, in milliseconds; 0 when the archive does not tell.
    pub sweep_ms: u32,
}

/// A channel on air at the last sweep, as the home page shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LiveStream {
    /// The slot of the sweep.
    pub at: SlotTime,
    /// The channel's login.
    pub login: Login,
    /// Twitch's id of it, where known: whoever opted out is recognised by it too.
    pub id: Option<TwitchId>,
    /// Its name as displayed.
    pub display_name: String,
    /// The title of the broadcast.
    pub title: String,
    /// The game or category.
    pub game: String,
    /// Viewers, as Twitch counts them.
    pub viewers: u32,
    /// When the broadcast began, Unix time in seconds, where known.
    pub started_at: Option<i64>,
    /// Viewers in the last [`TRAIL_SLOTS`] slots, oldest first, the last one now; nothing where off air or unknown.
    pub trail: Vec<Option<u32>>,
}

/// Three hours: what a sparkline of the home page shows.
pub const TRAIL_SLOTS: usize = 36;
