//! The axis of a local day: days of 23 and 25 hours are as wide as they are long.

use crate::tick::Tick;

/// Slots in two weeks: no chart of slots is longer.
const MAX_SLOTS: u32 = 4_032;

/// A stretch of five-minute slots from left to right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DayAxis {
    /// How many slots: 288, or 276 and 300 on the days when clocks change; 1–4,032, held to that range.
    pub slots: u32,
    /// The first slot not swept yet; `slots` when all is over. Nothing is drawn from here on.
    pub until: u32,
    /// Where local hours are written.
    pub ticks: Vec<Tick>,
}

impl DayAxis {
    /// `slots`, held to its range.
    pub(crate) fn width(&self) -> u32 {
        self.slots.clamp(1, MAX_SLOTS)
    }

    /// `until`, held to the width.
    pub(crate) fn end(&self) -> u32 {
        self.until.min(self.width())
    }
}
