//! Everybody of a day: page by page for jobs, and by login for comparing two stores, whatever their keys.

use std::cmp::Reverse;
use std::collections::HashMap;

use model::day::Day;
use model::identity::{ChannelKey, PersonKey, TwitchId};
use model::login::Login;
use model::presence::ViewerDay;
use model::run::Run;

use crate::Store;
use crate::access::JobKey;
use crate::directory::names::{NamedSpan, Span};
use crate::error::{Result, StoreError};
use crate::values::Columns;

/// Some of a day's people, by ascending key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DayPage {
    /// The day's generation: another one on a later page means that the day was replaced between the two. 0 when the
    /// day is not held.
    pub generation: u32,
    /// The people; a page may be empty and not the last.
    pub viewers: Vec<ViewerOfDay>,
    /// Where the next page begins; nothing on the last.
    pub next: Option<PersonKey>,
}

/// One person on one day, named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ViewerOfDay {
    /// Our key of them.
    pub key: PersonKey,
    /// The login they held that day.
    pub login: Login,
    /// Twitch's id of them, where known.
    pub id: Option<TwitchId>,
    /// Where they were.
    pub day: ViewerDay,
}

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

/// A day's people, page by page, for whoever has to wait between two pages; others have [`each_page`].
#[derive(Debug)]
pub struct Pages<'a, S> {
    store: &'a S,
    job: &'a JobKey,
    day: Day,
    from: Option<PersonKey>,
    generation: Option<u32>,
}

impl<'a, S: Store> Pages<'a, S> {
    /// The pages of a day, from the first on.
    pub fn of(store: &'a S, job: &'a JobKey, day: Day) -> Pages<'a, S> {
        Pages { store, job, day, from: Some(PersonKey(0)), generation: None }
    }

    /// The next page, which may be empty; nothing after the last. Errors: the store's, and [`StoreError::Busy`] when the
    /// day was replaced meanwhile.
    pub async fn next(&mut self) -> Result<Option<Vec<ViewerOfDay>>> {
        let Some(key) = self.from else { return Ok(None) };
        let page = self.store.day_page(self.job, self.day, key).await?;
        if *self.generation.get_or_insert(page.generation) != page.generation {
            return Err(StoreError::Busy);
        }
        self.from = page.next;
        Ok(Some(page.viewers))
    }
}

/// Reads a day page by page to its end, each page given to `each`. Errors: those of [`Pages::next`].
pub async fn each_page(
    store: &impl Store,
    job: &JobKey,
    day: Day,
    mut each: impl FnMut(Vec<ViewerOfDay>) -> Result<()> + Send,
) -> Result<()> {
    let mut pages = Pages::of(store, job, day);
    while let Some(page) = pages.next().await? {
        each(page)?;
    }
    Ok(())
}

/// A day of everybody, by login: equal between any two stores that imported the same days in the same order.
pub async fn dump_day(store: &impl Store, job: &JobKey, day: Day) -> Result<Vec<ViewerDump>> {
    let mut viewers = Vec::new();
    each_page(store, job, day, |page| {
        viewers.extend(page);
        Ok(())
    })
    .await?;
    let mut keys: Vec<ChannelKey> =
        viewers.iter().flat_map(|viewer| &viewer.day.channels).map(|presence| presence.channel).collect();
    keys.sort_unstable();
    keys.dedup();
    let logins = store.channel_logins(&keys, day).await?;
    let mut dump = Vec::with_capacity(viewers.len());
    for ViewerOfDay { login, id, day, .. } in viewers {
        let channels = day.channels.into_iter().filter_map(|presence| {
            let channel = logins.get(&presence.channel)?.clone();
            Some(ChannelDump { channel, listed: presence.listed, spoke: presence.spoke })
        });
        let mut channels: Vec<ChannelDump> = channels.collect();
        channels.sort_unstable();
        dump.push(ViewerDump { login, id, bot: day.bot, channels });
    }
    dump.sort_unstable();
    Ok(dump)
}

/// The login of each key on the day: of its spans the one that covers it; else the last one before it, else the first
/// one after.
pub(crate) fn logins_on(day: Day, spans: impl IntoIterator<Item = NamedSpan>) -> HashMap<u32, Login> {
    let rank = |span: Span| (span.covers(day.days()), span.from <= day.days(), Reverse(span.from.abs_diff(day.days())));
    let mut best: HashMap<u32, NamedSpan> = HashMap::new();
    for named in spans {
        let better = best.get(&named.span.key).is_none_or(|other| rank(other.span) < rank(named.span));
        if better {
            best.insert(named.span.key, named);
        }
    }
    best.into_iter().map(|(key, named)| (key, named.login)).collect()
}

/// The keys of a page.
pub(crate) struct Keys {
    pub(crate) first: u32,
    pub(crate) last: u32,
    /// Whether most of those between are not on it: they are asked for by name then. Of a small day a page may reach over
    /// everybody ever seen. All between are the cheaper question where most are on it.
    pub(crate) sparse: bool,
}

/// The keys of a page's people, which ascend; nothing where it is empty.
pub(crate) fn keys_of(days: &[(u32, ViewerDay)]) -> Option<Keys> {
    /// Reading a row on the way to others costs a tenth of looking it up.
    const SPARSE: usize = 8;
    let (first, last) = (days.first()?.0, days.last()?.0);
    Some(Keys { first, last, sparse: (last - first) as usize / SPARSE >= days.len() })
}

/// The rows of a page, from the days of its people and what the tables say of who they are, all by ascending key.
/// `renamed` are the logins of those who had several.
pub(crate) fn page_of(
    days: Vec<(u32, ViewerDay)>,
    people: Vec<(u32, Option<String>, Option<TwitchId>)>,
    renamed: &HashMap<u32, Login>,
    columns: Columns<'_>,
) -> Result<Vec<ViewerOfDay>> {
    let mut people = people.into_iter().peekable();
    let mut page = Vec::with_capacity(days.len());
    for (key, day) in days {
        while people.next_if(|(other, ..)| *other < key).is_some() {}
        let (_, login, id) = columns.expect("person", people.next_if(|(other, ..)| *other == key))?;
        let login = match renamed.get(&key) {
            Some(login) => login.clone(),
            None => columns.login(&columns.expect("login", login)?)?,
        };
        page.push(ViewerOfDay { key: PersonKey(key), login, id, day });
    }
    Ok(page)
}
