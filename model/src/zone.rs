//! Local time: a zone is a table of UTC offsets, given from outside, so that no time-zone database is in the browser.

use serde::{Deserialize, Serialize};

use crate::day::{DAY_SECONDS, Day};
use crate::slot::{SLOT_SECONDS, SlotTime, Span};

/// The offsets of one IANA zone over a range of time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ZoneTable {
    /// The IANA name, `Europe/Paris`.
    pub name: String,
    /// Offset from UTC in seconds before the first change.
    first_offset: i32,
    /// Changes as (Unix time in seconds, offset from then on in seconds), ascending.
    changes: Vec<(i64, i32)>,
}

impl ZoneTable {
    /// A zone with these changes, which are sorted here.
    pub fn new(name: impl Into<String>, first_offset: i32, mut changes: Vec<(i64, i32)>) -> ZoneTable {
        changes.sort_unstable();
        ZoneTable { name: name.into(), first_offset, changes }
    }

    /// UTC.
    pub fn utc() -> ZoneTable {
        ZoneTable::new("UTC", 0, Vec::new())
    }

    /// The same zone with a clock that is so many seconds ahead: by twelve hours its days are from noon to noon.
    #[must_use]
    pub fn ahead(&self, seconds: i32) -> ZoneTable {
        let changes = self.changes.iter().map(|(at, offset)| (*at, offset + seconds)).collect();
        ZoneTable { name: self.name.clone(), first_offset: self.first_offset + seconds, changes }
    }

    /// Offset from UTC at a Unix time, both in seconds; east is positive.
    pub fn offset_at(&self, unix: i64) -> i32 {
        let later = self.changes.partition_point(|(at, _)| *at <= unix);
        if later == 0 { self.first_offset } else { self.changes[later - 1].1 }
    }

    /// The offset that holds all the time in [from, until), Unix times in seconds; nothing where it changes.
    pub fn steady_offset(&self, from: i64, until: i64) -> Option<i32> {
        let next = self.changes.partition_point(|(at, _)| *at <= from);
        self.changes.get(next).is_none_or(|(at, _)| *at >= until).then(|| self.offset_at(from))
    }

    /// A span in parts that have one offset each, in seconds; a slot has the one of its start.
    pub fn parts(&self, span: Span) -> Vec<(Span, i32)> {
        let changes = self.changes.iter().map(|(at, _)| slot_from(*at)).filter(|at| span.from < *at && *at < span.to);
        let mut from = span.from;
        let ends: Vec<SlotTime> = changes.chain((span.from < span.to).then_some(span.to)).collect();
        let part = |to: SlotTime| {
            let part = Span { from, to };
            from = to;
            (part, self.offset_at(part.from.unix()))
        };
        ends.into_iter().map(part).collect()
    }

    /// The local day of a Unix time; outside the range of days the nearest one.
    pub fn day_of(&self, unix: i64) -> Day {
        let local = unix + i64::from(self.offset_at(unix));
        Day::from_unix(local).unwrap_or(if local < Day::MIN.start_unix() { Day::MIN } else { Day::MAX })
    }

    /// Local minutes since local midnight, 0–1,439.
    pub fn minute_of(&self, unix: i64) -> u32 {
        ((unix + i64::from(self.offset_at(unix))).rem_euclid(DAY_SECONDS) / 60) as u32
    }

    /// Unix time of the first instant at which the local clock shows midnight of `day` or later. Where a change of
    /// clocks skips midnight, that is the change itself.
    pub fn start_of(&self, day: Day) -> i64 {
        self.first_instant(day, 0)
    }

    /// Unix time of the first instant at which the local clock shows `second` seconds after midnight of `day`, or later.
    pub fn first_instant(&self, day: Day, second: i64) -> i64 {
        let local = day.start_unix() + second;
        let mut from = i64::MIN;
        let mut offset = self.first_offset;
        for (at, next) in &self.changes {
            let candidate = (local - i64::from(offset)).max(from);
            if candidate < *at {
                return candidate;
            }
            (from, offset) = (*at, *next);
        }
        (local - i64::from(offset)).max(from)
    }

    /// The slots of a local day: 276, 288 or 300 of them where clocks change by an hour. A slot belongs to the day its
    /// start lies in.
    pub fn span_of(&self, day: Day) -> Span {
        Span { from: slot_from(self.start_of(day)), to: slot_from(self.start_of(day.plus(1))) }
    }
}

