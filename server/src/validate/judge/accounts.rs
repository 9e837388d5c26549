//! Accounts: what they like, and whether anybody is behind them.

use model::analysis::bootstrap::Drawings;
use model::analysis::portrait::Portrait;
use model::analysis::record::Trace;
use model::analysis::tastes::Lift;
use model::analysis::{offline, tastes};
use model::coverage::PersonCoverage;
use model::identity::ChannelKey;
use model::statistics::overlap::is_bot;
use model::validation::{Outcome, Quantity, Reading};
use simulator::population::PersonKind;

use super::{line, number, plain};
use crate::validate::everybody::Everybody;
use crate::validate::subject::Subject;
use crate::validate::table::Reason;

static FAVOURITE: Quantity = plain("a-favourite", "", "the channel watched most is one of those that they like");
static DEAREST: Quantity = plain("the-dearest", "", "the channel watched most is the one that they like best");

/// What they watch most.
pub(in super::super) fn favourites(
    subject: &Subject,
    portrait: &Portrait,
    _: &Everybody,
) -> Result<Vec<Reading>, Reason> {
    let found = &portrait.favourites.as_ref().map_err(|refused| *refused)?.value;
    let Some(first) = found.channels.first().and_then(|channel| subject.names.get(&channel.key)) else {
        return Ok(Vec::new());
    };
    let right = |quantity, right| Reading { quantity, outcome: Outcome::Right(right) };
    let likes = &subject.truth.favourites;
    Ok(vec![right(&FAVOURITE, likes.contains(first)), right(&DEAREST, likes.first() == Some(first))])
}

static LIFT_COMPLETE: Quantity =
    number("lift-complete", "", "the same share of time on three times the days, without a gap", 1.0);
static TASTE: Quantity = plain("a-taste", "", "the channel that stands out most is one of those that they like");

/// What they watch more than others do.
pub(in super::super) fn tastes(subject: &Subject, _: &Portrait, everybody: &Everybody) -> Result<Vec<Reading>, Reason> {
    let trace = subject.trace.as_ref().ok_or(Reason("never seen"))?;
    let found = tastes::tastes(trace, &everybody.population, Drawings::of_seed(subject.seed))?.value;
    let lifts = &found.channels.lifts;
    let name = |lift: &Lift<ChannelKey>| subject.names.get(&lift.key);
    let stands_out = lifts.first().filter(|lift| lift.is_more()).and_then(name);
    let likes = |channel| Outcome::Right(subject.truth.favourites.contains(channel));
    let mut readings: Vec<Reading> =
        stands_out.map(|channel| Reading { quantity: &TASTE, outcome: likes(channel) }).into_iter().collect();
    // Of the channel watched most: whatever stands out most does so by chance too.
    let most = lifts.iter().max_by(|a, b| a.share.total_cmp(&b.share));
    let share = most.and_then(name).and_then(|channel| subject.shares.get(channel));
    readings.extend(most.zip(share).map(|(most, share)| line(&LIFT_COMPLETE, most.lift, share / most.usual)));
    Ok(readings)
}

static ALWAYS_ON: Quantity = plain("always-on", "", "a screen that hardly ever goes off; bots are not asked about");

/// Whether the account is always on.
pub(in super::super) fn always_on(subject: &Subject, _: &Portrait, _: &Everybody) -> Result<Vec<Reading>, Reason> {
    let slots = subject.trace.iter().flat_map(Trace::slots);
    let seen: Vec<PersonCoverage> = slots.map(|day| day.coverage).collect();
    if seen.is_empty() {
        return Err(Reason("few days"));
    }
    let said = offline::always_on(&seen).is_err();
    let truth = subject.truth.kind == PersonKind::AlwaysOn;
    let outcome = Outcome::Detected { score: f64::from(u8::from(said)), said, truth };
    Ok(vec![Reading { quantity: &ALWAYS_ON, outcome }])
}

static BOT: Quantity =
    plain("bot", "", "a program in many chats; said where two of its last seven active days are flagged");
/// Whether the import takes the account for a bot.
pub(in super::super) fn bot(subject: &Subject, _: &Portrait, _: &Everybody) -> Result<Vec<Reading>, Reason> {
    if subject.bot_days.is_empty() {
        return Err(Reason("few days"));
    }
    let said = is_bot(subject.bot_days.iter().copied());
    let truth = subject.truth.kind == PersonKind::Bot;
    let outcome = Outcome::Detected { score: f64::from(u8::from(said)), said, truth };
    Ok(vec![Reading { quantity: &BOT, outcome }])
}
