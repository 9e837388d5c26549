//! `[import]`: how days get from the archive into the store.

use std::collections::HashSet;
use std::num::NonZeroUsize;

use anyhow::{Result, bail};
use importer::bots::{BOT_CHANNELS, BOT_SLOTS, BotRules};
use importer::verify::options::SAMPLE;
use model::login::Login;
use serde::{Deserialize, Serialize};

/// Accounts that are known to be programs: chat bots that streamers invite.
const KNOWN_BOTS: [&str; 8] =
    ["fossabot", "moobot", "nightbot", "sery_bot", "soundalerts", "streamelements", "streamlabs", "wizebot"];

/// `[import]`.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct ImportConfig {
    /// Threads that read and merge; as many as there are cores by default.
    pub threads: Option<NonZeroUsize>,
    /// Chats at once that make an account a bot, at least 2.
    pub bot_channels: u16,
    /// In so many slots of a day, 1 to 288.
    pub bot_slots: u16,
    /// Accounts that are bots whatever they do.
    pub bots: Vec<Login>,
    /// After an import, so many viewers and channels are compared with the archive bit by bit, and all sums; 0 compares
    /// nothing.
    pub verify: usize,
}

impl Default for ImportConfig {
    fn default() -> ImportConfig {
        let bots = KNOWN_BOTS.iter().filter_map(|login| login.parse().ok()).collect();
        ImportConfig { threads: None, bot_channels: BOT_CHANNELS, bot_slots: BOT_SLOTS, bots, verify: SAMPLE }
    }
}

impl ImportConfig {
    pub(super) fn check(&self) -> Result<()> {
        if self.bot_channels < 2 {
            bail!("[import] bot_channels = {} is fewer than 2: everybody would be a bot", self.bot_channels);
        }
        if !(1..=288).contains(&self.bot_slots) {
            bail!("[import] bot_slots = {} is not between 1 and 288", self.bot_slots);
        }
        Ok(())
    }

    /// Who is no person.
    pub fn bot_rules(&self) -> BotRules {
        let logins: HashSet<Login> = self.bots.iter().cloned().collect();
        BotRules { channels: self.bot_channels, slots: self.bot_slots, logins }
    }
}
