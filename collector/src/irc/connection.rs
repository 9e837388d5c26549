//! One connection to the chat server, made again for as long as it is needed.

use std::fmt;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures::{SinkExt as _, StreamExt as _};
use model::login::Login;
use model::slot::SlotTime;
use rand::RngExt as _;
use tokio::sync::mpsc;

use super::address::{Address, Lines, Say, Trust};
use super::line::{Heard, heard};
use super::room::{Connection, GRACE_MS};
use super::rooms::Rooms;
use crate::clock::Clock;
use crate::figures::{self, Broken};

/// Nobody waits longer for a server to take a connection and a nick; of real time.
const PATIENCE: Duration = Duration::from_secs(15);
/// A server that says nothing for so long is asked whether it is there; clock's milliseconds.
const QUIET_MS: i64 = 60_000;
/// And is gone if it does not answer within that.
const ANSWER_MS: i64 = 20_000;
/// The first pause before a connection is made again, doubled each time, drawn from zero to that (full jitter).
const PAUSE_MS: i64 = 1_000;
/// No pause is longer.
const PAUSE_MAX_MS: i64 = 120_000;
/// Twitch lets nobody in more often than 20 times in 10 s: a little less often, evenly.
const CONNECT_EVERY_MS: i64 = 600;
/// The last question to a connection whose rooms others took over.
const OVER: &str = "over";
/// A connection that stood for so long begins with the first pause again.
const STOOD_MS: i64 = 60_000;

/// What a connection is told to do.
#[derive(Debug)]
pub(super) enum Order {
    Join(Login),
    Part(Login),
    /// Ask the server for an answer after the end of this slot.
    Ask(SlotTime),
}

/// What became of a connection.
#[derive(Debug)]
pub(super) enum News {
    Up(Connection),
    In(Connection, Login),
    /// It will be made again, and is in no room then.
    Down(Connection),
    /// The server is about to close it: another one is to take over.
    Leaving(Connection),
}

/// What connections share.
#[derive(Clone, Debug)]
pub(super) struct Line {
    /// When the next connection may be made, by the steady clock.
    pub(super) turn: Arc<Mutex<i64>>,
    pub(super) address: Address,
    pub(super) trust: Trust,
    pub(super) clock: Clock,
    pub(super) rooms: Rooms,
    pub(super) news: mpsc::UnboundedSender<News>,
}

impl Line {
    /// Waits until a connection may be made.
    async fn turn(&self) {
        let now_ms = self.clock.steady_ms();
        let at_ms = {
            let mut next_ms = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
            let at_ms = now_ms.max(*next_ms);
            *next_ms = at_ms + CONNECT_EVERY_MS;
            at_ms
        };
        self.clock.pass(at_ms - now_ms).await;
    }
}

/// Why a connection ended.
pub(super) enum End {
    /// Nobody orders anything any more.
    Unneeded,
    /// The server closed it, as it had said.
    Left,
    Closed,
    Silent,
    Refused,
    Io(io::Error),
}

impl fmt::Display for End {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            End::Unneeded => f.write_str("it was not needed any more"),
            End::Left => f.write_str("the server closed it, as it had said"),
            End::Closed => f.write_str("the server closed it"),
            End::Silent => f.write_str("the server says nothing any more"),
            End::Refused => f.write_str("the server refused the nick"),
            End::Io(error) => error.fmt(f),
        }
    }
}

impl From<io::Error> for End {
    fn from(error: io::Error) -> End {
        End::Io(error)
    }
}

/// Keeps a connection up until nobody has orders for it any more.
pub(super) async fn keep(line: Line, number: Connection, mut orders: mpsc::UnboundedReceiver<Order>) {
    let mut pause_ms = PAUSE_MS;
    loop {
        tokio::select! {
            () = line.turn() => {}
            () = unneeded(&mut orders) => return,
        }
        let nick = nick();
        let began_ms = line.clock.steady_ms();
        let end = match open(&line.address, &line.trust, &nick).await {
            Ok((lines, say)) => {
                line.rooms.up(number);
                figures::connected();
                let _ = line.news.send(News::Up(number));
                let (end, heard_ms) = serve(&line, number, &nick, lines, say, &mut orders).await;
                line.rooms.lost(number, heard_ms);
                end
            }
            Err(end) => end,
        };
        let why = match end {
            // Another one took over where the server asked for it.
            End::Unneeded | End::Left => return,
            End::Closed => Broken::Closed,
            End::Silent => Broken::Silent,
            End::Refused => Broken::Refused,
            End::Io(_) => Broken::Io,
        };
        figures::broken(why);
        tracing::info!(irc.connection = number, why = %end, "a connection to the chat is lost");
        if line.news.send(News::Down(number)).is_err() {
            return;
        }
        if line.clock.steady_ms() - began_ms >= STOOD_MS {
            pause_ms = PAUSE_MS;
        }
        let drawn = (pause_ms as f64 * rand::rng().random_range(0.0..1.0)) as i64;
        pause_ms = (pause_ms * 2).min(PAUSE_MAX_MS);
        tokio::select! {
            () = line.clock.pass(drawn) => {}
            // Orders of meanwhile are of a connection that is not: they come again once it is up.
            () = unneeded(&mut orders) => return,
        }
    }
}

