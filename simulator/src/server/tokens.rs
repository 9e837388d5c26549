//! App tokens.

use std::collections::HashMap;

/// The tokens given out.
#[derive(Default)]
pub(crate) struct Tokens {
    given: u64,
    by_text: HashMap<String, Token>,
}

/// Whose a token is, and the virtual time at which it expires.
#[derive(Clone)]
pub(crate) struct Token {
    pub(crate) client: String,
    expires: i64,
}

impl Tokens {
    pub(crate) fn give(&mut self, client: &str, now: i64, seconds: i64) -> String {
        // A client that asks without end must not fill the memory.
        self.by_text.retain(|_, token| token.expires > now);
        self.given += 1;
        let token = format!("simulated{:021x}", crate::dice::mix(self.given, 0x0074_6f6b_656e));
        let held = Token { client: client.to_owned(), expires: now.saturating_add(seconds) };
        self.by_text.insert(token.clone(), held);
        token
    }

    /// A token that was given out, with the seconds it has left; nothing when it is none, or expired.
    pub(crate) fn valid(&self, text: &str, now: i64) -> Option<(Token, i64)> {
        let token = self.by_text.get(text)?;
        let left = token.expires - now;
        (left > 0).then(|| (token.clone(), left))
    }
}
