//! The data of a chart as a table, in the reader's language.

use charts::table::{Cell, Column};
use model::format::Language;

use super::data_table::{self, Heading, data_table};
use super::speech;
use crate::draw::chart::{Axis, Chart};
use crate::draw::home::millis;
use crate::node::Element;
use crate::texts::{Locale, td_string};

/// Which rows of a table by slots are shown.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rows {
    /// All.
    All,
    /// Those at whole hours.
    Hourly,
}

/// The table of a chart.
pub(crate) fn chart_table(caption: String, chart: &Chart, shown: Rows) -> Element {
    let (language, locale) = speech();
    let headings: Vec<Heading> = chart.rows.header.iter().map(|column| heading(locale, *column)).collect();
    let is_shown = |row: &&Vec<Cell>| match row.first() {
        Some(Cell::At(slot)) if shown == Rows::Hourly => chart.axis.clock(*slot).ends_with(":00"),
        _ => true,
    };
    let cells =
        |row: &Vec<Cell>| row.iter().map(|cell| data_table::text(text(language, locale, &chart.axis, cell))).collect();
    let rows = chart.rows.rows.iter().filter(is_shown).map(cells).collect();
    data_table(caption, false, &headings, rows)
}

/// A column in the reader's language.
pub(crate) fn heading(locale: Locale, column: Column) -> Heading {
    (column_name(locale, column), is_number(column))
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
        Column::Presence | Column::Present => td_string!(locale, frame.column.presence),
        Column::Unobserved => td_string!(locale, frame.column.unobserved),
    }
}

fn text(language: Language, locale: Locale, axis: &Axis, cell: &Cell) -> String {
    match cell {
        Cell::Text(text) => text.clone(),
        Cell::Day(day) => language.weekday_date(*day),
        Cell::At(slot) => axis.clock(*slot),
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
