//! An index of 28 days of everybody, read where it lies.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use thiserror::Error;

use super::build::{CHUNK_PEOPLE, MAGIC, MOST_BYTES, VERSION};
use super::calendar::{Calendar, HOURS};
use super::posting::{check, check_hours, check_runs, each_head};
use crate::codec::{CodecError, Reader};
use crate::day::Day;
use crate::identity::{ChannelKey, PersonKey};
use crate::words::Origin;

/// Bytes that are no index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum IndexError {
    /// They begin otherwise.
    #[error("this is no index of the crowd")]
    Magic,
    /// A version that this program does not read: the index is made again every night.
    #[error("version {0} of the crowd's index is not known")]
    Version(u8),
    /// More than [`MOST_BYTES`].
    #[error("an index of the crowd has no more than {MOST_BYTES} bytes, and this one has {0}")]
    TooLarge(usize),
    /// What no builder writes.
    #[error("the crowd's index is damaged at byte {at}")]
    Damaged {
        /// Where, in bytes from its start: at it or shortly before.
        at: usize,
        /// What is wrong there.
        #[source]
        source: CodecError,
    },
}

/// An index over its bytes: a `Vec<u8>`, a slice, a mapped file.
///
/// It holds the store's keys of people and channels, and nothing else that tells who they are.
#[derive(Clone, Debug)]
pub struct Index<B> {
    bytes: B,
    origin: Origin,
    calendar: Calendar,
    audiences: BTreeMap<ChannelKey, u32>,
    chunks: Vec<Chunk>,
    /// By ordinal, ascending.
    keys: Vec<u32>,
    /// By ordinal: slots of the known half, 0 of whoever was not there in it.
    known: Vec<u32>,
    /// By ordinal: there in the last week.
    week: Vec<bool>,
    week_people: u32,
    known_people: u32,
}

/// Some thousand people.
#[derive(Clone, Debug)]
pub(super) struct Chunk {
    /// Ordinal of its first.
    pub(super) first: u32,
    pub(super) people: u32,
    /// Those of them who were there in the last week.
    pub(super) week_people: u32,
    pub(super) week: Vec<Piece>,
    pub(super) known: Vec<Piece>,
    /// All of its bytes.
    pub(super) whole: Range<usize>,
}

/// A channel's part in a chunk, by where its bytes are.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece {
    pub(super) channel: ChannelKey,
    at: u32,
    len: u32,
}

/// Which part is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Runs of the last week.
    Week,
    /// Hours of the known half.
    Known,
}

/// Bytes of an index that its copies share.
#[derive(Clone, Debug)]
pub struct SharedBytes(Arc<Vec<u8>>);

impl From<Vec<u8>> for SharedBytes {
    fn from(bytes: Vec<u8>) -> SharedBytes {
        SharedBytes(Arc::new(bytes))
    }
}

impl AsRef<[u8]> for SharedBytes {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl<B: AsRef<[u8]>> Index<B> {
    /// Reads an index, and proves all of it. Errors: anything that [`super::build::Builder::finish`] does not write.
    pub fn open(bytes: B) -> Result<Index<B>, IndexError> {
        let all = bytes.as_ref();
        if all.len() > MOST_BYTES {
            return Err(IndexError::TooLarge(all.len()));
        }
        let rest = all.strip_prefix(MAGIC.as_slice()).ok_or(IndexError::Magic)?;
        match rest.first() {
            Some(&VERSION) => {}
            Some(version) => return Err(IndexError::Version(*version)),
            None => return Err(IndexError::Damaged { at: all.len(), source: CodecError::Truncated }),
        }
        let mut reader = Reader::new(&rest[1..]);
        let read = Parsed::read(&mut reader, all.len());
        let at = all.len() - reader.remaining();
        let read = read.map_err(|source| IndexError::Damaged { at, source })?;
        Ok(Index {
            week_people: read.week.iter().filter(|there| **there).count() as u32,
            known_people: read.known.iter().filter(|slots| **slots > 0).count() as u32,
            origin: read.origin,
            calendar: read.calendar,
            audiences: read.audiences,
            chunks: read.chunks,
            keys: read.keys,
            known: read.known,
            week: read.week,
            bytes,
        })
    }

    /// Where its data come from.
    pub fn origin(&self) -> Origin {
        self.origin
    }

    /// Its days.
    pub fn calendar(&self) -> &Calendar {
        &self.calendar
    }

    /// The first of its days and the last.
    pub fn days(&self) -> (Day, Day) {
        (self.calendar.first(), self.calendar.last())
    }

    /// People who were there in the last week, bots left out.
    pub fn week_people(&self) -> u32 {
        self.week_people
    }

    /// People who were there in the known half, bots left out.
    pub fn known_people(&self) -> u32 {
        self.known_people
    }

