//! The data of a chart as a table, in the reader's language.

use charts::table::{Cell, Column, Table};
use leptos::prelude::*;
use model::format::Language;

use super::data_table::{DataTable, Heading};
use super::speech;
use crate::data::local_day::LocalDay;
use crate::draw::home::millis;
use crate::texts::{Locale, td_string};

/// What the slots of a chart are called.
#[derive(Clone, PartialEq)]
pub(crate) enum Axis {
    /// The clock at every slot of its day; at whole hours only where `hourly`.
    Clock { clocks: Vec<String>, hourly: bool },
    /// It has none.
    None,
}

impl Axis {
    /// The clock of a local day.
    pub(crate) fn of(local: &LocalDay, hourly: bool) -> Axis {
        Axis::Clock { clocks: (0..=local.slots()).map(|slot| local.clock(slot)).collect(), hourly }
    }

    fn clock(&self, slot: u32) -> &str {
        match self {
            Axis::Clock { clocks, .. } => clocks.get(slot as usize).map_or("", String::as_str),
            Axis::None => "",
        }
    }

    /// Whether a row is shown: of a table by slots, the one at each whole hour.
    fn shows(&self, row: &[Cell]) -> bool {
        match (self, row.first()) {
            (Axis::Clock { hourly: true, .. }, Some(Cell::At(slot))) => self.clock(*slot).ends_with(":00"),
            _ => true,
        }
    }
}

/// The table of a chart.
#[component]
pub(crate) fn ChartTable(
    /// What it is called.
    caption: String,
    /// The data.
    table: Table,
    /// What slots are called.
    axis: Axis,
) -> impl IntoView {
    let (language, locale) = speech();
    let headings = table.header.iter().map(|column| heading(locale, *column)).collect();
    let cells = |row: &Vec<Cell>| row.iter().map(|cell| text(language, locale, &axis, cell).into()).collect();
    let rows = table.rows.iter().filter(|row| axis.shows(row)).map(cells).collect();
    view! { <DataTable caption headings rows/> }
}

/// A column in the reader's language.
pub(crate) fn heading(locale: Locale, column: Column) -> Heading {
    Heading { name: column_name(locale, column), number: is_number(column) }
}

fn is_number(column: Column) -> bool {
    use Column::{Channel, Day, From, Game, Hour, Listed, Time, Title, To};
    !matches!(column, Channel | From | To | Listed | Game | Title | Time | Day | Hour)
}

fn column_name(locale: Locale, column: Column) -> &'static str {
    match column {
        Column::Channel => td_string!(locale, frame.column.channel),
        Column::From => td_string!(locale, frame.column.from),
        Column::To => td_string!(locale, frame.column.to),
        Column::Watched => td_string!(locale, frame.column.watched),
        Column::Listed => td_string!(locale, frame.column.evidence),
        Column::Game => td_string!(locale, frame.column.game),
        Column::Title => td_string!(locale, frame.column.title),
        Column::Time => td_string!(locale, frame.column.time),
        Column::Viewers => td_string!(locale, frame.column.viewers),
        Column::Chatters => td_string!(locale, frame.column.chatters),
        Column::ViewersBefore => td_string!(locale, frame.column.before),
        Column::Day => td_string!(locale, frame.column.day),
        Column::DifferentViewers => td_string!(locale, frame.column.people),
        Column::Samples => td_string!(locale, frame.column.samples),
        Column::Import => td_string!(locale, frame.column.import),
        Column::Sweep => td_string!(locale, frame.column.sweep),
        Column::Hour => td_string!(locale, frame.column.hour),
        Column::Presence => td_string!(locale, frame.column.presence),
    }
}

fn text(language: Language, locale: Locale, axis: &Axis, cell: &Cell) -> String {
    match cell {
        Cell::Text(text) => text.clone(),
        Cell::At(slot) => axis.clock(*slot).to_owned(),
        Cell::Slots(slots) => language.slots(u64::from(*slots)),
        Cell::Count(n) => language.number(*n),
        Cell::Millis(ms) => millis(language, *ms),
        Cell::Of(held, all) => {
            let (held, all) = (language.number(*held), language.number(*all));
            td_string!(locale, frame.cell.of, held, all).to_string()
        }
        Cell::Nth(n) => td_string!(locale, frame.cell.hour, from = n.to_string(), to = (n + 1).to_string()).to_string(),
        Cell::Is(true) => td_string!(locale, frame.cell.yes).to_owned(),
        Cell::Is(false) => td_string!(locale, frame.cell.no).to_owned(),
        Cell::Unknown => td_string!(locale, frame.cell.unknown).to_owned(),
        Cell::Nothing => td_string!(locale, frame.cell.nothing).to_owned(),
    }
}
