//! `GET /helix/streams`.

use std::sync::Arc;

use archive::time::rfc3339;
use axum::Extension;
use axum::extract::{Query, State as Shared};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use model::slot::SlotTime;
use serde_json::{Value, json};

use crate::server::Paging;
use crate::server::answer::{error, helix, json_of, noted};
use crate::server::faults::act::OfContents;
use crate::server::faults::{Fault, pages::Cut};
use crate::server::log::Note;
use crate::server::state::State;
use crate::twitch::OnAir;

/// Values of one filter, and streams of a page, at most.
const MOST: usize = 100;
/// Streams of a page when the query does not say.
const USUAL: usize = 20;

#[derive(Default)]
struct Asked {
    user_ids: Vec<String>,
    user_logins: Vec<String>,
    game_ids: Vec<String>,
    languages: Vec<String>,
    first: usize,
    after: usize,
}

pub(crate) async fn streams(
    Shared(state): Shared<Arc<State>>,
    Query(query): Query<Vec<(String, String)>>,
    Extension(OfContents(fault)): Extension<OfContents>,
    headers: HeaderMap,
) -> Response {
    helix(&state, &headers, || async {
        let asked = match Asked::parse(query) {
            Ok(asked) => asked,
            Err(message) => return error(StatusCode::BAD_REQUEST, message),
        };
        let at = state.slot();
        let named = !asked.user_ids.is_empty() || !asked.user_logins.is_empty();
        if named && state.twitch.ids_down(at) {
            return noted(error(StatusCode::INTERNAL_SERVER_ERROR, ""), Note::outage(at));
        }
        let on_air = state.on_air(at).await;
        let found: Vec<&OnAir> = on_air.iter().filter(|stream| asked.wants(stream)).collect();
        page(&found, &asked, state.settings.paging, fault, at)
    })
    .await
}

impl Asked {
    fn parse(query: Vec<(String, String)>) -> Result<Asked, &'static str> {
        let mut asked = Asked { first: USUAL, ..Asked::default() };
        for (key, value) in query {
            match key.as_str() {
                "user_id" => asked.user_ids.push(value),
                "user_login" => asked.user_logins.push(value.to_ascii_lowercase()),
                "game_id" => asked.game_ids.push(value),
                "language" => asked.languages.push(value),
                "first" => {
                    let first = value.parse().ok().filter(|first| (1..=MOST).contains(first));
                    asked.first = first.ok_or("The parameter \"first\" was malformed: the value must be 1 to 100")?;
                }
                "after" if !value.is_empty() => {
                    asked.after =
                        value.strip_prefix("from").and_then(|from| from.parse().ok()).ok_or("Invalid cursor")?;
                }
                _ => {}
            }
        }
        let filters = [&asked.user_ids, &asked.user_logins, &asked.game_ids, &asked.languages];
        if filters.iter().any(|values| values.len() > MOST) {
            return Err("A filter takes at most 100 values");
        }
        Ok(asked)
    }

    fn wants(&self, stream: &OnAir) -> bool {
        let among = |values: &[String], value: &str| values.is_empty() || values.iter().any(|wanted| wanted == value);
        let named = self.user_ids.is_empty() && self.user_logins.is_empty()
            || self.user_ids.contains(&stream.user.id.to_string())
            || self.user_logins.iter().any(|login| login == stream.user.login.as_str());
        named && among(&self.game_ids, &stream.game_id) && among(&self.languages, &stream.language)
    }
}

fn page(found: &[&OnAir], asked: &Asked, paging: Paging, fault: Option<Fault>, at: SlotTime) -> Response {
    let length = if paging == Paging::Short { asked.first.div_ceil(2) } else { asked.first };
    let from = asked.after.min(found.len());
    let end = (from + length).min(found.len());
    let cut = Cut::page(fault, from, end, found.len());
    let to = cut.to;
    let data: Vec<Value> = found[from..to].iter().map(|stream| told(stream)).collect();
    let cursor = |from: usize| json!({ "cursor": format!("from{from}") });
    let last = to == found.len();
    let pagination = match paging {
        _ if cut.fault.is_some() => Some(cut.next.map_or_else(|| json!({}), cursor)),
        Paging::EmptyAtEnd if from < to => Some(cursor(to)),
        Paging::LoopsBack if last => Some(cursor(0)),
        Paging::RepeatsCursor => Some(cursor(length.min(found.len()))),
        Paging::NoKeyAtEnd if last => None,
        _ if last => Some(json!({})),
        Paging::Overlapping => Some(cursor(to.saturating_sub(5).max(from + 1))),
        _ => Some(cursor(to)),
    };
    let (truly, told) = (Some((end - from) as u32), Some(data.len() as u32));
    let body = match pagination {
        Some(pagination) => json!({ "data": data, "pagination": pagination }),
        None => json!({ "data": data }),
    };
    noted(json_of(&body), Note { slot: at, truly, told, fault: cut.fault, outage: false })
}

fn told(stream: &OnAir) -> Value {
    json!({
        "id": stream.stream_id,
        "user_id": stream.user.id,
        "user_login": stream.user.login,
        "user_name": stream.user.display_name,
        "game_id": stream.game_id,
        "game_name": stream.game,
        "type": "live",
        "title": stream.title,
        "tags": null,
        "viewer_count": stream.viewers,
        "started_at": rfc3339(stream.started_at),
        "language": stream.language,
        "thumbnail_url": "",
        "tag_ids": [],
        "is_mature": false,
    })
}
