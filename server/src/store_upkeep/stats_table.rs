//! The figures of a store as tables.

use std::fmt::{self, Display, Formatter};

use store::upkeep::stats::{MonthStats, StoreStats};

use super::words::size;

/// The figures of a store as tables: a line a month, then everything together.
pub(super) struct StatsTable<'a>(pub(super) &'a StoreStats);

impl Display for StatsTable<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let stats = self.0;
        writeln!(f, "{} ({} data)\n", stats.place, stats.origin)?;
        if !stats.months.is_empty() {
            writeln!(
                f,
                "{:<9}{:<14}{:>6}{:>14}{:>12}{:>10}{:>12}{:>10}",
                "month", "form", "days", "viewer-days", "open", "a v-day", "closed", "a v-day"
            )?;
            for month in &stats.months {
                writeln!(
                    f,
                    "{:<9}{:<14}{:>6}{:>14}{:>12}{:>10}{:>12}{:>10}",
                    month.month.to_string(),
                    form(month),
                    month.days,
                    month.viewer_days,
                    month.open_bytes.map_or_else(dash, size),
                    ratio(month.open_bytes_per_viewer_day),
                    month.closed_bytes.map_or_else(dash, size),
                    ratio(month.closed_bytes_per_viewer_day),
                )?;
            }
            writeln!(f)?;
        }
        let line = |f: &mut Formatter<'_>, what: &str, figure: String, note: String| {
            writeln!(f, "{}", format!("{what:<16}{figure:>12}  {note}").trim_end())
        };
        let each = |bytes: Option<f64>, thing: &str| {
            bytes.map_or_else(String::new, |bytes| format!("{bytes:.1} B a {thing}, all in"))
        };
        let takes = |bytes: Option<u64>| bytes.map_or_else(|| "size unknown".to_owned(), size);
        line(f, "everything", size(stats.bytes), each(stats.bytes_per_viewer_day, "viewer-day"))?;
        let free = match (stats.free_bytes, stats.dead_rows_estimated) {
            (Some(bytes), _) => (size(bytes), String::new()),
            (None, Some(rows)) => (dash(), format!("unknown; about {rows} replaced rows not cleared away yet")),
            (None, None) => (dash(), "unknown".to_owned()),
        };
        line(f, "free", free.0, free.1)?;
        line(f, "days", stats.days.to_string(), String::new())?;
        line(f, "viewer-days", stats.viewer_days.to_string(), "as the imports counted them".to_owned())?;
        let person = stats.bytes_per_person.map_or_else(String::new, |bytes| format!(", {bytes:.1} B each"));
        line(f, "people", stats.people.to_string(), format!("names: {}{person}", takes(stats.people_bytes)))?;
        line(f, "channels", stats.channels.to_string(), String::new())?;
        line(f, "channel-days", stats.channel_days.to_string(), takes(stats.channel_day_bytes))?;
        line(f, "sweeps", stats.sweeps.to_string(), String::new())
    }
}

/// In which forms a month is held, and how fine the closed one is.
fn form(month: &MonthStats) -> String {
    let closed = month.closed.map(|tier| format!("closed {tier}"));
    match (month.open_bytes, closed) {
        (Some(_), Some(closed)) => format!("open, {}", closed.trim_end_matches(" slots")),
        (Some(_), None) => "open".to_owned(),
        (None, Some(closed)) => closed,
        (None, None) => dash(),
    }
}

fn ratio(bytes: Option<f64>) -> String {
    bytes.map_or_else(dash, |bytes| format!("{bytes:.1} B"))
}

fn dash() -> String {
    "–".to_owned()
}
