//! A day's chatters read channel by channel across all of its sweeps: what a merge in order of channels needs.
//!
//! Each cursor holds one member of one sweep, so memory is the number of sweeps, whatever their size. Parts of the
//! day, cut by channels, are read on threads of their own.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::FileExt;

use flate2::bufread::GzDecoder;
use futures::{StreamExt, TryStreamExt, stream};
use model::login::Login;
use model::slot::{Slot, SlotTime};
use model::words::Evidence;
use object_store::path::Path;
use object_store::{GetResultPayload, ObjectStoreExt};

use crate::Archive;
use crate::chatters::{ChatterList, Group, Row};
use crate::chatters_text;
use crate::columns::Header;
use crate::error::{ArchiveError, Flaw};
use crate::gzip::ObjectWriter;
use crate::index::{Index, Member};
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
struct SweepChatters {
    at: SlotTime,
    object: String,
    file: File,
    index: Index,
    header: Header<6>,
}

/// Some of a day's channels: all those of [from, until), bytewise.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Part {
    from: Option<Login>,
    until: Option<Login>,
}

impl Archive {
    /// Opens the chatters of these sweeps. Errors: no such object; a foreign or damaged one that cannot be understood,
    /// with the line.
    pub async fn open_chatters(&self, sweeps: &[SlotTime]) -> Result<DayChatters, ArchiveError> {
        let open = stream::iter(sweeps.to_vec()).map(|at| self.open_sweep(at)).buffered(OBJECTS_AT_ONCE);
        Ok(DayChatters { sweeps: open.try_collect().await? })
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
        file.read_exact_at(&mut bytes, 0).map_err(|source| Flaw::Read(source).of(&object))?;
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
            GetResultPayload::Stream(mut bytes) => {
                let mut file = temporary_file(object, |_| Ok(()))?;
                while let Some(chunk) = bytes.try_next().await.map_err(failed)? {
                    file.write_all(&chunk).map_err(|source| Flaw::Read(source).of(object))?;
                }
                Ok(file)
            }
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

    /// How many bytes of text it has.
    pub fn text_bytes(&self) -> u64 {
        self.sweeps.iter().flat_map(|sweep| &sweep.index.members).map(|member| member.text).sum()
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

    /// Some of the day's logins: those of so many members, spread over the day, with repetitions.
    pub fn sample(&self, members: usize) -> Result<Vec<String>, ArchiveError> {
        let mut all =
            self.sweeps.iter().flat_map(|sweep| (1..sweep.index.members.len()).map(move |number| (sweep, number)));
        let count = self.sweeps.iter().map(|sweep| sweep.index.members.len() - 1).sum::<usize>();
        let step = (count / members.max(1)).max(1);
        let (mut logins, mut buffers) = (Vec::new(), Buffers::default());
        while let Some((sweep, number)) = all.nth(step - 1) {
            let list = sweep.member(&sweep.index.members[number], number, &mut buffers)?;
            logins.extend(list.rows().iter().map(|row| list.name(row).to_owned()));
        }
        Ok(logins)
    }

    /// Begins to read a part.
    pub fn read<'a>(&'a self, part: &'a Part) -> Result<PartReader<'a>, ArchiveError> {
        let mut buffers = Buffers::default();
        let cursors = self.sweeps.iter().map(|sweep| Cursor::new(sweep, part, &mut buffers));
        let cursors = cursors.collect::<Result<Vec<_>, _>>()?;
        Ok(PartReader { cursors, buffers })
    }
}

/// Reads a part channel by channel. Burns CPU: for a thread of its own.
#[derive(Debug)]
pub struct PartReader<'a> {
    cursors: Vec<Cursor<'a>>,
    buffers: Buffers,
}

/// Used by one cursor after the other.
#[derive(Debug, Default)]
struct Buffers {
    compressed: Vec<u8>,
    text: Vec<u8>,
}

impl PartReader<'_> {
    /// The next channel in bytewise order: the least that any sweep still holds rows of.
    pub fn next_channel(&self) -> Option<Login> {
        self.cursors.iter().filter_map(Cursor::channel).min().cloned()
    }

