//! Some of a day's channels, one after another, each through all sweeps.
//!
//! Each cursor holds one member of one sweep, so memory is the number of sweeps, whatever their size.

use model::login::Login;

use crate::chatters_text::{self, plain_row};
use crate::day_chatters::{Buffers, Part, SweepChatters};
use crate::error::{ArchiveError, Flaw};
use crate::gzip::MEMBER_TEXT_MAX;
use crate::index::Member;
use crate::stays::{Disorder, List, Stay};

/// What is wrong with a member that ends elsewhere, or whose channels are others.
const OTHER_ROWS: Flaw = Flaw::Index("a member holds other rows");

/// Reads a part channel by channel. Burns CPU: for a thread of its own.
pub struct PartReader<'a> {
    cursors: Vec<Cursor<'a>>,
    buffers: Buffers,
    /// The channel that is being read.
    channel: Option<Login>,
    /// Who is in it.
    list: List,
}

impl<'a> PartReader<'a> {
    pub(crate) fn new(sweeps: &'a [SweepChatters], part: &'a Part) -> Result<PartReader<'a>, ArchiveError> {
        let mut buffers = Buffers::default();
        let cursors = sweeps.iter().map(|sweep| Cursor::new(sweep, part, &mut buffers));
        let cursors = cursors.collect::<Result<Vec<_>, _>>()?;
        Ok(PartReader { cursors, buffers, channel: None, list: List::default() })
    }

    /// Goes to the next channel in bytewise order: the least that any sweep still holds rows of. The one before has to
    /// have been read in every sweep.
    pub fn next_channel(&mut self) -> Option<Login> {
        self.channel = self.cursors.iter().filter_map(Cursor::channel).min().cloned();
        self.list.clear();
        self.channel.clone()
    }

    /// Reads the channel in the sweep with this number, the next one or a later, and tells who left since the sweep that
    /// was read before it; how many rows there are.
    ///
    /// Errors: a damaged member, or one that holds other rows than its index says, or not in order; with the line.
    pub fn read(&mut self, sweep: u16, mut each: impl FnMut(Stay<'_>)) -> Result<usize, ArchiveError> {
        let cursor = &mut self.cursors[usize::from(sweep)];
        let mut rows = 0;
        self.list.begin();
        while cursor.channel().is_some() && cursor.channel() == self.channel.as_ref() {
            let read = self.list.read(&cursor.text[cursor.at..], &cursor.begin, sweep, &mut each);
            let (read, bytes) = read.map_err(|Disorder { rows }| {
                cursor.pass(rows, 0);
                cursor.wrong(Flaw::Order)
            })?;
            cursor.pass(read, bytes);
            rows += read;
            cursor.look(&mut self.buffers)?;
        }
        self.list.finish(&mut each);
        Ok(rows)
    }

    /// Tells that everybody left: a sweep is missing, or was the last.
    pub fn leave(&mut self, mut each: impl FnMut(Stay<'_>)) {
        self.list.begin();
        self.list.finish(&mut each);
    }
}

/// One sweep, at one channel.
struct Cursor<'a> {
    sweep: &'a SweepChatters,
    part: &'a Part,
    /// What each line begins with: `sampled_at,`.
    time: String,
    /// The member that `text` holds.
    member: usize,
    text: Vec<u8>,
    /// Whether all members that may hold rows of the part are read.
    ended: bool,
    /// The line of `text` that is next, and how many are behind it.
    at: usize,
    rows: u64,
    /// The channel of that line; nothing where there is none.
    channel: Option<Login>,
    /// `sampled_at,channel,`.
    begin: Vec<u8>,
}

