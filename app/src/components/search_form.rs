//! The search box: a form that works without JavaScript.

use leptos::prelude::*;
use leptos_router::components::Form;

use super::icons::{Icon, LENS};
use super::speech;
use crate::texts::td_string;

/// Longer texts are no address of Twitch; the login within may have 25 characters.
const TYPED_MAX: &str = "200";

/// One field, one button; what was typed is kept, and what is wrong with it is said beside it.
#[component]
pub(crate) fn SearchForm(
    /// What was typed.
    #[prop(optional, into)]
    typed: String,
    /// What is wrong with it.
    #[prop(optional_no_strip)]
    wrong: Option<&'static str>,
) -> impl IntoView {
    let (language, locale) = speech();
    view! {
        <search>
            <Form method="get" action=format!("/{}/search", language.code()) attr:class="search mt6">
                <label class="vh" for="q">{td_string!(locale, frame.find.label)}</label>
                <input
                    class="input"
                    id="q"
                    name="q"
                    type="text"
                    value=typed
                    placeholder=td_string!(locale, frame.find.placeholder)
                    autocomplete="off"
                    autocapitalize="none"
                    spellcheck="false"
                    maxlength=TYPED_MAX
                    aria-invalid=wrong.map(|_| "true")
                    aria-describedby=if wrong.is_some() { "q-wrong q-hint" } else { "q-hint" }
                />
                <button class="btn primary" type="submit">
                    <Icon path=LENS/>
                    {td_string!(locale, frame.find.button)}
                </button>
            </Form>
        </search>
        {wrong.map(|wrong| view! { <p class="wrong mt4" id="q-wrong" role="alert">{wrong}</p> })}
        <p class="hint mt4" id="q-hint">{td_string!(locale, frame.find.hint)}</p>
    }
}
