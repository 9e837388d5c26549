//! A set of slots of one day.

use crate::run::Run;
use crate::slot::{SLOTS_PER_DAY, Slot};

const WORDS: usize = (SLOTS_PER_DAY as usize).div_ceil(64);
/// Hours that a word has room for.
const HOURS_AT_ONCE: usize = 5;
const FIVE_HOURS: u64 = 0xfff_fff_fff_fff_fff;
/// Every second bit, and every second two, of five hours.
const TWOS: u64 = 0x555_555_555_555_555;
const FOURS: u64 = 0x333_333_333_333_333;
/// Every third bit.
const THREES: u64 = 0o1111_1111_1111_1111_1111;

/// Any of the 288 slots of a day, as bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct SlotSet([u64; WORDS]);

impl SlotSet {
    /// No slot.
    pub const EMPTY: SlotSet = SlotSet([0; WORDS]);

    /// The slots of some runs.
    pub fn from_runs(runs: impl IntoIterator<Item = Run>) -> SlotSet {
        let mut set = SlotSet::EMPTY;
        for run in runs {
            let (mut slot, to) = (run.from(), run.to());
            while slot < to {
                let bits = (to - slot).min(64 - slot % 64);
                set.0[usize::from(slot / 64)] |= u64::MAX >> (64 - bits) << (slot % 64);
                slot += bits;
            }
        }
        set
    }

    /// Adds a slot.
    #[inline]
    pub fn insert(&mut self, slot: Slot) {
        self.0[usize::from(slot.index() / 64)] |= 1 << (slot.index() % 64);
    }

    /// Takes a slot away.
    #[inline]
    pub fn remove(&mut self, slot: Slot) {
        self.0[usize::from(slot.index() / 64)] &= !(1 << (slot.index() % 64));
    }

    /// Whether the slot is in it.
    #[inline]
    pub fn contains(&self, slot: Slot) -> bool {
        self.0[usize::from(slot.index() / 64)] >> (slot.index() % 64) & 1 == 1
    }

    /// How many slots, 0–288.
    #[inline]
    pub fn len(&self) -> u16 {
        self.0.iter().map(|word| word.count_ones() as u16).sum()
    }

    /// How many of the slots [from, to) of the day; `to` is 288 at most.
    pub fn count(&self, from: u16, to: u16) -> u16 {
        let to = to.min(SLOTS_PER_DAY);
        let (mut slot, mut count) = (from, 0);
        while slot < to {
            let (word, bit) = (usize::from(slot / 64), slot % 64);
            let bits = (to - slot).min(64 - bit);
            let mask = u64::MAX >> (64 - bits);
            count += (self.0[word] >> bit & mask).count_ones() as u16;
            slot += bits;
        }
        count
    }

    /// How many slots of each hour of the day, 0–12.
    pub fn by_hour(&self) -> [u8; 24] {
        let mut counts = [0; 24];
        for (fifth, counts) in counts.chunks_mut(HOURS_AT_ONCE).enumerate() {
            let bits = self.bits(60 * fifth);
            // Bits by twos, by fours, and the three fours of an hour: each sum has the room of what it is a sum of.
            let twos = bits - ((bits >> 1) & TWOS);
            let fours = (twos & FOURS) + ((twos >> 2) & FOURS);
            let mut hours = fours + (fours >> 4) + (fours >> 8);
            for count in counts {
                *count = (hours & 0xf) as u8;
                hours >>= 12;
            }
        }
        counts
    }

    /// How many slots of each quarter of an hour of the day, 0–3.
    pub fn by_quarter(&self) -> [u8; 96] {
        let mut counts = [0; 96];
        for (fifth, counts) in counts.chunks_mut(4 * HOURS_AT_ONCE).enumerate() {
            let bits = self.bits(60 * fifth);
            // Of each three bits, their sum in the place of the three.
            let mut quarters = (bits & THREES) + (bits >> 1 & THREES) + (bits >> 2 & THREES);
            for count in counts {
                *count = (quarters & 0b111) as u8;
                quarters >>= 3;
            }
        }
        counts
    }

