//! What would hide somebody: all results once more, with something of their trace hidden.

use super::compare::{Row, compare};
use crate::components::data_table::{Cell, data_table, text};
use crate::components::day_bar::zone_select;
use crate::components::speech;
use crate::data::trace::Trace;
use crate::node::{Element, el};
use crate::pages::findings::section;
use crate::texts::td_string;

/// The section: `path` is the page's own.
pub(super) fn hide(data: &Trace, path: &str) -> Element {
    let (_, locale) = speech();
    let section = section("hide", td_string!(locale, trace.hide.h), td_string!(locale, trace.hide.sub).to_owned());
    section.child(form(data, path)).children(results(data))
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

/// Result by result, as seen and with it hidden; and how many are not told any more.
fn results(data: &Trace) -> Vec<Element> {
    let (language, locale) = speech();
    let rows = compare(data);
    let finding = data.hidden.is_some().then(|| {
        let is_still = |row: &Row| row.hidden.as_ref().is_some_and(|hidden| hidden.is_told);
        let (told, untold): (Vec<&Row>, Vec<&Row>) = rows.iter().partition(|row| row.seen.is_told);
        let gone = told.iter().filter(|row| !is_still(row)).count();
        let more = untold.into_iter().filter(|row| is_still(row)).count();
        let (told, n) = (language.number(told.len() as u64), language.number(gone as u64));
        let said = match gone {
            0 => td_string!(locale, trace.hide.still, told).to_string(),
            1 => td_string!(locale, trace.hide.gone.single, told).to_string(),
            _ => td_string!(locale, trace.hide.gone.several, n, told).to_string(),
        };
        let more = match more {
            0 => String::new(),
            1 => format!(" {}", td_string!(locale, trace.hide.more.single)),
            _ => format!(" {}", td_string!(locale, trace.hide.more.several, n = language.number(more as u64))),
        };
        el("p").class("measure mt5").child(el("mark").text(said + &more))
    });
    let note = |text: &'static str, on: bool| on.then(|| el("p").class("measure mt4").text(text));
    let hidden = |on: bool| on && data.hidden.is_some();
    let notes = [
        note(td_string!(locale, trace.hide.hours_note), hidden(data.hiding.hours)),
        note(td_string!(locale, trace.hide.split_note), hidden(data.hiding.split)),
    ];
    let mut headings =
        vec![(td_string!(locale, trace.hide.result), false), (td_string!(locale, trace.hide.seen), false)];
    if data.hidden.is_some() {
        headings.push((td_string!(locale, trace.hide.hidden), false));
    }
    let cells = rows.into_iter().map(|row| -> Vec<Cell> {
        let values = std::iter::once(row.seen).chain(row.hidden).map(|value| text(value.words));
        std::iter::once(text(row.result)).chain(values).collect()
    });
    let table = data_table(td_string!(locale, trace.hide.caption).to_owned(), false, &headings, cells.collect());
    let table = el("div").class("mt5").child(table);
    finding.into_iter().chain(notes.into_iter().flatten()).chain([table]).collect()
}
