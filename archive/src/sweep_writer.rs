//! One sweep on its way into the archive.

use std::collections::HashSet;

use model::identity::TwitchId;
use model::login::Login;
use model::sample::{ChatterSample, StreamSample};
use model::slot::SlotTime;
use model::sweep::SweepSummary;

use crate::chatters::ChatterRow;
use crate::error::{ArchiveError, Flaw};
use crate::gzip::{Object, ObjectWriter};
use crate::path::Kind;
use crate::read::{chatters_of, streams_of};
use crate::{chatters_text, streams, summary};
use model::words::Evidence;

/// Compresses a sweep's rows as they come: memory is the compressed size and two members' text.
///
/// Rows must ascend: streams by channel, chatters by channel, chatter, evidence, bytewise, each once. Pushing burns CPU
/// (about 100 MB of text a second), so push from a blocking thread where much is pushed at once. Given to
/// [`crate::Archive::commit`] or [`crate::day_writer::DayWriter::commit`].
#[derive(Debug)]
pub struct SweepWriter {
    at: SlotTime,
    time: String,
    streams: ObjectWriter,
    chatters: ObjectWriter,
    last_stream: Option<Login>,
    last_channel: Option<Login>,
    last_chatter: (String, Option<Evidence>),
    row: Vec<u8>,
    summary: SweepSummary,
    simulated: bool,
}

/// A sweep, compressed.
pub(crate) struct FinishedSweep {
    pub(crate) at: SlotTime,
    pub(crate) streams: Object,
    pub(crate) chatters: Object,
    pub(crate) summary: SweepSummary,
    /// Whether all logins begin with `_`.
    pub(crate) simulated: bool,
}

impl SweepWriter {
    /// A sweep of this slot without rows.
    pub fn new(at: SlotTime) -> SweepWriter {
        SweepWriter {
            at,
            time: at.to_string(),
            streams: ObjectWriter::new(Kind::Streams, Kind::Streams.object(at)),
            chatters: ObjectWriter::new(Kind::Chatters, Kind::Chatters.object(at)),
            last_stream: None,
            last_channel: None,
            last_chatter: (String::new(), None),
            row: Vec::new(),
            summary: summary::empty(at),
            simulated: true,
        }
    }

    /// Its slot.
    pub fn at(&self) -> SlotTime {
        self.at
    }

    /// What was pushed, summed up; `sweep_ms` is 0 until the commit.
    pub fn summary(&self) -> &SweepSummary {
        &self.summary
    }

    /// Adds a followed channel. Errors: out of order or twice, or of another slot.
    pub fn push_stream(&mut self, row: &StreamSample) -> Result<(), ArchiveError> {
        let ascends = self.last_stream.as_ref().is_none_or(|last| *last < row.channel);
        let checked = match () {
            () if row.sampled_at != self.at => Err(Flaw::Slot(self.at)),
            () if !ascends => Err(Flaw::Order),
            () => Ok(()),
        };
        self.row.clear();
        checked.and_then(|()| streams::write_row(row, &mut self.row)).map_err(|flaw| refused(&self.streams, flaw))?;
        self.streams.push(&row.channel, &self.row);
        self.simulated &= row.channel.is_simulated();
        summary::add(&mut self.summary, row);
        self.last_stream = Some(row.channel.clone());
        Ok(())
    }

    /// Adds a person in a chat. Errors: out of order or twice.
    pub fn push_chatter(&mut self, row: &ChatterSample) -> Result<(), ArchiveError> {
        let (id, role, evidence) = (row.chatter_id, row.role, row.evidence);
        self.push_row(&ChatterRow { channel: &row.channel, chatter: row.chatter.as_str(), id, role, evidence })
    }

    /// Adds a person in a chat, without a copy. Errors: out of order or twice, or no login.
    pub fn push_row(&mut self, row: &ChatterRow<'_>) -> Result<(), ArchiveError> {
        if let Err(reason) = Login::check(row.chatter.as_bytes()) {
            return Err(refused(&self.chatters, Flaw::value("chatter", &reason)));
        }
        let here = (row.chatter, Some(row.evidence));
        let ascends = match &self.last_channel {
            Some(last) if last == row.channel => (self.last_chatter.0.as_str(), self.last_chatter.1) < here,
            Some(last) => last < row.channel,
            None => true,
        };
        if !ascends {
            return Err(refused(&self.chatters, Flaw::Order));
        }
        self.row.clear();
        chatters_text::write_row(&self.time, row, &mut self.row);
        self.chatters.push(row.channel, &self.row);
        self.simulated &= row.chatter.starts_with('_');
        if self.last_channel.as_ref() != Some(row.channel) {
            self.last_channel = Some(row.channel.clone());
        }
        self.last_chatter.0.clear();
        self.last_chatter.0.push_str(row.chatter);
        self.last_chatter.1 = Some(row.evidence);
        Ok(())
    }

    /// The same sweep without the people and the channels of whom `out` says so, by login and id. Inflates all of it: for
    /// whoever learns, once it is made, that somebody is not to be in it.
    ///
    /// Errors: none but of a bug, since what it reads is its own.
    pub fn without(self, out: impl Fn(&str, Option<TwitchId>) -> bool) -> Result<SweepWriter, ArchiveError> {
        let at = self.at;
        let FinishedSweep { streams, chatters, .. } = self.finish();
        let mut left = SweepWriter::new(at);
        let mut gone = HashSet::new();
        for row in streams_of(&streams.index.object, &streams.bytes, Some(&streams.index), at)? {
            if out(row.channel.as_str(), row.channel_id) {
                gone.insert(row.channel);
            } else {
                left.push_stream(&row)?;
            }
        }
        let list = chatters_of(&chatters.index.object, &chatters.bytes, Some(&chatters.index), at)?;
        for row in list.iter().filter(|row| !gone.contains(row.channel) && !out(row.chatter, row.id)) {
            left.push_row(&row)?;
        }
        Ok(left)
    }

    pub(crate) fn finish(self) -> FinishedSweep {
        FinishedSweep {
            at: self.at,
            streams: self.streams.finish(),
            chatters: self.chatters.finish(),
            summary: self.summary,
            simulated: self.simulated,
        }
    }
}

fn refused(writer: &ObjectWriter, flaw: Flaw) -> ArchiveError {
    ArchiveError::Push { object: writer.object().to_owned(), row: writer.rows + 1, flaw }
}
