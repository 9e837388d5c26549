//! What every page has to know and no address tells: the server writes it on `<html>`, the browser reads it there, so
//! that both make the same page.

use leptos::prelude::use_context;
use model::format::Language;

use crate::data::KeptDays;
use crate::language;
use crate::theme::Theme;

/// Facts of the site and of the visit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Facts {
    /// Whether everybody on the site is invented.
    pub(crate) simulated: bool,
    /// Who runs the site; may be empty.
    pub(crate) operator: String,
    /// How to reach them; may be empty.
    pub(crate) contact: String,
    /// How long what is about people is kept.
    pub(crate) kept: KeptDays,
    /// The theme chosen.
    pub(crate) theme: Theme,
    /// The language of a page whose address has none.
    pub(crate) language: Language,
}

impl Facts {
    /// The facts of the page being made.
    pub(crate) fn current() -> Facts {
        use_context().unwrap_or_else(Facts::read)
    }

    /// From the site and the request. While routes are listed there is neither.
    #[cfg(feature = "ssr")]
    pub(crate) fn read() -> Facts {
        use axum::http::header;
        use model::words::Origin;
        use store::Store as _;

        let Some(site) = use_context::<crate::context::Site>() else { return Facts::default() };
        let request = use_context::<axum::http::request::Parts>();
        let header = |name: header::HeaderName| {
            request
                .as_ref()
                .and_then(|parts| parts.headers.get(name)?.to_str().ok().map(str::to_owned))
                .unwrap_or_default()
        };
        let path = request.as_ref().map_or("", |parts| parts.uri.path());
        Facts {
            simulated: site.store.origin() == Origin::Simulated,
            operator: site.operator.name.clone(),
            contact: site.operator.contact.clone(),
            kept: site.kept,
            theme: Theme::from_cookies(&header(header::COOKIE)),
            language: language::of_path(path).unwrap_or_else(|| language::accepted(&header(header::ACCEPT_LANGUAGE))),
        }
    }

    /// From `<html>`, where the shell wrote them.
    #[cfg(not(feature = "ssr"))]
    pub(crate) fn read() -> Facts {
        let root = leptos::prelude::document().document_element();
        let attribute = |name: &str| root.as_ref().and_then(|root| root.get_attribute(name)).unwrap_or_default();
        let days = |name| attribute(name).parse().unwrap_or_default();
        Facts {
            simulated: attribute("data-origin") == "simulated",
            operator: attribute("data-operator"),
            contact: attribute("data-contact"),
            kept: KeptDays { slots: days("data-slot-days"), hours: days("data-hour-days") },
            theme: Theme::parse(&attribute("data-theme")).unwrap_or_default(),
            language: Language::from_code(&attribute("lang")).unwrap_or(language::DEFAULT),
        }
    }
}
