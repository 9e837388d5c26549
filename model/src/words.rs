//! The small closed vocabularies, as the archive spells them.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// A word outside its vocabulary. It is not repeated: in a row whose fields are shifted it may be somebody's login.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("no {vocabulary} (there are {})", .words.join(", "))]
pub struct WordError {
    /// Which vocabulary was asked.
    pub vocabulary: &'static str,
    /// Its words.
    pub words: &'static [&'static str],
}

/// An enum of words: its variants, their spelling, and the round trip. A macro because seven enums would repeat it.
macro_rules! vocabulary {
    ($(#[$doc:meta])* $name:ident: $title:literal { $($(#[$variant_doc:meta])* $variant:ident = $text:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name { $($(#[$variant_doc])* #[serde(rename = $text)] $variant,)+ }

        impl $name {
            /// All of them, in order.
            pub const ALL: &'static [$name] = &[$($name::$variant,)+];

            /// The word as the archive and the store spell it.
            pub fn as_str(self) -> &'static str {
                match self { $($name::$variant => $text,)+ }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { f.write_str(self.as_str()) }
        }

        impl FromStr for $name {
            type Err = WordError;
            fn from_str(text: &str) -> Result<$name, WordError> {
                match text {
                    $($text => Ok($name::$variant),)+
                    _ => Err(WordError { vocabulary: $title, words: &[$($text,)+] }),
                }
            }
        }
    };
}

vocabulary! {
    /// Where all data of an archive or a store come from; written when they are created, never mixed.
    Origin: "origin" {
        /// Invented people; logins begin with `_`.
        Simulated = "simulated",
        /// Real people.
        Real = "real",
    }
}

vocabulary! {
    /// What Twitch said of a followed channel in a sweep. A channel without a row is not followed: nothing is claimed.
    StreamStatus: "stream status" {
        /// On air.
        Live = "live",
        /// Asked, and not on air: observed, nobody there.
        OffAir = "off_air",
        /// Asking failed.
        Unknown = "unknown",
    }
}

vocabulary! {
    /// How far a list of chatters can be trusted.
    ListStatus: "list status" {
        /// Everybody in the chat: who is not named was not there.
        Complete = "complete",
        /// Proves presence only.
        Partial = "partial",
        /// No list: unknown, never "nobody was there".
        Missing = "missing",
    }
}

vocabulary! {
    /// Whether everything said in the slot was heard.
    SpeechStatus: "speech status" {
        /// Joined without a break through the slot.
        Complete = "complete",
        /// Not joined, or not all the time.
        Missing = "missing",
    }
}

vocabulary! {
    /// Who told us who is in a chat.
    ChattersSource: "chatters source" {
        /// The unofficial chatters endpoint, dead since 2023-04-03; spoken by the simulator and by proxies.
        Tmi = "tmi",
        /// Anonymous IRC: speech anywhere, membership in small rooms.
        Irc = "irc",
        /// `GET /chat/chatters`, where the operator's token moderates.
        Helix = "helix",
    }
}

vocabulary! {
    /// What a person is in a chat.
    Role: "role" {
        /// The channel's owner.
        Broadcaster = "broadcaster",
        /// A VIP of the channel.
        Vip = "vip",
        /// A moderator of the channel.
        Moderator = "moderator",
        /// Twitch staff.
        Staff = "staff",
        /// A Twitch administrator.
        Admin = "admin",
        /// A global moderator.
        GlobalMod = "global_mod",
        /// None of the others.
        Viewer = "viewer",
        /// The source does not tell.
        Unknown = "unknown",
    }
}

vocabulary! {
    /// How fine what is kept about people is; it only ever gets coarser.
    Tier: "tier" {
        /// Runs of slots.
        Slots = "slots",
        /// A day's minutes by channel and game, and slots by hour.
        Hours = "hours",
        /// Counts of ten people or more: nothing about one.
        Aggregates = "aggregates",
    }
}

vocabulary! {
    /// What proves that a person was in a chat.
    Evidence: "evidence" {
        /// Named in the list.
        Listed = "listed",
        /// Wrote in that very slot.
        Spoke = "spoke",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn round_trips<T: Copy + FromStr<Err = WordError> + fmt::Display + PartialEq + fmt::Debug>(all: &[T]) {
        for word in all {
            assert_eq!(word.to_string().parse::<T>().as_ref(), Ok(word));
        }
    }

    #[test]
    fn every_word_round_trips() {
        round_trips(Origin::ALL);
        round_trips(StreamStatus::ALL);
        round_trips(ListStatus::ALL);
        round_trips(SpeechStatus::ALL);
        round_trips(ChattersSource::ALL);
        round_trips(Role::ALL);
        round_trips(Evidence::ALL);
        assert!("LIVE".parse::<StreamStatus>().is_err());
    }
}
