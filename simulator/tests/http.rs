//! The server's answers have the shapes of Twitch's.

#![allow(clippy::unwrap_used)] // Its helpers are tests too.

use std::sync::Arc;

use model::login::Login;
use model::slot::SlotTime;
use reqwest::{Client, Response, StatusCode};
use serde_json::{Value, json};
use simulator::server::{Settings, SimulatedTwitch};
use simulator::twitch::Twitch;
use simulator::world::{Population, World};

/// Half past nine in the evening in Paris.
fn evening() -> i64 {
    SlotTime::at("2026-11-18".parse().unwrap(), 246).unix()
}

fn world() -> Arc<World> {
    Arc::new(World::new(8, Population { viewers: 500, channels: 120 }).unwrap())
}

struct Visitor {
    http: Client,
    twitch: SimulatedTwitch,
    token: String,
}

impl Visitor {
    async fn new(settings: Settings) -> Visitor {
        let twitch = SimulatedTwitch::with(Twitch::World(world()), settings, evening, 0).await.unwrap();
        let http = Client::new();
        let form = [("client_id", "me"), ("client_secret", "s"), ("grant_type", "client_credentials")];
        let answer = http.post(format!("{}/oauth2/token", twitch.base())).form(&form).send().await.unwrap();
        let granted: Value = answer.json().await.unwrap();
        assert_eq!((&granted["token_type"], granted["expires_in"].is_u64()), (&json!("bearer"), true));
        Visitor { token: granted["access_token"].as_str().unwrap().to_owned(), http, twitch }
    }

    async fn ask(&self, path: &str) -> Response {
        let request = self.http.get(format!("{}{path}", self.twitch.base()));
        request.bearer_auth(&self.token).header("Client-Id", "me").send().await.unwrap()
    }

    async fn json(&self, path: &str) -> Value {
        let answer = self.ask(path).await;
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
        answer.json().await.unwrap()
    }

    async fn refused(&self, path: &str, status: StatusCode) -> Value {
        let answer = self.ask(path).await;
        assert_eq!(answer.status(), status, "{path}");
        let error: Value = answer.json().await.unwrap();
        assert_eq!(error["status"], status.as_u16(), "{path}");
        error
    }
}

#[tokio::test]
async fn streams_are_paged_filtered_and_sorted() {
    let me = Visitor::new(Settings::default()).await;
    let page = me.json("/helix/streams").await;
    assert_eq!(page["data"].as_array().unwrap().len(), 20);
    let (mut all, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = me.json(&format!("/helix/streams?first=7&language=fr&after={cursor}")).await;
        all.extend(page["data"].as_array().unwrap().clone());
        match page["pagination"]["cursor"].as_str() {
            Some(next) => next.clone_into(&mut cursor),
            None => break assert_eq!(page["pagination"], json!({})),
        }
    }
    let viewers: Vec<u64> = all.iter().map(|stream| stream["viewer_count"].as_u64().unwrap()).collect();
    assert!(viewers.len() > 20 && viewers.is_sorted_by(|a, b| a >= b), "{viewers:?}");
    for stream in &all {
        for key in
            ["id", "user_id", "user_login", "user_name", "game_id", "game_name", "title", "started_at", "thumbnail_url"]
        {
            assert!(stream[key].is_string(), "{key}");
        }
        assert_eq!((&stream["type"], &stream["language"]), (&json!("live"), &json!("fr")));
    }
    let one = &all[3];
    let id = one["user_id"].as_str().unwrap();
    for query in [
        format!("user_id={id}&user_id=1"),
        format!("user_login={}", one["user_login"].as_str().unwrap().to_uppercase()),
    ] {
        let found = me.json(&format!("/helix/streams?{query}")).await;
        assert_eq!(found["data"], json!([one]), "{query}");
    }
    let playing = me.json(&format!("/helix/streams?first=100&game_id={}", one["game_id"].as_str().unwrap())).await;
    assert!(playing["data"].as_array().unwrap().iter().all(|stream| stream["game_id"] == one["game_id"]));
}

