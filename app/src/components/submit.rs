//! Forms at once: what the browser would send, done without loading a page. Without JavaScript the browser sends it.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use wasm_bindgen::JsCast as _;

use crate::theme::Theme;

/// From now on, forms that read lead to their page, and the theme's form changes the theme.
pub(crate) fn take_forms(theme: RwSignal<Theme>) {
    let navigate = use_navigate();
    Effect::new(move |_| {
        let navigate = navigate.clone();
        let handle = window_event_listener(leptos::ev::submit, move |event: SubmitEvent| {
            let Some(form) = event.target().and_then(|target| target.dyn_into::<web_sys::HtmlFormElement>().ok())
            else {
                return;
            };
            event.prevent_default();
            if form.method() == "post" {
                let next = theme.get_untracked().next();
                show(next);
                theme.set(next);
            } else if let Some(address) = address(&form) {
                let scroll = !form.has_attribute("data-noscroll");
                navigate(&address, NavigateOptions { scroll, ..NavigateOptions::default() });
            }
        });
        on_cleanup(move || handle.remove());
    });
    // A page that the browser kept comes back as it was; the theme may have changed since.
    Effect::new(move |_| {
        let handle = window_event_listener(leptos::ev::pageshow, move |_| {
            let cookies =
                document().dyn_into::<web_sys::HtmlDocument>().ok().and_then(|document| document.cookie().ok());
            let kept = Theme::from_cookies(&cookies.unwrap_or_default());
            if kept != theme.get_untracked() {
                paint(kept);
                theme.set(kept);
            }
        });
        on_cleanup(move || handle.remove());
    });
}

/// Where a form leads: its action with its fields as the query.
fn address(form: &web_sys::HtmlFormElement) -> Option<String> {
    let fields = web_sys::FormData::new_with_form(form).ok()?;
    let query = web_sys::UrlSearchParams::new_with_str_sequence_sequence(&fields).ok()?;
    Some(format!("{}?{}", form.get_attribute("action")?, String::from(query.to_string())))
}

/// Shows a theme.
fn paint(theme: Theme) {
    if let Some(root) = document().document_element() {
        // An attribute of ours with one of three values: the browser cannot refuse it.
        let _ = match theme {
            Theme::Auto => root.remove_attribute("data-theme"),
            theme => root.set_attribute("data-theme", theme.as_str()),
        };
    }
}

/// Shows a theme and keeps it, as the server would.
fn show(theme: Theme) {
    paint(theme);
    if let Ok(document) = document().dyn_into::<web_sys::HtmlDocument>() {
        // Where cookies are refused the theme lasts as long as the page.
        let _ = document.set_cookie(&theme.set_cookie());
    }
}
