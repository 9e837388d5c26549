//! The bytes of a part: who of some thousand people was in a channel, and when. Two kinds, for the two questions.
//!
//! Both go by ascending person, and say of each how far they are from the one before (LEB128, from 0). A part of the **week** has their
//! runs behind that. A **known** part has two columns: what all of them come to, which is enough for most, and their hours.
//! See `docs/crowd-index.md`.

use super::calendar::{WEEK_HOURS, WEEK_SLOTS};
use super::trace::{Cells, MOST_COUNT};
use crate::codec::{CodecError, Reader, Writer};

/// A run is 16 bits, least byte first: 11 of its first slot, 4 of its length, 1 that says it is the entry's last.
const START: u16 = 0x07ff;
const LENGTH_SHIFT: u16 = 11;
const LENGTH: u16 = 0x0f;
const LAST_RUN: u16 = 0x8000;
/// Lengths of 1–15 are in those four bits; of others the rest follows.
const LONG: u16 = 15;

/// An hour is a byte: 6 bits of slots, and a bit where the hour itself follows since it is not the next.
const APART: u8 = 0x40;

/// A part of the week being written.
#[derive(Clone, Debug, Default)]
pub(super) struct WeekPart {
    pub(super) bytes: Vec<u8>,
    next: u32,
}

/// A known part being written.
#[derive(Clone, Debug, Default)]
pub(super) struct KnownPart {
    /// Per person: step, slots, bytes of their hours.
    heads: Vec<u8>,
    hours: Vec<u8>,
    next: u32,
}

impl WeekPart {
    /// Adds somebody's runs of the week, if there are any: maximal, in order. People come in order.
    pub(super) fn add(&mut self, person: u32, runs: &[(u16, u16)]) {
        let Some(last) = runs.len().checked_sub(1) else { return };
        Writer(&mut self.bytes).number(u64::from(person - self.next));
        self.next = person + 1;
        for (place, (from, to)) in runs.iter().enumerate() {
            let slots = to - from;
            let length = (slots - 1).min(LONG);
            let flag = if place == last { LAST_RUN } else { 0 };
            self.bytes.extend_from_slice(&(from | length << LENGTH_SHIFT | flag).to_le_bytes());
            if length == LONG {
                Writer(&mut self.bytes).number(u64::from(slots - 1 - LONG));
            }
        }
    }
}

impl KnownPart {
    /// Adds somebody's hours, if there are any. People come in order.
    pub(super) fn add(&mut self, person: u32, cells: &Cells) {
        let slots: u32 = cells.iter().map(|count| u32::from(*count)).sum();
        if slots == 0 {
            return;
        }
        let start = self.hours.len();
        let mut next = None;
        for (hour, count) in cells.iter().enumerate().filter(|(_, count)| **count > 0) {
            if next == Some(hour) {
                self.hours.push(*count);
            } else {
                self.hours.extend_from_slice(&[count | APART, hour as u8]);
            }
            next = Some(hour + 1);
        }
        let mut writer = Writer(&mut self.heads);
        writer.number(u64::from(person - self.next));
        writer.number(u64::from(slots));
        writer.number((self.hours.len() - start) as u64);
        self.next = person + 1;
    }

    /// Its bytes: those of the heads, how many they are before; nothing of nobody.
    pub(super) fn bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.heads.len() + self.hours.len() + 3);
        if !self.heads.is_empty() {
            Writer(&mut bytes).number(self.heads.len() as u64);
            bytes.extend_from_slice(&self.heads);
            bytes.extend_from_slice(&self.hours);
        }
        bytes
    }
}

/// Takes values off the front of a part. The bytes were proved when the index was opened; of others it ends early.
struct Cursor<'a>(&'a [u8]);

impl Cursor<'_> {
    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    fn pair(&mut self) -> Option<u16> {
        let (pair, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(u16::from_le_bytes(*pair))
    }

    /// Numbers here are below 2²¹: steps within a chunk and lengths within a week.
    #[inline]
    fn number(&mut self) -> Option<u32> {
        let first = self.byte()?;
        if first < 0x80 {
            return Some(u32::from(first));
        }
        let second = self.byte()?;
        let low = u32::from(first & 0x7f) | u32::from(second & 0x7f) << 7;
        if second < 0x80 {
            return Some(low);
        }
        Some(low | u32::from(self.byte()? & 0x7f) << 14)
    }
}

/// Calls `run(person, from, to)` of all runs of a part of the week.
#[inline]
pub(super) fn each_run(part: &[u8], mut run: impl FnMut(u32, u16, u16)) {
    let mut cursor = Cursor(part);
    let mut next = 0u32;
    while let Some(step) = cursor.number() {
        let person = next + step;
        next = person + 1;
        loop {
            let Some(pair) = cursor.pair() else { return };
            let from = pair & START;
            let mut slots = (pair >> LENGTH_SHIFT & LENGTH) + 1;
            if slots > LONG {
                let Some(more) = cursor.number() else { return };
                slots += more as u16;
            }
            run(person, from, from + slots);
            if pair & LAST_RUN != 0 {
                break;
            }
        }
    }
}

