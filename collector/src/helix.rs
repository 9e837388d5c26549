//! The Helix API: who is live. Source: the public reference of `GET /streams` and of the client-credentials flow.

use std::fmt;
use std::sync::Arc;

use model::identity::TwitchId;
use model::login::Login;
use model::sample::StreamFacts;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use tokio::sync::Mutex;
use tokio::time::Instant;

use crate::error::AskError;
use crate::http::ask;
use crate::upstream::Upstream;

mod granted;

pub use granted::Granted;

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
    upstream: Upstream,
    /// Its tokens come from another server.
    oauth: Upstream,
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

/// An account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// Twitch's id of it.
    pub id: TwitchId,
    /// Its login.
    pub login: Login,
    /// Its name as displayed.
    pub display_name: String,
}

/// What an answer says of channels; entries that break the contract are dropped.
#[derive(Debug, Default)]
pub struct Answered {
    /// On air, in the answer's order.
    pub live: Vec<LiveChannel>,
    /// Named with an empty type, which Twitch gives in case of an error: nobody knows whether they are on air.
    pub unclear: Vec<TwitchId>,
}

/// A page of answers.
#[derive(Debug)]
pub struct Page {
    /// What it says.
    pub answered: Answered,
    /// How to get the next page.
    pub cursor: Option<String>,
}

/// Of what the contract promises, anything may be null or absent in production.
#[derive(Deserialize)]
struct RawPage<T> {
    data: Vec<T>,
    pagination: Option<RawPagination>,
}

#[derive(Deserialize)]
struct RawPagination {
    cursor: Option<String>,
}

#[derive(Deserialize)]
struct RawUser {
    id: Option<String>,
    login: Option<String>,
    display_name: Option<String>,
}

#[derive(Deserialize)]
struct RawStream {
    id: Option<String>,
    user_id: Option<String>,
    user_login: Option<String>,
    user_name: Option<String>,
    game_id: Option<String>,
    game_name: Option<String>,
    #[serde(rename = "type")]
    kind: Option<String>,
    title: Option<String>,
    language: Option<String>,
    viewer_count: Option<i64>,
    started_at: Option<String>,
}

#[derive(Deserialize)]
struct RawToken {
    access_token: String,
    /// Seconds; may be absent.
    expires_in: Option<u64>,
}

impl Helix {
    /// A client over `http`.
    pub fn new(http: reqwest::Client, config: HelixConfig) -> Helix {
        let (upstream, oauth) = (Upstream::with_bucket("helix"), Upstream::new("oauth"));
        Helix { http, config: Arc::new(config), token: Arc::default(), upstream, oauth }
    }

    /// A page of the most watched live channels, most first. `language` is ISO 639-1; nothing is all.
    pub async fn most_watched(
        &self,
        language: Option<&str>,
        after: Option<&str>,
        deadline: Instant,
    ) -> Result<Page, AskError> {
        let mut query = vec![("first", PER_CALL.to_string())];
        query.extend(language.map(|language| ("language", language.to_owned())));
        query.extend(after.map(|cursor| ("after", cursor.to_owned())));
        self.streams(&query, deadline).await
    }

    /// What is known of at most [`PER_CALL`] channels, and what failed; those that are not named are off air. After a
    /// failure those that were not named yet are unclear.
    ///
    /// Pages were seen that are shorter than they could be. While one has a cursor, whoever it does not name is asked for
    /// again: that needs no trust in where cursors lead.
    pub async fn live_among(&self, channels: &[TwitchId], deadline: Instant) -> (Answered, Option<AskError>) {
        let (mut left, mut all) = (channels.to_vec(), Answered::default());
        loop {
            let mut query = vec![("first", PER_CALL.to_string())];
            query.extend(left.iter().map(|id| ("user_id", id.to_string())));
            let Page { answered, cursor } = match self.streams(&query, deadline).await {
                Ok(page) => page,
                Err(error) => {
                    all.unclear.extend(left);
                    return (all, Some(error));
                }
            };
            let before = left.len();
            left.retain(|id| !answered.live.iter().any(|channel| channel.id == *id) && !answered.unclear.contains(id));
            all.live.extend(answered.live);
            all.unclear.extend(answered.unclear);
            // Each round leaves fewer, so that it ends.
            if cursor.is_none() || left.is_empty() || left.len() == before {
                return (all, None);
            }
        }
    }

    /// Those of at most [`PER_CALL`] accounts that there are.
    pub async fn users(&self, logins: &[Login], deadline: Instant) -> Result<Vec<User>, AskError> {
        self.accounts(logins.iter().map(|login| ("login", login.to_string())).collect(), deadline).await
    }

    /// Those of at most [`PER_CALL`] accounts that there are, by id.
    pub async fn users_by_id(&self, ids: &[TwitchId], deadline: Instant) -> Result<Vec<User>, AskError> {
        self.accounts(ids.iter().map(|id| ("id", id.to_string())).collect(), deadline).await
    }

