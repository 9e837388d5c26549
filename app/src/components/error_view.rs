//! Pages of errors: the same frame, both languages, one way on.

use leptos::prelude::*;
use leptos_meta::{Meta, Title};
use leptos_router::hooks::use_location;
use model::login::LoginError;

use super::notice::{About, Notice};
use super::search_form::SearchForm;
use super::speech;
use crate::error::PageError;
use crate::texts::{Locale, td_string};

/// No such page.
#[component]
pub(crate) fn NotFound() -> impl IntoView {
    view! { <ErrorView error=PageError::NotFound.told()/> }
}

/// An error as people are told it. Whoever made it has set the status.
#[component]
pub(crate) fn ErrorView(
    /// What happened.
    error: PageError,
) -> impl IntoView {
    let (language, locale) = speech();
    let (heading, text) = words(locale, &error);
    let request = match &error {
        PageError::Internal { request } if !request.is_empty() => Some(request.clone()),
        _ => None,
    };
    let wrong = match &error {
        PageError::Login(error) => Some(login_words(locale, *error)),
        _ => None,
    };
    let location = use_location();
    let here = move || format!("{}{}", location.pathname.get(), location.search.get());
    let again = matches!(error, PageError::Internal { .. } | PageError::Offline | PageError::SettingUp);
    let search = matches!(error, PageError::NotFound | PageError::Login(_));
    view! {
        <Title text=td_string!(locale, errors.title, what = heading).to_string()/>
        <Meta name="robots" content="noindex"/>
        <Notice about=About::Site/>
        <main id="main">
            <div class="wrap hero">
                <p class="kicker">{error.status()}</p>
                <h1>{heading}</h1>
                {(!text.is_empty()).then(|| view! { <p class="lede">{text}</p> })}
                {request.map(|id| view! { <p class="hint mt4">{td_string!(locale, errors.internal.request, id).to_string()}</p> })}
                {search.then(|| view! { <SearchForm wrong/> })}
                <p class="toolbar mt6">
                    {again.then(|| view! { <a class="btn primary" href=here rel="external">{td_string!(locale, errors.retry)}</a> })}
                    <a class="btn" href=format!("/{}", language.code())>{td_string!(locale, errors.home)}</a>
                </p>
            </div>
        </main>
    }
}

fn words(locale: Locale, error: &PageError) -> (&'static str, &'static str) {
    match error {
        PageError::NotFound => (td_string!(locale, errors.found.h), td_string!(locale, errors.found.text)),
        PageError::Login(_) => (td_string!(locale, errors.login.h), ""),
        PageError::Malformed => (td_string!(locale, errors.malformed.h), td_string!(locale, errors.malformed.text)),
        PageError::SettingUp => (td_string!(locale, errors.setting.h), td_string!(locale, errors.setting.text)),
        PageError::Internal { .. } => (td_string!(locale, errors.internal.h), td_string!(locale, errors.internal.text)),
        PageError::Offline => (td_string!(locale, errors.offline.h), td_string!(locale, errors.offline.text)),
    }
}

/// What is wrong with a login.
pub(crate) fn login_words(locale: Locale, error: LoginError) -> &'static str {
    match error {
        LoginError::Empty => td_string!(locale, errors.login.empty),
        LoginError::TooLong => td_string!(locale, errors.login.long),
        LoginError::Character => td_string!(locale, errors.login.character),
    }
}
