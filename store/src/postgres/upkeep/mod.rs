//! Upkeep of a database; see [`crate::upkeep`].

use model::day::Month;

pub(crate) mod backup;
pub(crate) mod check;
pub(crate) mod restore;
pub(crate) mod stats;
pub(crate) mod vacuum;

/// The tables that are no month's, and that a backup holds.
const TABLES: [&str; 23] = [
    "channel",
    "channel_day",
    "channel_night",
    "channel_span",
    "closed_month",
    "day",
    "day_record",
    "export_folder",
    "game",
    "job",
    "live_stream",
    "login_span",
    "meta",
    "next_key",
    "night",
    "opted_out",
    "person",
    "population",
    "skipped_sweep",
    "suppressed",
    "sweep",
    "tracked",
    "verification",
];

/// How often a reading begins again because a month's table was dropped under it.
const TRIES: u32 = 10;

/// The tables that have a part a month.
const BLOCK: &str = "block";
const VIEWER_MONTH: &str = "viewer_month";

/// Which table a partition is of, by its name, and of which month.
fn part_of(name: &str) -> Option<(&'static str, Month)> {
    [BLOCK, VIEWER_MONTH].into_iter().find_map(|table| {
        let month = name.strip_prefix(table)?.strip_prefix('_')?.replace('_', "-");
        Some((table, month.parse().ok()?))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn partitions_are_known_by_their_names() {
        let month: Month = "2026-11".parse().unwrap();
        assert_eq!(part_of("block_2026_11"), Some((BLOCK, month)));
        assert_eq!(part_of("viewer_month_2026_11"), Some((VIEWER_MONTH, month)));
        for other in ["block", "block_2026_13", "viewer_month_2026_11_new", "meta", "block_2026_11; DROP TABLE meta"] {
            assert_eq!(part_of(other), None, "{other}");
        }
    }
}
