//! Sweeps added up by hour of the week, as both databases tell them.

use model::statistics::swept::{SweptHour, SweptWeek};

use crate::error::Result;
use crate::values::Columns;

/// Hour of the week from Monday's first on, sweeps, Σ viewers, Σ channels on air, sweeps that are full.
pub(crate) type SweptRow = (i64, i64, i64, i64, i64);

/// The week of these rows. Errors: damage.
pub(crate) fn swept_week(columns: Columns<'_>, rows: Vec<SweptRow>) -> Result<SweptWeek> {
    let mut week = SweptWeek::default();
    for (hour, sweeps, viewers, live, full) in rows {
        let hour: usize = columns.number("slot", hour)?;
        let place = week.iter_mut().flatten().nth(hour);
        *columns.expect("slot", place)? = SweptHour {
            sweeps: columns.number("sweeps", sweeps)?,
            viewers: columns.number("viewers", viewers)?,
            live: columns.number("live", live)?,
            full: columns.number("live", full)?,
        };
    }
    Ok(week)
}
