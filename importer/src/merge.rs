//! The merge: channel by channel, from sweep to sweep, stays become runs. Memory is one channel's list, whatever the
//! day's size.

use std::io;

use archive::day_chatters::{DayChatters, Part};
use archive::part_reader::PartReader;
use archive::stays::Stay;
use model::login::Login;
use model::slot::Slot;
use model::slot_set::SlotSet;

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
    /// Rows by the number of the sweep.
    pub(crate) rows: Vec<u64>,
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
    let mut done = MergedPart { rows: vec![0; slots.len()], ..MergedPart::default() };
    let mut writer = spill.writer();
    while let Some(login) = reader.next_channel() {
        let channel = done.channels.len() as u32 * of + number;
        let mut out = Ended { channel, runs: 0, ids: false, writer: &mut writer, failed: None };
        let mut seen = MergedChannel { login, slots: SlotSet::EMPTY, observations: 0 };
        merge_channel(&mut reader, &slots, &mut seen, &mut done.rows, &mut out)?;
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
    seen: &mut MergedChannel,
    rows: &mut [u64],
    out: &mut Ended<'_, '_>,
) -> Result<(), MergeError> {
    // The slot up to which everybody present stayed.
    let mut end = 0;
    for (sweep, slot) in (0u16..).zip(slots) {
        let now = slot.index();
        if end != now {
            reader.leave(|stay| out.put(&stay, slots, end));
        }
        let read = reader.read(sweep, |stay| out.put(&stay, slots, now))? as u64;
        if read > 0 {
            seen.slots.insert(*slot);
            seen.observations += read;
            rows[usize::from(sweep)] += read;
        }
        end = now + 1;
    }
    reader.leave(|stay| out.put(&stay, slots, end));
    Ok(())
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
    fn put(&mut self, stay: &Stay<'_>, slots: &[Slot], to: u16) {
        let Stay { login, id, evidence, since } = *stay;
        let run = FoundRun::new(self.channel, evidence, slots[usize::from(since)].index(), to);
        self.runs += 1;
        self.ids |= id.is_some();
        if self.failed.is_none() {
            self.failed = self.writer.push(&NamedRun { login, id, run }).err();
        }
    }
}
