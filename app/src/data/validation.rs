//! How good inferences are: the report that `vigie validate --json` printed, as pages read it.

use std::sync::LazyLock;

use model::day::Day;
use model::validation::number::Spread;
use model::validation::score::Measure;
use model::validation::share::Share;
use serde::Deserialize;

/// The report of the methods as they are, made anew when one of them changes: its command is on the page.
const REPORT: &str = include_str!("../../validation.json");
/// The shape that is understood.
const FORMAT: u16 = 1;

/// A validation.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub(crate) struct Report {
    format: u16,
    pub(crate) seed: u64,
    pub(crate) people: u32,
    pub(crate) from: Day,
    /// The day after the last.
    pub(crate) until: Day,
    pub(crate) families: Vec<Family>,
}

/// A family of invented people.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub(crate) struct Family {
    /// `a`, which methods are tuned on, or `b`.
    #[serde(rename = "family")]
    pub(crate) name: String,
    pub(crate) accounts: u32,
    pub(crate) zones: u32,
    pub(crate) known: Option<Spread>,
    pub(crate) inferences: Vec<Inference>,
}

/// An inference.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub(crate) struct Inference {
    pub(crate) id: String,
    pub(crate) asked: u32,
    pub(crate) refused: Option<Share>,
    pub(crate) reasons: Vec<Reason>,
    pub(crate) answered_without_truth: Option<Share>,
    pub(crate) quantities: Vec<Quantity>,
}

/// Why there was no answer.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct Reason {
    pub(crate) reason: String,
    pub(crate) count: u32,
}

/// A quantity that was told.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub(crate) struct Quantity {
    pub(crate) id: String,
    pub(crate) unit: String,
    #[serde(flatten)]
    pub(crate) measure: Measure,
    pub(crate) groups: Vec<Group>,
}

/// How often it failed of some people.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub(crate) struct Group {
    pub(crate) group: String,
    pub(crate) failed: Share,
}

/// The report; nothing where the file is not one, which a test rules out.
pub(crate) fn report() -> Option<&'static Report> {
    static READ: LazyLock<Option<Report>> =
        LazyLock::new(|| serde_json::from_str::<Report>(REPORT).ok().filter(|report| report.format == FORMAT));
    READ.as_ref()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_report_is_of_both_families_and_of_as_many_as_is_said() {
        let report = report().unwrap();
        let families: Vec<&str> = report.families.iter().map(|family| family.name.as_str()).collect();
        assert_eq!(families, ["a", "b"]);
        assert!(report.people >= 5_000 && report.until.days() - report.from.days() >= 120);
        assert!(report.families.iter().all(|family| family.zones >= 6 && family.inferences.len() >= 11));
    }
}
