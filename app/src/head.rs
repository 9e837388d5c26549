//! The head of the document. The server writes it; the browser changes the title alone, which is what it shows.

/// What a page says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Head {
    /// The title.
    pub(crate) title: String,
    /// What search engines show; may be empty.
    pub(crate) description: String,
    /// What search engines may do; empty for all.
    pub(crate) robots: &'static str,
}

impl Head {
    /// Into the document being written.
    #[cfg(feature = "ssr")]
    pub(crate) fn write(self) {
        use leptos::prelude::*;
        use leptos_meta::{Link, Meta, Title};

        use crate::language::{Language, exchanged};

        // Titles are kept when made, the others when written; neither leaves anything in the body.
        let _ = view! { <Title text=self.title/> };
        for (name, content) in [("description", self.description), ("robots", self.robots.to_owned())] {
            if !content.is_empty() {
                let _ = view! { <Meta name=name content=content/> }.to_html();
            }
        }
        let location = leptos_router::hooks::use_location();
        let (path, query) = (location.pathname.get_untracked(), location.search.get_untracked());
        if crate::language::of_path(&path).is_some() {
            for of in [Language::French, Language::English] {
                let address = exchanged(&path, &query, of);
                let _ = view! { <Link rel="alternate" hreflang=of.code() href=address/> }.to_html();
            }
        }
    }

    /// Into the browser's document.
    #[cfg(not(feature = "ssr"))]
    pub(crate) fn write(self) {
        leptos::prelude::document().set_title(&self.title);
    }
}
