//! Making an index of everybody, in one pass over people.

use std::collections::{BTreeMap, HashMap};

use thiserror::Error;

use super::calendar::Calendar;
use super::posting::Part;
use super::trace::{Folder, is_bot, total};
use crate::codec::Writer;
use crate::day::Day;
use crate::identity::PersonKey;
use crate::presence::ViewerDay;
use crate::words::Origin;

/// What an index begins with.
pub(super) const MAGIC: &[u8; 8] = b"VIGIEcrd";
/// The version of its bytes.
pub(super) const VERSION: u8 = 2;
/// People of a chunk at most: what a question keeps of them at once fits the processor's second cache.
pub(super) const CHUNK_PEOPLE: u32 = 1 << 14;
/// Bytes of an index at most: three times what 1.5 million viewers a day need, and what a machine of 4 GB can hold.
pub const MOST_BYTES: usize = 1 << 30;

/// Why an index cannot be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum BuildError {
    /// People have to come by ascending key, each once.
    #[error("people have to be given by ascending key, each once")]
    Order,
    /// More than [`MOST_BYTES`], or a key out of range.
    #[error("the crowd does not fit an index of {MOST_BYTES} bytes")]
    TooLarge,
    /// The other builder has other days, or data of another origin.
    #[error("indexes of different days or origins cannot be put together")]
    Mixed,
}

/// Makes an index. Two of them can work at once, each on its range of keys: [`Builder::append`] puts them together.
///
/// What it holds is what the index will have, and one chunk of people in work.
#[derive(Debug)]
pub struct Builder {
    calendar: Calendar,
    origin: Origin,
    folder: Folder,
    /// People of a chunk, at most [`CHUNK_PEOPLE`].
    chunk_people: u32,
    /// The key that the next person must have at least.
    next_key: u32,
    first_key: Option<u32>,
    chunk: Chunk,
    done: Vec<Vec<u8>>,
    bytes: usize,
    audiences: BTreeMap<u32, u32>,
}

/// People in work.
#[derive(Debug, Default)]
pub(super) struct Chunk {
    pub(super) people: Vec<Person>,
    pub(super) channels: HashMap<u32, Parts>,
}

/// What a chunk says of a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Person {
    pub(super) key: u32,
    /// Slots of the known half, over all channels.
    pub(super) known: u32,
    /// Whether they were there in the last week.
    pub(super) week: bool,
}

/// A channel's parts in a chunk.
#[derive(Debug, Default)]
pub(super) struct Parts {
    pub(super) week: Part,
    pub(super) known: Part,
}

impl Builder {
    /// Of no people yet.
    pub fn new(calendar: Calendar, origin: Origin) -> Builder {
        Builder::with_chunks_of(CHUNK_PEOPLE, calendar, origin)
    }

    /// The same with smaller chunks.
    pub(super) fn with_chunks_of(chunk_people: u32, calendar: Calendar, origin: Origin) -> Builder {
        Builder {
            chunk_people,
            calendar,
            origin,
            folder: Folder::default(),
            next_key: 0,
            first_key: None,
            chunk: Chunk::default(),
            done: Vec::new(),
            bytes: 0,
            audiences: BTreeMap::new(),
        }
    }

    /// Adds a person with their days, in any order. Whoever is a bot, or has nothing that the index needs, is left out.
    /// Errors: [`BuildError::Order`], [`BuildError::TooLarge`].
    pub fn push(&mut self, key: PersonKey, days: &[(Day, ViewerDay)]) -> Result<(), BuildError> {
        if key.0 < self.next_key {
            return Err(BuildError::Order);
        }
        if key.0 >> PersonKey::BITS != 0 {
            return Err(BuildError::TooLarge);
        }
        self.next_key = key.0 + 1;
        if is_bot(&self.calendar, days) {
            return Ok(());
        }
        let place = self.chunk.people.len() as u32;
        let mut person = Person { key: key.0, known: 0, week: false };
        let Builder { folder, chunk, audiences, calendar, .. } = self;
        folder.fold(calendar, days, |there| {
            let known = total(&there.known);
            if known == 0 && there.week.is_empty() {
                return;
            }
            let parts = chunk.channels.entry(there.channel.0).or_default();
            parts.week.add_runs(place, &there.week);
            parts.known.add_hours(place, &there.known);
            *audiences.entry(there.channel.0).or_default() += u32::from(known > 0);
            person.known += known;
            person.week |= !there.week.is_empty();
        });
        if person.known > 0 || person.week {
            self.first_key.get_or_insert(key.0);
            self.chunk.people.push(person);
        }
        if self.chunk.people.len() as u32 == self.chunk_people { self.close() } else { Ok(()) }
    }

