//! What is held of each day, and how long the work took.

use charts::ink::Ink;
use charts::processing::{Processing, ProcessingDay, processing};
use charts::words::Words;
use model::day::Day;

use crate::components::chart_table::{Rows, chart_table};
use crate::components::data_table::{Cell, data_table, text};
use crate::components::figure::how;
use crate::components::ranged::date_ticks;
use crate::components::shown::Shown;
use crate::components::speech;
use crate::data::explore::{Explore, ExploreDay};
use crate::draw::home::{held, millis};
use crate::node::{Element, el};
use crate::pages::findings::section;
use crate::texts::td_string;

/// The section.
pub(super) fn work(data: &Explore) -> Element {
    let (_, locale) = speech();
    section("work", td_string!(locale, explore.work.h), td_string!(locale, explore.work.sub))
        .child(el("div").class("cols-2").child(calendar(data)).child(times(data)))
        .child(how([td_string!(locale, explore.work.how)]))
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
            took(day.import_ms),
            took(day.night_ms),
        ]
    };
    let headings = [
        (td_string!(locale, frame.column.day), false),
        (td_string!(locale, explore.work.rows), true),
        (td_string!(locale, frame.column.import), true),
        (td_string!(locale, explore.work.night_column), true),
    ];
    // The newest first: a table is cut.
    let rows = data.days.iter().rev().map(row).collect();
    Shown {
        finding,
        sub: td_string!(locale, explore.work.times_sub).to_owned(),
        legend: vec![
            (Ink::Bar, td_string!(locale, home.right.imports).to_owned()),
            (Ink::C(2), td_string!(locale, explore.work.night).to_owned()),
        ],
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
