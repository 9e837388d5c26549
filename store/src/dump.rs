//! A day by login: what two stores can be compared by, whatever their keys.

use std::cmp::Reverse;
use std::collections::HashMap;

use model::day::Day;
use model::identity::TwitchId;
use model::login::Login;
use model::presence::ViewerDay;
use model::run::Run;

use crate::directory::Directory;
use crate::directory::names::Span;
use crate::error::Result;
use crate::values::Columns;

/// One person on one day.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ViewerDump {
    /// The login they held that day.
    pub login: Login,
    /// Twitch's id of them, where known.
    pub id: Option<TwitchId>,
    /// Flagged as a bot that day.
    pub bot: bool,
    /// Where they were, by channel login.
    pub channels: Vec<ChannelDump>,
}

/// One person in one channel on one day.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ChannelDump {
    /// The login the channel held that day.
    pub channel: Login,
    /// Runs in which the list named them.
    pub listed: Vec<Run>,
    /// Runs of slots in which they wrote.
    pub spoke: Vec<Run>,
}

/// The names of some people or channels on a day, by key.
pub(crate) struct Named {
    logins: HashMap<u32, Login>,
    ids: HashMap<u32, TwitchId>,
}

/// The keys of a day's people, and those of its channels; both ascending.
pub(crate) fn keys_of(days: &[(u32, ViewerDay)]) -> (Vec<u32>, Vec<u32>) {
    let mut channels: Vec<u32> =
        days.iter().flat_map(|(_, day)| &day.channels).map(|presence| presence.channel.0).collect();
    channels.sort_unstable();
    channels.dedup();
    (days.iter().map(|(key, _)| *key).collect(), channels)
}

/// The login of each key (ascending) on the day; else the last one before it, else the first one after.
pub(crate) async fn named<D: Directory>(
    directory: &mut D,
    keys: &[u32],
    day: Day,
    columns: Columns<'_>,
) -> Result<Named> {
    let rank = |span: Span| (span.covers(day.days()), span.from <= day.days(), Reverse(span.from.abs_diff(day.days())));
    let mut best: HashMap<u32, (Span, String)> = HashMap::with_capacity(keys.len());
    let each = |login: &str, span: Span| {
        let better = best.get(&span.key).is_none_or(|(other, _)| rank(*other) < rank(span));
        if better && keys.binary_search(&span.key).is_ok() {
            best.insert(span.key, (span, login.to_owned()));
        }
    };
    directory.each_span(each).await?;
    let logins = best.into_iter().map(|(key, (_, login))| Ok((key, columns.login(&login)?))).collect::<Result<_>>()?;
    Ok(Named { logins, ids: directory.ids(keys).await?.into_iter().collect() })
}

/// A day's people by the logins that they and the channels held that day.
pub(crate) fn by_login(
    days: Vec<(u32, ViewerDay)>,
    people: &Named,
    channels: &Named,
    columns: Columns<'_>,
) -> Result<Vec<ViewerDump>> {
    let mut dump = Vec::with_capacity(days.len());
    for (key, day) in days {
        let mut presences = Vec::with_capacity(day.channels.len());
        for presence in day.channels {
            let channel = columns.expect("channel", channels.logins.get(&presence.channel.0).cloned())?;
            presences.push(ChannelDump { channel, listed: presence.listed, spoke: presence.spoke });
        }
        presences.sort_unstable();
        let login = columns.expect("person", people.logins.get(&key).cloned())?;
        dump.push(ViewerDump { login, id: people.ids.get(&key).copied(), bot: day.bot, channels: presences });
    }
    dump.sort_unstable();
    Ok(dump)
}
