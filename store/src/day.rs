//! A day on its way into the store, and what is remembered of its import.

use model::channel_day::ChannelDay;
use model::day::Day;
use model::identity::ChannelKey;
use model::slot::Slot;
use model::sweep::SweepSummary;

use crate::error::{Result, StoreError};
use crate::rows::ViewerRows;

/// A whole UTC day, to be put in the place of what is held of it.
#[derive(Debug)]
pub struct DayImport {
    /// The day.
    pub day: Day,
    /// Whether the day was still open: to be imported again.
    pub provisional: bool,
    /// Of a provisional day, the first slot not in it.
    pub until: Option<Slot>,
    /// Every followed channel, each once, in any order; keys from [`crate::Store::channel_keys`].
    pub channels: Vec<(ChannelKey, ChannelDay)>,
    /// Everybody seen; channel keys in them are of the same store.
    pub viewers: ViewerRows,
    /// Its sweeps. They replace those held of a closed day; of a provisional day they are added.
    pub sweeps: Vec<SweepSummary>,
    /// Sweeps that were left out because they cannot be understood, by slot.
    pub skipped: Vec<SkippedSweep>,
    /// Figures of the day.
    pub stats: DayStats,
    /// When the import runs, Unix time in seconds.
    pub imported_at: i64,
    /// How long it took up to here, in milliseconds.
    pub import_ms: u32,
    /// [`crate::suppression::Suppression::withdrawals`] of the list that its rows were made by. Whoever opted out or was
    /// erased since may be in them: the day is refused.
    pub withdrawals: u64,
}

impl DayImport {
    /// A closed day of these channels and people, of a store that nobody ever opted out of; sweeps, figures and times are
    /// none.
    pub fn of(day: Day, channels: Vec<(ChannelKey, ChannelDay)>, viewers: ViewerRows) -> DayImport {
        DayImport {
            day,
            provisional: false,
            until: None,
            channels,
            viewers,
            sweeps: Vec::new(),
            skipped: Vec::new(),
            stats: DayStats::default(),
            imported_at: 0,
            import_ms: 0,
            withdrawals: 0,
        }
    }

    /// Refuses what contradicts itself, and orders what has one order in the store.
    pub(crate) fn prepare(&mut self) -> Result<()> {
        self.channels.sort_unstable_by_key(|(channel, _)| *channel);
        let twice = self.channels.windows(2).any(|pair| pair[0].0 == pair[1].0);
        let reason = if twice {
            "a channel is in it twice"
        } else if self.sweeps.iter().any(|sweep| sweep.at.day() != self.day) {
            "a sweep is of another day"
        } else if self.until.is_some() && !self.provisional {
            "a closed day has no slot at which it ends early"
        } else if self.day == Day::MAX {
            "ranges of days end before the last day there is"
        } else {
            return Ok(());
        };
        Err(StoreError::Import { day: self.day, reason })
    }
}

/// Figures of a day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DayStats {
    /// Different people seen, bots left out.
    pub viewers: u64,
    /// People flagged as bots that day.
    pub bots: u64,
    /// Rows of chatters read from the archive: `kept` + `suppressed` + `joined`.
    pub observations: u64,
    /// Of them, slots in runs of the store.
    pub kept: u64,
    /// Of people or channels that opted out.
    pub suppressed: u64,
    /// Of an account that bore two logins in one slot: counted once.
    pub joined: u64,
    /// Compressed bytes of the archive's objects that it was read from; nothing where the manifest does not tell, or of a day
    /// imported before they were counted.
    pub archive_bytes: Option<u64>,
}

/// A sweep that was left out of a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SkippedSweep {
    /// Its slot.
    pub slot: Slot,
    /// What is wrong with it, and where; it names no viewer.
    pub reason: String,
}

/// What is remembered of a day's import.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DayRecord {
    /// The day.
    pub day: Day,
    /// Whether it was still open.
    pub provisional: bool,
    /// Of a provisional day, the first slot not in it.
    pub until: Option<Slot>,
    /// When it was imported, Unix time in seconds.
    pub imported_at: i64,
    /// How long that took, in milliseconds.
    pub import_ms: u32,
    /// Figures of the day.
    pub stats: DayStats,
    /// Sweeps imported, 0–288.
    pub sweeps: u32,
}

/// What an import did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ImportOutcome {
    /// How often this day has been imported, from 1.
    pub generation: u32,
    /// People never seen before.
    pub new_people: u64,
    /// People of the day. Two logins of one account on the day of its renaming are one.
    pub people: u64,
    /// Blocks written.
    pub blocks: u64,
    /// Bytes of the blocks.
    pub block_bytes: u64,
}
