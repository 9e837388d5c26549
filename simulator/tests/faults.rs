//! Every fault is seen by a client as what it is told to be, and the log tells what was true.

#![allow(clippy::unwrap_used)] // Its helpers are tests too.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use model::login::Login;
use model::slot::SlotTime;
use reqwest::{Client, RequestBuilder, Response, StatusCode};
use serde_json::{Value, json};
use simulator::script::{Script, ScriptSlot};
use simulator::server::faults::{Fault, HttpFaults};
use simulator::server::log::Entry;
use simulator::server::{Settings, SimulatedTwitch};
use simulator::twitch::{List, Twitch};

const STREAMS: &str = "/helix/streams?first=10";
const LIST: &str = "/group/user/_channel_00/chatters";

fn at() -> SlotTime {
    SlotTime::at("2026-11-18".parse().unwrap(), 100)
}

fn login(text: &str) -> Login {
    text.parse().unwrap()
}

/// Thirty channels with three people in each chat; hardly anybody watches the last one.
fn twitch() -> Twitch {
    let mut script = Script::default();
    for n in 0..30 {
        let channel = login(&format!("_channel_{n:02}"));
        let list = Ok(BTreeSet::from([channel.clone(), login("_guest"), login("_viewer")]));
        let viewers = if n == 29 { 3 } else { 100 - n };
        script.slot(&channel, at(), ScriptSlot { viewers, list });
    }
    Twitch::Script(Arc::new(script))
}

struct Visitor {
    http: Client,
    twitch: SimulatedTwitch,
    token: String,
}

impl Visitor {
    async fn new() -> Visitor {
        let now = || at().unix() + 7;
        let twitch = SimulatedTwitch::with(twitch(), Settings::default(), now, 0).await.unwrap();
        // A connection each: a fault of one is none of another.
        let http = Client::builder().pool_max_idle_per_host(0).build().unwrap();
        let mut visitor = Visitor { http, twitch, token: String::new() };
        visitor.token = visitor.token().await;
        visitor
    }

    async fn token(&self) -> String {
        let form = [("client_id", "me"), ("client_secret", "s"), ("grant_type", "client_credentials")];
        let answer = self.http.post(format!("{}/oauth2/token", self.twitch.base())).form(&form).send().await.unwrap();
        answer.json::<Value>().await.unwrap()["access_token"].as_str().unwrap().to_owned()
    }

    fn request(&self, path: &str) -> RequestBuilder {
        let request = self.http.get(format!("{}{path}", self.twitch.base()));
        request.bearer_auth(&self.token).header("Client-Id", "me")
    }

    /// Switches one fault on, for all requests.
    fn switch(&self, fault: Fault) {
        let name = serde_json::to_value(fault).unwrap();
        let faults = json!({ name.as_str().unwrap(): 1.0, "slow_ms": 30, "wait_seconds": 2 });
        self.twitch.faults().set(serde_json::from_value(faults).unwrap());
    }

    async fn meets(&self, fault: Fault, path: &str) -> Response {
        self.switch(fault);
        let answer = self.request(path).send().await.unwrap();
        assert_eq!((self.last().fault, self.last().status), (Some(fault), Some(answer.status().as_u16())), "{path}");
        answer
    }

    async fn page(&self, path: &str) -> (Vec<String>, Value) {
        let page: Value = self.request(path).send().await.unwrap().json().await.unwrap();
        let names = page["data"].as_array().unwrap().iter();
        (names.map(|one| one["user_login"].as_str().unwrap().to_owned()).collect(), page["pagination"].clone())
    }

    fn last(&self) -> Entry {
        self.twitch.log().entries().pop().unwrap()
    }
}

