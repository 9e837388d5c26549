//! What they watch next: a forecast of the week after the days that are held, against what came.

use model::analysis::Refused;
use model::analysis::bootstrap::Drawings;
use model::analysis::history::History;
use model::analysis::inferable::inferable;
use model::analysis::next::{AHEAD, Next, next};
use model::analysis::portrait::Portrait;
use model::analysis::record::{Record, Trace};
use model::login::Login;
use model::validation::{Outcome, Quantity, Reading};
use model::words::Tier;
use model::zone::ZoneTable;

use super::plain;
use crate::validate::everybody::Everybody;
use crate::validate::subject::Subject;
use crate::validate::table::Reason;

const HOURS: usize = 24;

static HOUR: Quantity = plain("next-hour", "", "the first hour online after the days held, by complete knowledge");
static HOURS_TOLD: Quantity = plain("next-hours", "", "it is one of the three hours that are told");
static CHANNEL: Quantity = plain("next-channel", "", "the channel of that hour, where it is the one that was foretold");

/// The week after the days held of somebody: what is foretold of it, and what came.
pub(in super::super) struct NextWeek {
    said: Result<Next, Refused>,
    /// Hours to the first one online and its channel, by complete knowledge.
    came: Option<(u32, Login)>,
}

impl NextWeek {
    /// Of what is held of them, and of all that they did. `channels` are the names of the latter's keys.
    pub(in super::super) fn of<'a>(
        (held, trace): (&Record, &Trace),
        whole: &Record,
        mut channels: impl Iterator<Item = &'a Login>,
        zone: &ZoneTable,
    ) -> NextWeek {
        let history = History { first: trace.fine(), states: trace.states(), zone, over: 0 };
        let live = held.live();
        let said = inferable(trace, Tier::Slots).and_then(|()| next(&history, live, Drawings::NONE));
        let before = usize::try_from(held.until.days() - whole.first.days()).unwrap_or_default() * HOURS;
        let whole = whole.trace();
        let week = whole.states().iter().skip(before).take(AHEAD);
        let first = (0..).zip(week).find_map(|(hour, state)| Some((hour, (*state)??)));
        let came = first.and_then(|(hour, key)| Some((hour, channels.nth(key.0 as usize)?.clone())));
        NextWeek { said: said.map(|found| found.value), came }
    }
}

/// What comes next.
pub(in super::super) fn foretold(subject: &Subject, _: &Portrait, _: &Everybody) -> Result<Vec<Reading>, Reason> {
    let week = subject.next_week.as_ref().ok_or(Reason("never seen"))?;
    let said = week.said.as_ref().map_err(|refused| *refused)?;
    let Some(told) = said.hours.first() else { return Ok(Vec::new()) };
    let came = week.came.as_ref().map(|(hour, _)| hour);
    let chance = |hour: &u32| said.first_online.get(*hour as usize).copied().unwrap_or_default();
    let reading = |quantity, outcome| Reading { quantity, outcome };
    let mut readings = vec![
        reading(&HOUR, Outcome::Claimed { chance: chance(told), held: came == Some(told) }),
        reading(&HOURS_TOLD, Outcome::Right(came.is_some_and(|came| said.hours.contains(came)))),
    ];
    if let (Some((key, chance)), Some((_, channel))) =
        (said.channels.first(), week.came.as_ref().filter(|(hour, _)| hour == told))
    {
        let held = subject.names.get(key) == Some(channel);
        readings.push(reading(&CHANNEL, Outcome::Claimed { chance: *chance, held }));
    }
    Ok(readings)
}
