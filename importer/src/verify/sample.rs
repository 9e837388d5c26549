//! Who is in the sample, and what stands for an observation in a channel's fingerprint.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::hash::BuildHasher;

use foldhash::quality::FixedState;
use model::day::Day;

/// Gives every login a number as good as random, which the seed and the day determine.
#[derive(Clone, Copy, Debug)]
pub(super) struct Numbers(u64);

impl Numbers {
    pub(super) fn new(seed: u64, day: Day) -> Numbers {
        Numbers(mix(seed ^ mix(day.days() as u64)))
    }

    pub(super) fn of(self, login: &[u8]) -> u64 {
        FixedState::with_seed(self.0).hash_one(login)
    }
}

/// What an observation adds to its channel's fingerprint. A sum does not depend on the order, and that two different
/// sets of observations have the same one takes a chance of one in 2⁶⁴.
pub(super) fn mark(viewer: u64, slot: u16, spoke: bool) -> u64 {
    mix(viewer ^ mix(u64::from(slot) << 1 | u64::from(spoke)))
}

/// The finisher of SplitMix64: Steele, Lea, Flood, "Fast splittable pseudorandom number generators", 2014.
pub(super) fn mix(number: u64) -> u64 {
    let number = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let number = (number ^ number >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ number >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ number >> 31
}

/// Those with the smallest numbers of all that came by. Whoever is among them at the end was so since they first came:
/// one reading is enough to know everything about the sample.
#[derive(Debug)]
pub(super) struct Smallest<T> {
    size: usize,
    kept: BTreeMap<u64, T>,
}

/// The numbers that a sample takes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limit(Option<u64>);

impl<T> Smallest<T> {
    pub(super) fn new(size: usize) -> Smallest<T> {
        Smallest { size, kept: BTreeMap::new() }
    }

    /// What is kept of whoever has this number, made if need be; nothing when it is too large a number. Errors: those of
    /// `make`.
    pub(super) fn keep<E>(&mut self, number: u64, make: impl FnOnce() -> Result<T, E>) -> Result<Option<&mut T>, E> {
        if !self.limit().holds(number) {
            return Ok(None);
        }
        if let Entry::Vacant(place) = self.kept.entry(number) {
            place.insert(make()?);
            if self.kept.len() > self.size {
                self.kept.pop_last();
            }
        }
        Ok(self.kept.get_mut(&number))
    }

    pub(super) fn limit(&self) -> Limit {
        let full = self.kept.len() == self.size;
        Limit(if full { self.kept.last_key_value().map(|(number, _)| *number) } else { Some(u64::MAX) })
    }

    pub(super) fn into_values(self) -> impl Iterator<Item = (u64, T)> {
        self.kept.into_iter()
    }
}

impl Limit {
    pub(super) fn holds(self, number: u64) -> bool {
        self.0.is_some_and(|limit| number <= limit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn everything_is_known_of_the_smallest(came in proptest::collection::vec(0u64..40, 0..120), size in 0usize..50) {
            let mut smallest = Smallest::new(size);
            for number in &came {
                let Ok(count) = smallest.keep(*number, || Ok::<_, std::convert::Infallible>(0));
                if let Some(count) = count {
                    *count += 1;
                }
            }
            let limit = smallest.limit();
            let mut wanted = BTreeMap::new();
            for number in &came {
                *wanted.entry(*number).or_insert(0) += 1;
            }
            prop_assert!(wanted.keys().take(size).all(|number| limit.holds(*number)));
            prop_assert!(wanted.keys().skip(size).all(|number| !limit.holds(*number)));
            prop_assert!(smallest.into_values().eq(wanted.into_iter().take(size)));
        }
    }

    #[test]
    fn the_sample_is_of_the_seed_and_the_day() {
        let day: Day = "2026-11-22".parse().unwrap();
        let number = |seed, day| Numbers::new(seed, day).of(b"_ada");
        assert_eq!(number(1, day), number(1, day));
        assert!(number(1, day) != number(2, day) && number(1, day) != number(1, day.plus(1)));
        let marks = [mark(7, 3, false), mark(7, 3, true), mark(7, 4, false), mark(8, 3, false)];
        assert!((1..4).all(|n| !marks[..n].contains(&marks[n])));
    }
}
