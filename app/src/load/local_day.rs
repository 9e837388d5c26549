//! The local day that a page shows.

use model::day::Day;
use model::slot::{SlotTime, Span};
use model::zone::ZoneTable;
use store::Store as _;
use store::day::DayRecord;

use super::imported_until;
use crate::context::Site;
use crate::data::Stretch;
use crate::data::day_choice::DayChoice;
use crate::data::local_day::LocalDay;
use crate::error::PageError;
use crate::query::ZoneName;
use crate::zones;

/// The zone of a page.
pub(super) struct Zone {
    pub(super) table: ZoneTable,
    pub(super) unknown: bool,
}

impl Zone {
    /// The zone asked for, or the site's own; its table reaches over all days held and some around them.
    pub(super) fn resolve(site: &Site, asked: Option<&ZoneName>, records: &[DayRecord]) -> Zone {
        let (Some(first), Some(last)) = (records.first(), records.last()) else {
            return Zone { table: ZoneTable::utc(), unknown: false };
        };
        // A day may be asked for that is not held: it too is shown in its zone.
        let (from, to) = (SlotTime::at(first.day.plus(-400), 0), SlotTime::at(last.day.plus(400), 0));
        let found = asked.map(|name| zones::table(name.as_str(), from, to));
        let unknown = matches!(found, Some(None));
        let own = || zones::table(&site.default_zone, from, to).unwrap_or_else(ZoneTable::utc);
        Zone { table: found.flatten().unwrap_or_else(own), unknown }
    }
}

/// Opens a day: the one asked for, or `default` where none is, or one to come, or one before anything is held.
///
/// `available` are the local days with data, ascending. Errors: there is none; the store.
pub(super) async fn open(
    site: &Site,
    records: &[DayRecord],
    zone: Zone,
    asked: Option<Day>,
    available: &[Day],
    default: Day,
) -> Result<LocalDay, PageError> {
    let now = site.now();
    let (imported, last) = (records.last().map(imported_until), zone.table.day_of(now));
    let imported = imported.ok_or(PageError::SettingUp)?;
    let future_asked = asked.is_some_and(|day| day > last);
    let first = records.first().map(|record| zone.table.day_of(record.day.start_unix()));
    let past_asked = asked.zip(first).is_some_and(|(day, first)| day < first);
    let day = asked.filter(|_| !future_asked && !past_asked).unwrap_or(default);
    let window = zone.table.span_of(day);
    let until = imported.clamp(window.from, window.to);
    let swept = site.store.sweeps(Span { from: window.from, to: until }).await?;
    let choice = DayChoice::of(day, available).ok_or(PageError::NotFound)?;
    Ok(LocalDay {
        day,
        offsets: zones::offsets(window.from.unix()),
        choice,
        window,
        until: (until - window.from) as u32,
        gaps: gaps(Span { from: window.from, to: until }, swept.iter().map(|sweep| sweep.at)),
        provisional: records.iter().any(|r| r.provisional && Span::of_day(r.day).intersect(window).is_some()),
        today: day == last,
        future_asked,
        past_asked: first.filter(|_| past_asked),
        unknown_zone: zone.unknown,
        zone: zone.table,
    })
}

/// Stretches of `span` without a sweep; `swept` is ascending.
fn gaps(span: Span, swept: impl Iterator<Item = SlotTime>) -> Vec<Stretch> {
    let mut gaps = Vec::new();
    let mut next = span.from;
    for at in swept.filter(|at| span.contains(*at)).chain([span.to]) {
        if next < at {
            gaps.push(Stretch::within(span, Span { from: next, to: at }));
        }
        next = next.max(at + 1);
    }
    gaps
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_are_what_no_sweep_covers() {
        let start = SlotTime::at("2026-11-22".parse().unwrap(), 0);
        let span = Span { from: start, to: start + 10 };
        let gaps = gaps(span, [1, 2, 4, 4, 9].into_iter().map(|n| start + n));
        assert_eq!(gaps, [Stretch(0, 1), Stretch(3, 4), Stretch(5, 9)]);
        assert_eq!(super::gaps(Span { from: start, to: start }, std::iter::empty()), []);
    }
}
