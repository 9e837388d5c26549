//! Which days are due to be imported, and when what is too old is to go. Whoever has the clock asks, does what is due, and
//! asks again at [`next_check`] and [`RetentionTimes::next`].

use model::day::{DAY_SECONDS, Day};
use model::zone::ZoneTable;
use store::day::DayRecord;

/// A UTC day closes ten minutes after its end: its last sweep has been written then.
pub const CLOSE_SECONDS: i64 = 600;

/// The daily job runs at the first instant of a local date at which clocks show 02:00 or later.
pub const DAILY_SECOND: i64 = 2 * 3_600;

/// An open day is imported anew every hour.
pub const PROVISIONAL_SECONDS: i64 = 3_600;

/// Retention that failed is tried again after so long, and ever later: what it waits for (room on a disk, a database, who
/// reads for long) is often over in minutes.
pub const RETRY_SECONDS: i64 = 300;

/// It is tried no less often than this, however often it failed.
pub const RETRY_MAX_SECONDS: i64 = 3_600;

/// What to import now, oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Due {
    /// Closed days of which no final import is held.
    pub closed: Vec<Day>,
    /// Days that are open, or closed and before their daily job.
    pub provisional: Vec<Day>,
}

/// When a UTC day closes, Unix time in seconds.
pub fn closes_at(day: Day) -> i64 {
    day.start_unix() + DAY_SECONDS + CLOSE_SECONDS
}

/// What is due at `now` (Unix time in seconds), given what the store holds and what the archive has.
///
/// A closed day is due from the first daily job after its close: a job that was missed is made up for. An open day is
/// due once in each hour.
pub fn due(now: i64, zone: &ZoneTable, held: &[DayRecord], archived: &[Day]) -> Due {
    let run = last_daily_run(now, zone);
    let mut due = Due::default();
    for day in archived.iter().copied() {
        let record = held.iter().find(|record| record.day == day);
        let this_hour = |record: &DayRecord| {
            record.imported_at.div_euclid(PROVISIONAL_SECONDS) >= now.div_euclid(PROVISIONAL_SECONDS)
        };
        match record {
            Some(record) if !record.provisional => {}
            _ if closes_at(day) <= run => due.closed.push(day),
            Some(record) if this_hour(record) => {}
            _ if day.start_unix() <= now => due.provisional.push(day),
            _ => {}
        }
    }
    due.closed.sort_unstable();
    due.provisional.sort_unstable();
    due
}

/// The next instant after `now` at which something may become due, Unix time in seconds: the next hour, or the next
/// daily job.
pub fn next_check(now: i64, zone: &ZoneTable) -> i64 {
    let hour = (now.div_euclid(PROVISIONAL_SECONDS) + 1) * PROVISIONAL_SECONDS;
    hour.min(next_daily_run(now, zone))
}

/// When retention is due: once a program starts, after each daily job, and, until it is done, again after a failure.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RetentionTimes {
    /// When it was done last.
    done_at: Option<i64>,
    /// When it failed last, and how often since it was done.
    failed: Option<(i64, u32)>,
}

impl RetentionTimes {
    /// The next instant at which it is due, Unix time in seconds; of a program that has just started, long ago.
    pub fn next(&self, zone: &ZoneTable) -> i64 {
        match (self.failed, self.done_at) {
            (Some((at, times)), _) => {
                at + (RETRY_SECONDS << times.clamp(1, 8).saturating_sub(1)).min(RETRY_MAX_SECONDS)
            }
            (None, Some(at)) => next_daily_run(at, zone),
            (None, None) => i64::MIN,
        }
    }

    /// Notes that it was done, as of `now`: what became due while it went on waits for the next time.
    pub fn done(&mut self, now: i64) {
        *self = RetentionTimes { done_at: Some(now), failed: None };
    }

    /// Notes that it failed at `now`.
    pub fn failed(&mut self, now: i64) {
        let times = self.failed.map_or(0, |(_, times)| times);
        self.failed = Some((now, times.saturating_add(1)));
    }
}

