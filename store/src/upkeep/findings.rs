//! What a check found: how often, and the first few keys, never a name.

use serde::Serialize;

/// Examples kept of a finding.
const EXAMPLES: usize = 5;

/// What a check read and found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct CheckReport {
    /// The folder or database.
    pub place: String,
    /// Blocks of open months that were read.
    pub blocks: u64,
    /// Rows of closed months that were read.
    pub closed_rows: u64,
    /// People's days in both.
    pub viewer_days: u64,
    /// Channels' days.
    pub channel_days: u64,
    /// People.
    pub people: u64,
    /// What is wrong: nothing in a sound store.
    pub findings: Vec<Finding>,
}

/// One thing that is wrong, in one place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The file or table.
    pub place: String,
    /// What is wrong.
    pub what: String,
    /// How often.
    pub count: u64,
    /// The first few: keys and days.
    pub examples: Vec<String>,
}

impl CheckReport {
    /// Adds one case of something wrong; `example` is made for the first few.
    pub(crate) fn add(&mut self, place: &str, what: &str, example: impl FnOnce() -> String) {
        let known = self.findings.iter().position(|finding| finding.what == what && finding.place == place);
        let at = known.unwrap_or(self.findings.len());
        if known.is_none() {
            let (place, what) = (place.to_owned(), what.to_owned());
            self.findings.push(Finding { place, what, count: 0, examples: Vec::new() });
        }
        let finding = &mut self.findings[at];
        finding.count += 1;
        if finding.examples.len() < EXAMPLES {
            finding.examples.push(example());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cases_are_counted_and_the_first_few_kept() {
        let mut report = CheckReport::default();
        for n in 0..100 {
            report.add("main.db", "odd", || n.to_string());
        }
        report.add("open.db", "odd", || "key 1".to_owned());
        let told: Vec<_> = report.findings.iter().map(|finding| (finding.count, finding.examples.len())).collect();
        assert_eq!(told, [(100, EXAMPLES), (1, 1)]);
    }
}
