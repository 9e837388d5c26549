//! Figures with their names and what makes them understood.

use crate::node::{Element, el};

/// A figure: its name, its value, and a line below.
pub(crate) type Fact = (&'static str, String, String);

/// Figures in a row, or two a row where there is little room.
pub(crate) fn fact_list(class: &'static str, facts: impl IntoIterator<Item = Fact>) -> Element {
    el("dl").class(class).children(facts.into_iter().map(|(name, value, small)| {
        let value = el("dd").text(value).child(el("small").text(small));
        el("div").child(el("dt").text(name)).child(value)
    }))
}
