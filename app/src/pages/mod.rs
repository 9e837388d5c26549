//! The pages, one a file: from an answer to the head and the body of a document.

pub(crate) mod about;
mod by_hour;
pub(crate) mod channel;
#[cfg(feature = "ssr")]
pub(crate) mod channel_figures;
pub(crate) mod error;
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
pub(crate) mod viewer;
mod visits;

use model::format::Language;

/// The folder of the files of the home page's charts.
fn charts(language: Language) -> String {
    format!("/{}/charts", language.code())
}
