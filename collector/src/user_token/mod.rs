//! The token of somebody who lets Vigie ask in their name: who is in the chats that they moderate.
//!
//! They allow it once, by a code that they type elsewhere ([`sign_in`], the device code flow of Twitch's authentication
//! guide). The token is renewed by itself for as long as it is used. Each renewal gives a new refresh token, and the
//! old one is worth nothing from then on: the new one is on disk before it is used.

mod file;
mod sign_in;

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use model::identity::TwitchId;
use model::login::Login;
use serde::Deserialize;
use thiserror::Error;
use tokio::sync::Mutex;
use tokio::time::Instant;

use self::file::{Kept, keep, read};
pub use self::sign_in::{Prompt, SCOPE, sign_in};
use crate::error::AskError;
use crate::http::ask;
use crate::upstream::Upstream;

/// Twitch wants a token that is kept to be checked once an hour.
const CHECK_EVERY: Duration = Duration::from_secs(3_600);
/// A sign-in that is over is tried again after this.
const OVER_AGAIN: Duration = Duration::from_mins(15);
/// Where nobody could be asked, it is checked again after this.
const CHECK_AGAIN: Duration = Duration::from_secs(60);

/// The application, and where tokens come from.
#[derive(Clone)]
pub struct Application {
    /// Base address of OAuth, `https://id.twitch.tv/oauth2`.
    pub oauth: String,
    /// The application's id.
    pub client_id: String,
    /// Its secret; a public application has none.
    pub client_secret: Option<String>,
}

impl fmt::Debug for Application {
    /// Without the secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Application").field("oauth", &self.oauth).finish_non_exhaustive()
    }
}

/// Somebody's token cannot be had.
#[derive(Debug, Error)]
pub enum TokenError {
    /// Nobody signed in.
    #[error("nobody has signed in: {} is not there", .0.display())]
    Nobody(PathBuf),
    /// The file cannot be used.
    #[error("cannot use the token in {}", path.display())]
    File {
        /// Where it is.
        path: PathBuf,
        /// Why not.
        #[source]
        source: io::Error,
    },
    /// The token is not worth anything any more, and no other can be had for it.
    #[error("the sign-in is over, Twitch renews the token no more: sign in again")]
    Over,
    /// They said no, or nothing until the code was worth nothing any more.
    #[error("nobody allowed it")]
    Denied,
    /// Twitch does not answer, or refuses the application.
    #[error(transparent)]
    Ask(#[from] AskError),
}

#[derive(Deserialize)]
struct RawToken {
    access_token: String,
    refresh_token: String,
}

#[derive(Deserialize)]
struct RawValid {
    user_id: TwitchId,
    login: Login,
    #[serde(default)]
    scopes: Vec<String>,
}

/// The token of somebody who signed in; clones share it.
#[derive(Clone)]
pub struct UserToken {
    http: reqwest::Client,
    application: Arc<Application>,
    file: Arc<Path>,
    oauth: Upstream,
    held: Arc<Mutex<Held>>,
}

impl fmt::Debug for UserToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UserToken").field("application", &self.application).finish_non_exhaustive()
    }
}

struct Held {
    kept: Kept,
    /// Whether `kept` is on disk: it is not used before.
    is_saved: bool,
    /// When it is to be checked again; nothing where it never was.
    check_at: Option<Instant>,
    /// Since when no other can be had.
    over: Option<Instant>,
}

/// A token to ask with, and whose it is.
#[derive(Clone)]
pub struct Access {
    /// The token.
    pub(crate) text: String,
    /// Who signed in.
    pub user: TwitchId,
}

impl UserToken {
    /// The token that a sign-in left in a file. Errors: there is none, or it cannot be read.
    pub fn open(http: reqwest::Client, application: Application, file: &Path) -> Result<UserToken, TokenError> {
        let held = Held { kept: read(file)?, is_saved: true, check_at: None, over: None };
        let (application, held) = (Arc::new(application), Arc::new(Mutex::new(held)));
        Ok(UserToken { http, application, file: file.into(), oauth: Upstream::new("oauth"), held })
    }

    /// Who signed in.
    pub async fn login(&self) -> Login {
        self.held.lock().await.kept.login.clone()
    }

