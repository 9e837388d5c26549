//! Gzip of many members: written with an index, inflated whole or in part.

use std::io::{Read, Write};
use std::sync::OnceLock;

use flate2::bufread::{GzDecoder, MultiGzDecoder};
use flate2::{Compression, GzBuilder};
use libdeflater::Decompressor;
use model::login::Login;

use crate::error::Flaw;
use crate::index::{INDEX_FORMAT, Index, Member};
use crate::path::Kind;

/// Uncompressed bytes of a member, at most (a longer row has a member of its own). Small enough to rewrite
/// one channel alone, large enough to cost 4 % in size at most; `docs/compression-study.md` has the measurement.
pub const MEMBER_TEXT_MAX: usize = 128 * 1024;

/// Level of compression; `docs/archive-format.md` has the measurement.
const LEVEL: Compression = Compression::new(5);

/// Level of what is written to be read once and forgotten.
const TEMPORARY_LEVEL: Compression = Compression::fast();

/// Inflated bytes of an object, at most: a sweep of all of Twitch takes less than half. Guards against bombs.
pub(crate) const OBJECT_TEXT_MAX: u64 = 1 << 30;

/// An object, compressed, and its index.
pub(crate) struct Object {
    pub(crate) bytes: Vec<u8>,
    pub(crate) index: Index,
}

impl Object {
    /// Bytes once inflated.
    pub(crate) fn text_bytes(&self) -> u64 {
        self.index.members.iter().map(|member| member.text).sum()
    }
}

/// Compresses rows as they come; holds the compressed object and one member's text.
#[derive(Debug)]
pub(crate) struct ObjectWriter {
    object: String,
    bytes: Vec<u8>,
    members: Vec<Member>,
    text: Vec<u8>,
    member_rows: u64,
    first: Option<Login>,
    last: Option<Login>,
    level: Compression,
    pub(crate) rows: u64,
}

impl ObjectWriter {
    /// An object of which nobody but the program that writes it will know.
    pub(crate) fn temporary(kind: Kind, object: String) -> ObjectWriter {
        ObjectWriter { level: TEMPORARY_LEVEL, ..ObjectWriter::new(kind, object) }
    }

    pub(crate) fn new(kind: Kind, object: String) -> ObjectWriter {
        static HEADERS: [OnceLock<(Vec<u8>, u64)>; 2] = [OnceLock::new(), OnceLock::new()];
        let (header, text) = HEADERS[kind as usize].get_or_init(|| {
            let columns: &[&str] = match kind {
                Kind::Streams => &crate::columns::STREAMS,
                Kind::Chatters => &crate::columns::CHATTERS,
            };
            let line = columns.join(",") + "\n";
            let mut bytes = Vec::new();
            compress(line.as_bytes(), LEVEL, &mut bytes);
            (bytes, line.len() as u64)
        });
        let member = Member { offset: 0, length: header.len() as u64, text: *text, rows: 0, first: None, last: None };
        ObjectWriter {
            object,
            bytes: header.clone(),
            members: vec![member],
            text: Vec::with_capacity(MEMBER_TEXT_MAX),
            member_rows: 0,
            first: None,
            last: None,
            level: LEVEL,
            rows: 0,
        }
    }

    pub(crate) fn object(&self) -> &str {
        &self.object
    }

    /// Adds a whole row, with its end of line.
    pub(crate) fn push(&mut self, channel: &Login, row: &[u8]) {
        if self.text.len() + row.len() > MEMBER_TEXT_MAX {
            self.end_member();
        }
        self.text.extend_from_slice(row);
        self.rows += 1;
        self.member_rows += 1;
        if self.last.as_ref() != Some(channel) {
            self.last = Some(channel.clone());
        }
        if self.first.is_none() {
            self.first.clone_from(&self.last);
        }
    }

    fn end_member(&mut self) {
        if self.text.is_empty() {
            return;
        }
        let offset = self.bytes.len() as u64;
        compress(&self.text, self.level, &mut self.bytes);
        self.members.push(Member {
            offset,
            length: self.bytes.len() as u64 - offset,
            text: self.text.len() as u64,
            rows: std::mem::take(&mut self.member_rows),
            first: self.first.take(),
            last: self.last.take(),
        });
        self.text.clear();
    }

    pub(crate) fn finish(mut self) -> Object {
        self.end_member();
        let bytes = self.bytes.len() as u64;
        let index = Index { format: INDEX_FORMAT, object: self.object, bytes, rows: self.rows, members: self.members };
        Object { bytes: self.bytes, index }
    }
}

/// Text as one member, compressed as all objects are.
pub(crate) fn compress_whole(text: &[u8], out: &mut Vec<u8>) {
    compress(text, LEVEL, out);
}

/// One gzip member. No name, no time, no system: the same text gives the same bytes.
fn compress(text: &[u8], level: Compression, out: &mut Vec<u8>) {
    let mut encoder = GzBuilder::new().mtime(0).operating_system(255).write(out, level);
    // Writing to a vector cannot fail; were it to, the missing trailer would fail the first reading.
    let _ = encoder.write_all(text).and_then(|()| encoder.try_finish());
}

/// Inflates members of a known length, one after another: a day has twenty thousand, and its import spends a third of
/// its time here. Where something is wrong with one, the slower reader tells what and where.
pub(crate) struct Inflater(Decompressor);

impl Default for Inflater {
    fn default() -> Inflater {
        Inflater(Decompressor::new())
    }
}

