//! NAMES, and who comes and goes.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use model::login::Login;
use simulator::irc::settings::IrcSettings;
use simulator::outage::ListFailure;
use simulator::script::{Script, ScriptSlot};
use simulator::twitch::Twitch;

use crate::client::{Stage, evening, login, world};

/// Whom NAMES names, the client itself apart.
pub(crate) fn named(lines: &[String]) -> BTreeSet<Login> {
    let lists = lines.iter().filter(|line| line.contains(" 353 "));
    let names = lists.flat_map(|line| {
        assert!(line.len() < 500, "{line}");
        line.rsplit_once(':').unwrap().1.split(' ')
    });
    names.filter(|name| !name.starts_with("justinfan")).map(login).collect()
}

/// Whoever came or went, as told: the login and the verb.
pub(crate) fn moves(lines: &[String]) -> Vec<(Login, &'static str)> {
    let verb = |line: &String| ["JOIN", "PART"].into_iter().find(|verb| line.contains(&format!(" {verb} #")));
    let nick = |line: &String| login(line[1..].split_once('!').unwrap().0);
    lines.iter().filter_map(|line| verb(line).map(|verb| (nick(line), verb))).collect()
}

#[tokio::test]
async fn an_hour_of_coming_and_going_is_told_late_and_whole() {
    let quiet = IrcSettings { messages_per_minute: 0.0, ..IrcSettings::default() };
    let stage = Stage::new(world(), quiet).await;
    let (channel, irc) = (login("_radio_minuit"), stage.twitch.irc());
    let start = stage.now() + 137;
    stage.set(start);
    let mut client = stage.ready().await;
    client.send("JOIN #_radio_minuit");
    let present = irc.present(&channel, start);
    assert_eq!(named(&client.heard().await), present);
    assert!(present.len() > 10, "{present:?}");
    // Who is there, every five seconds from three minutes before.
    let (step, late) = (5, 180);
    let people: BTreeMap<i64, BTreeSet<Login>> = (0..=(3_600 + late) / step)
        .map(|n| start - late + n * step)
        .map(|at| (at, irc.present(&channel, at)))
        .collect();
    let changes = |at: i64, verb: &str| -> BTreeSet<Login> {
        let (Some(before), Some(now)) = (people.get(&(at - step)), people.get(&at)) else { return BTreeSet::new() };
        if verb == "JOIN" { now - before } else { before - now }
    };
    let mut told = BTreeSet::new();
    let portion = 30;
    for _ in 0..3_600 / portion {
        stage.pass(portion).await;
        let now = stage.now();
        for (who, verb) in moves(&client.heard().await) {
            let happened = (0..=(late + portion) / step)
                .map(|n| now - n * step)
                .map(|at| start + (at - start).div_euclid(step) * step)
                .find(|at| changes(*at, verb).contains(&who));
            let at = happened.unwrap_or_else(|| panic!("{who} {verb} at {now} of {start}: never happened"));
            assert!(at - step <= now - 30, "{who} {verb} was told at once");
            assert!(told.insert((at, who, verb)), "told twice");
        }
    }
    let end = stage.now();
    for at in people.keys().filter(|at| **at > start && **at <= end - late) {
        for verb in ["JOIN", "PART"] {
            for who in changes(*at, verb) {
                assert!(told.contains(&(*at, who.clone(), verb)), "{who} {verb} {}: never told", at - start);
            }
        }
    }
    assert!(told.len() > 10, "{told:?}");
}

#[tokio::test]
async fn at_the_start_of_a_slot_the_list_is_the_truth() {
    let stage = Stage::new(world(), IrcSettings::default()).await;
    let irc = stage.twitch.irc();
    let channel = login("_radio_minuit");
    // Over midnight too.
    for n in (0..12).chain(36..48) {
        stage.set((evening() + n).unix());
        let url = format!("{}/group/user/{channel}/chatters", stage.twitch.base());
        let list: serde_json::Value = reqwest::get(url).await.unwrap().json().await.unwrap();
        let roles = list["chatters"].as_object().unwrap().values();
        let listed = roles.flat_map(|names| names.as_array().unwrap()).map(|name| login(name.as_str().unwrap()));
        assert_eq!(listed.collect::<BTreeSet<Login>>(), irc.present(&channel, stage.now()), "{n}");
    }
    assert!(irc.present(&login("_nobody_of_this_name"), stage.now()).is_empty());
}

#[tokio::test]
async fn a_crowd_shows_its_operators_alone() {
    let small = IrcSettings { told_up_to: 5, messages_per_minute: 0.0, ..IrcSettings::default() };
    let stage = Stage::new(world(), small).await;
    let irc = stage.twitch.irc();
    let channel = login("_radio_minuit");
    let url = format!("{}/group/user/{channel}/chatters", stage.twitch.base());
    let list: serde_json::Value = reqwest::get(url).await.unwrap().json().await.unwrap();
    let of = |role: &str| list["chatters"][role].as_array().unwrap().clone();
    let operators = [of("broadcaster"), of("moderators"), of("staff")].concat();
    let operators: BTreeSet<Login> = operators.iter().map(|name| login(name.as_str().unwrap())).collect();
    let mut client = stage.ready().await;
    client.send("JOIN #_radio_minuit");
    assert_eq!(named(&client.heard().await), operators);
    assert!(operators.contains(&channel) && operators.len() < irc.present(&channel, stage.now()).len());
    for _ in 0..30 {
        stage.pass(60).await;
        assert!(irc.present(&channel, stage.now()).len() > 5);
    }
    assert_eq!(client.heard().await, [""; 0]);
}

#[tokio::test]
async fn a_script_is_played_and_what_fails_is_unknown() {
    let (channel, at) = (login("_a"), evening());
    let slot = |names: &[&str]| ScriptSlot { viewers: 40, list: Ok(names.iter().map(|name| login(name)).collect()) };
    let mut script = Script::default();
    script.slot(&channel, at + -1, slot(&["_a", "_x"]));
    script.slot(&channel, at, slot(&["_a", "_x"]));
    script.slot(&channel, at + 1, slot(&["_a", "_x", "_y"]));
    script.slot(&channel, at + 2, ScriptSlot { viewers: 40, list: Err(ListFailure::BadGateway) });
    script.slot(&channel, at + 3, slot(&["_y"]));
    script.channel(&login("_off"));
    let stage = Stage::new(Twitch::Script(Arc::new(script)), IrcSettings::default()).await;
    let mut client = stage.ready().await;
    client.send("JOIN #_off,#_a,#_x");
    let heard = client.heard().await;
    assert_eq!(named(&heard), [login("_a"), login("_x")].into());
    // The room of a channel off air is there, and empty; somebody who is no channel has none.
    assert_eq!(heard.iter().filter(|line| line.contains(" 366 ")).count(), 2);
    stage.pass(300 + 180).await;
    let mut told = moves(&client.heard().await);
    assert_eq!(told.remove(0), (login("_y"), "JOIN"));
    stage.pass(120 + 300 + 180).await;
    told.extend(moves(&client.heard().await));
    told.sort_unstable();
    let gone = [(login("_a"), "PART"), (login("_x"), "PART"), (login("_y"), "JOIN"), (login("_y"), "PART")];
    assert_eq!(told, gone);
    client.send("PART #_a\r\nJOIN #_a");
    assert_eq!(named(&client.heard().await), stage.twitch.irc().present(&channel, stage.now()));
}
