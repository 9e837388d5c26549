//! Runs put aside by person until the day is read: in memory while they are few, else in temporary files.
//!
//! Each shard holds the people of a stretch of logins, so shards one after another are in bytewise order. The files
//! have no name: nothing is left of them, however the program ends.

use std::io::{self, Read, Seek, SeekFrom, Write};
use std::sync::{Mutex, PoisonError};

use model::identity::TwitchId;
use model::login::LOGIN_MAX;
use model::words::Evidence;
use tempfile::SpooledTempFile;

use crate::name::Name;

/// Rows of chatters to a shard, about: a tenth as many runs, and a megabyte or two of them.
const SHARD_ROWS: u64 = 500_000;
/// More shards would be more files open than a process may have.
const SHARDS_MAX: u64 = 400;
/// What all shards together may keep in memory before they move to files.
const MEMORY_BYTES: usize = 16 << 20;
/// What a thread gathers for all shards together before it hands it on.
const BUFFER_BYTES: usize = 4 << 20;

/// A run of somebody in a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NamedRun<'a> {
    pub(crate) login: &'a [u8],
    /// The first id that a row of the run gave.
    pub(crate) id: Option<TwitchId>,
    pub(crate) run: FoundRun,
}

/// A run as the merge finds it; whose it is stands beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct FoundRun {
    /// Twice the channel's number, and one more if the person spoke.
    pub(crate) channel_evidence: u32,
    pub(crate) from: u16,
    pub(crate) to: u16,
}

impl FoundRun {
    pub(crate) fn new(channel: u32, evidence: Evidence, from: u16, to: u16) -> FoundRun {
        FoundRun { channel_evidence: channel << 1 | u32::from(evidence == Evidence::Spoke), from, to }
    }

    pub(crate) fn channel(self) -> u32 {
        self.channel_evidence >> 1
    }

    pub(crate) fn spoke(self) -> bool {
        self.channel_evidence & 1 == 1
    }
}

/// All runs of a day.
#[derive(Debug)]
pub(crate) struct Spill {
    /// The first login of each shard but the first, ascending.
    borders: Vec<Name>,
    shards: Vec<Mutex<SpooledTempFile>>,
}

impl Spill {
    /// Shards for a day of so many rows; `sample` holds some of its logins, in any order.
    pub(crate) fn new(rows: u64, mut sample: Vec<String>) -> Spill {
        let wanted = (rows / SHARD_ROWS + 1).min(SHARDS_MAX) as usize;
        sample.sort_unstable();
        let mut borders: Vec<Name> = (1..wanted)
            .filter_map(|shard| sample.get(shard * sample.len() / wanted))
            .map(|login| Name::new(login.as_bytes()))
            .collect();
        borders.dedup();
        let shards = borders.len() + 1;
        let shard = || Mutex::new(SpooledTempFile::new(MEMORY_BYTES / shards));
        Spill { borders, shards: (0..shards).map(|_| shard()).collect() }
    }

    pub(crate) fn shards(&self) -> usize {
        self.shards.len()
    }

    /// The shard that holds the runs of a login.
    pub(crate) fn shard_of(&self, login: &[u8]) -> usize {
        let name = Name::new(login);
        self.borders.partition_point(|border| *border <= name)
    }

    /// A writer for one thread.
    pub(crate) fn writer(&self) -> SpillWriter<'_> {
        let limit = BUFFER_BYTES / self.shards.len();
        SpillWriter { spill: self, limit, buffers: vec![Vec::new(); self.shards.len()] }
    }

    /// The bytes of a shard, for [`runs`]. Errors: the file does not give them.
    pub(crate) fn read(&self, shard: usize, bytes: &mut Vec<u8>) -> io::Result<()> {
        let mut file = self.shards[shard].lock().unwrap_or_else(PoisonError::into_inner);
        bytes.clear();
        file.seek(SeekFrom::Start(0))?;
        file.read_to_end(bytes).map(drop)
    }
}

/// Gathers runs by shard.
#[derive(Debug)]
pub(crate) struct SpillWriter<'a> {
    spill: &'a Spill,
    limit: usize,
    buffers: Vec<Vec<u8>>,
}

/// Set in the length of a login that an id follows.
const HAS_ID: u8 = 0x80;

