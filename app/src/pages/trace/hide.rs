//! What would hide somebody: the same results with something of their trace hidden.

use model::analysis::Found;
use model::analysis::portrait::Finding;
use model::crowd::Refused;

use super::crowd::{self, needed, rank};
use super::zone::likely;
use crate::components::data_table::{Cell, data_table, text};
use crate::components::day_bar::zone_select;
use crate::components::speech;
use crate::data::trace::{GivenAway, Trace};
use crate::node::{Element, el};
use crate::pages::findings::{hour, refused_words, section};
use crate::texts::td_string;

/// The section: `path` is the page's own.
pub(super) fn hide(data: &Trace, path: &str) -> Element {
    let (_, locale) = speech();
    let section = section("hide", td_string!(locale, trace.hide.h), td_string!(locale, trace.hide.sub).to_owned());
    section.child(form(data, path)).child(el("div").class("mt5").child(table(data)))
}

fn form(data: &Trace, path: &str) -> Element {
    let (_, locale) = speech();
    let choice = |name: &'static str, label: &'static str, on: bool| {
        let input = el("input")
            .attr("type", "checkbox")
            .attr("name", name)
            .attr("value", "1")
            .maybe_attr("checked", on.then_some(""));
        el("label").child(input).text(" ").text(label)
    };
    let at = data.until.start_unix();
    let choices = el("fieldset")
        .class("choices")
        .child(el("legend").text(td_string!(locale, trace.hide.legend)))
        .child(choice("nights", td_string!(locale, trace.hide.nights), data.hiding.nights))
        .child(choice("split", td_string!(locale, trace.hide.split), data.hiding.split))
        .child(choice("hours", td_string!(locale, trace.hide.hours), data.hiding.hours));
    let send = el("div")
        .class("toolbar mt4")
        .child(zone_select(&data.zone, at, &crate::zones::offsets(at)))
        .child(el("button").class("btn").attr("type", "submit").text(td_string!(locale, trace.hide.show)));
    el("form").attr("method", "get").attr("action", format!("{path}#hide")).child(choices).child(send)
}

/// Result by result, as seen and with it hidden.
fn table(data: &Trace) -> Element {
    let (_, locale) = speech();
    let named = [
        td_string!(locale, trace.hide.sightings),
        td_string!(locale, trace.hide.alone),
        td_string!(locale, trace.hide.again),
        td_string!(locale, trace.hide.offline),
        td_string!(locale, trace.hide.zone),
        td_string!(locale, trace.hide.regular),
        td_string!(locale, trace.hide.foretold),
    ];
    let no_zone = if data.everybody.is_some() {
        td_string!(locale, trace.hide.few)
    } else {
        td_string!(locale, trace.hide.unknown)
    };
    let seen = values(&data.as_seen, no_zone);
    let hidden = data.hidden.as_ref().map(|hidden| values(hidden, no_zone));
    let mut headings =
        vec![(td_string!(locale, trace.hide.result), false), (td_string!(locale, trace.hide.seen), false)];
    if hidden.is_some() {
        headings.push((td_string!(locale, trace.hide.hidden), false));
    }
    let rows = named.iter().zip(seen).enumerate().map(|(n, (name, seen))| -> Vec<Cell> {
        let hidden = hidden.as_ref().map(|hidden| text(hidden[n].clone()));
        [text(*name), text(seen)].into_iter().chain(hidden).collect()
    });
    data_table(td_string!(locale, trace.hide.caption).to_owned(), false, &headings, rows.collect())
}

/// Each result in few words; `no_zone` where everybody's usual day is not known.
fn values(given: &GivenAway, no_zone: &str) -> [String; 7] {
    let (language, locale) = speech();
    let sightings = language.number(given.sightings.into());
    let alone = of_crowd(given.singled_out.as_ref(), |found| {
        found.widths.first().map_or_else(String::new, |width| needed(&width.needed))
    });
    let again = of_crowd(given.found_again.as_ref(), |found| {
        if found.score <= 0.0 {
            return td_string!(locale, trace.again.nowhere).to_owned();
        }
        let accounts = language.number(found.accounts.into());
        td_string!(locale, trace.hide.place, rank = rank(found), accounts).to_string()
    });
    let offline = of_one(&given.offline, |found| {
        let (from, to) = (hour(found.from.value), hour(found.to.value));
        td_string!(locale, trace.hide.window, from, to).to_string()
    });
    let zone = match &given.time_zone {
        Some(zone) => of_one(zone, likely),
        None => no_zone.to_owned(),
    };
    let regular = of_one(&given.regularity, |index| {
        // From −100 to 100: none of the samples the same, all of them.
        language.percent((index.value + 100.0) / 200.0, 0)
    });
    let foretold = of_one(&given.predictability, |found| language.percent(found.bound.value, 0));
    [sightings, alone, again, offline, zone, regular, foretold]
}

fn of_one<T>(finding: &Finding<T>, write: impl FnOnce(&T) -> String) -> String {
    match finding {
        Ok(found) => write(&found.value),
        Err(refused) => refused_words(refused),
    }
}

fn of_crowd<T>(finding: Option<&Result<Found<T>, Refused>>, write: impl FnOnce(&T) -> String) -> String {
    let (_, locale) = speech();
    match finding {
        None => td_string!(locale, trace.hide.unknown).to_owned(),
        Some(Ok(found)) => write(&found.value),
        Some(Err(refused)) => crowd::refused_words(refused),
    }
}
