//! Nights: the window offline and the chronotype, against true sleep.

use model::analysis::portrait::Portrait;
use model::validation::{Quantity, Reading};

use super::{COMPLETE, HOURS, alone, clock, line, number};
use crate::validate::everybody::Everybody;
use crate::validate::subject::Subject;
use crate::validate::table::Reason;

const fn hours(id: &'static str, against: &'static str) -> Quantity {
    number(id, "h", against, HOURS)
}

static FROM: Quantity = hours("from", "when they fall asleep, the median of true nights at home and well");
static TO: Quantity = hours("to", "when they get up, likewise");
static MIDDLE: Quantity = hours("middle", "the middle of their sleep, likewise");
static LENGTH: Quantity = hours("length", "how long they sleep, likewise");
static FROM_COMPLETE: Quantity = hours("from-complete", COMPLETE);
static TO_COMPLETE: Quantity = hours("to-complete", COMPLETE);

/// The window offline.
pub(in super::super) fn offline(subject: &Subject, portrait: &Portrait, _: &Everybody) -> Result<Vec<Reading>, Reason> {
    let found = &portrait.offline.as_ref().map_err(|refused| *refused)?.value;
    let mut readings = Vec::new();
    if let Some(usual) = subject.usual {
        readings.extend([
            clock(&FROM, found.from, usual.from),
            clock(&TO, found.to, usual.to),
            clock(&MIDDLE, alone(found.middle()), usual.middle),
            line(&LENGTH, alone(found.hours()), usual.hours),
        ]);
    }
    if let Some(Ok(complete)) = subject.complete.as_ref().map(|complete| &complete.offline) {
        readings.push(clock(&FROM_COMPLETE, found.from, complete.value.from.value));
        readings.push(clock(&TO_COMPLETE, found.to, complete.value.to.value));
    }
    Ok(readings)
}

static MSW: Quantity = hours("msw", "the middle of true sleep before their own days of work");
static MSF: Quantity = hours("msf", "the same before their own free days");
static MSF_SC: Quantity = hours("msf-sc", "MSFsc of true sleep");
static SOCIAL_JETLAG: Quantity = hours("social-jetlag", "social jetlag of true sleep");
static MSW_COMPLETE: Quantity = hours("msw-complete", COMPLETE);
static MSF_COMPLETE: Quantity = hours("msf-complete", COMPLETE);
static MSF_SC_COMPLETE: Quantity = hours("msf-sc-complete", COMPLETE);
static JETLAG_COMPLETE: Quantity = hours("jetlag-complete", COMPLETE);

/// The chronotype.
pub(in super::super) fn chronotype(
    subject: &Subject,
    portrait: &Portrait,
    _: &Everybody,
) -> Result<Vec<Reading>, Reason> {
    let found = &portrait.chronotype.as_ref().map_err(|refused| *refused)?.value;
    let mut readings = Vec::new();
    if let Some(truth) = subject.chronotype {
        readings.extend([
            clock(&MSW, found.workdays, truth.workdays),
            clock(&MSF, found.free_days, truth.free_days),
            clock(&MSF_SC, found.corrected, truth.corrected),
            line(&SOCIAL_JETLAG, found.social_jetlag, truth.social_jetlag),
        ]);
    }
    if let Some(Ok(complete)) = subject.complete.as_ref().map(|complete| &complete.chronotype) {
        readings.push(clock(&MSW_COMPLETE, found.workdays, complete.value.workdays.value));
        readings.push(clock(&MSF_COMPLETE, found.free_days, complete.value.free_days.value));
        readings.push(clock(&MSF_SC_COMPLETE, found.corrected, complete.value.corrected.value));
        readings.push(line(&JETLAG_COMPLETE, found.social_jetlag, complete.value.social_jetlag.value));
    }
    Ok(readings)
}