    async fn accounts(&self, query: Vec<(&str, String)>, deadline: Instant) -> Result<Vec<User>, AskError> {
        let answer: RawPage<RawUser> = self.get("users", "GET /users", &query, deadline).await?;
        let user = |raw: &RawUser| user(raw.id.as_deref(), raw.login.as_deref(), raw.display_name.as_deref());
        Ok(answer.data.iter().filter_map(user).collect())
    }

    async fn streams(&self, query: &[(&'static str, String)], deadline: Instant) -> Result<Page, AskError> {
        let answer: RawPage<RawStream> = self.get("streams", "GET /streams", query, deadline).await?;
        let mut answered = Answered::default();
        answer.data.into_iter().for_each(|stream| stream.put_into(&mut answered));
        let cursor = answer.pagination.and_then(|pagination| pagination.cursor).filter(|cursor| !cursor.is_empty());
        Ok(Page { answered, cursor })
    }

    async fn get<T: DeserializeOwned>(
        &self,
        path: &str,
        what: &'static str,
        query: &[(&str, String)],
        deadline: Instant,
    ) -> Result<T, AskError> {
        let url = format!("{}/{path}", self.config.base);
        let request = |token: &Token| {
            let (url, text) = (url.clone(), token.text.clone());
            move || self.http.get(&url).query(query).bearer_auth(&text).header("Client-Id", &self.config.client_id)
        };
        let token = self.token(None, deadline).await?;
        match ask(&self.upstream, what, deadline, request(&token)).await {
            // Application tokens cannot be refreshed: a new one is the cure, once.
            Err(AskError::Status { status: 401, .. }) => {
                let token = self.token(Some(&token), deadline).await?;
                ask(&self.upstream, what, deadline, request(&token)).await
            }
            answer => answer,
        }
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
        let ask = ask(&self.oauth, "POST /oauth2/token", deadline, || self.http.post(&url).form(&form));
        let raw: RawToken = ask.await?;
        // An hour where the answer does not say: a refused token is renewed anyway.
        let seconds = raw.expires_in.map_or(3_600, |seconds| seconds.saturating_sub(60).min(86_400 * 60));
        let token = Token { text: raw.access_token, until: Instant::now() + std::time::Duration::from_secs(seconds) };
        *held = Some(token.clone());
        Ok(token)
    }
}

impl RawStream {
    fn put_into(self, answered: &mut Answered) {
        let user = user(self.user_id.as_deref(), self.user_login.as_deref(), self.user_name.as_deref());
        let Some(User { id, login, display_name }) = user else { return };
        if self.kind.as_deref() == Some("") {
            answered.unclear.push(id);
            return;
        }
        let facts = StreamFacts {
            stream_id: self.id.unwrap_or_default(),
            title: self.title.unwrap_or_default(),
            game_id: self.game_id.unwrap_or_default(),
            game: self.game_name.unwrap_or_default(),
            language: self.language.unwrap_or_default(),
            viewer_count: self.viewer_count.and_then(|count| u32::try_from(count).ok()),
            started_at: (self.started_at)
                .and_then(|at| at.parse::<jiff::Timestamp>().ok())
                .map(jiff::Timestamp::as_second),
        };
        answered.live.push(LiveChannel { id, login, display_name, facts });
    }
}

fn user(id: Option<&str>, login: Option<&str>, display_name: Option<&str>) -> Option<User> {
    let login: Login = login?.parse().ok()?;
    let display_name = display_name.filter(|name| !name.is_empty()).unwrap_or(login.as_str()).to_owned();
    Some(User { id: id?.parse().ok()?, display_name, login })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_odd_is_dropped_and_what_is_unclear_is_kept_apart() {
        let page: RawPage<RawStream> = serde_json::from_str(
            r#"{"data":[
            {"id":"1","user_id":"7","user_login":"Some_One","user_name":"","type":"live","title":null,"viewer_count":-3,"started_at":"2026-11-22T12:00:00Z"},
            {"id":"2","user_id":"8","user_login":"b","type":""},
            {"id":"3","user_id":"0","user_login":"c","type":"live"},
            {"id":"4","user_id":"9","user_login":null},
            {}]}"#,
        )
        .unwrap();
        let mut answered = Answered::default();
        page.data.into_iter().for_each(|stream| stream.put_into(&mut answered));
        assert_eq!(answered.unclear, [TwitchId::new(8).unwrap()]);
        let [one] = &answered.live[..] else { panic!("one is live") };
        assert_eq!((one.login.as_str(), one.display_name.as_str()), ("some_one", "some_one"));
        assert_eq!((one.facts.viewer_count, one.facts.started_at), (None, Some(1_795_348_800)));
    }

    #[test]
    fn secrets_are_not_shown() {
        let (base, oauth) = (String::new(), String::new());
        let config = HelixConfig { base, oauth, client_id: "id".to_owned(), client_secret: "hunter2".to_owned() };
        let token = Token { text: "hunter2".to_owned(), until: Instant::now() };
        assert!(!format!("{config:?} {token:?}").contains("hunter2"));
    }
}
