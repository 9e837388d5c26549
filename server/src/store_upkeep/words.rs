//! Sizes and findings in words.

use std::fmt::Write as _;

use store::upkeep::findings::{CheckReport, Finding};

/// A number of bytes, as people say it.
pub(crate) fn size(bytes: u64) -> String {
    match bytes as f64 {
        bytes if bytes < 1e3 => format!("{bytes} B"),
        bytes if bytes < 1e6 => format!("{:.1} kB", bytes / 1e3),
        bytes if bytes < 1e9 => format!("{:.1} MB", bytes / 1e6),
        bytes => format!("{:.2} GB", bytes / 1e9),
    }
}

/// What a check found, a line each.
pub(super) fn findings(report: &CheckReport) -> String {
    report.findings.iter().fold(String::new(), |mut text, Finding { place, what, count, examples }| {
        let more = if *count > examples.len() as u64 { ", …" } else { "" };
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{place}: {what}: {count} ({}{more})", examples.join("; "));
        text
    })
}

/// What a check read.
pub(super) fn read(report: &CheckReport) -> String {
    let CheckReport { place, blocks, closed_rows, viewer_days, channel_days, people, findings } = report;
    let sound = if findings.is_empty() { "nothing is wrong" } else { "read" };
    format!(
        "{place}: {sound}; {people} people, {viewer_days} viewer-days in {blocks} blocks and {closed_rows} rows of closed \
         months, {channel_days} channel-days\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_told_in_their_unit() {
        let told = [999, 1_000, 1_234_567, 12_345_678_900].map(size);
        assert_eq!(told, ["999 B", "1.0 kB", "1.2 MB", "12.35 GB"]);
    }

    #[test]
    fn findings_are_counted_with_their_first_keys() {
        let finding = |count| Finding {
            place: "main.db".to_owned(),
            what: "odd rows".to_owned(),
            count,
            examples: vec!["key 1".to_owned(), "key 2".to_owned()],
        };
        let report = CheckReport { findings: vec![finding(2), finding(90)], ..CheckReport::default() };
        let lines = "main.db: odd rows: 2 (key 1; key 2)\nmain.db: odd rows: 90 (key 1; key 2, …)\n";
        assert_eq!(findings(&report), lines);
    }
}
