//! What takes everybody: the zone, and whether a second account gives the first away.

use model::analysis::bootstrap::{Drawings, around};
use model::analysis::inferable::inferable;
use model::analysis::offset::{Offset, Prior};
use model::analysis::portrait::Portrait;
use model::analysis::record::Trace;
use model::analysis::summer_time::Clocks;
use model::crowd::found_again as crowd;
use model::day::Day;
use model::slot::SlotTime;
use model::validation::number::Held;
use model::validation::{Outcome, Quantity, Reading};
use model::words::Tier;
use model::zone::ZoneTable;

use super::{ROUND, number, plain};
use crate::validate::everybody::Everybody;
use crate::validate::subject::Subject;
use crate::validate::table::Reason;

const STANDARD: &str = "the standard time of where they lived longest, to the nearest hour";

static OFFSET: Quantity = number("offset", "h", STANDARD, 1.0);
static WEIGHT: Quantity = plain("weight", "", "the weight of the first offset, and whether it is the right one");
static SURE: Quantity = plain("sure", "", "the first offset is right; said where the page is sure");
static CLOCKS: Quantity = plain("clocks", "", "the clocks that are told are those of where they lived longest");

/// The zone, weighed by where French is spoken, as on a French site: not by where these people live.
pub(in super::super) fn time_zone(
    subject: &Subject,
    _: &Portrait,
    everybody: &Everybody,
) -> Result<Vec<Reading>, Reason> {
    let reference = everybody.population.time_zone.as_ref().ok_or(Reason("few people"))?;
    let trace: &Trace = subject.trace.as_ref().ok_or(Reason("never seen"))?;
    let drawings = Drawings::of_seed(subject.seed);
    let (first, days) = (trace.fine(), trace.slots());
    inferable(trace, Tier::Slots)?;
    let found = model::analysis::time_zone::time_zone(first, days, reference, &Prior::french(), drawings)?.value;
    let Some(said) = found.offsets.first() else { return Ok(Vec::new()) };
    let truth = Offset::standard(&subject.zone, first.plus(days.len() as i32));
    let error = around(f64::from(said.offset.hours()) - f64::from(truth.hours()), ROUND);
    let right = said.offset == truth;
    let held = Held { inside: found.support.contains(&truth), width: found.support.len() as f64 };
    let reading = |quantity, outcome| Reading { quantity, outcome };
    let mut readings = vec![
        reading(&OFFSET, Outcome::Number { error, interval: Some(held) }),
        reading(&WEIGHT, Outcome::Claimed { chance: said.weight.clamp(0.0, 1.0), held: right }),
        reading(&SURE, Outcome::Detected { score: said.weight, said: found.is_sure, truth: right }),
    ];
    let told = found.summer_time.and_then(|told| told.clocks);
    let clocks = clocks(&subject.zone, first, first.plus(days.len() as i32));
    readings.extend(told.map(|told| reading(&CLOCKS, Outcome::Right(Some(told) == clocks))));
    Ok(readings)
}

fn offsets(zone: &ZoneTable, first: Day, until: Day) -> impl Iterator<Item = i32> {
    first.until(until).map(|day| zone.offset_at(SlotTime::at(day, 144).unix()))
}

/// The clocks of a zone; nothing of others than the three that are told apart, as of the southern summer's.
fn clocks(zone: &ZoneTable, first: Day, until: Day) -> Option<Clocks> {
    let least = offsets(zone, first, until).min()?;
    let follows = |clocks: &Clocks| {
        first.until(until).zip(offsets(zone, first, until)).all(|(day, offset)| {
            // On the day of a change noon is after it.
            usize::from(offset > least) == clocks.ahead(day)
        })
    };
    Clocks::ALL.into_iter().find(follows)
}

static SECOND: Quantity =
    Quantity { id: "second-account", unit: "", against: "the first account of the same person", fails_over: 10.0 };

/// Sizes of the crowds in which the other account is looked for, beside that of all.
const SIZES: [usize; 2] = [100, 1_000];

/// Where the other account of somebody stands by the hidden weeks of this one, in crowds of some sizes. This one is in none of them.
pub(in super::super) fn found_again(
    subject: &Subject,
    _: &Portrait,
    everybody: &Everybody,
) -> Result<Vec<Reading>, Reason> {
    let other = subject.truth.other.as_ref().and_then(|other| everybody.account(other));
    let ((other, known), own) = other.zip(subject.key).ok_or(Reason("the other was never seen"))?;
    let mut readings = Vec::new();
    // Some of a crowd are not there in the known weeks: sizes are of all accounts, so that they can be compared.
    let mut look = |index: &_, size: usize| -> Result<(), Reason> {
        let rank = crowd::found_again(index, known, &subject.weeks, Some(other))?.value.rank;
        readings.push(Reading { quantity: &SECOND, outcome: Outcome::Rank { rank, among: size as u32 } });
        Ok(())
    };
    for size in SIZES.into_iter().filter(|size| *size + 1 < everybody.accounts()) {
        let seed = subject.seed.wrapping_add(size as u64) ^ u64::from(own.0) << 20;
        if let Some(index) = everybody.some(size, (other, own), seed) {
            look(&index, size)?;
        }
    }
    look(&everybody.all_without(own), everybody.accounts() - 1)?;
    Ok(readings)
}