#[tokio::test]
async fn answers_that_are_none() {
    let me = Visitor::new().await;
    for path in [STREAMS, LIST] {
        let answer = me.meets(Fault::BadGateway, path).await;
        assert_eq!(answer.status(), StatusCode::BAD_GATEWAY);
        assert!(answer.text().await.unwrap().starts_with("<html>"));
        let broken = me.meets(Fault::Truncated, path).await.bytes().await.unwrap();
        assert!(broken.starts_with(b"{") && serde_json::from_slice::<Value>(&broken).is_err());
        let empty = me.meets(Fault::Empty, path).await;
        assert_eq!((empty.status(), empty.bytes().await.unwrap().len()), (StatusCode::OK, 0));
        let truly = me.last();
        let expected = if path == LIST { 3 } else { 10 };
        assert_eq!((truly.truly, truly.told, truly.slot), (Some(expected), None, Some(at())), "{path}");

        let mut stuck = me.meets(Fault::Stuck, path).await;
        let waited = tokio::time::timeout(Duration::from_millis(50), stuck.chunk()).await;
        assert!(waited.is_err(), "{waited:?}");

        me.switch(Fault::Reset);
        let error = me.request(path).send().await.unwrap_err();
        assert!(format!("{error:?}").contains("ConnectionReset"), "{error:?}");
        assert_eq!((me.last().fault, me.last().status), (Some(Fault::Reset), None));
        let mut half = me.meets(Fault::ResetInBody, path).await;
        assert!(half.chunk().await.unwrap().unwrap().starts_with(b"{"));
        assert!(format!("{:?}", half.chunk().await.unwrap_err()).contains("ConnectionReset"));

        let before = std::time::Instant::now();
        let slow = me.meets(Fault::Slow, path).await;
        assert!(slow.status().is_success() && before.elapsed() >= Duration::from_millis(30));
        assert!(me.last().is_true());
    }
    // A token that nobody got would be lost: none is made.
    me.switch(Fault::Empty);
    let form = [("client_id", "me"), ("client_secret", "s"), ("grant_type", "client_credentials")];
    let answer = me.http.post(format!("{}/oauth2/token", me.twitch.base())).form(&form).send().await.unwrap();
    assert_eq!((answer.text().await.unwrap().as_str(), me.last().path.as_str()), ("", "/oauth2/token"));
    let stuck = me.meets(Fault::Stuck, STREAMS).await;
    // Those that wait for the rest of an answer do not hold up its end.
    tokio::time::timeout(Duration::from_secs(10), me.twitch.stop()).await.unwrap();
    assert!(stuck.bytes().await.is_err());
}

#[tokio::test]
async fn refusals() {
    let mut me = Visitor::new().await;
    let header = |answer: &Response, name: &str| answer.headers().get(name).map(|v| v.to_str().unwrap().to_owned());
    let too_many = StatusCode::TOO_MANY_REQUESTS;
    for path in [STREAMS, LIST] {
        let answer = me.meets(Fault::RetryAfter, path).await;
        assert_eq!((answer.status(), header(&answer, "retry-after").as_deref()), (too_many, Some("2")));
        assert_eq!(header(&answer, "ratelimit-reset"), None);
        let answer = me.meets(Fault::Ratelimit, path).await;
        let limits = ["ratelimit-limit", "ratelimit-remaining", "ratelimit-reset"].map(|name| header(&answer, name));
        let reset = (at().unix() + 9).to_string();
        assert_eq!(limits, [Some("800".to_owned()), Some("0".to_owned()), Some(reset)]);
        assert_eq!((answer.status(), header(&answer, "retry-after")), (too_many, None));
        assert_eq!(header(&answer, "date").as_deref(), Some("Wed, 18 Nov 2026 08:20:07 GMT"));
        let answer = me.meets(Fault::TooMany, path).await;
        assert_eq!((answer.status(), header(&answer, "ratelimit-reset")), (too_many, None));
        assert_eq!(header(&answer, "retry-after"), None);
    }
    let answer = me.meets(Fault::InvalidCursor, &format!("{STREAMS}&after=from10")).await;
    assert_eq!(answer.json::<Value>().await.unwrap()["message"], "Invalid cursor");
    me.switch(Fault::InvalidCursor);
    assert!(me.request(STREAMS).send().await.unwrap().status().is_success(), "there is no cursor to be wrong");

    let refused = me.meets(Fault::Expired, STREAMS).await;
    assert_eq!(refused.json::<Value>().await.unwrap()["message"], "Invalid OAuth token");
    me.twitch.faults().set(HttpFaults::default());
    let again = me.request(STREAMS).send().await.unwrap();
    assert_eq!((again.status(), me.last().fault), (StatusCode::UNAUTHORIZED, None), "that token is worth nothing");
    me.token = me.token().await;
    assert!(me.request(STREAMS).send().await.unwrap().status().is_success());
}

