//! The strip that says what kind of data a page shows.

use super::speech;
use crate::facts::Facts;
use crate::node::{Element, el};
use crate::texts::td_string;

/// What a page is about.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum About {
    Site,
    Viewer,
    Channel,
}

/// Says that data are simulated; nothing on real data.
pub(crate) fn notice(about: About) -> Option<Element> {
    let (_, locale) = speech();
    let (bold, rest) = match about {
        About::Site => (td_string!(locale, frame.notice.bold), td_string!(locale, frame.notice.rest)),
        About::Viewer => (td_string!(locale, frame.notice.viewer_bold), td_string!(locale, frame.notice.viewer_rest)),
        About::Channel => (td_string!(locale, frame.notice.bold), td_string!(locale, frame.notice.channel_rest)),
    };
    let text = el("p").class("wrap").child(el("b").text(bold)).text(" ").text(rest);
    let strip = el("aside").class("notice").attr("aria-label", td_string!(locale, frame.notice.label)).child(text);
    Facts::current().simulated.then_some(strip)
}

/// A page: its notice and its main part.
pub(crate) fn page(about: About, main: Element) -> Element {
    el("div").maybe(notice(about)).child(main.attr("id", "main"))
}
