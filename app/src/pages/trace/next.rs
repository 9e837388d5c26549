//! When somebody will be online next, and where; and how such forecasts did.

use model::analysis::bootstrap::Interval;
use model::analysis::grid::HOURS;
use model::analysis::next::Next;
use model::analysis::trial::{Compared, Scores, Trial};
use model::format::clock;

use crate::components::data_table::{Cell, data_table, link, text};
use crate::components::speech;
use crate::data::trace::Trace;
use crate::draw::words::list;
use crate::node::{Element, el};
use crate::pages::channel_figures::week_table;
use crate::pages::findings::{Said, folded, result, section};
use crate::texts::td_string;

const HOUR_SECONDS: i64 = 3_600;

/// The section.
pub(super) fn next(data: &Trace) -> Element {
    let (_, locale) = speech();
    let section = section("next", td_string!(locale, trace.next.h), td_string!(locale, trace.next.sub).to_owned());
    let why = td_string!(locale, trace.next.why).to_owned();
    let verdict = result("", &data.as_seen.next, why, |found| {
        let mut said = vec![first(data, found)];
        said.extend(better(&found.trial));
        said.extend(compared(&found.trial));
        Said::from_evidence(said, week(data, found))
    });
    let tables = data.as_seen.next.as_ref().ok().map(|found| {
        let channels = (!found.value.channels.is_empty()).then(|| channels(data, &found.value));
        el("div").class("mt5").maybe(channels).child(trial(&found.value.trial))
    });
    section.child(verdict).maybe(tables)
}

/// The likeliest hours in which they come back.
fn first(data: &Trace, found: &Next) -> String {
    let (language, locale) = speech();
    let hours: Vec<String> = found.hours.iter().filter_map(|ahead| hour_ahead(data, found, *ahead)).collect();
    let after = language.weekday_date(data.until.plus(-1));
    td_string!(locale, trace.next.is, after, hours = list(language, &hours)).to_string()
}

/// An hour so many ahead, and how likely it is to be the one.
pub(super) fn hour_ahead(data: &Trace, found: &Next, ahead: u32) -> Option<String> {
    let (language, locale) = speech();
    let chance = found.first_online.get(ahead as usize)?;
    let at = data.next_from + i64::from(ahead) * HOUR_SECONDS;
    let date = language.weekday_date(data.zone.day_of(at));
    let (time, chance) = (clock(data.zone.minute_of(at)), language.percent(*chance, 0));
    Some(td_string!(locale, trace.next.hour, date, time, chance).to_string())
}

/// The chance of each hour of the week to come to be the first one back.
fn week(data: &Trace, found: &Next) -> Element {
    let (language, locale) = speech();
    let at = |hours: usize| data.next_from + hours as i64 * HOUR_SECONDS;
    // Of an hour that comes twice as clocks go back both together, of one that never comes nothing.
    let mut week = [[None; HOURS]; 7];
    for (hours, chance) in found.first_online.iter().enumerate() {
        let (weekday, hour) = (data.zone.day_of(at(hours)).weekday() as usize, data.zone.minute_of(at(hours)) / 60);
        let sum: &mut Option<f64> = &mut week[weekday][hour as usize];
        *sum = Some(sum.unwrap_or_default() + chance);
    }
    let cells = week.map(|day| day.map(|chance| chance.map(|chance| language.decimal(chance * 100.0, 1))));
    let table = week_table(td_string!(locale, trace.next.week).to_owned(), &cells);
    el("div").child(table)
}

/// Whether that was worth more than what anybody could say.
fn better(trial: &Trial) -> Option<String> {
    let (language, locale) = speech();
    let first = |scores: &Scores| scores.first.map(|share| language.percent(share, 0));
    let (mine, week) = (first(&trial.method)?, first(&trial.same_hour.scores)?);
    let favourite = first(&trial.favourite.scores)?;
    Some(td_string!(locale, trace.next.trial, mine, week, favourite).to_string())
}

/// Whether it beats both others, and by how much: in right channels, and by the Brier score.
fn compared(trial: &Trial) -> Option<String> {
    let (language, locale) = speech();
    let others = [
        (&trial.same_hour, td_string!(locale, trace.next.last_week)),
        (&trial.favourite, td_string!(locale, trace.next.live)),
    ];
    let beside = |better: fn(&Compared) -> Option<Interval>, write: &dyn Fn(f64) -> String| {
        let each = others.iter().map(|(other, name)| Some(verdict(better(other)?, name, write)));
        Some(list(language, &each.collect::<Option<Vec<String>>>()?))
    };
    let channels = beside(|other| other.first_better, &|share| language.percent(share, 1))?;
    let chances = beside(|other| other.brier_better, &|score| language.decimal(score, 3))?;
    Some(td_string!(locale, trace.next.compared, channels, chances).to_string())
}

/// Better or worse where all of the interval is.
fn verdict(better: Interval, other: &'static str, write: &dyn Fn(f64) -> String) -> String {
    let (_, locale) = speech();
    let (from, to) = (write(better.from), write(better.to));
    if better.from > 0.0 {
        td_string!(locale, trace.next.beats, other, from, to).to_string()
    } else if better.to < 0.0 {
        td_string!(locale, trace.next.behind, other, from, to).to_string()
    } else {
        td_string!(locale, trace.next.level, other, from, to).to_string()
    }
}

fn channels(data: &Trace, found: &Next) -> Element {
    let (language, locale) = speech();
    let rows = found.channels.iter().filter_map(|(key, chance)| -> Option<Vec<Cell>> {
        let name = data.channels.get(key.0 as usize)?;
        let address = format!("/{}/channel/{}", language.code(), name.login);
        Some(vec![link(name.display_name.clone(), address), text(language.percent(*chance, 0))])
    });
    let other = vec![text(td_string!(locale, trace.next.other)), text(language.percent(found.new_channel, 0))];
    let headings =
        [(td_string!(locale, habits.favourites.channel), false), (td_string!(locale, trace.next.chance), true)];
    let rows = rows.chain(std::iter::once(other)).collect();
    data_table(td_string!(locale, trace.next.channels).to_owned(), false, &headings, rows)
}

/// How forecasts of the last weeks did, beside two that anybody could make.
fn trial(trial: &Trial) -> Element {
    let (language, locale) = speech();
    let row = |name: &'static str, scores: &Scores| -> Vec<Cell> {
        let share = |share: Option<f64>| text(share.map_or("–".to_owned(), |share| language.percent(share, 0)));
        let decimal = |score: Option<f64>| text(score.map_or("–".to_owned(), |score| language.decimal(score, 3)));
        vec![text(name), share(scores.first), share(scores.three), decimal(scores.brier), decimal(scores.log_loss)]
    };
    let headings = [
        (td_string!(locale, trace.next.forecast), false),
        (td_string!(locale, trace.next.first), true),
        (td_string!(locale, trace.next.three), true),
        (td_string!(locale, trace.next.brier), true),
        (td_string!(locale, trace.next.log_loss), true),
    ];
    let rows = vec![
        row(td_string!(locale, trace.next.method), &trial.method),
        row(td_string!(locale, trace.next.same_hour), &trial.same_hour.scores),
        row(td_string!(locale, trace.next.favourite), &trial.favourite.scores),
    ];
    let hours = language.number(trial.hours.into());
    let online = language.number(trial.online.into());
    let caption = td_string!(locale, trace.next.caption, hours, online).to_string();
    folded(caption, &headings, rows)
}
