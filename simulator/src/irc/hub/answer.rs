//! What the hub answers.

use std::sync::Arc;

use model::login::Login;
use model::words::Role;

use crate::dice::{fraction, mix};
use crate::irc::called::{Called, Whose};
use crate::irc::connection::Report;
use crate::irc::hub::member::{Member, Wants};
use crate::irc::hub::room::Room;
use crate::irc::hub::{CONNECTIONS_MAX, Hub};
use crate::irc::line;
use crate::irc::outbox::Outbox;
use crate::irc::request::Request;

/// What a client can ask for.
const CAPABILITIES: [&str; 3] = ["twitch.tv/tags", "twitch.tv/commands", "twitch.tv/membership"];
/// Nicks of those who do not log in begin so.
const ANONYMOUS: &str = "justinfan";
/// The longest nick.
const NICK_BYTES: usize = 25;
/// Of the first PINGs of connections that came together, in seconds: they do not come at once.
const PING_SPREAD: u64 = 30;
/// What draws are about.
const LOST_JOIN: u64 = 0x6c6a_6f69;

impl Hub {
    /// Hears what a connection has to tell.
    pub(super) async fn hear(&mut self, report: Report) {
        match report {
            Report::Arrived(number, outbox) => self.arrived(number, outbox),
            Report::Gone(number) => self.gone(number),
            Report::Asked(number, request) => {
                let Some(member) = self.members.get(&number).filter(|member| !member.is_frozen()) else { return };
                match request {
                    Request::Join(channels) if member.nick.is_some() => self.join(number, channels).await,
                    Request::Part(channels) => self.part(number, &channels),
                    other => self.answer(number, other),
                }
            }
        }
    }

    fn arrived(&mut self, number: u64, outbox: Arc<Outbox>) {
        if self.members.len() >= CONNECTIONS_MAX {
            return outbox.cut();
        }
        if self.members.is_empty() {
            // Nobody was there to be told of what came before.
            self.told_until = self.now();
        }
        let spread = (mix(number, 0) % PING_SPREAD) as i64;
        let member = Member::new(outbox, self.told_until + self.truth.settings.ping_seconds + spread);
        self.members.insert(number, member);
        self.publish();
    }

    fn gone(&mut self, number: u64) {
        let Some(member) = self.members.remove(&number) else { return };
        for room in member.rooms {
            self.leave(number, &room);
        }
        self.publish();
    }

    fn leave(&mut self, number: u64, login: &Login) {
        if let Some(room) = self.rooms.get_mut(login) {
            room.members.remove(&number);
            if room.members.is_empty() {
                self.rooms.remove(login);
            }
        }
    }

    /// Answers what is about no chat.
    fn answer(&mut self, number: u64, request: Request) {
        let now = self.told_until;
        let ping_seconds = self.truth.settings.ping_seconds;
        let Some(member) = self.members.get_mut(&number) else { return };
        match request {
            Request::Capabilities(asked) => {
                let known = asked.split_ascii_whitespace().all(|word| CAPABILITIES.contains(&word));
                if known {
                    let asks = |word| asked.split_ascii_whitespace().any(|asked| asked == word);
                    let [tags, commands, membership] = CAPABILITIES.map(asks);
                    let had = member.wants;
                    member.wants = Wants {
                        tags: had.tags || tags,
                        commands: had.commands || commands,
                        membership: had.membership || membership,
                    };
                }
                let verdict = if known { "ACK" } else { "NAK" };
                member.send(&format!(":tmi.twitch.tv CAP * {verdict} :{asked}\r\n"));
            }
            Request::ListCapabilities => {
                member.send(&format!(":tmi.twitch.tv CAP * LS :{}\r\n", CAPABILITIES.join(" ")));
            }
            Request::Nick(nick) if member.nick.is_none() => {
                if is_anonymous(&nick) {
                    member.send(&line::welcome(&nick));
                    member.nick = Some(nick);
                } else {
                    member.send(":tmi.twitch.tv NOTICE * :Login authentication failed\r\n");
                    member.close();
                }
            }
            Request::Ping(Some(word)) => member.send(&format!(":tmi.twitch.tv PONG tmi.twitch.tv :{word}\r\n")),
            Request::Ping(None) => member.send(":tmi.twitch.tv PONG tmi.twitch.tv\r\n"),
            Request::Pong => member.answered(now + ping_seconds),
            Request::Quit => member.close(),
            Request::Unknown(verb) => {
                let nick = member.nick.as_deref().unwrap_or("you");
                member.send(&format!(":tmi.twitch.tv 421 {nick} {verb} :Unknown command\r\n"));
            }
            // Before a nick nobody is in a chat; a nick is for good.
            Request::Join(_) | Request::Part(_) | Request::Nick(_) | Request::Ignored => {}
        }
    }

