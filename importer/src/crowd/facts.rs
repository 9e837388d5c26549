//! What channels' days give to the reading of people: when they were on air, what is proved, what was broadcast.

use foldhash::HashMap;
use model::day::Day;
use model::hours::ChannelFacts;
use model::identity::ChannelKey;
use store::Store;
use store::error::Result;
use store::games::Games;

/// Channels whose days are read at once: of four weeks each some 10 MB.
const CHANNELS_AT_ONCE: usize = 64;

/// Facts of channels by day: some hundred bytes each, of 28 days of 10,000 channels some 70 MB.
#[derive(Debug)]
pub(super) struct Facts {
    of: HashMap<(ChannelKey, Day), ChannelFacts>,
    pub(super) games: Games,
}

impl Facts {
    /// Of all channels on these days.
    pub(super) async fn read(store: &impl Store, days: &[Day]) -> Result<Facts> {
        let mut games = Games::new(store.games().await?);
        let mut of = HashMap::default();
        let (Some(first), Some(last)) = (days.iter().min(), days.iter().max()) else { return Ok(Facts { of, games }) };
        let mut keys: Vec<ChannelKey> = Vec::new();
        for day in days {
            keys.extend(store.channels_of_day(*day).await?);
            keys.sort_unstable();
            keys.dedup();
        }
        for keys in keys.chunks(CHANNELS_AT_ONCE) {
            for row in store.channel_days(keys, *first, last.plus(1)).await? {
                of.insert((row.channel, row.day), ChannelFacts::of(&row.data, |segment| games.key(segment)));
            }
        }
        Ok(Facts { of, games })
    }

    pub(super) fn get(&self, channel: ChannelKey, day: Day) -> Option<&ChannelFacts> {
        self.of.get(&(channel, day))
    }
}
