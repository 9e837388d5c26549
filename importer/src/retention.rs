//! What is closed, made coarser and removed as time goes by.
//!
//! [`plan`] says what is due; [`apply`] does one step, [`apply_all`] what can be done of several. Every step is whole or not begun, and done twice is done once, so
//! a run that was stopped is gone on with by planning anew.

use std::collections::{BTreeSet, HashMap};
use std::fmt;

use archive::Archive;
use archive::error::ArchiveError;
use model::channel_day::Segment;
use model::day::{Day, Month};
use model::hours::{ChannelFacts, month_in_hours};
use model::identity::{ChannelKey, GameKey};
use model::words::Tier;
use serde::Serialize;
use store::Store;
use store::access::JobKey;
use store::day::DayRecord;
use store::error::StoreError;
use store::month::{Game, MonthRecord};
use thiserror::Error;

/// How long what is kept, in days. A month goes as a whole, so the store keeps up to 31 days more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retention {
    /// Archive objects, and runs of slots.
    pub raw_days: u16,
    /// Hours; at least `raw_days`.
    pub hour_days: u16,
    /// After a month's end, the blocks of its days: until then a day of it is quickly replaced.
    pub open_days: u16,
}

impl Default for Retention {
    fn default() -> Retention {
        Retention { raw_days: 90, hour_days: 400, open_days: 7 }
    }
}

/// One thing to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// Put a month's days together by person.
    Close(Month),
    /// Remove the blocks of a closed month.
    DropOpen(Month),
    /// Make hours of a month's slots.
    Age(Month),
    /// Remove all that is held of persons in a month.
    Forget(Month),
    /// Remove a day's objects from the archive.
    DeleteObjects(Day),
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Step::Close(month) => write!(f, "close {month}: a row a person instead of blocks by day"),
            Step::DropOpen(month) => write!(f, "remove the blocks of {month}, which is closed"),
            Step::Age(month) => write!(f, "make hours of the slots of {month}"),
            Step::Forget(month) => write!(f, "remove all rows about persons of {month}"),
            Step::DeleteObjects(day) => write!(f, "remove the archive's objects of {day}"),
        }
    }
}

impl Step {
    /// The month of the store that it is about: a later step builds on those before it. Objects go by themselves.
    fn month(self) -> Option<Month> {
        match self {
            Step::Close(month) | Step::DropOpen(month) | Step::Age(month) | Step::Forget(month) => Some(month),
            Step::DeleteObjects(_) => None,
        }
    }
}

/// What a step did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Done {
    /// People whose rows were rewritten.
    pub people: u64,
    /// Objects removed from the archive.
    pub objects: u64,
}

/// A step that was not done.
#[derive(Debug, Error)]
pub enum RetentionError {
    /// The store refused.
    #[error("cannot {act} {month}")]
    Store {
        /// What was tried.
        act: &'static str,
        /// Of which month.
        month: Month,
        /// Why not.
        #[source]
        source: StoreError,
    },
    /// The archive refused.
    #[error("cannot remove the archive's objects of {day}")]
    Archive {
        /// The day.
        day: Day,
        /// Why not.
        #[source]
        source: ArchiveError,
    },
}

/// What is due on the day `today`, in the order in which it is to be done.
///
/// `archived` are the days of which the archive has anything, `held` the days of the store. A month is closed once it is
/// over and none of its days waits for its last import; it ages by its last day.
pub fn plan(
    today: Day,
    retention: Retention,
    months: &[MonthRecord],
    archived: &[Day],
    held: &[DayRecord],
) -> Vec<Step> {
    let mut steps = Vec::new();
    let is_final = |day: &Day| held.iter().any(|record| record.day == *day && !record.provisional);
    for record in months {
        let month = record.month;
        let age = |days: u16| month.next().first_day().plus(-1).plus(i32::from(days)) < today;
        let waits = archived.iter().filter(|day| day.month() == month).any(|day| !is_final(day))
            || held.iter().any(|record| record.day.month() == month && record.provisional);
        match record.closed {
            Some(Tier::Aggregates) => {}
            _ if age(retention.hour_days) => steps.push(Step::Forget(month)),
            // Days that still wait are too old for their last import.
            None if age(retention.raw_days) => steps.extend([Step::Close(month), Step::Age(month)]),
            Some(Tier::Slots) if age(retention.raw_days) => steps.push(Step::Age(month)),
            None if record.open && age(0) && !waits => {
                steps.push(Step::Close(month));
                if age(retention.open_days) {
                    steps.push(Step::DropOpen(month));
                }
            }
            Some(Tier::Slots) if record.open && age(retention.open_days) => steps.push(Step::DropOpen(month)),
            None | Some(Tier::Slots | Tier::Hours) => {}
        }
    }
    let old = archived.iter().filter(|day| day.plus(i32::from(retention.raw_days)) < today);
    steps.extend(old.map(|day| Step::DeleteObjects(*day)));
    steps
}

