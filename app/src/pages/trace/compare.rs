//! Every result of a trace in few words, as it is and with something hidden, so that they can stand beside each other.

use model::analysis::Found;
use model::analysis::bootstrap::Estimate;
use model::analysis::pattern::Pattern;
use model::analysis::portrait::Finding;
use model::analysis::tastes::Lift;
use model::crowd::Refused;
use model::format::clock;
use model::identity::{ChannelKey, GameKey};

use super::crowd::{needed, rank};
use super::zone::likely;
use super::{next, untold};
use crate::components::speech;
use crate::data::trace::{GivenAway, Trace};
use crate::draw::words::apart;
use crate::pages::findings::{explained, hour, percent};
use crate::texts::td_string;

/// One result.
pub(super) struct Row {
    /// Its name.
    pub(super) result: &'static str,
    /// As it is.
    pub(super) seen: Value,
    /// With something hidden; nothing where nothing is.
    pub(super) hidden: Option<Value>,
}

/// What a result says.
pub(super) struct Value {
    /// In few words; why it says nothing, where it does not.
    pub(super) words: String,
    /// Whether it says anything.
    pub(super) is_told: bool,
}

impl Value {
    fn told(words: impl Into<String>) -> Value {
        Value { words: words.into(), is_told: true }
    }

    fn untold(words: impl Into<String>) -> Value {
        Value { words: words.into(), is_told: false }
    }
}

/// How a result is read out of all.
type Read = fn(&Trace, &GivenAway) -> Value;

