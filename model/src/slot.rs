//! The grain of time: five minutes.

use std::fmt;
use std::ops::{Add, Sub};

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::day::{Day, DayError};

/// Slots in a UTC day.
pub const SLOTS_PER_DAY: u16 = 288;
/// Minutes in a slot.
pub const SLOT_MINUTES: u32 = 5;
/// Seconds in a slot.
pub const SLOT_SECONDS: i64 = 300;

/// Five minutes of a UTC day, 0–287. A sweep belongs to the slot in which it starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "u16", try_from = "u16")]
pub struct Slot(u16);

/// A number that is no slot of a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("slot {0} is not between 0 and 287")]
pub struct SlotError(u16);

impl Slot {
    /// The slot with this number. Errors: 288 and above.
    pub fn new(index: u16) -> Result<Slot, SlotError> {
        if index < SLOTS_PER_DAY { Ok(Slot(index)) } else { Err(SlotError(index)) }
    }

    /// 0–287.
    pub fn index(self) -> u16 {
        self.0
    }

    /// All slots of a day, in order.
    pub fn all() -> impl DoubleEndedIterator<Item = Slot> + Clone {
        (0..SLOTS_PER_DAY).map(Slot)
    }

    /// `0005` for 00:05: how the archive names an object.
    pub fn hhmm(self) -> String {
        let minutes = u32::from(self.0) * SLOT_MINUTES;
        format!("{:02}{:02}", minutes / 60, minutes % 60)
    }

    /// The slot that [`Slot::hhmm`] names; nothing when the text is no multiple of five minutes of a day.
    pub fn from_hhmm(text: &str) -> Option<Slot> {
        if text.len() != 4 || !text.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let (hours, minutes) = (text[..2].parse::<u16>().ok()?, text[2..].parse::<u16>().ok()?);
        (hours < 24 && minutes < 60 && minutes % 5 == 0).then(|| Slot(hours * 12 + minutes / 5))
    }
}

impl From<Slot> for u16 {
    fn from(slot: Slot) -> u16 {
        slot.0
    }
}

impl TryFrom<u16> for Slot {
    type Error = SlotError;
    fn try_from(index: u16) -> Result<Slot, SlotError> {
        Slot::new(index)
    }
}

/// A slot of a certain day: slots since 1970-01-01T00:00Z. Sessions that cross midnight and local days are counted in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SlotTime(i32);

impl SlotTime {
    /// The slot `slot` of the UTC day `day`.
    pub fn new(day: Day, slot: Slot) -> SlotTime {
        SlotTime::at(day, slot.0)
    }

    /// `offset` slots (0–288, the end of a run may be 288) after the start of the UTC day.
    pub fn at(day: Day, offset: u16) -> SlotTime {
        SlotTime(day.days() * i32::from(SLOTS_PER_DAY) + i32::from(offset))
    }

    /// The slot that a Unix time in seconds lies in. Errors: outside the range of days.
    pub fn from_unix(seconds: i64) -> Result<SlotTime, DayError> {
        let day = Day::from_unix(seconds)?;
        Ok(SlotTime::at(day, ((seconds - day.start_unix()) / SLOT_SECONDS) as u16))
    }

    /// From [`SlotTime::index`]. Errors: outside the range of days.
    pub fn from_index(index: i32) -> Result<SlotTime, DayError> {
        Self::from_unix(i64::from(index) * SLOT_SECONDS)
    }

    /// Slots since 1970-01-01T00:00Z.
    pub fn index(self) -> i32 {
        self.0
    }

    /// Unix time of its start, in seconds.
    pub fn unix(self) -> i64 {
        i64::from(self.0) * SLOT_SECONDS
    }

    /// The UTC day it lies in.
    pub fn day(self) -> Day {
        Day::MIN.plus(self.0.div_euclid(i32::from(SLOTS_PER_DAY)) - Day::MIN.days())
    }

