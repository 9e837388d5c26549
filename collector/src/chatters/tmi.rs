//! The old chatters endpoint: `GET {base}/group/user/<login>/chatters`, without authentication, logins only.
//!
//! Twitch's own answers 404 since 2023-04-03; the simulator, recordings and proxies speak it.

use std::collections::BTreeMap;
use std::sync::Arc;

use model::login::Login;
use model::words::{ListStatus, Role, SpeechStatus};
use serde::Deserialize;
use tokio::time::Instant;

use super::{Chatter, List};
use crate::error::AskError;
use crate::http::ask;
use crate::upstream::Upstream;

/// A client of the endpoint.
#[derive(Clone, Debug)]
pub struct Tmi {
    http: reqwest::Client,
    base: Arc<str>,
    upstream: Upstream,
}

#[derive(Deserialize)]
struct Answer {
    chatter_count: Option<u32>,
    #[serde(default)]
    chatters: Groups,
}

/// Older answers lack some groups: a missing one is empty.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Groups {
    broadcaster: Vec<String>,
    vips: Vec<String>,
    moderators: Vec<String>,
    staff: Vec<String>,
    admins: Vec<String>,
    global_mods: Vec<String>,
    viewers: Vec<String>,
}

impl Tmi {
    /// A client of the server at `base`, without a slash at its end.
    pub fn new(http: reqwest::Client, base: &str) -> Tmi {
        Tmi { http, base: base.trim_end_matches('/').into(), upstream: Upstream::new("chatters") }
    }

    pub(super) async fn list(&self, channel: &Login, deadline: Instant) -> Result<List, AskError> {
        let url = format!("{}/group/user/{channel}/chatters", self.base);
        let answer: Answer = ask(&self.upstream, "the chatters endpoint", deadline, || self.http.get(&url)).await?;
        Ok(read(answer))
    }
}

fn read(answer: Answer) -> List {
    let groups = answer.chatters;
    // The first role wins where a broken answer names somebody twice.
    let mut people: BTreeMap<Login, Role> = BTreeMap::new();
    for (role, names) in [
        (Role::Broadcaster, groups.broadcaster),
        (Role::Staff, groups.staff),
        (Role::Admin, groups.admins),
        (Role::GlobalMod, groups.global_mods),
        (Role::Moderator, groups.moderators),
        (Role::Vip, groups.vips),
        (Role::Viewer, groups.viewers),
    ] {
        // Blank and impossible names occur: they are nobody.
        for login in names.into_iter().filter_map(|name| name.parse().ok()) {
            people.entry(login).or_insert(role);
        }
    }
    let count = answer.chatter_count.unwrap_or(people.len() as u32);
    // A list that names fewer people than it counts was cut off: it proves presence only.
    let status = if (people.len() as u32) < count { ListStatus::Partial } else { ListStatus::Complete };
    List {
        people: people.into_iter().map(|(login, role)| Chatter { login, id: None, role }).collect(),
        count: Some(count),
        status,
        speech: SpeechStatus::Missing,
        speakers: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> List {
        read(serde_json::from_str(text).unwrap())
    }

    #[test]
    fn old_and_new_shapes() {
        let list = parse(
            r#"{"_links":{},"chatter_count":4,"chatters":{"broadcaster":["s"],"vips":[],"moderators":["m"],"staff":[],
                "admins":[],"global_mods":[],"viewers":["b","a"]}}"#,
        );
        let people: Vec<(&str, Role)> = list.people.iter().map(|c| (c.login.as_str(), c.role)).collect();
        assert_eq!(
            people,
            [("a", Role::Viewer), ("b", Role::Viewer), ("m", Role::Moderator), ("s", Role::Broadcaster)]
        );
        assert_eq!((list.count, list.status), (Some(4), ListStatus::Complete));

        let old = parse(r#"{"chatter_count":1,"chatters":{"viewers":["a"]}}"#);
        assert_eq!((old.people.len(), old.status), (1, ListStatus::Complete));
    }

    #[test]
    fn a_list_shorter_than_its_figure_proves_presence_only() {
        let cut = parse(r#"{"chatter_count":9000,"chatters":{"viewers":["a","a","not a login",""]}}"#);
        assert_eq!((cut.people.len(), cut.count, cut.status), (1, Some(9_000), ListStatus::Partial));
    }
}
