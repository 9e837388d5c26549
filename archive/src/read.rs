//! Sweeps read back, whole, on several threads.

use std::ops::Range;

use bytes::Bytes;
use futures::future::try_join_all;
use model::sample::StreamSample;
use model::slot::SlotTime;

use crate::Archive;
use crate::chatters::ChatterList;
use crate::columns::{CHATTERS, CHATTERS_NEEDED, Header};
use crate::error::{ArchiveError, Flaw};
use crate::gzip::{OBJECT_TEXT_MAX, inflate};
use crate::index::Index;
use crate::path::Kind;
use crate::{chatters_text, streams};

/// Inflated bytes that one worker takes on: eight members, some milliseconds.
const JOB_TEXT: u64 = 1 << 20;

impl Archive {
    /// The compressed bytes of an object as they lie there, of which nothing is checked: for whoever reads the format on
    /// their own. Errors: no such object.
    pub async fn read_object(&self, kind: Kind, at: SlotTime) -> Result<Bytes, ArchiveError> {
        self.get(&kind.object(at)).await
    }

    /// How many rows an object's index counts, without a look at the object: for whoever tells of one that cannot be read.
    /// Nothing where no index can be read.
    pub async fn indexed_rows(&self, kind: Kind, at: SlotTime) -> Option<u64> {
        self.index(kind, at).await.ok().flatten().map(|index| index.rows)
    }

    /// The CSV text of an object, all members of it, its header first. Errors: no such object, damaged, more than
    /// 1 GiB of text, or not what its index says.
    pub async fn read_text(&self, kind: Kind, at: SlotTime) -> Result<Vec<u8>, ArchiveError> {
        let object = kind.object(at);
        let (bytes, index) = futures::try_join!(self.get(&object), self.index(kind, at))?;
        self.blocking(&object.clone(), move || whole_text(&object, &bytes, index.as_ref())).await
    }

    /// The channels of a sweep, by login, each once. Errors: no such sweep; object and line of what is wrong.
    pub async fn read_streams(&self, at: SlotTime) -> Result<Vec<StreamSample>, ArchiveError> {
        let object = Kind::Streams.object(at);
        let (bytes, index) = futures::try_join!(self.get(&object), self.index(Kind::Streams, at))?;
        self.blocking(&object.clone(), move || streams_of(&object, &bytes, index.as_ref(), at)).await
    }

    /// The people of a sweep, inflated and parsed on several threads when it is large. A foreign list may be unsorted
    /// and name people twice: [`ChatterList::is_sorted`]. Errors: no such object; object and line of what is wrong.
    pub async fn read_chatters(&self, at: SlotTime) -> Result<ChatterList, ArchiveError> {
        let object = Kind::Chatters.object(at);
        let (bytes, index) = futures::try_join!(self.get(&object), self.index(Kind::Chatters, at))?;
        let index = match index {
            Some(index) if index.check(bytes.len() as u64).is_ok() => index,
            // Foreign, or not what its index says: read from its beginning, which finds the line of the damage.
            index => {
                let name = object.clone();
                return self.blocking(&name, move || chatters_of(&object, &bytes, index.as_ref(), at)).await;
            }
        };
        let header = header_of(&object, &bytes[..index.members[0].length as usize])?;
        let parts = try_join_all(jobs(&index).into_iter().map(|members| {
            let (object, bytes, header) = (object.clone(), bytes.clone(), header.clone());
            let first_line = index.first_line(members.start);
            let members = index.members[members].to_vec();
            async move {
                let name = object.clone();
                self.blocking(&name, move || {
                    let (first, last) = (&members[0], &members[members.len() - 1]);
                    let some = &bytes[first.offset as usize..(last.offset + last.length) as usize];
                    let text_bytes: u64 = members.iter().map(|member| member.text).sum();
                    let mut text = Vec::with_capacity(text_bytes.min(2 * JOB_TEXT) as usize);
                    let wrong = |line, flaw: Flaw| flaw.at(&object, first_line + line).within(&bytes);
                    let inflated = match inflate(some, text_bytes, &mut text) {
                        Ok(()) if text.len() as u64 == text_bytes => Ok(()),
                        Ok(()) | Err(Flaw::TooLarge(_)) => Err(Flaw::Index("a member has another length")),
                        damaged => damaged,
                    };
                    inflated.map_err(|flaw| wrong(chatters_text::lines(&text), flaw))?;
                    chatters_text::parse(&text, &header, at).map_err(|(line, flaw)| wrong(line, flaw))
                })
                .await
            }
        }))
        .await?;
        let mut parts = parts.into_iter();
        let mut list = parts.next().unwrap_or_default();
        parts.for_each(|part| list.append(&part));
        if list.rows().len() as u64 == index.rows {
            Ok(list)
        } else {
            Err(Flaw::Index("another number of rows").of(&object))
        }
    }
}

