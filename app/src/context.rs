//! What the server gives to pages and server functions.

use std::sync::Arc;

use leptos::prelude::use_context;
use store::AnyStore;
use store::access::ViewerPages;

use crate::crowd::Crowd;
use crate::data::KeptDays;
use crate::error::PageError;

/// The running site, provided through Leptos' context to every page and server function. Cheap to clone.
#[derive(Clone)]
pub struct Site {
    /// Where all data are.
    pub store: Arc<AnyStore>,
    /// Who may open a viewer's page.
    pub viewer_pages: ViewerPages,
    /// The IANA zone of pages that name none, `Europe/Paris`; must be known to jiff.
    pub default_zone: Arc<str>,
    /// Virtual now, Unix time in seconds.
    pub clock: Arc<dyn Fn() -> i64 + Send + Sync>,
    /// The built files.
    pub assets: Arc<Assets>,
    /// Invented people to try, in the order shown; empty on real data.
    pub personas: Arc<[PersonaCard]>,
    /// Who runs this site.
    pub operator: Arc<Operator>,
    /// Whether the channels collected speak French, so that viewers are looked for where it is spoken; else half of them in the site's zone.
    pub french: bool,
    /// How many of the most watched channels a sweep follows at most; nothing where this program does not collect.
    pub top: Option<u32>,
    /// How long what is about people is kept.
    pub kept: KeptDays,
    /// Everybody of the last weeks, by key.
    pub crowd: Crowd,
}

/// Addresses of the built files, from the site's manifest.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Assets {
    /// The script of the bindings, `/pkg/vigie.1a2b.js`.
    pub js: String,
    /// The program for the browser, `/pkg/vigie.1a2b.wasm`.
    pub wasm: String,
    /// The style sheet.
    pub css: String,
    /// Fonts of the first paint.
    pub preload_fonts: Vec<String>,
    /// The icon; empty for none.
    pub icon: String,
}

/// An invented person, as the home page introduces them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonaCard {
    /// Their login, with its leading `_`.
    pub login: String,
    /// Who they are, in French.
    pub fr: String,
    /// Who they are, in English.
    pub en: String,
}

/// Who runs the site; empty texts are not shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Operator {
    /// Their name.
    pub name: String,
    /// An address of theirs: electronic, or of a page.
    pub contact: String,
}

/// The number of the request, `x-request-id`: provide it beside [`Site`], and pages of errors show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestId(pub String);

impl Site {
    /// The site of the request being answered. Errors: nobody provided one, which is a fault of the server.
    pub fn current() -> Result<Site, PageError> {
        use_context::<Site>().ok_or_else(|| PageError::internal(&"no site in the context"))
    }

    /// Virtual now, Unix time in seconds.
    pub fn now(&self) -> i64 {
        (self.clock)()
    }
}
