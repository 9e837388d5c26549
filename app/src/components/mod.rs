//! Parts of pages: each makes one thing, from typed arguments and without a clock.

pub(crate) mod chart_table;
pub(crate) mod data_table;
pub(crate) mod day_bar;
pub(crate) mod fact_list;
pub(crate) mod figure;
pub(crate) mod frame;
pub(crate) mod icons;
pub(crate) mod notice;
pub(crate) mod plot;
#[cfg(feature = "ssr")]
pub(crate) mod ranged;
pub(crate) mod search_form;
#[cfg(feature = "ssr")]
pub(crate) mod shown;
mod submit;

use leptos::prelude::{GetUntracked as _, use_context};
use leptos_router::hooks::use_location;
use model::format::Language;

use crate::language::{self, locale};
use crate::node::{Element, el};
use crate::texts::Locale;

/// The address of the page being made.
pub(crate) fn here() -> String {
    let location = use_location();
    address(&location.pathname.get_untracked(), &location.search.get_untracked())
}

/// A path with a query, which may come with its mark or without.
pub(crate) fn address(path: &str, query: &str) -> String {
    match query.trim_start_matches('?') {
        "" => path.to_owned(),
        query => format!("{path}?{query}"),
    }
}

/// A link to a whole page, which is asked of the server: the browser's program does not draw it, or is to begin anew.
pub(crate) fn external(address: String, text: &'static str) -> Element {
    el("a").attr("href", address).attr("rel", "external").text(text)
}

/// The language of the page being made, and its texts: the frame provides it.
pub(crate) fn speech() -> (Language, Locale) {
    let language = use_context::<Language>().unwrap_or(language::DEFAULT);
    (language, locale(language))
}
