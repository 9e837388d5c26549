//! The bytes of a part: who of some thousand people was in a channel, and when. Two kinds, for the two questions.
//!
//! Both have two columns. The **heads** go by ascending person and say of each how far they are from the one before (LEB128, from 0),
//! what rules out most of them, and how many bytes their times have: the days of the week that they were there on, or all their slots of
//! the known half. The **times** are runs of slots, or hours. See `docs/crowd-index.md`.

use super::calendar::{WEEK_HOURS, WEEK_SLOTS};
use super::trace::{Cells, MOST_COUNT};
use crate::codec::{CodecError, Reader, Writer};
use crate::slot::SLOTS_PER_DAY;

/// A run is 16 bits, least byte first: 11 of its first slot, 5 of its length.
const START: u16 = 0x07ff;
const LENGTH_SHIFT: u16 = 11;
/// Lengths of 1–31 are in those five bits; of others the rest follows.
const LONG: u16 = 31;

/// An hour is a byte: 6 bits of slots, and a bit where the hour itself follows since it is not the next.
const APART: u8 = 0x40;

/// Bytes of somebody's times at most: a run of one slot after every other, two bytes each.
const MOST_BYTES: u64 = WEEK_SLOTS as u64;

/// A part being written: of the week or of the known half, never of both.
#[derive(Clone, Debug, Default)]
pub(super) struct Part {
    /// Per person: step, days or slots, bytes of their times.
    heads: Vec<u8>,
    times: Vec<u8>,
    next: u32,
}

impl Part {
    /// Adds somebody's runs of the week, if there are any: maximal, in order. People come in order.
    pub(super) fn add_runs(&mut self, person: u32, runs: &[(u16, u16)]) {
        let start = self.times.len();
        let mut days = 0;
        for (from, to) in runs {
            days |= days_of(*from, *to);
            let slots = to - from;
            let length = (slots - 1).min(LONG);
            self.times.extend_from_slice(&(from | length << LENGTH_SHIFT).to_le_bytes());
            if length == LONG {
                Writer(&mut self.times).number(u64::from(slots - 1 - LONG));
            }
        }
        self.add(person, u32::from(days), start);
    }

    /// Adds somebody's hours of the known half, if there are any. People come in order.
    pub(super) fn add_hours(&mut self, person: u32, cells: &Cells) {
        let start = self.times.len();
        let (mut slots, mut next) = (0, None);
        for (hour, count) in cells.iter().enumerate().filter(|(_, count)| **count > 0) {
            slots += u32::from(*count);
            if next == Some(hour) {
                self.times.push(*count);
            } else {
                self.times.extend_from_slice(&[count | APART, hour as u8]);
            }
            next = Some(hour + 1);
        }
        self.add(person, slots, start);
    }

    /// Adds the head of somebody whose times begin there.
    fn add(&mut self, person: u32, sum: u32, start: usize) {
        if self.times.len() == start {
            return;
        }
        let mut writer = Writer(&mut self.heads);
        writer.number(u64::from(person - self.next));
        writer.number(u64::from(sum));
        writer.number((self.times.len() - start) as u64);
        self.next = person + 1;
    }

    /// Its bytes: how many those of the heads are, the heads, the times; nothing of nobody.
    pub(super) fn bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.heads.len() + self.times.len() + 3);
        if !self.heads.is_empty() {
            Writer(&mut bytes).number(self.heads.len() as u64);
            bytes.extend_from_slice(&self.heads);
            bytes.extend_from_slice(&self.times);
        }
        bytes
    }
}

/// The days of the week that a run lies on, a bit each, the first the least.
fn days_of(from: u16, to: u16) -> u8 {
    let (first, last) = (from / SLOTS_PER_DAY, (to - 1) / SLOTS_PER_DAY);
    (2 << last) - (1 << first)
}

/// Takes values off the front of a part. The bytes were proved when the index was opened; of others it ends early.
struct Cursor<'a>(&'a [u8]);

