//! The home page: aggregates only. Numbers of different people are rounded to ten and left out under ten.

use model::day::Day;
use model::login::Login;
use model::slot::{SlotTime, Span};
use model::zone::ZoneTable;
use serde::{Deserialize, Serialize};

use super::Stretch;

/// Channels named on the page.
pub const TOP_CHANNELS: usize = 8;
/// Days of the bars and of processing times.
pub const RECENT_DAYS: i32 = 28;
/// Days of the calendar: 26 weeks.
pub const CALENDAR_DAYS: i32 = 182;
/// Rows of the picture at the top: eleven weeks.
pub const RASTER_DAYS: i32 = 77;
/// Invented people with a picture of their day; the others are named.
pub const PERSONA_CARDS: usize = 6;

/// Everything on the home page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Home {
    /// The site's zone.
    pub zone: ZoneTable,
    /// What is on air; nothing before the first sweep.
    pub now: Option<Now>,
    /// The most watched channels on air.
    pub top: Vec<TopChannel>,
    /// The last days, oldest first, without a hole.
    pub days: Vec<DayFigures>,
    /// The days of the calendar, oldest first, without a hole: samples held, of how many.
    pub calendar: Vec<(u16, u16)>,
    /// The first of them.
    pub calendar_from: Day,
    /// Invented people to try.
    pub personas: Vec<Persona>,
    /// The days of one of them.
    pub raster: Option<Raster>,
}

/// The last sweep, the day around it, and the same day a week before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Now {
    /// The slot of the sweep.
    pub at: SlotTime,
    /// Its local day.
    pub window: Span,
    /// Channels on air.
    pub channels: u32,
    /// Whether these are as many as a sweep follows, so that there may be more.
    pub reached: bool,
    /// Σ viewers, as Twitch counts them.
    pub viewers: u64,
    /// Σ people in complete lists.
    pub chatters: u64,
    /// Complete lists.
    pub complete: u32,
    /// Different bots left out on the last closed day; nothing under ten.
    pub bots: Option<u64>,
    /// Viewers per slot of the day; nothing where not observed, or not yet.
    pub today: Vec<Option<u64>>,
    /// Viewers per slot of the same day a week before.
    pub before: Vec<Option<u64>>,
}

/// A channel on air.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TopChannel {
    /// Its login.
    pub login: Login,
    /// Its name as displayed.
    pub name: String,
    /// The game or category.
    pub game: String,
    /// Viewers.
    pub viewers: u32,
    /// Viewers in the last three hours.
    pub trail: Vec<Option<u32>>,
}

/// A closed day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayFigures {
    /// The day, UTC.
    pub day: Day,
    /// Different people, bots left out, rounded; nothing under ten or where the day is not held.
    pub viewers: Option<u64>,
    /// How long its import took, in milliseconds.
    pub import_ms: Option<u32>,
    /// How long half of its sweeps took at most, in milliseconds.
    pub sweep_ms: Option<u32>,
}

/// An invented person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Persona {
    /// Their login.
    pub login: Login,
    /// Who they are, in French.
    pub fr: String,
    /// Who they are, in English.
    pub en: String,
    /// Slots with presence per local hour, 24 of them; empty for those without a picture.
    pub hours: Vec<u32>,
}

/// Many days of one person, from noon to noon in UTC+h of the site's zone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Raster {
    /// Whose.
    pub login: Login,
    /// The day whose noon the first row begins with.
    pub from: Day,
    /// Presence, a row a day.
    pub rows: Vec<Vec<Stretch>>,
}
