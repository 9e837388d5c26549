//! Sweeps read back: whole and in parallel, or one channel alone.

use std::ops::Range;

use bytes::Bytes;
use futures::future::try_join_all;
use model::login::Login;
use model::sample::{ChatterSample, StreamSample};
use model::slot::SlotTime;
use object_store::ObjectStoreExt as _;
use object_store::path::Path;

use crate::Archive;
use crate::chatters::{ChatterList, ChatterRow};
use crate::columns::{CHATTERS, CHATTERS_NEEDED, Header};
use crate::error::{ArchiveError, Flaw};
use crate::gzip::{OBJECT_TEXT_MAX, inflate, member_of_line};
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
        self.blocking(&object.clone(), move || {
            let text = whole_text(&object, &bytes, index.as_ref())?;
            streams::parse(&text, at).map_err(|(line, flaw)| flaw.at(&object, line).within(&bytes))
        })
        .await
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
                return self
                    .blocking(&object.clone(), move || {
                        let text = whole_text(&object, &bytes, index.as_ref())?;
                        let (header, rows) = split_header(&object, &text).map_err(|error| error.within(&bytes))?;
                        chatters_text::parse(rows, &header, at)
                            .map_err(|(line, flaw)| flaw.at(&object, line + 2).within(&bytes))
                    })
                    .await;
            }
        };
        let header =
            header_of(&object, &bytes[..index.members[0].length as usize]).map_err(|error| error.in_member(0))?;
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
                    if let Err(flaw) = inflate(some, text_bytes, &mut text) {
                        return Err(wrong(chatters_text::lines(&text), flaw));
                    }
                    if text.len() as u64 != text_bytes {
                        return Err(wrong(chatters_text::lines(&text), Flaw::Index("a member has another length")));
                    }
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

    /// The people of one channel in a sweep, by login and evidence; only the members that may hold them are read.
    pub async fn read_channel(&self, at: SlotTime, channel: &Login) -> Result<Vec<ChatterSample>, ArchiveError> {
        let object = Kind::Chatters.object(at);
        let list = match self.index(Kind::Chatters, at).await? {
            Some(index) if index.check(index.bytes).is_ok() => {
                let members = index.members_of(channel);
                if members.is_empty() {
                    return Ok(Vec::new());
                }
                let span = |members: Range<usize>| {
                    let last = &index.members[members.end - 1];
                    index.members[members.start].offset..last.offset + last.length
                };
                let path = Path::from(object.as_str());
                // One by one: in a folder, `get_ranges` takes the memory that a false index asks for, whatever is there.
                let (header, bytes) = futures::try_join!(
                    self.store.get_range(&path, span(0..1)),
                    self.store.get_range(&path, span(members.clone()))
                )
                .map_err(|source| ArchiveError::Store {
                    act: "read",
                    object: object.clone(),
                    source,
                })?;
                let object = object.clone();
                self.blocking(&object.clone(), move || {
                    let header = header_of(&object, &header).map_err(|error| error.in_member(0))?;
                    let mut text = Vec::new();
                    let here = |(line, flaw): (u64, Flaw)| {
                        let number = members.start + member_of_line(&bytes, line + 1).unwrap_or(0);
                        flaw.at(&object, index.first_line(members.start) + line).in_member(number)
                    };
                    inflate(&bytes, OBJECT_TEXT_MAX, &mut text)
                        .map_err(|flaw| here((chatters_text::lines(&text), flaw)))?;
                    chatters_text::parse(&text, &header, at).map_err(here)
                })
                .await?
            }
            _ => {
                let mut list = self.read_chatters(at).await?;
                list.sort();
                list
            }
        };
        Ok(list.iter().filter(|row| row.channel == channel).filter_map(ChatterRow::to_sample).collect())
    }
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

pub(crate) fn header_of(object: &str, bytes: &[u8]) -> Result<Header<6>, ArchiveError> {
    let text = whole_text(object, bytes, None)?;
    split_header(object, &text).map(|(header, _)| header)
}

fn split_header<'a>(object: &str, text: &'a [u8]) -> Result<(Header<6>, &'a [u8]), ArchiveError> {
    let end = text.iter().position(|byte| *byte == b'\n').unwrap_or(text.len());
    let line = std::str::from_utf8(&text[..end]).map_err(|_| Flaw::NotUtf8.at(object, 1))?;
    let header = Header::parse(line, &CHATTERS, CHATTERS_NEEDED).map_err(|flaw| flaw.at(object, 1))?;
    Ok((header, text.get(end + 1..).unwrap_or_default()))
}
