//! Tokens: an application's own, and those that people grant it.

use std::collections::HashMap;

use crate::twitch::User;

/// Everything given out.
#[derive(Default)]
pub(crate) struct Tokens {
    given: u64,
    by_text: HashMap<String, Token>,
    /// What gets a new token once each.
    refresh: HashMap<String, Granted>,
    /// What somebody at another screen is asked about, by the code of the device.
    devices: HashMap<String, Device>,
    /// What a page sent somebody back with, once each.
    codes: HashMap<String, (Granted, String)>,
}

/// Whose a token is, and the virtual time at which it expires.
#[derive(Clone)]
pub(crate) struct Token {
    pub(crate) client: String,
    /// Who granted it; nobody where it is the application's own.
    pub(crate) grant: Option<Grant>,
    expires: i64,
}

/// What somebody allows.
#[derive(Clone)]
pub(crate) struct Grant {
    pub(crate) user: User,
    pub(crate) scopes: Vec<String>,
}

/// What somebody allows an application.
#[derive(Clone)]
pub(crate) struct Granted {
    pub(crate) client: String,
    pub(crate) grant: Grant,
}

/// A device that waits for somebody.
struct Device {
    client: String,
    scopes: Vec<String>,
    user_code: String,
    expires: i64,
    answer: Option<Answer>,
}

#[derive(Clone)]
enum Answer {
    Allowed(User),
    Denied,
}

/// What became of a device's question.
pub(crate) enum Asked {
    Pending,
    Denied,
    Granted(Granted),
}

impl Tokens {
    fn text(&mut self, kind: &str) -> String {
        self.given += 1;
        format!("{kind}{:021x}", crate::dice::mix(self.given, 0x0074_6f6b_656e))
    }

    /// A token of an application, or of somebody who allows it something.
    pub(crate) fn give(&mut self, client: &str, grant: Option<Grant>, now: i64, seconds: i64) -> String {
        // A client that asks without end must not fill the memory.
        self.by_text.retain(|_, token| token.expires > now);
        let token = self.text("simulated");
        let held = Token { client: client.to_owned(), grant, expires: now.saturating_add(seconds) };
        self.by_text.insert(token.clone(), held);
        token
    }

    /// What gets the next token.
    pub(crate) fn give_refresh(&mut self, granted: Granted) -> String {
        let refresh = self.text("refresh");
        self.refresh.insert(refresh.clone(), granted);
        refresh
    }

    /// What a refresh token of a client is worth; it is used up.
    pub(crate) fn refresh(&mut self, text: &str, client: &str) -> Option<Granted> {
        if self.refresh.get(text)?.client == client { self.refresh.remove(text) } else { None }
    }

    /// A question of a device: its code, and the one that is shown to somebody.
    pub(crate) fn ask(&mut self, client: &str, scopes: Vec<String>, now: i64, seconds: i64) -> (String, String) {
        self.devices.retain(|_, device| device.expires > now);
        let code = self.text("device");
        let user_code = format!("{:08X}", crate::dice::mix(self.given, 0x636f_6465) as u32);
        let expires = now.saturating_add(seconds);
        let device = Device { client: client.to_owned(), scopes, user_code: user_code.clone(), expires, answer: None };
        self.devices.insert(code.clone(), device);
        (code, user_code)
    }

    /// What a device asks, by the code that is shown: the client and its scopes.
    pub(crate) fn question(&self, user_code: &str) -> Option<(&str, &[String])> {
        let device = self.devices.values().find(|device| device.user_code == user_code)?;
        Some((&device.client, &device.scopes))
    }

    /// Somebody answers; nobody is a no. Whether there is such a question.
    pub(crate) fn answer(&mut self, user_code: &str, by: Option<User>) -> bool {
        let Some(device) = self.devices.values_mut().find(|device| device.user_code == user_code) else { return false };
        device.answer = Some(by.map_or(Answer::Denied, Answer::Allowed));
        true
    }

    /// What was answered to a device, which is used up by a yes or a no; nothing of one that does not ask, or not any more.
    pub(crate) fn answered(&mut self, code: &str, client: &str, now: i64) -> Option<Asked> {
        let device = self.devices.get(code).filter(|device| device.client == client && device.expires > now)?;
        let (scopes, client) = (device.scopes.clone(), device.client.clone());
        Some(match device.answer.clone() {
            None => Asked::Pending,
            Some(answer) => {
                self.devices.remove(code);
                match answer {
                    Answer::Denied => Asked::Denied,
                    Answer::Allowed(user) => Asked::Granted(Granted { client, grant: Grant { user, scopes } }),
                }
            }
        })
    }

    /// What a page sends somebody back with, to an address.
    pub(crate) fn give_code(&mut self, granted: Granted, address: &str) -> String {
        let code = self.text("code");
        self.codes.insert(code.clone(), (granted, address.to_owned()));
        code
    }

    /// What a code is worth to a client, of the address that it was sent to; it is used up.
    pub(crate) fn redeem(&mut self, code: &str, client: &str, address: &str) -> Option<Granted> {
        let (granted, sent_to) = self.codes.remove(code)?;
        (granted.client == client && sent_to == address).then_some(granted)
    }

    /// Ends a token before its time.
    pub(crate) fn expire(&mut self, text: &str) {
        self.by_text.remove(text);
    }

    /// A token that was given out, with the seconds it has left; nothing when it is none, or expired.
    pub(crate) fn valid(&self, text: &str, now: i64) -> Option<(Token, i64)> {
        let token = self.by_text.get(text)?;
        let left = token.expires - now;
        (left > 0).then(|| (token.clone(), left))
    }
}
