//! App tokens.

use std::collections::HashMap;

/// The tokens given out, each with the virtual time at which it expires.
#[derive(Default)]
pub(crate) struct Tokens {
    given: u64,
    expires: HashMap<String, i64>,
}

impl Tokens {
    pub(crate) fn give(&mut self, now: i64, seconds: i64) -> String {
        // A client that asks without end must not fill the memory.
        self.expires.retain(|_, expires| *expires > now);
        self.given += 1;
        let token = format!("simulated{:021x}", crate::dice::mix(self.given, 0x0074_6f6b_656e));
        self.expires.insert(token.clone(), now.saturating_add(seconds));
        token
    }

    /// Seconds that a token has left; nothing when it is none, or expired.
    pub(crate) fn seconds_left(&self, token: &str, now: i64) -> Option<i64> {
        self.expires.get(token).map(|expires| expires - now).filter(|left| *left > 0)
    }
}
