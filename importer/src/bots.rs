//! Who is no person: accounts in many chats at once.

use model::presence::ViewerDay;
use model::slot::SLOTS_PER_DAY;

/// Chats at once from which on an account is taken for a bot. People keep a handful of streams open; lists lag by
/// minutes, so somebody who changes channels stands in two or three at once. Bots sit in tens.
pub const BOT_CHANNELS: usize = 10;

/// Slots of the day in which that has to be so: a raid or a cache that answers late fakes one or two.
pub const BOT_SLOTS: usize = 3;

/// Whether the day is a bot's: in [`BOT_CHANNELS`] chats at once in [`BOT_SLOTS`] slots.
pub fn is_bot(day: &ViewerDay) -> bool {
    if day.channels.len() < BOT_CHANNELS {
        return false;
    }
    let mut channels_at = [0usize; SLOTS_PER_DAY as usize];
    for presence in &day.channels {
        for run in presence.present().runs() {
            channels_at[usize::from(run.from())..usize::from(run.to())].iter_mut().for_each(|channels| *channels += 1);
        }
    }
    channels_at.iter().filter(|channels| **channels >= BOT_CHANNELS).count() >= BOT_SLOTS
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
        assert!(is_bot(&day(10, 3)));
        assert!(!is_bot(&day(9, 288)));
        assert!(!is_bot(&day(30, 2)));
        // Ten chats one after another are an evening of zapping.
        let mut zapping = day(10, 20);
        for (n, presence) in zapping.channels.iter_mut().enumerate() {
            let from = 20 * n as u16;
            presence.listed = vec![Run::new(from, from + 20).unwrap()];
            presence.spoke.clear();
        }
        assert!(!is_bot(&zapping));
    }
}
