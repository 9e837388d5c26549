//! What is in a store, and how much room it takes.

use model::day::Month;
use model::words::{Origin, Tier};
use serde::{Serialize, Serializer};

/// What is in a store. Counts are exact and bytes are what the database holds for it, unless said otherwise.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct StoreStats {
    /// The folder or database.
    pub place: String,
    /// Where its data come from.
    pub origin: Origin,
    /// Months, ascending.
    pub months: Vec<MonthStats>,
    /// Days held.
    pub days: u64,
    /// People's days, as the imports counted them.
    pub viewer_days: u64,
    /// Different people.
    pub people: u64,
    /// What their names take, indexes included; nothing where the database cannot tell.
    pub people_bytes: Option<u64>,
    /// Different channels.
    pub channels: u64,
    /// Channels' days.
    pub channel_days: u64,
    /// What those take, indexes included.
    pub channel_day_bytes: Option<u64>,
    /// Sweeps.
    pub sweeps: u64,
    /// Everything: of SQLite the files with their journals, of Postgres the database.
    pub bytes: u64,
    /// Of them, pages that hold nothing. Postgres does not tell.
    pub free_bytes: Option<u64>,
    /// Rows that were replaced and not yet cleared away, as Postgres estimates.
    pub dead_rows_estimated: Option<u64>,
    /// `bytes` by `viewer_days`.
    pub bytes_per_viewer_day: Option<f64>,
    /// `people_bytes` by `people`.
    pub bytes_per_person: Option<f64>,
}

/// A month.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MonthStats {
    /// The month.
    #[serde(serialize_with = "as_text")]
    pub month: Month,
    /// How fine its closed form is; nothing when it has none.
    pub closed: Option<Tier>,
    /// Days held.
    pub days: u64,
    /// People's days, as the imports counted them.
    pub viewer_days: u64,
    /// Bytes of its blocks by day; nothing when it has none.
    pub open_bytes: Option<u64>,
    /// Bytes of its closed form.
    pub closed_bytes: Option<u64>,
    /// Bytes of its blocks by viewer-day.
    pub open_bytes_per_viewer_day: Option<f64>,
    /// Bytes of its closed form by viewer-day.
    pub closed_bytes_per_viewer_day: Option<f64>,
}

impl MonthStats {
    /// With what follows from the figures.
    pub(crate) fn new(
        month: Month,
        (days, viewer_days): (u64, u64),
        open_bytes: Option<u64>,
        closed: Option<(Tier, u64)>,
    ) -> MonthStats {
        let closed_bytes = closed.map(|(_, bytes)| bytes);
        MonthStats {
            month,
            closed: closed.map(|(tier, _)| tier),
            days,
            viewer_days,
            open_bytes,
            closed_bytes,
            open_bytes_per_viewer_day: per(open_bytes, viewer_days),
            closed_bytes_per_viewer_day: per(closed_bytes, viewer_days),
        }
    }
}

/// Nothing where there is nothing to divide, or by nothing.
pub(crate) fn per(bytes: Option<u64>, things: u64) -> Option<f64> {
    bytes.filter(|_| things > 0).map(|bytes| bytes as f64 / things as f64)
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde gives a reference")]
fn as_text<S: Serializer>(value: &Month, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(value)
}
