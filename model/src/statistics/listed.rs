//! How many of a channel's viewers its chat list names.

use serde::{Deserialize, Serialize};

use crate::analysis::Method;
use crate::channel_day::{ChannelDay, ChannelSlot};
use crate::slot::Slot;
use crate::words::{ListStatus, Tier};

/// What the means are worked out by.
pub const METHOD: Method = Method::new("not-in-the-list", 1, Tier::Aggregates);

/// Viewers as Twitch counts them beside the chat list, over the live slots of which both are known and the list is complete.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listed {
    /// Slots on air.
    pub live_slots: u64,
    /// Of them those that both are known of; the sums are over these.
    pub slots: u64,
    /// Σ viewers.
    pub viewers: u64,
    /// Σ chatters.
    pub chatters: u64,
    /// Σ max(0, viewers − chatters): not in the list. Less than the difference of the sums is impossible, more is not: bots and caches put
    /// more names into some lists than there are viewers.
    pub unlisted: u64,
}

impl Listed {
    /// Mean viewers, chatters, and viewers who are not in the list, over the slots; nothing of none.
    pub fn means(self) -> Option<[f64; 3]> {
        let mean = |sum: u64| sum as f64 / self.slots as f64;
        (self.slots > 0).then(|| [self.viewers, self.chatters, self.unlisted].map(mean))
    }

    /// The share of viewers who are not in the list, 0–1; nothing where there are no viewers.
    pub fn unlisted_share(self) -> Option<f64> {
        (self.viewers > 0).then(|| self.unlisted as f64 / self.viewers as f64)
    }
}

/// Viewers beside the list, over some days of a channel.
pub fn listed<'a>(days: impl IntoIterator<Item = &'a ChannelDay>) -> Listed {
    let mut sums = Listed::default();
    for slot in days.into_iter().flat_map(|day| Slot::all().map(|slot| day.slot(slot))) {
        let ChannelSlot::Live(live) = slot else { continue };
        sums.live_slots += 1;
        let complete = live.list == ListStatus::Complete;
        let Some((viewers, chatters)) = live.viewers.zip(live.chatters).filter(|_| complete) else { continue };
        sums.slots += 1;
        sums.viewers += u64::from(viewers);
        sums.chatters += u64::from(chatters);
        sums.unlisted += u64::from(viewers.saturating_sub(chatters));
    }
    sums
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::channel_day::LiveSlot;
    use crate::words::SpeechStatus;

    fn live(viewers: Option<u32>, chatters: Option<u32>, list: ListStatus) -> ChannelSlot {
        ChannelSlot::Live(LiveSlot { viewers, chatters, list, speech: SpeechStatus::Missing, source: None })
    }

    #[test]
    fn only_whole_lists_beside_known_viewers_count() {
        let mut day = ChannelDay::default();
        let slots = [
            ChannelSlot::OffAir,
            live(Some(100), Some(70), ListStatus::Complete),
            // More names than viewers: nobody is missing, and nobody is taken from another slot.
            live(Some(50), Some(60), ListStatus::Complete),
            live(Some(900), Some(10), ListStatus::Partial),
            live(None, Some(10), ListStatus::Complete),
            live(Some(900), None, ListStatus::Missing),
        ];
        for (slot, data) in (0..).zip(slots) {
            day.set(Slot::new(slot).unwrap(), data);
        }
        let found = listed([&day, &ChannelDay::default()]);
        assert_eq!(found, Listed { live_slots: 5, slots: 2, viewers: 150, chatters: 130, unlisted: 30 });
        assert_eq!((found.means(), found.unlisted_share()), (Some([75.0, 65.0, 15.0]), Some(0.2)));
        assert_eq!((Listed::default().means(), Listed::default().unlisted_share()), (None, None));
    }
}
