//! The merge: channel by channel, from sweep to sweep, who comes and who goes becomes runs.
//!
//! Memory is two lists of one channel, whatever the day's size.

use std::io;

use archive::changes::{Arrival, Change};
use archive::day_chatters::{DayChatters, Part};
use archive::part_reader::PartReader;
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
    let mut present = Present::default();
    while let Some(login) = reader.next_channel() {
        let channel = done.channels.len() as u32 * of + number;
        let mut out = Ended { channel, runs: 0, ids: false, writer: &mut writer, failed: None };
        let mut seen = MergedChannel { login, slots: SlotSet::EMPTY, observations: 0 };
        merge_channel(&mut reader, &slots, &mut present, &mut seen, &mut out)?;
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

/// One channel through the day.
fn merge_channel(
    reader: &mut PartReader<'_>,
    slots: &[Slot],
    present: &mut Present,
    seen: &mut MergedChannel,
    out: &mut Ended<'_, '_>,
) -> Result<(), MergeError> {
    // The slot up to which the runs of everybody present reach.
    let mut end = 0;
    for (sweep, slot) in slots.iter().enumerate() {
        let now = slot.index();
        if end != now {
            reader.leave(|change| present.follow(change, end, out));
            present.turn();
        }
        let rows = reader.changes(sweep, |change| present.follow(change, now, out))?;
        present.turn();
        if rows > 0 {
            seen.slots.insert(*slot);
            seen.observations += rows as u64;
        }
        end = now + 1;
    }
    reader.leave(|change| present.follow(change, end, out));
    present.turn();
    Ok(())
}

/// Since when everybody on a channel's list has been there, in the list's order.
#[derive(Debug, Default)]
struct Present {
    before: Vec<Open>,
    next: Vec<Open>,
    /// The place in `before` of the row that the next change is about.
    at: usize,
}

/// A run that has not ended.
#[derive(Clone, Copy, Debug)]
struct Open {
    id: Option<TwitchId>,
    from: u16,
    evidence: Evidence,
}

impl Present {
    /// Follows a change of the list: runs of who is gone reach up to slot `at`, those of who came begin there.
    fn follow(&mut self, change: Change<'_>, at: u16, out: &mut Ended<'_, '_>) {
        match change {
            Change::Stay(rows) => {
                self.next.extend_from_slice(&self.before[self.at..self.at + rows]);
                self.at += rows;
            }
            Change::Alter(id) => {
                let was = self.before[self.at];
                self.next.push(Open { id: was.id.or(id), ..was });
                self.at += 1;
            }
            Change::Go(login) => {
                out.put(login, &self.before[self.at], at);
                self.at += 1;
            }
            Change::Come(Arrival { id, evidence, .. }) => self.next.push(Open { id, from: at, evidence }),
        }
    }

    /// The list is read: it becomes the one before.
    fn turn(&mut self) {
        std::mem::swap(&mut self.before, &mut self.next);
        self.next.clear();
        self.at = 0;
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
    fn put(&mut self, login: &[u8], open: &Open, to: u16) {
        let run = FoundRun::new(self.channel, open.evidence, open.from, to);
        self.runs += 1;
        self.ids |= open.id.is_some();
        if self.failed.is_none() {
            self.failed = self.writer.push(&NamedRun { login, id: open.id, run }).err();
        }
    }
}
