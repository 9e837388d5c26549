//! What a line says, of what a collector hears.

use model::identity::TwitchId;
use model::login::Login;
use model::words::Role;
use twitch_irc::message::{IRCMessage, IRCPrefix};

/// A line that means something here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Heard {
    /// 001: the nick is taken.
    Welcome,
    /// 353: some of those in a room.
    Names(Login, Vec<Login>),
    /// 366: all were named.
    Named(Login),
    /// Somebody came. Of oneself: one is in.
    Joined(Login, Who),
    /// Somebody left.
    Parted(Login, Who),
    /// Somebody wrote.
    Said(Login, Said),
    /// To be answered with the same.
    Ping(String),
    /// The answer to what was asked.
    Pong(String),
    /// The server is about to close.
    Reconnect,
    /// The login was refused.
    Refused,
}

/// Who came or left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Who {
    /// Somebody of this name.
    Login(Login),
    /// An anonymous reader, as a collector is one: nobody.
    Reader(String),
}

/// A message, without what it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// By whom.
    pub login: Login,
    /// Twitch's id of them.
    pub id: Option<TwitchId>,
    /// What they are in that chat.
    pub role: Role,
    /// When Twitch got it, Unix time in milliseconds.
    pub sent_ms: Option<i64>,
}

/// Anonymous readers are called so, with digits behind it. Source: Twitch's chat guide.
const READER: &str = "justinfan";

/// Reads a line; nothing of one that means nothing here, or is none.
pub fn heard(line: &str) -> Option<Heard> {
    let message = IRCMessage::parse(line).ok()?;
    let param = |place: usize| message.params.get(place).map(String::as_str);
    let last = || message.params.last().cloned().unwrap_or_default();
    let room = |place| param(place)?.strip_prefix('#')?.parse().ok();
    Some(match message.command.as_str() {
        "PRIVMSG" if is_from_here(&message) => Heard::Said(room(0)?, said(login(nick(&message)?)?, &message)),
        // An announcement, or a subscription with some words: the tags tell whose they are.
        "USERNOTICE" if message.params.len() > 1 && is_from_here(&message) => {
            Heard::Said(room(0)?, said(login(tag(&message, "login")?)?, &message))
        }
        "JOIN" => Heard::Joined(room(0)?, who(nick(&message)?)?),
        "PART" => Heard::Parted(room(0)?, who(nick(&message)?)?),
        // `353 nick = #room :a b c`
        "353" => Heard::Names(room(2)?, last().split_ascii_whitespace().filter_map(login).collect()),
        "366" => Heard::Named(room(1)?),
        "PING" => Heard::Ping(last()),
        "PONG" => Heard::Pong(last()),
        "001" => Heard::Welcome,
        "RECONNECT" => Heard::Reconnect,
        "NOTICE" if param(0) == Some("*") && last().starts_with("Login ") => Heard::Refused,
        _ => return None,
    })
}

fn nick(message: &IRCMessage) -> Option<&str> {
    match message.prefix.as_ref()? {
        IRCPrefix::Full { nick, .. } => Some(nick),
        IRCPrefix::HostOnly { .. } => None,
    }
}

fn tag<'a>(message: &'a IRCMessage, name: &str) -> Option<&'a str> {
    message.tags.0.get(name).map(String::as_str)
}

/// Whether it was written in this chat: in a shared chat, messages of the others are told too.
fn is_from_here(message: &IRCMessage) -> bool {
    tag(message, "source-room-id").is_none_or(|source| tag(message, "room-id") == Some(source))
}

fn said(login: Login, message: &IRCMessage) -> Said {
    let tag = |name| tag(message, name);
    let id = tag("user-id").and_then(|id| id.parse().ok());
    let sent_ms = tag("tmi-sent-ts").and_then(|ms| ms.parse().ok());
    Said { login, id, role: tag("badges").map_or(Role::Unknown, role), sent_ms }
}

/// By the badges worn: `moderator/1,subscriber/12`.
fn role(badges: &str) -> Role {
    let mut role = Role::Viewer;
    for badge in badges.split(',') {
        let worn = match badge.split_once('/').map_or(badge, |(name, _)| name) {
            "broadcaster" => Role::Broadcaster,
            "staff" => Role::Staff,
            "admin" => Role::Admin,
            "global_mod" => Role::GlobalMod,
            "moderator" | "lead_moderator" => Role::Moderator,
            "vip" => Role::Vip,
            _ => continue,
        };
        // In their order, the first says most.
        if role == Role::Viewer {
            role = worn;
        }
    }
    role
}

