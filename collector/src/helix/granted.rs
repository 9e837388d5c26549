//! Whether Helix takes the application, and what it says beside its answers: for whoever looks after a deployment.

use reqwest::header::HeaderMap;
use tokio::time::Instant;

use super::Helix;
use crate::error::AskError;

const WHAT: &str = "GET /streams";

/// What the headers of an answer say; anything may be absent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Granted {
    /// Calls that are granted a minute.
    pub limit: Option<u32>,
    /// Of them, those that are left.
    pub left: Option<u32>,
    /// What the server's clock shows, Unix time in seconds.
    pub date: Option<i64>,
}

impl Helix {
    /// Gets a token where there is none. Errors: the application is refused, nobody answers.
    pub async fn sign_in(&self, deadline: Instant) -> Result<(), AskError> {
        self.token(None, deadline).await.map(drop)
    }

    /// What the headers of one answer say; it is asked for once. Errors: there is no token; no answer, or one that means no.
    pub async fn granted(&self, deadline: Instant) -> Result<Granted, AskError> {
        let token = self.token(None, deadline).await?;
        let request = self.http.get(format!("{}/streams", self.config.base)).query(&[("first", "1")]);
        let request = request.bearer_auth(&token.text).header("Client-Id", &self.config.client_id);
        let left = deadline.saturating_duration_since(Instant::now());
        let transport = |source: reqwest::Error| AskError::Transport { what: WHAT, source: source.without_url() };
        let answer = request.timeout(left).send().await.map_err(transport)?;
        let status = answer.status();
        if status.is_success() {
            Ok(Granted::of(answer.headers()))
        } else {
            Err(AskError::Status { what: WHAT, status: status.as_u16(), message: None, retry_after: None })
        }
    }
}

impl Granted {
    fn of(headers: &HeaderMap) -> Granted {
        let text = |name: &str| headers.get(name)?.to_str().ok();
        let number = |name| text(name)?.parse().ok();
        let date = text("date").and_then(|date| jiff::fmt::rfc2822::parse(date).ok());
        Granted {
            limit: number("ratelimit-limit"),
            left: number("ratelimit-remaining"),
            date: date.map(|date| date.timestamp().as_second()),
        }
    }
}
