//! A table in a region that scrolls by itself; the first cell of a row names it.

use super::speech;
use crate::node::{Element, Node, el};
use crate::texts::td_string;

/// Longer tables are cut: a page stays small.
const MAX_ROWS: usize = 50;

/// A column: its name, and whether it holds numbers, which stand at the right.
pub(crate) type Heading = (&'static str, bool);

/// What a cell holds.
pub(crate) type Cell = Vec<Node>;

/// A cell of text.
pub(crate) fn text(text: impl Into<String>) -> Cell {
    vec![Node::Text(text.into())]
}

/// A cell of a link.
pub(crate) fn link(name: String, address: String) -> Cell {
    vec![el("a").attr("href", address).text(name).into()]
}

/// The table; `quiet` where the page says already what it is called.
pub(crate) fn data_table(caption: String, quiet: bool, headings: &[Heading], rows: Vec<Vec<Cell>>) -> Element {
    let (language, locale) = speech();
    let class = |number: bool| if number { "n" } else { "" };
    let mut title = el("span").text(caption.clone());
    if rows.len() > MAX_ROWS {
        let (shown, all) = (language.number(MAX_ROWS as u64), language.number(rows.len() as u64));
        title = title.text(format!(" {}", td_string!(locale, frame.figure.first_rows, shown, all)));
    }
    let head = headings.iter().map(|(name, number)| el("th").attr("scope", "col").class(class(*number)).text(*name));
    let body = rows.into_iter().take(MAX_ROWS).map(|row| {
        let cells = row.into_iter().zip(headings).enumerate();
        el("tr").children(cells.map(|(n, (cell, (_, number)))| {
            let cell_of = if n == 0 { el("th").attr("scope", "row") } else { el("td").class(class(*number)) };
            cell_of.children(cell)
        }))
    });
    let table = el("table")
        .class("tbl")
        .child(el("caption").class(if quiet { "vh" } else { "" }).child(title))
        .child(el("thead").child(el("tr").children(head)))
        .child(el("tbody").children(body));
    // A group: as a landmark it would have the name of the section around it.
    el("div").class("scroll").attr("role", "group").attr("tabindex", "0").attr("aria-label", caption).child(table)
}
