//! How somebody signs in: by a code that they type in a browser, anywhere. Source: the device code flow of Twitch's
//! authentication guide, RFC 8628.

use std::path::Path;
use std::time::Duration;

use model::login::Login;
use serde::Deserialize;
use tokio::time::Instant;

use super::file::{Kept, keep};
use super::{Application, RawToken, TokenError, check};
use crate::error::AskError;
use crate::http::ask;
use crate::upstream::Upstream;

/// What is asked for, and no more: who is in chats that the person moderates. Source: `GET /chat/chatters`.
pub const SCOPE: &str = "moderator:read:chatters";
/// Nobody is asked more often whether they allow it, whatever the server says.
const ASK_EVERY: Duration = Duration::from_millis(200);
const DEVICE_GRANT: &str = "urn:ietf:params:oauth:grant-type:device_code";

/// What somebody has to do to sign in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prompt {
    /// Where to go.
    pub address: String,
    /// What to type there, if it is not in the address.
    pub code: String,
    /// For how long it works.
    pub seconds: u64,
}

#[derive(Deserialize)]
struct RawDevice {
    device_code: String,
    expires_in: u64,
    /// Seconds between two questions; five where it is not said (RFC 8628).
    interval: Option<u64>,
    user_code: String,
    verification_uri: String,
}

/// Lets somebody allow the application to ask in their name, and keeps their token in a file. `prompt` tells them what to do.
///
/// Errors: they do not, Twitch does not answer or refuses the application, the file cannot be written.
pub async fn sign_in(
    http: reqwest::Client,
    application: Application,
    file: &Path,
    prompt: impl FnOnce(&Prompt),
) -> Result<Login, TokenError> {
    let oauth = Upstream::new("oauth");
    let soon = || Instant::now() + Duration::from_secs(60);
    let url = format!("{}/device", application.oauth);
    let form = [("client_id", application.client_id.as_str()), ("scopes", SCOPE)];
    let device: RawDevice = ask(&oauth, "POST /oauth2/device", soon(), || http.post(&url).form(&form)).await?;
    let (address, code, seconds) = (device.verification_uri, device.user_code, device.expires_in);
    prompt(&Prompt { address, code, seconds });
    let url = format!("{}/token", application.oauth);
    let form = [
        ("client_id", application.client_id.as_str()),
        ("scopes", SCOPE),
        ("device_code", device.device_code.as_str()),
        ("grant_type", DEVICE_GRANT),
    ];
    let until = Instant::now() + Duration::from_secs(seconds);
    let raw: RawToken = loop {
        match ask(&oauth, "POST /oauth2/token", soon(), || http.post(&url).form(&form)).await {
            Ok(raw) => break raw,
            Err(AskError::Status { status: 400, message: Some(message), .. })
                if message.eq_ignore_ascii_case("authorization_pending") => {}
            Err(AskError::Status { status: 400, .. }) => return Err(TokenError::Denied),
            Err(error) => return Err(error.into()),
        }
        if Instant::now() >= until {
            return Err(TokenError::Denied);
        }
        tokio::time::sleep(Duration::from_secs(device.interval.unwrap_or(5)).max(ASK_EVERY)).await;
    };
    let valid = check(&http, &oauth, &application, &raw.access_token, soon()).await?;
    if !valid.scopes.iter().any(|scope| scope == SCOPE) {
        return Err(TokenError::Denied);
    }
    let RawToken { access_token, refresh_token } = raw;
    keep(file, &Kept { access_token, refresh_token, user_id: valid.user_id, login: valid.login.clone() }).await?;
    Ok(valid.login)
}
