//! Chats that are shared.

use std::collections::{BTreeMap, BTreeSet};

use model::login::Login;
use simulator::irc::settings::IrcSettings;
use simulator::twitch::Twitch;

use crate::client::{Stage, evening, login, world};
use crate::membership::moves;
use crate::speech::message;

fn loud() -> IrcSettings {
    IrcSettings { messages_per_minute: 8.0, joins_per_window: 1_000, ..IrcSettings::default() }
}

/// Who wrote in a room, by the id of the room where it was written; nothing where no tag tells.
fn writers(lines: &[String], room: &str) -> BTreeMap<Option<String>, BTreeSet<Login>> {
    let mut writers = BTreeMap::<_, BTreeSet<Login>>::new();
    for (tags, who, ..) in lines.iter().filter_map(|line| message(line)).filter(|(.., at, _)| *at == room) {
        writers.entry(tags.get("source-room-id").map(|id| (*id).to_owned())).or_default().insert(who);
    }
    writers
}

#[tokio::test]
async fn what_is_said_in_one_chat_is_told_in_all() {
    let stage = Stage::new(world(), loud()).await;
    let irc = stage.twitch.irc();
    // Chats in which something is said all the time.
    let talks = |channel: &Login| (0..3).all(|n| !irc.said(channel, evening() + n).is_empty());
    let Twitch::World(people) = world() else { unreachable!() };
    let mut channels = people.channels().filter(|channel| talks(channel)).cloned();
    let [one, other, third] = [(); 3].map(|()| channels.next().unwrap());
    // In the second of two chats alone, and in the third, which shares nothing.
    let mut client = stage.ready().await;
    client.send(&format!("JOIN #{other},#{third}"));
    client.heard().await;
    assert!(irc.share(std::slice::from_ref(&one)).is_err() && irc.share(&[one.clone(), login("_nobody")]).is_err());
    irc.share(&[one.clone(), other.clone()]).unwrap();
    assert!(irc.share(&[third.clone(), other.clone()]).is_err(), "it is in a session");
    client.heard().await;
    stage.pass(300).await;
    let heard = client.heard().await;
    let told = writers(&heard, other.as_str());
    assert_eq!(told.keys().filter(|source| source.is_some()).count(), 2, "{told:?}");
    let mut ids = BTreeSet::new();
    let mut home = String::new();
    for (tags, who, at, _) in heard.iter().filter_map(|line| message(line)) {
        assert!(ids.insert(tags["id"]), "{tags:?}");
        let Some(source) = tags.get("source-room-id") else {
            assert_eq!(at, third.as_str());
            continue;
        };
        let is_own = *source == tags["room-id"];
        assert_eq!((is_own, at), (tags["source-id"] == tags["id"], other.as_str()));
        // What they are in the chat that they wrote in, and in this one.
        let broadcasts = |tag: &str| tags[tag] == "broadcaster/1";
        assert_eq!(broadcasts("badges"), who == other);
        assert_eq!(broadcasts("source-badges"), who == if is_own { other.clone() } else { one.clone() });
        home = if is_own { (*source).to_owned() } else { home };
    }
    for (source, said) in &told {
        let channel = if *source == Some(home.clone()) { &other } else { &one };
        assert_eq!(*said, irc.said(channel, evening()), "{channel}");
    }
    // Nobody of the first chat is in the second.
    let there: BTreeSet<Login> = (0..=480).flat_map(|n| irc.present(&other, evening().unix() - 180 + n)).collect();
    let here = heard.iter().filter(|line| line.ends_with(&format!(" #{other}"))).cloned().collect::<Vec<_>>();
    assert!(moves(&here).iter().all(|(who, _)| there.contains(who)));

    // Who is in both is told everything in both; through a rename too.
    let new = login("_called_otherwise");
    stage.twitch.rename(&one, &new).unwrap();
    client.send(&format!("JOIN #{new}"));
    client.heard().await;
    stage.pass(300).await;
    let heard = client.heard().await;
    let [a, b] = [&new, &other].map(|room| writers(&heard, room.as_str()));
    let said: BTreeSet<BTreeSet<Login>> = [&new, &other].map(|room| irc.said(room, evening() + 1)).into();
    assert!(said.iter().all(|said| !said.is_empty()) && !a.contains_key(&None), "{said:?} {a:?}");
    assert_eq!((a.values().cloned().collect(), &a), (said, &b));
    // In the end each is for itself.
    irc.end_share(&new);
    client.heard().await;
    stage.pass(300).await;
    let heard = client.heard().await;
    for room in [&new, &other] {
        assert_eq!(writers(&heard, room.as_str()), [(None, irc.said(room, evening() + 2))].into());
    }
    irc.share(&[third, other]).unwrap();
}
