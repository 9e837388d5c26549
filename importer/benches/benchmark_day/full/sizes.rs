//! What a viewer-day and a person take.

use store::upkeep::stats::{MonthStats, StoreStats};

use super::FullStore;
use crate::Failure;

/// Prints sizes by the store's own accounting, and by the lengths of its files.
pub(super) async fn tell(store: &FullStore) -> Result<(), Failure> {
    let stats = store::upkeep::stats(&store.store().display().to_string()).await?;
    let StoreStats { months, viewer_days, people, channel_days, bytes, .. } = &stats;
    println!("{:<38}{:>9}{:>14}{:>12}", "sizes, as `vigie store stats` counts", "MB", "things", "bytes each");
    let form = |name: &str, months: &[&MonthStats], bytes: fn(&MonthStats) -> Option<u64>| {
        let bytes = months.iter().filter_map(|month| bytes(month)).sum();
        line(
            &format!("{name}, viewer-days of {} months", months.len()),
            bytes,
            months.iter().map(|month| month.viewer_days).sum(),
        );
    };
    let (closed, open): (Vec<&MonthStats>, Vec<&MonthStats>) =
        months.iter().partition(|month| month.closed_bytes.is_some());
    form("closed", &closed, |month| month.closed_bytes);
    form("open", &open, |month| month.open_bytes);
    let both = closed.iter().filter_map(|month| month.open_bytes).sum::<u64>();
    if both > 0 {
        println!("  {:.1} MB more are the blocks of closed months that may still be imported again", both as f64 / 1e6);
    }
    let (names, of_channels) = (stats.people_bytes.unwrap_or(0), stats.channel_day_bytes.unwrap_or(0));
    line("names, people", names, *people);
    line("channel-days", of_channels, *channel_days);
    line("all in, viewer-days", *bytes, *viewer_days);
    line("all in but names, viewer-days", bytes - names, *viewer_days);
    println!("{:<38}{:>9}", "sizes, by files", "MB");
    let files = store.files()?;
    for kind in ["main", "month", "open"] {
        let bytes = files.iter().filter(|(name, ..)| name.starts_with(kind)).map(|(.., bytes)| bytes).sum::<u64>();
        println!("{:<38}{:>9.1}", format!("{kind}*"), bytes as f64 / 1e6);
    }
    println!("no more than 25 bytes a viewer-day and 60 a person are wanted\n");
    Ok(())
}

fn line(what: &str, bytes: u64, things: u64) {
    println!("{what:<38}{:>9.1}{things:>14}{:>12.2}", bytes as f64 / 1e6, bytes as f64 / things as f64);
}
