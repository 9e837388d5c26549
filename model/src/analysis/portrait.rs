//! All that a trace says of somebody by itself, in one answer: what a page shows, a browser recomputes and a validation judges.

use serde::{Deserialize, Serialize};

use super::bootstrap::Drawings;
use super::chronotype::{Chronotype, chronotype};
use super::favourites::{Favourites, favourites};
use super::grid::HOURS;
use super::holidays::{Country, is_weekend};
use super::inferable::inferable;
use super::offline::{Nights, Offline, offline};
use super::pattern::{Pattern, WEEKEND_SPAN, WORKDAY_SPAN, pattern, week};
use super::predictability::{Predictability, predictability};
use super::record::Trace;
use super::regularity::{Circadian, SleepRegularity, circadian, sleep_regularity};
use super::rhythm::{Rhythm, rhythm};
use super::{Found, Refused};
use crate::coverage::PersonCoverage;
use crate::day::Day;
use crate::words::Tier;
use crate::zone::ZoneTable;

/// A result, or why there is none.
pub type Finding<T> = Result<Found<T>, Refused>;

/// Everything.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Portrait {
    /// The first UTC day of the record.
    pub first: Day,
    /// The first that is kept by slot; [`Portrait::until`] where none is.
    pub fine: Day,
    /// The day after the last.
    pub until: Day,
    /// Local days with presence.
    pub active_days: u32,
    /// Minutes online by hour of workdays.
    pub workdays: Finding<Pattern>,
    /// The same of weekends, with holidays among them where the reader wants it.
    pub weekends: Finding<Pattern>,
    /// Minutes online by weekday (0 Monday) and hour.
    pub week: Finding<[[Option<f64>; HOURS]; 7]>,
    /// Minutes online of each local day, 0–1,440; nothing where it is not known well enough.
    pub calendar: Vec<(Day, Option<f64>)>,
    /// What they watch most.
    pub favourites: Finding<Favourites>,
    /// Regularity of hours.
    pub circadian: Finding<Circadian>,
    /// The sleep regularity index of presence.
    pub sleep_regularity: Finding<SleepRegularity>,
    /// The habitual window offline.
    pub offline: Finding<Offline>,
    /// Early or late.
    pub chronotype: Finding<Chronotype>,
    /// Workdays against free days.
    pub rhythm: Finding<Rhythm>,
    /// How well they could be foretold.
    pub predictability: Finding<Predictability>,
}

/// Where and how a trace is read.
#[derive(Clone, Copy, Debug)]
pub struct Reading<'a> {
    /// The zone of all local hours and days.
    pub zone: &'a ZoneTable,
    /// Whose public holidays are free days; nothing: weekends alone.
    pub holidays: Option<Country>,
    /// How intervals are drawn.
    pub drawings: Drawings,
}

impl Reading<'_> {
    /// Whether a local day is a weekend's, or a holiday that counts as one.
    pub fn is_free(&self, day: Day) -> bool {
        self.holidays.map_or_else(|| is_weekend(day), |country| country.is_free(day))
    }
}

/// Reads a trace. What was watched, and when, is told of everybody; what it says of them only of those who are [`inferable`].
pub fn portrait(trace: &Trace, reading: &Reading<'_>) -> Portrait {
    let Reading { zone, drawings, .. } = *reading;
    let is_free = |day| reading.is_free(day);
    let grid = trace.grid(zone);
    let coverage: Vec<PersonCoverage> = trace.slots().iter().map(|day| day.coverage).collect();
    let (fine, days) = (trace.fine(), trace.slots());
    let (by_hour, may) = (inferable(trace, Tier::Hours), inferable(trace, Tier::Slots));
    let nights = may.and_then(|()| Nights::of(fine, days, zone));
    let of_nights = || nights.as_ref().map_err(|refused| *refused);
    Portrait {
        first: trace.first(),
        fine,
        until: fine.plus(days.len() as i32),
        active_days: grid.days().iter().filter(|day| day.present() > 0).count() as u32,
        workdays: pattern(&grid, WORKDAY_SPAN, |day| !is_free(day)),
        weekends: pattern(&grid, WEEKEND_SPAN, is_free),
        week: week(&grid),
        calendar: grid.days().iter().map(|day| (day.day, day.minutes())).collect(),
        favourites: favourites(trace),
        circadian: by_hour.and_then(|()| circadian(&trace.fair_grid(zone), drawings)),
        sleep_regularity: may.and_then(|()| sleep_regularity(&coverage, drawings)),
        offline: of_nights().and_then(|nights| offline(nights, drawings, |_| true)),
        chronotype: of_nights().and_then(|nights| chronotype(nights, drawings, is_free)),
        rhythm: by_hour.and_then(|()| rhythm(&grid, drawings, is_free)),
        predictability: may.and_then(|()| predictability(trace.states(), drawings)),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::analysis::record::tests::{person, relabelled};

    fn read(trace: &Trace, zone: &ZoneTable) -> Portrait {
        portrait(trace, &Reading { zone, holidays: Some(Country::France), drawings: Drawings::of_seed(3) })
    }

    /// Every number of it.
    fn numbers(portrait: &Portrait) -> Vec<f64> {
        fn walk(value: &serde_json::Value, all: &mut Vec<f64>) {
            match value {
                serde_json::Value::Number(number) => all.push(number.as_f64().unwrap()),
                serde_json::Value::Array(values) => values.iter().for_each(|value| walk(value, all)),
                serde_json::Value::Object(values) => values.values().for_each(|value| walk(value, all)),
                _ => {}
            }
        }
        let mut all = Vec::new();
        walk(&serde_json::to_value(portrait).unwrap(), &mut all);
        all
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        /// Whatever was seen, there is an answer, and of channels only their names depend on their names.
        #[test]
        fn every_trace_has_a_portrait(record in person(60), offset in -48i32..57) {
            let zone = ZoneTable::new("there", offset * 900, Vec::new());
            let mut found = read(&record.trace(), &zone);
            let other = read(&relabelled(&record).trace(), &zone);
            // In JSON what is no number would be nothing.
            let told = format!("{found:?}");
            prop_assert!(!told.contains("NaN") && !told.contains("inf"), "{told}");
            if let (Ok(mine), Ok(theirs)) = (&mut found.favourites, &other.favourites) {
                for channel in &mut mine.value.channels {
                    channel.key.0 += 100;
                }
                prop_assert_eq!(mine, theirs);
            }
            found.favourites = other.favourites.clone();
            prop_assert_eq!(&found, &other);
            // As it travels it says the same.
            let json = serde_json::to_string(&found).unwrap();
            let again: Portrait = serde_json::from_str(&json).unwrap();
            let pairs = || numbers(&again).into_iter().zip(numbers(&found));
            prop_assert_eq!(numbers(&again).len(), numbers(&found).len());
            // To the last digit, which a text may round.
            prop_assert!(pairs().all(|(a, b)| (a - b).abs() <= 1e-12 * b.abs()));
        }
    }
}
