//! The pages, one a file: from an answer to the head and the body of a document.

pub(crate) mod about;
mod by_hour;
pub(crate) mod channel;
#[cfg(feature = "ssr")]
pub(crate) mod channel_figures;
pub(crate) mod error;
#[cfg(feature = "ssr")]
mod evidence;
#[cfg(feature = "ssr")]
pub(crate) mod explore;
#[cfg(feature = "ssr")]
mod findings;
pub(crate) mod going;
#[cfg(feature = "ssr")]
pub(crate) mod habits;
pub(crate) mod home;
mod now;
pub(crate) mod search;
pub(crate) mod skeleton;
#[cfg(feature = "ssr")]
pub(crate) mod trace;
mod trust;
#[cfg(feature = "ssr")]
pub(crate) mod validation;
pub(crate) mod viewer;
mod visits;

use model::format::Language;

use crate::components::external;
use crate::node::{Element, el};

/// The way to a page of the server's, of the same person or channel.
fn way_on(address: String, text: &'static str) -> Element {
    el("p").class("mt4").child(external(address, text))
}

/// The folder of the files of the home page's charts.
fn charts(language: Language) -> String {
    format!("/{}/charts", language.code())
}
