//! The one table of what the program answers: who may ask, and who may keep the answer.
//!
//! The server applies it in one layer; its tests compare it with the routes of Leptos and of axum, so that a route
//! without an entry does not pass.

/// One route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Route {
    /// The path as axum writes it, `/{lang}/viewer/{login}`.
    pub path: &'static str,
    /// The method asked with.
    pub method: Method,
    /// Who answers.
    pub kind: Kind,
    /// Who may ask.
    pub access: Access,
    /// Who may keep the answer.
    pub cache: Cache,
}

/// Methods in use; `HEAD` follows `GET`, but at server functions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Reads.
    Get,
    /// Writes.
    Post,
}

/// Who answers a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A page of this crate.
    Page,
    /// A server function of this crate.
    ServerFn,
    /// A handler of the server.
    Handler,
}

/// Who may ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Anybody.
    Public,
    /// About one person: the store's access check decides; never indexed nor archived (`X-Robots-Tag`).
    ViewerPage,
    /// For the operator's machines.
    Internal,
}

/// Who may keep an answer, as `Cache-Control`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cache {
    /// Everybody, for good: the name changes with the content.
    Immutable,
    /// Everybody, for some seconds.
    Public {
        /// How long.
        seconds: u32,
    },
    /// The visitor's browser, which asks again each time: pages carry a nonce and follow cookies.
    Revalidate,
    /// Nobody: about a person.
    PrivateNoStore,
    /// Nobody: true now only.
    NoStore,
}

impl Cache {
    /// The value of `Cache-Control`.
    pub fn header(self) -> String {
        match self {
            Cache::Immutable => "public, max-age=31536000, immutable".to_owned(),
            Cache::Public { seconds } => format!("public, max-age={seconds}"),
            Cache::Revalidate => "private, no-cache".to_owned(),
            Cache::PrivateNoStore => "private, no-store".to_owned(),
            Cache::NoStore => "no-store".to_owned(),
        }
    }
}

/// Aggregates change with a sweep, every five minutes; a minute late is no harm.
const AGGREGATES: Cache = Cache::Public { seconds: 60 };
/// Files without a hash in their name.
const PLAIN_FILE: Cache = Cache::Public { seconds: 3_600 };

/// All routes of the program.
pub const ROUTES: &[Route] = &[
    page("/{lang}", Access::Public, Cache::Revalidate),
    page("/{lang}/about", Access::Public, Cache::Revalidate),
    page("/{lang}/search", Access::Public, Cache::PrivateNoStore),
    page("/{lang}/channel/{login}", Access::Public, Cache::Revalidate),
    page("/{lang}/channel/{login}/figures", Access::Public, Cache::Revalidate),
    page("/{lang}/explore", Access::Public, Cache::Revalidate),
    page("/{lang}/validation", Access::Public, Cache::Revalidate),
    page("/{lang}/viewer/{login}", Access::ViewerPage, Cache::PrivateNoStore),
    page("/{lang}/viewer/{login}/habits", Access::ViewerPage, Cache::PrivateNoStore),
    page("/{lang}/viewer/{login}/trace", Access::ViewerPage, Cache::PrivateNoStore),
    server_fn("/api/home", Access::Public, AGGREGATES),
    server_fn("/api/search", Access::Public, Cache::PrivateNoStore),
    server_fn("/api/channel_day", Access::Public, AGGREGATES),
    server_fn("/api/channel_figures", Access::Public, AGGREGATES),
    server_fn("/api/explore", Access::Public, AGGREGATES),
    server_fn("/api/viewer_day", Access::ViewerPage, Cache::PrivateNoStore),
    server_fn("/api/viewer_habits", Access::ViewerPage, Cache::PrivateNoStore),
    server_fn("/api/viewer_trace", Access::ViewerPage, Cache::PrivateNoStore),
    handler("/{lang}/charts/{file}", Method::Get, Access::Public, AGGREGATES),
    handler("/{lang}/channel/{login}/{file}", Method::Get, Access::Public, AGGREGATES),
    handler("/{lang}/viewer/{login}/{file}", Method::Get, Access::ViewerPage, Cache::PrivateNoStore),
    handler("/", Method::Get, Access::Public, Cache::NoStore),
    handler("/search", Method::Get, Access::Public, Cache::PrivateNoStore),
    handler("/theme", Method::Post, Access::Public, Cache::NoStore),
    handler("/pkg/{*file}", Method::Get, Access::Public, Cache::Immutable),
    handler("/favicon.svg", Method::Get, Access::Public, PLAIN_FILE),
    // Asked for by their names, whatever a page says.
    handler("/favicon.ico", Method::Get, Access::Public, PLAIN_FILE),
    handler("/apple-touch-icon.png", Method::Get, Access::Public, PLAIN_FILE),
    handler("/robots.txt", Method::Get, Access::Public, PLAIN_FILE),
    handler("/healthz", Method::Get, Access::Internal, Cache::NoStore),
    handler("/readyz", Method::Get, Access::Internal, Cache::NoStore),
];

const fn page(path: &'static str, access: Access, cache: Cache) -> Route {
    Route { path, method: Method::Get, kind: Kind::Page, access, cache }
}

const fn server_fn(path: &'static str, access: Access, cache: Cache) -> Route {
    Route { path, method: Method::Get, kind: Kind::ServerFn, access, cache }
}

const fn handler(path: &'static str, method: Method, access: Access, cache: Cache) -> Route {
    Route { path, method, kind: Kind::Handler, access, cache }
}

/// The entry of a route, by the template that matched.
pub fn route(path: &str, method: Method) -> Option<&'static Route> {
    ROUTES.iter().find(|route| route.path == path && route.method == method)
}

/// The pages that Leptos answers, listed once in a process and before any page is asked for.
///
/// While Leptos lists, resources of the whole process do not load, and one first polled meanwhile, on whatever thread,
/// never does: its page waits for ever (leptos issue 4773). So nobody else lists (`clippy.toml` forbids it), and
/// whoever serves pages calls this first. It also starts what Leptos spawns its tasks on.
#[cfg(feature = "ssr")]
pub fn pages() -> &'static [leptos_axum::AxumRouteListing] {
    use std::sync::LazyLock;
    #[allow(clippy::disallowed_methods, reason = "here, once")]
    static PAGES: LazyLock<Vec<leptos_axum::AxumRouteListing>> =
        LazyLock::new(|| leptos_axum::generate_route_list(crate::App));
    &PAGES
}
