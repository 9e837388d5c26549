//! Parts of pages that the server alone draws: a chart, how something is worked out, that there is nothing.

use charts::scene::Scene;

use super::speech;
use crate::draw::chart::{Mark, mark_class, unobserved};
use crate::node::{Element, chart, el};
use crate::texts::td_string;

/// A chart with its words and its data. It has no files.
pub(crate) struct Shown {
    /// The finding, computed from the data.
    pub(crate) finding: String,
    /// What is shown, of what period; may be empty.
    pub(crate) sub: String,
    /// What marks stand for.
    pub(crate) legend: Vec<Mark>,
    /// The chart.
    pub(crate) scene: Scene,
    /// The same data as a table.
    pub(crate) table: Element,
}

impl From<Shown> for Element {
    fn from(shown: Shown) -> Element {
        let (_, locale) = speech();
        let sub = (!shown.sub.is_empty()).then(|| el("span").class("sub").text(shown.sub));
        let caption = el("figcaption").child(el("span").class("finding").text(shown.finding)).maybe(sub);
        let marks =
            shown.legend.iter().map(|(ink, name)| el("li").child(el("i").class(mark_class(*ink))).text(name.clone()));
        let legend = (!shown.legend.is_empty()).then(|| el("ul").class("legend").attr("role", "list").children(marks));
        let summary = el("summary").text(td_string!(locale, frame.figure.table));
        let table = el("details").class("table").child(summary).child(shown.table);
        el("figure")
            .class("fig")
            .child(caption)
            .maybe(legend)
            .child(chart(shown.scene.to_svg()))
            .child(el("div").class("figfoot").child(table))
    }
}

/// What a legend says of hatching, where any of the chart is.
pub(crate) fn hatched(any: bool) -> Option<Mark> {
    any.then(|| unobserved(speech().0))
}

/// That there is nothing to show, and why.
pub(crate) fn none(text: impl Into<String>) -> Element {
    let text: String = text.into();
    el("p").class("measure muted").text(text)
}
