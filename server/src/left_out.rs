//! Sweeps that a day was knowingly made without (`vigie import --skip-bad`), as they are told.

use std::fmt;

use archive::Archive;
use archive::path::Kind;
use model::day::Day;
use model::slot::SlotTime;
use serde::Serialize;
use store::day::SkippedSweep;

/// One of them.
#[derive(Debug, Serialize)]
pub(crate) struct LeftOut {
    /// Its slot, `HHMM`.
    slot: String,
    /// The observations that are missing, as the index counts them; nothing where no index can be read.
    rows: Option<u64>,
    reason: String,
}

impl LeftOut {
    /// Looks up what was in them.
    pub(crate) async fn of(archive: &Archive, day: Day, skipped: &[SkippedSweep]) -> Vec<LeftOut> {
        let mut told = Vec::with_capacity(skipped.len());
        for SkippedSweep { slot, reason } in skipped {
            let rows = archive.indexed_rows(Kind::Chatters, SlotTime::new(day, *slot)).await;
            told.push(LeftOut { slot: slot.hhmm(), rows, reason: reason.clone() });
        }
        told
    }
}

impl fmt::Display for LeftOut {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let LeftOut { slot, rows, reason } = self;
        match rows {
            Some(rows) => write!(out, "the sweep of {slot} was left out, {rows} observations by its index: {reason}"),
            None => write!(out, "the sweep of {slot} was left out: {reason}"),
        }
    }
}
