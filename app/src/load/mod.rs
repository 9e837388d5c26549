//! From the store to what a page shows. Only here is the store asked.

mod by_hour;
pub(crate) mod channel;
pub(crate) mod home;
mod local_day;
pub(crate) mod persona;
pub(crate) mod viewer;

use std::collections::HashMap;

use model::channel_day::ChannelDay;
use model::day::Day;
use model::identity::ChannelKey;
use model::slot::{SLOTS_PER_DAY, SlotTime};
use store::Store as _;
use store::channel::ChannelDayRow;
use store::day::DayRecord;

use crate::context::Site;
use crate::error::PageError;

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

/// The days imported, ascending. Errors: there is none (being set up).
pub(crate) async fn held(site: &Site) -> Result<Vec<DayRecord>, PageError> {
    let records = site.store.days().await?;
    if records.is_empty() { Err(PageError::SettingUp) } else { Ok(records) }
}

/// The first slot that is not in what was imported: the end of the last day, or less of a provisional one.
fn imported_until(last: &DayRecord) -> SlotTime {
    let until = last.until.filter(|_| last.provisional).map_or(SLOTS_PER_DAY, u16::from);
    SlotTime::at(last.day, until)
}
