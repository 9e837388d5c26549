//! Answers of Helix are what Twitch's reference says that they are, with paging faults and without.

#![allow(clippy::unwrap_used)] // Its helpers are tests too.

use std::sync::Arc;

use jsonschema::Validator;
use model::slot::SlotTime;
use reqwest::Client;
use serde_json::Value;
use simulator::server::faults::HttpFaults;
use simulator::server::{Settings, SimulatedTwitch};
use simulator::twitch::Twitch;
use simulator::world::{Population, World};

/// Half past nine in the evening in Paris.
fn evening() -> i64 {
    SlotTime::at("2026-11-18".parse().unwrap(), 246).unix()
}

fn contract(text: &str) -> Validator {
    jsonschema::validator_for(&serde_json::from_str(text).unwrap()).unwrap()
}

fn holds(contract: &Validator, answer: &Value, what: &str) {
    let errors: Vec<String> =
        contract.iter_errors(answer).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(errors.is_empty(), "{what}: {errors:#?}");
}

struct Visitor {
    http: Client,
    twitch: SimulatedTwitch,
}

impl Visitor {
    async fn new() -> Visitor {
        let world = Arc::new(World::new(8, Population { viewers: 3_000, channels: 500 }).unwrap());
        let twitch = SimulatedTwitch::with(Twitch::World(world), Settings::default(), evening, 0).await.unwrap();
        Visitor { http: Client::new(), twitch }
    }

    async fn post(&self, path: &str, form: &[(&str, &str)]) -> reqwest::Response {
        self.http.post(format!("{}{path}", self.twitch.base())).form(form).send().await.unwrap()
    }

    async fn token(&self, form: &[(&str, &str)]) -> String {
        let granted: Value = self.post("/oauth2/token", form).await.json().await.unwrap();
        granted["access_token"].as_str().unwrap().to_owned()
    }

    /// A token of the application's own.
    async fn own(&self) -> String {
        self.token(&[("client_id", "me"), ("client_secret", "s"), ("grant_type", "client_credentials")]).await
    }

    /// A token of somebody who lets the application see who is in their chat.
    async fn of(&self, login: &str) -> String {
        let form = [("client_id", "me"), ("scopes", "moderator:read:chatters")];
        let device: Value = self.post("/oauth2/device", &form).await.json().await.unwrap();
        let code = |name: &str| device[name].as_str().unwrap().to_owned();
        let (device_code, user_code) = (code("device_code"), code("user_code"));
        self.post("/activate", &[("code", &user_code), ("login", login), ("answer", "allow")]).await;
        let grant = "urn:ietf:params:oauth:grant-type:device_code";
        self.token(&[("client_id", "me"), ("device_code", &device_code), ("grant_type", grant)]).await
    }

    async fn ask(&self, token: &str, path: &str) -> Value {
        let request = self.http.get(format!("{}/helix/{path}", self.twitch.base()));
        request.bearer_auth(token).header("Client-Id", "me").send().await.unwrap().json().await.unwrap()
    }

    /// All pages of a call, each held against its contract.
    async fn pages(&self, token: &str, call: &str, contract: &Validator) -> Vec<Value> {
        let (mut data, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = self.ask(token, &format!("{call}&after={cursor}")).await;
            holds(contract, &page, call);
            data.extend(page["data"].as_array().unwrap().clone());
            match page["pagination"]["cursor"].as_str() {
                Some(next) if next != cursor => next.clone_into(&mut cursor),
                _ => return data,
            }
        }
    }
}

#[tokio::test]
async fn answers_keep_the_contract() {
    let me = Visitor::new().await;
    let (streams, users, chatters) = (
        contract(include_str!("contract/streams.json")),
        contract(include_str!("contract/users.json")),
        contract(include_str!("contract/chatters.json")),
    );
    let own = me.own().await;
    let live = me.pages(&own, "streams?first=20", &streams).await;
    assert!(live.len() > 50, "{}", live.len());
    let owners: Vec<&str> = live.iter().map(|stream| stream["user_login"].as_str().unwrap()).collect();
    let found = me.ask(&own, &format!("users?login={}&login=_noctule", owners[..99].join("&login="))).await;
    holds(&users, &found, "users");
    assert_eq!(found["data"].as_array().unwrap().len(), 100);
    holds(&users, &me.ask(&own, "users?login=_nobody_at_all").await, "nobody");

    let (owner, id) = (owners[0], live[0]["user_id"].as_str().unwrap());
    let theirs = me.of(owner).await;
    let call = format!("chat/chatters?broadcaster_id={id}&moderator_id={id}&first=10");
    let people = me.pages(&theirs, &call, &chatters).await;
    assert!(people.len() > 20, "{}", people.len());

    // However pages go wrong, they are pages.
    let odd = HttpFaults { short_page: 0.3, gap: 0.2, duplicate: 0.2, cut_off: 0.2, ..HttpFaults::default() };
    for seed in 0..5 {
        me.twitch.faults().set(HttpFaults { seed, ..odd });
        me.pages(&own, "streams?first=20", &streams).await;
        me.pages(&theirs, &call, &chatters).await;
    }
}

#[tokio::test]
async fn refusals_keep_the_contract() {
    let me = Visitor::new().await;
    let error = contract(include_str!("contract/error.json"));
    let own = me.own().await;
    for call in ["streams?first=0", "streams?after=nonsense", "users", "chat/chatters?broadcaster_id=1&moderator_id=1"]
    {
        holds(&error, &me.ask(&own, call).await, call);
    }
    holds(&error, &me.ask("nonsense", "streams?first=1").await, "another token");
    let none = HttpFaults::default();
    for (faults, what) in [
        (HttpFaults { retry_after: 1.0, ..none }, "Retry-After"),
        (HttpFaults { ratelimit: 1.0, ..none }, "Ratelimit"),
        (HttpFaults { too_many: 1.0, ..none }, "429"),
        (HttpFaults { invalid_cursor: 1.0, ..none }, "cursor"),
        (HttpFaults { expired: 1.0, ..none }, "401"),
    ] {
        me.twitch.faults().set(faults);
        holds(&error, &me.ask(&own, "streams?first=1&after=from1").await, what);
    }
}
