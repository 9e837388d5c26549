//! A set of slots of one day.

use crate::run::Run;
use crate::slot::{SLOTS_PER_DAY, Slot};

const WORDS: usize = (SLOTS_PER_DAY as usize).div_ceil(64);

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
            for slot in run.from()..run.to() {
                set.0[usize::from(slot / 64)] |= 1 << (slot % 64);
            }
        }
        set
    }

    /// Adds a slot.
    pub fn insert(&mut self, slot: Slot) {
        self.0[usize::from(slot.index() / 64)] |= 1 << (slot.index() % 64);
    }

    /// Takes a slot away.
    pub fn remove(&mut self, slot: Slot) {
        self.0[usize::from(slot.index() / 64)] &= !(1 << (slot.index() % 64));
    }

    /// Whether the slot is in it.
    pub fn contains(&self, slot: Slot) -> bool {
        self.0[usize::from(slot.index() / 64)] >> (slot.index() % 64) & 1 == 1
    }

    /// How many slots, 0–288.
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
    pub fn by_hour(&self) -> [u16; 24] {
        std::array::from_fn(|hour| {
            let (word, bit) = (12 * hour / 64, 12 * hour % 64);
            // An hour may lie in two words; where it lies in one, what comes of the next is cut off.
            let next = self.0.get(word + 1).map_or(0, |next| (next << 1) << (63 - bit));
            ((self.0[word] >> bit | next) & 0xfff).count_ones() as u16
        })
    }

    /// Whether no slot is in it.
    pub fn is_empty(&self) -> bool {
        *self == SlotSet::EMPTY
    }

    /// The slots in either.
    #[must_use]
    pub fn union(mut self, other: &SlotSet) -> SlotSet {
        self.0.iter_mut().zip(other.0).for_each(|(a, b)| *a |= b);
        self
    }

    /// The slots in both.
    #[must_use]
    pub fn intersection(mut self, other: &SlotSet) -> SlotSet {
        self.0.iter_mut().zip(other.0).for_each(|(a, b)| *a &= b);
        self
    }

    /// The slots in this one and not in the other.
    #[must_use]
    pub fn minus(mut self, other: &SlotSet) -> SlotSet {
        self.0.iter_mut().zip(other.0).for_each(|(a, b)| *a &= !b);
        self
    }

    /// Its slots in order.
    pub fn iter(&self) -> impl Iterator<Item = Slot> + '_ {
        Slot::all().filter(|slot| self.contains(*slot))
    }

    /// Its maximal runs, in order.
    pub fn runs(&self) -> Vec<Run> {
        let mut runs = Vec::new();
        let mut start = None;
        for slot in 0..=SLOTS_PER_DAY {
            let here = Slot::new(slot).is_ok_and(|slot| self.contains(slot));
            match (start, here) {
                (None, true) => start = Some(slot),
                (Some(from), false) => {
                    runs.extend(Run::new(from, slot));
                    start = None;
                }
                _ => {}
            }
        }
        runs
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
            let hours: [u16; 24] = std::array::from_fn(|hour| set.count(12 * hour as u16, 12 * hour as u16 + 12));
            prop_assert_eq!(set.by_hour(), hours);
        }
    }
}
