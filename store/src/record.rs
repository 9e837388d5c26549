//! Somebody's record: all that analysis reads of a person, in one piece.

use std::collections::{HashMap, HashSet};

use model::analysis::record::Record;
use model::coverage::USUAL_DAYS;
use model::day::Day;
use model::hours::ChannelFacts;
use model::identity::ChannelKey;
use model::presence::ViewerDay;
use model::words::Tier;

use crate::Store;
use crate::access::ViewerKey;
use crate::channel::ChannelDayRow;
use crate::error::Result;
use crate::games::Games;
use crate::month::MonthRecord;

/// A person's record, and the games that it names.
#[derive(Clone, Debug)]
pub struct NamedRecord {
    /// The record, from the day before the first one with presence on: a local day lies in two of UTC. Nothing where there is none.
    pub record: Option<Record>,
    /// The games in it, and others.
    pub games: Games,
}

/// Reads the record of a person over the closed days from `from` to before `until`. Of a stretch shorter than [`USUAL_DAYS`] the days
/// around it are read too, for the usual channels.
pub async fn record(store: &impl Store, who: &ViewerKey, from: Day, until: Day) -> Result<NamedRecord> {
    let records = store.days().await?;
    let closed = || records.iter().filter(|record| !record.provisional).map(|record| record.day);
    let until = closed().filter(|day| *day < until).map(|day| day.plus(1)).max().unwrap_or(from);
    let usual_from = from.min(until.plus(-(USUAL_DAYS as i32))).max(closed().min().unwrap_or(from).min(from));
    let usual_until =
        usual_from.plus(USUAL_DAYS as i32).min(closed().max().map_or(until, |day| day.plus(1))).max(until);
    let (mut days, around): (Vec<_>, Vec<_>) = store
        .viewer_days(who, usual_from, usual_until)
        .await?
        .into_iter()
        .partition(|(day, _)| (from..until).contains(day));
    let mut hours = store.viewer_hours(who, from, until).await?;
    // Read after the rows: a month that got coarser meanwhile is then not taken for one without presence.
    let fine = first_fine(&store.months().await?, from, until);
    days.retain(|(day, _)| *day >= fine);
    hours.retain(|(day, _)| *day < fine);
    let mut games = Games::new(store.games().await?);
    let Some(first) = hours.first().map(|(day, _)| *day).or(days.first().map(|(day, _)| *day)) else {
        return Ok(NamedRecord { record: None, games });
    };
    let first = first.plus(-1).max(from).max(closed().min().unwrap_or(from));
    let fine = fine.max(first);
    let record = Record { hours, days, around, ..Record::empty(first, fine, until) };
    let channels = channels(store, &record, &mut games).await?;
    let record = Record { channels, ..record };
    Ok(NamedRecord { record: Some(record), games })
}

/// A record whose days kept by slot are others, as if its person had done otherwise: with what is known of the channels that are usual in
/// those, and without the days that are kept by hour.
pub async fn altered(
    store: &impl Store,
    record: &Record,
    days: Vec<(Day, ViewerDay)>,
    games: &mut Games,
) -> Result<Record> {
    let known: HashSet<ChannelKey> = record.usual().into_iter().collect();
    let (hours, around) = (Vec::new(), Vec::new());
    let mut altered = Record { first: record.fine, hours, days, around, ..record.clone() };
    let mut usual = altered.usual();
    usual.retain(|channel| !known.contains(channel));
    usual.sort_unstable();
    let rows = store.channel_days(&usual, record.fine, record.until).await?;
    altered.channels.extend(rows.into_iter().map(|row| facts(row, games)));
    Ok(altered)
}

/// The first day from which on all are kept by slot.
fn first_fine(months: &[MonthRecord], from: Day, until: Day) -> Day {
    let coarse = months.iter().filter(|record| record.closed.is_some_and(|tier| tier != Tier::Slots));
    coarse.map(|record| record.month.next().first_day()).max().unwrap_or(from).clamp(from, until.max(from))
}

/// What is known of the channels: of usual ones on all days, of others on days with presence in them.
async fn channels(
    store: &impl Store,
    record: &Record,
    games: &mut Games,
) -> Result<HashMap<(ChannelKey, Day), ChannelFacts>> {
    let mut usual = record.usual();
    usual.sort_unstable();
    let mut all = HashMap::new();
    let mut keep = |rows: Vec<ChannelDayRow>| all.extend(rows.into_iter().map(|row| facts(row, games)));
    keep(store.channel_days(&usual, record.fine, record.until).await?);
    for (day, seen) in &record.days {
        let seen = seen.channels.iter().map(|channel| channel.channel);
        let others: Vec<ChannelKey> = seen.filter(|key| usual.binary_search(key).is_err()).collect();
        if !others.is_empty() {
            keep(store.channel_days(&others, *day, day.plus(1)).await?);
        }
    }
    Ok(all)
}

fn facts(row: ChannelDayRow, games: &mut Games) -> ((ChannelKey, Day), ChannelFacts) {
    ((row.channel, row.day), ChannelFacts::of(&row.data, |segment| games.key(segment)))
}
