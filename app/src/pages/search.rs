//! `/{lang}/search?q=`: to the channel's page if it is one that we follow, else to the viewer's; what is no login is said
//! beside the field.

use leptos::prelude::*;
use leptos_meta::{Meta, Title};
use leptos_router::hooks::use_query_map;

use crate::components::error_view::{ErrorView, login_words};
use crate::components::notice::{About, Notice};
use crate::components::remote::Compact;
use crate::components::search_form::SearchForm;
use crate::components::skeleton::Skeleton;
use crate::components::speech;
use crate::data::search::Found;
use crate::error::PageError;
use crate::server_fns::get_search;
use crate::texts::td_string;

/// The search.
#[component]
pub(crate) fn SearchPage() -> impl IntoView {
    let query = use_query_map();
    let typed = Memo::new(move |_| query.with(|query| query.get("q")));
    let found: Resource<Result<Option<Found>, PageError>, Compact> = Resource::new_with_options(
        move || typed.get(),
        |typed| async move {
            match typed {
                Some(typed) => get_search(typed).await.map(Some),
                None => Ok(None),
            }
        },
        false,
    );
    #[cfg(not(feature = "ssr"))]
    let navigate = leptos_router::hooks::use_navigate();
    let shown = move || {
        #[cfg(not(feature = "ssr"))]
        let navigate = navigate.clone();
        Suspend::new(async move {
            let typed = typed.get_untracked().unwrap_or_default();
            match found.await {
                Ok(Some(found)) => {
                    let (language, _) = speech();
                    let path = format!("/{}/{}", language.code(), found.path());
                    #[cfg(feature = "ssr")]
                    see_other(&path);
                    #[cfg(not(feature = "ssr"))]
                    navigate(&path, leptos_router::NavigateOptions { replace: true, ..Default::default() });
                    view! { <Going found path/> }.into_any()
                }
                Ok(None) => view! { <Search typed=typed wrong=None/> }.into_any(),
                Err(PageError::Login(error)) => {
                    let (_, locale) = speech();
                    view! { <Search typed wrong=Some(login_words(locale, error))/> }.into_any()
                }
                Err(error) => view! { <ErrorView error/> }.into_any(),
            }
        })
    };
    view! { <Transition fallback=Skeleton>{shown}</Transition> }
}

/// The form by itself.
#[component]
fn Search(
    /// What was typed.
    typed: String,
    /// What is wrong with it.
    wrong: Option<&'static str>,
) -> impl IntoView {
    let (_, locale) = speech();
    view! {
        <Title text=td_string!(locale, errors.search.title)/>
        <Meta name="robots" content="noindex"/>
        <Notice about=About::Site/>
        <main id="main">
            <div class="wrap hero">
                <h1>{td_string!(locale, errors.search.h)}</h1>
                <p class="lede">{td_string!(locale, errors.search.lede)}</p>
                <SearchForm typed wrong/>
            </div>
        </main>
    }
}

/// What a browser shows that does not follow by itself.
#[component]
fn Going(found: Found, path: String) -> impl IntoView {
    let (_, locale) = speech();
    let (Found::Channel(login) | Found::Viewer(login)) = found;
    view! {
        <Title text=td_string!(locale, errors.search.title)/>
        <main id="main">
            <p class="wrap hero">
                <a href=path>{td_string!(locale, errors.search.going, login = login.to_string()).to_string()}</a>
            </p>
        </main>
    }
}

#[cfg(feature = "ssr")]
fn see_other(path: &str) {
    use axum::http::{HeaderValue, StatusCode, header};
    // A path of a language and a login is a valid value.
    let (Some(response), Ok(location)) = (use_context::<leptos_axum::ResponseOptions>(), HeaderValue::from_str(path))
    else {
        return;
    };
    response.set_status(StatusCode::SEE_OTHER);
    response.insert_header(header::LOCATION, location);
}
