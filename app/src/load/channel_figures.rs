//! A channel in figures, from the store.

use std::collections::{BTreeMap, BTreeSet};

use model::aggregate::told;
use model::channel_day::ChannelDay;
use model::day::Day;
use model::identity::ChannelKey;
use model::login::Login;
use model::statistics::broadcasts::broadcasts_of;
use model::statistics::channel::{Trend, trends};
use model::statistics::curve::curve;
use model::statistics::games::{GameFigures, games_played};
use model::statistics::listed::{Listed, listed};
use model::statistics::night::ChannelNight;
use model::statistics::titles::{TitleWords, title_words};
use model::statistics::week::{UsualWeek, usual_week};
use model::statistics::{Refused, TREND_DAYS};
use store::Store as _;
use store::channel::ChannelDayRow;
use store::day::DayRecord;
use store::night::NightRecord;

use super::{SEED, period};
use crate::context::Site;
use crate::data::channel_figures::{ChannelFigures, GAMES_SHOWN, PeopleDay, Shared, WEEKS_DAYS, WORDS_SHOWN};
use crate::data::period::Period;
use crate::error::PageError;
use crate::query::ZoneName;

/// Answers for a channel; `records` are the days imported. Errors: no such channel, or nothing is held of it (not found).
pub(crate) async fn channel_figures(
    site: &Site,
    records: &[DayRecord],
    login: &Login,
    range: Option<u16>,
    zone: Option<&ZoneName>,
) -> Result<ChannelFigures, PageError> {
    let channel = site.store.channel(login).await?.ok_or(PageError::NotFound)?;
    channel.first_day.zip(channel.last_day).ok_or(PageError::NotFound)?;
    let (period, nights) = period::open(site, records, range, zone).await?;
    // The longest window and the one before it.
    let longest = 2 * i32::from(TREND_DAYS[TREND_DAYS.len() - 1]);
    let rows = site.store.channel_days(&[channel.key], period.until.plus(-longest), period.until).await?;
    let days: Vec<(Day, ChannelDay)> = rows.into_iter().map(|ChannelDayRow { day, data, .. }| (day, data)).collect();
    let held: BTreeSet<Day> = days.iter().map(|(day, _)| *day).collect();

    let own = site.store.channel_nights(&[channel.key], period.from(), period.until).await?;
    let own: BTreeMap<Day, ChannelNight> = own.into_iter().map(|row| (row.day, row.night)).collect();
    let last = period.night.and_then(|night| own.get(&night));
    let shared = match last {
        Some(night) => shared(site, channel.key, night).await?,
        None => Vec::new(),
    };
    let different = period::different(site, &period, Some(channel.key)).await?;
    let (visitors, people) =
        (last.and_then(|night| told(night.visitors?.into())), people(&period, &nights, &own, &held));

    let mut retained = curve(own.values().flat_map(|night| &night.retention));
    for step in &mut retained.steps {
        (step.cohort, step.people) = (told(step.cohort).unwrap_or(0), told(step.people).unwrap_or(0));
    }
    let zone_and_range = period.clone();
    // Milliseconds of a core: others are answered meanwhile.
    let read = tokio::task::spawn_blocking(move || Read::of(&days, &zone_and_range));
    let read = read.await.map_err(|error| PageError::internal(&error))?;
    Ok(ChannelFigures {
        login: channel.login,
        name: channel.display_name,
        trends: read.trends,
        week: read.week,
        game_count: u32::try_from(read.games.len()).unwrap_or(u32::MAX),
        games: read.games.into_iter().take(GAMES_SHOWN).collect(),
        listed: read.listed,
        days: people,
        different,
        curve: retained,
        visitors,
        shared,
        words: read.words,
        period,
    })
}

/// What a channel's own days say.
struct Read {
    trends: [Trend; TREND_DAYS.len()],
    week: UsualWeek,
    games: Vec<GameFigures>,
    listed: Listed,
    words: Result<TitleWords, Refused>,
}

impl Read {
    /// Of days in ascending order.
    fn of(days: &[(Day, ChannelDay)], period: &Period) -> Read {
        let since = |from: Day| &days[days.partition_point(|(day, _)| *day < from)..];
        let (of_range, of_weeks) = (since(period.from()), since(period.until.plus(-WEEKS_DAYS)));
        let mut words = title_words(&broadcasts_of(of_weeks, &period.zone), SEED);
        if let Ok(found) = &mut words {
            first_and_last(&mut found.words);
        }
        Read {
            trends: trends(days, period.last()),
            week: usual_week(of_weeks, &period.zone),
            games: games_played(of_range.iter().map(|(_, day)| day)),
            listed: listed(of_range.iter().map(|(_, day)| day)),
            words,
        }
    }
}

/// Leaves the first and the last of a long list.
fn first_and_last<T>(words: &mut Vec<T>) {
    if words.len() > 2 * WORDS_SHOWN {
        words.drain(WORDS_SHOWN..words.len() - WORDS_SHOWN);
    }
}

/// The days of the period, one by one.
fn people(
    period: &Period,
    nights: &[NightRecord],
    own: &BTreeMap<Day, ChannelNight>,
    held: &BTreeSet<Day>,
) -> Vec<PeopleDay> {
    let day = |day: Day| {
        let night = nights.iter().find(|night| night.day == day);
        let people = own.get(&day).map(|night| night.people).unwrap_or_default();
        PeopleDay {
            day,
            known: night.is_some() && held.contains(&day),
            people: people.people.and_then(|people| told(people.into())),
            new_and_returning: period::rounded(people.new_and_returning),
            looked_back: night.map_or(0, |night| night.night.days),
        }
    };
    period.from().until(period.until).map(day).collect()
}

/// The channels that share its visitors.
async fn shared(site: &Site, key: ChannelKey, night: &ChannelNight) -> Result<Vec<Shared>, PageError> {
    let ties = night.overlaps(key);
    let mut names = super::names(site, &ties.iter().map(|tie| tie.b).collect()).await?;
    let mut shared = |tie: &model::statistics::overlap::Overlap| {
        // Each key has a name: it was asked for.
        let name = names.remove(&tie.b)?;
        let told = period::rounded_tie(tie)?;
        Some(Shared {
            login: name.login,
            name: name.display_name,
            shared: told.shared.into(),
            visitors: told.audience_b.into(),
            jaccard: told.jaccard(),
            overlap: told.overlap(),
        })
    };
    let mut all: Vec<Shared> = ties.iter().filter_map(&mut shared).collect();
    // Of rounded counts shares may have another order.
    all.sort_by(|a, b| b.jaccard.total_cmp(&a.jaccard));
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::first_and_last;

    #[test]
    fn long_lists_lose_their_middle() {
        let mut words: Vec<u32> = (0..25).collect();
        first_and_last(&mut words);
        assert_eq!((words.len(), words[9], words[10]), (20, 9, 15));
        first_and_last(&mut words);
        assert_eq!(words.len(), 20);
    }
}
