//! The codec of blocks: many people's days side by side, by ascending key.
//!
//! A block is found by its first key, which is not in it. Each entry is the step to its key from the one expected
//! next (the first key, then the last key + 1), the length of the day, and the day by `ViewerDay::encode`; numbers
//! are LEB128. Both databases hold the same bytes. What reads them is public: the files are there for other programs too
//! (`docs/store-format.md`), and any bytes may come.

use model::codec::{CodecError, Reader, Writer};
use model::identity::PersonKey;

/// Entries are added up to this size. Two blocks fill a page of SQLite's 4,096 bytes, and Postgres moves values out of
/// their row above about 2,000 bytes. A larger entry makes a larger block of its own.
pub(crate) const BLOCK_BYTES: usize = 1_950;

/// Blocks that a job reads at once: half a megabyte, some ten thousand people.
pub(crate) const PAGE_BLOCKS: i64 = 256;

/// Some people's days.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Block {
    /// The key of the first entry.
    pub(crate) first: u32,
    /// The entries.
    pub(crate) bytes: Vec<u8>,
}

impl Block {
    fn push(&mut self, step: u32, day: &[u8]) {
        let mut writer = Writer(&mut self.bytes);
        writer.number(u64::from(step));
        writer.number(day.len() as u64);
        self.bytes.extend_from_slice(day);
    }
}

/// Packs entries of ascending keys into blocks.
#[derive(Debug, Default)]
pub(crate) struct BlockWriter {
    done: Vec<Block>,
    next_key: u32,
}

impl BlockWriter {
    /// Adds a person's day. Keys ascend strictly.
    pub(crate) fn push(&mut self, key: u32, day: &[u8]) {
        debug_assert!(key >= self.next_key, "keys ascend");
        // The step and the length take at most five bytes each.
        let open = self.done.last_mut().filter(|block| block.bytes.len() + day.len() + 10 <= BLOCK_BYTES);
        if let Some(block) = open {
            block.push(key - self.next_key, day);
        } else {
            let mut block = Block { first: key, bytes: Vec::with_capacity(BLOCK_BYTES) };
            block.push(0, day);
            self.done.push(block);
        }
        self.next_key = key + 1;
    }

    /// How many blocks there are, the last of which may take more.
    pub(crate) fn done(&self) -> usize {
        self.done.len()
    }

    /// The blocks that are full, by ascending first key: all but the last, which may take more.
    pub(crate) fn take_done(&mut self) -> Vec<Block> {
        let last = self.done.len().saturating_sub(1);
        self.done.drain(..last).collect()
    }

    /// The blocks that are left, by ascending first key.
    pub(crate) fn finish(self) -> Vec<Block> {
        self.done
    }
}

/// The entries of a block, as (key, day); see [`entries`].
#[derive(Clone, Debug)]
pub struct Entries<'a> {
    rest: &'a [u8],
    next_key: u32,
}

/// Reads the block whose first key is `first`: the keys ascend. The first error is the end.
pub fn entries(first: u32, bytes: &[u8]) -> Entries<'_> {
    Entries { rest: bytes, next_key: first }
}

/// A person's day in the block whose first key is `first`; nothing when they are not in it.
pub(crate) fn find(first: u32, bytes: &[u8], person: PersonKey) -> Result<Option<&[u8]>, CodecError> {
    for entry in entries(first, bytes) {
        let (key, day) = entry?;
        if key >= person.0 {
            return Ok((key == person.0).then_some(day));
        }
    }
    Ok(None)
}

impl<'a> Entries<'a> {
    fn entry(&mut self) -> Result<(u32, &'a [u8]), CodecError> {
        let step = self.number()?;
        let key = u32::try_from(step).ok().and_then(|step| self.next_key.checked_add(step)).ok_or(CodecError::Range)?;
        self.next_key = key.checked_add(1).ok_or(CodecError::Range)?;
        let len = usize::try_from(self.number()?).map_err(|_| CodecError::Range)?;
        let (day, rest) = self.rest.split_at_checked(len).ok_or(CodecError::Truncated)?;
        self.rest = rest;
        Ok((key, day))
    }

    fn number(&mut self) -> Result<u64, CodecError> {
        // Most numbers are below 128: one byte, no call.
        if let [byte @ 0..=0x7f, rest @ ..] = self.rest {
            self.rest = rest;
            return Ok(u64::from(*byte));
        }
        let len = self.rest.iter().position(|byte| *byte < 0x80).ok_or(CodecError::Truncated)? + 1;
        let (number, rest) = self.rest.split_at(len);
        self.rest = rest;
        Reader::new(number).number()
    }
}

impl<'a> Iterator for Entries<'a> {
    type Item = Result<(u32, &'a [u8]), CodecError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let entry = self.entry();
        if entry.is_err() {
            self.rest = &[];
        }
        Some(entry)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use proptest::prelude::*;

    fn pack(days: &BTreeMap<u32, Vec<u8>>) -> Vec<Block> {
        let mut writer = BlockWriter::default();
        for (key, day) in days {
            writer.push(*key, day);
        }
        writer.finish()
    }

    proptest! {
        #[test]
        fn blocks_round_trip(days in proptest::collection::btree_map(0u32..1 << 28, proptest::collection::vec(any::<u8>(), 0..300), 0..60)) {
            let blocks = pack(&days);
            let back: BTreeMap<u32, Vec<u8>> = blocks
                .iter()
                .flat_map(|block| entries(block.first, &block.bytes))
                .map(|entry| entry.map(|(key, day)| (key, day.to_vec())).unwrap())
                .collect();
            prop_assert_eq!(&back, &days);
            prop_assert!(blocks.iter().all(|block| block.bytes.len() <= BLOCK_BYTES));
            prop_assert!(blocks.windows(2).all(|pair| pair[0].first < pair[1].first));
            for (key, day) in &days {
                let block = blocks.iter().rev().find(|block| block.first <= *key).unwrap();
                prop_assert_eq!(find(block.first, &block.bytes, PersonKey(*key)).unwrap(), Some(day.as_slice()));
            }
        }

        #[test]
        fn who_is_not_there_is_not_found(days in proptest::collection::btree_map(0u32..50, Just(vec![1]), 0..30), asked in 0u32..60) {
            for block in pack(&days) {
                prop_assert_eq!(find(block.first, &block.bytes, PersonKey(asked)).unwrap().is_some(), days.contains_key(&asked));
            }
        }

        #[test]
        fn any_bytes_are_read_or_refused(first in any::<u32>(), bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
            let mut last = None;
            for (key, _) in entries(first, &bytes).flatten() {
                prop_assert!(last < Some(key));
                last = Some(key);
            }
        }
    }

    #[test]
    fn a_large_day_has_a_block_of_its_own() {
        let days = BTreeMap::from([(1, vec![1; 10]), (2, vec![2; 5_000]), (3, vec![3; 10])]);
        assert_eq!(pack(&days).iter().map(|block| block.first).collect::<Vec<_>>(), [1, 2, 3]);
    }

    #[test]
    fn the_bytes_of_a_block_never_change() {
        let days = BTreeMap::from([(7, vec![1, 12, 2, 100, 1]), (8, vec![17]), (300, vec![9; 130])]);
        let blocks = pack(&days);
        let mut golden = vec![0, 5, 1, 12, 2, 100, 1, 0, 1, 17, 0xa3, 0x02, 0x82, 0x01];
        golden.extend([9; 130]);
        assert_eq!(blocks, [Block { first: 7, bytes: golden }]);
    }
}
