//! The retention of many broadcasts as one curve.

use serde::{Deserialize, Serialize};

use super::retention::{Retention, STEPS_MAX, Still};
use crate::aggregate::FEW;
use crate::analysis::Method;
use crate::words::Tier;

/// What the curve and each broadcast's retention are worked out by.
pub const METHOD: Method = Method::new("retention", 2, Tier::Slots);

/// A step is told of so many broadcasts or more: of fewer, one evening would be the curve.
pub const BROADCASTS_NEEDED: u32 = 3;
/// What a count that is not told (0 to 9) is taken for: its middle.
const FEW_TAKEN: f64 = 4.5;

/// The first hours of many broadcasts, and who of them was there later.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Curve {
    /// Broadcasts.
    pub broadcasts: u32,
    /// By quarter of an hour after the first hour, as far as any broadcast went.
    pub steps: Vec<Step>,
}

/// A quarter of an hour of many broadcasts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Broadcasts that went so far and of which lists are complete.
    pub broadcasts: u32,
    /// Of them those in which under ten were left.
    pub few: u32,
    /// Σ chatters of their first hours.
    pub cohort: u64,
    /// Σ of them who were there, in those with ten or more.
    pub people: u64,
}

impl Step {
    /// The share of the first hour's chatters who were there, 0–1; nothing with fewer than [`BROADCASTS_NEEDED`] broadcasts, nor where it may be wrong
    /// by more than half of itself.
    ///
    /// Counts under ten, which nobody kept, are taken for four and a half, so that it is wrong by 4.5 × `few` / `cohort` at most.
    pub fn share(self) -> Option<f64> {
        let guessed = FEW_TAKEN * f64::from(self.few);
        let people = self.people as f64 + guessed;
        let told = self.broadcasts >= BROADCASTS_NEEDED && self.cohort >= FEW && 2.0 * guessed <= people;
        told.then(|| (people / self.cohort as f64).clamp(0.0, 1.0))
    }

    /// How far [`Step::share`] may be off for the counts that were not kept.
    pub fn error(self) -> f64 {
        if self.cohort == 0 { 0.0 } else { FEW_TAKEN * f64::from(self.few) / self.cohort as f64 }
    }
}

/// The curve of these broadcasts, in any order.
pub fn curve<'a>(broadcasts: impl IntoIterator<Item = &'a Retention>) -> Curve {
    let mut curve = Curve::default();
    for broadcast in broadcasts {
        curve.broadcasts = curve.broadcasts.saturating_add(1);
        let steps = broadcast.still.len().min(STEPS_MAX as usize);
        if curve.steps.len() < steps {
            curve.steps.resize(steps, Step::default());
        }
        for (step, still) in curve.steps.iter_mut().zip(&broadcast.still) {
            let people = match still {
                Still::Unknown => continue,
                Still::Few => 0,
                Still::People(people) => *people,
            };
            step.broadcasts += 1;
            step.few += u32::from(*still == Still::Few);
            step.cohort += u64::from(broadcast.cohort);
            step.people += u64::from(people);
        }
    }
    curve
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::slot::SlotTime;

    fn broadcast(cohort: u32, still: &[Still]) -> Retention {
        let start = SlotTime::at("2026-11-22".parse().unwrap(), 200);
        Retention { start, slots: 24, cohort, still: still.to_vec() }
    }

    #[test]
    fn broadcasts_count_by_their_people_and_unknown_steps_do_not() {
        let all = [
            broadcast(100, &[Still::People(80), Still::People(40), Still::Unknown]),
            broadcast(60, &[Still::People(40), Still::Few]),
            broadcast(40, &[Still::People(40), Still::People(14), Still::People(20), Still::People(10)]),
        ];
        let found = curve(&all);
        assert_eq!((found.broadcasts, found.steps.len()), (3, 4));
        assert_eq!(found.steps[0].share(), Some(0.8));
        // 40 + 4.5 + 14 of 200.
        let second = found.steps[1];
        assert!((second.share().unwrap() - 0.2925).abs() < 1e-12 && (second.error() - 0.0225).abs() < 1e-12);
        assert_eq!((found.steps[2].broadcasts, found.steps[2].share(), found.steps[3].share()), (1, None, None));
        // What is left is guessed for the most part: 4.5 twice beside 14 is told, beside 8 it would not be.
        let of = |people| Step { broadcasts: 3, few: 2, cohort: 200, people };
        assert_eq!((of(9).share(), of(8).share(), of(0).share()), (Some(0.09), None, None));
        assert_eq!(curve([]), Curve::default());
        assert_eq!((Step::default().share(), Step::default().error()), (None, 0.0));
    }

    #[test]
    fn hostile_counts_stay_shares() {
        let all = [u32::MAX; 3].map(|cohort| broadcast(cohort, &[Still::People(u32::MAX); 100]));
        let found = curve(&all);
        assert_eq!((found.steps.len(), found.steps[47].share()), (48, Some(1.0)));
    }
}
