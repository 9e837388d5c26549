//! The chat over real sockets, against the truth.

#![allow(clippy::unwrap_used)] // Its helpers are tests too.

mod client;
mod faults;
mod limits;
mod membership;
mod rename;
mod shared;
mod speech;

use simulator::irc::settings::IrcSettings;

use crate::client::{ALL, Stage, busiest, world};

#[tokio::test]
async fn clients_shake_hands() {
    let stage = Stage::new(world(), IrcSettings::default()).await;
    let mut client = stage.plain().await;
    client.send("JOIN #_radio_minuit\r\nCAP LS 302\r\nCAP REQ :twitch.tv/tags nonsense\r\nWHO #a\r\n:a @b");
    client.send(&format!("{ALL}\r\nPASS oauth:nothing\r\nNICK justinfan42\r\nNICK justinfan43\r\nPING"));
    let heard = client.heard().await;
    assert_eq!(
        heard,
        [
            ":tmi.twitch.tv CAP * LS :twitch.tv/tags twitch.tv/commands twitch.tv/membership",
            ":tmi.twitch.tv CAP * NAK :twitch.tv/tags nonsense",
            ":tmi.twitch.tv 421 you WHO :Unknown command",
            ":tmi.twitch.tv 421 you @b :Unknown command",
            ":tmi.twitch.tv CAP * ACK :twitch.tv/tags twitch.tv/commands twitch.tv/membership",
            ":tmi.twitch.tv 001 justinfan42 :Welcome, GLHF!",
            ":tmi.twitch.tv 002 justinfan42 :Your host is tmi.twitch.tv",
            ":tmi.twitch.tv 003 justinfan42 :This server is rather new",
            ":tmi.twitch.tv 004 justinfan42 :-",
            ":tmi.twitch.tv 375 justinfan42 :-",
            ":tmi.twitch.tv 372 justinfan42 :You are in a maze of twisty passages, all alike.",
            ":tmi.twitch.tv 376 justinfan42 :>",
            ":tmi.twitch.tv PONG tmi.twitch.tv",
        ]
    );
    client.send("JOIN #_radio_minuit,#_nobody_of_this_name,#_radio_minuit,_radio_minuit");
    let heard = client.heard().await;
    assert_eq!(heard[0], ":justinfan42!justinfan42@justinfan42.tmi.twitch.tv JOIN #_radio_minuit");
    assert!(heard[1].starts_with(":justinfan42.tmi.twitch.tv 353 justinfan42 = #_radio_minuit :justinfan42 "));
    let last = &heard[heard.len() - 2..];
    assert_eq!(last[0], ":justinfan42.tmi.twitch.tv 366 justinfan42 #_radio_minuit :End of /NAMES list");
    assert!(last[1].contains(";room-id=") && last[1].ends_with(" :tmi.twitch.tv ROOMSTATE #_radio_minuit"));
    assert_eq!(heard.iter().filter(|line| line.contains(" JOIN ")).count(), 1);
    client.send("PART #_radio_minuit,#_nobody_of_this_name\r\nPART #_radio_minuit");
    assert_eq!(client.heard().await, [":justinfan42!justinfan42@justinfan42.tmi.twitch.tv PART #_radio_minuit"]);
    client.send("QUIT");
    assert_eq!(client.rest().await, [""; 0]);
    stage.twitch.stop().await;
}

#[tokio::test]
async fn a_client_gets_what_it_asked_for() {
    let stage = Stage::new(world(), IrcSettings::default()).await;
    let mut client = stage.plain().await;
    client.send("NICK justinfan1\r\nJOIN #_radio_minuit");
    let heard = client.heard().await;
    assert_eq!(heard[7..], [":justinfan1!justinfan1@justinfan1.tmi.twitch.tv JOIN #_radio_minuit"]);
    stage.pass(900).await;
    let heard = client.heard().await;
    assert!(!heard.is_empty());
    for line in heard {
        assert!(line.starts_with(":_") && line.contains(".tmi.twitch.tv PRIVMSG #_radio_minuit :"), "{line}");
    }
    client.send("CAP REQ twitch.tv/commands\r\nPART #_radio_minuit\r\nJOIN #_radio_minuit");
    assert_eq!(client.heard().await.last().unwrap(), ":tmi.twitch.tv ROOMSTATE #_radio_minuit");
}

#[tokio::test]
async fn only_nobody_in_particular_is_let_in() {
    let stage = Stage::new(world(), IrcSettings::default()).await;
    for nick in ["somebody", "justinfan", "justinfan1a", "", "justinfan12345678901234567890"] {
        let mut client = stage.plain().await;
        client.send(&format!("NICK {nick}"));
        assert_eq!(client.rest().await, [":tmi.twitch.tv NOTICE * :Login authentication failed"], "{nick}");
    }
    stage.connections(0).await;
}

#[tokio::test]
async fn tls_and_websocket_carry_the_same_lines() {
    let stage = Stage::new(world(), IrcSettings { joins_per_window: 100, ..IrcSettings::default() }).await;
    let channels = busiest(&stage, 2);
    let mut clients = [stage.plain().await, stage.tls().await, stage.websocket().await];
    for client in &mut clients {
        client.hello().await;
        client.send(&format!("JOIN #{0}\r\nJOIN #{1}", channels[0], channels[1]));
        client.heard().await;
    }
    stage.pass(1_800).await;
    let mut heard = Vec::new();
    for client in &mut clients {
        heard.push(client.heard().await);
    }
    assert!(heard[0].len() > 20 && heard[0] == heard[1] && heard[1] == heard[2], "{heard:?}");
    for mut client in clients {
        client.send("QUIT");
        assert_eq!(client.rest().await, [""; 0]);
    }
    stage.connections(0).await;
}

#[tokio::test]
async fn every_server_has_a_certificate_of_its_own() {
    let (one, other) = (world(), world());
    let one = Stage::new(one, IrcSettings::default()).await;
    let other = Stage::new(other, IrcSettings::default()).await;
    assert!(one.twitch.irc().tls().starts_with("ircs://localhost:"));
    assert!(one.tls_trusting(other.twitch.irc().certificate()).await.is_err());
    one.tls().await.hello().await;
}