/// Does one step after the other, telling `done` of each. One that cannot be done keeps nothing else beyond its time but
/// what is left of its month, which is not begun. What could not be done; what was held of it is still held.
pub async fn apply_all(
    steps: &[Step],
    archive: &Archive,
    store: &impl Store,
    job: &JobKey,
    mut done: impl FnMut(Step, Done),
) -> Vec<RetentionError> {
    let (mut failures, mut stuck) = (Vec::new(), BTreeSet::new());
    for step in steps {
        if step.month().is_some_and(|month| stuck.contains(&month)) {
            continue;
        }
        match apply(*step, archive, store, job).await {
            Ok(did) => done(*step, did),
            Err(error) => {
                stuck.extend(step.month());
                failures.push(error);
            }
        }
    }
    failures
}

/// Does one step. Errors: the store's or the archive's; what was held is still held then.
pub async fn apply(step: Step, archive: &Archive, store: &impl Store, job: &JobKey) -> Result<Done, RetentionError> {
    let failed = |act, month| move |source| RetentionError::Store { act, month, source };
    match step {
        Step::Close(month) => {
            let outcome = store.close_month(job, month).await.map_err(failed("close", month))?;
            Ok(Done { people: outcome.people, objects: 0 })
        }
        Step::DropOpen(month) => {
            store.drop_open(job, month).await.map_err(failed("remove the blocks of", month))?;
            Ok(Done::default())
        }
        Step::Age(month) => {
            let failed = failed("make hours of", month);
            let facts = facts_of(store, job, month).await.map_err(failed)?;
            let hours = move |days: &[_]| month_in_hours(days, |channel, day| facts.get(&(channel, day)));
            let outcome = store.age_month(job, month, hours).await.map_err(failed)?;
            Ok(Done { people: outcome.people, objects: 0 })
        }
        Step::Forget(month) => {
            store.forget_month(job, month).await.map_err(failed("forget", month))?;
            Ok(Done::default())
        }
        Step::DeleteObjects(day) => {
            let objects = archive.delete_day(day).await.map_err(|source| RetentionError::Archive { day, source })?;
            Ok(Done { people: 0, objects })
        }
    }
}

/// What is needed of the month's channels to tell people's hours: some hundred bytes for each day of each.
async fn facts_of(
    store: &impl Store,
    job: &JobKey,
    month: Month,
) -> Result<HashMap<(ChannelKey, Day), ChannelFacts>, StoreError> {
    let days = month.first_day().until(month.next().first_day());
    let mut games: BTreeSet<Game> = BTreeSet::new();
    for day in days.clone() {
        let rows = store.channel_days(&store.channels_of_day(day).await?, day, day.plus(1)).await?;
        games.extend(rows.iter().flat_map(|row| &row.data.segments).filter_map(game));
    }
    let games: Vec<Game> = games.into_iter().collect();
    let keys: HashMap<&Game, GameKey> = games.iter().zip(store.game_keys(job, &games).await?).collect();
    let mut facts = HashMap::new();
    for day in days {
        for row in store.channel_days(&store.channels_of_day(day).await?, day, day.plus(1)).await? {
            facts.insert((row.channel, day), ChannelFacts::of(&row.data, |segment| keys.get(&game(segment)?).copied()));
        }
    }
    Ok(facts)
}