    /// Five hours of slots from one on, the first of them lowest; none after the last of the day.
    fn bits(&self, first: usize) -> u64 {
        let (word, bit) = (first / 64, first % 64);
        // They may lie in two words.
        let next = self.0.get(word + 1).map_or(0, |next| (next << 1) << (63 - bit));
        (self.0[word] >> bit | next) & FIVE_HOURS
    }

    /// Whether no slot is in it.
    #[inline]
    pub fn is_empty(&self) -> bool {
        *self == SlotSet::EMPTY
    }

    /// The slots in either.
    #[inline]
    #[must_use]
    pub fn union(mut self, other: &SlotSet) -> SlotSet {
        self.0.iter_mut().zip(other.0).for_each(|(a, b)| *a |= b);
        self
    }

    /// The slots in both.
    #[inline]
    #[must_use]
    pub fn intersection(mut self, other: &SlotSet) -> SlotSet {
        self.0.iter_mut().zip(other.0).for_each(|(a, b)| *a &= b);
        self
    }

    /// The slots in this one and not in the other.
    #[inline]
    #[must_use]
    pub fn minus(mut self, other: &SlotSet) -> SlotSet {
        self.0.iter_mut().zip(other.0).for_each(|(a, b)| *a &= !b);
        self
    }

    /// Its slots in order.
    pub fn iter(&self) -> impl Iterator<Item = Slot> + '_ {
        let mut from = 0;
        std::iter::from_fn(move || {
            let slot = self.next(from, 0)?;
            from = slot + 1;
            Slot::new(slot).ok()
        })
    }

    /// Its maximal runs, in order.
    pub fn runs(&self) -> Vec<Run> {
        let mut runs = Vec::new();
        let mut from = 0;
        while let Some(first) = self.next(from, 0) {
            from = self.next(first, u64::MAX).unwrap_or(SLOTS_PER_DAY);
            runs.extend(Run::new(first, from));
        }
        runs
    }

    /// The first slot from `from` on that is in it or, of `flip` all ones, that is not.
    fn next(&self, from: u16, flip: u64) -> Option<u16> {
        let mut passed = u64::MAX << (from % 64);
        for word in usize::from(from / 64)..WORDS {
            let bits = (self.0[word] ^ flip) & passed;
            if bits != 0 {
                let slot = word as u16 * 64 + bits.trailing_zeros() as u16;
                return (slot < SLOTS_PER_DAY).then_some(slot);
            }
            passed = u64::MAX;
        }
        None
    }
}

impl FromIterator<Slot> for SlotSet {
    fn from_iter<I: IntoIterator<Item = Slot>>(slots: I) -> SlotSet {
        let mut set = SlotSet::EMPTY;
        slots.into_iter().for_each(|slot| set.insert(slot));
        set
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn runs_round_trip_and_are_maximal(
            slots in proptest::collection::vec(0u16..288, 0..300), from in 0u16..289, to in 0u16..400,
        ) {
            let set: SlotSet = slots.iter().map(|s| Slot::new(*s).unwrap()).collect();
            let runs = set.runs();
            prop_assert_eq!(SlotSet::from_runs(runs.iter().copied()), set);
            prop_assert!(runs.windows(2).all(|pair| pair[0].to() < pair[1].from()));
            prop_assert_eq!(runs.iter().map(|run| run.slots()).sum::<u16>(), set.len());
            prop_assert_eq!(set.iter().count(), usize::from(set.len()));
            prop_assert!(set.minus(&set).is_empty());
            let inside = set.iter().filter(|slot| (from..to).contains(&slot.index())).count();
            prop_assert_eq!(usize::from(set.count(from, to)), inside);
            let hours: [u8; 24] = std::array::from_fn(|hour| set.count(12 * hour as u16, 12 * hour as u16 + 12) as u8);
            prop_assert_eq!(set.by_hour(), hours);
            let quarters: [u8; 96] = std::array::from_fn(|part| set.count(3 * part as u16, 3 * part as u16 + 3) as u8);
            prop_assert_eq!(set.by_quarter(), quarters);
            let mut sorted = slots.clone();
            sorted.sort_unstable();
            sorted.dedup();
            prop_assert_eq!(set.iter().map(Slot::index).collect::<Vec<u16>>(), sorted);
            prop_assert!(runs.iter().all(|run| (run.from()..run.to()).all(|slot| slots.contains(&slot))));
        }
    }
}
