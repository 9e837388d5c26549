//! Where invented people live: local time to Unix time, daylight saving included.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use model::day::Day;
use model::zone::ZoneTable;

use crate::error::SimulatorError;

/// A zone of [`ZONES`], by its place there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Zone(pub(crate) u8);

/// The zones, each with its share of the viewers in thousandths. Montréal keeps Toronto's time, and its own name is
/// not in every zone database. Those without a share are for [`crate::population`].
pub(crate) const ZONES: [(&str, u32); 14] = [
    ("Europe/Paris", 830),
    ("Europe/Brussels", 52),
    ("Europe/Zurich", 24),
    ("America/Toronto", 40),
    ("Indian/Reunion", 22),
    ("America/Martinique", 14),
    ("Africa/Dakar", 11),
    ("Pacific/Noumea", 7),
    ("Europe/London", 0),
    ("America/Los_Angeles", 0),
    ("America/Sao_Paulo", 0),
    ("Asia/Kolkata", 0),
    ("Asia/Tokyo", 0),
    ("Australia/Sydney", 0),
];

impl Zone {
    pub(crate) const PARIS: Zone = Zone(0);

    /// The zone with this IANA name, where people live in it.
    pub(crate) fn named(name: &str) -> Option<Zone> {
        ZONES.iter().position(|(zone, _)| *zone == name).map(|place| Zone(place as u8))
    }
}

/// The offsets of all zones.
#[derive(Debug)]
pub(crate) struct Zones(Vec<ZoneTable>);

impl Zones {
    /// Reads the machine's zone database once. Errors: a zone is not in it.
    pub(crate) fn load() -> Result<Zones, SimulatorError> {
        ZONES.iter().map(|(name, _)| table(name)).collect::<Result<_, _>>().map(Zones)
    }

    /// The offsets of a zone.
    pub(crate) fn table(&self, zone: Zone) -> &ZoneTable {
        &self.0[usize::from(zone.0)]
    }

    /// Unix time in seconds at which clocks of the zone show `minute` minutes after the midnight that begins `day`
    /// (0–2,880; past 1,439 it is the next day). A local time that a change of clocks skips is an hour later.
    pub(crate) fn instant(&self, zone: Zone, day: Day, minute: i32) -> i64 {
        let table = &self.0[usize::from(zone.0)];
        let local = day.start_unix() + i64::from(minute) * 60;
        let guess = local - i64::from(table.offset_at(local));
        local - i64::from(table.offset_at(guess))
    }
}

fn table(name: &'static str) -> Result<ZoneTable, SimulatorError> {
    let wrong = |source| SimulatorError::Zone { name, source };
    let zone = TimeZone::get(name).map_err(wrong)?;
    let first = Timestamp::from_second(Day::MIN.start_unix()).map_err(wrong)?;
    let changes = zone
        .following(first)
        .map(|change| (change.timestamp().as_second(), change.offset().seconds()))
        .take_while(|(at, _)| *at <= Day::MAX.start_unix())
        .collect();
    Ok(ZoneTable::new(name, zone.to_offset(first).seconds(), changes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks_change_where_they_do() {
        let zones = Zones::load().unwrap();
        let at = |name: &str, day: &str, minute| {
            let day: Day = day.parse().unwrap();
            zones.instant(Zone::named(name).unwrap(), day, minute) - day.start_unix()
        };
        assert_eq!(at("Europe/Paris", "2026-07-14", 720), 10 * 3600);
        assert_eq!(at("Europe/Paris", "2026-11-22", 720), 11 * 3600);
        assert_eq!(at("Europe/Paris", "2026-11-22", 1_500), 24 * 3600);
        assert_eq!(at("America/Toronto", "2026-11-22", 720), 17 * 3600);
        assert_eq!(at("Indian/Reunion", "2026-07-14", 720), 8 * 3600);
        assert_eq!(at("Pacific/Noumea", "2026-07-14", 720), 3600);
        // 02:30 does not exist on 29 March; 01:00 UTC is 03:00 there.
        assert_eq!(at("Europe/Paris", "2026-03-29", 150), 3600 + 1800);
        assert_eq!(ZONES.iter().map(|(_, share)| share).sum::<u32>(), 1_000);
        assert_eq!(Zone::named("Europe/Paris"), Some(Zone::PARIS));
    }
}
