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
pub(crate) mod search_form;
mod submit;

use leptos::prelude::use_context;
use model::format::Language;

use crate::language::{self, locale};
use crate::texts::Locale;

/// The language of the page being made, and its texts: the frame provides it.
pub(crate) fn speech() -> (Language, Locale) {
    let language = use_context::<Language>().unwrap_or(language::DEFAULT);
    (language, locale(language))
}