/// The rows of a whole object of streams. Errors: the line that cannot be understood.
pub(crate) fn streams_of(
    object: &str,
    bytes: &[u8],
    index: Option<&Index>,
    at: SlotTime,
) -> Result<Vec<StreamSample>, ArchiveError> {
    let text = whole_text(object, bytes, index)?;
    streams::parse(&text, at).map_err(|(line, flaw)| flaw.at(object, line).within(bytes))
}

/// The rows of a whole object of chatters, read from its beginning. Errors: the line that cannot be understood.
pub(crate) fn chatters_of(
    object: &str,
    bytes: &[u8],
    index: Option<&Index>,
    at: SlotTime,
) -> Result<ChatterList, ArchiveError> {
    let text = whole_text(object, bytes, index)?;
    let (header, rows) = split_header(object, &text).map_err(|error| error.within(bytes))?;
    chatters_text::parse(rows, &header, at).map_err(|(line, flaw)| flaw.at(object, line + 2).within(bytes))
}

/// Ranges of members, without the header's, that workers take on.
fn jobs(index: &Index) -> Vec<Range<usize>> {
    let mut jobs: Vec<Range<usize>> = Vec::new();
    let mut text = JOB_TEXT;
    for (number, member) in index.members.iter().enumerate().skip(1) {
        match jobs.last_mut() {
            Some(job) if text + member.text <= JOB_TEXT => job.end = number + 1,
            _ => {
                jobs.push(number..number + 1);
                text = 0;
            }
        }
        text += member.text;
    }
    jobs
}

/// All text of an object. An object cut short is told with the line it ends at, an index that is wrong in itself with none.
fn whole_text(object: &str, bytes: &[u8], index: Option<&Index>) -> Result<Vec<u8>, ArchiveError> {
    let mut text = Vec::new();
    let read = inflate(bytes, OBJECT_TEXT_MAX, &mut text);
    let ends = |flaw: Flaw| flaw.at(object, chatters_text::lines(&text) + 1).within(bytes);
    read.map_err(ends)?;
    let Some(index) = index else { return Ok(text) };
    match index.check(bytes.len() as u64) {
        Ok(()) => Ok(text),
        Err(flaw) if index.bytes == bytes.len() as u64 => Err(flaw.of(object)),
        Err(flaw) => Err(ends(flaw)),
    }
}

/// The header of an object that an index is followed in: its first member.
pub(crate) fn header_of(object: &str, bytes: &[u8]) -> Result<Header<6>, ArchiveError> {
    let header = whole_text(object, bytes, None).and_then(|text| header_alone(object, &text));
    header.map_err(|error| error.in_member(0))
}

/// The header of a text that holds nothing else. Errors: rows behind it, of which an index tells nobody.
pub(crate) fn header_alone(object: &str, text: &[u8]) -> Result<Header<6>, ArchiveError> {
    match split_header(object, text)? {
        (header, []) => Ok(header),
        _ => Err(Flaw::Index("its first member holds more than the header line").at(object, 2)),
    }
}

/// The header of a text, and the lines behind it.
pub(crate) fn split_header<'a>(object: &str, text: &'a [u8]) -> Result<(Header<6>, &'a [u8]), ArchiveError> {
    let end = text.iter().position(|byte| *byte == b'\n').unwrap_or(text.len());
    let line = std::str::from_utf8(&text[..end]).map_err(|_| Flaw::NotUtf8.at(object, 1))?;
    let header = Header::parse(line, &CHATTERS, CHATTERS_NEEDED).map_err(|flaw| flaw.at(object, 1))?;
    Ok((header, text.get(end + 1..).unwrap_or_default()))
}
