//! `POST /oauth2/token`, `POST /oauth2/device` and `GET /oauth2/validate`.

use std::collections::HashMap;
use std::sync::Arc;

use axum::Form;
use axum::extract::State as Shared;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::server::answer::{json_of, noted, token as token_of};
use crate::server::log::Note;
use crate::server::state::State;
use crate::server::tokens::{Asked, Granted};

/// How long a device may wait for somebody, in virtual seconds.
const DEVICE_SECONDS: i64 = 1_800;
/// How long a token of somebody lives, in virtual seconds: about four hours.
const USER_SECONDS: i64 = 14_400;

/// Errors of this host lack the `error` key.
fn refused(status: StatusCode, message: &str) -> Response {
    (status, axum::Json(json!({ "status": status.as_u16(), "message": message }))).into_response()
}

pub(crate) async fn token(Shared(state): Shared<Arc<State>>, Form(form): Form<HashMap<String, String>>) -> Response {
    let field = |name: &str| form.get(name).map(String::as_str);
    if state.twitch.helix_down(state.slot()) {
        return noted((StatusCode::BAD_GATEWAY, "<html>502</html>").into_response(), Note::outage(state.slot()));
    }
    let client = match field("client_id") {
        None => return refused(StatusCode::BAD_REQUEST, "missing client id"),
        Some("") => return refused(StatusCode::BAD_REQUEST, "invalid client"),
        Some(client) => client,
    };
    let grant = field("grant_type").unwrap_or_default();
    let needs_secret = matches!(grant, "client_credentials" | "authorization_code");
    match field("client_secret") {
        None if needs_secret => return refused(StatusCode::BAD_REQUEST, "missing client secret"),
        Some(secret) if state.settings.client_secret.is_some_and(|known| known != secret) => {
            return refused(StatusCode::FORBIDDEN, "invalid client secret");
        }
        _ => {}
    }
    let (now, mut tokens) = ((state.clock)(), state.tokens());
    let granted = match grant {
        "client_credentials" => {
            let seconds = state.settings.token_seconds;
            let access_token = tokens.give(client, None, now, seconds);
            return json_of(&json!({ "access_token": access_token, "expires_in": seconds, "token_type": "bearer" }));
        }
        "refresh_token" => {
            tokens.refresh(field("refresh_token").unwrap_or_default(), client).ok_or("Invalid refresh token")
        }
        "authorization_code" => {
            let (code, address) = (field("code").unwrap_or_default(), field("redirect_uri").unwrap_or_default());
            tokens.redeem(code, client, address).ok_or("Invalid authorization code")
        }
        "urn:ietf:params:oauth:grant-type:device_code" => {
            match tokens.answered(field("device_code").unwrap_or_default(), client, now) {
                None => Err("invalid device code"),
                Some(Asked::Pending) => Err("authorization_pending"),
                Some(Asked::Denied) => Err("access_denied"),
                Some(Asked::Granted(granted)) => Ok(granted),
            }
        }
        _ => Err("invalid grant type"),
    };
    let Granted { client, grant } = match granted {
        Ok(granted) => granted,
        Err(message) => return refused(StatusCode::BAD_REQUEST, message),
    };
    let access_token = tokens.give(&client, Some(grant.clone()), now, USER_SECONDS);
    let scopes = grant.scopes.clone();
    // Each refresh token works once: who loses the next one is signed out.
    let refresh_token = tokens.give_refresh(Granted { client, grant });
    json_of(&json!({
        "access_token": access_token,
        "expires_in": USER_SECONDS,
        "refresh_token": refresh_token,
        "scope": scopes,
        "token_type": "bearer",
    }))
}

pub(crate) async fn device(Shared(state): Shared<Arc<State>>, Form(form): Form<HashMap<String, String>>) -> Response {
    let Some(client) = form.get("client_id").filter(|client| !client.is_empty()) else {
        return refused(StatusCode::BAD_REQUEST, "missing client id");
    };
    let scopes = form.get("scopes").map_or_else(Vec::new, |text| text.split_whitespace().map(str::to_owned).collect());
    let (device_code, user_code) = state.tokens().ask(client, scopes, (state.clock)(), DEVICE_SECONDS);
    json_of(&json!({
        "device_code": device_code,
        "expires_in": DEVICE_SECONDS,
        "interval": state.settings.device_interval,
        "user_code": user_code,
        "verification_uri": format!("{}/activate?device-code={user_code}", state.base),
    }))
}

pub(crate) async fn validate(Shared(state): Shared<Arc<State>>, headers: HeaderMap) -> Response {
    let Some((token, seconds)) = token_of(&state, &headers, &["OAuth ", "Bearer "]) else {
        return refused(StatusCode::UNAUTHORIZED, "invalid access token");
    };
    json_of(&match token.grant {
        None => json!({ "client_id": token.client, "scopes": [], "expires_in": seconds }),
        Some(grant) => json!({
            "client_id": token.client,
            "login": grant.user.login,
            "scopes": grant.scopes,
            "user_id": grant.user.id,
            "expires_in": seconds,
        }),
    })
}
