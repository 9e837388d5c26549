//! On to the page that a search found: the server sends there, the browser goes.

use crate::components::speech;
use crate::data::search::Found;
use crate::head::Head;
use crate::node::{Node, el};
use crate::texts::td_string;

/// The path of what was found.
pub(crate) fn path(found: &Found) -> String {
    let (language, _) = speech();
    format!("/{}/{}", language.code(), found.path())
}

/// What a browser shows that does not follow by itself.
pub(crate) fn page(found: &Found) -> (Head, Node) {
    let (_, locale) = speech();
    let (Found::Channel(login) | Found::Viewer(login)) = found;
    let text = td_string!(locale, errors.search.going, login = login.to_string()).to_string();
    let link = el("p").class("wrap hero").child(el("a").attr("href", path(found)).text(text));
    let title = td_string!(locale, errors.search.title).to_owned();
    (Head { title, ..Head::default() }, el("main").attr("id", "main").child(link).into())
}

/// What leads there: 303 and the address.
#[cfg(feature = "ssr")]
pub(crate) fn follower() -> impl Fn(&str) + Clone + Send + Sync + 'static {
    use axum::http::{HeaderValue, StatusCode, header};
    use leptos::prelude::use_context;

    |path: &str| {
        // A path of a language and a login is a valid value.
        let response = use_context::<leptos_axum::ResponseOptions>();
        if let (Some(response), Ok(location)) = (response, HeaderValue::from_str(path)) {
            response.set_status(StatusCode::SEE_OTHER);
            response.insert_header(header::LOCATION, location);
        }
    }
}

/// What leads there: the router, in place of the search.
#[cfg(not(feature = "ssr"))]
pub(crate) fn follower() -> impl Fn(&str) + Clone + Send + Sync + 'static {
    let navigate = leptos_router::hooks::use_navigate();
    move |path: &str| navigate(path, leptos_router::NavigateOptions { replace: true, ..Default::default() })
}
