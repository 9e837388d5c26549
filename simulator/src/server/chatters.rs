//! `GET /group/user/{login}/chatters`, as it was until 2023-04-03.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, State as Shared};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use model::sample::EMPTY_LIST_VIEWERS;
use model::slot::SlotTime;
use model::words::Role;
use serde::Serialize;

use crate::outage::ListFailure;
use crate::server::answer::noted;
use crate::server::faults::Fault;
use crate::server::faults::act::OfContents;
use crate::server::log::Note;
use crate::server::state::State;
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

pub(crate) async fn chatters(
    Shared(state): Shared<Arc<State>>,
    Path(login): Path<String>,
    Extension(OfContents(fault)): Extension<OfContents>,
) -> Response {
    let at = state.slot();
    match state.list(&login, at).await {
        List::Names(names) => {
            let truly = names.len();
            let (body, told, fault) = match fault {
                Some(Fault::FalseZero) if truly > 0 && is_seen_empty(&state, &login, at).await => {
                    (Body::default(), 0, fault)
                }
                Some(Fault::CutOff) if truly > 0 => (body(&names, truly / 2), truly / 2, fault),
                _ => (body(&names, truly), truly, None),
            };
            let told = Note { fault, told: Some(told as u32), ..Note::whole(at, truly) };
            noted(axum::Json(body).into_response(), told)
        }
        List::Fails(failure) => noted(failed(failure), Note::outage(at)),
    }
}

/// Whether a channel has so many viewers that an empty list of it is seen to be none.
async fn is_seen_empty(state: &Arc<State>, login: &str, at: SlotTime) -> bool {
    let on_air = state.on_air(at).await;
    on_air.iter().any(|stream| stream.user.login.as_str() == login && stream.viewers >= EMPTY_LIST_VIEWERS)
}

/// How the lists of a Twitch fail.
fn failed(failure: ListFailure) -> Response {
    let json = [(header::CONTENT_TYPE, "application/json")];
    match failure {
        ListFailure::FalseZero => axum::Json(Body::default()).into_response(),
        ListFailure::NotFound => (StatusCode::NOT_FOUND, "Not Found").into_response(),
        ListFailure::BadGateway => {
            let html = "<html><head><title>502 Bad Gateway</title></head></html>";
            (StatusCode::BAD_GATEWAY, [(header::CONTENT_TYPE, "text/html")], html).into_response()
        }
        ListFailure::Truncated => {
            (json, r#"{"_links":{},"chatter_count":93,"chatters":{"broadcaster":["_some"#).into_response()
        }
    }
}

/// The list of the first `named` of them; it counts all.
fn body(names: &[(String, Role)], named: usize) -> Body {
    let mut body = Body { chatter_count: names.len(), ..Body::default() };
    let lists = &mut body.chatters;
    for (login, role) in &names[..named] {
        let list = match role {
            Role::Broadcaster => &mut lists.broadcaster,
            Role::Vip => &mut lists.vips,
            Role::Moderator => &mut lists.moderators,
            Role::Staff => &mut lists.staff,
            Role::Admin => &mut lists.admins,
            Role::GlobalMod => &mut lists.global_mods,
            Role::Viewer | Role::Unknown => &mut lists.viewers,
        };
        list.push(login.clone());
    }
    body
}
