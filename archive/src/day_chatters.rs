//! A day's chatters read channel by channel across all of its sweeps: what a merge in order of channels needs.
//!
//! Parts of the day, cut by channels, are read on threads of their own.

use std::collections::HashSet;
use std::fs::File;
use std::io::{self, Seek, SeekFrom, Write};
use std::os::unix::fs::FileExt;

use bytes::Bytes;
use futures::{Stream, StreamExt, TryStreamExt, stream};
use model::login::Login;
use model::slot::{Slot, SlotTime};
use object_store::path::Path;
use object_store::{GetResultPayload, ObjectStoreExt};

use crate::Archive;
use crate::chatters::ChatterList;
use crate::chatters_text;
use crate::columns::Header;
use crate::error::{ArchiveError, Flaw};
use crate::gzip::{Inflater, ObjectWriter};
use crate::index::{Index, Member};
use crate::part_reader::PartReader;
use crate::path::Kind;
use crate::read::header_of;

/// Objects fetched at once: enough to fill a line with the latency of an object store, few enough for its limits.
const OBJECTS_AT_ONCE: usize = 16;

/// The chatters of a day's sweeps, open for reading. Objects of a remote store were copied into temporary files that
/// no name leads to; foreign ones, which nothing sorted or indexed, were rewritten into such files in our own form.
#[derive(Debug)]
pub struct DayChatters {
    sweeps: Vec<SweepChatters>,
}

#[derive(Debug)]
pub(crate) struct SweepChatters {
    pub(crate) at: SlotTime,
    pub(crate) object: String,
    file: File,
    pub(crate) index: Index,
    pub(crate) header: Header<6>,
}

/// Some of a day's channels: all those of [from, until), bytewise.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Part {
    pub(crate) from: Option<Login>,
    pub(crate) until: Option<Login>,
}

impl Archive {
    /// Opens the chatters of these sweeps. Errors: no such object; a foreign or damaged one that cannot be understood,
    /// with the line.
    pub async fn open_chatters(&self, sweeps: &[SlotTime]) -> Result<DayChatters, ArchiveError> {
        let open = stream::iter(sweeps.to_vec()).map(|at| self.open_sweep(at)).buffered(OBJECTS_AT_ONCE);
        let mut sweeps: Vec<SweepChatters> = open.try_collect().await?;
        share_names(sweeps.iter_mut().flat_map(|sweep| &mut sweep.index.members));
        Ok(DayChatters { sweeps })
    }

    async fn open_sweep(&self, at: SlotTime) -> Result<SweepChatters, ArchiveError> {
        let object = Kind::Chatters.object(at);
        let Some(index) = self.index(Kind::Chatters, at).await? else { return self.sorted_sweep(at).await };
        let file = self.file_of(&object).await?;
        let checked = file.metadata().map_err(Flaw::Read).and_then(|data| index.check(data.len()));
        if checked.is_err() {
            // Foreign, or not what its index says: reading all of it finds the line of the damage.
            return self.sorted_sweep(at).await;
        }
        let mut bytes = vec![0; index.members[0].length as usize];
        file.read_exact_at(&mut bytes, 0).map_err(|source| Flaw::Read(source).at(&object, 1).in_member(0))?;
        let header = header_of(&object, &bytes)?;
        Ok(SweepChatters { at, object, file, index, header })
    }

    /// A sweep in our own form, in a temporary file.
    async fn sorted_sweep(&self, at: SlotTime) -> Result<SweepChatters, ArchiveError> {
        let mut list = self.read_chatters(at).await?;
        let object = Kind::Chatters.object(at);
        self.blocking(&object.clone(), move || {
            list.sort();
            let mut writer = ObjectWriter::temporary(Kind::Chatters, object.clone());
            let (time, mut line) = (at.to_string(), Vec::new());
            for row in list.iter() {
                line.clear();
                chatters_text::write_row(&time, &row, &mut line);
                writer.push(row.channel, &line);
            }
            let sorted = writer.finish();
            let file = temporary_file(&object, |file| file.write_all(&sorted.bytes))?;
            let header = header_of(&object, &sorted.bytes[..sorted.index.members[0].length as usize])?;
            Ok(SweepChatters { at, object, file, index: sorted.index, header })
        })
        .await
    }

    /// An object as a file: of a folder the file itself, of a remote store a copy.
    async fn file_of(&self, object: &str) -> Result<File, ArchiveError> {
        let failed = |source| ArchiveError::Store { act: "read", object: object.to_owned(), source };
        let got = self.store.get(&Path::from(object)).await.map_err(failed)?;
        match got.payload {
            GetResultPayload::File(file, _) => Ok(file),
            GetResultPayload::Stream(bytes) => copied(object, bytes, temporary_file(object, |_| Ok(()))?).await,
        }
    }
}

/// The bytes of an object as they come, in a file.
async fn copied(
    object: &str,
    mut bytes: impl Stream<Item = object_store::Result<Bytes>> + Unpin,
    mut file: File,
) -> Result<File, ArchiveError> {
    let failed = |source| ArchiveError::Store { act: "read", object: object.to_owned(), source };
    while let Some(chunk) = bytes.try_next().await.map_err(failed)? {
        file.write_all(&chunk).map_err(|source| Flaw::Temporary(source).of(object))?;
    }
    Ok(file)
}

/// Has each channel's name in memory once: a day's members name the same thousand again and again.
fn share_names<'a>(members: impl Iterator<Item = &'a mut Member>) {
    let mut names: HashSet<Login> = HashSet::new();
    for name in members.flat_map(|member| [&mut member.first, &mut member.last]).flatten() {
        match names.get(name) {
            Some(same) => name.clone_from(same),
            None => drop(names.insert(name.clone())),
        }
    }
}

