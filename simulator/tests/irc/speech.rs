//! What is said, and by whom.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use model::login::Login;
use model::slot::SlotTime;
use simulator::irc::settings::IrcSettings;
use simulator::script::Script;
use simulator::twitch::Twitch;

use crate::client::{Stage, busiest, evening, login, world};

/// A message: its tags, its writer, its channel and its text.
pub(crate) fn message(line: &str) -> Option<(BTreeMap<&str, &str>, Login, &str, &str)> {
    let (tags, rest) = line.strip_prefix('@')?.split_once(" :")?;
    let (prefix, rest) = rest.split_once(" PRIVMSG #")?;
    let (channel, text) = rest.split_once(" :")?;
    let who = prefix.split_once('!')?.0;
    assert_eq!(prefix, format!("{who}!{who}@{who}.tmi.twitch.tv"));
    Some((tags.split(';').map(|tag| tag.split_once('=').unwrap()).collect(), login(who), channel, text))
}

#[tokio::test]
async fn whoever_is_there_writes_and_nobody_else() {
    let stage = Stage::new(world(), IrcSettings { messages_per_minute: 2.0, ..IrcSettings::default() }).await;
    let irc = stage.twitch.irc();
    let mut client = stage.ready().await;
    let channels = busiest(&stage, 3);
    client.send(&format!("JOIN #{}", channels.join(",#")));
    let heard = client.heard().await;
    let room = |channel: &str| {
        let line = heard.iter().find(|line| line.ends_with(&format!("ROOMSTATE #{channel}"))).unwrap();
        line.split(';').find_map(|tag| tag.strip_prefix("room-id=")).unwrap().to_owned()
    };
    stage.pass(3_600).await;
    let heard = client.heard().await;
    let (mut said, mut ids, mut last, mut texts) = (BTreeMap::new(), BTreeSet::new(), 0, BTreeSet::new());
    let mut names = BTreeMap::new();
    for (tags, who, channel, text) in heard.iter().filter_map(|line| message(line)) {
        let sent: i64 = tags["tmi-sent-ts"].parse().unwrap();
        let at = SlotTime::from_unix(sent / 1_000).unwrap();
        assert!(irc.present(&login(channel), sent / 1_000).contains(&who), "{who} in {channel} at {sent}");
        assert_eq!(tags["room-id"], room(channel));
        assert!(tags["id"].len() == 36 && ids.insert(tags["id"]), "{tags:?}");
        assert!(sent / 1_000 + 60 > last, "order");
        last = sent / 1_000;
        texts.insert(text);
        names.insert(tags["display-name"], (who.clone(), tags["user-id"]));
        said.entry((channel, at)).or_insert_with(BTreeSet::new).insert(who);
    }
    assert!(said.len() > 12 && texts.len() > 10 && texts.iter().any(|text| text.starts_with("\u{1}ACTION ")));
    for channel in &channels {
        for n in 0..12 {
            let heard = said.remove(&(channel.as_str(), evening() + n)).unwrap_or_default();
            assert_eq!(heard, irc.said(&login(channel), evening() + n), "{channel} {n}");
        }
    }
    assert!(said.is_empty());
    // Names and ids are those that Helix tells.
    let form = [("client_id", "me"), ("client_secret", "s"), ("grant_type", "client_credentials")];
    let http = reqwest::Client::new();
    let token = http.post(format!("{}/oauth2/token", stage.twitch.base())).form(&form).send().await.unwrap();
    let token: serde_json::Value = token.json().await.unwrap();
    for (name, (who, id)) in names.iter().take(20) {
        let asked = http.get(format!("{}/helix/users?login={who}", stage.twitch.base()));
        let asked = asked.bearer_auth(token["access_token"].as_str().unwrap()).header("Client-Id", "me");
        let users: serde_json::Value = asked.send().await.unwrap().json().await.unwrap();
        assert_eq!(
            (users["data"][0]["id"].as_str(), users["data"][0]["display_name"].as_str()),
            (Some(*id), Some(&*name.replace("\\s", " ")))
        );
    }
}

#[tokio::test]
async fn a_script_tells_who_writes() {
    let (channel, at) = (login("_a"), evening());
    let mut script = Script::default();
    script.pattern(&channel, &login("_v"), at, "PPPP?..").unwrap();
    script.says(&channel, &login("_v"), at + 1);
    script.says(&channel, &login("_v"), at + 1);
    // Whom no list names, off air too.
    script.says(&channel, &login("_ghost"), at + 2);
    script.says(&channel, &login("_ghost"), at + 5);
    let silent = IrcSettings { messages_per_minute: 0.0, ..IrcSettings::default() };
    let stage = Stage::new(Twitch::Script(Arc::new(script)), silent).await;
    let mut client = stage.ready().await;
    client.send("JOIN #_a");
    client.heard().await;
    let mut said = Vec::new();
    for n in 0..7 {
        stage.pass(300).await;
        for (tags, who, _, _) in client.heard().await.iter().filter_map(|line| message(line)) {
            let sent: i64 = tags["tmi-sent-ts"].parse().unwrap();
            assert_eq!(SlotTime::from_unix(sent / 1_000).unwrap(), at + n);
            said.push((n, who.to_string()));
        }
        let truth = stage.twitch.irc().said(&channel, at + n);
        let heard = said.iter().filter(|(slot, _)| *slot == n).map(|(_, who)| login(who)).collect();
        assert_eq!(truth, heard);
    }
    assert_eq!(said, [(1, "_v"), (1, "_v"), (2, "_ghost"), (5, "_ghost")].map(|(n, who)| (n, who.to_owned())));
}

#[tokio::test]
async fn a_leap_of_the_clock_loses_nothing() {
    let loud = IrcSettings { messages_per_minute: 20.0, waiting_bytes: 64 << 10, ..IrcSettings::default() };
    let stage = Stage::new(world(), loud).await;
    let channel = login("_radio_minuit");
    let mut client = stage.ready().await;
    client.send(&format!("JOIN #{channel}"));
    client.heard().await;
    // Far more than may wait for it: it gets its lines as it reads.
    let slots = 12;
    let later = client.sender();
    let leap = async {
        stage.pass(slots * 300).await;
        later.send(b"PING :end\r\n".to_vec()).unwrap();
    };
    let (mut bytes, mut last, mut said) = (0, 0, BTreeMap::new());
    let reading = async {
        loop {
            let line = client.next().await.expect("it was dropped");
            bytes += line.len();
            if line.ends_with("PONG tmi.twitch.tv :end") {
                return;
            }
            let Some((tags, who, _, _)) = message(&line) else { continue };
            let sent: i64 = tags["tmi-sent-ts"].parse().unwrap();
            assert!(sent >= last);
            last = sent;
            said.entry(SlotTime::from_unix(sent / 1_000).unwrap()).or_insert_with(BTreeSet::new).insert(who);
        }
    };
    tokio::join!(leap, reading);
    assert!(bytes > 8 * loud.waiting_bytes, "{bytes}");
    for n in 0..slots as i32 {
        let heard = said.get(&(evening() + n)).cloned().unwrap_or_default();
        assert_eq!(heard, stage.twitch.irc().said(&channel, evening() + n), "{n}");
    }
}