impl Inflater {
    /// Puts the text of a member, so many bytes, in the place of what `text` holds. Errors: damaged, or of another
    /// length; `text` then holds what came before the damage.
    pub(crate) fn member(&mut self, bytes: &[u8], len: u64, text: &mut Vec<u8>) -> Result<(), Flaw> {
        // Deflate cannot say more in a byte: whoever claims it asks for memory, not for text.
        if len <= bytes.len() as u64 * DEFLATE_MAX {
            // What is there is written over: only the difference in length is filled.
            text.resize(len as usize, 0);
            if self.one(bytes, text).is_some_and(|inflated| inflated as u64 == len) {
                return Ok(());
            }
        }
        text.clear();
        inflate(bytes, OBJECT_TEXT_MAX, text)?;
        if text.len() as u64 == len { Ok(()) } else { Err(Flaw::Index("a member has another length")) }
    }

    /// How much text one member holds that is all of these bytes (RFC 1952: a header without options, deflate, checksum and
    /// length of the text); nothing of anything else. The library stops where the first of two members ends and says
    /// nothing of it, so the checksum is taken here, of which the second has another.
    fn one(&mut self, bytes: &[u8], text: &mut [u8]) -> Option<usize> {
        let (header, rest) = bytes.split_first_chunk::<10>()?;
        let (deflated, end) = rest.split_last_chunk::<8>()?;
        if header[..4] != [0x1f, 0x8b, 8, 0] {
            return None;
        }
        let inflated = self.0.deflate_decompress(deflated, text).ok()?;
        let (sum, length) = (libdeflater::crc32(&text[..inflated]).to_le_bytes(), (inflated as u32).to_le_bytes());
        (end[..4] == sum && end[4..] == length).then_some(inflated)
    }
}

/// Bytes of text that a byte of deflate can stand for, at most: RFC 1951, 258 for two bits.
const DEFLATE_MAX: u64 = 1032;

/// Inflates all members of `bytes`, appending to `text`, which keeps what came before a damage.
pub(crate) fn inflate(bytes: &[u8], limit: u64, text: &mut Vec<u8>) -> Result<(), Flaw> {
    let before = text.len() as u64;
    let read = MultiGzDecoder::new(bytes).take(limit + 1).read_to_end(text);
    if text.len() as u64 - before > limit {
        return Err(Flaw::TooLarge(limit));
    }
    read.map(|_| ()).map_err(Flaw::Gzip)
}

/// The number, from 0, of the member that holds a line, from 1; nothing where there is one member alone, or too much
/// text. Inflates all of it up to there: for whoever tells what is wrong.
pub(crate) fn member_of_line(bytes: &[u8], line: u64) -> Option<usize> {
    let mut buffer = vec![0; MEMBER_TEXT_MAX];
    let (mut rest, mut ends, mut left) = (bytes, 0, OBJECT_TEXT_MAX);
    for number in 0.. {
        let mut member = GzDecoder::new(rest);
        let whole = loop {
            match member.read(&mut buffer) {
                Ok(0) => break true,
                Ok(read) => {
                    ends += memchr::memchr_iter(b'\n', &buffer[..read]).count() as u64;
                    left = left.checked_sub(read as u64)?;
                }
                Err(_) => break false,
            }
            if number > 0 && ends >= line {
                return Some(number);
            }
        };
        rest = member.into_inner();
        if !whole || ends >= line || rest.is_empty() {
            return (number > 0 || (whole && !rest.is_empty())).then_some(number);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_whole_lines_and_lie_where_the_index_says() {
        let mut writer = ObjectWriter::new(Kind::Chatters, "chatters/x".into());
        let channels: Vec<Login> = (0..40).map(|n| format!("_c{n:02}").parse().unwrap()).collect();
        for channel in &channels {
            for row in 0..200 {
                writer.push(channel, format!("{channel},{row},{}\n", "x".repeat(40)).as_bytes());
            }
        }
        let object = writer.finish();
        object.index.check(object.bytes.len() as u64).unwrap();
        assert!(object.index.members.len() > 3);
        let mut whole = Vec::new();
        inflate(&object.bytes, OBJECT_TEXT_MAX, &mut whole).unwrap();
        assert_eq!(whole.len() as u64, object.text_bytes());
        for member in &object.index.members {
            let mut text = Vec::new();
            let range = member.offset as usize..(member.offset + member.length) as usize;
            inflate(&object.bytes[range], OBJECT_TEXT_MAX, &mut text).unwrap();
            assert!(text.len() <= MEMBER_TEXT_MAX && text.ends_with(b"\n"));
            assert_eq!(text.len() as u64, member.text);
        }
    }

    #[test]
    fn damage_and_bombs_are_told() {
        let mut bytes = Vec::new();
        compress(&vec![b'a'; 100_000], LEVEL, &mut bytes);
        let mut text = Vec::new();
        assert!(matches!(inflate(&bytes, 99_999, &mut text), Err(Flaw::TooLarge(99_999))));
        assert!(matches!(inflate(&bytes[..bytes.len() - 9], OBJECT_TEXT_MAX, &mut Vec::new()), Err(Flaw::Gzip(_))));
        assert!(matches!(inflate(b"", OBJECT_TEXT_MAX, &mut Vec::new()), Err(Flaw::Gzip(_))));
        assert!(matches!(inflate(b"hello", OBJECT_TEXT_MAX, &mut Vec::new()), Err(Flaw::Gzip(_))));
    }
}