fn temporary_file(object: &str, fill: impl FnOnce(&mut File) -> io::Result<()>) -> Result<File, ArchiveError> {
    let made = tempfile::tempfile().and_then(|mut file| {
        fill(&mut file)?;
        file.seek(SeekFrom::End(0))?;
        Ok(file)
    });
    made.map_err(|source| Flaw::Temporary(source).of(object))
}

impl DayChatters {
    /// Its sweeps' slots, ascending.
    pub fn slots(&self) -> impl ExactSizeIterator<Item = Slot> + '_ {
        self.sweeps.iter().map(|sweep| sweep.at.slot())
    }

    /// How many rows it has, as the indexes count them.
    pub fn rows(&self) -> u64 {
        self.sweeps.iter().map(|sweep| sweep.index.rows).sum()
    }

    /// Holds the rows read of each sweep, all parts together, against its index. Errors: the first sweep of which other
    /// ones were read: its index, or what read it, left some out.
    pub fn check_rows(&self, read: &[u64]) -> Result<(), ArchiveError> {
        match self.sweeps.iter().zip(read).find(|(sweep, read)| sweep.index.rows != **read) {
            Some((sweep, _)) => Err(Flaw::Index("another number of rows").of(&sweep.object)),
            None => Ok(()),
        }
    }

    /// Cuts the day into at most `parts` by channels, each with about as much text; together they hold every channel
    /// once.
    pub fn parts(&self, parts: usize) -> Vec<Part> {
        let mut members: Vec<(&Login, u64)> = (self.sweeps.iter().flat_map(|sweep| &sweep.index.members))
            .filter_map(|member| Some((member.first.as_ref()?, member.text)))
            .collect();
        members.sort_unstable();
        let total: u64 = members.iter().map(|(_, text)| text).sum();
        let mut cut: Vec<Part> = vec![Part::default()];
        let mut before = 0;
        for (first, text) in members {
            let enough = before * parts as u64 >= total * cut.len() as u64;
            if enough && cut.len() < parts && cut[cut.len() - 1].from.as_ref() < Some(first) {
                let from = Some(first.clone());
                // There is always a last one.
                if let Some(last) = cut.last_mut() {
                    last.until.clone_from(&from);
                }
                cut.push(Part { from, until: None });
            }
            before += text;
        }
        cut
    }

    /// Some of the day's logins: those of so many members, spread over the day, with repetitions. Errors: a damaged
    /// member, with its line.
    pub fn sample(&self, members: usize) -> Result<Vec<String>, ArchiveError> {
        let mut all =
            self.sweeps.iter().flat_map(|sweep| (1..sweep.index.members.len()).map(move |number| (sweep, number)));
        let count = self.sweeps.iter().map(|sweep| sweep.index.members.len() - 1).sum::<usize>();
        let step = (count / members.max(1)).max(1);
        let (mut logins, mut buffers, mut text) = (Vec::new(), Buffers::default(), Vec::new());
        while let Some((sweep, number)) = all.nth(step - 1) {
            sweep.inflate(number, &mut buffers, &mut text)?;
            let list = sweep.parse(number, &text, 0)?;
            logins.extend(list.rows().iter().map(|row| list.name(row).to_owned()));
        }
        Ok(logins)
    }

    /// Begins to read a part.
    pub fn read<'a>(&'a self, part: &'a Part) -> Result<PartReader<'a>, ArchiveError> {
        PartReader::new(&self.sweeps, part)
    }
}

/// Used for one member after another.
#[derive(Default)]
pub(crate) struct Buffers {
    compressed: Vec<u8>,
    inflater: Inflater,
}

impl SweepChatters {
    /// The text of a member, in the place of what `text` holds. Errors: damaged, with the line.
    pub(crate) fn inflate(&self, number: usize, buffers: &mut Buffers, text: &mut Vec<u8>) -> Result<(), ArchiveError> {
        let member = &self.index.members[number];
        let Buffers { compressed, inflater } = buffers;
        compressed.resize(member.length as usize, 0);
        let read = self.file.read_exact_at(compressed, member.offset);
        read.map_err(|source| self.wrong(number, 0, Flaw::Read(source)))?;
        let inflated = inflater.member(compressed, member.text, text);
        inflated.map_err(|flaw| self.wrong(number, chatters_text::lines(text), flaw))
    }

    /// The rows of a member's text from `from` on, where a line begins. Errors: the line that cannot be understood.
    pub(crate) fn parse(&self, number: usize, text: &[u8], from: usize) -> Result<ChatterList, ArchiveError> {
        let list = chatters_text::parse(&text[from..], &self.header, self.at);
        list.map_err(|(line, flaw)| self.wrong(number, chatters_text::lines(&text[..from]) + line, flaw))
    }

    /// What is wrong in a member, behind so many of its lines.
    pub(crate) fn wrong(&self, number: usize, behind: u64, flaw: Flaw) -> ArchiveError {
        flaw.at(&self.object, self.index.first_line(number) + behind).in_member(number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_copy_without_room_is_no_fault_of_the_object() {
        let full = File::options().write(true).open("/dev/full").unwrap();
        let bytes = stream::iter([Ok(Bytes::from_static(b"some bytes"))]);
        let error = copied("chatters/x", bytes, full).await.unwrap_err();
        assert!(error.to_string().starts_with("chatters/x: no temporary copy of it can be made ("), "{error}");
        assert!(!error.is_of_object());
    }
}
