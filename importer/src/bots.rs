//! Who is no person: accounts in many chats at once, and those that the operator lists.

use std::collections::HashSet;

use model::login::Login;
use model::presence::ViewerDay;
use model::slot::SLOTS_PER_DAY;

/// Chats at once from which on an account is taken for a bot. People keep a handful of streams open; lists lag by
/// minutes, so somebody who changes channels stands in two or three at once. Bots sit in tens.
pub const BOT_CHANNELS: u16 = 10;

/// Slots of the day in which that has to be so: a raid or a cache that answers late fakes one or two.
pub const BOT_SLOTS: u16 = 3;

/// The two rules: many chats at once, and the operator's list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BotRules {
    /// Chats at once, at least 2.
    pub channels: u16,
    /// In so many slots of the day, at least 1.
    pub slots: u16,
    /// Known bots, whatever they do.
    pub logins: HashSet<Login>,
}

impl Default for BotRules {
    fn default() -> BotRules {
        BotRules { channels: BOT_CHANNELS, slots: BOT_SLOTS, logins: HashSet::new() }
    }
}

/// Why an account is a bot, or how far it is from being one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BotEvidence {
    /// Whether the operator lists it.
    pub listed: bool,
    /// The most chats at once.
    pub most_at_once: u16,
    /// Slots in as many chats at once as the rule asks.
    pub slots_at_once: u16,
}

impl BotRules {
    /// Whether the day is a bot's.
    pub fn is_bot(&self, login: &str, day: &ViewerDay) -> bool {
        self.logins.contains(login)
            || (day.channels.len() >= usize::from(self.channels)
                && self.evidence(login, day).slots_at_once >= self.slots)
    }

    /// What the day says.
    pub fn evidence(&self, login: &str, day: &ViewerDay) -> BotEvidence {
        let mut channels_at = [0u16; SLOTS_PER_DAY as usize];
        for presence in &day.channels {
            for run in presence.present().runs() {
                channels_at[usize::from(run.from())..usize::from(run.to())].iter_mut().for_each(|here| *here += 1);
            }
        }
        BotEvidence {
            listed: self.logins.contains(login),
            most_at_once: channels_at.iter().copied().max().unwrap_or(0),
            slots_at_once: channels_at.iter().filter(|here| **here >= self.channels).count() as u16,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::identity::ChannelKey;
    use model::presence::ChannelPresence;
    use model::run::Run;

    /// In `channels` chats for `slots` slots: every other one proven by speech, and by the list too.
    fn day(channels: u32, slots: u16) -> ViewerDay {
        let runs = vec![Run::new(0, slots).unwrap()];
        let presence = |key| ChannelPresence {
            channel: ChannelKey(key),
            listed: if key % 4 == 1 { vec![] } else { runs.clone() },
            spoke: if key % 2 == 1 { runs.clone() } else { vec![] },
        };
        ViewerDay { bot: false, channels: (0..channels).map(presence).collect() }
    }

    #[test]
    fn ten_chats_at_once_for_three_slots() {
        let rules = BotRules::default();
        assert!(rules.is_bot("a", &day(10, 3)));
        assert!(!rules.is_bot("a", &day(9, 288)));
        assert!(!rules.is_bot("a", &day(30, 2)));
        // Ten chats one after another are an evening of zapping.
        let mut zapping = day(10, 20);
        for (n, presence) in zapping.channels.iter_mut().enumerate() {
            let from = 20 * n as u16;
            presence.listed = vec![Run::new(from, from + 20).unwrap()];
            presence.spoke.clear();
        }
        assert!(!rules.is_bot("a", &zapping));
        let evidence = BotEvidence { listed: false, most_at_once: 1, slots_at_once: 0 };
        assert_eq!(rules.evidence("a", &zapping), evidence);
        let stricter = BotRules { channels: 30, slots: 1, ..BotRules::default() };
        assert!(stricter.is_bot("a", &day(30, 2)) && !stricter.is_bot("a", &day(29, 2)));
    }

    #[test]
    fn listed_logins_are_bots_whatever_they_do() {
        let rules = BotRules { logins: HashSet::from(["_helper".parse().unwrap()]), ..BotRules::default() };
        assert!(rules.is_bot("_helper", &day(1, 1)) && !rules.is_bot("_helper2", &day(1, 1)));
        let evidence = BotEvidence { listed: true, most_at_once: 1, slots_at_once: 0 };
        assert_eq!(rules.evidence("_helper", &day(1, 1)), evidence);
    }
}
