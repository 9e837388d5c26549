//! Handlers that are no pages: the root, the theme's switch, health.

use app::context::Site;
use app::theme::{Theme, back};
use axum::Form;
use axum::extract::rejection::FormRejection;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use collector::clock::Clock;
use model::format::Language;
use serde::Deserialize;
use store::Store as _;

use crate::report::chain;

/// A sweep is every five minutes; after three without, something is wrong.
pub const STALE_SECONDS: i64 = 15 * 60;

/// What `/readyz` judges by.
#[derive(Clone, Copy, Debug)]
pub struct Health {
    /// The clock of the sweeps.
    pub clock: Clock,
    /// Whether sweeps are expected.
    pub collecting: bool,
}

/// To the home page in the visitor's language.
pub(super) async fn root(headers: HeaderMap) -> impl IntoResponse {
    ([(header::VARY, "accept-language")], Redirect::to(&format!("/{}", language(&headers).code())))
}

/// To the search page in the visitor's language: what browsers' search shortcuts and old links ask.
pub(super) async fn search(headers: HeaderMap, RawQuery(query): RawQuery) -> impl IntoResponse {
    let query = query.map(|query| format!("?{query}")).unwrap_or_default();
    ([(header::VARY, "accept-language")], Redirect::to(&format!("/{}/search{query}", language(&headers).code())))
}

/// The theme's form.
#[derive(Debug, Deserialize)]
pub(super) struct ThemeForm {
    theme: String,
    #[serde(default)]
    back: String,
}

/// Keeps a theme in a cookie and goes back to where the visitor was.
pub(super) async fn theme(form: Result<Form<ThemeForm>, FormRejection>) -> Response {
    let Ok(Form(form)) = form else { return StatusCode::BAD_REQUEST.into_response() };
    match Theme::parse(&form.theme) {
        Some(theme) => ([(header::SET_COOKIE, theme.set_cookie())], Redirect::to(back(&form.back))).into_response(),
        None => StatusCode::BAD_REQUEST.into_response(),
    }
}

/// The process answers.
pub(super) async fn healthz() -> &'static str {
    "ok\n"
}

/// The store answers, and where sweeps are expected the last one is not stale.
pub(super) async fn readyz(State(site): State<Site>, State(health): State<Health>) -> Response {
    match site.store.live_at().await {
        Err(error) => {
            tracing::error!(error = %chain(&error), "the store does not answer");
            unready("the store does not answer\n".to_owned())
        }
        Ok(_) if !health.collecting => "ready\n".into_response(),
        Ok(last) => readiness(last.map(|at| health.clock.now() - at.unix())),
    }
}

/// Whether the last sweep, so many seconds ago, is not stale.
pub fn readiness(age: Option<i64>) -> Response {
    match age {
        Some(age) if age <= STALE_SECONDS => format!("ready, last sweep {age} s ago\n").into_response(),
        Some(age) => unready(format!("the last sweep is {age} s old\n")),
        None => unready("no sweep yet\n".to_owned()),
    }
}

fn unready(why: String) -> Response {
    (StatusCode::SERVICE_UNAVAILABLE, why).into_response()
}

fn language(headers: &HeaderMap) -> Language {
    let accepted = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    app::language::accepted(accepted.unwrap_or_default())
}