/// Ends when nobody can order any more.
async fn unneeded(orders: &mut mpsc::UnboundedReceiver<Order>) {
    while orders.recv().await.is_some() {}
}

/// The name of an anonymous reader.
pub(super) fn nick() -> String {
    format!("justinfan{}", rand::rng().random_range(10_000..1_000_000))
}

/// Connects, and is welcomed.
pub(super) async fn open(address: &Address, trust: &Trust, nick: &str) -> Result<(Lines, Say), End> {
    let (mut lines, mut say) = address.connect(trust, PATIENCE).await?;
    let welcome = async {
        say.send("CAP REQ :twitch.tv/tags twitch.tv/commands twitch.tv/membership\r\n".to_owned()).await?;
        say.send(format!("NICK {nick}\r\n")).await?;
        while let Some(text) = lines.next().await {
            match heard(&text?) {
                Some(Heard::Welcome) => return Ok(()),
                Some(Heard::Refused) => return Err(End::Refused),
                Some(Heard::Ping(text)) => say.send(format!("PONG :{text}\r\n")).await?,
                _ => {}
            }
        }
        Err(End::Closed)
    };
    match tokio::time::timeout(PATIENCE, welcome).await {
        Ok(welcomed) => welcomed?,
        Err(_) => return Err(End::Silent),
    }
    Ok((lines, say))
}

/// Why it ended, and when it was heard from last.
async fn serve(
    line: &Line,
    number: Connection,
    nick: &str,
    mut lines: Lines,
    mut say: Say,
    orders: &mut mpsc::UnboundedReceiver<Order>,
) -> (End, i64) {
    let mut last_ms = line.clock.steady_ms();
    let (mut asked_ms, mut leaving, mut over) = (None, false, false);
    loop {
        let quiet_ms = match asked_ms {
            Some(asked_ms) => asked_ms + ANSWER_MS,
            None => last_ms + QUIET_MS,
        };
        let done = tokio::select! {
            text = lines.next() => match text {
                Some(Ok(text)) => {
                    last_ms = line.clock.steady_ms();
                    asked_ms = asked_ms.filter(|_| over);
                    hear(line, number, nick, &text, &mut say, &mut leaving).await
                }
                Some(Err(error)) => Err(End::Io(error)),
                None => Err(End::Closed),
            },
            order = orders.recv(), if !over => match order {
                Some(order) => obey(&order, &mut say).await.map_err(End::Io),
                // Where nobody writes, nothing but its answer tells that it heard all until others took over.
                None if leaving => {
                    line.clock.pass(GRACE_MS).await;
                    (over, asked_ms) = (true, Some(line.clock.steady_ms()));
                    say.send(format!("PING :{OVER}\r\n")).await.map_err(End::Io)
                }
                None => quit(&mut say).await,
            },
            () = line.clock.pass(quiet_ms - line.clock.steady_ms()) => {
                if asked_ms.is_some() {
                    Err(End::Silent)
                } else {
                    asked_ms = Some(line.clock.steady_ms());
                    say.send("PING :vigie\r\n".to_owned()).await.map_err(End::Io)
                }
            }
        };
        if let Err(end) = done {
            return (if leaving { End::Left } else { end }, last_ms);
        }
    }
}

async fn hear(
    line: &Line,
    number: Connection,
    nick: &str,
    text: &str,
    say: &mut Say,
    leaving: &mut bool,
) -> Result<(), End> {
    figures::heard(text.len());
    match heard(text) {
        None => {}
        Some(Heard::Ping(text)) => say.send(format!("PONG :{text}\r\n")).await?,
        Some(Heard::Pong(text)) if *leaving && text == OVER => return quit(say).await,
        Some(Heard::Pong(text)) => {
            if let Some(at) = text.parse().ok().and_then(|index| SlotTime::from_index(index).ok()) {
                line.rooms.answered(number, at, line.clock.steady_ms());
            }
        }
        Some(Heard::Reconnect) => {
            *leaving = true;
            let _ = line.news.send(News::Leaving(number));
        }
        Some(heard) => {
            if let Some(room) = line.rooms.heard(number, nick, heard, line.clock.moment()) {
                let _ = line.news.send(News::In(number, room));
            }
        }
    }
    Ok(())
}

async fn quit(say: &mut Say) -> Result<(), End> {
    // It closes either way.
    let _ = say.send("QUIT\r\n".to_owned()).await;
    Err(End::Unneeded)
}

async fn obey(order: &Order, say: &mut Say) -> io::Result<()> {
    say.send(match order {
        Order::Join(room) => format!("JOIN #{room}\r\n"),
        Order::Part(room) => format!("PART #{room}\r\n"),
        Order::Ask(at) => format!("PING :{}\r\n", at.index()),
    })
    .await
}
