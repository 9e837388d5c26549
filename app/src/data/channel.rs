//! A channel's day, and the head of its page.

use model::channel_schedule::ChannelFigures;
use model::login::Login;
use model::slot::SlotTime;
use serde::{Deserialize, Serialize};

use super::local_day::LocalDay;
use super::{Scene, Stretch};

/// Figures of the head cover this many whole days.
pub const FIGURE_DAYS: i32 = 30;

/// Everything on a channel's page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ChannelDay {
    /// Its login.
    pub login: Login,
    /// Its name as displayed.
    pub name: String,
    /// Whether there is a viewer's page of this name that may be opened.
    pub has_viewer: bool,
    /// The slot of the last sweep; nothing before the first.
    pub live_at: Option<SlotTime>,
    /// What is on air at the last sweep.
    pub live: Option<Live>,
    /// The last [`FIGURE_DAYS`] days that are over.
    pub figures: ChannelFigures,
    /// The day shown.
    pub local: LocalDay,
    /// Times on air, in order: titles and games of each.
    pub broadcasts: Vec<Vec<Scene>>,
    /// Not known whether it was on air.
    pub unobserved: Vec<Stretch>,
    /// Viewers per slot, as Twitch counts them.
    pub viewers: Vec<Option<u32>>,
    /// Chatters per slot, only where the list is complete.
    pub chatters: Vec<Option<u32>>,
}

/// A channel on air.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Live {
    /// The title.
    pub title: String,
    /// The game or category.
    pub game: String,
    /// Viewers.
    pub viewers: u32,
    /// When it began, Unix time in seconds.
    pub started_at: Option<i64>,
}

impl ChannelDay {
    /// Slots on air.
    pub fn live_slots(&self) -> u32 {
        self.broadcasts.iter().filter_map(|scenes| Some(scenes.last()?.at.1 - scenes.first()?.at.0)).sum()
    }
}
