//! Many cases of one inference, scored.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::detection::Detection;
use super::number::{Errors, Held, Intervals, Spread};
use super::ranks::{Recall, recalls};
use super::reliability::Reliability;
use super::share::Share;
use super::{Answer, Case, Outcome, Quantity};

/// What is reported of an inference.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Score {
    /// Accounts of whom there is a truth to hold it against.
    pub asked: u32,
    /// How often it gave no answer.
    pub refused: Option<Share>,
    /// Why, most often first.
    pub reasons: Vec<Reason>,
    /// Of accounts that it cannot be about (a screen, a program), how often it answered all the same.
    pub answered_without_truth: Option<Share>,
    /// What it told, quantity by quantity.
    pub quantities: Vec<QuantityScore>,
}

/// A reason for no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Reason {
    /// Its name.
    pub reason: &'static str,
    /// How often.
    pub count: u32,
}

/// One quantity.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct QuantityScore {
    /// Which.
    #[serde(flatten)]
    pub quantity: Quantity,
    /// How it came out.
    #[serde(flatten)]
    pub measure: Measure,
    /// By what people are, those of whom it fails most often first. Groups without a reading are left out.
    pub groups: Vec<GroupScore>,
}

/// How a quantity came out, by what it is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "measure", rename_all = "snake_case")]
pub enum Measure {
    /// Numbers.
    Number {
        /// How far off.
        errors: Errors,
        /// What their intervals are worth, where they have any.
        intervals: Option<Intervals>,
    },
    /// Yes and no.
    Detection(Detection),
    /// Right and wrong.
    Right {
        /// How often it is right.
        right: Share,
    },
    /// Claimed chances.
    Reliability(Reliability),
    /// Ranks.
    Ranks {
        /// By size of the crowd.
        recall: Vec<Recall>,
    },
    /// Values without a truth.
    Spread(Spread),
}

/// What it is worth of some people.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct GroupScore {
    /// What they are.
    pub group: &'static str,
    /// How often it fails.
    pub failed: Share,
    /// Of numbers the median of the absolute errors, of values the median.
    pub median: Option<f64>,
}

/// Scores the cases of one inference.
pub fn score(cases: &[Case]) -> Score {
    let (with, without): (Vec<&Case>, Vec<&Case>) = cases.iter().partition(|case| case.has_truth);
    let is_refused = |case: &&Case| matches!(case.answer, Answer::Refused(_));
    let mut reasons: BTreeMap<&'static str, u32> = BTreeMap::new();
    let mut found: BTreeMap<&'static str, Vec<(&Quantity, &Case, Outcome)>> = BTreeMap::new();
    let mut order: Vec<&'static str> = Vec::new();
    for case in &with {
        match &case.answer {
            Answer::Refused(reason) => *reasons.entry(reason).or_default() += 1,
            Answer::Found(readings) => {
                for reading in readings {
                    if !order.contains(&reading.quantity.id) {
                        order.push(reading.quantity.id);
                    }
                    found.entry(reading.quantity.id).or_default().push((reading.quantity, case, reading.outcome));
                }
            }
        }
    }
    let mut reasons: Vec<Reason> = reasons.into_iter().map(|(reason, count)| Reason { reason, count }).collect();
    reasons.sort_by_key(|reason| (std::cmp::Reverse(reason.count), reason.reason));
    Score {
        asked: with.len() as u32,
        refused: Share::of(with.iter().map(is_refused)),
        reasons,
        answered_without_truth: Share::of(without.iter().map(|case| !is_refused(case))),
        quantities: order.iter().filter_map(|id| quantity(found.get(id)?)).collect(),
    }
}

/// The readings of one quantity.
fn quantity(readings: &[(&Quantity, &Case, Outcome)]) -> Option<QuantityScore> {
    let (quantity, _, _) = *readings.first()?;
    let outcomes = || readings.iter().map(|(_, _, outcome)| *outcome);
    let mut groups: BTreeMap<&'static str, Vec<Outcome>> = BTreeMap::new();
    for (_, case, outcome) in readings {
        for group in &case.groups {
            groups.entry(group).or_default().push(*outcome);
        }
    }
    let group = |(group, outcomes): (&'static str, Vec<Outcome>)| {
        let failed = Share::of(outcomes.iter().map(|outcome| outcome.is_failure(quantity)))?;
        let median = match measure(outcomes.into_iter()) {
            Some(Measure::Number { errors, .. }) => Some(errors.median),
            Some(Measure::Spread(spread)) => Some(spread.median),
            _ => None,
        };
        Some(GroupScore { group, failed, median })
    };
    let mut groups: Vec<GroupScore> = groups.into_iter().filter_map(group).collect();
    groups.sort_by(|a, b| b.failed.share.total_cmp(&a.failed.share).then(a.group.cmp(b.group)));
    Some(QuantityScore { quantity: *quantity, measure: measure(outcomes())?, groups })
}

