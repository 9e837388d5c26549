//! A viewer's habits, from the store.

use std::collections::BTreeSet;

use model::analysis::bootstrap::Drawings;
use model::analysis::favourites::Favourite;
use model::analysis::holidays::Country;
use model::analysis::portrait::{Portrait, Reading, portrait};
use model::day::Day;
use model::identity::{ChannelKey, GameKey};
use model::login::Login;
use model::slot::Span;
use model::viewer_schedule::ChannelName;
use model::words::Tier;
use model::zone::ZoneTable;
use store::Store as _;
use store::access::ViewerKey;
use store::day::DayRecord;
use store::games::Games;
use store::record::{NamedRecord, record};

use super::by_hour::tier;
use super::local_day::Zone;
use super::{SEED, is_held};
use crate::context::Site;
use crate::data::habits::{Chosen, Habits};
use crate::error::PageError;
use crate::query::ZoneName;

/// Favourites of each kind that are told.
const MAX_FAVOURITES: usize = 50;

/// What is asked of somebody's habits.
pub(crate) struct Asked {
    pub(crate) zone: Option<ZoneName>,
    /// The first local day.
    pub(crate) from: Option<Day>,
    /// The last one.
    pub(crate) to: Option<Day>,
    /// Whether public holidays count as weekends.
    pub(crate) holidays: bool,
}

/// Answers for the person that `who` opens; `records` are the days imported. Errors: nothing is held of them at all (not found).
pub(crate) async fn habits(
    site: &Site,
    records: &[DayRecord],
    who: &ViewerKey,
    login: Login,
    asked: Asked,
) -> Result<Habits, PageError> {
    let last = records.last().ok_or(PageError::SettingUp)?.day;
    let zone = Zone::resolve(site, asked.zone.as_ref(), records);
    let months = site.store.months().await?;
    // Of older days nothing is kept of anybody.
    let of_people = records.iter().filter(|record| tier(&months, record.day) != Tier::Aggregates);
    let held = whole_days(of_people, &zone.table);
    let Chosen { from, until, refused } = match held {
        Some(held) => Chosen::of(asked.from, asked.to, held),
        None => Chosen { from: last, until: last, refused: Vec::new() },
    };
    // UTC days in which the local ones lie; a single one holds no local day, and is read all the same.
    let (first, after) = match held {
        Some(_) => {
            let window = Span { from: zone.table.span_of(from).from, to: zone.table.span_of(until.plus(-1)).to };
            (window.from.day(), (window.to + -1).day().plus(1))
        }
        None => (records.first().map_or(last, |record| record.day), last.plus(1)),
    };
    let NamedRecord { record, games } = record(&*site.store, who, first, after).await?;
    if record.is_none() && !is_held(site, who).await? {
        return Err(PageError::NotFound);
    }
    let country = Country::of_zone(&zone.table.name);
    let holidays = country.filter(|_| asked.holidays);
    let table = zone.table.clone();
    // Tens of milliseconds of a core: others are answered meanwhile.
    let read = move || {
        let read = |record: &model::analysis::record::Record| {
            let reading = Reading { zone: &table, holidays, drawings: Drawings::of_seed(SEED) };
            portrait(&record.trace(), &reading)
        };
        record.as_ref().map(read)
    };
    let mut portrait = tokio::task::spawn_blocking(read).await.map_err(|error| PageError::internal(&error))?;
    let (channels, games) = match &mut portrait {
        Some(portrait) => named(site, portrait, &games).await?,
        None => (Vec::new(), Vec::new()),
    };
    Ok(Habits {
        login,
        unknown_zone: zone.unknown,
        zone: zone.table,
        from,
        until,
        held: held.unwrap_or((from, until)),
        refused,
        holidays: asked.holidays,
        has_holidays: country.is_some(),
        portrait,
        channels,
        games,
    })
}

/// The local days all of which lies in those of these UTC days that are closed, [first, second); nothing before one does.
fn whole_days<'a>(records: impl Iterator<Item = &'a DayRecord>, zone: &ZoneTable) -> Option<(Day, Day)> {
    let closed: Vec<Day> = records.filter(|record| !record.provisional).map(|record| record.day).collect();
    let (start, end) = (closed.first()?.start_unix(), closed.last()?.plus(1).start_unix());
    let first = zone.day_of(start);
    let first = if zone.start_of(first) < start { first.plus(1) } else { first };
    let until = zone.day_of(end);
    (first < until).then_some((first, until))
}

/// Puts places of names where the store's keys were, and cuts long lists.
async fn named(
    site: &Site,
    portrait: &mut Portrait,
    games: &Games,
) -> Result<(Vec<ChannelName>, Vec<String>), PageError> {
    let Ok(favourites) = &mut portrait.favourites else { return Ok((Vec::new(), Vec::new())) };
    let favourites = &mut favourites.value;
    first(&mut favourites.channels);
    first(&mut favourites.games);
    let keys: BTreeSet<ChannelKey> = favourites.channels.iter().map(|channel| channel.key).collect();
    let mut names = super::names(site, &keys).await?;
    let mut channels = Vec::new();
    for (place, favourite) in (0..).zip(&mut favourites.channels) {
        // Each key has a name: it was asked for.
        channels.extend(names.remove(&favourite.key));
        favourite.key = ChannelKey(place);
    }
    let mut called = Vec::new();
    for (place, favourite) in (0..).zip(&mut favourites.games) {
        called.push(games.get(favourite.key).map(|game| game.name.clone()).unwrap_or_default());
        favourite.key = GameKey(place);
    }
    Ok((channels, called))
}

/// Leaves those that are first, of late or in all.
fn first<K: Ord + Copy>(favourites: &mut Vec<Favourite<K>>) {
    let recent: BTreeSet<K> = model::analysis::favourites::by_recent(favourites)
        .iter()
        .take(MAX_FAVOURITES)
        .map(|favourite| favourite.key)
        .collect();
    let mut place = 0;
    favourites.retain(|favourite| {
        place += 1;
        place <= MAX_FAVOURITES || recent.contains(&favourite.key)
    });
}
