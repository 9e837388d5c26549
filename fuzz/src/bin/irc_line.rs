//! Any bytes as what a chat server says: each line means something or nothing, and nobody who is anonymous is named.
// seeds: text @badges=moderator/1,subscriber/0;display-name=Zo;room-id=7;tmi-sent-ts=1795348800123;user-id=42 :_zoe!_zoe@_zoe.tmi.twitch.tv PRIVMSG #_room :hello: there
// seeds: text @login=_zoe;room-id=7;source-room-id=7;system-msg=a\sb;tmi-sent-ts=1;user-id=42 :tmi.twitch.tv USERNOTICE #_room :hello
// seeds: text :tmi.twitch.tv 001 justinfan1 :Welcome, GLHF!
// seeds: text :justinfan1.tmi.twitch.tv 353 justinfan1 = #_room :justinfan1 _a _b justinfan77
// seeds: text :justinfan1.tmi.twitch.tv 366 justinfan1 #_room :End of /NAMES list
// seeds: text :_a!_a@_a.tmi.twitch.tv JOIN #_room
// seeds: text :justinfan1!justinfan1@justinfan1.tmi.twitch.tv PART #_room
// seeds: text PING :tmi.twitch.tv
// seeds: text :tmi.twitch.tv PONG tmi.twitch.tv :5984879
// seeds: text :tmi.twitch.tv RECONNECT
// seeds: text :tmi.twitch.tv NOTICE * :Login authentication failed
#![no_main]

use collector::irc::line::{Heard, Said, Who, heard};
use libfuzzer_sys::fuzz_target;
use model::login::Login;

fuzz_target!(|bytes: &[u8]| {
    for line in String::from_utf8_lossy(bytes).lines() {
        match heard(line) {
            Some(Heard::Names(_, logins)) => assert!(logins.iter().all(is_somebody)),
            Some(Heard::Joined(_, Who::Login(login)) | Heard::Parted(_, Who::Login(login))) => {
                assert!(is_somebody(&login));
            }
            Some(Heard::Joined(_, Who::Reader(nick)) | Heard::Parted(_, Who::Reader(nick))) => {
                assert!(nick.starts_with("justinfan"));
            }
            Some(Heard::Said(_, Said { login, .. })) => assert!(is_somebody(&login)),
            // It is said back: the server's words, and no second line.
            Some(Heard::Ping(text)) => assert!(line.contains(&text)),
            _ => {}
        }
    }
});

fn is_somebody(login: &Login) -> bool {
    let digits = login.as_str().strip_prefix("justinfan");
    !digits.is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))
}
