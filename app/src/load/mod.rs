//! From the store to what a page shows. Only here is the store asked.

mod by_hour;
pub(crate) mod channel;
pub(crate) mod channel_figures;
pub(crate) mod explore;
pub(crate) mod habits;
pub(crate) mod home;
mod local_day;
mod period;
pub(crate) mod persona;
pub(crate) mod trace;
pub(crate) mod viewer;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use model::channel_day::ChannelDay;
use model::day::Day;
use model::identity::ChannelKey;
use model::slot::{SLOTS_PER_DAY, SlotTime};
use model::viewer_schedule::ChannelName;
use store::Store as _;
use store::access::ViewerKey;
use store::channel::{Channel, ChannelDayRow};
use store::day::DayRecord;

use crate::context::Site;
use crate::error::PageError;

/// Where all chance begins: the same samples give the same intervals each time.
const SEED: u64 = 2_026;

/// Days of channels, to be asked by key and day.
struct ChannelDays(HashMap<(ChannelKey, Day), ChannelDay>);

impl ChannelDays {
    fn new(rows: Vec<ChannelDayRow>) -> ChannelDays {
        ChannelDays(rows.into_iter().map(|row| ((row.channel, row.day), row.data)).collect())
    }

    fn get(&self, key: ChannelKey, day: Day) -> Option<&ChannelDay> {
        self.0.get(&(key, day))
    }
}

/// What channels are called, one name to each key. Errors: the store has none for a key.
async fn names(site: &Site, keys: &BTreeSet<ChannelKey>) -> Result<BTreeMap<ChannelKey, ChannelName>, PageError> {
    let keys: Vec<ChannelKey> = keys.iter().copied().collect();
    let channels = site.store.channels(&keys).await?;
    let name =
        |channel: Channel| (channel.key, ChannelName { login: channel.login, display_name: channel.display_name });
    let names: BTreeMap<ChannelKey, ChannelName> = channels.into_iter().map(name).collect();
    if names.len() == keys.len() {
        Ok(names)
    } else {
        Err(PageError::internal(&"a viewer's day names a channel that the store does not have"))
    }
}

/// The days imported, ascending. Errors: there is none (being set up).
pub(crate) async fn held(site: &Site) -> Result<Vec<DayRecord>, PageError> {
    let records = site.store.days().await?;
    if records.is_empty() { Err(PageError::SettingUp) } else { Ok(records) }
}

/// Whether anything is held of a person, also of a day that is not over.
async fn is_held(site: &Site, who: &ViewerKey) -> Result<bool, PageError> {
    let by_slot = !site.store.viewer_days(who, Day::MIN, Day::MAX).await?.is_empty();
    Ok(by_slot || !site.store.viewer_hours(who, Day::MIN, Day::MAX).await?.is_empty())
}

/// The first slot that is not in what was imported: the end of the last day, or less of a provisional one.
fn imported_until(last: &DayRecord) -> SlotTime {
    let until = last.until.filter(|_| last.provisional).map_or(SLOTS_PER_DAY, u16::from);
    SlotTime::at(last.day, until)
}
