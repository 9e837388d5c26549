//! Maximal stretches of slots within a day.

use serde::{Deserialize, Serialize};

use crate::day::Day;
use crate::slot::{SLOTS_PER_DAY, SlotTime, Span};

/// Consecutive slots [from, to) of one UTC day, 0 ≤ from < to ≤ 288. On the wire `[from, to]`.
///
/// In a list of runs each is maximal: sorted, and at least one slot apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "(u16, u16)", try_from = "(u16, u16)")]
pub struct Run {
    from: u16,
    to: u16,
}

impl Run {
    /// The run [from, to); nothing when it is empty or leaves the day.
    pub fn new(from: u16, to: u16) -> Option<Run> {
        (from < to && to <= SLOTS_PER_DAY).then_some(Run { from, to })
    }

    /// Its first slot, 0–287.
    pub fn from(self) -> u16 {
        self.from
    }

    /// The first slot after it, 1–288.
    pub fn to(self) -> u16 {
        self.to
    }

    /// How many slots, 1–288.
    pub fn slots(self) -> u16 {
        self.to - self.from
    }

    /// The same stretch on the line of all time.
    pub fn on(self, day: Day) -> Span {
        Span { from: SlotTime::at(day, self.from), to: SlotTime::at(day, self.to) }
    }
}

impl From<Run> for (u16, u16) {
    fn from(run: Run) -> (u16, u16) {
        (run.from, run.to)
    }
}

impl TryFrom<(u16, u16)> for Run {
    type Error = String;
    fn try_from((from, to): (u16, u16)) -> Result<Run, String> {
        Run::new(from, to).ok_or_else(|| format!("[{from}, {to}) is no run of slots within a day"))
    }
}