impl<'a> Cursor<'a> {
    fn new(sweep: &'a SweepChatters, part: &'a Part, buffers: &mut Buffers) -> Result<Cursor<'a>, ArchiveError> {
        // Members ascend: the first that does not end before the part.
        let members = &sweep.index.members;
        let member = members.partition_point(|member| member.last.as_ref() < part.from.as_ref() || member.rows == 0);
        let time = format!("{},", sweep.at);
        let (text, begin) = (Vec::with_capacity(MEMBER_TEXT_MAX), Vec::new());
        let (ended, channel) = (false, None);
        let mut cursor = Cursor { sweep, part, time, member, text, ended, at: 0, rows: 0, channel, begin };
        cursor.load(buffers)?;
        cursor.look(buffers)?;
        while cursor.channel.is_some() && cursor.channel < part.from {
            while let Some(row) = plain_row(&cursor.text[cursor.at..], &cursor.begin) {
                cursor.pass(1, cursor.begin.len() + row.len);
            }
            cursor.look(buffers)?;
        }
        Ok(cursor)
    }

    /// The channel that it is at; nothing behind the part's end.
    fn channel(&self) -> Option<&Login> {
        self.channel.as_ref().filter(|here| self.part.until.as_ref().is_none_or(|until| *here < until))
    }

    fn pass(&mut self, rows: usize, bytes: usize) {
        self.rows += rows as u64;
        self.at += bytes;
    }

    /// Looks whose line is next: of another channel, of another member, or one that has to be made plain first.
    fn look(&mut self, buffers: &mut Buffers) -> Result<(), ArchiveError> {
        let before = self.channel.take();
        while !self.ended {
            let mut channel = self.plain_channel();
            if channel.is_none() {
                self.make_plain()?;
                channel = self.plain_channel();
            }
            if let Some(channel) = channel {
                return self.come_to(channel, before.as_ref());
            }
            self.check_end(before.as_ref())?;
            self.member += 1;
            self.load(buffers)?;
        }
        Ok(())
    }

    /// Stands at a channel's line. Errors: its place is before, or in another member.
    fn come_to(&mut self, channel: Login, before: Option<&Login>) -> Result<(), ArchiveError> {
        if before.is_some_and(|before| channel < *before) {
            return Err(self.wrong(Flaw::Order));
        }
        // The last one too is held against the index: a part that ends within the member does not come to its end.
        let Member { first, last, .. } = &self.sweep.index.members[self.member];
        if (self.rows == 0 && first.as_ref() != Some(&channel)) || last.as_ref() < Some(&channel) {
            return Err(self.wrong(OTHER_ROWS));
        }
        self.begin.clear();
        for part in [self.time.as_bytes(), channel.as_str().as_bytes(), b","] {
            self.begin.extend_from_slice(part);
        }
        self.channel = Some(channel);
        Ok(())
    }

    /// The channel of the next line, if the line is plain.
    fn plain_channel(&self) -> Option<Login> {
        let rest = &self.text[self.at..];
        let line = rest.strip_prefix(self.time.as_bytes())?;
        let len = line.iter().position(|byte| *byte == b',')?;
        Login::check(&line[..len]).ok()?;
        plain_row(line, &line[..=len])?;
        std::str::from_utf8(&line[..len]).ok()?.parse().ok()
    }

    /// Rewrites what is left of the member as we write rows ourselves. Errors: the line that cannot be understood.
    fn make_plain(&mut self) -> Result<(), ArchiveError> {
        let list = self.sweep.parse(self.member, &self.text, self.at)?;
        if let Some(rows) = list.sorted_rows() {
            self.rows += rows;
            return Err(self.wrong(Flaw::Order));
        }
        self.text.truncate(self.at);
        for row in list.iter() {
            chatters_text::write_row(&self.sweep.at.to_string(), &row, &mut self.text);
        }
        Ok(())
    }

    /// Whether the member that is read held what the index says.
    fn check_end(&self, last: Option<&Login>) -> Result<(), ArchiveError> {
        let member = &self.sweep.index.members[self.member];
        if self.rows == member.rows && last == member.last.as_ref() { Ok(()) } else { Err(self.wrong(OTHER_ROWS)) }
    }

    /// What is wrong at the next line.
    fn wrong(&self, flaw: Flaw) -> ArchiveError {
        self.sweep.wrong(self.member, self.rows, flaw)
    }

    /// Inflates the member that it is at, unless there is none or it lies behind the part's end.
    fn load(&mut self, buffers: &mut Buffers) -> Result<(), ArchiveError> {
        (self.at, self.rows) = (0, 0);
        let members = &self.sweep.index.members;
        let behind = |first: Option<&Login>| self.part.until.is_some() && first >= self.part.until.as_ref();
        match members.get(self.member) {
            Some(member) if !behind(member.first.as_ref()) => {}
            _ => {
                self.text = Vec::new();
                self.ended = true;
                return Ok(());
            }
        }
        self.sweep.inflate(self.member, buffers, &mut self.text)?;
        if self.sweep.header.is_todays() { Ok(()) } else { self.make_plain() }
    }
}
