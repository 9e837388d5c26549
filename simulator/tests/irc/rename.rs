//! Who is called otherwise while somebody listens.

use std::collections::BTreeSet;
use std::sync::Arc;

use model::login::Login;
use simulator::irc::settings::IrcSettings;
use simulator::irc::truth::Truth;
use simulator::script::Script;
use simulator::twitch::{List, Twitch};

use crate::client::{Client, Stage, busiest, evening, login, world};
use crate::membership::{moves, named};
use crate::speech::message;

const SLOTS: i32 = 10;

fn quiet() -> IrcSettings {
    IrcSettings { messages_per_minute: 0.0, joins_per_window: 1_000, ..IrcSettings::default() }
}

/// Two channels with the same two people in them, of whom one writes in each slot.
fn script() -> Twitch {
    let mut script = Script::default();
    for (channel, viewer) in [("_a", "_v"), ("_a", "_w"), ("_b", "_v"), ("_b", "_w")] {
        script.pattern(&login(channel), &login(viewer), evening() + -1, &"P".repeat(SLOTS as usize + 2)).unwrap();
    }
    for n in 0..SLOTS {
        script.says(&login("_a"), &login("_v"), evening() + n);
    }
    Twitch::Script(Arc::new(script))
}

/// Takes in what is told of who comes and goes.
fn follow(people: &mut BTreeSet<Login>, lines: &[String]) {
    for (who, verb) in moves(lines) {
        if verb == "JOIN" {
            people.insert(who)
        } else {
            people.remove(&who)
        };
    }
}

/// The writers of messages in a channel, as tags tell them: login, display name, user id and room id.
fn writers<'a>(lines: &'a [String], of: &str) -> BTreeSet<(String, &'a str, &'a str, &'a str)> {
    let messages = lines.iter().filter_map(|line| message(line)).filter(|(_, _, channel, _)| *channel == of);
    messages.map(|(tags, who, ..)| (who.to_string(), tags["display-name"], tags["user-id"], tags["room-id"])).collect()
}

async fn joined(stage: &Stage, rooms: &str) -> (Client, Vec<String>) {
    let mut client = stage.ready().await;
    client.send(&format!("JOIN {rooms}"));
    let heard = client.heard().await;
    (client, heard)
}

#[tokio::test]
async fn somebody_leaves_under_the_old_name_and_comes_under_the_new_one() {
    let stage = Stage::new(script(), quiet()).await;
    let (mut client, _) = joined(&stage, "#_a,#_b").await;
    stage.pass(300).await;
    let heard = client.heard().await;
    let before = writers(&heard, "_a");
    let (_, _, user, room) = before.first().unwrap();
    stage.twitch.rename(&login("_v"), &login("_else")).unwrap();
    let line = |who: &str, verb: &str, room: &str| format!(":{who}!{who}@{who}.tmi.twitch.tv {verb} #{room}");
    let told = ["_a", "_b"].map(|room| [line("_v", "PART", room), line("_else", "JOIN", room)]);
    let [[a, b], [c, d]] = told;
    assert_eq!(client.heard().await, [a, c, b, d]);
    // The truth agrees, of all times; and so does the list over HTTP.
    let irc = stage.twitch.irc();
    let now: BTreeSet<Login> = ["_a", "_else", "_w"].map(login).into();
    assert_eq!(irc.present(&login("_a"), stage.now()), now);
    assert_eq!(irc.said(&login("_a"), evening()), [login("_else")].into());
    let List::Names(names) = stage.twitch.list(&login("_a"), evening() + 1) else { panic!("it fails") };
    assert_eq!(names.iter().map(|(name, _)| login(name)).collect::<BTreeSet<_>>(), now);
    client.send("PART #_a\r\nJOIN #_a");
    assert_eq!(named(&client.heard().await), now);
    stage.pass(300).await;
    let heard = client.heard().await;
    assert_eq!(writers(&heard, "_a"), [("_else".to_owned(), "_else", *user, *room)].into());
    // The name goes to another account, which does what they did.
    let id = stage.twitch.reissue(&login("_else")).unwrap().to_string();
    assert_eq!(client.heard().await, [""; 0]);
    stage.pass(300).await;
    let heard = client.heard().await;
    assert_eq!(writers(&heard, "_a"), [("_else".to_owned(), "_else", id.as_str(), *room)].into());
    // They leave under the name that they have then.
    stage.pass(i64::from(SLOTS) * 300).await;
    let heard = client.heard().await;
    assert_eq!(moves(&heard).iter().filter(|(who, _)| *who == login("_else")).count(), 2, "{heard:?}");
    assert!(!heard.iter().any(|line| line.contains(":_v!")));
}

