//! What goes wrong when it is told to.

use std::sync::Arc;
use std::time::Duration;

use simulator::irc::faults::IrcFaults;
use simulator::irc::settings::IrcSettings;
use simulator::twitch::Twitch;

use crate::client::{Stage, busiest, world};

fn settings() -> IrcSettings {
    IrcSettings { joins_per_window: 1_000, ..IrcSettings::default() }
}

#[tokio::test]
async fn clients_are_asked_to_connect_anew() {
    let stage = Stage::new(world(), IrcSettings { reconnect_grace: Duration::ZERO, ..settings() }).await;
    let (mut one, mut other) = (stage.ready().await, stage.tls().await);
    stage.connections(2).await;
    stage.twitch.irc().faults().reconnect();
    assert_eq!(one.heard().await, [":tmi.twitch.tv RECONNECT"]);
    stage.pass(29).await;
    assert_eq!(one.heard().await, [""; 0]);
    let mut new = stage.ready().await;
    stage.pass(1).await;
    assert_eq!(one.rest().await, [""; 0]);
    assert_eq!(other.rest().await, [":tmi.twitch.tv RECONNECT"]);
    stage.pass(60).await;
    assert_eq!(new.heard().await, [""; 0]);
}

#[tokio::test]
async fn a_share_of_connections_is_dropped_without_a_word() {
    let stage = Stage::new(world(), settings()).await;
    let mut clients = Vec::new();
    for _ in 0..10 {
        clients.push(stage.ready().await);
    }
    stage.connections(10).await;
    stage.twitch.irc().faults().split(0.25);
    stage.connections(7).await;
    stage.twitch.irc().faults().split(1.0);
    stage.connections(0).await;
    for mut client in clients {
        assert_eq!(client.rest().await, [""; 0]);
    }
}

#[tokio::test]
async fn frozen_connections_stay_and_say_nothing() {
    let stage = Stage::new(world(), settings()).await;
    let mut frozen = stage.ready().await;
    frozen.send("JOIN #_radio_minuit");
    frozen.heard().await;
    stage.twitch.irc().faults().freeze();
    frozen.send("PING :x\r\nJOIN #_tour_de_guet\r\nQUIT");
    let mut new = stage.ready().await;
    new.send("JOIN #_radio_minuit");
    stage.pass(1_200).await;
    assert!(new.heard().await.len() > 5);
    assert_eq!(stage.twitch.irc().connections(), 2);
    // It ends as soon as something real happens to it.
    stage.twitch.irc().faults().split(1.0);
    assert_eq!(frozen.rest().await, [""; 0]);
}

#[tokio::test]
async fn connections_are_refused_for_a_while() {
    let stage = Stage::new(world(), settings()).await;
    let faults = stage.twitch.irc().faults();
    let mut open = stage.ready().await;
    faults.set(IrcFaults { refuse: true, ..IrcFaults::default() });
    let mut refused = stage.plain().await;
    assert_eq!(refused.rest().await, [""; 0]);
    assert_eq!(open.heard().await, [""; 0]);
    faults.set(IrcFaults::default());
    stage.ready().await;
}

#[tokio::test]
async fn joins_are_lost_in_the_share_that_is_set() {
    let (stage, Twitch::World(people)) = (Stage::new(world(), settings()).await, world()) else { unreachable!() };
    let mut client = stage.ready().await;
    stage.twitch.irc().faults().set(IrcFaults { lose_joins: 0.5, ..IrcFaults::default() });
    let names: Vec<String> = people.channels().take(80).map(|login| format!("#{login}")).collect();
    client.send(&format!("JOIN {}", names.join(",")));
    let heard = client.heard().await;
    let answered: Vec<&String> =
        names.iter().filter(|name| heard.iter().any(|line| line.ends_with(&format!("JOIN {name}")))).collect();
    assert!((25..=55).contains(&answered.len()), "{}", answered.len());
    // Nothing comes of a chat whose JOIN was lost.
    stage.pass(600).await;
    for line in client.heard().await {
        let channel = line.split(' ').find(|word| word.starts_with('#')).unwrap();
        assert!(answered.iter().any(|name| *name == channel), "{line}");
    }
}

#[tokio::test]
async fn who_left_or_came_is_not_told() {
    for (faults, verb) in [
        (IrcFaults { lose_parts: 1.0, ..IrcFaults::default() }, " JOIN #"),
        (IrcFaults { lose_arrivals: 1.0, ..IrcFaults::default() }, " PART #"),
    ] {
        let stage = Stage::new(world(), IrcSettings { messages_per_minute: 0.0, ..settings() }).await;
        let mut client = stage.ready().await;
        client.send(&format!("JOIN #{}", busiest(&stage, 2).join(",#")));
        client.heard().await;
        stage.twitch.irc().faults().set(faults);
        stage.pass(3_600).await;
        let heard = client.heard().await;
        assert!(heard.len() > 5 && heard.iter().all(|line| line.contains(verb)), "{verb}: {heard:?}");
    }
}

#[tokio::test]
async fn the_truth_needs_no_server() {
    let stage = Stage::new(world(), settings()).await;
    let irc = stage.twitch.irc();
    let truth = simulator::irc::truth::Truth::new(world(), settings());
    let channel = crate::client::login("_radio_minuit");
    let told = Arc::clone(irc.truth());
    assert_eq!(truth.present(&channel, stage.now() + 77), told.present(&channel, stage.now() + 77));
    assert_eq!(truth.said(&channel, crate::client::evening()), irc.said(&channel, crate::client::evening()));
}
