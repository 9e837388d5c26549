//! What a viewer's trace gives away, from the store and the crowd.

use std::collections::BTreeMap;
use std::sync::Arc;

use model::analysis::bootstrap::Drawings;
use model::analysis::favourites::{Favourite, by_recent};
use model::analysis::hiding::{Account, Split, blurred, without_nights};
use model::analysis::history::History;
use model::analysis::holidays::Country;
use model::analysis::inferable::inferable;
use model::analysis::next::next;
use model::analysis::offset::{Offset, Prior, YEAR};
use model::analysis::population::Population;
use model::analysis::portrait::{Reading, portrait};
use model::analysis::record::Record;
use model::analysis::tastes::tastes;
use model::analysis::time_zone::time_zone;
use model::crowd::askable;
use model::crowd::found_again::found_again;
use model::crowd::single_out::singling_out;
use model::day::Day;
use model::identity::{ChannelKey, GameKey, PersonKey};
use model::login::Login;
use model::presence::ViewerDay;
use model::viewer_schedule::ChannelName;
use model::words::Tier;
use model::zone::ZoneTable;
use store::Store as _;
use store::access::ViewerKey;
use store::day::DayRecord;
use store::games::Games;
use store::record::{NamedRecord, altered, record};

use super::local_day::Zone;
use super::{SEED, is_held};
use crate::context::Site;
use crate::crowd::CrowdIndex;
use crate::data::habits::MAX_DAYS;
use crate::data::trace::{Everybody, GivenAway, Hiding, Trace};
use crate::error::PageError;
use crate::query::ZoneName;
use crate::zones;

/// Favourites of each kind that are told: the page of habits has more.
const MAX_FAVOURITES: usize = 1;
/// Channels told of tastes, which are counted too.
const MAX_CHANNELS: usize = 20;
/// Games told of tastes.
const MAX_GAMES: usize = 10;
const HOUR_SECONDS: i64 = 3_600;
/// Hours after the last day held from which on it is not said any more what comes next by now, but what came after it.
const MAX_OVER: i64 = 72;
/// Days of which sightings are counted, up to the last.
const SIGHTINGS_DAYS: i32 = 28;

/// Answers for the person that `who` opens; `records` are the days imported. Errors: nothing is held of them (not found).
pub(crate) async fn trace(
    site: &Site,
    records: &[DayRecord],
    who: &ViewerKey,
    login: Login,
    zone: Option<ZoneName>,
    hiding: Hiding,
) -> Result<Trace, PageError> {
    let last = records.last().ok_or(PageError::SettingUp)?.day;
    let zone = Zone::resolve(site, zone.as_ref(), records);
    // Before the record: a night that names games between the two would give them other keys.
    let everybody = site.store.population().await?;
    let NamedRecord { record, mut games } = record(&*site.store, who, last.plus(1 - MAX_DAYS), last.plus(1)).await?;
    let record = match record {
        Some(record) => record,
        // Seen on a day that is not over, or before all that are read.
        None if is_held(site, who).await? => {
            let closed = records.iter().rev().find(|record| !record.provisional).map_or(last, |record| record.day);
            Record::empty(closed, closed, closed.plus(1))
        }
        None => return Err(PageError::NotFound),
    };
    let hidden =
        if hiding.is_any() { Some(hidden(site, &record, hiding, &zone.table, &mut games).await?) } else { None };
    let asked = Asked {
        own: who.in_crowd(),
        zone: zone.table.clone(),
        everybody,
        crowd: site.crowd.current(),
        prior: prior(site, last),
        now: site.now(),
    };
    let everybody = asked.everybody.as_ref().map(|all| Everybody {
        day: all.day,
        people: all.people,
        time_zone_people: all.time_zone_people,
    });
    // Tenths of a second of a core: others are answered meanwhile.
    let worked_out = tokio::task::spawn_blocking(move || asked.answer(login, &record, hiding, hidden.as_ref()));
    let mut trace = worked_out.await.map_err(|error| PageError::internal(&error))?;
    (trace.channels, trace.games) = named(site, &mut trace, &games).await?;
    Ok(Trace { unknown_zone: zone.unknown, everybody, french: site.french, ..trace })
}