#[tokio::test]
async fn whoever_follows_names_knows_who_is_there_in_the_end() {
    // People who come and go, and stay as they are in the end.
    let (mut script, slots, people) = (Script::default(), 24, 30);
    let mut draw = 7u64;
    let mut dice = move |sides: u64| {
        // A linear congruential generator: Knuth's constants.
        draw = draw.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (draw >> 33) % sides
    };
    for who in 0..people {
        let mut pattern: String = (0..slots).map(|_| if dice(3) == 0 { 'a' } else { 'P' }).collect();
        let last = if who % 2 == 0 { 'P' } else { 'a' };
        pattern.extend([last; 6]);
        script.pattern(&login("_a"), &login(&format!("_v{who}")), evening(), &pattern).unwrap();
    }
    let stage = Stage::new(Twitch::Script(Arc::new(script)), quiet()).await;
    let (mut client, heard) = joined(&stage, "#_a").await;
    let mut known = named(&heard);
    let mut names: Vec<Login> = (0..people).map(|who| login(&format!("_v{who}"))).collect();
    let mut lines = 0;
    for n in 0..slots * 15 {
        let who = dice(people) as usize;
        let new = login(&format!("_n{n}"));
        stage.twitch.rename(&names[who], &new).unwrap();
        let old = std::mem::replace(&mut names[who], new);
        if n % 5 == 0 {
            // Another one gets the name at once.
            let other = (who + 1) % people as usize;
            stage.twitch.rename(&names[other], &old).unwrap();
            names[other] = old;
        }
        stage.pass(20).await;
        // Somebody who comes in meanwhile is told who is there by then.
        if n % 40 == 0 {
            client = stage.ready().await;
            client.send("JOIN #_a");
            let heard = client.heard().await;
            known = named(&heard);
            assert_eq!(known, stage.twitch.irc().present(&login("_a"), stage.now()), "{n}");
        } else {
            let heard = client.heard().await;
            lines += heard.len();
            follow(&mut known, &heard);
        }
    }
    stage.pass(3 * 300).await;
    follow(&mut known, &client.heard().await);
    assert_eq!(known, stage.twitch.irc().present(&login("_a"), stage.now()));
    assert!(lines > 500 && known.len() == 16, "{lines}");
}

#[tokio::test]
async fn a_renamed_channel_is_another_room() {
    let stage = Stage::new(script(), quiet()).await;
    let (mut client, heard) = joined(&stage, "#_a,#_b").await;
    let id = |lines: &[String], room: &str| {
        let line = lines.iter().find(|line| line.ends_with(&format!(" ROOMSTATE #{room}"))).unwrap();
        line.split([';', ' ']).find_map(|tag| tag.strip_prefix("room-id=")).unwrap().to_owned()
    };
    let room = id(&heard, "_a");
    stage.twitch.rename(&login("_a"), &login("_c")).unwrap();
    stage.pass(300).await;
    let (irc, at) = (stage.twitch.irc(), stage.now());
    assert_eq!(client.heard().await, [""; 0]);
    assert!(irc.present(&login("_a"), at).is_empty() && irc.said(&login("_a"), evening()).is_empty());
    assert_eq!(irc.said(&login("_c"), evening()), [login("_v")].into());
    client.send("JOIN #_a");
    assert_eq!(client.heard().await, [""; 0]);
    client.send("JOIN #_c");
    let heard = client.heard().await;
    assert_eq!((named(&heard), id(&heard, "_c")), (["_c", "_v", "_w"].map(login).into(), room.clone()));
    assert_eq!(irc.present(&login("_c"), at), named(&heard));
    stage.pass(300).await;
    let heard = client.heard().await;
    assert_eq!((writers(&heard, "_c").len(), writers(&heard, "_a").len()), (1, 0));
    // The old name is an account's of which nothing is known.
    let new = stage.twitch.reissue(&login("_a")).unwrap().to_string();
    client.send("JOIN #_a");
    let heard = client.heard().await;
    assert_eq!((named(&heard), id(&heard, "_a")), (BTreeSet::new(), new));
    client.send("PART #_c,#_a");
    assert_eq!(client.heard().await.len(), 2);
    // Whoever is in a room is not in the one that gets its name later.
    let (mut other, _) = joined(&stage, "#_c").await;
    for (old, new) in [("_c", "_d"), ("_b", "_c")] {
        stage.twitch.rename(&login(old), &login(new)).unwrap();
        assert_eq!(other.heard().await, [""; 0]);
    }
    stage.twitch.rename(&login("_c"), &login("_b")).unwrap();
    stage.twitch.rename(&login("_d"), &login("_c")).unwrap();
    stage.pass(600).await;
    assert_eq!(other.heard().await, [""; 0]);
    other.send("JOIN #_c");
    assert_eq!(named(&other.heard().await), ["_c", "_v", "_w"].map(login).into());
    other.send("PART #_c");
    assert_eq!(other.heard().await.len(), 1);
}

#[tokio::test]
async fn what_happens_goes_by_no_name() {
    let loud = IrcSettings { messages_per_minute: 2.0, ..IrcSettings::default() };
    let stage = Stage::new(world(), loud).await;
    let channel = login(&busiest(&stage, 1)[0]);
    let truth = Truth::new(world(), loud);
    let (irc, new) = (stage.twitch.irc(), login("_now_called_so"));
    let writer = truth.said(&channel, evening()).into_iter().find(|who| *who != channel).unwrap();
    let there: Vec<_> = (0..60).map(|n| truth.present(&channel, stage.now() + n * 20)).collect();
    stage.twitch.rename(&writer, &new).unwrap();
    stage.twitch.rename(&channel, &login("_channel_of_now")).unwrap();
    let now = |names: BTreeSet<Login>| -> BTreeSet<Login> {
        let called = |who| match who {
            who if who == writer => new.clone(),
            who if who == channel => login("_channel_of_now"),
            who => who,
        };
        names.into_iter().map(called).collect()
    };
    let renamed = login("_channel_of_now");
    for n in 0..4 {
        assert_eq!(irc.said(&renamed, evening() + n), now(truth.said(&channel, evening() + n)));
    }
    for (n, there) in (0..).zip(there) {
        assert_eq!(irc.present(&renamed, stage.now() + n * 20), now(there), "{n}");
    }
}
