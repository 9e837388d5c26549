//! The strip that says what kind of data a page shows.

use leptos::prelude::*;

use super::speech;
use crate::facts::Facts;
use crate::texts::td_string;

/// What a page is about.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum About {
    Site,
    Viewer,
    Channel,
}

/// Says that data are simulated; nothing on real data.
#[component]
pub(crate) fn Notice(
    /// What the page is about.
    about: About,
) -> impl IntoView {
    let (_, locale) = speech();
    let (bold, rest) = match about {
        About::Site => (td_string!(locale, frame.notice.bold), td_string!(locale, frame.notice.rest)),
        About::Viewer => (td_string!(locale, frame.notice.viewer_bold), td_string!(locale, frame.notice.viewer_rest)),
        About::Channel => (td_string!(locale, frame.notice.bold), td_string!(locale, frame.notice.channel_rest)),
    };
    Facts::current().simulated.then(|| {
        view! {
            <aside class="notice" aria-label=td_string!(locale, frame.notice.label)>
                <p class="wrap"><b>{bold}</b>" "{rest}</p>
            </aside>
        }
    })
}
