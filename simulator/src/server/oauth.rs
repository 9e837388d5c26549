//! `POST /oauth2/token` and `GET /oauth2/validate`.

use std::collections::HashMap;
use std::sync::Arc;

use axum::Form;
use axum::extract::State as Shared;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::server::State;
use crate::server::answer::{json_of, token as token_of};

/// Errors of this host lack the `error` key.
fn refused(status: StatusCode, message: &str) -> Response {
    (status, axum::Json(json!({ "status": status.as_u16(), "message": message }))).into_response()
}

pub(crate) async fn token(Shared(state): Shared<Arc<State>>, Form(form): Form<HashMap<String, String>>) -> Response {
    let field = |name: &str| form.get(name).map(String::as_str);
    if state.twitch.helix_down(state.slot()) {
        return (StatusCode::BAD_GATEWAY, "<html>502</html>").into_response();
    }
    match (field("client_id"), field("client_secret"), field("grant_type")) {
        (None, ..) => refused(StatusCode::BAD_REQUEST, "missing client id"),
        (_, None, _) => refused(StatusCode::BAD_REQUEST, "missing client secret"),
        (Some(""), ..) => refused(StatusCode::BAD_REQUEST, "invalid client"),
        (_, Some(secret), _) if state.settings.client_secret.is_some_and(|known| known != secret) => {
            refused(StatusCode::FORBIDDEN, "invalid client secret")
        }
        (Some(client), _, Some("client_credentials")) => {
            let seconds = state.settings.token_seconds;
            let access_token = state.tokens().give(client, (state.clock)(), seconds);
            json_of(&json!({ "access_token": access_token, "expires_in": seconds, "token_type": "bearer" }))
        }
        _ => refused(StatusCode::BAD_REQUEST, "invalid grant type"),
    }
}

pub(crate) async fn validate(Shared(state): Shared<Arc<State>>, headers: HeaderMap) -> Response {
    match token_of(&state, &headers, &["OAuth ", "Bearer "]) {
        Some((token, seconds)) => json_of(&json!({ "client_id": token.client, "scopes": [], "expires_in": seconds })),
        None => refused(StatusCode::UNAUTHORIZED, "invalid access token"),
    }
}
