//! Figures with their names and what makes them understood.

use leptos::prelude::*;

/// A figure: its name, its value, and a line below.
pub(crate) type Fact = (&'static str, String, String);

/// Figures in a row, or two a row where there is little room.
#[component]
pub(crate) fn FactList(
    /// The figures.
    facts: Vec<Fact>,
    /// Whether they are the page's main matter.
    #[prop(optional)]
    big: bool,
) -> impl IntoView {
    let facts = facts
        .into_iter()
        .map(|(name, value, small)| view! { <div><dt>{name}</dt><dd>{value}<small>{small}</small></dd></div> })
        .collect_view();
    view! { <dl class=if big { "facts big mb6" } else { "facts mt6" }>{facts}</dl> }
}
