//! `GET /helix/users`.

use std::sync::Arc;

use archive::time::rfc3339;
use axum::extract::{Query, State as Shared};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde_json::json;

use crate::server::answer::{error, helix, json_of, noted};
use crate::server::log::Note;
use crate::server::state::State;
use crate::twitch::Who;

/// 2020-01-01T00:00:00Z: nobody is older.
const OLDEST: i64 = 1_577_836_800;

pub(crate) async fn users(
    Shared(state): Shared<Arc<State>>,
    Query(query): Query<Vec<(String, String)>>,
    headers: HeaderMap,
) -> Response {
    helix(&state, &headers, || async {
        let mut asked = Vec::new();
        for (key, value) in &query {
            match (key.as_str(), value.parse()) {
                ("id", Ok(id)) => asked.push(Who::Id(id)),
                ("login", _) => asked.push(Who::Login(value)),
                ("id", Err(_)) => return error(StatusCode::BAD_REQUEST, "Invalid id"),
                _ => {}
            }
        }
        if asked.is_empty() || asked.len() > 100 {
            return error(StatusCode::BAD_REQUEST, "The query must name 1 to 100 users");
        }
        if state.twitch.ids_down(state.slot()) {
            return noted(error(StatusCode::INTERNAL_SERVER_ERROR, ""), Note::outage(state.slot()));
        }
        let mut users: Vec<_> = asked.into_iter().filter_map(|who| state.twitch.user(who)).collect();
        users.sort_by_key(|user| user.id);
        users.dedup();
        let user = |user: &crate::twitch::User| {
            json!({
                "id": user.id,
                "login": user.login,
                "display_name": user.display_name,
                "type": "",
                "broadcaster_type": "",
                "description": "",
                "profile_image_url": "",
                "offline_image_url": "",
                "view_count": 0,
                "created_at": rfc3339(OLDEST + (user.id.get() % 100_000_000) as i64),
            })
        };
        let body = json_of(&json!({ "data": users.iter().map(user).collect::<Vec<_>>() }));
        noted(body, Note::whole(state.slot(), users.len()))
    })
    .await
}
