//! Helix's list of chatters: everybody in a chat with their ids, for those who moderate it. Source: the public reference of
//! `GET /chat/chatters`.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use model::identity::TwitchId;
use model::login::Login;
use model::words::{ListStatus, Role, SpeechStatus};
use serde::Deserialize;
use tokio::time::Instant;

use super::{Chatter, List};
use crate::error::{AskError, chain};
use crate::http::ask;
use crate::upstream::Upstream;
use crate::user_token::{Access, TokenError, UserToken};

const WHAT: &str = "GET /chat/chatters";
/// The most that a page names.
const PER_PAGE: usize = 1_000;
/// More pages than the largest chat has: a server that has a next one for ever is not followed.
const PAGES_MAX: usize = 500;

/// A client of it, in somebody's name. Clones share it.
#[derive(Clone, Debug)]
pub struct HelixLists {
    http: reqwest::Client,
    url: Arc<str>,
    client_id: Arc<str>,
    user: UserToken,
    upstream: Upstream,
}

/// Of what the contract promises, anything may be null or absent in production.
#[derive(Deserialize)]
struct Page {
    data: Vec<Person>,
    pagination: Option<Pagination>,
    total: Option<u32>,
}

#[derive(Deserialize)]
struct Pagination {
    cursor: Option<String>,
}

#[derive(Deserialize)]
struct Person {
    user_id: Option<String>,
    user_login: Option<String>,
}

impl HelixLists {
    /// A client of the Helix at `base`, for an application and somebody who let it ask.
    pub fn new(http: reqwest::Client, base: &str, client_id: &str, user: UserToken) -> HelixLists {
        let url = format!("{}/chat/chatters", base.trim_end_matches('/')).into();
        HelixLists { http, url, client_id: client_id.into(), user, upstream: Upstream::with_bucket("helix_user") }
    }

    /// Who is in the chat of a channel. Errors: the person does not moderate it, their sign-in is over, no answer.
    pub(super) async fn list(&self, channel: TwitchId, deadline: Instant) -> Result<List, AskError> {
        let mut access = self.access(None, deadline).await?;
        let mut gathered = Gathered::default();
        let mut after = None;
        let mut cursors = HashSet::new();
        for _ in 0..PAGES_MAX {
            let page = match self.page(&access, channel, after.as_deref(), deadline).await {
                // It ended before its time: another one, once.
                Err(AskError::Status { status: 401, .. }) => {
                    access = self.access(Some(&access), deadline).await?;
                    self.page(&access, channel, after.as_deref(), deadline).await
                }
                page => page,
            }?;
            let next = page.pagination.as_ref().and_then(|pagination| pagination.cursor.clone());
            let is_last = page.data.is_empty() || next.as_deref().is_none_or(str::is_empty);
            gathered.take(page);
            match next.filter(|_| !is_last) {
                // Cursors were seen to lead back.
                Some(next) if cursors.insert(next.clone()) => after = Some(next),
                Some(_) => return Ok(gathered.list(false)),
                None => return Ok(gathered.list(true)),
            }
        }
        Ok(gathered.list(false))
    }

    async fn page(
        &self,
        access: &Access,
        channel: TwitchId,
        after: Option<&str>,
        deadline: Instant,
    ) -> Result<Page, AskError> {
        let mut query = vec![
            ("broadcaster_id", channel.to_string()),
            ("moderator_id", access.user.to_string()),
            ("first", PER_PAGE.to_string()),
        ];
        query.extend(after.map(|cursor| ("after", cursor.to_owned())));
        let request = || {
            let request = self.http.get(&*self.url).query(&query);
            request.bearer_auth(&access.text).header("Client-Id", &*self.client_id)
        };
        ask(&self.upstream, WHAT, deadline, request).await
    }

    async fn access(&self, refused: Option<&Access>, deadline: Instant) -> Result<Access, AskError> {
        self.user.access(refused, deadline).await.map_err(|error| match error {
            TokenError::Ask(error) => error,
            error => AskError::SignedOut { what: WHAT, why: chain(&error) },
        })
    }
}

/// What pages told so far.
#[derive(Default)]
struct Gathered {
    /// By id: pages overlap when people come meanwhile.
    people: BTreeMap<TwitchId, Login>,
    /// Entries of nobody: they occur, and are counted.
    blank: u32,
    /// The least that a page counted: people come and go between pages.
    total: Option<u32>,
}

impl Gathered {
    fn take(&mut self, page: Page) {
        for person in page.data {
            let id = person.user_id.and_then(|id| id.parse().ok());
            match id.zip(person.user_login.and_then(|login| login.parse().ok())) {
                Some((id, login)) => drop(self.people.insert(id, login)),
                None => self.blank += 1,
            }
        }
        self.total = page.total.map(|total| self.total.map_or(total, |least| least.min(total))).or(self.total);
    }

    /// Complete if it was read to its end, and named all that it counts.
    fn list(self, to_its_end: bool) -> List {
        let named = self.people.len() as u32;
        let count = self.total.unwrap_or(named);
        let is_complete = to_its_end && named + self.blank >= count;
        let mut people: Vec<Chatter> =
            self.people.into_iter().map(|(id, login)| Chatter { login, id: Some(id), role: Role::Unknown }).collect();
        people.sort_unstable();
        // Somebody who changed their login between two pages is there under both; two ids of one login cannot be.
        people.dedup_by(|a, b| a.login == b.login);
        List {
            people,
            count: Some(count),
            status: if is_complete { ListStatus::Complete } else { ListStatus::Partial },
            speech: SpeechStatus::Missing,
            speakers: Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gathered(pages: &[&str], to_its_end: bool) -> List {
        let mut gathered = Gathered::default();
        for page in pages {
            gathered.take(serde_json::from_str(page).unwrap());
        }
        gathered.list(to_its_end)
    }

    #[test]
    fn a_list_is_complete_when_it_names_all_that_it_counts() {
        let first = r#"{"data":[{"user_id":"2","user_login":"B","user_name":"B"},{"user_id":"1","user_login":"a"}],
            "pagination":{"cursor":"x"},"total":4}"#;
        let second = r#"{"data":[{"user_id":"2","user_login":"b"},{"user_id":"3","user_login":"c"},
            {"user_id":"","user_login":"","user_name":""}],"pagination":{},"total":5}"#;
        let list = gathered(&[first, second], true);
        let people: Vec<(&str, u64)> = list.people.iter().map(|p| (p.login.as_str(), p.id.unwrap().get())).collect();
        assert_eq!(people, [("a", 1), ("b", 2), ("c", 3)]);
        assert_eq!((list.status, list.count), (ListStatus::Complete, Some(4)));
        assert_eq!(gathered(&[first], true).status, ListStatus::Partial);
        assert_eq!(gathered(&[first, second], false).status, ListStatus::Partial);
        let empty = gathered(&[r#"{"data":[],"pagination":null,"total":0}"#], true);
        assert_eq!((empty.status, empty.count, empty.people.len()), (ListStatus::Complete, Some(0), 0));
    }
}
