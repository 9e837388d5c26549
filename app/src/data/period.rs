//! Which days figures are of, and in which zone.

use model::day::Day;
use model::statistics::TREND_DAYS;
use model::zone::ZoneTable;
use serde::{Deserialize, Serialize};

/// The range of a page that names none, in days.
pub const RANGE_DAYS: u16 = 30;

/// The days that figures are made of, and how they are read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Period {
    /// The zone that hours are local to.
    pub zone: ZoneTable,
    /// Another was asked for, and there is no such zone.
    pub unknown_zone: bool,
    /// How many days: 7, 30 or 90.
    pub range: u16,
    /// Another number was asked for.
    pub unknown_range: bool,
    /// Closed days held of them: where these are fewer, averages are of these and sums could only be larger.
    pub held: u32,
    /// The first UTC day that is not in the figures: the one after the last closed day held.
    pub until: Day,
    /// Whether a day that is still growing is held, and left out.
    pub growing: bool,
    /// The last night that is worked out; nothing before the first.
    pub night: Option<Day>,
    /// Who is left out of counts of people, on the last day held of the range; nothing where none is.
    pub left_out: Option<LeftOut>,
}

/// Accounts taken for bots on a day, over all chats that are followed: of each chat they are not kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOut {
    /// The day, UTC.
    pub day: Day,
    /// How many, rounded to ten; nothing under ten.
    pub bots: Option<u64>,
}

impl Period {
    /// The first UTC day.
    pub fn from(&self) -> Day {
        self.until.plus(-i32::from(self.range))
    }

    /// The last one.
    pub fn last(&self) -> Day {
        self.until.plus(-1)
    }

    /// The place of the range among [`TREND_DAYS`].
    pub fn place(&self) -> usize {
        // The range is one of them.
        TREND_DAYS.iter().position(|days| *days == self.range).unwrap_or(0)
    }
}

/// The range asked for, and whether it is one that there is; else [`RANGE_DAYS`].
pub fn range_of(asked: Option<u16>) -> (u16, bool) {
    match asked {
        Some(days) if TREND_DAYS.contains(&days) => (days, true),
        asked => (RANGE_DAYS, asked.is_none()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_is_one_of_three() {
        assert_eq!([None, Some(7), Some(90)].map(range_of), [(30, true), (7, true), (90, true)]);
        assert_eq!([Some(0), Some(31), Some(u16::MAX)].map(range_of), [(30, false); 3]);
    }
}