#[tokio::test]
async fn lists_that_lie() {
    let me = Visitor::new().await;
    let list: Value = me.meets(Fault::FalseZero, LIST).await.json().await.unwrap();
    assert_eq!((&list["chatter_count"], &list["chatters"]["viewers"]), (&json!(0), &json!([])));
    assert_eq!((me.last().truly, me.last().told), (Some(3), Some(0)));
    // Nobody could tell that it is false.
    let list: Value = me.request("/group/user/_channel_29/chatters").send().await.unwrap().json().await.unwrap();
    assert_eq!((&list["chatter_count"], me.last().fault), (&json!(3), None));
    let list: Value = me.meets(Fault::CutOff, LIST).await.json().await.unwrap();
    let names: usize = list["chatters"].as_object().unwrap().values().map(|l| l.as_array().unwrap().len()).sum();
    assert_eq!((&list["chatter_count"], names), (&json!(3), 1));
    assert_eq!((me.last().truly, me.last().told, me.last().is_true()), (Some(3), Some(1), false));
}

#[tokio::test]
async fn pages_that_lead_astray() {
    let me = Visitor::new().await;
    let numbers = |names: &[String]| names.iter().map(|n| n[9..].parse().unwrap()).collect::<Vec<u32>>();
    me.switch(Fault::ShortPage);
    let (names, pagination) = me.page(STREAMS).await;
    assert_eq!((numbers(&names), pagination), ((0..5).collect(), json!({ "cursor": "from5" })));
    me.switch(Fault::Duplicate);
    assert_eq!(me.page(STREAMS).await.1, json!({ "cursor": "from9" }));
    me.switch(Fault::Gap);
    assert_eq!(me.page(STREAMS).await.1, json!({ "cursor": "from11" }));
    let last = me.page(&format!("{STREAMS}&after=from20")).await;
    assert_eq!((last.1, me.last().fault), (json!({}), None), "there is no next page");
    me.switch(Fault::CursorLoop);
    let (names, pagination) = me.page(&format!("{STREAMS}&after=from10")).await;
    assert_eq!((numbers(&names), pagination), ((10..20).collect(), json!({ "cursor": "from10" })));
    assert_eq!((me.last().truly, me.last().told), (Some(10), Some(10)));
}

