//! The channels of a day that may be exported: all but those that opted out, since the import too.

use std::collections::HashMap;

use model::day::Day;
use model::identity::{ChannelKey, TwitchId};
use model::login::Login;
use store::Store;
use store::error::Result;
use store::suppression::Suppression;

/// Channels asked for at once.
const CHANNELS_AT_ONCE: usize = 500;

/// A channel as an export names it.
#[derive(Clone, Debug)]
pub(crate) struct FollowedChannel {
    pub(crate) key: ChannelKey,
    /// The login it held that day.
    pub(crate) login: Login,
    pub(crate) id: Option<TwitchId>,
    pub(crate) display_name: String,
}

/// The channels of a day, by login.
#[derive(Debug)]
pub(crate) struct Followed {
    pub(crate) channels: Vec<FollowedChannel>,
    places: HashMap<ChannelKey, usize, foldhash::fast::RandomState>,
}

impl Followed {
    /// Reads them from the store.
    pub(crate) async fn read(store: &impl Store, day: Day, suppression: &Suppression) -> Result<Followed> {
        let keys = store.channels_of_day(day).await?;
        let mut channels = Vec::with_capacity(keys.len());
        for keys in keys.chunks(CHANNELS_AT_ONCE) {
            let logins = store.channel_logins(keys, day).await?;
            for channel in store.channels(keys).await? {
                let login = logins.get(&channel.key).unwrap_or(&channel.login);
                // Whoever opted out did so by the name held now, or by the one held then.
                let opted_out = |login: &Login| suppression.holds(login.as_str(), channel.id);
                if !opted_out(login) && !opted_out(&channel.login) {
                    let (key, id, login) = (channel.key, channel.id, login.clone());
                    channels.push(FollowedChannel { key, login, id, display_name: channel.display_name });
                }
            }
        }
        channels.sort_by(|a, b| (&a.login, a.key).cmp(&(&b.login, b.key)));
        let places = channels.iter().enumerate().map(|(place, channel)| (channel.key, place)).collect();
        Ok(Followed { channels, places })
    }

    /// The place of a channel among them; nothing of one that is not exported.
    pub(crate) fn place(&self, key: ChannelKey) -> Option<usize> {
        self.places.get(&key).copied()
    }
}
