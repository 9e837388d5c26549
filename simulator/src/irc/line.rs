//! Lines of the server, as Twitch writes them.

use std::fmt::Write;

use model::identity::TwitchId;
use model::login::Login;
use model::words::Role;

use crate::dice::mix;
use crate::irc::called::{Called, Whose};
use crate::irc::chapter::{Event, What};
use crate::irc::speech;

/// IRC's bound on a line, with some to spare.
const NAMES_BYTES: usize = 480;

/// The lines after a nick that is welcome.
pub(super) fn welcome(nick: &str) -> String {
    let lines = [
        ("001", "Welcome, GLHF!"),
        ("002", "Your host is tmi.twitch.tv"),
        ("003", "This server is rather new"),
        ("004", "-"),
        ("375", "-"),
        ("372", "You are in a maze of twisty passages, all alike."),
        ("376", ">"),
    ];
    let mut text = String::new();
    for (number, words) in lines {
        // Writing to a text cannot fail.
        let _ = write!(text, ":tmi.twitch.tv {number} {nick} :{words}\r\n");
    }
    text
}

/// Somebody's own JOIN or PART, or that of others.
pub(super) fn moved(nick: &str, verb: &str, channel: &str) -> String {
    format!(":{nick}!{nick}@{nick}.tmi.twitch.tv {verb} #{channel}\r\n")
}

/// The answer to a JOIN: whoever is there, whoever asks first.
pub(super) fn names<'a>(nick: &str, channel: &str, people: impl Iterator<Item = &'a str>) -> String {
    let head = format!(":{nick}.tmi.twitch.tv 353 {nick} = #{channel} :");
    let mut text = String::new();
    let mut line = format!("{head}{nick}");
    for login in people {
        if line.len() + 1 + login.len() > NAMES_BYTES {
            text.push_str(&line);
            text.push_str("\r\n");
            line.truncate(head.len());
            line.push_str(login);
        } else {
            line.push(' ');
            line.push_str(login);
        }
    }
    let _ = write!(text, "{line}\r\n:{nick}.tmi.twitch.tv 366 {nick} #{channel} :End of /NAMES list\r\n");
    text
}

/// What a room is like.
pub(super) fn room_state(called: Called<'_>, room: &Login, whose: Whose, tags: bool) -> String {
    let mut text = String::new();
    if tags {
        let id = called.room_id(whose).map_or_else(String::new, |id| id.to_string());
        let _ = write!(text, "@emote-only=0;followers-only=-1;r9k=0;room-id={id};slow=0;subs-only=0 ");
    }
    let _ = write!(text, ":tmi.twitch.tv ROOMSTATE #{room}\r\n");
    text
}

/// Where an event is told.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    /// The room.
    pub(super) room: &'a Login,
    /// The channel whose it is.
    pub(super) channel: u32,
    /// The channel in whose chat it was written, where that is shared: this one or another.
    pub(super) source: Option<u32>,
}

/// What the members of a chat are told, in names of an instant.
pub(super) fn event(called: Called<'_>, place: Place<'_>, event: &Event, tags: bool) -> String {
    let (login, Place { room, channel, source }) = (called.login(event.who), place);
    let (text, draw) = match event.what {
        What::Came => return moved(login, "JOIN", room.as_str()),
        What::Left => return moved(login, "PART", room.as_str()),
        What::Said { text, draw } => (speech::text(text), draw),
    };
    let mut line = String::new();
    if tags {
        let text_of = |id: Option<TwitchId>| id.map_or_else(String::new, |id| id.to_string());
        let room_id = |channel| text_of(called.room_id(Whose::Channel(channel)));
        let badges = |channel| badges(called.folk.role(event.who, channel));
        // In another chat it is another message.
        let is_echo = source.is_some_and(|source| source != channel);
        let own_draw = if is_echo { mix(draw, called.folk.channel_key(channel)) } else { draw };
        let (worn, name, own_id) = (badges(channel), escaped(called.display_name(event.who)), id(own_draw));
        let _ = write!(
            line,
            "@badge-info=;badges={worn};color=;display-name={name};emotes=;id={own_id};room-id={};",
            room_id(channel)
        );
        if let Some(source) = source {
            let (worn, source_id, source) = (badges(source), id(draw), room_id(source));
            let _ =
                write!(line, "source-badge-info=;source-badges={worn};source-id={source_id};source-room-id={source};");
        }
        let (sent, user_id) = (event.at_ms, text_of(called.id(event.who)));
        let _ = write!(line, "tmi-sent-ts={sent};user-id={user_id};user-type= ");
    }
    let _ = write!(line, ":{login}!{login}@{login}.tmi.twitch.tv PRIVMSG #{room} :{text}\r\n");
    line
}

/// What is worn as a role.
fn badges(role: Role) -> &'static str {
    match role {
        Role::Broadcaster => "broadcaster/1",
        Role::Moderator => "moderator/1",
        Role::Vip => "vip/1",
        _ => "",
    }
}

/// Shaped as a random UUID.
fn id(draw: u64) -> String {
    let (a, b) = (mix(draw, 1), mix(draw, 2));
    format!(
        "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
        a >> 32,
        (a >> 16) & 0xffff,
        a & 0xfff,
        0x8000 | ((b >> 48) & 0x3fff),
        b & 0xffff_ffff_ffff
    )
}

/// A value of a tag. Source: IRCv3 message tags.
fn escaped(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    for c in value.chars() {
        match c {
            ';' => text.push_str("\\:"),
            ' ' => text.push_str("\\s"),
            '\\' => text.push_str("\\\\"),
            '\r' => text.push_str("\\r"),
            '\n' => text.push_str("\\n"),
            other => text.push(other),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_come_in_short_lines() {
        let people: Vec<String> = (0..300).map(|n| format!("_somebody_of_long_name_{n:02}")).collect();
        let text = names("justinfan1", "_a", people.iter().map(String::as_str));
        let lines: Vec<&str> = text.split_terminator("\r\n").collect();
        assert!(lines.len() > 10 && lines.iter().all(|line| line.len() < 500), "{text}");
        let told =
            lines.iter().filter_map(|line| line.strip_prefix(":justinfan1.tmi.twitch.tv 353 justinfan1 = #_a :"));
        let told: Vec<&str> = told.flat_map(|names| names.split(' ')).collect();
        assert_eq!((told[0], told.len()), ("justinfan1", 301));
        assert_eq!(lines[lines.len() - 1], ":justinfan1.tmi.twitch.tv 366 justinfan1 #_a :End of /NAMES list");
        assert_eq!(escaped("Radio; Minuit\\"), "Radio\\:\\sMinuit\\\\");
        assert_eq!(id(7).len(), 36);
    }
}
