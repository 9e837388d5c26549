//! Everything that is followed, from the store.

use std::collections::{BTreeMap, BTreeSet};

use model::aggregate::told;
use model::day::Day;
use model::identity::ChannelKey;
use model::slot::SLOTS_PER_DAY;
use model::statistics::night::NightLists;
use model::statistics::swept::{SweptWeek, added};
use model::viewer_schedule::ChannelName;
use model::words::Tier;
use store::Store as _;
use store::day::DayRecord;
use store::month::MonthRecord;
use store::night::NightRecord;

use super::by_hour::tier;
use super::{home, period};
use crate::context::Site;
use crate::data::explore::{
    CHANNELS_SHOWN, Explore, ExploreDay, GAMES_SHOWN, Placed, SWEPT_DAYS, Sizes, TIES_SHOWN, Tie,
};
use crate::data::home::CALENDAR_DAYS;
use crate::data::period::Period;
use crate::error::PageError;
use crate::query::ZoneName;

/// Days from a day to the one that it is compared with.
const WEEK_DAYS: i32 = 7;

/// Answers for everything; `records` are the days imported. Errors: there is none (being set up).
pub(crate) async fn explore(
    site: &Site,
    records: &[DayRecord],
    range: Option<u16>,
    zone: Option<&ZoneName>,
) -> Result<Explore, PageError> {
    let (period, nights) = period::open(site, records, range, zone).await?;
    let last = records.last().map_or(period.last(), |record| record.day);
    let calendar_from = last.plus(1 - CALENDAR_DAYS);
    let (lists, before, compared) = lists(site, &period).await?;
    let names = names(site, &lists).await?;
    let place = period.place();
    Ok(Explore {
        days: days(&period, records, &nights),
        sizes: sizes(records, &site.store.months().await?, site.store.bytes().await?),
        top: site.top,
        different: period::different(site, &period, None).await?,
        week: week(site, &period).await?,
        ranking: ranking(&lists, &before, place, &names),
        ties: ties(&lists, &names),
        compared,
        games_samples: games_samples(records, &period),
        games: lists.games[place].iter().take(GAMES_SHOWN).cloned().collect(),
        spread: lists.viewers_per_channel,
        calendar: home::calendar(records, calendar_from, last),
        calendar_from,
        period,
    })
}

/// The last sweeps by hour of the local week.
async fn week(site: &Site, period: &Period) -> Result<SweptWeek, PageError> {
    let mut weeks = Vec::new();
    for (span, offset) in period.zone.parts(period::last_days(period, SWEPT_DAYS)) {
        weeks.push(site.store.swept_week(span, offset, site.top.unwrap_or(u32::MAX)).await?);
    }
    Ok(added(weeks))
}

/// What the days take that the archive holds still, beside a store of so many bytes. Days of which no slots are kept have left the archive too.
fn sizes(records: &[DayRecord], months: &[MonthRecord], store: u64) -> Sizes {
    let mut sizes = Sizes { store, days: records.len() as u32, ..Sizes::default() };
    let in_archive = records.iter().filter(|record| tier(months, record.day) == Tier::Slots);
    for stats in in_archive.map(|record| record.stats) {
        let Some(bytes) = stats.archive_bytes else { continue };
        sizes.days_known += 1;
        sizes.archive += bytes;
        sizes.observations += stats.observations;
    }
    sizes
}

/// Samples held of the range up to the last night, and how many there could be: as of a channel, days that are not held are among them.
fn games_samples(records: &[DayRecord], period: &Period) -> (u32, u32) {
    let until = period.night.map_or(period.until, |night| night.plus(1));
    let from = until.plus(-i32::from(period.range));
    let held = records.iter().filter(|record| (from..until).contains(&record.day));
    (held.map(|record| record.sweeps).sum(), u32::from(period.range) * u32::from(SLOTS_PER_DAY))
}

/// The lists of the last night, those of a range before it, and the day of these; empty ones where there are none.
async fn lists(site: &Site, period: &Period) -> Result<(NightLists, NightLists, Option<Day>), PageError> {
    let Some(night) = period.night else { return Ok(Default::default()) };
    let lists = site.store.night_lists(night).await?.unwrap_or_default();
    let day = night.plus(-i32::from(period.range));
    let before = site.store.night_lists(day).await?;
    let compared = before.is_some().then_some(day);
    Ok((lists, before.unwrap_or_default(), compared))
}

/// What the channels that are shown are called.
async fn names(site: &Site, lists: &NightLists) -> Result<BTreeMap<ChannelKey, ChannelName>, PageError> {
    let ranked = lists.rankings.iter().flat_map(|ranking| ranking.iter().take(CHANNELS_SHOWN));
    let tied = lists.ties.iter().take(TIES_SHOWN).flat_map(|tie| [tie.a, tie.b]);
    let keys: BTreeSet<ChannelKey> = ranked.map(|ranked| ranked.channel).chain(tied).collect();
    super::names(site, &keys).await
}

fn ranking(
    lists: &NightLists,
    before: &NightLists,
    place: usize,
    names: &BTreeMap<ChannelKey, ChannelName>,
) -> Vec<Placed> {
    let places: BTreeMap<ChannelKey, u32> =
        before.rankings[place].iter().map(|ranked| ranked.channel).zip(1..).collect();
    let ranked = lists.rankings[place].iter().take(CHANNELS_SHOWN);
    // Each key has a name: it was asked for.
    ranked
        .filter_map(|ranked| {
            let ChannelName { login, display_name } = names.get(&ranked.channel)?.clone();
            let before = places.get(&ranked.channel).copied();
            Some(Placed { login, name: display_name, figures: ranked.figures, before })
        })
        .collect()
}

fn ties(lists: &NightLists, names: &BTreeMap<ChannelKey, ChannelName>) -> Vec<Tie> {
    let named = |key| names.get(&key).map(|name| (name.login.clone(), name.display_name.clone()));
    let tie = |tie: &model::statistics::overlap::Overlap| {
        let told = period::rounded_tie(tie)?;
        let channels = [named(tie.a)?, named(tie.b)?];
        Some(Tie { channels, shared: told.shared.into(), jaccard: told.jaccard(), overlap: told.overlap() })
    };
    let mut ties: Vec<Tie> = lists.ties.iter().take(TIES_SHOWN).filter_map(tie).collect();
    // Of rounded counts shares may have another order.
    ties.sort_by(|a, b| b.jaccard.total_cmp(&a.jaccard));
    ties
}

/// The days of the period, one by one.
fn days(period: &Period, records: &[DayRecord], nights: &[NightRecord]) -> Vec<ExploreDay> {
    let record = |day: Day| records.iter().find(|record| record.day == day);
    let people = |record: Option<&DayRecord>| record.and_then(|record| told(record.stats.viewers));
    let day = |day: Day| {
        let record_of_day = record(day);
        let night = nights.iter().find(|night| night.day == day);
        ExploreDay {
            day,
            people: people(record_of_day),
            people_before: people(record(day.plus(-WEEK_DAYS))),
            bots: record_of_day.and_then(|record| told(record.stats.bots)),
            new_and_returning: night.and_then(|night| period::rounded(night.night.people.new_and_returning)),
            observations: record_of_day.map(|record| record.stats.observations),
            archive_bytes: record_of_day.and_then(|record| record.stats.archive_bytes),
            import_ms: record_of_day.map(|record| record.import_ms),
            night_ms: night.map(|night| night.made_ms),
        }
    };
    period.from().until(period.until).map(day).collect()
}
