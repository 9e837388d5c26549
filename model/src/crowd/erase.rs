//! Taking people out of an index for good.

use std::collections::{BTreeMap, HashMap};

use super::build::{Chunk, Parts, Person, assemble};
use super::index::{self, Index};
use super::posting::{cells, each_head, each_run};
use crate::identity::PersonKey;

impl<B: AsRef<[u8]>> Index<B> {
    /// The bytes of the same index without some people, and without those it was told to forget: whose files are to
    /// hold nothing of them before the next night. People who are not in it are no matter.
    ///
    /// Only the chunks that they are in are made again. Others keep their places, theirs stay empty.
    pub fn without(&self, people: &[PersonKey]) -> Vec<u8> {
        let mut gone: Vec<bool> =
            self.known().iter().enumerate().map(|(at, slots)| *slots == 0 && !self.is_in_week(at as u32)).collect();
        for key in people {
            if let Some(ordinal) = self.ordinal(*key) {
                gone[ordinal as usize] = true;
            }
        }
        let mut audiences: BTreeMap<u32, u32> =
            self.audiences().iter().map(|(channel, audience)| (channel.0, *audience)).collect();
        // As written: of the key that an empty place had nothing is to be left, nor in the places after it.
        let mut last = None;
        let without = |chunk: &index::Chunk| {
            let first = chunk.first as usize;
            let gone = &gone[first..first + chunk.people as usize];
            if gone.contains(&true) {
                let chunk = self.chunk_without(chunk, gone, last, &mut audiences);
                last = chunk.people.last().map(|person| person.key);
                chunk.encode()
            } else {
                last = self.keys()[first..][..gone.len()].last().copied();
                self.bytes()[chunk.whole.clone()].to_vec()
            }
        };
        let chunks = self.chunks().iter().map(without).collect();
        assemble(self.calendar(), self.origin(), &audiences, chunks)
    }

    /// A chunk without some people, behind one with that key.
    fn chunk_without(
        &self,
        chunk: &index::Chunk,
        gone: &[bool],
        last: Option<u32>,
        audiences: &mut BTreeMap<u32, u32>,
    ) -> Chunk {
        let first = chunk.first as usize;
        let mut people: Vec<Person> = Vec::with_capacity(gone.len());
        for (place, is_gone) in gone.iter().enumerate() {
            let at = first + place;
            people.push(if *is_gone {
                // Their key goes too: the one after the last is nobody's here, since theirs was above it.
                let before = people.last().map(|last| last.key).or(last);
                Person { key: before.map_or(0, |key| key + 1), known: 0, week: false }
            } else {
                Person { key: self.keys()[at], known: self.known()[at], week: self.is_in_week(at as u32) }
            });
        }
        let is_gone = |person: u32| gone.get(person as usize).copied().unwrap_or(true);
        let mut channels: HashMap<u32, Parts> = HashMap::new();
        for piece in &chunk.week {
            let part = &mut channels.entry(piece.channel.0).or_default().week;
            each_head(self.piece(piece), |person, _, own| {
                if !is_gone(person) {
                    let mut runs = Vec::new();
                    each_run(own, |from, to| runs.push((from, to)));
                    part.add_runs(person, &runs);
                }
            });
        }
        for piece in &chunk.known {
            let part = &mut channels.entry(piece.channel.0).or_default().known;
            each_head(self.piece(piece), |person, _, hours| {
                if !is_gone(person) {
                    part.add_hours(person, &cells(hours));
                } else if self.known()[first + person as usize] > 0
                    && let Some(audience) = audiences.get_mut(&piece.channel.0)
                {
                    // Of whoever is forgotten it is out already.
                    *audience = audience.saturating_sub(1);
                }
            });
        }
        Chunk { people, channels }
    }
}
