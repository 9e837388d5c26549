//! The Helix API: who is live. Source: the public reference of `GET /streams` and of the client-credentials flow.

use std::fmt;
use std::sync::Arc;

use model::identity::TwitchId;
use model::login::Login;
use model::sample::StreamFacts;
use serde::Deserialize;
use tokio::sync::Mutex;
use tokio::time::Instant;

use crate::error::AskError;
use crate::http::ask;

/// How many channels one call may name, and how many it may answer.
pub const PER_CALL: usize = 100;

/// Where Helix is and who asks.
#[derive(Clone)]
pub struct HelixConfig {
    /// Base address of Helix, `https://api.twitch.tv/helix`.
    pub base: String,
    /// Base address of OAuth, `https://id.twitch.tv/oauth2`.
    pub oauth: String,
    /// The application's id.
    pub client_id: String,
    /// The application's secret.
    pub client_secret: String,
}

impl fmt::Debug for HelixConfig {
    /// Without the secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HelixConfig").field("base", &self.base).field("oauth", &self.oauth).finish_non_exhaustive()
    }
}

/// A client of Helix with an application token, which it gets and renews by itself. Clones share it.
#[derive(Clone, Debug)]
pub struct Helix {
    http: reqwest::Client,
    config: Arc<HelixConfig>,
    token: Arc<Mutex<Option<Token>>>,
}

#[derive(Clone)]
struct Token {
    text: String,
    /// When to get a new one, a minute before it expires.
    until: Instant,
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

/// A live channel, as `GET /streams` tells.
#[derive(Clone, Debug)]
pub struct LiveChannel {
    /// Twitch's id of the channel.
    pub id: TwitchId,
    /// Its login.
    pub login: Login,
    /// Its name as displayed.
    pub display_name: String,
    /// The broadcast.
    pub facts: StreamFacts,
}

/// A page of answers.
#[derive(Debug)]
pub struct Page {
    /// The live channels; entries that break the contract are dropped.
    pub channels: Vec<LiveChannel>,
    /// How to get the next page.
    pub cursor: Option<String>,
}

#[derive(Deserialize)]
struct RawPage {
    data: Vec<RawStream>,
    #[serde(default)]
    pagination: RawPagination,
}

#[derive(Default, Deserialize)]
struct RawPagination {
    cursor: Option<String>,
}

#[derive(Deserialize)]
struct RawStream {
    id: String,
    user_id: String,
    user_login: String,
    #[serde(default)]
    user_name: String,
    #[serde(default)]
    game_id: String,
    #[serde(default)]
    game_name: String,
    #[serde(default)]
    title: String,
    #[serde(default)]
    language: String,
    viewer_count: Option<i64>,
    started_at: Option<String>,
}

#[derive(Deserialize)]
struct RawToken {
    access_token: String,
    /// Seconds; may be absent.
    #[serde(default)]
    expires_in: u64,
}

impl Helix {
    /// A client over `http`.
    pub fn new(http: reqwest::Client, config: HelixConfig) -> Helix {
        Helix { http, config: Arc::new(config), token: Arc::default() }
    }

    /// A page of the most watched live channels, most first. `language` is ISO 639-1; nothing is all.
    pub async fn most_watched(&self, language: Option<&str>, after: Option<&str>, deadline: Instant) -> Result<Page, AskError> {
        let mut query = vec![("first", PER_CALL.to_string())];
        query.extend(language.map(|language| ("language", language.to_owned())));
        query.extend(after.map(|cursor| ("after", cursor.to_owned())));
        self.streams(&query, deadline).await
    }

    /// Those of at most [`PER_CALL`] channels that are live; `key` is `user_id` or `user_login`.
    pub async fn live_among(&self, key: &'static str, values: &[String], deadline: Instant) -> Result<Vec<LiveChannel>, AskError> {
        let mut query = vec![("first", PER_CALL.to_string())];
        query.extend(values.iter().map(|value| (key, value.clone())));
        Ok(self.streams(&query, deadline).await?.channels)
    }

    async fn streams(&self, query: &[(&'static str, String)], deadline: Instant) -> Result<Page, AskError> {
        let url = format!("{}/streams", self.config.base);
        let request = |token: &Token| {
            let (url, text) = (url.clone(), token.text.clone());
            move || self.http.get(&url).query(query).bearer_auth(&text).header("Client-Id", &self.config.client_id)
        };
        let token = self.token(None, deadline).await?;
        let answer = match ask::<RawPage>("GET /streams", deadline, request(&token)).await {
            // Application tokens cannot be refreshed: a new one is the cure, once.
            Err(AskError::Status { status: 401, .. }) => {
                let token = self.token(Some(&token), deadline).await?;
                ask::<RawPage>("GET /streams", deadline, request(&token)).await
            }
            answer => answer,
        }?;
        Ok(Page {
            channels: answer.data.into_iter().filter_map(RawStream::parse).collect(),
            cursor: answer.pagination.cursor.filter(|cursor| !cursor.is_empty()),
        })
    }

    /// The token in use, or a new one where there is none, it expires, or it is the `refused` one.
    async fn token(&self, refused: Option<&Token>, deadline: Instant) -> Result<Token, AskError> {
        let mut held = self.token.lock().await;
        if let Some(token) = held.as_ref() {
            let stale = token.until <= Instant::now() || refused.is_some_and(|refused| refused.text == token.text);
            if !stale {
                return Ok(token.clone());
            }
        }
        let url = format!("{}/token", self.config.oauth);
        let form = [
            ("client_id", self.config.client_id.as_str()),
            ("client_secret", self.config.client_secret.as_str()),
            ("grant_type", "client_credentials"),
        ];
        let raw: RawToken = ask("POST /oauth2/token", deadline, || self.http.post(&url).form(&form)).await?;
        // An hour where the answer does not say: a refused token is renewed anyway.
        let seconds = if raw.expires_in == 0 { 3_600 } else { raw.expires_in.saturating_sub(60).min(86_400 * 60) };
        let token = Token { text: raw.access_token, until: Instant::now() + std::time::Duration::from_secs(seconds) };
        *held = Some(token.clone());
        Ok(token)
    }
}

impl RawStream {
    fn parse(self) -> Option<LiveChannel> {
        Some(LiveChannel {
            id: self.user_id.parse().ok()?,
            login: self.user_login.parse().ok()?,
            display_name: if self.user_name.is_empty() { self.user_login } else { self.user_name },
            facts: StreamFacts {
                stream_id: self.id,
                title: self.title,
                game_id: self.game_id,
                game: self.game_name,
                language: self.language,
                viewer_count: self.viewer_count.and_then(|count| u32::try_from(count).ok()),
                started_at: self.started_at.and_then(|at| at.parse::<jiff::Timestamp>().ok()).map(jiff::Timestamp::as_second),
            },
        })
    }
}
