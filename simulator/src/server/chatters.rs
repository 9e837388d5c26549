//! `GET /group/user/{login}/chatters`, as it was until 2023-04-03.

use std::sync::Arc;

use axum::extract::{Path, State as Shared};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use model::words::Role;
use serde::Serialize;

use crate::outage::ListFailure;
use crate::server::State;
use crate::twitch::List;

#[derive(Default, Serialize)]
struct Body {
    #[serde(rename = "_links")]
    links: Links,
    chatter_count: usize,
    chatters: Lists,
}

#[derive(Default, Serialize)]
struct Links {}

#[derive(Default, Serialize)]
struct Lists {
    broadcaster: Vec<String>,
    vips: Vec<String>,
    moderators: Vec<String>,
    staff: Vec<String>,
    admins: Vec<String>,
    global_mods: Vec<String>,
    viewers: Vec<String>,
}

pub(crate) async fn chatters(Shared(state): Shared<Arc<State>>, Path(login): Path<String>) -> Response {
    let json = [(header::CONTENT_TYPE, "application/json")];
    match state.list(&login).await {
        List::Names(names) => axum::Json(body(names)).into_response(),
        List::Fails(ListFailure::FalseZero) => axum::Json(Body::default()).into_response(),
        List::Fails(ListFailure::NotFound) => (StatusCode::NOT_FOUND, "Not Found").into_response(),
        List::Fails(ListFailure::BadGateway) => {
            let html = "<html><head><title>502 Bad Gateway</title></head></html>";
            (StatusCode::BAD_GATEWAY, [(header::CONTENT_TYPE, "text/html")], html).into_response()
        }
        List::Fails(ListFailure::Truncated) => {
            (json, r#"{"_links":{},"chatter_count":93,"chatters":{"broadcaster":["_some"#).into_response()
        }
    }
}

fn body(names: Vec<(String, Role)>) -> Body {
    let mut body = Body { chatter_count: names.len(), ..Body::default() };
    let lists = &mut body.chatters;
    for (login, role) in names {
        match role {
            Role::Broadcaster => lists.broadcaster.push(login),
            Role::Vip => lists.vips.push(login),
            Role::Moderator => lists.moderators.push(login),
            Role::Staff => lists.staff.push(login),
            Role::Admin => lists.admins.push(login),
            Role::GlobalMod => lists.global_mods.push(login),
            Role::Viewer | Role::Unknown => lists.viewers.push(login),
        }
    }
    body
}
