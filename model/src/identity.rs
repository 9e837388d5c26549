//! Who is who: Twitch's ids and our own keys.

use std::fmt;
use std::num::NonZeroU64;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Twitch's id of an account: a positive decimal number, the same for life. In the archive a text of digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct TwitchId(NonZeroU64);

/// A text that is no Twitch id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("a Twitch id is a positive decimal number of at most 18 digits")]
pub struct TwitchIdError;

impl TwitchId {
    /// The id with this number; nothing for 0 or more than 18 digits (a store keeps it in a signed 64-bit column).
    pub fn new(id: u64) -> Option<TwitchId> {
        (id < 1_000_000_000_000_000_000).then(|| NonZeroU64::new(id).map(TwitchId)).flatten()
    }

    /// The number.
    pub fn get(self) -> u64 {
        self.0.get()
    }
}

impl fmt::Display for TwitchId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for TwitchId {
    type Err = TwitchIdError;
    fn from_str(text: &str) -> Result<TwitchId, TwitchIdError> {
        // A leading zero or plus would make two spellings of one id.
        let plain = text.bytes().all(|b| b.is_ascii_digit()) && !text.starts_with('0') && text.len() <= 18;
        if plain { text.parse().ok().and_then(TwitchId::new).ok_or(TwitchIdError) } else { Err(TwitchIdError) }
    }
}

impl From<TwitchId> for String {
    fn from(id: TwitchId) -> String {
        id.to_string()
    }
}

impl TryFrom<String> for TwitchId {
    type Error = TwitchIdError;
    fn try_from(text: String) -> Result<TwitchId, TwitchIdError> {
        text.parse()
    }
}

/// Our key of a person within one store: given in order of first sight, 0 to 2²⁸ − 1. It never leaves the server.
///
/// To read a person's rows takes a `store::access::ViewerKey`, which wraps one after the access check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PersonKey(pub u32);

impl PersonKey {
    /// Keys have 28 bits: a block's key in the store is `day << 28 | first person`.
    pub const BITS: u32 = 28;
}

/// Our key of a channel within one store, given in order of first sight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ChannelKey(pub u32);

/// Our key of a game within one store: the hour tier names games by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct GameKey(pub u32);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_id_has_one_spelling() {
        assert_eq!("42".parse::<TwitchId>().unwrap().get(), 42);
        for text in ["", "0", "042", "+42", "4 2", "-1", "1e3", "9999999999999999999"] {
            assert!(text.parse::<TwitchId>().is_err(), "{text}");
        }
    }
}
