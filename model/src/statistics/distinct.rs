//! How many different people over several days: exact while they are few, a sketch once they are many.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::hyperloglog::Sketch;
use crate::analysis::Method;
use crate::codec::{CodecError, Reader, Writer};
use crate::identity::PersonKey;
use crate::words::Tier;

/// What people over days are counted by.
pub const METHOD: Method = Method::new("different-people", 1, Tier::Slots);

/// Up to so many people are counted exactly.
pub const EXACT: usize = 1_000;

/// A set of people that only tells how many they are. Sets of days merge to that of all of them.
///
/// Up to [`EXACT`] people it holds their keys, which are personal data: a store keeps it no longer than the days it was made of, and an
/// erasure takes the person out. Of more it holds a [`Sketch`], from which nobody can be taken out, and in which nobody is found once
/// their key is nobody's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Distinct {
    /// The keys, [`EXACT`] at most.
    Few(BTreeSet<u32>),
    /// More.
    Many(Sketch),
}

/// How many.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Count {
    /// Different people.
    pub people: u64,
    /// Whether that is exact; else it is ±1.6 % (a standard error), and marked ≈.
    pub exact: bool,
}

impl Default for Distinct {
    fn default() -> Distinct {
        Distinct::Few(BTreeSet::new())
    }
}

/// What the first byte of the encoding says: format 1 in the low four bits, bit 4 set for a sketch.
const FEW: u8 = 0x01;
const MANY: u8 = 0x11;

impl Distinct {
    /// Adds somebody; again changes nothing.
    pub fn add(&mut self, person: PersonKey) {
        match self {
            Distinct::Few(keys) => {
                keys.insert(person.0);
                if keys.len() > EXACT {
                    *self = Distinct::Many(sketch_of(keys));
                }
            }
            Distinct::Many(sketch) => sketch.add(person.0),
        }
    }

    /// Adds everybody of the other.
    pub fn merge(&mut self, other: &Distinct) {
        match (&mut *self, other) {
            (_, Distinct::Few(keys)) => keys.iter().for_each(|key| self.add(PersonKey(*key))),
            (Distinct::Many(sketch), Distinct::Many(other)) => sketch.merge(other),
            (Distinct::Few(keys), Distinct::Many(other)) => {
                let mut sketch = sketch_of(keys);
                sketch.merge(other);
                *self = Distinct::Many(sketch);
            }
        }
    }

    /// How many they are.
    pub fn count(&self) -> Count {
        match self {
            Distinct::Few(keys) => Count { people: keys.len() as u64, exact: true },
            Distinct::Many(sketch) => Count { people: sketch.estimate(), exact: false },
        }
    }

    /// Takes somebody out, where they can be told; whether anything changed.
    pub fn remove(&mut self, person: PersonKey) -> bool {
        match self {
            Distinct::Few(keys) => keys.remove(&person.0),
            Distinct::Many(_) => false,
        }
    }

    /// The compact form: a byte of format and kind, then of a few the steps between their keys (LEB128), of many the registers.
    pub fn encode(&self, out: &mut Vec<u8>) {
        match self {
            Distinct::Few(keys) => {
                out.push(FEW);
                let mut next = 0;
                for key in keys {
                    Writer(out).number(u64::from(key - next));
                    next = key.saturating_add(1);
                }
            }
            Distinct::Many(sketch) => {
                out.push(MANY);
                sketch.encode(out);
            }
        }
    }

    /// The inverse of [`Distinct::encode`] over the whole of `bytes`. Errors: anything that `encode` does not write.
    pub fn decode(bytes: &[u8]) -> Result<Distinct, CodecError> {
        let mut reader = Reader::new(bytes);
        match reader.byte()? {
            FEW => {
                let (mut keys, mut next) = (BTreeSet::new(), 0u32);
                while !reader.is_empty() {
                    let step = reader.number_below(1 << PersonKey::BITS)? as u32;
                    let key =
                        next.checked_add(step).filter(|key| key >> PersonKey::BITS == 0).ok_or(CodecError::Range)?;
                    next = key + 1;
                    keys.insert(key);
                }
                if keys.len() > EXACT { Err(CodecError::Range) } else { Ok(Distinct::Few(keys)) }
            }
            MANY => Sketch::decode(&bytes[1..]).map(Distinct::Many),
            other => Err(CodecError::Format(other)),
        }
    }
}

fn sketch_of(keys: &BTreeSet<u32>) -> Sketch {
    let mut sketch = Sketch::default();
    for key in keys {
        sketch.add(*key);
    }
    sketch
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(keys: impl IntoIterator<Item = u32>) -> Distinct {
        let mut all = Distinct::default();
        keys.into_iter().for_each(|key| all.add(PersonKey(key)));
        all
    }

    #[test]
    fn a_thousand_are_exact_and_more_are_about_right() {
        assert_eq!(of(0..1_000).count(), Count { people: 1_000, exact: true });
        let more = of(0..1_001).count();
        assert!(!more.exact && more.people.abs_diff(1_001) < 60, "{more:?}");
        let mut twice = of(0..1_000);
        twice.merge(&of(500..1_000));
        assert!(twice.count().exact && twice.remove(PersonKey(7)) && !twice.remove(PersonKey(7)));
        assert_eq!(twice.count().people, 999);
    }

    proptest! {
        #[test]
        fn days_in_any_order_are_the_same_people(days in proptest::collection::vec(proptest::collection::vec(0u32..4_000, 0..900), 1..5)) {
            let all = of(days.iter().flatten().copied());
            let mut merged = Distinct::default();
            days.iter().rev().for_each(|day| merged.merge(&of(day.iter().copied())));
            prop_assert_eq!(&merged, &all);
            let mut bytes = Vec::new();
            all.encode(&mut bytes);
            prop_assert_eq!(Distinct::decode(&bytes), Ok(all));
        }

        #[test]
        fn any_bytes_are_people_in_their_one_spelling_or_an_error(bytes in proptest::collection::vec(any::<u8>(), 0..40)) {
            for head in [FEW, MANY, bytes.first().copied().unwrap_or(0)] {
                let bytes: Vec<u8> = [&[head][..], &bytes].concat();
                if let Ok(people) = Distinct::decode(&bytes) {
                    let mut again = Vec::new();
                    people.encode(&mut again);
                    prop_assert_eq!(again, bytes);
                }
            }
        }
    }
}