/// Where people live before anything is known of them.
fn prior(site: &Site, last: Day) -> Prior {
    if site.french {
        return Prior::french();
    }
    Prior::around(Offset::standard(&zones::over(&site.default_zone, last.plus(-YEAR), last), last))
}

/// What would be held of somebody who did otherwise. Days kept by hour only say nothing of that, and are left out.
struct Hidden {
    record: Record,
    /// Days of the account that is looked for: of the second where there are two.
    other: Vec<(Day, ViewerDay)>,
}

async fn hidden(
    site: &Site,
    record: &Record,
    hiding: Hiding,
    zone: &ZoneTable,
    games: &mut Games,
) -> Result<Hidden, PageError> {
    let (days, zone) = (record.days.clone(), zone.clone());
    // Milliseconds of a core: others are answered meanwhile.
    let done = tokio::task::spawn_blocking(move || otherwise(days, hiding, &zone)).await;
    let [days, other] = done.map_err(|error| PageError::internal(&error))?;
    Ok(Hidden { record: altered(&*site.store, record, days, games).await?, other })
}

/// Days on which they did otherwise, of the account that is known and of the one that is looked for.
fn otherwise(mut days: Vec<(Day, ViewerDay)>, hiding: Hiding, zone: &ZoneTable) -> [Vec<(Day, ViewerDay)>; 2] {
    // Of days as they were: whatever else is hidden, accounts have the same channels.
    let split = Split::by_channel(&days);
    if hiding.nights {
        days = without_nights(&days, zone);
    }
    if hiding.hours {
        days = blurred(&days, zone);
    }
    if hiding.split {
        return [Account::First, Account::Second].map(|account| split.of(&days, account));
    }
    [days.clone(), days]
}

/// What answers are worked out with.
struct Asked {
    own: PersonKey,
    zone: ZoneTable,
    everybody: Option<Population>,
    crowd: Option<Arc<CrowdIndex>>,
    prior: Prior,
    /// Unix seconds.
    now: i64,
}

impl Asked {
    /// All but names and what the site knows.
    fn answer(&self, login: Login, record: &Record, hiding: Hiding, hidden: Option<&Hidden>) -> Trace {
        Trace {
            login,
            zone: self.zone.clone(),
            unknown_zone: false,
            from: record.first,
            until: record.until,
            everybody: None,
            french: false,
            as_seen: Box::new(self.given_away(record, &record.days)),
            hiding,
            hidden: hidden.map(|hidden| Box::new(self.given_away(&hidden.record, &hidden.other))),
            next_from: record.until.start_unix() + self.over(record.until) * HOUR_SECONDS,
            channels: Vec::new(),
            games: Vec::new(),
        }
    }

    /// Hours that are over since the last day held.
    fn over(&self, until: Day) -> i64 {
        let over = (self.now - until.start_unix()).div_euclid(HOUR_SECONDS);
        if (0..MAX_OVER).contains(&over) { over } else { 0 }
    }

