//! What the server does not put up with.

use std::time::Duration;

use simulator::irc::settings::IrcSettings;

use crate::client::{Stage, world};

/// The logins of as many channels.
fn channels(stage: &Stage, count: usize) -> Vec<String> {
    let simulator::twitch::Twitch::World(world) = world() else { unreachable!() };
    let names: Vec<String> = world.channels().take(count).map(|login| format!("#{login}")).collect();
    assert!(names.len() == count && stage.now() > 0);
    names
}

fn joined(lines: &[String]) -> usize {
    lines.iter().filter(|line| line.contains(" JOIN #") && line.starts_with(":justinfan")).count()
}

#[tokio::test]
async fn joins_of_all_connections_are_counted_together() {
    let stage = Stage::new(world(), IrcSettings::default()).await;
    let names = channels(&stage, 60);
    let (mut one, mut other) = (stage.ready().await, stage.ready().await);
    one.send(&format!("JOIN {}", names[..15].join(",")));
    assert_eq!(joined(&one.heard().await), 15);
    other.send(&format!("JOIN {}", names[..15].join(",")));
    assert_eq!(joined(&other.heard().await), 5);
    stage.pass(9).await;
    other.send(&format!("JOIN {}", names[30]));
    assert_eq!(joined(&other.heard().await), 0);
    stage.pass(1).await;
    other.send(&format!("JOIN {}", names[30..].join(",")));
    assert_eq!(joined(&other.heard().await), 20);
}

#[tokio::test]
async fn a_connection_has_so_many_channels() {
    let settings = IrcSettings { joins_per_window: 1_000, channels_per_connection: 10, ..IrcSettings::default() };
    let stage = Stage::new(world(), settings).await;
    let names = channels(&stage, 13);
    let mut client = stage.ready().await;
    client.send(&format!("JOIN {}", names[..8].join(",")));
    client.send(&format!("JOIN {}", names[..12].join(",")));
    assert_eq!(joined(&client.heard().await), 10);
    client.send(&format!("PART {}\r\nJOIN {}", names[0], names[12]));
    assert_eq!(joined(&client.heard().await), 1);
}

#[tokio::test]
async fn whoever_does_not_answer_is_closed() {
    let settings = IrcSettings { pong_grace: Duration::ZERO, messages_per_minute: 0.0, ..IrcSettings::default() };
    let stage = Stage::new(world(), settings).await;
    let (mut polite, mut silent) = (stage.ready().await, stage.ready().await);
    silent.silent = true;
    for _ in 0..10 {
        stage.pass(33).await;
        assert_eq!(polite.heard().await, [""; 0]);
    }
    stage.pass(30).await;
    polite.heard().await;
    stage.pass(33).await;
    assert_eq!(silent.rest().await, ["PING :tmi.twitch.tv"]);
    stage.connections(1).await;
    assert_eq!(polite.heard().await, [""; 0]);
}

#[tokio::test]
async fn any_bytes_are_borne_and_long_lines_are_not() {
    let stage = Stage::new(world(), IrcSettings::default()).await;
    let mut client = stage.ready().await;
    client
        .send_bytes(b"\0\xff\xfe\r\n\r\n\n\n:\xc3\x28 JOIN #\xff,,#,\r\nPART\r\nJOIN\r\nCAP REQ\r\nJOIN ,#\r\n@ \r\n");
    client.send(&format!("PRIVMSG #a :{}", "x".repeat(8_000)));
    let heard = client.heard().await;
    assert!(heard.len() == 2 && heard[0].contains(" 421 ") && heard[1] == ":tmi.twitch.tv CAP * ACK :", "{heard:?}");
    client.send(&"x".repeat(8_193));
    assert_eq!(client.rest().await, [""; 0]);
    let mut client = stage.websocket().await;
    client.hello().await;
    client.send(&"x".repeat(8_193));
    assert_eq!(client.rest().await, [""; 0]);
    stage.connections(0).await;
}

#[tokio::test]
async fn whoever_does_not_read_is_dropped_and_nobody_waits() {
    let loud = IrcSettings { messages_per_minute: 200.0, waiting_bytes: 1 << 20, ..IrcSettings::default() };
    let stage = Stage::new(world(), loud).await;
    let mut reader = stage.ready().await;
    reader.send("JOIN #_radio_minuit");
    reader.heard().await;
    // A socket without a reader: what is sent to it stays in the kernel's buffers, then with the server.
    let address = stage.twitch.irc().plain().strip_prefix("irc://").unwrap();
    let deaf = tokio::net::TcpStream::connect(address).await.unwrap();
    let asked = format!("{}\r\nNICK justinfan9\r\nJOIN #_radio_minuit\r\n", crate::client::ALL);
    deaf.writable().await.unwrap();
    assert_eq!(deaf.try_write(asked.as_bytes()).unwrap(), asked.len());
    stage.connections(2).await;
    let mut heard = 0;
    while stage.twitch.irc().connections() == 2 {
        stage.pass(10).await;
        heard += reader.heard().await.len();
        assert!(heard < 200_000, "it is still there");
    }
    assert_eq!(reader.heard().await, [""; 0]);
}