    /// Its slot of the UTC day.
    pub fn slot(self) -> Slot {
        Slot(self.0.rem_euclid(i32::from(SLOTS_PER_DAY)) as u16)
    }
}

impl Add<i32> for SlotTime {
    type Output = SlotTime;
    fn add(self, slots: i32) -> SlotTime {
        SlotTime(self.0.saturating_add(slots))
    }
}

impl Sub for SlotTime {
    type Output = i32;
    fn sub(self, other: SlotTime) -> i32 {
        self.0 - other.0
    }
}

impl fmt::Display for SlotTime {
    /// `2026-11-22T00:05:00Z`: the start of the slot, as the archive writes `sampled_at`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let minutes = u32::from(self.slot().0) * SLOT_MINUTES;
        write!(f, "{}T{:02}:{:02}:00Z", self.day(), minutes / 60, minutes % 60)
    }
}

/// A stretch of slots [from, to) on the line of all time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Span {
    /// The first slot of it.
    pub from: SlotTime,
    /// The first slot after it; never before `from`.
    pub to: SlotTime,
}

impl Span {
    /// A whole UTC day.
    pub fn of_day(day: Day) -> Span {
        Span { from: SlotTime::at(day, 0), to: SlotTime::at(day, SLOTS_PER_DAY) }
    }

    /// How many slots.
    pub fn len(self) -> u32 {
        (self.to - self.from).max(0) as u32
    }

    /// Whether it holds no slot.
    pub fn is_empty(self) -> bool {
        self.to <= self.from
    }

    /// Whether the slot lies in it.
    pub fn contains(self, at: SlotTime) -> bool {
        self.from <= at && at < self.to
    }

    /// What it shares with another; nothing when they do not meet.
    pub fn intersect(self, other: Span) -> Option<Span> {
        let both = Span { from: self.from.max(other.from), to: self.to.min(other.to) };
        (!both.is_empty()).then_some(both)
    }

    /// Its slots, in order.
    pub fn slots(self) -> impl DoubleEndedIterator<Item = SlotTime> + Clone {
        (self.from.0..self.to.0).map(SlotTime)
    }

    /// The UTC days it touches, in order.
    pub fn days(self) -> impl DoubleEndedIterator<Item = Day> + Clone {
        let end = if self.is_empty() { self.from.day() } else { (self.to + -1).day().plus(1) };
        self.from.day().until(end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_of_objects() {
        assert_eq!(Slot::new(1).unwrap().hhmm(), "0005");
        assert_eq!(Slot::from_hhmm("2355"), Some(Slot(287)));
        for text in ["2400", "0003", "005", "00050", "ab05", "é05"] {
            assert_eq!(Slot::from_hhmm(text), None, "{text}");
        }
        assert!(Slot::new(288).is_err());
    }

    #[test]
    fn a_span_touches_the_days_it_holds() {
        let day: Day = "2026-11-22".parse().unwrap();
        assert_eq!(Span::of_day(day).days().collect::<Vec<_>>(), [day]);
        let paris = Span { from: SlotTime::at(day, 276), to: SlotTime::at(day.plus(1), 276) };
        assert_eq!(paris.days().collect::<Vec<_>>(), [day, day.plus(1)]);
        assert_eq!(SlotTime::at(day, 1).to_string(), "2026-11-22T00:05:00Z");
    }

    proptest! {
        #[test]
        fn unix_round_trips(days in Day::MIN.days()..Day::MAX.days(), slot in 0u16..288, second in 0i64..300) {
            let at = SlotTime::at(Day::from_days(days).unwrap(), slot);
            prop_assert_eq!(SlotTime::from_unix(at.unix() + second).unwrap(), at);
            prop_assert_eq!((at.day().days(), at.slot().index()), (days, slot));
            prop_assert_eq!(Slot::from_hhmm(&at.slot().hhmm()), Some(at.slot()));
        }
    }
}
