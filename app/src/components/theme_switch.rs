//! The switch between themes: a form that works without JavaScript, at once with it.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos_router::hooks::use_location;

use super::icons::Halves;
use super::speech;
use crate::facts::Facts;
use crate::texts::td_string;
use crate::theme::Theme;

/// A button that goes to the next theme.
#[component]
pub(crate) fn ThemeSwitch() -> impl IntoView {
    let (_, locale) = speech();
    let theme = RwSignal::new(Facts::current().theme);
    let location = use_location();
    let back = move || {
        let search = location.search.get();
        let mark = if search.is_empty() || search.starts_with('?') { "" } else { "?" };
        format!("{}{mark}{search}", location.pathname.get())
    };
    let label = move || match theme.get().next() {
        Theme::Light => td_string!(locale, frame.theme.light),
        Theme::Dark => td_string!(locale, frame.theme.dark),
        Theme::Auto => td_string!(locale, frame.theme.auto),
    };
    let at_once = move |event: SubmitEvent| {
        event.prevent_default();
        let next = theme.get_untracked().next();
        show(next);
        theme.set(next);
    };
    view! {
        <form method="post" action="/theme" on:submit=at_once>
            <input type="hidden" name="back" value=back/>
            <button type="submit" name="theme" value=move || theme.get().next().as_str() aria-label=label title=label>
                <Halves/>
            </button>
        </form>
    }
}

/// Shows a theme and keeps it, as the server would.
fn show(theme: Theme) {
    use wasm_bindgen::JsCast as _;
    let document = document();
    if let Some(root) = document.document_element() {
        // An attribute of ours with one of three values: the browser cannot refuse it.
        let _ = match theme {
            Theme::Auto => root.remove_attribute("data-theme"),
            theme => root.set_attribute("data-theme", theme.as_str()),
        };
    }
    if let Ok(document) = document.dyn_into::<web_sys::HtmlDocument>() {
        // Where cookies are refused the theme lasts as long as the page.
        let _ = document.set_cookie(&theme.set_cookie());
    }
}
