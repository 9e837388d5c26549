//! Answers as Twitch gives them: JSON, its errors, the headers of the limit; and who may ask.

use std::sync::{Arc, PoisonError};

use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::json;

use crate::server::log::Note;
use crate::server::state::State;
use crate::server::tokens::Token;

/// `{"error", "status", "message"}`, as Helix tells errors.
pub(crate) fn error(status: StatusCode, message: &str) -> Response {
    let error = status.canonical_reason().unwrap_or_default();
    let body = json!({ "error": error, "status": status.as_u16(), "message": message });
    (status, axum::Json(body)).into_response()
}

pub(crate) fn json_of(body: &impl Serialize) -> Response {
    axum::Json(body).into_response()
}

/// What the headers of an answer say of the bucket.
pub(crate) struct Limits {
    pub(crate) limit: u32,
    pub(crate) remaining: u32,
    /// When the bucket is full again, Unix time in seconds.
    pub(crate) reset: i64,
}

impl Limits {
    /// Tells them, and the virtual time with them: a client tells from it how long the limit lasts.
    pub(crate) fn tell(&self, response: &mut Response, now: i64) {
        if let Ok(date) = jiff::Timestamp::from_second(now)
            && let Ok(date) = jiff::fmt::rfc2822::DateTimePrinter::new().timestamp_to_rfc9110_string(&date)
            && let Ok(date) = date.parse()
        {
            response.headers_mut().insert(header::DATE, date);
        }
        let limits = [
            ("ratelimit-limit", i64::from(self.limit)),
            ("ratelimit-remaining", i64::from(self.remaining)),
            ("ratelimit-reset", self.reset),
        ];
        response
            .headers_mut()
            .extend(limits.map(|(name, value)| (header::HeaderName::from_static(name), value.into())));
    }
}

/// The same answer, with what is known of it for the log.
pub(crate) fn noted(mut response: Response, told: Note) -> Response {
    response.extensions_mut().insert(told);
    response
}

/// Answers a Helix call: takes a point, checks the token, then asks `then`. Always with the limit's headers.
pub(crate) async fn helix<F: Future<Output = Response>>(
    state: &Arc<State>,
    headers: &HeaderMap,
    then: impl FnOnce() -> F,
) -> Response {
    let now = (state.clock)();
    let at = state.slot();
    if state.twitch.helix_down(at) {
        let html = "<html><body><h1>503 Service Unavailable</h1></body></html>";
        let response = (StatusCode::SERVICE_UNAVAILABLE, [(header::CONTENT_TYPE, "text/html")], html).into_response();
        return noted(response, Note::outage(at));
    }
    let points = state.bucket.lock().unwrap_or_else(PoisonError::into_inner).take(now);
    let owner = token(state, headers, &["Bearer "]);
    let client = headers.get("client-id").and_then(|id| id.to_str().ok()).map(str::to_owned);
    let mut response = match () {
        () if !points.granted => error(StatusCode::TOO_MANY_REQUESTS, "Too Many Requests"),
        () if owner.is_none() => error(StatusCode::UNAUTHORIZED, "Invalid OAuth token"),
        () if owner.map(|(token, _)| token.client) != client => {
            error(StatusCode::UNAUTHORIZED, "Client ID and OAuth token do not match")
        }
        () => then().await,
    };
    if let (false, Some(seconds)) = (points.granted, state.settings.retry_after) {
        response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
    }
    Limits { limit: points.limit, remaining: points.remaining, reset: points.reset }.tell(&mut response, now);
    response
}

/// The token of a request and the seconds it has left; nothing without a valid one under one of these schemes.
pub(crate) fn token(state: &State, headers: &HeaderMap, schemes: &[&str]) -> Option<(Token, i64)> {
    state.tokens().valid(bearer(headers, schemes)?, (state.clock)())
}

/// The token that a request gives under one of these schemes.
pub(crate) fn bearer<'a>(headers: &'a HeaderMap, schemes: &[&str]) -> Option<&'a str> {
    let given = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    schemes.iter().find_map(|scheme| given.strip_prefix(scheme))
}
