//! Channels, as the store keeps them.

use model::channel_day::ChannelDay;
use model::day::Day;
use model::identity::{ChannelKey, TwitchId};
use model::login::Login;

use crate::error::{Damage, Result, StoreError};
use crate::rows::{RowBatch, ViewerRows};

/// A channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Channel {
    /// Our key of it.
    pub key: ChannelKey,
    /// Its login: the one it holds, or held last.
    pub login: Login,
    /// Twitch's id of it, where a source gave one.
    pub id: Option<TwitchId>,
    /// Its name as displayed; the login where no source gave one.
    pub display_name: String,
    /// Whether the operator tracks it always.
    pub tracked: bool,
    /// The first day held of it; nothing before its first import.
    pub first_day: Option<Day>,
    /// The last day held of it.
    pub last_day: Option<Day>,
}

/// A channel as a day of the archive names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChannelIdentity {
    /// Its login that day.
    pub login: Login,
    /// Twitch's id of it, where known.
    pub id: Option<TwitchId>,
    /// Its name as displayed, where known.
    pub display_name: Option<String>,
    /// Logins that the account with this id bore on that day too, before or between.
    pub others: Vec<Login>,
}

impl ChannelIdentity {
    /// A channel of which a login is known, and nothing else.
    pub fn of_login(login: Login) -> ChannelIdentity {
        ChannelIdentity { login, id: None, display_name: None, others: Vec::new() }
    }
}

/// One channel on one UTC day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChannelDayRow {
    /// The channel.
    pub channel: ChannelKey,
    /// The day.
    pub day: Day,
    /// What was observed.
    pub data: ChannelDay,
}

/// The channels by ascending login, each once; of two with one login, the one with an id.
pub(crate) fn distinct(channels: &[ChannelIdentity]) -> Vec<&ChannelIdentity> {
    let mut distinct: Vec<&ChannelIdentity> = channels.iter().collect();
    distinct.sort_by(|a, b| a.login.cmp(&b.login).then(b.id.is_some().cmp(&a.id.is_some())));
    distinct.dedup_by(|a, b| a.login == b.login);
    distinct
}

/// What `distinct` gave, as rows whose days are empty: channels are found and named as people are.
pub(crate) fn names_of(distinct: &[&ChannelIdentity]) -> Result<ViewerRows> {
    let mut batch = RowBatch::default();
    let mut rows = ViewerRows::new();
    let pushed = distinct.iter().try_for_each(|channel| batch.push(channel.login.as_str().as_bytes(), channel.id, &[]));
    for (channel, id) in distinct.iter().filter_map(|channel| Some((channel, channel.id?))) {
        channel.others.iter().for_each(|other| batch.push_other(other.clone(), id));
    }
    // Logins are checked and ascend, and so few stay in memory.
    pushed.and_then(|()| rows.append(&batch)).map_err(|_| damaged("login"))?;
    Ok(rows)
}

fn damaged(column: &'static str) -> StoreError {
    StoreError::Damaged { place: "channels".to_owned(), source: Damage::Value(column) }
}

/// The keys of `distinct`, in the order of `channels`.
pub(crate) fn keys_in_order(
    channels: &[ChannelIdentity],
    distinct: &[&ChannelIdentity],
    keys: &[u32],
) -> Result<Vec<ChannelKey>> {
    let key = |channel: &ChannelIdentity| {
        let at = distinct.binary_search_by(|other| other.login.cmp(&channel.login)).ok()?;
        keys.get(at).copied().map(ChannelKey)
    };
    let keys: Option<Vec<ChannelKey>> = channels.iter().map(key).collect();
    keys.ok_or_else(|| damaged("key"))
}