    /// Adds everybody of another builder, whose keys are all above those of this one. Errors: any of them.
    pub fn append(&mut self, mut later: Builder) -> Result<(), BuildError> {
        if later.calendar != self.calendar || later.origin != self.origin {
            return Err(BuildError::Mixed);
        }
        if later.first_key.is_some_and(|key| key < self.next_key) {
            return Err(BuildError::Order);
        }
        self.close()?;
        later.close()?;
        self.next_key = self.next_key.max(later.next_key);
        self.first_key = self.first_key.or(later.first_key);
        self.bytes += later.bytes;
        self.done.append(&mut later.done);
        for (channel, audience) in later.audiences {
            *self.audiences.entry(channel).or_default() += audience;
        }
        if self.bytes > MOST_BYTES { Err(BuildError::TooLarge) } else { Ok(()) }
    }

    /// The bytes of the index: for a file, and for [`super::index::Index::open`].
    ///
    /// Errors: [`BuildError::TooLarge`].
    pub fn finish(mut self) -> Result<Vec<u8>, BuildError> {
        self.close()?;
        let bytes = assemble(&self.calendar, self.origin, &self.audiences, self.done);
        if bytes.len() > MOST_BYTES { Err(BuildError::TooLarge) } else { Ok(bytes) }
    }

    /// Ends the chunk in work.
    fn close(&mut self) -> Result<(), BuildError> {
        let chunk = std::mem::take(&mut self.chunk);
        if !chunk.people.is_empty() {
            let bytes = chunk.encode();
            self.bytes += bytes.len();
            self.done.push(bytes);
        }
        if self.bytes > MOST_BYTES { Err(BuildError::TooLarge) } else { Ok(()) }
    }
}

impl Chunk {
    /// Its bytes: people, the two lists of channels with the lengths of their parts, the parts.
    pub(super) fn encode(&self) -> Vec<u8> {
        let mut channels: Vec<(u32, Vec<u8>, Vec<u8>)> =
            self.channels.iter().map(|(channel, parts)| (*channel, parts.week.bytes(), parts.known.bytes())).collect();
        channels.sort_unstable_by_key(|(channel, ..)| *channel);
        let len: usize = channels.iter().map(|(_, week, known)| week.len() + known.len()).sum();
        let mut bytes = Vec::with_capacity(len + 4 * self.people.len() + 8 * channels.len());
        let mut writer = Writer(&mut bytes);
        writer.number(self.people.len() as u64);
        let mut next = 0;
        for person in &self.people {
            writer.number(u64::from(person.key - next));
            writer.number(u64::from(person.known) << 1 | u64::from(person.week));
            next = person.key + 1;
        }
        let week = || channels.iter().map(|(channel, week, _)| (*channel, &week[..]));
        let known = || channels.iter().map(|(channel, _, known)| (*channel, &known[..]));
        list(&mut writer, week());
        list(&mut writer, known());
        for (_, part) in week().chain(known()) {
            bytes.extend_from_slice(part);
        }
        bytes.shrink_to_fit();
        bytes
    }
}

/// How many channels have a part, and of each how far its key is from the one before, and how long the part is.
fn list<'a>(writer: &mut Writer<'_>, parts: impl Iterator<Item = (u32, &'a [u8])> + Clone) {
    let held = parts.filter(|(_, part)| !part.is_empty());
    writer.number(held.clone().count() as u64);
    let mut next = 0;
    for (channel, part) in held {
        writer.number(u64::from(channel - next));
        writer.number(part.len() as u64);
        next = channel + 1;
    }
}

/// The whole index, of its chunks' bytes.
pub(super) fn assemble(
    calendar: &Calendar,
    origin: Origin,
    audiences: &BTreeMap<u32, u32>,
    chunks: Vec<Vec<u8>>,
) -> Vec<u8> {
    let mut head = MAGIC.to_vec();
    let mut writer = Writer(&mut head);
    writer.byte(VERSION);
    writer.byte(match origin {
        Origin::Simulated => 0,
        Origin::Real => 1,
    });
    writer.number(calendar.first().days() as u64);
    calendar.clock().iter().for_each(|hour| writer.byte(*hour));
    let held = || audiences.iter().filter(|(_, audience)| **audience > 0);
    writer.number(held().count() as u64);
    let mut next = 0;
    for (channel, audience) in held() {
        writer.number(u64::from(channel - next));
        writer.number(u64::from(*audience));
        next = channel + 1;
    }
    writer.number(chunks.len() as u64);
    let len: usize = chunks.iter().map(|chunk| chunk.len() + 5).sum();
    head.reserve_exact(len);
    // Each chunk goes once it is copied, so that everything is held once and not twice.
    for chunk in chunks {
        Writer(&mut head).number(chunk.len() as u64);
        head.extend_from_slice(&chunk);
    }
    head
}
