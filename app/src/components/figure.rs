//! A chart with its finding, its legend, its table and its note.

use leptos::prelude::*;

use super::speech;
use crate::texts::td_string;

/// A mark of a legend and its name.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Mark {
    /// Class of the mark: empty for the main colour.
    pub(crate) class: &'static str,
    /// What it stands for.
    pub(crate) name: String,
}

impl Mark {
    pub(crate) fn new(class: &'static str, name: impl Into<String>) -> Mark {
        Mark { class, name: name.into() }
    }
}

/// The figure around a chart.
#[component]
pub(crate) fn Figure(
    /// The finding, computed from the data.
    finding: String,
    /// What is shown, of what period.
    sub: String,
    /// What marks stand for.
    #[prop(optional)]
    legend: Vec<Mark>,
    /// Whether it stands in a box.
    #[prop(optional)]
    boxed: bool,
    /// The same data as a table.
    #[prop(optional)]
    table: Option<AnyView>,
    /// A note under the chart.
    #[prop(optional, into)]
    note: String,
    /// The chart.
    children: Children,
) -> impl IntoView {
    let (_, locale) = speech();
    view! {
        <figure class=if boxed { "fig panel" } else { "fig" }>
            <figcaption>
                <span class="finding">{finding}</span>
                <span class="sub">{sub}</span>
            </figcaption>
            {(!legend.is_empty())
                .then(|| {
                    view! {
                        <ul class="legend" role="list">
                            {legend
                                .into_iter()
                                .map(|mark| view! { <li><i class=mark.class></i>{mark.name}</li> })
                                .collect_view()}
                        </ul>
                    }
                })}
            {children()}
            <div class="figfoot">
                {table
                    .map(|table| {
                        view! {
                            <details>
                                <summary>{td_string!(locale, frame.figure.table)}</summary>
                                {table}
                            </details>
                        }
                    })}
                {(!note.is_empty()).then(|| view! { <span>{note}</span> })}
            </div>
        </figure>
    }
}

/// A chart that nobody moves along. Its strings are escaped by `charts`.
#[component]
pub(crate) fn Svg(
    /// The chart.
    svg: String,
) -> impl IntoView {
    view! { <div class="plot" inner_html=svg></div> }
}
