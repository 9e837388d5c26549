//! `GET /helix/chat/chatters`: who is in a chat, for those who moderate it.

use std::collections::HashMap;
use std::sync::Arc;

use axum::Extension;
use axum::extract::{Query, State as Shared};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use model::identity::TwitchId;
use model::slot::SlotTime;
use model::words::Role;
use serde_json::{Value, json};

use crate::server::answer::{error, helix, json_of, noted, token};
use crate::server::faults::act::OfContents;
use crate::server::faults::{Fault, pages::Cut};
use crate::server::log::Note;
use crate::server::state::State;
use crate::twitch::{List, Who};

/// The scope that it takes.
const SCOPE: &str = "moderator:read:chatters";
/// People a page holds where nothing is said, and at most.
const USUAL: usize = 100;
const MOST: usize = 1_000;

pub(crate) async fn chatters(
    Shared(state): Shared<Arc<State>>,
    Query(query): Query<HashMap<String, String>>,
    Extension(OfContents(fault)): Extension<OfContents>,
    headers: HeaderMap,
) -> Response {
    helix(&state, &headers, || async {
        let grant = token(&state, &headers, &["Bearer "]).and_then(|(token, _)| token.grant);
        let Some(grant) = grant else { return error(StatusCode::UNAUTHORIZED, "Missing User OAUTH Token") };
        if !grant.scopes.iter().any(|scope| scope == SCOPE) {
            return error(StatusCode::UNAUTHORIZED, &format!("Missing scope: {SCOPE}"));
        }
        let id = |name: &str| query.get(name).and_then(|id| id.parse::<TwitchId>().ok());
        let (Some(broadcaster), Some(moderator)) = (id("broadcaster_id"), id("moderator_id")) else {
            return error(StatusCode::BAD_REQUEST, "Missing required parameter \"broadcaster_id\" or \"moderator_id\"");
        };
        if moderator != grant.user.id {
            return error(
                StatusCode::UNAUTHORIZED,
                "The ID in moderator_id must match the user ID found in the request's OAuth token.",
            );
        }
        let first = query.get("first").map_or(Some(USUAL), |first| first.parse().ok());
        let Some(first) = first.filter(|first| (1..=MOST).contains(first)) else {
            return error(
                StatusCode::BAD_REQUEST,
                "The parameter \"first\" was malformed: the value must be 1 to 1000",
            );
        };
        let after = query.get("after").filter(|cursor| !cursor.is_empty());
        let after = after.map_or(Some(0), |cursor| cursor.strip_prefix("from")?.parse().ok());
        let Some(after) = after else { return error(StatusCode::BAD_REQUEST, "Invalid cursor") };
        let Some(channel) = state.twitch.user(Who::Id(broadcaster)) else {
            return error(StatusCode::NOT_FOUND, "The broadcaster does not exist");
        };
        if !state.twitch.moderates(&grant.user, &channel) {
            return error(StatusCode::FORBIDDEN, "The user is not a moderator of the broadcaster's channel");
        }
        let at = state.slot();
        match state.list(channel.login.as_str(), at).await {
            List::Names(names) => page(&state, &names, Asked { after, first, fault }, at),
            List::Fails(_) => noted(error(StatusCode::INTERNAL_SERVER_ERROR, ""), Note::outage(at)),
        }
    })
    .await
}

struct Asked {
    after: usize,
    first: usize,
    fault: Option<Fault>,
}

fn page(state: &State, names: &[(String, Role)], asked: Asked, at: SlotTime) -> Response {
    let Asked { after, first, fault } = asked;
    let from = after.min(names.len());
    let end = (from + first).min(names.len());
    let cut = Cut::page(fault, from, end, names.len());
    // Fewer are named than are counted; the next page begins where it would.
    let to = if fault == Some(Fault::CutOff) { from + (end - from) / 2 } else { cut.to };
    let people = names[from..to].iter().filter_map(|(login, _)| state.twitch.user(Who::Login(login)));
    let data: Vec<Value> = people
        .map(|user| json!({ "user_id": user.id, "user_login": user.login, "user_name": user.display_name }))
        .collect();
    let pagination = cut.next.map_or_else(|| json!({}), |next| json!({ "cursor": format!("from{next}") }));
    let fault = cut.fault.or(fault.filter(|fault| *fault == Fault::CutOff && to < end));
    let (truly, told) = (Some((end - from) as u32), Some(data.len() as u32));
    let body = json_of(&json!({ "data": data, "pagination": pagination, "total": names.len() }));
    noted(body, Note { slot: at, truly, told, fault, outage: false })
}
