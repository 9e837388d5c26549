//! A table in a region that scrolls by itself; the first cell of a row names it.

use leptos::either::Either;
use leptos::prelude::*;

use super::speech;
use crate::texts::td_string;

/// Longer tables are cut: a page stays small.
const MAX_ROWS: usize = 50;

/// A column.
#[derive(Clone, Copy)]
pub(crate) struct Heading {
    pub(crate) name: &'static str,
    /// Numbers stand at the right.
    pub(crate) number: bool,
}

/// A cell.
#[derive(Clone, Default)]
pub(crate) struct DataCell {
    text: String,
    address: Option<String>,
    small: String,
    svg: String,
}

impl From<String> for DataCell {
    fn from(text: String) -> DataCell {
        DataCell { text, ..DataCell::default() }
    }
}

impl DataCell {
    /// A link with a line below, which may be empty.
    pub(crate) fn link(text: String, address: String, small: String) -> DataCell {
        DataCell { text, address: Some(address), small, svg: String::new() }
    }

    /// A chart. Its strings are escaped by `charts`.
    pub(crate) fn svg(svg: String) -> DataCell {
        DataCell { svg, ..DataCell::default() }
    }

    fn view(self) -> impl IntoView {
        let text = match self.address {
            Some(address) => Either::Left(view! { <a href=address>{self.text}</a> }),
            None => Either::Right(self.text),
        };
        let small = (!self.small.is_empty()).then(|| view! { <small>{self.small}</small> });
        let chart = (!self.svg.is_empty()).then(|| view! { <div class="spark" inner_html=self.svg></div> });
        (text, small, chart)
    }
}

/// The table.
#[component]
pub(crate) fn DataTable(
    /// What it is called.
    caption: String,
    /// Whether the page says that already.
    #[prop(optional)]
    quiet: bool,
    /// Its columns.
    headings: Vec<Heading>,
    /// Its rows, as long as there are columns.
    rows: Vec<Vec<DataCell>>,
) -> impl IntoView {
    let (language, locale) = speech();
    let cut = (rows.len() > MAX_ROWS).then(|| {
        let (shown, all) = (language.number(MAX_ROWS as u64), language.number(rows.len() as u64));
        format!(" {}", td_string!(locale, frame.figure.first_rows, shown, all))
    });
    let class = |number: bool| number.then_some("n");
    let header = headings
        .iter()
        .map(|heading| view! { <th scope="col" class=class(heading.number)>{heading.name}</th> })
        .collect_view();
    let body = rows
        .into_iter()
        .take(MAX_ROWS)
        .map(|row| {
            let mut cells = row.into_iter().zip(&headings);
            let first = cells.next().map(|(cell, _)| view! { <th scope="row">{cell.view()}</th> });
            let rest = cells
                .map(|(cell, heading)| view! { <td class=class(heading.number)>{cell.view()}</td> })
                .collect_view();
            view! { <tr>{first}{rest}</tr> }
        })
        .collect_view();
    let label = caption.clone();
    view! {
        <section class="scroll" tabindex="0" aria-label=label>
            <table class="tbl">
                <caption class=quiet.then_some("vh")>{caption}{cut}</caption>
                <thead>
                    <tr>{header}</tr>
                </thead>
                <tbody>{body}</tbody>
            </table>
        </section>
    }
}