/// Somebody who is not anonymous. Capitals are none in a login, so that they make nobody of a reader.
fn login(nick: &str) -> Option<Login> {
    nick.parse().ok().filter(|login: &Login| !is_reader(login.as_str()))
}

fn who(nick: &str) -> Option<Who> {
    let login: Login = nick.parse().ok()?;
    Some(if is_reader(login.as_str()) { Who::Reader(login.to_string()) } else { Who::Login(login) })
}

fn is_reader(nick: &str) -> bool {
    nick.strip_prefix(READER).is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn login(text: &str) -> Login {
        text.parse().unwrap()
    }

    #[test]
    fn lines_of_twitch_are_understood() {
        let said = "@badge-info=;badges=moderator/1,subscriber/0;color=;display-name=Zo\u{e9};id=x;mod=1;room-id=7;\
                    tmi-sent-ts=1795348800123;user-id=42;user-type=mod :_zoe!_zoe@_zoe.tmi.twitch.tv PRIVMSG #_room :hello: there";
        let (id, sent_ms) = ("42".parse().ok(), Some(1_795_348_800_123));
        let who = Said { login: login("_zoe"), id, role: Role::Moderator, sent_ms };
        assert_eq!(heard(said), Some(Heard::Said(login("_room"), who.clone())));
        // In a shared chat: written here, and written in another one.
        let shared = |source: &str| said.replace("room-id=7;", &format!("room-id=7;source-room-id={source};"));
        assert_eq!(heard(&shared("7")), Some(Heard::Said(login("_room"), who.clone())));
        assert_eq!(heard(&shared("8")), None);
        let notice =
            said.replace("user-type=mod :_zoe!_zoe@_zoe.tmi.twitch.tv PRIVMSG", "login=_zoe :tmi.twitch.tv USERNOTICE");
        assert_eq!(heard(&notice), Some(Heard::Said(login("_room"), who)));
        assert_eq!(heard(notice.trim_end_matches(" :hello: there")), None);
        for (line, means) in [
            (":tmi.twitch.tv 001 justinfan1 :Welcome, GLHF!", Heard::Welcome),
            (
                ":justinfan1.tmi.twitch.tv 353 justinfan1 = #_room :justinfan1 _a _b justinfan77",
                Heard::Names(login("_room"), vec![login("_a"), login("_b")]),
            ),
            (":justinfan1.tmi.twitch.tv 366 justinfan1 #_room :End of /NAMES list", Heard::Named(login("_room"))),
            (":_a!_a@_a.tmi.twitch.tv JOIN #_room", Heard::Joined(login("_room"), Who::Login(login("_a")))),
            (
                ":justinfan1!justinfan1@justinfan1.tmi.twitch.tv JOIN #_room",
                Heard::Joined(login("_room"), Who::Reader("justinfan1".to_owned())),
            ),
            (":_a!_a@_a.tmi.twitch.tv PART #_room", Heard::Parted(login("_room"), Who::Login(login("_a")))),
            (
                ":justinfan1.tmi.twitch.tv 353 justinfan1 = #_room :JustinFan77 _A",
                Heard::Names(login("_room"), vec![login("_a")]),
            ),
            ("PING :tmi.twitch.tv", Heard::Ping("tmi.twitch.tv".to_owned())),
            (":tmi.twitch.tv PONG tmi.twitch.tv :5", Heard::Pong("5".to_owned())),
            (":tmi.twitch.tv RECONNECT", Heard::Reconnect),
            (":tmi.twitch.tv NOTICE * :Login authentication failed", Heard::Refused),
        ] {
            assert_eq!(heard(line), Some(means), "{line}");
        }
        for line in [
            "",
            " ",
            ":",
            "@",
            "PRIVMSG",
            ":x PRIVMSG #a",
            ":a-b!b@c PRIVMSG #x :x",
            ":tmi.twitch.tv 372 x :hi",
            ":x!x@x JOIN",
        ] {
            assert_eq!(heard(line), None, "{line}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_line_is_understood_or_not(line in "[@:;=! #a-z0-9\\PC]{0,80}", command in "(PRIVMSG|JOIN|353|PING|PONG|NOTICE)?") {
            let _ = heard(&line);
            let _ = heard(&format!("{line} {command} {line}"));
        }
    }
}
