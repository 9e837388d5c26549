//! What comparing a day with its archive found, as it is remembered.

use model::day::Day;

/// The longest reason kept, in bytes: a few sentences. What differs is told in full where the comparison runs.
pub const REASON_MAX: usize = 1_000;

/// One comparison of a day with its archive. The last one of each import is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verification {
    /// The day.
    pub day: Day,
    /// Which import of the day was compared: [`crate::Store::generation`].
    pub generation: u32,
    /// When, Unix time in seconds.
    pub at: i64,
    /// What the sample was drawn with.
    pub seed: u64,
    /// Viewers in the sample that were compared bit by bit.
    pub viewers: u64,
    /// Channels in the sample that were compared bit by bit.
    pub channels: u64,
    /// How much differed: viewers, channels, sums.
    pub failures: u64,
    /// Observations read from the archive.
    pub observations: u64,
    /// Whether all agreed.
    pub ok: bool,
    /// What differed, in short, cut to [`REASON_MAX`]; empty when all agreed. It names no viewer.
    pub reason: String,
}

impl Verification {
    /// The reason as it is stored.
    pub(crate) fn short_reason(&self) -> &str {
        &self.reason[..self.reason.floor_char_boundary(REASON_MAX)]
    }
}