impl SpillWriter<'_> {
    /// Adds a run: the login's length, the login, its id if it has one, channel, from, to. Errors: no room for a file.
    pub(crate) fn push(&mut self, run: &NamedRun<'_>) -> io::Result<()> {
        let shard = self.spill.shard_of(run.login);
        let buffer = &mut self.buffers[shard];
        // The archive's reader gives logins only, which fit; more would be cut.
        let login = &run.login[..run.login.len().min(LOGIN_MAX)];
        buffer.push(login.len() as u8 | if run.id.is_some() { HAS_ID } else { 0 });
        buffer.extend_from_slice(login);
        if let Some(id) = run.id {
            buffer.extend_from_slice(&id.get().to_le_bytes());
        }
        buffer.extend_from_slice(&run.run.channel_evidence.to_le_bytes());
        buffer.extend_from_slice(&run.run.from.to_le_bytes());
        buffer.extend_from_slice(&run.run.to.to_le_bytes());
        if buffer.len() >= self.limit { self.hand_on(shard) } else { Ok(()) }
    }

    /// Hands on all that is gathered.
    pub(crate) fn finish(mut self) -> io::Result<()> {
        (0..self.buffers.len()).try_for_each(|shard| self.hand_on(shard))
    }

    fn hand_on(&mut self, shard: usize) -> io::Result<()> {
        let buffer = &mut self.buffers[shard];
        self.spill.shards[shard].lock().unwrap_or_else(PoisonError::into_inner).write_all(buffer)?;
        buffer.clear();
        Ok(())
    }
}

/// The runs in a shard's bytes, in no order.
pub(crate) fn runs(mut bytes: &[u8]) -> impl Iterator<Item = NamedRun<'_>> {
    fn take<const N: usize>(bytes: &mut &[u8]) -> Option<[u8; N]> {
        let (number, rest) = bytes.split_first_chunk::<N>()?;
        *bytes = rest;
        Some(*number)
    }
    std::iter::from_fn(move || {
        let [head] = take(&mut bytes)?;
        let (login, rest) = bytes.split_at_checked(usize::from(head & !HAS_ID))?;
        bytes = rest;
        let id = if head & HAS_ID == 0 { None } else { TwitchId::new(u64::from_le_bytes(take(&mut bytes)?)) };
        let channel_evidence = u32::from_le_bytes(take(&mut bytes)?);
        let (from, to) = (u16::from_le_bytes(take(&mut bytes)?), u16::from_le_bytes(take(&mut bytes)?));
        Some(NamedRun { login, id, run: FoundRun { channel_evidence, from, to } })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    type Run = (String, Option<u64>, u32, bool, u16, u16);

    fn run() -> impl Strategy<Value = Run> {
        (
            "[a-z0-9_]{1,25}",
            proptest::option::of(1u64..1_000_000_000_000),
            0u32..1 << 31,
            any::<bool>(),
            0u16..288,
            0u16..288,
        )
    }

    proptest! {
        #[test]
        fn runs_come_back_in_shards_that_ascend(runs_in in proptest::collection::vec(run(), 0..200), rows in 0u64..20_000_000) {
            let spill = Spill::new(rows, runs_in.iter().map(|run| run.0.clone()).collect());
            let mut writer = spill.writer();
            for (login, id, channel, spoke, from, to) in &runs_in {
                let evidence = if *spoke { Evidence::Spoke } else { Evidence::Listed };
                let run = FoundRun::new(*channel, evidence, *from, *to);
                writer.push(&NamedRun { login: login.as_bytes(), id: id.and_then(TwitchId::new), run }).unwrap();
            }
            writer.finish().unwrap();
            let mut back: Vec<Run> = Vec::new();
            let mut bytes = Vec::new();
            let mut above = Vec::new();
            for shard in 0..spill.shards() {
                spill.read(shard, &mut bytes).unwrap();
                let mut highest = above.clone();
                for NamedRun { login, id, run } in runs(&bytes) {
                    prop_assert!(above.is_empty() || login > above.as_slice());
                    highest = highest.max(login.to_vec());
                    let login = String::from_utf8(login.to_vec()).unwrap();
                    back.push((login, id.map(TwitchId::get), run.channel(), run.spoke(), run.from, run.to));
                }
                above = highest;
            }
            let mut wanted = runs_in;
            wanted.sort();
            back.sort();
            prop_assert_eq!(back, wanted);
        }
    }
}