/// Calls `head(person, slots, hours)` of everybody in a known part; [`each_hour`] reads the hours.
#[inline]
pub(super) fn each_head<'a>(part: &'a [u8], mut head: impl FnMut(u32, u32, &'a [u8])) {
    let mut cursor = Cursor(part);
    let Some((heads, mut hours)) = cursor.number().and_then(|len| cursor.0.split_at_checked(len as usize)) else {
        return;
    };
    let mut cursor = Cursor(heads);
    let mut next = 0u32;
    while let Some(step) = cursor.number() {
        let (Some(slots), Some(len)) = (cursor.number(), cursor.number()) else { return };
        let Some((own, rest)) = hours.split_at_checked(len as usize) else { return };
        head(next + step, slots, own);
        next += step + 1;
        hours = rest;
    }
}

/// Calls `hour(hour of the week, slots)` of somebody's hours, ascending.
#[inline]
pub(super) fn each_hour(hours: &[u8], mut hour: impl FnMut(u8, u8)) {
    let mut cursor = Cursor(hours);
    let mut at = 0u8;
    while let Some(cell) = cursor.byte() {
        if cell & APART != 0 {
            let Some(apart) = cursor.byte() else { return };
            at = apart;
        }
        hour(at, cell & MOST_COUNT);
        at = at.wrapping_add(1);
    }
}

/// Somebody's hours, all 168.
pub(super) fn cells(hours: &[u8]) -> Cells {
    let mut cells = [0; WEEK_HOURS];
    each_hour(hours, |hour, count| {
        if let Some(cell) = cells.get_mut(usize::from(hour)) {
            *cell = count;
        }
    });
    cells
}

/// Proves a part of the week of so many people. Errors: what [`Part::add_week`] does not write.
pub(super) fn check_week(part: &[u8], people: u32, mut seen: impl FnMut(u32)) -> Result<(), CodecError> {
    let mut reader = Reader::new(part);
    let mut next = 0u32;
    while !reader.is_empty() {
        let person = next + reader.number_below(u64::from(people.saturating_sub(next)))? as u32;
        next = person + 1;
        // The first slot in which a run may begin: maximal ones are apart.
        let mut free = 0u32;
        loop {
            let pair = u16::from(reader.byte()?) | u16::from(reader.byte()?) << 8;
            let from = u32::from(pair & START);
            let mut slots = u32::from(pair >> LENGTH_SHIFT & LENGTH) + 1;
            if slots > u32::from(LONG) {
                slots += reader.number_below(u64::from(WEEK_SLOTS))? as u32;
            }
            if from < free || from + slots > u32::from(WEEK_SLOTS) {
                return Err(CodecError::Range);
            }
            free = from + slots + 1;
            if pair & LAST_RUN != 0 {
                break;
            }
        }
        seen(person);
    }
    Ok(())
}

/// Proves a known part, and says whose slots are in it. Errors: what [`KnownPart`] does not write.
pub(super) fn check_known(part: &[u8], people: u32, mut seen: impl FnMut(u32, u32)) -> Result<(), CodecError> {
    let mut reader = Reader::new(part);
    let len = reader.number_below(part.len() as u64)? as usize;
    let mut heads = Reader::new(reader.bytes(len)?);
    if heads.is_empty() {
        return Err(CodecError::Range);
    }
    let mut next = 0u32;
    while !heads.is_empty() {
        let person = next + heads.number_below(u64::from(people.saturating_sub(next)))? as u32;
        next = person + 1;
        let slots = heads.number()?;
        let own = heads.number_below(2 * WEEK_HOURS as u64 + 1)? as usize;
        if check_hours(reader.bytes(own)?)? != slots || slots == 0 {
            return Err(CodecError::Range);
        }
        seen(person, slots as u32);
    }
    if reader.is_empty() { Ok(()) } else { Err(CodecError::Range) }
}

