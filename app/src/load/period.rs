//! The days that figures are of.

use model::aggregate::told;
use model::slot::{SlotTime, Span};
use model::statistics::overlap::Overlap;
use store::Store as _;
use store::day::DayRecord;
use store::night::NightRecord;

use super::local_day::Zone;
use crate::context::Site;
use crate::data::channel_figures::Different;
use crate::data::period::{LeftOut, Period, range_of};
use crate::error::PageError;
use crate::query::ZoneName;

/// Opens the days up to the last closed one, with the nights held of the range, ascending; `records` are the days imported.
/// Errors: there is none (being set up).
pub(super) async fn open(
    site: &Site,
    records: &[DayRecord],
    range: Option<u16>,
    zone: Option<&ZoneName>,
) -> Result<(Period, Vec<NightRecord>), PageError> {
    let last = records.last().ok_or(PageError::SettingUp)?;
    let closed = records.iter().rev().find(|record| !record.provisional);
    // While the very first day grows there is no whole day at all.
    let until = closed.map_or(last.day, |record| record.day.plus(1));
    let zone = Zone::resolve(site, zone, records);
    let (range, known) = range_of(range);
    let mut period = Period {
        zone: zone.table,
        unknown_zone: zone.unknown,
        range,
        unknown_range: !known,
        held: 0,
        until,
        growing: last.provisional,
        night: None,
        left_out: None,
    };
    let held: Vec<&DayRecord> = records.iter().filter(|record| (period.from()..until).contains(&record.day)).collect();
    period.held = held.len() as u32;
    period.left_out = held.last().map(|record| LeftOut { day: record.day, bots: told(record.stats.bots) });
    let nights = site.store.nights(period.from(), until).await?;
    period.night = nights.last().map(|night| night.day);
    Ok((period, nights))
}

/// Some days up to the end of a period, as a stretch of slots.
pub(super) fn last_days(period: &Period, days: i32) -> Span {
    Span { from: SlotTime::at(period.until.plus(-days), 0), to: SlotTime::at(period.until, 0) }
}

/// Different people of a period, as they may be told.
pub(super) async fn different(
    site: &Site,
    period: &Period,
    channel: Option<model::identity::ChannelKey>,
) -> Result<Different, PageError> {
    let found = site.store.different_people(channel, period.from(), period.until).await?;
    let people = found.count.and_then(|count| told(count.people));
    Ok(Different { people, counted: found.count.is_none_or(|count| count.exact), days: found.days })
}

/// What two channels share, of counts as they may be told: shares of the counts kept would tell them. Nothing of few.
pub(super) fn rounded_tie(tie: &Overlap) -> Option<Overlap> {
    let told = |people: u32| told(people.into()).and_then(|people| u32::try_from(people).ok());
    let (shared, audience_a, audience_b) = (told(tie.shared)?, told(tie.audience_a)?, told(tie.audience_b)?);
    Some(Overlap { shared, audience_a, audience_b, ..*tie })
}

/// New and returning people, as they may be told.
pub(super) fn rounded(new_and_returning: Option<(u32, u32)>) -> Option<(u64, u64)> {
    let (new, returning) = new_and_returning?;
    Some((told(new.into())?, told(returning.into())?))
}