/// The first slot that starts at `unix` or later, of the days that there are.
fn slot_from(unix: i64) -> SlotTime {
    let end = if unix < Day::MIN.start_unix() { Day::MIN } else { Day::MAX };
    SlotTime::from_unix(unix + SLOT_SECONDS - 1).unwrap_or(SlotTime::at(end, 0))
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Europe/Paris in 2026: summer time from 29 March 01:00 UTC to 25 October 01:00 UTC.
    pub(crate) fn paris() -> ZoneTable {
        ZoneTable::new("Europe/Paris", 3_600, vec![(1_774_746_000, 7_200), (1_792_890_000, 3_600)])
    }

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    #[test]
    fn a_span_is_parted_where_clocks_change() {
        let (first, last) = (SlotTime::at(day("2026-03-01"), 7), SlotTime::at(day("2026-11-05"), 0));
        let (spring, autumn) = (SlotTime::at(day("2026-03-29"), 12), SlotTime::at(day("2026-10-25"), 12));
        let span = |from, to| Span { from, to };
        let parts = [(span(first, spring), 3_600), (span(spring, autumn), 7_200), (span(autumn, last), 3_600)];
        assert_eq!(paris().parts(span(first, last)), parts);
        assert_eq!(paris().parts(span(spring, autumn)), parts[1..2]);
        assert_eq!(ZoneTable::utc().parts(span(first, last)), [(span(first, last), 0)]);
        assert_eq!(paris().parts(span(last, last)), []);
    }

    #[test]
    fn days_of_23_and_25_hours() {
        let spring = paris().span_of(day("2026-03-29"));
        assert_eq!(
            (spring.from, spring.to),
            (SlotTime::at(day("2026-03-28"), 276), SlotTime::at(day("2026-03-29"), 264))
        );
        assert_eq!(spring.len(), 276);
        let autumn = paris().span_of(day("2026-10-25"));
        assert_eq!(
            (autumn.from, autumn.to),
            (SlotTime::at(day("2026-10-24"), 264), SlotTime::at(day("2026-10-25"), 276))
        );
        assert_eq!(autumn.len(), 300);
    }

    #[test]
    fn two_in_the_morning_exists_once_or_later() {
        // 02:00 does not exist on 29 March: the first instant past it is the change, 01:00 UTC.
        assert_eq!(paris().first_instant(day("2026-03-29"), 7_200), 1_774_746_000);
        // 02:00 exists twice on 25 October: the first is 00:00 UTC.
        assert_eq!(paris().first_instant(day("2026-10-25"), 7_200), day("2026-10-25").start_unix());
        assert_eq!(paris().first_instant(day("2026-11-22"), 7_200), day("2026-11-22").start_unix() + 3_600);
    }

    #[test]
    fn midnight_may_be_skipped() {
        // Clocks go from 00:00 to 01:00, as in Cairo: the day begins at 01:00 local.
        let change = day("2026-04-24").start_unix() - 7_200;
        let cairo = ZoneTable::new("Africa/Cairo", 7_200, vec![(change, 10_800)]);
        assert_eq!(cairo.start_of(day("2026-04-24")), change);
        assert_eq!(cairo.span_of(day("2026-04-24")).len(), 276);
    }

    proptest! {
        #[test]
        fn a_local_day_ends_after_it_begins(days in 0..=i32::MAX, hours in -14i32..=14) {
            let (first, last) = (Day::MIN, Day::MAX);
            let zone = ZoneTable::new("Somewhere", hours * 3_600, Vec::new());
            let any = first.plus(days % (last.days() - first.days() + 1));
            for day in [first, any, last] {
                let span = zone.span_of(day);
                prop_assert!(span.from <= span.to, "{day}: {span:?}");
            }
        }

        #[test]
        fn local_days_follow_each_other(days in 20_000i32..21_000) {
            let day = Day::from_days(days).unwrap();
            let (this, next) = (paris().span_of(day), paris().span_of(day.plus(1)));
            prop_assert_eq!(this.to, next.from);
            prop_assert!(this.slots().all(|at| paris().day_of(at.unix()) == day));
        }
    }
}