    /// What it was opened from: what a file of it holds.
    pub fn as_bytes(&self) -> &[u8] {
        self.bytes.as_ref()
    }

    /// How many bytes it has.
    pub fn size(&self) -> usize {
        self.bytes.as_ref().len()
    }

    /// Bytes of the parts for each of the two questions: singling out, and finding again.
    pub fn part_sizes(&self) -> [usize; 2] {
        let size = |pieces: &[Piece]| pieces.iter().map(|piece| piece.len as usize).sum::<usize>();
        self.chunks.iter().fold([0, 0], |[week, known], chunk| [week + size(&chunk.week), known + size(&chunk.known)])
    }

    /// Forgets a person at once: no answer counts them any more. Whether they were in it. Their bytes go when the index is
    /// made again, or with [`Index::without`].
    pub fn forget(&mut self, key: PersonKey) -> bool {
        let Some(ordinal) = self.ordinal(key).map(|ordinal| ordinal as usize) else { return false };
        let chunk = self.chunks.partition_point(|chunk| chunk.first as usize <= ordinal).saturating_sub(1);
        if std::mem::take(&mut self.week[ordinal]) {
            self.chunks[chunk].week_people -= 1;
            self.week_people -= 1;
        }
        let chunk = &self.chunks[chunk];
        for piece in &chunk.known {
            let mut is_there = false;
            each_head(self.piece(piece), |person, _, _| is_there |= (chunk.first + person) as usize == ordinal);
            if let Some(audience) = self.audiences.get_mut(&piece.channel).filter(|_| is_there) {
                *audience = audience.saturating_sub(1);
            }
        }
        self.audiences.retain(|_, audience| *audience > 0);
        self.known_people -= u32::from(std::mem::take(&mut self.known[ordinal]) > 0);
        true
    }

    /// Whose place it is; nothing of people who are not in it, or are forgotten.
    pub(super) fn ordinal(&self, key: PersonKey) -> Option<u32> {
        let place = self.keys.binary_search(&key.0).ok()?;
        (self.week[place] || self.known[place] > 0).then_some(place as u32)
    }

    /// Whether somebody is there in the last week.
    pub(super) fn is_in_week(&self, ordinal: u32) -> bool {
        self.week.get(ordinal as usize).copied().unwrap_or_default()
    }

    /// Slots of the known half of a chunk's people.
    pub(super) fn known_of(&self, chunk: &Chunk) -> &[u32] {
        let first = chunk.first as usize;
        &self.known[first..first + chunk.people as usize]
    }

    /// Slots of the known half, by ordinal.
    pub(super) fn known(&self) -> &[u32] {
        &self.known
    }

    pub(super) fn keys(&self) -> &[u32] {
        &self.keys
    }

    pub(super) fn chunks(&self) -> &[Chunk] {
        &self.chunks
    }

    pub(super) fn bytes(&self) -> &[u8] {
        self.bytes.as_ref()
    }

    /// Different people of the known half in a channel.
    pub(super) fn audience(&self, channel: ChannelKey) -> u32 {
        self.audiences.get(&channel).copied().unwrap_or_default()
    }

    pub(super) fn audiences(&self) -> &BTreeMap<ChannelKey, u32> {
        &self.audiences
    }

    /// A channel's part in a chunk; empty where nobody was there.
    pub(super) fn part(&self, chunk: &Chunk, channel: ChannelKey, kind: Kind) -> &[u8] {
        let pieces = match kind {
            Kind::Week => &chunk.week,
            Kind::Known => &chunk.known,
        };
        let Ok(place) = pieces.binary_search_by_key(&channel, |piece| piece.channel) else { return &[] };
        self.piece(&pieces[place])
    }