fn game(segment: &Segment) -> Option<Game> {
    let known = !segment.game.is_empty() || !segment.game_id.is_empty();
    known.then(|| Game { id: segment.game_id.clone(), name: segment.game.clone() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use store::day::DayStats;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    fn month(text: &str) -> Month {
        text.parse().unwrap()
    }

    fn held(day: Day, provisional: bool) -> DayRecord {
        DayRecord {
            day,
            provisional,
            until: None,
            imported_at: 0,
            import_ms: 0,
            stats: DayStats::default(),
            sweeps: 288,
        }
    }

    fn record(of: &str, open: bool, closed: Option<Tier>) -> MonthRecord {
        MonthRecord { month: month(of), open, closed }
    }

    fn due(today: &str, record: MonthRecord, archived: &[Day], held: &[DayRecord]) -> Vec<Step> {
        plan(day(today), Retention::default(), &[record], archived, held)
    }

    #[test]
    fn a_month_is_closed_when_it_is_over_and_final() {
        let last = day("2026-10-31");
        let open = record("2026-10", true, None);
        assert_eq!(due("2026-10-31", open, &[last], &[held(last, false)]), []);
        assert_eq!(due("2026-11-01", open, &[last], &[held(last, true)]), []);
        assert_eq!(due("2026-11-01", open, &[last], &[]), []);
        assert_eq!(due("2026-11-01", open, &[last], &[held(last, false)]), [Step::Close(month("2026-10"))]);
        let late = [Step::Close(month("2026-10")), Step::DropOpen(month("2026-10"))];
        assert_eq!(due("2026-11-08", open, &[last], &[held(last, false)]), late);
        let closed = record("2026-10", true, Some(Tier::Slots));
        assert_eq!(due("2026-11-07", closed, &[], &[held(last, false)]), []);
        assert_eq!(due("2026-11-08", closed, &[], &[held(last, false)]), [Step::DropOpen(month("2026-10"))]);
    }

    #[test]
    fn it_ages_by_its_last_day_and_objects_by_their_own() {
        let october = month("2026-10");
        let closed = record("2026-10", false, Some(Tier::Slots));
        // 31 October + 90 days is 29 January.
        assert_eq!(due("2027-01-29", closed, &[], &[]), []);
        assert_eq!(due("2027-01-30", closed, &[], &[]), [Step::Age(october)]);
        let forgotten_first = record("2026-10", true, None);
        assert_eq!(due("2027-01-30", forgotten_first, &[], &[]), [Step::Close(october), Step::Age(october)]);
        let hours = record("2026-10", false, Some(Tier::Hours));
        assert_eq!(due("2027-12-05", hours, &[], &[]), []);
        assert_eq!(due("2027-12-06", hours, &[], &[]), [Step::Forget(october)]);
        assert_eq!(due("2027-12-06", forgotten_first, &[], &[]), [Step::Forget(october)]);
        assert_eq!(due("2030-01-01", record("2026-10", false, Some(Tier::Aggregates)), &[], &[]), []);
        let (first, second) = (day("2026-10-01"), day("2026-10-02"));
        assert_eq!(due("2026-12-31", closed, &[first, second], &[]), [Step::DeleteObjects(first)]);
    }

    proptest! {
        /// Whatever was done when, slots are gone 31 days after their time, hours likewise, and nothing goes before.
        #[test]
        fn nothing_is_kept_longer_or_shorter(start in 20_000i32..21_000, asks in proptest::collection::vec(1i32..40, 1..60)) {
            let retention = Retention::default();
            let first = Day::from_days(start).unwrap();
            let mut months = vec![MonthRecord { month: first.month(), open: true, closed: None }];
            let mut archived: Vec<Day> = first.until(first.month().next().first_day()).collect();
            let records: Vec<DayRecord> = archived.iter().map(|day| held(*day, false)).collect();
            let last = *archived.last().unwrap();
            let mut today = first;
            for ask in asks {
                today = today.plus(ask);
                for step in plan(today, retention, &months, &archived, &records) {
                    let state = &mut months[0];
                    match step {
                        Step::Close(_) => state.closed = Some(Tier::Slots),
                        Step::DropOpen(_) => state.open = false,
                        Step::Age(_) => (state.open, state.closed) = (false, Some(Tier::Hours)),
                        Step::Forget(_) => (state.open, state.closed) = (false, Some(Tier::Aggregates)),
                        Step::DeleteObjects(day) => archived.retain(|kept| *kept != day),
                    }
                }
                let age = today.days() - last.days();
                let tier = months[0].closed.unwrap_or(Tier::Slots);
                let wanted = match age {
                    ..=90 => Tier::Slots,
                    91..=400 => Tier::Hours,
                    _ => Tier::Aggregates,
                };
                prop_assert_eq!(tier, wanted);
                prop_assert!(archived.iter().all(|day| today.days() - day.days() <= 90));
                prop_assert!(first.until(last.plus(1)).filter(|day| today.days() - day.days() <= 90).all(|day| archived.contains(&day)));
            }
        }
    }
}