    /// Lets a connection into chats, of those it asks for that it may and that there are; of others nothing is said.
    async fn join(&mut self, number: u64, names: Vec<String>) {
        let (now, lost) = (self.now(), self.faults.get().lose_joins);
        let Some(member) = self.members.get(&number) else { return };
        let called = Called { folk: &self.truth.folk, changes: &self.names };
        let mut granted: Vec<(Login, Whose)> = Vec::new();
        for name in names {
            if !self.joins.take(now) {
                continue;
            }
            self.joins_asked += 1;
            if lost > 0.0 && fraction(mix(called.folk.seed() ^ LOST_JOIN, self.joins_asked)) < lost {
                continue;
            }
            let login = name.parse().ok().filter(|login: &Login| login.as_str() == name);
            let Some((login, whose)) = login.and_then(|login| Some((login.clone(), called.whose(&login)?))) else {
                continue;
            };
            let full = member.rooms.len() + granted.len() >= self.truth.settings.channels_per_connection;
            // Whoever is in the room that was called so before is not in this one.
            let is_in = self.rooms.get(&login).is_some_and(|room| room.members.contains(&number));
            if !full && !is_in && !granted.iter().any(|(other, _)| *other == login) {
                granted.push((login, whose));
            }
        }
        let unknown = granted.iter().filter(|(login, _)| !self.rooms.contains_key(login)).cloned().collect();
        for (login, whose, chapter) in self.chapters(unknown).await {
            self.rooms.insert(login, Room::new(whose, chapter, self.told_until));
        }
        for (login, _) in granted {
            self.enter(number, login);
        }
    }

    fn enter(&mut self, number: u64, login: Login) {
        let (Some(member), Some(room)) = (self.members.get_mut(&number), self.rooms.get_mut(&login)) else { return };
        let Some(nick) = &member.nick else { return };
        room.members.insert(number);
        let called = Called { folk: &self.truth.folk, changes: &self.names };
        let mut lines = line::moved(nick, "JOIN", login.as_str());
        if member.wants.membership {
            let present = room.chapter.present(self.told_until);
            let all = present.clone().count() <= self.truth.settings.told_up_to;
            let told = present.filter(|who| all || is_operator(called, *who, room.whose));
            lines.push_str(&line::names(nick, login.as_str(), told.map(|who| called.login(who))));
        }
        if member.wants.commands {
            lines.push_str(&line::room_state(called, &login, room.whose, member.wants.tags));
        }
        member.send(&lines);
        member.rooms.insert(login);
    }

    fn part(&mut self, number: u64, names: &[String]) {
        for name in names {
            let Ok(login) = name.parse::<Login>() else { continue };
            let Some(member) = self.members.get_mut(&number) else { return };
            if member.rooms.remove(&login) {
                let nick = member.nick.as_deref().unwrap_or_default();
                member.send(&line::moved(nick, "PART", login.as_str()));
                self.leave(number, &login);
            }
        }
    }
}

fn is_anonymous(nick: &str) -> bool {
    let digits = nick.strip_prefix(ANONYMOUS).unwrap_or_default();
    nick.len() <= NICK_BYTES && !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether NAMES of a crowd tells them.
fn is_operator(called: Called<'_>, who: u32, whose: Whose) -> bool {
    let Whose::Channel(channel) = whose else { return false };
    let role = called.folk.role(who, channel);
    matches!(role, Role::Broadcaster | Role::Moderator | Role::Staff | Role::Admin | Role::GlobalMod)
}