/// Proves somebody's hours; the slots in them.
fn check_hours(hours: &[u8]) -> Result<u64, CodecError> {
    let mut reader = Reader::new(hours);
    let (mut expected, mut slots) = (None, 0);
    while !reader.is_empty() {
        let cell = reader.byte()?;
        let hour = if cell & APART == 0 {
            expected.ok_or(CodecError::Range)?
        } else {
            let hour = u16::from(reader.byte()?);
            // An hour that is told though it is the next would be a second spelling.
            if expected.is_some_and(|expected| hour <= expected) {
                return Err(CodecError::Range);
            }
            hour
        };
        if usize::from(hour) >= WEEK_HOURS || cell & MOST_COUNT == 0 || cell > APART | MOST_COUNT {
            return Err(CodecError::Range);
        }
        slots += u64::from(cell & MOST_COUNT);
        expected = Some(hour + 1);
    }
    Ok(slots)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn runs() -> impl Strategy<Value = Vec<(u16, u16)>> {
        proptest::collection::vec((1u16..400, 1u16..300), 0..12).prop_map(|steps| {
            let mut at = 0;
            let run = |(gap, slots): (u16, u16)| {
                let from = at + gap - u16::from(at == 0);
                at = from + slots;
                (from, at)
            };
            steps.into_iter().map(run).take_while(|(_, to)| *to <= WEEK_SLOTS).collect()
        })
    }

    proptest! {
        #[test]
        fn parts_of_a_week_round_trip(people in proptest::collection::btree_map(0u32..16_384, runs(), 0..20)) {
            let mut part = WeekPart::default();
            for (person, runs) in &people {
                part.add(*person, runs);
            }
            let mut back: Vec<(u32, u16, u16)> = Vec::new();
            each_run(&part.bytes, |person, from, to| back.push((person, from, to)));
            let all: Vec<(u32, u16, u16)> =
                people.iter().flat_map(|(person, runs)| runs.iter().map(|(from, to)| (*person, *from, *to))).collect();
            prop_assert_eq!(&back, &all);
            let mut seen = Vec::new();
            check_week(&part.bytes, 16_384, |person| seen.push(person)).unwrap();
            let held: Vec<u32> = people.iter().filter(|(_, runs)| !runs.is_empty()).map(|(person, _)| *person).collect();
            prop_assert_eq!(seen, held);
        }

        #[test]
        fn known_parts_round_trip(
            people in proptest::collection::btree_map(0u32..16_384, proptest::collection::vec((0usize..168, 1u8..64), 0..30), 1..20),
        ) {
            let mut part = KnownPart::default();
            let mut all = Vec::new();
            for (person, hours) in &people {
                let mut cells = [0; WEEK_HOURS];
                for (hour, count) in hours {
                    cells[*hour] = *count;
                }
                part.add(*person, &cells);
                if !hours.is_empty() {
                    all.push((*person, cells.iter().map(|count| u32::from(*count)).sum(), cells));
                }
            }
            let mut back: Vec<(u32, u32, Cells)> = Vec::new();
            each_head(&part.bytes(), |person, slots, hours| back.push((person, slots, cells(hours))));
            prop_assert_eq!(&back, &all);
            let mut seen = Vec::new();
            if !all.is_empty() {
                check_known(&part.bytes(), 16_384, |person, slots| seen.push((person, slots))).unwrap();
            }
            prop_assert_eq!(seen, all.iter().map(|(person, slots, _)| (*person, *slots)).collect::<Vec<_>>());
        }

        #[test]
        fn bytes_that_pass_have_one_spelling(bytes in proptest::collection::vec(any::<u8>(), 0..40)) {
            if check_week(&bytes, 16_384, |_| {}).is_ok() {
                let mut people: Vec<(u32, Vec<(u16, u16)>)> = Vec::new();
                each_run(&bytes, |person, from, to| match people.last_mut() {
                    Some((last, runs)) if *last == person => runs.push((from, to)),
                    _ => people.push((person, vec![(from, to)])),
                });
                let mut part = WeekPart::default();
                for (person, runs) in &people {
                    part.add(*person, runs);
                }
                prop_assert_eq!(&part.bytes, &bytes);
            }
            if check_known(&bytes, 16_384, |_, _| {}).is_ok() {
                let mut part = KnownPart::default();
                each_head(&bytes, |person, _, hours| part.add(person, &cells(hours)));
                prop_assert_eq!(&part.bytes(), &bytes);
            }
        }
    }

    #[test]
    fn the_bytes_of_parts_never_change() {
        let mut part = WeekPart::default();
        part.add(3, &[(0, 1), (2_000, 2_016)]);
        part.add(140, &[(288, 576)]);
        part.add(141, &[]);
        // 16 slots: the long form and none more. 288: 272 more.
        assert_eq!(part.bytes, [3, 0x00, 0x00, 0xd0, 0xff, 0, 0x88, 0x01, 0x20, 0xf9, 0x90, 0x02]);
        let mut part = KnownPart::default();
        let mut cells = [0; WEEK_HOURS];
        (cells[20], cells[21], cells[167]) = (7, 12, 24);
        part.add(1, &cells);
        part.add(2, &[0; WEEK_HOURS]);
        part.add(4, &std::array::from_fn(|hour| u8::from(hour == 0)));
        assert_eq!(part.bytes(), [6, 1, 43, 5, 2, 1, 2, 0x47, 20, 12, 0x58, 167, 0x41, 0]);
    }
}
