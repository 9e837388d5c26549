//! What holds for every request: a bound on its address, a trace without names, headers of defence.

use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tracing::{Instrument as _, info_span};

/// The longest address answered: a login, a day and a zone take under 100 bytes, a pasted search some more.
const ADDRESS_MAX: usize = 2_048;

/// `x-request-id`: what an error page shows and the log holds.
pub(super) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Refuses addresses that no link of ours makes: too long ones (414), and those of no page (400).
pub(super) async fn bounded_address(request: Request, next: Next) -> Response {
    let uri = request.uri();
    let length = uri.authority().map_or(0, |host| host.as_str().len())
        + uri.path_and_query().map_or(0, |address| address.as_str().len());
    if length > ADDRESS_MAX {
        StatusCode::URI_TOO_LONG.into_response()
    } else if uri.path().starts_with('/') {
        next.run(request).await
    } else {
        StatusCode::BAD_REQUEST.into_response()
    }
}

/// Takes away a request's own number: it would be written into the log, whatever it says.
pub(super) async fn unnumbered(mut request: Request, next: Next) -> Response {
    request.headers_mut().remove(REQUEST_ID);
    next.run(request).await
}

/// Logs a request by the template of its route: a path holds names, which are never logged.
pub(super) async fn traced(request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().map_or("none", MatchedPath::as_str).to_owned();
    let id = request.headers().get(REQUEST_ID).and_then(|id| id.to_str().ok()).unwrap_or_default().to_owned();
    let span = info_span!("request", id, route, method = %request.method());
    let started = std::time::Instant::now();
    async move {
        let response = next.run(request).await;
        let (status, ms) = (response.status().as_u16(), started.elapsed().as_millis() as u64);
        if response.status().is_server_error() {
            tracing::error!(status, ms, "request failed");
        } else {
            tracing::debug!(status, ms, "request answered");
        }
        response
    }
    .instrument(span)
    .await
}

/// Headers of defence. A page sets its own policy with its nonce; everything else may load nothing.
pub(super) async fn defended(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers
        .entry(header::CONTENT_SECURITY_POLICY)
        .or_insert(HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'"));
    for (name, value) in [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "same-origin"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=(), browsing-topics=()"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}