    /// What a record gives away, which is looked for by what is held of `hidden` in the weeks that are hidden.
    fn given_away(&self, record: &Record, hidden: &[(Day, ViewerDay)]) -> GivenAway {
        let drawings = Drawings::of_seed(SEED);
        let crowd = self.crowd.as_deref();
        let (read, known) = (&record.trace(), &record.days[..]);
        let over = self.over(record.until) as usize;
        let history = History { first: read.fine(), states: read.states(), zone: &self.zone, over };
        let live = record.live();
        let reference = self.everybody.as_ref().and_then(|all| all.time_zone.as_ref());
        let zone_of = |reference| {
            inferable(read, Tier::Slots)?;
            time_zone(read.fine(), read.slots(), reference, &self.prior, drawings)
        };
        // As on the page of habits.
        let holidays = Country::of_zone(&self.zone.name);
        let mut portrait = portrait(read, &Reading { zone: &self.zone, holidays, drawings });
        if let Ok(favourites) = &mut portrait.favourites {
            first(&mut favourites.value.channels);
            first(&mut favourites.value.games);
        }
        // A page carries all of its data: what the page of habits alone draws stays there.
        portrait.calendar.clear();
        if let Ok(offline) = &mut portrait.offline {
            offline.value.profile.clear();
        }
        if let Ok(chronotype) = &mut portrait.chronotype {
            chronotype.value.workday_profile.clear();
            chronotype.value.free_profile.clear();
        }
        let from = read.fine().plus(read.slots().len() as i32 - SIGHTINGS_DAYS);
        let sightings = |day: &ViewerDay| day.channels.iter().map(|one| u32::from(one.present().len())).sum::<u32>();
        GivenAway {
            sightings: known.iter().filter(|(day, _)| *day >= from).map(|(_, day)| sightings(day)).sum(),
            singled_out: crowd.map(|crowd| {
                askable(crowd, known)?;
                singling_out(crowd, known, Some(self.own), SEED)
            }),
            found_again: crowd.map(|crowd| {
                askable(crowd, known)?;
                found_again(crowd, known, hidden, Some(self.own))
            }),
            time_zone: reference.map(zone_of),
            portrait,
            next: inferable(read, Tier::Slots).and_then(|()| next(&history, live, drawings)),
            tastes: self.everybody.as_ref().map(|all| tastes(read, all, drawings)),
        }
    }
}

/// Puts places of names where the store's keys were, and cuts long lists.
async fn named(site: &Site, trace: &mut Trace, games: &Games) -> Result<(Vec<ChannelName>, Vec<String>), PageError> {
    let given = std::iter::once(&mut trace.as_seen).chain(&mut trace.hidden);
    let (channels, of_games): (Vec<_>, Vec<_>) = given.map(|given| keys(given)).unzip();
    let (channels, of_games) = (channels.into_iter().flatten(), of_games.into_iter().flatten());
    let (channels, of_games): (Vec<&mut ChannelKey>, Vec<&mut GameKey>) = (channels.collect(), of_games.collect());
    let names = super::names(site, &channels.iter().map(|key| **key).collect()).await?;
    let called: BTreeMap<GameKey, String> = of_games
        .iter()
        .map(|key| (**key, games.get(**key).map(|game| game.name.clone()).unwrap_or_default()))
        .collect();
    // Each has a name: it was asked for.
    for key in channels {
        *key = ChannelKey(names.range(..*key).count() as u32);
    }
    for key in of_games {
        *key = GameKey(called.range(..*key).count() as u32);
    }
    Ok((names.into_values().collect(), called.into_values().collect()))
}

/// All keys of the store in what is given away.
fn keys(given: &mut GivenAway) -> (Vec<&mut ChannelKey>, Vec<&mut GameKey>) {
    let (mut channels, mut games) = (Vec::new(), Vec::new());
    if let Some(Ok(tastes)) = &mut given.tastes {
        let (of_channels, of_games) = (&mut tastes.value.channels.lifts, &mut tastes.value.games.lifts);
        of_channels.truncate(MAX_CHANNELS);
        of_games.truncate(MAX_GAMES);
        channels.extend(of_channels.iter_mut().map(|lift| &mut lift.key));
        games.extend(of_games.iter_mut().map(|lift| &mut lift.key));
    }
    if let Ok(favourites) = &mut given.portrait.favourites {
        channels.extend(favourites.value.channels.iter_mut().map(|favourite| &mut favourite.key));
        games.extend(favourites.value.games.iter_mut().map(|favourite| &mut favourite.key));
    }
    if let Ok(next) = &mut given.next {
        channels.extend(next.value.channels.iter_mut().map(|(key, _)| key));
    }
    (channels, games)
}

/// Leaves the favourites that are first of late.
fn first<K: Ord + Copy>(favourites: &mut Vec<Favourite<K>>) {
    *favourites = by_recent(favourites).into_iter().take(MAX_FAVOURITES).collect();
}
