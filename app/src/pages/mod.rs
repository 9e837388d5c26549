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

use crate::components::{external, speech};
use crate::node::{Element, el};
use crate::query::{Asked, DayQuery, ZoneName};
use crate::texts::td_string;

/// The way to a page of the server's, of the same person or channel.
fn way_on(address: String, text: &'static str) -> Element {
    el("p").class("mt4").child(external(address, text))
}

/// The zone asked for, as a query of another view of the same person.
fn in_zone(zone: &Asked<ZoneName>) -> String {
    DayQuery { day: Asked::Nothing, zone: zone.clone() }.to_string()
}

/// The way to what inferences are worth.
fn validation_link() -> Element {
    let (language, locale) = speech();
    external(format!("/{}/validation", language.code()), td_string!(locale, validation.link))
}

/// The folder of the files of the home page's charts.
fn charts(language: Language) -> String {
    format!("/{}/charts", language.code())
}
