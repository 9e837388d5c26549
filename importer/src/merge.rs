//! The merge: channel by channel, each sweep's list with the one before it.
//!
//! Between two sweeps a list hardly changes, so only who comes and who goes costs anything. Memory is two lists of one
//! channel, whatever the day's size.

use std::io;

use archive::day_chatters::{DayChatters, Part, PartReader};
use model::identity::TwitchId;
use model::login::Login;
use model::slot::Slot;
use model::slot_set::SlotSet;
use model::words::Evidence;

use crate::error::MergeError;
use crate::spill::{FoundRun, NamedRun, Spill, SpillWriter};

/// What a thread merged.
#[derive(Debug, Default)]
pub(crate) struct MergedPart {
    /// The channels with people, in order: the place is the channel's number within the part.
    pub(crate) channels: Vec<MergedChannel>,
    pub(crate) runs: u64,
    /// Whether any row had an id.
    pub(crate) ids: bool,
}

/// A channel in which somebody was named.
#[derive(Debug)]
pub(crate) struct MergedChannel {
    pub(crate) login: Login,
    /// When.
    pub(crate) slots: SlotSet,
    pub(crate) observations: u64,
}

/// Merges a part, `of` how many, into the spill; a channel's runs carry its number in the part × `of` + the part's.
///
/// `merged` is told the observations of each channel that is done, and says whether to go on. Errors: the archive's,
/// and no room for temporary files.
pub(crate) fn merge_part(
    day: &DayChatters,
    part: &Part,
    number: u32,
    of: u32,
    spill: &Spill,
    merged: impl Fn(u64) -> bool,
) -> Result<MergedPart, MergeError> {
    let slots: Vec<Slot> = day.slots().collect();
    let mut reader = day.read(part)?;
    let mut done = MergedPart::default();
    let mut writer = spill.writer();
    let mut lists = Lists::default();
    while let Some(login) = reader.next_channel() {
        let channel = done.channels.len() as u32 * of + number;
        let mut out = Ended { channel, runs: 0, ids: false, writer: &mut writer, failed: None };
        let mut seen = MergedChannel { login, slots: SlotSet::EMPTY, observations: 0 };
        lists.merge(&mut reader, &slots, &mut seen, &mut out)?;
        let Ended { runs, ids, failed, .. } = out;
        if let Some(error) = failed {
            return Err(MergeError::Temporary(error));
        }
        done.runs += runs;
        done.ids |= ids;
        let observations = seen.observations;
        done.channels.push(seen);
        if !merged(observations) {
            return Err(MergeError::Stopped);
        }
    }
    writer.finish().map_err(MergeError::Temporary)?;
    Ok(done)
}

/// The last sweep's list of a channel and the next one's.
#[derive(Debug, Default)]
struct Lists {
    before: OpenList,
    next: OpenList,
}

/// A list, and for each of its rows since when it has been there.
#[derive(Debug, Default)]
struct OpenList {
    names: Vec<u8>,
    rows: Vec<OpenRow>,
}

#[derive(Clone, Copy, Debug)]
struct OpenRow {
    id: Option<TwitchId>,
    name: u32,
    len: u8,
    evidence: Evidence,
    from: u16,
}

impl OpenList {
    fn name(&self, row: &OpenRow) -> &[u8] {
        &self.names[row.name as usize..row.name as usize + usize::from(row.len)]
    }

    fn push(&mut self, name: &[u8], id: Option<TwitchId>, evidence: Evidence, from: u16) {
        let start = self.names.len() as u32;
        self.names.extend_from_slice(name);
        self.rows.push(OpenRow { id, name: start, len: name.len() as u8, evidence, from });
    }

    fn clear(&mut self) {
        self.names.clear();
        self.rows.clear();
    }
}

/// Where ended runs go.
struct Ended<'a, 'b> {
    channel: u32,
    runs: u64,
    ids: bool,
    writer: &'a mut SpillWriter<'b>,
    failed: Option<io::Error>,
}

impl Ended<'_, '_> {
    fn put(&mut self, list: &OpenList, row: &OpenRow, to: u16) {
        let run = FoundRun::new(self.channel, row.evidence, row.from, to);
        self.runs += 1;
        self.ids |= row.id.is_some();
        if self.failed.is_none() {
            self.failed = self.writer.push(&NamedRun { login: list.name(row), id: row.id, run }).err();
        }
    }

    fn put_all(&mut self, list: &OpenList, to: u16) {
        list.rows.iter().for_each(|row| self.put(list, row, to));
    }
}

impl Lists {
    /// One channel through the day.
    fn merge(
        &mut self,
        reader: &mut PartReader<'_>,
        slots: &[Slot],
        seen: &mut MergedChannel,
        out: &mut Ended<'_, '_>,
    ) -> Result<(), MergeError> {
        self.before.clear();
        // The slot up to which the runs of `before` reach.
        let mut end = 0;
        for (sweep, slot) in slots.iter().enumerate() {
            let now = slot.index();
            if end != now {
                out.put_all(&self.before, end);
                self.before.clear();
            }
            self.next.clear();
            let (before, next) = (&self.before, &mut self.next);
            let mut old = 0;
            let any = reader.rows(sweep, &seen.login, |name, row| {
                let name = name.as_bytes();
                while let Some(was) = before.rows.get(old) {
                    let last = before.name(was);
                    if last == name && was.evidence == row.evidence {
                        old += 1;
                        next.push(name, was.id.or(row.id), row.evidence, was.from);
                        return;
                    }
                    if (last, was.evidence) > (name, row.evidence) {
                        break;
                    }
                    out.put(before, was, now);
                    old += 1;
                }
                next.push(name, row.id, row.evidence, now);
            })?;
            before.rows[old..].iter().for_each(|row| out.put(before, row, now));
            if any {
                seen.slots.insert(*slot);
                seen.observations += next.rows.len() as u64;
            }
            std::mem::swap(&mut self.before, &mut self.next);
            end = now + 1;
        }
        out.put_all(&self.before, end);
        self.before.clear();
        Ok(())
    }
}
