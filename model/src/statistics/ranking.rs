//! Channels side by side, by hours watched.

use serde::{Deserialize, Serialize};

use super::channel::Figures;
use crate::analysis::Method;
use crate::identity::ChannelKey;
use crate::words::Tier;

/// What the order is worked out by.
pub const METHOD: Method = Method::new("ranking", 1, Tier::Aggregates);

/// A channel in a ranking.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ranked {
    /// The channel.
    pub channel: ChannelKey,
    /// What was seen of it.
    pub figures: Figures,
}

/// At most `count` of these channels, most hours watched first, of equals the lower key; those never seen live are left out.
pub fn ranking(channels: impl IntoIterator<Item = Ranked>, count: usize) -> Vec<Ranked> {
    let mut ranked: Vec<Ranked> = channels.into_iter().filter(|ranked| ranked.figures.live_slots > 0).collect();
    ranked.sort_by_key(|ranked| (std::cmp::Reverse(ranked.figures.viewer_slots), ranked.channel));
    ranked.truncate(count);
    ranked
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn most_watched_first() {
        let of = |key, live_slots, viewer_slots| Ranked {
            channel: ChannelKey(key),
            figures: Figures { live_slots, viewer_slots, ..Figures::default() },
        };
        let found = ranking([of(1, 5, 10), of(2, 0, 0), of(3, 1, 90), of(0, 1, 10)], 3);
        assert_eq!(found.iter().map(|ranked| ranked.channel.0).collect::<Vec<_>>(), [3, 0, 1]);
    }
}
