//! Time zones, from jiff: the only place that knows them.

use jiff::Timestamp;
use jiff::tz::{TimeZone, TimeZoneDatabase};
use model::day::Day;
use model::slot::SlotTime;
use model::zone::ZoneTable;

use crate::data::local_day::ZONES;

/// Changes of clocks kept in a table: two a year, and some spare, over all that any store holds.
const MAX_CHANGES: usize = 400;

/// A zone over some days and what touches them; UTC where there is no such zone, of which a configuration makes sure.
pub fn over(name: &str, first: Day, last: Day) -> ZoneTable {
    let span = (SlotTime::at(first.plus(-1), 0), SlotTime::at(last.plus(2), 0));
    table(name, span.0, span.1).unwrap_or_else(ZoneTable::utc)
}

/// The offsets of a zone from one slot to another; nothing when there is no such zone.
pub fn table(name: &str, from: SlotTime, to: SlotTime) -> Option<ZoneTable> {
    let zone = TimeZone::get(name).ok().filter(|zone| !is_nowhere(zone))?;
    let start = Timestamp::from_second(from.unix()).ok()?;
    let changes = zone
        .following(start)
        .take(MAX_CHANGES)
        .take_while(|change| change.timestamp().as_second() < to.unix())
        .map(|change| (change.timestamp().as_second(), change.offset().seconds()))
        .collect();
    let name = zone.iana_name().unwrap_or(name).to_owned();
    Some(ZoneTable::new(name, zone.to_offset(start).seconds(), changes))
}

/// Whether it is one of those that databases have for machines that were told none.
fn is_nowhere(zone: &TimeZone) -> bool {
    zone.is_unknown() || zone.iana_name() == Some("Factory")
}

/// Offsets from UTC in seconds at a Unix time, of each of [`ZONES`]. A zone that this system does not know has 0.
pub fn offsets(unix: i64) -> Vec<i32> {
    let at = Timestamp::from_second(unix).unwrap_or_default();
    let database: &TimeZoneDatabase = jiff::tz::db();
    ZONES.iter().map(|name| database.get(name).map_or(0, |zone| zone.to_offset(at).seconds())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_zone_on_offer_exists() {
        for zone in ZONES {
            assert!(jiff::tz::db().get(zone).is_ok(), "{zone}");
        }
        let at = |unix| SlotTime::from_unix(unix).unwrap();
        for nowhere in ["Europe/Lyon", "Factory", "Etc/Unknown"] {
            assert_eq!(table(nowhere, at(1_780_000_000), at(1_790_000_000)), None, "{nowhere}");
        }
    }

    #[test]
    fn a_table_has_the_days_of_23_and_25_hours() {
        let at = |text: &str| SlotTime::at(text.parse().unwrap(), 0);
        let paris = table("europe/paris", at("2026-01-01"), at("2027-01-01")).unwrap();
        assert_eq!(paris.name, "Europe/Paris");
        assert_eq!(paris.span_of("2026-03-29".parse().unwrap()).len(), 276);
        assert_eq!(paris.span_of("2026-10-25".parse().unwrap()).len(), 300);
        assert_eq!(paris.span_of("2026-11-22".parse().unwrap()).len(), 288);
    }
}
