//! What is held of each day, and how long the work took.

use charts::ink::Ink;
use charts::processing::{Processing, ProcessingDay, processing};
use charts::words::Words;
use model::day::Day;
use model::format::Language;

use crate::components::chart_table::{Rows, chart_table};
use crate::components::data_table::{Cell, data_table, text};
use crate::components::fact_list::fact_list;
use crate::components::figure::how;
use crate::components::ranged::date_ticks;
use crate::components::shown::{Shown, hatched, none};
use crate::components::speech;
use crate::data::explore::{Explore, ExploreDay, Sizes};
use crate::draw::home::{held, millis};
use crate::draw::words::count;
use crate::node::{Element, el};
use crate::pages::findings::section;
use crate::texts::td_string;

/// The section.
pub(super) fn work(data: &Explore) -> Element {
    let (_, locale) = speech();
    section("work", td_string!(locale, explore.work.h), td_string!(locale, explore.work.sub))
        .child(el("div").class("cols-2").child(calendar(data)).child(times(data)))
        .child(sizes(&data.sizes))
        .child(how([td_string!(locale, explore.work.how)]))
}

/// What a day takes in the archive, and all of it beside the store.
fn sizes(sizes: &Sizes) -> Element {
    let (language, locale) = speech();
    let known = sizes.days_known.min(sizes.days);
    if sizes.archive == 0 || sizes.observations == 0 {
        return none(td_string!(locale, explore.sizes.none, store = bytes(language, sizes.store as f64)).to_string())
            .class("measure muted mt6");
    }
    let a_row = sizes.archive as f64 / sizes.observations as f64;
    let facts = [
        (
            td_string!(locale, explore.sizes.day),
            bytes(language, sizes.archive as f64 / f64::from(known.max(1))),
            td_string!(locale, explore.sizes.day_small, days = count!(language, viewer.days, known)).to_string(),
        ),
        (
            td_string!(locale, explore.sizes.row),
            td_string!(locale, explore.sizes.bytes, n = language.decimal(a_row, 2)).to_string(),
            td_string!(locale, explore.sizes.row_small, n = language.number(sizes.observations)).to_string(),
        ),
        (
            td_string!(locale, explore.sizes.store),
            bytes(language, sizes.store as f64),
            if known == sizes.days {
                let ratio = language.decimal(sizes.archive as f64 / sizes.store.max(1) as f64, 1);
                let archive = bytes(language, sizes.archive as f64);
                td_string!(locale, explore.sizes.ratio, archive, ratio).to_string()
            } else {
                // Of the store it is not known what takes the same days.
                td_string!(locale, explore.sizes.all, days = count!(language, viewer.days, sizes.days)).to_string()
            },
        ),
    ];
    el("div")
        .class("mt6")
        .child(el("h3").text(td_string!(locale, explore.sizes.h)))
        .child(fact_list("facts mt4", facts))
        .child(el("p").class("hint measure mt4").text(td_string!(locale, explore.sizes.how)))
}

/// `37.2 MB`, of a thousand thousands.
fn bytes(language: Language, n: f64) -> String {
    let (n, unit) = match n {
        ..1e3 => (n, "B"),
        ..1e6 => (n / 1e3, "kB"),
        ..1e9 => (n / 1e6, "MB"),
        _ => (n / 1e9, "GB"),
    };
    // French counts in octets.
    let unit = if language == Language::French { unit.replace('B', "o") } else { unit.to_owned() };
    format!("{}\u{a0}{unit}", language.decimal(n, 1))
}

fn calendar(data: &Explore) -> Element {
    let (language, locale) = speech();
    let drawn = held(language, &data.calendar, data.calendar_from);
    let table = chart_table(td_string!(locale, home.right.calendar_title).to_owned(), &drawn, Rows::All);
    Shown { finding: drawn.finding, sub: drawn.sub, legend: drawn.legend, scene: drawn.scene, table }.into()
}

fn times(data: &Explore) -> Element {
    let (language, locale) = speech();
    let day = |day: &ExploreDay| ProcessingDay {
        day: day.day,
        import_ms: day.import_ms.map(u64::from),
        // The second line of that chart, here with a name of its own.
        sweep_p50_ms: day.night_ms.map(u64::from),
    };
    let finding = finding(&data.days);
    let input = Processing {
        words: Words { title: td_string!(locale, explore.work.title).to_owned(), desc: finding.clone() },
        days: data.days.iter().map(day).collect(),
        ticks: date_ticks(&data.days.iter().map(|day| day.day).collect::<Vec<Day>>()),
        // Both are as long: labels at their ends would lie on each other.
        import_label: String::new(),
        sweep_label: String::new(),
    };
    let row = |day: &ExploreDay| -> Vec<Cell> {
        let unknown = || td_string!(locale, frame.cell.unknown).to_owned();
        let took = |ms: Option<u32>| text(ms.map_or_else(|| "–".to_owned(), |ms| millis(language, ms.into())));
        vec![
            text(language.weekday_date(day.day)),
            text(day.observations.map_or_else(unknown, |rows| language.number(rows))),
            text(day.archive_bytes.map_or_else(|| "–".to_owned(), |n| bytes(language, n as f64))),
            took(day.import_ms),
            took(day.night_ms),
        ]
    };
    let headings = [
        (td_string!(locale, frame.column.day), false),
        (td_string!(locale, explore.work.rows), true),
        (td_string!(locale, explore.sizes.column), true),
        (td_string!(locale, frame.column.import), true),
        (td_string!(locale, explore.work.night_column), true),
    ];
    // The newest first: a table is cut.
    let rows = data.days.iter().rev().map(row).collect();
    Shown {
        finding,
        sub: td_string!(locale, explore.work.times_sub).to_owned(),
        legend: [
            (Ink::Bar, td_string!(locale, home.right.imports).to_owned()),
            (Ink::C(2), td_string!(locale, explore.work.night).to_owned()),
        ]
        .into_iter()
        .chain(hatched(data.days.iter().any(|day| day.import_ms.is_none() && day.night_ms.is_none())))
        .collect(),
        scene: processing("times", &input, &|ms| millis(language, ms)),
        table: data_table(td_string!(locale, explore.work.title).to_owned(), false, &headings, rows),
    }
    .into()
}

/// Half of the imports and of the nights take no longer.
fn finding(days: &[ExploreDay]) -> String {
    let (language, locale) = speech();
    let median = |all: fn(&ExploreDay) -> Option<u32>| {
        let mut all: Vec<u32> = days.iter().filter_map(all).collect();
        all.sort_unstable();
        all.get(all.len() / 2).map(|ms| millis(language, (*ms).into()))
    };
    match (median(|day| day.import_ms), median(|day| day.night_ms)) {
        (Some(import), Some(night)) => td_string!(locale, explore.work.finding, import, night).to_string(),
        (Some(import), None) => td_string!(locale, explore.work.finding_import, import).to_string(),
        _ => td_string!(locale, home.right.took_none).to_owned(),
    }
}