/// The first daily job after `now`.
fn next_daily_run(now: i64, zone: &ZoneTable) -> i64 {
    let today = zone.day_of(now);
    let runs = [today, today.plus(1)].map(|date| daily_run(date, zone));
    // Past only where clocks jump over most of a day.
    runs.into_iter().find(|run| *run > now).unwrap_or_else(|| daily_run(today.plus(2), zone))
}

/// When the daily job of a local date runs: at 02:00 or the first instant after it, once the UTC day that has just
/// ended is closed.
pub fn daily_run(date: Day, zone: &ZoneTable) -> i64 {
    let instant = zone.first_instant(date, DAILY_SECOND);
    instant.max(instant.div_euclid(DAY_SECONDS) * DAY_SECONDS + CLOSE_SECONDS)
}

/// The last daily job at or before `now`.
pub fn last_daily_run(now: i64, zone: &ZoneTable) -> i64 {
    let today = zone.day_of(now);
    let runs = [today, today.plus(-1)].map(|date| daily_run(date, zone));
    // The job of two days ago is always past; it is the answer only where clocks jump over most of a day.
    runs.into_iter().find(|run| *run <= now).unwrap_or_else(|| daily_run(today.plus(-2), zone))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use store::day::DayStats;

    /// Europe/Paris in 2026: summer time from 29 March 01:00 UTC to 25 October 01:00 UTC.
    fn paris() -> ZoneTable {
        ZoneTable::new("Europe/Paris", 3_600, vec![(1_774_746_000, 7_200), (1_792_890_000, 3_600)])
    }

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    fn utc(text: &str, hour: i64, minute: i64) -> i64 {
        day(text).start_unix() + hour * 3_600 + minute * 60
    }

    fn record(day: Day, provisional: bool, imported_at: i64) -> DayRecord {
        DayRecord { day, provisional, until: None, imported_at, import_ms: 0, stats: DayStats::default(), sweeps: 288 }
    }

    #[test]
    fn two_in_the_morning_in_paris() {
        // Winter: 01:00 UTC, long after the close. Summer: 00:00 UTC, which waits for the close.
        assert_eq!(daily_run(day("2026-11-22"), &paris()), utc("2026-11-22", 1, 0));
        assert_eq!(daily_run(day("2026-07-01"), &paris()), utc("2026-07-01", 0, 10));
        // In March 02:00 does not exist: clocks show 03:00 at 01:00 UTC. In October it exists twice: the first is 00:00 UTC.
        assert_eq!(daily_run(day("2026-03-29"), &paris()), utc("2026-03-29", 1, 0));
        assert_eq!(daily_run(day("2026-10-25"), &paris()), utc("2026-10-25", 0, 10));
        assert_eq!(daily_run(day("2026-10-26"), &paris()), utc("2026-10-26", 1, 0));
    }

    #[test]
    fn a_day_is_due_after_its_close_and_its_job() {
        let (yesterday, today) = (day("2026-11-21"), day("2026-11-22"));
        let archived = [yesterday, today];
        let held = [record(yesterday, true, utc("2026-11-21", 23, 5))];
        // 00:30 UTC: closed, but before the job: provisional goes on.
        let before = due(utc("2026-11-22", 0, 30), &paris(), &held, &archived);
        assert_eq!(before, Due { closed: vec![], provisional: vec![yesterday, today] });
        let at = due(utc("2026-11-22", 1, 0), &paris(), &held, &archived);
        assert_eq!(at, Due { closed: vec![yesterday], provisional: vec![today] });
        let held = [record(yesterday, false, utc("2026-11-22", 1, 0)), record(today, true, utc("2026-11-22", 1, 0))];
        assert_eq!(due(utc("2026-11-22", 1, 59), &paris(), &held, &archived), Due::default());
        assert_eq!(due(utc("2026-11-22", 2, 0), &paris(), &held, &archived).provisional, [today]);
    }

    #[test]
    fn what_was_missed_is_made_up_for_and_the_future_waits() {
        let days = ["2026-11-18", "2026-11-20", "2026-11-21", "2026-11-22", "2026-11-23"].map(day);
        let held = [record(days[1], false, 0), record(days[2], true, 0)];
        let now = due(utc("2026-11-22", 9, 0), &paris(), &held, &days);
        assert_eq!(now, Due { closed: vec![days[0], days[2]], provisional: vec![days[3]] });
    }

    #[test]
    fn checks_are_hourly_and_at_the_job() {
        assert_eq!(next_check(utc("2026-07-01", 0, 0), &paris()), utc("2026-07-01", 0, 10));
        assert_eq!(next_check(utc("2026-07-01", 0, 10), &paris()), utc("2026-07-01", 1, 0));
        assert_eq!(next_check(utc("2026-11-22", 0, 30), &paris()), utc("2026-11-22", 1, 0));
    }

    #[test]
    fn retention_is_due_at_the_start_every_night_and_after_a_failure() {
        let zone = paris();
        let mut times = RetentionTimes::default();
        let start = utc("2026-11-22", 12, 0);
        assert!(times.next(&zone) <= start);
        // Ever later, to once an hour; never forgotten over it.
        let mut now = start;
        for minutes in [5, 10, 20, 40, 60, 60, 60] {
            times.failed(now);
            assert_eq!(times.next(&zone), now + minutes * 60);
            now = times.next(&zone);
        }
        times.done(now);
        assert_eq!(times.next(&zone), utc("2026-11-23", 1, 0));
        times.done(utc("2026-11-23", 1, 0));
        assert_eq!(times.next(&zone), utc("2026-11-24", 1, 0));
        times.failed(utc("2026-11-24", 1, 0));
        assert_eq!(times.next(&zone), utc("2026-11-24", 1, 5));
    }

    /// A zone anywhere on Earth, with one change of clocks in the year.
    fn zones() -> impl Strategy<Value = ZoneTable> {
        (-48i32..=56, -4i32..=4, 0i64..365 * 96).prop_map(|(offset, change, quarter)| {
            let at = day("2026-01-01").start_unix() + quarter * 900;
            ZoneTable::new("Test", offset * 900, vec![(at, (offset + change) * 900)])
        })
    }

    proptest! {
        #[test]
        fn once_per_local_date_and_never_before_the_close(zone in zones(), days in 20_454i32..20_819) {
            let date = Day::from_days(days).unwrap();
            let run = daily_run(date, &zone);
            prop_assert!(daily_run(date.plus(1), &zone) > run);
            prop_assert!(last_daily_run(run, &zone) == run && last_daily_run(run - 1, &zone) < run);
            prop_assert!(last_daily_run(run - 1, &zone) >= daily_run(date.plus(-1), &zone));
            // The UTC day that ended before the job is closed.
            let ended = Day::from_unix(run).unwrap().plus(-1);
            prop_assert!(closes_at(ended) <= run);
            prop_assert_eq!(due(run, &zone, &[], &[ended]).closed, vec![ended]);
        }

        #[test]
        fn asking_at_every_check_imports_every_day_once(zone in zones(), start in 20_454i32..20_800) {
            let first = Day::from_days(start).unwrap();
            let mut held: Vec<DayRecord> = Vec::new();
            let mut now = first.start_unix() + 1_234;
            while now < first.plus(4).start_unix() {
                let archived: Vec<Day> = first.until(Day::from_unix(now).unwrap().plus(1)).collect();
                let due = due(now, &zone, &held, &archived);
                for (day, provisional) in due.closed.iter().map(|day| (*day, false)).chain(due.provisional.iter().map(|day| (*day, true))) {
                    prop_assert!(provisional || closes_at(day) <= now);
                    prop_assert!(held.iter().all(|held| held.day != day || held.provisional), "{} twice", day);
                    held.retain(|held| held.day != day);
                    held.push(record(day, provisional, now));
                }
                now = next_check(now, &zone);
            }
            for day in [first, first.plus(1)] {
                prop_assert!(held.iter().any(|held| held.day == day && !held.provisional), "{} not final", day);
            }
        }
    }
}
