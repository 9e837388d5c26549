//! The texts of the site, from `locales/`; `build.rs` writes them as code.

#![allow(missing_docs, clippy::pedantic, clippy::all, unused, rust_2018_idioms)]

include!(concat!(env!("OUT_DIR"), "/i18n.rs"));

pub(crate) use i18n::*;
pub(crate) use leptos_i18n::td_string;