#[tokio::test]
async fn names_change_hands() {
    let me = Visitor::new().await;
    let user = async |query: &str| {
        let users: Value = me.request(&format!("/helix/users?{query}")).send().await.unwrap().json().await.unwrap();
        users["data"].get(0).map(|user| (user["id"].as_str().unwrap().to_owned(), user["login"].clone()))
    };
    let (old, new) = (login("_channel_00"), login("_renamed"));
    let (id, _) = user("login=_channel_00").await.unwrap();
    me.twitch.rename(&old, &new).unwrap();
    me.twitch.rename(&login("_guest"), &login("_host")).unwrap();
    assert_eq!(user("login=_channel_00").await, None);
    assert_eq!(user("login=_renamed").await, Some((id.clone(), json!("_renamed"))));
    assert_eq!(user(&format!("id={id}")).await, Some((id.clone(), json!("_renamed"))));
    assert_eq!(me.page(STREAMS).await.0[0], "_renamed");
    assert_eq!(me.page(&format!("/helix/streams?user_id={id}")).await.0, ["_renamed"]);
    assert_eq!(me.request(LIST).send().await.unwrap().status(), StatusCode::NOT_FOUND);
    let list: Value = me.request("/group/user/_renamed/chatters").send().await.unwrap().json().await.unwrap();
    assert_eq!(list["chatters"]["viewers"], json!(["_host", "_viewer"]));
    assert_eq!(list["chatters"]["broadcaster"], json!(["_renamed"]));
    let List::Names(truly) = me.twitch.list(&new, at()) else { panic!("it does not fail") };
    assert_eq!((truly.len(), me.twitch.on_air(at())[0].user.login.clone()), (3, new.clone()));

    // The old name goes to somebody of whom nothing is known.
    let other = me.twitch.reissue(&old).unwrap().to_string();
    assert_eq!(user("login=_channel_00").await, Some((other.clone(), json!("_channel_00"))));
    assert_eq!(user(&format!("id={other}")).await, Some((other.clone(), json!("_channel_00"))));
    assert!(me.page(&format!("/helix/streams?user_id={other}")).await.0.is_empty());
    // A name in use: another id does the same.
    let (before, _) = user("login=_channel_01").await.unwrap();
    let after = me.twitch.reissue(&login("_channel_01")).unwrap().to_string();
    assert_eq!(me.page(&format!("/helix/streams?user_id={before}&user_id={after}")).await.0, ["_channel_01"]);
    assert_eq!(user(&format!("id={before}")).await, None);
    // And back.
    assert!(me.twitch.rename(&new, &old).is_err(), "it is somebody else's now");
    me.twitch.rename(&login("_host"), &login("_guest")).unwrap();
    assert_eq!(user("login=_guest").await.unwrap().1, json!("_guest"));
    for (old, new) in [("_nobody", "_somebody"), ("_viewer", "_guest")] {
        assert!(me.twitch.rename(&login(old), &login(new)).is_err(), "{old} {new}");
    }
    assert!(me.twitch.reissue(&login("_nobody")).is_err());
}

#[tokio::test]
async fn a_file_is_followed_and_the_log_written() {
    let me = Visitor::new().await;
    let folder = tempfile::tempdir().unwrap();
    let (file, written) = (folder.path().join("faults.json"), folder.path().join("log.jsonl"));
    assert!(me.twitch.follow_faults(&file).await.is_err(), "it is not there");
    for wrong in ["", r#"{"gapp":1}"#, r#"{"gap":1.5}"#, r#"{"gap":0.6,"slow":0.6}"#] {
        std::fs::write(&file, wrong).unwrap();
        assert!(me.twitch.follow_faults(&file).await.is_err(), "{wrong}");
    }
    std::fs::write(&file, r#"{"seed":3,"bad_gateway":1}"#).unwrap();
    me.twitch.follow_faults(&file).await.unwrap();
    let faults = HttpFaults { seed: 3, bad_gateway: 1.0, ..HttpFaults::default() };
    assert_eq!(me.twitch.faults().get(), faults);
    std::fs::write(&file, "{").unwrap();
    me.twitch.log().write_to(&written).unwrap();
    assert_eq!(me.request("/helix/users?login=_viewer").send().await.unwrap().status(), StatusCode::BAD_GATEWAY);
    std::fs::write(&file, r#"{"empty":1}"#).unwrap();
    let other = HttpFaults { empty: 1.0, ..HttpFaults::default() };
    tokio::time::timeout(Duration::from_secs(30), me.twitch.faults().are(other)).await.unwrap();
    me.request(LIST).send().await.unwrap();
    let text = std::fs::read_to_string(&written).unwrap();
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(
        lines[0],
        json!({ "number": 1, "path": "/helix/users?login×1", "at": "2026-11-18T08:20:07Z", "slot": "2026-11-18T08:20:00Z",
            "status": 502, "truly": 1, "told": null, "fault": "bad_gateway", "outage": false })
    );
    assert_eq!((lines.len(), &lines[1]["fault"], &lines[1]["path"]), (2, &json!("empty"), &json!(LIST)));
    assert_eq!(me.twitch.log().forgotten(), 0);
}
