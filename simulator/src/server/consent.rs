//! The pages on which somebody is asked whether an application may: `/activate` for devices, `/oauth2/authorize` for sites.
//! Who it is, they say themselves: everybody there is invented.

use std::collections::HashMap;
use std::sync::Arc;

use axum::Form;
use axum::extract::{Query, State as Shared};
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};

use crate::server::state::State;
use crate::server::tokens::{Grant, Granted};
use crate::twitch::{User, Who};

type Fields = HashMap<String, String>;

fn field<'a>(fields: &'a Fields, name: &str) -> &'a str {
    fields.get(name).map_or("", String::as_str)
}

/// Text in a page.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}

fn page(body: &str) -> Response {
    let head = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Simulated Twitch</title>";
    Html(format!("{head}<main><h1>Simulated Twitch</h1>{body}</main></html>")).into_response()
}

fn no_such(what: &str) -> Response {
    let mut response = page(&format!("<p>There is no such {what}, or not any more.</p>"));
    *response.status_mut() = StatusCode::NOT_FOUND;
    response
}

/// Asks who it is, and whether they allow it; `hidden` comes back with the answer.
fn question(client: &str, scopes: &str, action: &str, hidden: &[(&str, &str)]) -> Response {
    let hidden: Vec<String> = hidden
        .iter()
        .map(|(name, value)| format!("<input type=\"hidden\" name=\"{name}\" value=\"{}\">", escaped(value)))
        .collect();
    let hidden = hidden.concat();
    page(&format!(
        "<p>The application <b>{}</b> asks for: {}</p><form method=\"post\" action=\"{action}\">{hidden}\
         <label>I am <input name=\"login\" required></label> \
         <button name=\"answer\" value=\"allow\">Authorize</button> <button name=\"answer\" value=\"deny\">Cancel</button></form>",
        escaped(client),
        escaped(if scopes.is_empty() { "nothing but who you are" } else { scopes }),
    ))
}

/// An answer to a question.
enum Answer {
    Yes(User),
    No,
    /// There is no such account.
    Nobody,
}

fn answer(state: &State, fields: &Fields) -> Answer {
    if field(fields, "answer") != "allow" {
        return Answer::No;
    }
    let login = field(fields, "login").to_ascii_lowercase();
    state.twitch.user(Who::Login(&login)).map_or(Answer::Nobody, Answer::Yes)
}

pub(crate) async fn activate(Shared(state): Shared<Arc<State>>, Query(query): Query<Fields>) -> Response {
    let code = field(&query, "device-code");
    let tokens = state.tokens();
    let Some((client, scopes)) = tokens.question(code) else { return no_such("code") };
    question(client, &scopes.join(" "), "/activate", &[("code", code)])
}

pub(crate) async fn activated(Shared(state): Shared<Arc<State>>, Form(form): Form<Fields>) -> Response {
    let by = match answer(&state, &form) {
        Answer::Yes(user) => Some(user),
        Answer::No => None,
        Answer::Nobody => return no_such("account"),
    };
    if state.tokens().answer(field(&form, "code"), by) { page("<p>You may go back now.</p>") } else { no_such("code") }
}

pub(crate) async fn authorize(Query(query): Query<Fields>) -> Response {
    if field(&query, "response_type") != "code" || field(&query, "client_id").is_empty() {
        return (StatusCode::BAD_REQUEST, "response_type must be code, and client_id is needed").into_response();
    }
    let kept = ["client_id", "redirect_uri", "scope", "state"].map(|name| (name, field(&query, name)));
    question(field(&query, "client_id"), field(&query, "scope"), "/oauth2/authorize", &kept)
}

pub(crate) async fn authorized(Shared(state): Shared<Arc<State>>, Form(form): Form<Fields>) -> Response {
    let address = field(&form, "redirect_uri");
    let answered = match answer(&state, &form) {
        Answer::Nobody => return no_such("account"),
        Answer::No => "error=access_denied&error_description=The+user+denied+you+access".to_owned(),
        Answer::Yes(user) => {
            let scopes: Vec<String> = field(&form, "scope").split_whitespace().map(str::to_owned).collect();
            let told = scopes.join("+");
            let granted = Granted { client: field(&form, "client_id").to_owned(), grant: Grant { user, scopes } };
            format!("code={}&scope={told}", state.tokens().give_code(granted, address))
        }
    };
    let mark = if address.contains('?') { '&' } else { '?' };
    let location = format!("{address}{mark}{answered}&state={}", field(&form, "state"));
    (StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response()
}