    /// A token that is worth something as far as is known: checked within the hour, not the one that was `refused`.
    ///
    /// Errors: it is worth nothing any more, no other can be had for now, or the other cannot be kept.
    pub async fn access(&self, refused: Option<&Access>, deadline: Instant) -> Result<Access, TokenError> {
        let (own, refused) = (self.clone(), refused.cloned());
        // A caller that is dropped must not keep a renewal from the disk.
        let asked = tokio::spawn(async move { own.ask_access(refused, deadline).await });
        asked.await.unwrap_or_else(|error| std::panic::resume_unwind(error.into_panic()))
    }

    async fn ask_access(&self, refused: Option<Access>, deadline: Instant) -> Result<Access, TokenError> {
        let mut held = self.held.lock().await;
        if let Some(at) = held.over {
            // They may have signed in again meanwhile, or Twitch have said so by mistake.
            if !self.learn(&mut held) && at.elapsed() < OVER_AGAIN {
                return Err(TokenError::Over);
            }
            held.over = None;
        }
        if !held.is_saved {
            self.save(&mut held).await?;
        }
        if refused.is_some_and(|refused| refused.text == held.kept.access_token) {
            self.renew(&mut held, deadline).await?;
        }
        if held.check_at.is_none_or(|at| at <= Instant::now()) {
            match self.check(&held.kept.access_token, deadline).await {
                Ok(_) => held.check_at = Some(Instant::now() + CHECK_EVERY),
                Err(AskError::Status { status: 401, .. }) => self.renew(&mut held, deadline).await?,
                // What was worth something an hour ago is used meanwhile.
                Err(_) if held.check_at.is_some() => held.check_at = Some(Instant::now() + CHECK_AGAIN),
                Err(error) => return Err(error.into()),
            }
        }
        Ok(Access { text: held.kept.access_token.clone(), user: held.kept.user_id })
    }

    /// What the person allows by it. Errors: it is worth nothing, no answer.
    pub async fn scopes(&self, access: &Access, deadline: Instant) -> Result<Vec<String>, AskError> {
        Ok(self.check(&access.text, deadline).await?.scopes)
    }

    /// Takes the token that another sign-in, or another process, left in the file since. Whether there was one.
    fn learn(&self, held: &mut Held) -> bool {
        let Some(kept) = read(&self.file).ok().filter(|kept| kept.refresh_token != held.kept.refresh_token) else {
            return false;
        };
        *held = Held { kept, is_saved: true, check_at: None, over: None };
        true
    }

    /// Gets another token for the refresh token, and keeps it.
    async fn renew(&self, held: &mut Held, deadline: Instant) -> Result<(), TokenError> {
        // Whoever signed in meanwhile is not written over.
        if held.is_saved && self.learn(held) {
            return Ok(());
        }
        let mut form = vec![
            ("client_id", self.application.client_id.as_str()),
            ("grant_type", "refresh_token"),
            ("refresh_token", held.kept.refresh_token.as_str()),
        ];
        form.extend(self.application.client_secret.as_deref().map(|secret| ("client_secret", secret)));
        let url = format!("{}/token", self.application.oauth);
        let asked = ask(&self.oauth, "POST /oauth2/token", deadline, || self.http.post(&url).form(&form)).await;
        let raw: RawToken = match asked {
            Ok(raw) => raw,
            Err(AskError::Status { status: 400 | 401, .. }) => {
                held.over = Some(Instant::now());
                return Err(TokenError::Over);
            }
            Err(error) => return Err(error.into()),
        };
        (held.kept.access_token, held.kept.refresh_token) = (raw.access_token, raw.refresh_token);
        (held.is_saved, held.check_at) = (false, Some(Instant::now() + CHECK_EVERY));
        self.save(held).await
    }

    async fn save(&self, held: &mut Held) -> Result<(), TokenError> {
        keep(&self.file, &held.kept).await?;
        held.is_saved = true;
        Ok(())
    }

    async fn check(&self, token: &str, deadline: Instant) -> Result<RawValid, AskError> {
        check(&self.http, &self.oauth, &self.application, token, deadline).await
    }
}

async fn check(
    http: &reqwest::Client,
    oauth: &Upstream,
    application: &Application,
    token: &str,
    deadline: Instant,
) -> Result<RawValid, AskError> {
    let (url, header) = (format!("{}/validate", application.oauth), format!("OAuth {token}"));
    ask(oauth, "GET /oauth2/validate", deadline, || http.get(&url).header("Authorization", &header)).await
}
