//! The website's HTTP: pages and server functions of `app`, files, and what holds for every request.

use std::any::Any;
use std::path::Path;
use std::time::Duration;

use app::context::{RequestId, Site};
use app::error::PageError;
use app::routes::{self, ROUTES};
use app::shell;
use axum::Router;
use axum::extract::{FromRef, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{MethodRouter, get, get_service, post};
use leptos::config::LeptosOptions;
use leptos::prelude::{provide_context, use_context};
use leptos_axum::{LeptosRoutes as _, render_app_async_with_context};
use tower::limit::GlobalConcurrencyLimitLayer;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::request_id::{MakeRequestUuid, PropagateRequestIdLayer, SetRequestIdLayer};
use tower_http::services::{ServeDir, ServeFile};
use tower_http::timeout::TimeoutLayer;

mod files;
mod guard;
mod plain;
mod policy;

pub use plain::{Health, STALE_SECONDS, readiness};

/// Pages and charts made at once; more wait. Each may hold a few hundred rows.
const REQUESTS_MAX: usize = 256;
/// The largest body taken: the theme's form has two short fields.
const BODY_MAX: usize = 4_096;
/// Nothing of ours takes seconds; what does is stuck.
const ANSWER_MAX: Duration = Duration::from_secs(20);

/// What handlers share.
#[derive(Clone)]
struct AppState {
    options: LeptosOptions,
    site: Site,
    health: Health,
}

impl FromRef<AppState> for LeptosOptions {
    fn from_ref(state: &AppState) -> LeptosOptions {
        state.options.clone()
    }
}

impl FromRef<AppState> for Site {
    fn from_ref(state: &AppState) -> Site {
        state.site.clone()
    }
}

impl FromRef<AppState> for Health {
    fn from_ref(state: &AppState) -> Health {
        state.health
    }
}

/// The whole website. `folder` holds the built site.
pub fn router(site: Site, health: Health, folder: &Path) -> Router {
    let options = LeptosOptions::builder().output_name("vigie").build();
    let state = AppState { options, site: site.clone(), health };
    let context = {
        let site = site.clone();
        move || {
            provide_context(site.clone());
            if let Some(id) = use_context::<Parts>().as_ref().and_then(request_id) {
                provide_context(RequestId(id));
            }
        }
    };
    let page = {
        let site = site.clone();
        move || shell(&site)
    };
    let lost = render_app_async_with_context(context.clone(), page.clone());
    // What is not named as a file is looks for a page: it gets the one that says that there is none.
    let no_file = {
        let lost = lost.clone();
        move |request: Request, next: Next| {
            let lost = lost.clone();
            async move {
                if app::files::is_named(request.uri().path()) {
                    next.run(request).await
                } else {
                    elsewhere(request, lost).await
                }
            }
        }
    };
    let from_the_store = Router::new()
        .listed("/{lang}/charts/{file}", get(files::of_home))
        .listed("/{lang}/channel/{login}/{file}", get(files::of_channel))
        .listed("/{lang}/viewer/{login}/{file}", get(files::of_viewer))
        .route_layer(from_fn(no_file))
        .leptos_routes_with_context(&state, routes::pages().to_vec(), context, page)
        .fallback(move |request| async move { elsewhere(request, lost).await })
        .layer(GlobalConcurrencyLimitLayer::new(REQUESTS_MAX));
    // Neither files nor health wait for pages.
    Router::new()
        .listed("/", get(plain::root))
        .listed("/search", get(plain::search))
        .listed("/theme", post(plain::theme))
        .listed("/healthz", get(plain::healthz))
        .listed("/readyz", get(plain::readyz))
        .listed("/pkg/{*file}", get_service(ServeDir::new(folder).precompressed_br().precompressed_gzip()))
        .listed("/favicon.svg", get_service(ServeFile::new(folder.join("favicon.svg"))))
        .listed("/favicon.ico", get_service(ServeFile::new(folder.join("favicon.ico"))))
        .listed("/apple-touch-icon.png", get_service(ServeFile::new(folder.join("apple-touch-icon.png"))))
        .listed("/robots.txt", get_service(ServeFile::new(folder.join("robots.txt"))))
        .merge(from_the_store)
        .layer(CompressionLayer::new().br(true).gzip(true))
        .layer(RequestBodyLimitLayer::new(BODY_MAX))
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, ANSWER_MAX))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn(guard::bounded_address))
        .layer(from_fn(policy::applied))
        .layer(from_fn(guard::defended))
        .layer(from_fn(guard::traced))
        .layer(PropagateRequestIdLayer::new(guard::REQUEST_ID))
        .layer(SetRequestIdLayer::new(guard::REQUEST_ID, MakeRequestUuid))
        .layer(from_fn(guard::unnumbered))
        .with_state(state)
}

/// Routes that the one table has.
trait Listed {
    /// Answers a path by a handler. Panics when `app::routes::ROUTES` says nothing of who may ask and who may keep the
    /// answer: no website starts with such a route, and so no test of one passes.
    fn listed(self, path: &'static str, handler: MethodRouter<AppState>) -> Self;
}

impl Listed for Router<AppState> {
    fn listed(self, path: &'static str, handler: MethodRouter<AppState>) -> Self {
        assert!(ROUTES.iter().any(|route| route.path == path), "{path} is not in app::routes::ROUTES");
        self.route(path, handler)
    }
}

/// What no route has: the page without the slash at its end, or nothing, whatever the page drawn for it says.
async fn elsewhere<F: Future<Output = Response>>(request: Request, lost: impl FnOnce(Request) -> F) -> Response {
    let uri = request.uri();
    let path = uri.path().trim_end_matches('/');
    if path.len() < uri.path().len() && path.starts_with('/') && !path.starts_with("//") {
        let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
        return Redirect::permanent(&format!("{path}{query}")).into_response();
    }
    let mut page = lost(request).await;
    if page.status() == StatusCode::OK {
        *page.status_mut() = StatusCode::NOT_FOUND;
    }
    page
}

/// Our fault: a code, as from a server function; the cause is on the terminal.
fn panicked(_: Box<dyn Any + Send>) -> Response {
    (StatusCode::INTERNAL_SERVER_ERROR, PageError::Internal { request: String::new() }.code()).into_response()
}

fn request_id(parts: &Parts) -> Option<String> {
    parts.headers.get(guard::REQUEST_ID)?.to_str().ok().map(str::to_owned)
}
