//! "Do we get it right?": what is held of each day, and how long the work takes.

use crate::components::chart_table::{Rows, chart_table};
use crate::components::figure::Figure;
use crate::components::speech;
use crate::data::home::Home;
use crate::draw::chart::Chart;
use crate::draw::home as draw;
use crate::node::{Element, chart, el};
use crate::texts::td_string;

/// The calendar of samples and the times of imports.
pub(crate) fn section(home: &Home) -> Element {
    let (language, locale) = speech();
    let files = super::charts(language);
    let figure = |shown: &Chart, caption: &str| {
        let table = chart_table(caption.to_owned(), shown, Rows::All);
        let figure = Figure { chart: shown, boxed: false, table, note: String::new(), files: (&files, "") };
        figure.around(chart(shown.scene.to_svg()))
    };
    let days = figure(
        &draw::held(language, &home.calendar, home.calendar_from),
        td_string!(locale, home.right.calendar_title),
    );
    let times = figure(&draw::took(language, home), td_string!(locale, home.right.took_title));
    let header = el("header")
        .child(el("h2").attr("id", "right-h").text(td_string!(locale, home.right.h)))
        .child(el("p").text(td_string!(locale, home.right.sub)))
        .child(el("p").child(super::validation_link()));
    el("section")
        .class("wrap section")
        .attr("aria-labelledby", "right-h")
        .child(header)
        .child(el("div").class("cols-2").child(days).child(times))
}
