//! What a validation prints as JSON. `docs/validation.md` explains each figure.

use std::collections::BTreeMap;

use model::analysis::record::Trace;
use model::day::Day;
use model::slot::SLOTS_PER_DAY;
use model::validation::number::Spread;
use model::validation::score::Score;
use serde::Serialize;
use simulator::population::{Family, PersonKind};

use super::subject::Subject;

/// The shape of the report: raised when a field goes or means something else.
pub const FORMAT: u16 = 1;

/// A validation.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Report {
    /// [`FORMAT`].
    pub format: u16,
    /// The version of the invented populations.
    pub populations: u16,
    /// The seed.
    pub seed: u64,
    /// People of each family, screens and programs among them.
    pub people: u32,
    /// Channels.
    pub channels: u32,
    /// The first UTC day.
    pub from: Day,
    /// The day after the last.
    pub until: Day,
    /// The share of the truth that intervals promise to hold, 0–1.
    pub level: f64,
    /// By family.
    pub families: Vec<FamilyReport>,
}

/// One family.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FamilyReport {
    /// Which.
    pub family: Family,
    /// Who they are, and what is known of them.
    #[serde(flatten)]
    pub facts: Facts,
    /// By inference.
    pub inferences: Vec<InferenceReport>,
}

/// Figures of a family.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Facts {
    /// Accounts, second ones among them.
    pub accounts: u32,
    /// Of them those that the store has seen.
    pub seen: u32,
    /// Rows of chatters that were imported.
    pub observations: u64,
    /// Accounts by kind.
    pub kinds: BTreeMap<PersonKind, u32>,
    /// Different zones that they live in.
    pub zones: u32,
    /// Of all slots of somebody who was seen, the share that is known, 0–1.
    pub known: Option<Spread>,
    /// Days with presence.
    pub active_days: Option<Spread>,
}

/// One inference.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct InferenceReport {
    /// What `docs/analysis.md` calls it.
    pub id: &'static str,
    /// How it came out.
    #[serde(flatten)]
    pub score: Score,
}

impl Facts {
    pub(super) fn of(subjects: &[Subject], observations: u64) -> Facts {
        let traces = || subjects.iter().filter_map(|subject| subject.trace.as_ref());
        let known = |trace: &Trace| {
            let slots = trace.slots().iter().map(|day| day.coverage.known().len());
            let all = trace.slots().len() as f64 * f64::from(SLOTS_PER_DAY);
            slots.map(f64::from).sum::<f64>() / all
        };
        let active = |trace: &Trace| trace.slots().iter().filter(|day| !day.coverage.present.is_empty()).count() as f64;
        let mut kinds: BTreeMap<PersonKind, u32> = BTreeMap::new();
        for subject in subjects {
            *kinds.entry(subject.truth.kind).or_default() += 1;
        }
        let mut zones: Vec<&str> =
            subjects.iter().flat_map(|subject| &subject.truth.zones).map(|stay| stay.zone.as_str()).collect();
        zones.sort_unstable();
        zones.dedup();
        Facts {
            accounts: subjects.len() as u32,
            seen: traces().count() as u32,
            observations,
            kinds,
            zones: zones.len() as u32,
            known: Spread::of(traces().map(known)),
            active_days: Spread::of(traces().map(active)),
        }
    }
}
