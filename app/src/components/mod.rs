//! Components: each does one thing, with typed properties and no clock.

pub(crate) mod chart_table;
pub(crate) mod data_table;
pub(crate) mod day_bar;
pub(crate) mod error_view;
pub(crate) mod fact_list;
pub(crate) mod figure;
pub(crate) mod frame;
pub(crate) mod icons;
pub(crate) mod notice;
pub(crate) mod plot;
pub(crate) mod remote;
pub(crate) mod search_form;
pub(crate) mod skeleton;
pub(crate) mod theme_switch;
mod whole;

use leptos::prelude::use_context;
use model::format::Language;

use crate::language::{self, locale};
use crate::texts::Locale;

/// The language of the page being made, and its texts: the frame provides it.
pub(crate) fn speech() -> (Language, Locale) {
    let language = use_context::<Language>().unwrap_or(language::DEFAULT);
    (language, locale(language))
}
