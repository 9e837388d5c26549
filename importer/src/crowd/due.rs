//! Whether the crowd is to be made.

use model::analysis::offset::YEAR;
use model::analysis::population::{POPULATION_DAYS, POPULATION_VERSION};
use model::crowd::calendar::Calendar;
use model::day::Day;
use model::statistics::night::NIGHT_VERSION;
use model::words::Tier;
use model::zone::ZoneTable;
use store::Store;
use store::error::Result;

/// What is to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CrowdDue {
    /// The 28 days, by the clock of the zone.
    pub calendar: Calendar,
    /// The zone.
    pub zone: ZoneTable,
    /// People of these days by the night's figures, exact or nothing under ten: by it a share of them is drawn.
    pub people: u32,
}

/// Whether index and population are to be made of the youngest day that is imported for good: where its figures of the night are made,
/// and what is held is of another day, another import of it, an earlier version, or of days that are not kept by slot any more. `held` is the calendar of the index that is held, if
/// one is; `zone` gives the site's clock over some days, the last one included: a year of them, so that its standard time is among them.
///
/// That an earlier day was imported, or imported anew, does not make it due. Errors: the store's.
pub async fn due(
    store: &impl Store,
    held: Option<&Calendar>,
    zone: impl FnOnce(Day, Day) -> ZoneTable,
) -> Result<Option<CrowdDue>> {
    let days = store.days().await?;
    let Some(last) = days.into_iter().rev().find(|record| !record.provisional).map(|record| record.day) else {
        return Ok(None);
    };
    if last < fine_since(store).await? {
        return Ok(None);
    }
    let generation = store.generation(last).await?;
    let nights = store.nights(last, last.plus(1)).await?;
    let current = nights.into_iter().find(|night| night.night.version == NIGHT_VERSION);
    // Its figures come first.
    let Some(night) = current.filter(|night| generation == Some(night.generation)) else { return Ok(None) };
    let zone = zone(last.plus(-YEAR), last);
    let Some(calendar) = Calendar::ending(last, &zone) else { return Ok(None) };
    let made = store.population_record().await?;
    let is_made = made.is_some_and(|made| {
        made.day == last && made.version == POPULATION_VERSION && Some(made.generation) == generation
    });
    let is_kept = held == Some(&calendar) && !is_outlived(store).await?;
    let people = night.night.people_of_days.unwrap_or_default();
    Ok((!is_made || !is_kept).then_some(CrowdDue { calendar, zone, people }))
}

/// The first day from which on all are kept by slot, as far as days are held.
async fn fine_since(store: &impl Store) -> Result<Day> {
    let coarse = store.months().await?.into_iter().filter(|month| month.closed.is_some_and(|tier| tier != Tier::Slots));
    Ok(coarse.map(|month| month.month.next().first_day()).max().unwrap_or(Day::MIN))
}

/// The days that are held up to `last`, of the 28, and kept by slot; ascending.
pub(super) async fn readable(store: &impl Store, last: Day) -> Result<Vec<Day>> {
    let from = last.plus(1 - i32::from(POPULATION_DAYS)).max(fine_since(store).await?);
    let held = store.days().await?.into_iter().map(|record| record.day);
    Ok(held.filter(|day| (from..=last).contains(day)).collect())
}

/// Whether the index that was made with the population in the store holds slots that are not kept any more: then its file goes. So does one
/// that the store has no population for. Errors: the store's.
pub async fn is_outlived(store: &impl Store) -> Result<bool> {
    let Some(made) = store.population_record().await? else { return Ok(true) };
    Ok(readable(store, made.day).await?.len() < usize::from(made.days))
}
