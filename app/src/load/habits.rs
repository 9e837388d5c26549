//! A viewer's habits, from the store.

use std::collections::{BTreeMap, BTreeSet};

use model::analysis::bootstrap::Drawings;
use model::analysis::favourites::Favourite;
use model::analysis::holidays::Country;
use model::analysis::portrait::{Portrait, Reading, portrait};
use model::day::Day;
use model::identity::{ChannelKey, GameKey};
use model::login::Login;
use model::viewer_schedule::ChannelName;
use store::access::ViewerKey;
use store::day::DayRecord;
use store::record::{NamedRecord, record};

use super::SEED;
use super::local_day::Zone;
use crate::context::Site;
use crate::data::habits::{Habits, MAX_DAYS, RangeRefused};
use crate::error::PageError;
use crate::query::ZoneName;

/// Favourites of each kind that are told.
const MAX_FAVOURITES: usize = 50;

/// What is asked of somebody's habits.
pub(crate) struct Asked {
    pub(crate) zone: Option<ZoneName>,
    /// The first UTC day.
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
    let longest = |last: Day| last.plus(1 - MAX_DAYS);
    let to = asked.to.unwrap_or(last);
    let from = asked.from.unwrap_or(longest(to));
    let refused = RangeRefused::check(from, to).err();
    let (from, to) = if refused.is_some() { (longest(last), last) } else { (from, to) };
    let NamedRecord { record, games } = record(&*site.store, who, from, to.plus(1)).await?;
    let whole = from <= longest(last) && to >= last;
    if record.is_none() && whole {
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
        until: to.plus(1),
        refused,
        holidays: asked.holidays,
        has_holidays: country.is_some(),
        portrait,
        channels,
        games,
    })
}

/// Puts places of names where the store's keys were, and cuts long lists.
async fn named(
    site: &Site,
    portrait: &mut Portrait,
    games: &BTreeMap<GameKey, String>,
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
        called.push(games.get(&favourite.key).cloned().unwrap_or_default());
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
