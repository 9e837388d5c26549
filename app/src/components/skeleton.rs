//! What stands where a page will be: of its size, so that nothing moves.

use leptos::prelude::*;

use super::speech;
use crate::texts::td_string;

/// A page on its way.
#[component]
pub(crate) fn Skeleton() -> impl IntoView {
    let (_, locale) = speech();
    view! {
        <main id="main" class="wait" aria-busy="true">
            <div class="wrap hero">
                <p class="vh" role="status">{td_string!(locale, frame.loading)}</p>
                <div class="ghost line"></div>
                <div class="ghost head"></div>
                <div class="ghost text"></div>
            </div>
            <div class="wrap section">
                <div class="ghost block"></div>
            </div>
        </main>
    }
}
