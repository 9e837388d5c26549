//! Applies the one table of routes: who may keep an answer, who may index it.

use app::routes::{Access, Cache, Method, route};
use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderName, HeaderValue, Method as HttpMethod, header};
use axum::middleware::Next;
use axum::response::Response;

/// Writes `Cache-Control` and `X-Robots-Tag` by the route that matched. What no route has, and what is no success, is
/// kept by nobody.
pub(super) async fn applied(request: Request, next: Next) -> Response {
    let method = if request.method() == HttpMethod::POST { Method::Post } else { Method::Get };
    let entry = request.extensions().get::<MatchedPath>().and_then(|path| route(path.as_str(), method));
    let mut response = next.run(request).await;
    let kept = entry.filter(|_| response.status().is_success() || response.status().as_u16() == 304);
    let cache = kept.map_or(Cache::NoStore, |entry| entry.cache);
    let headers = response.headers_mut();
    // Our own constants make a valid header.
    headers.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_str(&cache.header()).unwrap_or(HeaderValue::from_static("no-store")),
    );
    if cache == Cache::Immutable {
        // They lie there compressed, and are sent as the visitor can read them.
        headers.append(header::VARY, HeaderValue::from_static("accept-encoding"));
    }
    if entry.is_some_and(|entry| entry.access == Access::ViewerPage) {
        headers.insert(HeaderName::from_static("x-robots-tag"), HeaderValue::from_static("noindex, noarchive"));
    }
    response
}