impl Cursor<'_> {
    #[inline]
    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    #[inline]
    fn pair(&mut self) -> Option<u16> {
        let (pair, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(u16::from_le_bytes(*pair))
    }

    /// Numbers here are below 2²¹: steps within a chunk, slots of two weeks, lengths of times and of heads.
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

/// Calls `head(person, days or slots, times)` of everybody in a part; [`each_run`] and [`each_hour`] read the times.
#[inline]
pub(super) fn each_head<'a>(part: &'a [u8], mut head: impl FnMut(u32, u32, &'a [u8])) {
    let mut cursor = Cursor(part);
    let Some((heads, mut times)) = cursor.number().and_then(|len| cursor.0.split_at_checked(len as usize)) else {
        return;
    };
    let mut cursor = Cursor(heads);
    let mut next = 0u32;
    while let Some(step) = cursor.number() {
        let (Some(sum), Some(len)) = (cursor.number(), cursor.number()) else { return };
        let Some((own, rest)) = times.split_at_checked(len as usize) else { return };
        head(next + step, sum, own);
        next += step + 1;
        times = rest;
    }
}

/// Calls `run(from, to)` of somebody's runs, ascending.
#[inline]
pub(super) fn each_run(runs: &[u8], mut run: impl FnMut(u16, u16)) {
    let mut cursor = Cursor(runs);
    while let Some(pair) = cursor.pair() {
        let from = pair & START;
        let mut slots = (pair >> LENGTH_SHIFT) + 1;
        if slots > LONG {
            let Some(more) = cursor.number() else { return };
            slots += more as u16;
        }
        run(from, from + slots);
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

/// Proves a part of so many people, and says whose days or slots are in it. `check_times` proves somebody's times and says what they come
/// to: [`check_runs`] or [`check_hours`]. Errors: what [`Part`] does not write.
pub(super) fn check(
    part: &[u8],
    people: u32,
    check_times: impl Fn(&[u8]) -> Result<u32, CodecError>,
    mut seen: impl FnMut(u32, u32),
) -> Result<(), CodecError> {
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
        let sum = heads.number()?;
        let own = heads.number_below(MOST_BYTES + 1)? as usize;
        let is = check_times(reader.bytes(own)?)?;
        if u64::from(is) != sum || is == 0 {
            return Err(CodecError::Range);
        }
        seen(person, is);
    }
    if reader.is_empty() { Ok(()) } else { Err(CodecError::Range) }
}

/// Proves somebody's runs; the days in them, a bit each.
pub(super) fn check_runs(runs: &[u8]) -> Result<u32, CodecError> {
    let mut reader = Reader::new(runs);
    // The first slot in which a run may begin: maximal ones are apart.
    let (mut free, mut days) = (0u32, 0);
    while !reader.is_empty() {
        let pair = u16::from(reader.byte()?) | u16::from(reader.byte()?) << 8;
        let from = u32::from(pair & START);
        let mut to = from + u32::from(pair >> LENGTH_SHIFT) + 1;
        if to - from > u32::from(LONG) {
            to += reader.number_below(u64::from(WEEK_SLOTS))? as u32;
        }
        if from < free || to > u32::from(WEEK_SLOTS) {
            return Err(CodecError::Range);
        }
        days |= days_of(from as u16, to as u16);
        free = to + 1;
    }
    Ok(days.into())
}

/// Proves somebody's hours; the slots in them.
pub(super) fn check_hours(hours: &[u8]) -> Result<u32, CodecError> {
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
        slots += u32::from(cell & MOST_COUNT);
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
        fn parts_of_a_week_round_trip(people in proptest::collection::btree_map(0u32..16_384, runs(), 1..20)) {
            let mut part = Part::default();
            for (person, runs) in &people {
                part.add_runs(*person, runs);
            }
            let mut back = Vec::new();
            each_head(&part.bytes(), |person, days, own| {
                let mut runs = Vec::new();
                each_run(own, |from, to| runs.push((from, to)));
                back.push((person, days, runs));
            });
            let held = people.iter().filter(|(_, runs)| !runs.is_empty());
            let days = |runs: &[(u16, u16)]| {
                runs.iter().flat_map(|(from, to)| *from..*to).fold(0u32, |days, slot| days | 1 << (slot / 288))
            };
            let all: Vec<_> = held.map(|(person, runs)| (*person, days(runs), runs.clone())).collect();
            prop_assert_eq!(&back, &all);
            let mut seen = Vec::new();
            if !all.is_empty() {
                check(&part.bytes(), 16_384, check_runs, |person, days| seen.push((person, days))).unwrap();
            }
            prop_assert_eq!(seen, all.iter().map(|(person, days, _)| (*person, *days)).collect::<Vec<_>>());
        }

        #[test]
        fn known_parts_round_trip(
            people in proptest::collection::btree_map(0u32..16_384, proptest::collection::vec((0usize..168, 1u8..64), 0..30), 1..20),
        ) {
            let mut part = Part::default();
            let mut all = Vec::new();
            for (person, hours) in &people {
                let mut cells = [0; WEEK_HOURS];
                for (hour, count) in hours {
                    cells[*hour] = *count;
                }
                part.add_hours(*person, &cells);
                if !hours.is_empty() {
                    all.push((*person, cells.iter().map(|count| u32::from(*count)).sum(), cells));
                }
            }
            let mut back: Vec<(u32, u32, Cells)> = Vec::new();
            each_head(&part.bytes(), |person, slots, hours| back.push((person, slots, cells(hours))));
            prop_assert_eq!(&back, &all);
            let mut seen = Vec::new();
            if !all.is_empty() {
                check(&part.bytes(), 16_384, check_hours, |person, slots| seen.push((person, slots))).unwrap();
            }
            prop_assert_eq!(seen, all.iter().map(|(person, slots, _)| (*person, *slots)).collect::<Vec<_>>());
        }

        #[test]
        fn bytes_that_pass_have_one_spelling(heads in 1u8..40, bytes in proptest::collection::vec(any::<u8>(), 0..40)) {
            let bytes = [&[heads][..], &bytes].concat();
            if check(&bytes, 16_384, check_runs, |_, _| {}).is_ok() {
                let mut part = Part::default();
                each_head(&bytes, |person, _, own| {
                    let mut runs = Vec::new();
                    each_run(own, |from, to| runs.push((from, to)));
                    part.add_runs(person, &runs);
                });
                prop_assert_eq!(&part.bytes(), &bytes);
            }
            if check(&bytes, 16_384, check_hours, |_, _| {}).is_ok() {
                let mut part = Part::default();
                each_head(&bytes, |person, _, hours| part.add_hours(person, &cells(hours)));
                prop_assert_eq!(&part.bytes(), &bytes);
            }
        }
    }

    #[test]
    fn the_bytes_of_parts_never_change() {
        let mut part = Part::default();
        part.add_runs(3, &[(0, 1), (1_984, 2_016)]);
        part.add_runs(140, &[(288, 577)]);
        part.add_runs(141, &[]);
        // 32 slots: the long form and none more. 289: 257 more, on two days.
        let heads = [3, 0x41, 5, 0x88, 0x01, 0x06, 4];
        assert_eq!(part.bytes(), [&[7][..], &heads, &[0x00, 0x00, 0xc0, 0xff, 0, 0x20, 0xf9, 0x81, 0x02]].concat());
        let mut part = Part::default();
        let mut cells = [0; WEEK_HOURS];
        (cells[20], cells[21], cells[167]) = (7, 12, 24);
        part.add_hours(1, &cells);
        part.add_hours(2, &[0; WEEK_HOURS]);
        part.add_hours(4, &std::array::from_fn(|hour| u8::from(hour == 0)));
        assert_eq!(part.bytes(), [6, 1, 43, 5, 2, 1, 2, 0x47, 20, 12, 0x58, 167, 0x41, 0]);
    }
}