#[tokio::test]
async fn nonsense_and_strangers_are_refused() {
    let me = Visitor::new(Settings { client_secret: Some("s"), ..Settings::default() }).await;
    let many: String = ["&user_id=1"; 101].concat();
    for query in ["first=0", "first=101", "first=x", "after=nonsense", many.as_str()] {
        let error = me.refused(&format!("/helix/streams?{query}"), StatusCode::BAD_REQUEST).await;
        assert_eq!(error["error"], "Bad Request");
    }
    me.refused("/helix/users", StatusCode::BAD_REQUEST).await;
    me.refused("/helix/users?id=abc", StatusCode::BAD_REQUEST).await;
    let url = format!("{}/helix/streams", me.twitch.base());
    for request in [
        me.http.get(&url),
        me.http.get(&url).header("Client-Id", "me"),
        me.http.get(&url).bearer_auth("nonsense").header("Client-Id", "me"),
        me.http.get(&url).bearer_auth(&me.token).header("Client-Id", "another"),
    ] {
        assert_eq!(request.send().await.unwrap().status(), StatusCode::UNAUTHORIZED);
    }
    let token = format!("{}/oauth2/token", me.twitch.base());
    for (form, status) in [
        (vec![("client_secret", "s"), ("grant_type", "client_credentials")], 400),
        (vec![("client_id", "me"), ("client_secret", "wrong"), ("grant_type", "client_credentials")], 403),
        (vec![("client_id", "me"), ("client_secret", "s"), ("grant_type", "password")], 400),
    ] {
        assert_eq!(me.http.post(&token).form(&form).send().await.unwrap().status().as_u16(), status);
    }
}

#[tokio::test]
async fn the_limit_is_told_and_kept() {
    let me = Visitor::new(Settings { calls_per_minute: 2, ..Settings::default() }).await;
    for remaining in [1, 0] {
        let answer = me.ask("/helix/streams").await;
        let header = |name: &str| answer.headers()[name].to_str().unwrap().parse::<i64>().unwrap();
        assert_eq!((header("ratelimit-limit"), header("ratelimit-remaining")), (2, remaining));
        assert!((1..=60).contains(&(header("ratelimit-reset") - evening())));
    }
    me.refused("/helix/streams", StatusCode::TOO_MANY_REQUESTS).await;
}

#[tokio::test]
async fn tokens_are_told_of_and_users_looked_up() {
    let me = Visitor::new(Settings::default()).await;
    let told = me.json("/oauth2/validate").await;
    assert_eq!((&told["client_id"], &told["scopes"]), (&json!("me"), &json!([])));
    let users = me.json("/helix/users?login=_radio_minuit&login=_noctule&login=_nobody_of_this_name").await;
    let users = users["data"].as_array().unwrap();
    let names: Vec<&str> = users.iter().map(|user| user["display_name"].as_str().unwrap()).collect();
    assert_eq!(names, ["_noctule", "Radio Minuit"]);
    for user in users {
        let again = me.json(&format!("/helix/users?id={}", user["id"].as_str().unwrap())).await;
        assert_eq!(again["data"], json!([user]));
        assert!(user["login"].as_str().unwrap().parse::<Login>().unwrap().is_simulated());
    }
}

#[tokio::test]
async fn chatters_come_under_one_role_each() {
    let me = Visitor::new(Settings::default()).await;
    let list = me.json("/group/user/_radio_minuit/chatters").await;
    let roles = list["chatters"].as_object().unwrap();
    assert_eq!(roles["broadcaster"], json!(["_radio_minuit"]));
    let mut names: Vec<&str> =
        roles.values().flat_map(|names| names.as_array().unwrap()).map(|name| name.as_str().unwrap()).collect();
    assert_eq!(list["chatter_count"], names.len());
    names.sort_unstable();
    names.dedup();
    assert_eq!(list["chatter_count"], names.len());
    assert!(names.len() > 5);
    let nobody = me.ask("/group/user/_nobody_of_this_name/chatters").await;
    assert_eq!((nobody.status(), nobody.text().await.unwrap().as_str()), (StatusCode::NOT_FOUND, "Not Found"));
    me.twitch.stop().await;
}
