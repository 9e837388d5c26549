//! One connection, as the hub knows it.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use model::login::Login;
use tokio::time::Instant;

use crate::irc::outbox::Outbox;
use crate::irc::settings::IrcSettings;

/// What a client asked for.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Wants {
    pub(super) tags: bool,
    pub(super) commands: bool,
    pub(super) membership: bool,
}

pub(super) struct Member {
    pub(super) outbox: Arc<Outbox>,
    /// Once it has one.
    pub(super) nick: Option<String>,
    pub(super) wants: Wants,
    /// The rooms that it is in. Those that are another's or nobody's by now are silent.
    pub(super) rooms: BTreeSet<Login>,
    /// Half-open: nothing is sent or answered.
    frozen: bool,
    /// When it is asked next whether it is there, in Unix seconds.
    ping_at: i64,
    /// When it was asked, until it answers.
    pinged: Option<(i64, Instant)>,
    /// When it was asked to connect anew; it is closed a while later.
    sent_away: Option<(i64, Instant)>,
    /// Since when much waits for it.
    crowded_since: Option<Instant>,
}

impl Member {
    pub(super) fn new(outbox: Arc<Outbox>, ping_at: i64) -> Member {
        Member {
            outbox,
            nick: None,
            wants: Wants::default(),
            rooms: BTreeSet::new(),
            frozen: false,
            ping_at,
            pinged: None,
            sent_away: None,
            crowded_since: None,
        }
    }

    pub(super) fn is_frozen(&self) -> bool {
        self.frozen
    }

    pub(super) fn send(&self, lines: &str) {
        if !self.frozen {
            self.outbox.push(lines);
        }
    }

    /// Closed once all is sent.
    pub(super) fn close(&self) {
        if !self.frozen {
            self.outbox.end();
        }
    }

    pub(super) fn freeze(&mut self) {
        self.frozen = true;
        self.outbox.clear();
    }

    pub(super) fn send_away(&mut self, now: i64) {
        self.send(":tmi.twitch.tv RECONNECT\r\n");
        self.sent_away.get_or_insert((now, Instant::now()));
    }

    /// It has shown that it is there.
    pub(super) fn answered(&mut self, ping_at: i64) {
        self.pinged = None;
        self.ping_at = ping_at;
    }

    /// Asks whether it is there, and closes what is to be closed.
    pub(super) fn look_after(&mut self, settings: &IrcSettings, now: i64) {
        if let Some((at, since)) = self.sent_away
            && now - at >= settings.reconnect_seconds
            && since.elapsed() >= settings.reconnect_grace
        {
            return self.close();
        }
        match self.pinged {
            None if now >= self.ping_at => {
                self.send("PING :tmi.twitch.tv\r\n");
                self.pinged = Some((now, Instant::now()));
            }
            Some((at, since)) if now - at > settings.pong_seconds && since.elapsed() >= settings.pong_grace => {
                self.close();
            }
            _ => {}
        }
    }

    /// Whether more than so many bytes wait for it, and not for long.
    pub(super) fn is_crowded(&mut self, bytes: usize, now: Instant, patience: Duration) -> bool {
        if self.frozen || self.outbox.waiting() <= bytes {
            self.crowded_since = None;
            return false;
        }
        now - *self.crowded_since.get_or_insert(now) < patience
    }
}
