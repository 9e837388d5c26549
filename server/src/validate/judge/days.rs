//! Days: work, regularity, predictability.

use model::analysis::bootstrap::Estimate;
use model::analysis::portrait::Portrait;
use model::validation::{Outcome, Quantity, Reading};
use simulator::truth::person::WorkTruth;

use super::{COMPLETE, HOURS, clock, line, number, plain, value};
use crate::validate::everybody::Everybody;
use crate::validate::subject::Subject;
use crate::validate::table::Reason;

/// Of numbers from 0 to 1: how far one may be off.
const TENTH: f64 = 0.1;
/// Workdays of the week on which somebody works who has a work rhythm.
const WORKDAYS: u32 = 4;

static OFFICE: Quantity = plain(
    "office-ratio",
    "",
    "works or has lessons by day on four or five of Monday to Friday; said where the ratio is under 1",
);
static OFFICE_SURE: Quantity = plain("office-sure", "", "the same; said where all of the ratio's interval is under 1");
static OFFICE_COMPLETE: Quantity = number("office-ratio-complete", "", COMPLETE, TENTH);
static DIVERGENCE: Quantity = plain("divergence", "bit", "nothing: how it lies");
static DIVERGENCE_COMPLETE: Quantity = number("divergence-complete", "bit", COMPLETE, TENTH);

/// Workdays against free days.
pub(in super::super) fn rhythm(subject: &Subject, portrait: &Portrait, _: &Everybody) -> Result<Vec<Reading>, Reason> {
    let found = &portrait.rhythm.as_ref().map_err(|refused| *refused)?.value;
    let by_day = subject.truth.work.filter(WorkTruth::is_by_day);
    let truth = by_day.is_some_and(|work| (work.days & 0b001_1111).count_ones() >= WORKDAYS);
    let mut readings = vec![value(&DIVERGENCE, found.divergence.value)];
    if let Some(Estimate { value: ratio, interval }) = found.office_ratio {
        let told = |quantity, said| Reading { quantity, outcome: Outcome::Detected { score: -ratio, said, truth } };
        readings.push(told(&OFFICE, ratio < 1.0));
        readings.extend(interval.map(|held| told(&OFFICE_SURE, held.to < 1.0)));
    }
    if let Some(Ok(complete)) = subject.complete.as_ref().map(|complete| &complete.rhythm) {
        let ratios = found.office_ratio.zip(complete.value.office_ratio);
        readings.extend(ratios.map(|(ratio, complete)| line(&OFFICE_COMPLETE, ratio, complete.value)));
        readings.push(line(&DIVERGENCE_COMPLETE, found.divergence, complete.value.divergence.value));
    }
    Ok(readings)
}

static STABILITY: Quantity = number("is-complete", "", COMPLETE, TENTH);
static VARIABILITY: Quantity = number("iv-complete", "", COMPLETE, 2.0 * TENTH);
static AMPLITUDE: Quantity = number("ra-complete", "", COMPLETE, TENTH);
static LEAST_FROM: Quantity = number("l5-complete", "h", COMPLETE, HOURS);
static MOST_FROM: Quantity = number("m10-complete", "h", COMPLETE, HOURS);

/// Regularity of hours.
pub(in super::super) fn circadian(
    subject: &Subject,
    portrait: &Portrait,
    _: &Everybody,
) -> Result<Vec<Reading>, Reason> {
    let found = &portrait.circadian.as_ref().map_err(|refused| *refused)?.value;
    let Some(Ok(complete)) = subject.complete.as_ref().map(|complete| &complete.circadian) else {
        return Ok(Vec::new());
    };
    let complete = &complete.value;
    Ok(vec![
        line(&STABILITY, found.stability, complete.stability.value),
        line(&VARIABILITY, found.variability, complete.variability.value),
        line(&AMPLITUDE, found.amplitude, complete.amplitude.value),
        clock(&LEAST_FROM, found.least_from, complete.least_from.value),
        clock(&MOST_FROM, found.most_from, complete.most_from.value),
    ])
}

static REGULARITY: Quantity = number("sri-complete", "", COMPLETE, 10.0);

/// The sleep regularity index.
pub(in super::super) fn sleep_regularity(
    subject: &Subject,
    portrait: &Portrait,
    _: &Everybody,
) -> Result<Vec<Reading>, Reason> {
    let found = portrait.sleep_regularity.as_ref().map_err(|refused| *refused)?.value.index;
    let complete = subject.complete.as_ref().and_then(|complete| complete.sleep_regularity.as_ref().ok());
    Ok(complete.map(|complete| line(&REGULARITY, found, complete.value.index.value)).into_iter().collect())
}

static BOUND: Quantity = plain("bound", "", "nothing: how it lies");
static ENTROPY: Quantity = plain("entropy", "bit/h", "nothing: how it lies");
static BOUND_COMPLETE: Quantity = number("bound-complete", "", COMPLETE, TENTH);
static ENTROPY_COMPLETE: Quantity = number("entropy-complete", "bit/h", COMPLETE, 2.0 * TENTH);

/// How well they could be foretold.
pub(in super::super) fn predictability(
    subject: &Subject,
    portrait: &Portrait,
    _: &Everybody,
) -> Result<Vec<Reading>, Reason> {
    let found = &portrait.predictability.as_ref().map_err(|refused| *refused)?.value;
    let mut readings = vec![value(&BOUND, found.bound.value), value(&ENTROPY, found.entropy.value)];
    if let Some(Ok(complete)) = subject.complete.as_ref().map(|complete| &complete.predictability) {
        readings.push(line(&BOUND_COMPLETE, found.bound, complete.value.bound.value));
        readings.push(line(&ENTROPY_COMPLETE, found.entropy, complete.value.entropy.value));
    }
    Ok(readings)
}
