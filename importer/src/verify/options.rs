//! What is compared, and by which choices the day was made.

use std::collections::HashSet;

use model::login::Login;
use store::suppression::Suppression;

/// How many viewers and channels are compared bit by bit when nobody says otherwise.
pub const SAMPLE: usize = 100;

/// Choices of the comparison, and those that the day was imported by.
#[derive(Clone, Debug)]
pub struct VerifyOptions {
    /// Viewers to compare bit by bit; all of them when there are no more.
    pub viewers: usize,
    /// Channels to compare bit by bit.
    pub channels: usize,
    /// With the day it determines who is in the sample.
    pub seed: u64,
    /// Who is no person.
    pub bots: BotLimits,
    /// Who opted out, and so must not be in the store.
    pub suppression: Suppression,
}

impl Default for VerifyOptions {
    /// [`SAMPLE`] of each, seed 0, the usual limits, nobody opted out.
    fn default() -> VerifyOptions {
        VerifyOptions {
            viewers: SAMPLE,
            channels: SAMPLE,
            seed: 0,
            bots: BotLimits::default(),
            suppression: Suppression::default(),
        }
    }
}

/// From when on an account is taken for a bot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BotLimits {
    /// Chats at once.
    pub channels: u16,
    /// In so many slots of the day.
    pub slots: u16,
    /// Accounts that are bots whatever they do.
    pub logins: HashSet<Login>,
}

impl Default for BotLimits {
    /// Ten chats in three slots (`docs/words.md`), no list.
    fn default() -> BotLimits {
        BotLimits { channels: 10, slots: 3, logins: HashSet::new() }
    }
}
