//! Which nights are to be made.

use std::collections::HashMap;

use model::day::Day;
use model::statistics::night::NIGHT_VERSION;
use model::words::Tier;
use store::Store;
use store::error::Result;
use store::night::NightRecord;

/// The days whose night is to be made, youngest first: days that are imported for good and kept by slot, of which no night is held, or
/// one of another import of that day, or of an earlier version of its figures.
///
/// That an earlier day was imported anew makes no night due but its own: those of the four weeks after it are of what was held then.
pub async fn due(store: &impl Store) -> Result<Vec<Day>> {
    let coarse: Vec<_> =
        store.months().await?.into_iter().filter(|month| month.closed.is_some_and(is_coarse)).collect();
    let nights: HashMap<Day, NightRecord> =
        store.nights(Day::MIN, Day::MAX).await?.into_iter().map(|night| (night.day, night)).collect();
    let mut due = Vec::new();
    for record in store.days().await?.into_iter().rev() {
        if record.provisional || coarse.iter().any(|month| month.month == record.day.month()) {
            continue;
        }
        let made = nights.get(&record.day).filter(|night| night.night.version == NIGHT_VERSION);
        let is_made = match made {
            Some(night) => store.generation(record.day).await? == Some(night.generation),
            None => false,
        };
        if !is_made {
            due.push(record.day);
        }
    }
    Ok(due)
}

/// Whether nobody's slots are kept any more.
pub(super) fn is_coarse(tier: Tier) -> bool {
    tier != Tier::Slots
}