/// What outcomes of one kind come to: of the kind that the first one has. Nothing of none.
fn measure(outcomes: impl Iterator<Item = Outcome> + Clone) -> Option<Measure> {
    match outcomes.clone().next()? {
        Outcome::Number { .. } => {
            let numbers = outcomes.filter_map(|outcome| match outcome {
                Outcome::Number { error, interval } => Some((error, interval)),
                _ => None,
            });
            let held: Vec<Held> = numbers.clone().filter_map(|(_, interval)| interval).collect();
            Some(Measure::Number {
                errors: Errors::of(numbers.map(|(error, _)| error))?,
                intervals: Intervals::of(&held),
            })
        }
        Outcome::Detected { .. } => {
            let detected = outcomes.filter_map(|outcome| match outcome {
                Outcome::Detected { score, said, truth } => Some((score, said, truth)),
                _ => None,
            });
            Some(Measure::Detection(Detection::of(&detected.collect::<Vec<_>>())))
        }
        Outcome::Right(_) => {
            Share::of(outcomes.map(|outcome| outcome == Outcome::Right(true))).map(|right| Measure::Right { right })
        }
        Outcome::Claimed { .. } => {
            let claims = outcomes.filter_map(|outcome| match outcome {
                Outcome::Claimed { chance, held } => Some((chance, held)),
                _ => None,
            });
            Reliability::of(claims).map(Measure::Reliability)
        }
        Outcome::Rank { .. } => {
            let ranks = outcomes.filter_map(|outcome| match outcome {
                Outcome::Rank { rank, among } => Some((rank, among)),
                _ => None,
            });
            Some(Measure::Ranks { recall: recalls(&ranks.collect::<Vec<_>>()) })
        }
        Outcome::Value(_) => {
            let values = outcomes.filter_map(|outcome| match outcome {
                Outcome::Value(value) => Some(value),
                _ => None,
            });
            Spread::of(values).map(Measure::Spread)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Reading;
    use super::*;

    const FROM: Quantity = Quantity { id: "from", unit: "h", against: "the true one", fails_over: 2.0 };
    const AWAKE: Quantity = Quantity { id: "awake", unit: "", against: "the truth", fails_over: 0.0 };

    fn number(groups: &[&'static str], error: f64, inside: bool) -> Case {
        let interval = Some(Held { inside, width: 1.0 });
        let number = Reading { quantity: &FROM, outcome: Outcome::Number { error, interval } };
        let value = Reading { quantity: &AWAKE, outcome: Outcome::Right(error < 1.0) };
        Case { groups: groups.to_vec(), has_truth: true, answer: Answer::Found(vec![number, value]) }
    }

    fn refused(reason: &'static str, has_truth: bool) -> Case {
        Case { groups: vec!["nobody"], has_truth, answer: Answer::Refused(reason) }
    }

    #[test]
    fn answers_refusals_and_failures_are_told_apart() {
        let cases = [
            number(&["worker"], 0.5, true),
            number(&["worker", "moved"], -3.0, false),
            number(&["student"], 1.5, true),
            refused("few days", true),
            refused("always on", false),
            Case { has_truth: false, ..number(&["screen"], 9.0, false) },
        ];
        let found = score(&cases);
        assert_eq!((found.asked, found.refused.unwrap().count), (4, 1));
        assert_eq!(found.reasons, [Reason { reason: "few days", count: 1 }]);
        assert_eq!(found.answered_without_truth.unwrap().share, 0.5);
        let [from, awake] = &found.quantities[..] else { panic!("{found:?}") };
        let Measure::Number { errors, intervals } = &from.measure else { panic!("{from:?}") };
        assert_eq!((errors.count, errors.median, intervals.unwrap().coverage.count), (3, 1.5, 2));
        let groups: Vec<(&str, u32, u32)> =
            from.groups.iter().map(|group| (group.group, group.failed.count, group.failed.of)).collect();
        assert_eq!(groups, [("moved", 1, 1), ("worker", 1, 2), ("student", 0, 1)]);
        assert!(matches!(awake.measure, Measure::Right { right } if right.count == 2));
        assert_eq!(score(&[]).refused, None);
    }
}