/// All results.
pub(super) fn compare(data: &Trace) -> Vec<Row> {
    let (_, locale) = speech();
    let results: [(&'static str, Read); 19] = [
        (td_string!(locale, trace.hide.sightings), |_, given| Value::told(speech().0.number(given.sightings.into()))),
        (td_string!(locale, trace.hide.alone), alone),
        (td_string!(locale, trace.hide.again), again),
        (td_string!(locale, trace.hide.zone), zone),
        (td_string!(locale, trace.hide.offline), offline),
        (td_string!(locale, trace.hide.night), night),
        (td_string!(locale, trace.hide.jetlag), jetlag),
        (td_string!(locale, trace.hide.work), work),
        (td_string!(locale, trace.hide.workdays), |_, given| busiest(&given.portrait.workdays)),
        (td_string!(locale, trace.hide.weekends), |_, given| busiest(&given.portrait.weekends)),
        (td_string!(locale, trace.hide.stability), stability),
        (td_string!(locale, trace.hide.variability), variability),
        (td_string!(locale, trace.hide.amplitude), amplitude),
        (td_string!(locale, trace.hide.regular), regular),
        (td_string!(locale, trace.hide.foretold), foretold),
        (td_string!(locale, trace.hide.favourite), favourite),
        (td_string!(locale, trace.hide.game), game),
        (td_string!(locale, trace.hide.taste), taste),
        (td_string!(locale, trace.hide.next), come_back),
    ];
    let row = |(result, read): (&'static str, Read)| Row {
        result,
        seen: read(data, &data.as_seen),
        hidden: data.hidden.as_ref().map(|hidden| read(data, hidden)),
    };
    results.into_iter().map(row).collect()
}

fn alone(_: &Trace, given: &GivenAway) -> Value {
    of_crowd(given.singled_out.as_ref(), |found| {
        found.widths.first().map_or_else(String::new, |width| needed(&width.needed))
    })
}

fn again(_: &Trace, given: &GivenAway) -> Value {
    let (language, locale) = speech();
    of_crowd(given.found_again.as_ref(), |found| {
        if found.score <= 0.0 {
            return td_string!(locale, trace.again.nowhere).to_owned();
        }
        let accounts = language.number(found.accounts.into());
        td_string!(locale, trace.hide.place, rank = rank(found), accounts).to_string()
    })
}

fn zone(data: &Trace, given: &GivenAway) -> Value {
    let (_, locale) = speech();
    match &given.time_zone {
        Some(zone) => of_one(zone, likely),
        None if data.everybody.is_some() => Value::untold(td_string!(locale, trace.hide.few)),
        None => Value::untold(td_string!(locale, trace.hide.unknown)),
    }
}

fn offline(_: &Trace, given: &GivenAway) -> Value {
    let (_, locale) = speech();
    of_one(&given.portrait.offline, |found| {
        let (from, to) = (hour(found.from.value), hour(found.to.value));
        td_string!(locale, trace.hide.window, from, to).to_string()
    })
}

fn night(_: &Trace, given: &GivenAway) -> Value {
    of_one(&given.portrait.chronotype, |found| ranged(&found.corrected, hour))
}

fn jetlag(_: &Trace, given: &GivenAway) -> Value {
    let (language, _) = speech();
    let duration = |hours: f64| language.duration_short((hours * 60.0).round() as u64);
    of_one(&given.portrait.chronotype, |found| ranged(&found.social_jetlag, duration))
}

fn work(_: &Trace, given: &GivenAway) -> Value {
    let (language, locale) = speech();
    of_one(&given.portrait.rhythm, |found| match &found.office_ratio {
        Some(ratio) => ranged(ratio, percent(language)),
        None => td_string!(locale, trace.hide.never).to_owned(),
    })
}

/// The hour with most minutes.
fn busiest(finding: &Finding<Pattern>) -> Value {
    let (language, locale) = speech();
    of_one(finding, |pattern| {
        pattern.busiest().map_or_else(
            || td_string!(locale, trace.hide.never).to_owned(),
            |(hour, minutes)| {
                let (time, minutes) = (clock(hour as u32 * 60), language.duration_short(minutes.round() as u64));
                td_string!(locale, trace.hide.most, time, minutes).to_string()
            },
        )
    })
}

fn stability(_: &Trace, given: &GivenAway) -> Value {
    of_one(&given.portrait.circadian, |found| ranged(&found.stability, explained(speech().0)))
}

fn variability(_: &Trace, given: &GivenAway) -> Value {
    of_one(&given.portrait.circadian, |found| ranged(&found.variability, |value| speech().0.decimal(value, 2)))
}

fn amplitude(_: &Trace, given: &GivenAway) -> Value {
    of_one(&given.portrait.circadian, |found| ranged(&found.amplitude, |value| speech().0.decimal(value, 2)))
}

fn regular(_: &Trace, given: &GivenAway) -> Value {
    // From −100 to 100: none of the samples the same, all of them.
    let same = |index: f64| speech().0.percent((index + 100.0) / 200.0, 0);
    of_one(&given.portrait.sleep_regularity, |found| ranged(&found.index, same))
}

fn foretold(_: &Trace, given: &GivenAway) -> Value {
    of_one(&given.portrait.predictability, |found| ranged(&found.bound, |share| speech().0.percent(share, 0)))
}

fn favourite(data: &Trace, given: &GivenAway) -> Value {
    of_one(&given.portrait.favourites, |found| {
        let first = found.channels.first().and_then(|first| channel(data, first.key));
        first.unwrap_or_else(|| none().to_owned())
    })
}

fn game(data: &Trace, given: &GivenAway) -> Value {
    of_one(&given.portrait.favourites, |found| {
        let first = found.games.first().and_then(|first| data.games.get(first.key.0 as usize).cloned());
        first.unwrap_or_else(|| none().to_owned())
    })
}

/// What sets them apart most surely, a channel and a game.
fn taste(data: &Trace, given: &GivenAway) -> Value {
    let (language, locale) = speech();
    let times = |name: String, lift: &Estimate| {
        td_string!(locale, trace.hide.times, name, n = language.decimal(lift.value, 1)).to_string()
    };
    match &given.tastes {
        None => Value::untold(td_string!(locale, trace.hide.unknown)),
        Some(Err(refused)) => Value::untold(untold::of_tastes(refused)),
        Some(Ok(found)) => {
            let of_channel = |lift: &Lift<ChannelKey>| Some(times(channel(data, lift.key)?, &lift.lift));
            let of_game = |lift: &Lift<GameKey>| Some(times(data.games.get(lift.key.0 as usize)?.clone(), &lift.lift));
            let channel = found.value.channels.lifts.first().filter(|lift| lift.is_more()).and_then(of_channel);
            let game = found.value.games.lifts.first().filter(|lift| lift.is_more()).and_then(of_game);
            let both: Vec<String> = channel.into_iter().chain(game).collect();
            if both.is_empty() { Value::told(none()) } else { Value::told(apart(language, &both)) }
        }
    }
}

/// The likeliest hour to come back, and the channel then.
fn come_back(data: &Trace, given: &GivenAway) -> Value {
    let (language, _) = speech();
    of_one(&given.next, |found| {
        let hour = found.hours.first().and_then(|ahead| next::hour_ahead(data, found, *ahead));
        let there = found
            .channels
            .first()
            .and_then(|(key, chance)| Some(format!("{} ({})", channel(data, *key)?, language.percent(*chance, 0))));
        hour.into_iter().chain(there).collect::<Vec<String>>().join(", ")
    })
}

fn channel(data: &Trace, key: ChannelKey) -> Option<String> {
    Some(data.channels.get(key.0 as usize)?.display_name.clone())
}

/// That there is nothing of the kind.
fn none() -> &'static str {
    let (_, locale) = speech();
    td_string!(locale, trace.hide.nothing)
}

/// A value and the ends of its interval, as short as a table needs it.
fn ranged(estimate: &Estimate, write: impl Fn(f64) -> String) -> String {
    let value = write(estimate.value);
    match estimate.interval {
        Some(interval) => format!("{value} ({}–{})", write(interval.from), write(interval.to)),
        None => value,
    }
}

fn of_one<T>(finding: &Finding<T>, write: impl FnOnce(&T) -> String) -> Value {
    match finding {
        Ok(found) => Value::told(write(&found.value)),
        Err(refused) => Value::untold(untold::of_one(refused)),
    }
}

fn of_crowd<T>(finding: Option<&Result<Found<T>, Refused>>, write: impl FnOnce(&T) -> String) -> Value {
    let (_, locale) = speech();
    match finding {
        None => Value::untold(td_string!(locale, trace.hide.unknown)),
        Some(Ok(found)) => Value::told(write(&found.value)),
        Some(Err(refused)) => Value::untold(untold::of_crowd(refused)),
    }
}
