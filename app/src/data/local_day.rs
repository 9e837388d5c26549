//! One local day of a page: which one, in which zone, and how far it was observed.

use model::day::Day;
use model::slot::{SlotTime, Span};
use model::zone::ZoneTable;
use serde::{Deserialize, Serialize};

use super::Stretch;
use super::day_choice::DayChoice;

/// Zones to choose from: where French is spoken, and some more. Any other can be asked for in the address.
pub const ZONES: [&str; 23] = [
    "Europe/Paris",
    "Europe/Brussels",
    "Europe/Zurich",
    "Europe/Luxembourg",
    "Europe/London",
    "UTC",
    "Africa/Casablanca",
    "Africa/Algiers",
    "Africa/Tunis",
    "Africa/Dakar",
    "Africa/Abidjan",
    "Africa/Kinshasa",
    "America/Montreal",
    "America/Guadeloupe",
    "America/Martinique",
    "America/Cayenne",
    "America/Port-au-Prince",
    "America/Los_Angeles",
    "Indian/Reunion",
    "Indian/Antananarivo",
    "Asia/Tokyo",
    "Pacific/Noumea",
    "Pacific/Tahiti",
];

/// A local day and what is known of its observation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LocalDay {
    /// The day, in the zone.
    pub day: Day,
    /// The zone, over all that is held.
    pub zone: ZoneTable,
    /// Offsets from UTC in seconds on that day, of each of [`ZONES`].
    pub offsets: Vec<i32>,
    /// The days with data.
    pub choice: DayChoice,
    /// Its slots: 288, or 276 and 300 where clocks change.
    pub window: Span,
    /// The first slot not imported yet, counted from its start; the number of its slots once it is whole.
    pub until: u32,
    /// Stretches before `until` without a sweep.
    pub gaps: Vec<Stretch>,
    /// Whether any of it will be imported again.
    pub provisional: bool,
    /// Whether it is the day of now.
    pub today: bool,
    /// Whether the day asked for is yet to come: another is shown.
    pub future_asked: bool,
    /// Where the day asked for is before anything is held and another is shown, the first day of which anything is.
    pub past_asked: Option<Day>,
    /// Whether the zone asked for does not exist: the site's own is shown.
    pub unknown_zone: bool,
}

impl LocalDay {
    /// Its slots.
    pub fn slots(&self) -> u32 {
        self.window.len()
    }

    /// Samples that there could be up to now.
    pub fn expected(&self) -> u32 {
        self.until
    }

    /// Samples that there are.
    pub fn swept(&self) -> u32 {
        self.until - self.gaps.iter().map(|gap| gap.slots()).sum::<u32>().min(self.until)
    }

    /// Whether it is not over, or not imported to its end.
    pub fn grows(&self) -> bool {
        self.until < self.slots()
    }

    /// The local clock at the start of a slot, counted from its own start; `24:00` at its end.
    pub fn clock(&self, slot: u32) -> String {
        if slot >= self.slots() {
            return model::format::clock(1_440);
        }
        model::format::clock(self.zone.minute_of((self.window.from + slot as i32).unix()))
    }

    /// The local day and minute of a slot.
    pub fn local(&self, at: SlotTime) -> (Day, String) {
        local(&self.zone, at)
    }
}

/// The local day of a slot, and the clock at its start.
pub fn local(zone: &ZoneTable, at: SlotTime) -> (Day, String) {
    (zone.day_of(at.unix()), model::format::clock(zone.minute_of(at.unix())))
}