    /// Gives the rows of a channel in the sweep with this number, in order of login and evidence, each once; whether
    /// there were any. Every channel of [`PartReader::next_channel`] has to be read in every sweep.
    ///
    /// Errors: a damaged member, with its line; rows out of order, which an index promised to be sorted.
    pub fn rows(
        &mut self,
        sweep: usize,
        channel: &Login,
        mut each: impl FnMut(&str, &Row),
    ) -> Result<bool, ArchiveError> {
        let cursor = &mut self.cursors[sweep];
        let mut any = false;
        let mut last: Option<(String, Evidence)> = None;
        while cursor.channel() == Some(channel) {
            let list = &cursor.list;
            let rows = &list.groups()[cursor.group].rows;
            let rows = &list.rows()[rows.start as usize..rows.end as usize];
            if let (Some((name, evidence)), Some(first)) = (&last, rows.first())
                && (name.as_str(), *evidence) >= (list.name(first), first.evidence)
            {
                return Err(Flaw::Order.of(&cursor.sweep.object));
            }
            for row in rows {
                each(list.name(row), row);
            }
            any = true;
            // A channel may go on in the next member: only then does the order between two members matter.
            let ends = cursor.group + 1 == list.groups().len();
            last = rows.last().filter(|_| ends).map(|row| (list.name(row).to_owned(), row.evidence));
            cursor.advance(&mut self.buffers)?;
        }
        Ok(any)
    }
}

/// One sweep, at one channel.
#[derive(Debug)]
struct Cursor<'a> {
    sweep: &'a SweepChatters,
    part: &'a Part,
    /// The member that `list` holds, or the number of members at the end.
    member: usize,
    list: ChatterList,
    group: usize,
}

impl<'a> Cursor<'a> {
    fn new(sweep: &'a SweepChatters, part: &'a Part, buffers: &mut Buffers) -> Result<Cursor<'a>, ArchiveError> {
        let members = &sweep.index.members;
        // Members ascend: the first that does not end before the part.
        let before = |member: &Member| member.last.as_ref() < part.from.as_ref() || member.rows == 0;
        let member = members.partition_point(before);
        let mut cursor = Cursor { sweep, part, member, list: ChatterList::default(), group: 0 };
        cursor.load(buffers)?;
        while cursor.group().is_some_and(|group| Some(&group.channel) < part.from.as_ref()) {
            cursor.advance(buffers)?;
        }
        Ok(cursor)
    }

    fn group(&self) -> Option<&Group> {
        self.list.groups().get(self.group)
    }

    /// The channel that it is at; nothing behind the part's end.
    fn channel(&self) -> Option<&Login> {
        let here = &self.group()?.channel;
        self.part.until.as_ref().is_none_or(|until| here < until).then_some(here)
    }

    /// To the next group of rows of one channel.
    fn advance(&mut self, buffers: &mut Buffers) -> Result<(), ArchiveError> {
        self.group += 1;
        if self.group == self.list.groups().len() {
            self.member += 1;
            self.load(buffers)?;
        }
        Ok(())
    }

    /// Inflates and parses the member that it is at, unless it lies behind the part's end.
    fn load(&mut self, buffers: &mut Buffers) -> Result<(), ArchiveError> {
        let before = std::mem::take(&mut self.list);
        self.group = 0;
        let index = &self.sweep.index;
        let Some(member) = index.members.get(self.member) else { return Ok(()) };
        if self.part.until.is_some() && member.first.as_ref() >= self.part.until.as_ref() {
            return Ok(());
        }
        let list = self.sweep.member(member, self.member, buffers)?;
        let groups = list.groups();
        let ends = (groups.first().map(|group| &group.channel), groups.last().map(|group| &group.channel));
        if ends != (member.first.as_ref(), member.last.as_ref()) || list.rows().len() as u64 != member.rows {
            return Err(Flaw::Index("a member holds other rows").of(&self.sweep.object));
        }
        let ascends = before.groups().last().is_none_or(|last| Some(&last.channel) <= ends.0);
        if !list.is_sorted() || !ascends {
            return Err(Flaw::Order.of(&self.sweep.object));
        }
        self.list = list;
        Ok(())
    }
}

impl SweepChatters {
    fn member(&self, member: &Member, number: usize, buffers: &mut Buffers) -> Result<ChatterList, ArchiveError> {
        let Buffers { compressed, text } = buffers;
        compressed.resize(member.length as usize, 0);
        let read = self.file.read_exact_at(compressed, member.offset);
        read.map_err(|source| Flaw::Read(source).of(&self.object))?;
        text.clear();
        text.reserve(member.text as usize + 1);
        // The header is line 1.
        let first_line = || 2 + self.index.members[..number].iter().map(|member| member.rows).sum::<u64>();
        let inflated = GzDecoder::new(compressed.as_slice()).take(member.text + 1).read_to_end(text);
        let checked = match inflated {
            Err(source) => Err(Flaw::Gzip(source)),
            Ok(_) if text.len() as u64 != member.text => Err(Flaw::Index("a member has another length")),
            Ok(_) => Ok(()),
        };
        checked.map_err(|flaw| flaw.at(&self.object, first_line() + chatters_text::lines(text)))?;
        chatters_text::parse(text, &self.header, self.at)
            .map_err(|(line, flaw)| flaw.at(&self.object, first_line() + line))
    }
}