    pub(super) fn piece(&self, piece: &Piece) -> &[u8] {
        let at = piece.at as usize;
        self.bytes.as_ref().get(at..at + piece.len as usize).unwrap_or_default()
    }
}

/// What an index says, but for the bytes of its parts.
struct Parsed {
    origin: Origin,
    calendar: Calendar,
    audiences: BTreeMap<ChannelKey, u32>,
    chunks: Vec<Chunk>,
    keys: Vec<u32>,
    known: Vec<u32>,
    week: Vec<bool>,
}

impl Parsed {
    /// Reads what follows the version, to the end of `all` bytes.
    fn read(reader: &mut Reader<'_>, all: usize) -> Result<Parsed, CodecError> {
        let origin = match reader.byte()? {
            0 => Origin::Simulated,
            1 => Origin::Real,
            _ => return Err(CodecError::Range),
        };
        let first = Day::from_days(reader.number_below(i32::MAX as u64)? as i32).map_err(|_| CodecError::Range)?;
        let mut clock = [0; HOURS];
        clock.copy_from_slice(reader.bytes(HOURS)?);
        let calendar = Calendar::of(first, &clock).ok_or(CodecError::Range)?;
        let audiences = ascending(reader, |reader| match reader.number_below(1 << 32)? as u32 {
            0 => Err(CodecError::Range),
            audience => Ok(audience),
        })?;
        let mut read = Parsed {
            origin,
            calendar,
            audiences: audiences.into_iter().collect(),
            chunks: Vec::new(),
            keys: Vec::new(),
            known: Vec::new(),
            week: Vec::new(),
        };
        let mut audiences = BTreeMap::new();
        for _ in 0..reader.number()? {
            let len = usize::try_from(reader.number()?).map_err(|_| CodecError::Range)?;
            let start = all - reader.remaining();
            let bytes = reader.bytes(len)?;
            let chunk = read.chunk(start, bytes, &mut audiences)?;
            read.chunks.push(chunk);
        }
        // Of channels, no more and no less than the chunks say.
        if !reader.is_empty() || audiences != read.audiences {
            return Err(CodecError::Range);
        }
        Ok(read)
    }

    fn chunk(
        &mut self,
        start: usize,
        bytes: &[u8],
        audiences: &mut BTreeMap<ChannelKey, u32>,
    ) -> Result<Chunk, CodecError> {
        let mut reader = Reader::new(bytes);
        let first = self.keys.len() as u32;
        let people = reader.number_below(u64::from(CHUNK_PEOPLE) + 1)? as u32;
        let mut next = 0;
        for _ in 0..people {
            let key = next + reader.number_below(1 << PersonKey::BITS)? as u32;
            if key >> PersonKey::BITS != 0 || self.keys.last().is_some_and(|last| *last >= key) {
                return Err(CodecError::Range);
            }
            let there = reader.number_below(1 << 32)?;
            // An empty place has the next key, whatever its own was.
            if there == 0 && key != self.keys.last().map_or(0, |last| last + 1) {
                return Err(CodecError::Range);
            }
            self.keys.push(key);
            self.known.push((there >> 1) as u32);
            self.week.push(there & 1 == 1);
            next = key + 1;
        }
        if people == 0 {
            return Err(CodecError::Range);
        }
        let mut lists: [Vec<(ChannelKey, u32)>; 2] = [Vec::new(), Vec::new()];
        for list in &mut lists {
            *list = ascending(&mut reader, |reader| match reader.number_below(1 << 30)? as u32 {
                0 => Err(CodecError::Range),
                len => Ok(len),
            })?;
        }
        let mut known = vec![0u32; people as usize];
        let mut week = vec![false; people as usize];
        let [week_pieces, known_pieces] = lists.each_ref().map(|list| Vec::with_capacity(list.len()));
        let mut pieces = [week_pieces, known_pieces];
        for (place, list) in lists.iter().enumerate() {
            for (channel, len) in list {
                let at = (start + bytes.len() - reader.remaining()) as u32;
                let part = reader.bytes(*len as usize)?;
                if place == 0 {
                    check(part, people, check_runs, |person, _| week[person as usize] = true)?;
                } else {
                    let audience = audiences.entry(*channel).or_default();
                    check(part, people, check_hours, |person, slots| {
                        known[person as usize] = known[person as usize].saturating_add(slots);
                        *audience += 1;
                    })?;
                }
                pieces[place].push(Piece { channel: *channel, at, len: *len });
            }
        }
        let [week_pieces, known_pieces] = pieces;
        let at = first as usize;
        if !reader.is_empty() || known != self.known[at..] || week != self.week[at..] {
            return Err(CodecError::Range);
        }
        Ok(Chunk {
            first,
            people,
            week_people: week.iter().filter(|there| **there).count() as u32,
            week: week_pieces,
            known: known_pieces,
            whole: start..start + bytes.len(),
        })
    }
}

/// A list by ascending channel: how many, then of each how far its key is from the one before, and what `value` reads.
fn ascending(
    reader: &mut Reader<'_>,
    value: impl Fn(&mut Reader<'_>) -> Result<u32, CodecError>,
) -> Result<Vec<(ChannelKey, u32)>, CodecError> {
    let count = reader.number()?;
    // Each takes two bytes: a number that lies asks for no memory.
    let mut list = Vec::with_capacity(count.min(reader.remaining() as u64 / 2) as usize);
    let mut next = 0u32;
    for _ in 0..count {
        let step = reader.number_below(u64::from(u32::MAX))? as u32;
        let channel = next.checked_add(step).filter(|key| *key < u32::MAX).ok_or(CodecError::Range)?;
        list.push((ChannelKey(channel), value(reader)?));
        next = channel + 1;
    }
    Ok(list)
}
