//! How days are imported: what the operator and the people in it have chosen.

use std::num::NonZeroUsize;

use store::suppression::Suppression;

use crate::bots::BotRules;

/// Choices that hold for every day.
#[derive(Clone, Debug)]
pub struct ImportOptions {
    /// Threads that read, merge and make rows; the result does not depend on it.
    pub threads: NonZeroUsize,
    /// Leave sweeps out that cannot be understood, and note them, instead of refusing the day.
    pub skip_bad: bool,
    /// Who is no person.
    pub bots: BotRules,
    /// Who opted out: neither they nor what happened in their channels is kept.
    pub suppression: Suppression,
}

impl Default for ImportOptions {
    /// A thread a core, nothing left out, the usual rules, nobody opted out.
    fn default() -> ImportOptions {
        let threads = std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
        ImportOptions { threads, skip_bad: false, bots: BotRules::default(), suppression: Suppression::default() }
    }
}
