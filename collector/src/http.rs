//! How anything is asked over HTTP: as the server grants it, with deadlines, bounded answers, a few patient tries.

use std::time::Duration;

use rand::RngExt as _;
pub use reqwest::Client;
use reqwest::{RequestBuilder, Response};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use tokio::time::Instant;

use crate::error::AskError;
use crate::figures;
use crate::upstream::{Admitted, Upstream};

/// Four tries bridge a restart of an upstream; more would only eat the sweep's time.
const TRIES: u32 = 4;
/// The first pause between tries; doubled each time, drawn from zero to that (full jitter).
const PAUSE: Duration = Duration::from_millis(250);
/// The largest answer taken: a chat of 400,000 people is about 10 MB.
const ANSWER_MAX: usize = 32 * 1024 * 1024;
/// Longer than any deadline: what asks for more is not asked again either.
const WAIT_MAX: Duration = Duration::from_secs(3_600);
/// One call never takes longer, whatever the sweep has left.
const CALL_MAX: Duration = Duration::from_secs(20);
/// Of what the sweep has left, one call or one pause takes a quarter at most: who hangs shortly before the end can be asked again.
const SHARE: u32 = 4;

/// A client with connection reuse, gzip and an honest name.
pub fn client() -> Result<reqwest::Client, reqwest::Error> {
    reqwest::Client::builder()
        .user_agent(concat!("vigie/", env!("CARGO_PKG_VERSION"), " (+", env!("CARGO_PKG_REPOSITORY"), ")"))
        .connect_timeout(Duration::from_secs(5))
        .build()
}

/// Asks for JSON until it comes, up to [`TRIES`] times and to the deadline, as the upstream grants it. `what` names the
/// call in errors.
pub(crate) async fn ask<T: DeserializeOwned>(
    upstream: &Upstream,
    what: &'static str,
    deadline: Instant,
    request: impl Fn() -> RequestBuilder,
) -> Result<T, AskError> {
    let mut pause = PAUSE;
    for attempt in 1.. {
        let answer = once(upstream, what, deadline, request()).await;
        figures::asked(upstream.name(), &answer);
        let error = match answer {
            Ok(answer) => return Ok(answer),
            Err(error) => error,
        };
        let asked_to_wait = match &error {
            AskError::Status { retry_after, .. } => *retry_after,
            _ => None,
        };
        let longest = pause.min(deadline.saturating_duration_since(Instant::now()) / SHARE);
        let wait = asked_to_wait.unwrap_or_else(|| longest.mul_f64(rand::rng().random_range(0.0..1.0)));
        if attempt >= TRIES || !error.is_transient() || Instant::now() + wait >= deadline {
            return Err(error);
        }
        figures::asked_again(upstream.name());
        tracing::debug!(what, attempt, wait_ms = wait.as_millis() as u64, %error, "asking again");
        tokio::time::sleep(wait).await;
        pause *= 2;
    }
    // The loop has no other way out than its returns.
    Err(AskError::Late { what })
}

async fn once<T: DeserializeOwned>(
    upstream: &Upstream,
    what: &'static str,
    deadline: Instant,
    request: RequestBuilder,
) -> Result<T, AskError> {
    let admitted = upstream.admit(what, deadline).await?;
    let left = (deadline.saturating_duration_since(Instant::now()) / SHARE).min(CALL_MAX);
    if left.is_zero() {
        return Err(AskError::Late { what });
    }
    let answer = answer(upstream, &admitted, what, request.timeout(left)).await;
    match &answer {
        // It had less time than others: that says nothing of the server.
        Err(AskError::Transport { source, .. }) if source.is_timeout() && left < CALL_MAX => drop(admitted),
        Err(AskError::Transport { .. } | AskError::Body { .. }) => admitted.failed(),
        Err(AskError::Status { status, .. }) if *status >= 500 => admitted.failed(),
        _ => admitted.answered(),
    }
    answer
}

async fn answer<T: DeserializeOwned>(
    upstream: &Upstream,
    admitted: &Admitted<'_>,
    what: &'static str,
    request: RequestBuilder,
) -> Result<T, AskError> {
    let transport = |source: reqwest::Error| AskError::Transport { what, source: source.without_url() };
    let mut response = request.send().await.map_err(transport)?;
    admitted.granted(response.headers());
    if !response.status().is_success() {
        return Err(refusal(what, response).await);
    }
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(transport)? {
        if body.len() + chunk.len() > ANSWER_MAX {
            return Err(AskError::Large { what, limit: ANSWER_MAX });
        }
        body.extend_from_slice(&chunk);
    }
    figures::read(upstream.name(), body.len());
    serde_json::from_slice(&body).map_err(|source| AskError::Body { what, source })
}

async fn refusal(what: &'static str, response: Response) -> AskError {
    #[derive(Deserialize)]
    struct Refusal {
        message: String,
    }
    let status = response.status().as_u16();
    let retry_after = (status == 429).then(|| wait_of(&response)).flatten();
    let message = response.json::<Refusal>().await.ok().map(|refusal| refusal.message.chars().take(200).collect());
    AskError::Status { what, status, message, retry_after }
}

/// `Retry-After` in seconds, or else `Ratelimit-Reset`, a Unix time of the upstream's clock, which its `Date` tells.
fn wait_of(response: &Response) -> Option<Duration> {
    let header = |name: &str| response.headers().get(name)?.to_str().ok();
    if let Some(seconds) = header("retry-after").and_then(|text| text.parse().ok()) {
        return Some(Duration::from_secs(seconds).min(WAIT_MAX));
    }
    let reset: i64 = header("ratelimit-reset")?.parse().ok()?;
    let date = header("date").and_then(|date| jiff::fmt::rfc2822::parse(date).ok())?;
    u64::try_from(reset - date.timestamp().as_second()).ok().map(|seconds| Duration::from_secs(seconds).min(WAIT_MAX))
}
