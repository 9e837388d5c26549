//! A chart with its finding, its legend, its table, its note and its files.

use super::speech;
use crate::draw::chart::{Chart, mark_class};
use crate::node::{Element, Node, el};
use crate::texts::td_string;

/// What stands around a chart.
pub(crate) struct Figure<'a> {
    /// The chart.
    pub(crate) chart: &'a Chart,
    /// Whether it stands in a box.
    pub(crate) boxed: bool,
    /// The same data as a table.
    pub(crate) table: Element,
    /// A note under the chart; may be empty.
    pub(crate) note: String,
    /// The folder of its files, `/fr/viewer/_noctule`, and the query that they are asked with.
    pub(crate) files: (&'a str, &'a str),
}

impl Figure<'_> {
    /// The figure around the drawn chart.
    pub(crate) fn around(self, drawn: impl Into<Node>) -> Element {
        let (_, locale) = speech();
        let chart = self.chart;
        let caption = el("figcaption")
            .child(el("span").class("finding").text(chart.finding.clone()))
            .child(el("span").class("sub").text(chart.sub.clone()));
        let marks =
            chart.legend.iter().map(|(ink, name)| el("li").child(el("i").class(mark_class(*ink))).text(name.clone()));
        let legend = (!chart.legend.is_empty()).then(|| el("ul").class("legend").attr("role", "list").children(marks));
        let summary = el("summary").text(td_string!(locale, frame.figure.table));
        let table = el("details").class("table").child(summary).child(self.table);
        let (folder, query) = self.files;
        let file = |kind: &'static str, ending: &str| {
            el("a")
                .attr("href", format!("{folder}/{}.{ending}{query}", chart.name))
                .attr("download", "")
                .attr(
                    "aria-label",
                    td_string!(locale, frame.figure.file, kind, name = chart.scene.title.clone()).to_string(),
                )
                .text(kind)
        };
        let note = (!self.note.is_empty()).then(|| el("span").text(self.note));
        let foot =
            el("div").class("figfoot").child(table).child(file("SVG", "svg")).child(file("CSV", "csv")).maybe(note);
        el("figure")
            .class(if self.boxed { "fig panel" } else { "fig" })
            .child(caption)
            .maybe(legend)
            .child(drawn)
            .child(foot)
    }
}

/// How something is worked out, behind a question; a paragraph each.
pub(crate) fn how<const N: usize>(texts: [&str; N]) -> Element {
    let (_, locale) = speech();
    el("details")
        .class("why mt4")
        .child(el("summary").text(td_string!(locale, frame.figure.how)))
        .children(texts.map(|text| el("p").text(text.to_owned())))
}
