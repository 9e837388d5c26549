//! What a viewer's trace gives away, from the store and the crowd.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use model::analysis::bootstrap::Drawings;
use model::analysis::hiding::{Account, Split, blurred, without_nights};
use model::analysis::inferable::inferable;
use model::analysis::next::{History, next};
use model::analysis::offset::{Offset, Prior, YEAR};
use model::analysis::population::Population;
use model::analysis::portrait::{Reading, portrait};
use model::analysis::record::{Record, Trace as Read};
use model::analysis::tastes::{Beside, tastes};
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
use store::record::{NamedRecord, record};

use super::SEED;
use super::local_day::Zone;
use crate::context::Site;
use crate::crowd::CrowdIndex;
use crate::data::habits::MAX_DAYS;
use crate::data::trace::{Everybody, GivenAway, Hiding, Trace};
use crate::error::PageError;
use crate::query::ZoneName;
use crate::zones;

/// Tastes of each kind that are told.
const MAX_TASTES: usize = 20;
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
    let NamedRecord { record, games } = record(&*site.store, who, last.plus(1 - MAX_DAYS), last.plus(1)).await?;
    let record = record.ok_or(PageError::NotFound)?;
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
    let worked_out = tokio::task::spawn_blocking(move || asked.answer(login, &record, hiding));
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
    fn answer(&self, login: Login, record: &Record, hiding: Hiding) -> Trace {
        let read = record.trace();
        let drawings = Drawings::of_seed(SEED);
        let over = (self.now - record.until.start_unix()).div_euclid(HOUR_SECONDS);
        let over = if (0..MAX_OVER).contains(&over) { over } else { 0 };
        let history = History { first: read.fine(), states: read.states(), zone: &self.zone, over: over as usize };
        let live = |hour, channel| record.is_live(hour, channel);
        Trace {
            login,
            zone: self.zone.clone(),
            unknown_zone: false,
            from: record.first,
            until: record.until,
            everybody: None,
            french: false,
            as_seen: self.given_away(&read, &record.days, &record.days),
            hiding,
            hidden: hiding.is_any().then(|| self.hidden(record, hiding)),
            next: inferable(&read, Tier::Slots).and_then(|()| next(&history, live, drawings)),
            next_from: record.until.start_unix() + over * HOUR_SECONDS,
            tastes: self.everybody.as_ref().map(|all| tastes(&read, all, drawings)),
            channels: Vec::new(),
            games: Vec::new(),
        }
    }

    /// The same of days on which they did otherwise. Days kept by hour only say nothing of that, and are left out.
    fn hidden(&self, record: &Record, hiding: Hiding) -> GivenAway {
        let mut days = record.days.clone();
        if hiding.nights {
            days = without_nights(&days, &self.zone);
        }
        if hiding.hours {
            days = blurred(&days, &self.zone);
        }
        let (first, second) = if hiding.split {
            let split = Split::by_channel(&days);
            (split.of(&days, Account::First), split.of(&days, Account::Second))
        } else {
            (days.clone(), days)
        };
        let (hours, around) = (Vec::new(), Vec::new());
        let altered = Record { first: record.fine, hours, days: first.clone(), around, ..record.clone() };
        self.given_away(&altered.trace(), &first, &second)
    }

    /// What a trace gives away: that of `known`, which is looked for by what is held of `hidden` in the weeks that are hidden.
    fn given_away(&self, read: &Read, known: &[(Day, ViewerDay)], hidden: &[(Day, ViewerDay)]) -> GivenAway {
        let drawings = Drawings::of_seed(SEED);
        let crowd = self.crowd.as_deref();
        let reference = self.everybody.as_ref().and_then(|all| all.time_zone.as_ref());
        let zone_of = |reference| {
            inferable(read, Tier::Slots)?;
            time_zone(read.fine(), read.slots(), reference, &self.prior, drawings)
        };
        let portrait = portrait(read, &Reading { zone: &self.zone, holidays: None, drawings });
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
            offline: portrait.offline,
            regularity: portrait.sleep_regularity,
            predictability: portrait.predictability,
        }
    }
}

/// Puts places of names where the store's keys were, and cuts long lists.
async fn named(
    site: &Site,
    trace: &mut Trace,
    games: &BTreeMap<GameKey, String>,
) -> Result<(Vec<ChannelName>, Vec<String>), PageError> {
    let mut called = Vec::new();
    if let Some(Ok(tastes)) = &mut trace.tastes {
        let (channels, games_told) = (&mut tastes.value.channels, &mut tastes.value.games);
        cut(channels);
        cut(games_told);
        for (place, lift) in (0..).zip(&mut games_told.lifts) {
            called.push(games.get(&lift.key).cloned().unwrap_or_default());
            lift.key = GameKey(place);
        }
    }
    let mut keys: Vec<&mut ChannelKey> = Vec::new();
    if let Some(Ok(tastes)) = &mut trace.tastes {
        keys.extend(tastes.value.channels.lifts.iter_mut().map(|lift| &mut lift.key));
    }
    if let Ok(next) = &mut trace.next {
        keys.extend(next.value.channels.iter_mut().map(|(key, _)| key));
    }
    let wanted: BTreeSet<ChannelKey> = keys.iter().map(|key| **key).collect();
    let names = super::names(site, &wanted).await?;
    for key in keys {
        // Each has a name: it was asked for.
        *key = ChannelKey(wanted.range(..*key).count() as u32);
    }
    Ok((names.into_values().collect(), called))
}

fn cut<K>(beside: &mut Beside<K>) {
    beside.lifts.truncate(MAX_TASTES);
}
