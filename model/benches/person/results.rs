//! All that is worked out of a person, at once: what is timed together, and compared between natives and browsers.

use model::analysis::Found;
use model::analysis::bootstrap::Drawings;
use model::analysis::history::History;
use model::analysis::holidays::Country;
use model::analysis::next::{Next, next};
use model::analysis::offset::Prior;
use model::analysis::population::{Base, POPULATION_VERSION, Part, Population};
use model::analysis::portrait::{Finding, Portrait, Reading, portrait};
use model::analysis::record::{Record, Trace};
use model::analysis::reference::{Reference, ReferenceError};
use model::analysis::tastes::{self, Tastes, tastes};
use model::analysis::time_zone::{TimeZone, time_zone};
use model::day::Day;
use model::identity::{ChannelKey, GameKey};
use model::zone::ZoneTable;
use serde::Serialize;

/// A person, and what their results are worked out by.
pub(crate) struct Ground {
    pub(crate) trace: Trace,
    pub(crate) zone: ZoneTable,
    pub(crate) usual: Reference,
    pub(crate) prior: Prior,
    pub(crate) everybody: Population,
}

/// All results.
#[derive(Serialize)]
pub(crate) struct Results {
    portrait: Portrait,
    time_zone: Finding<TimeZone>,
    next: Finding<Next>,
    tastes: Result<Found<Tastes>, tastes::Refused>,
}

impl Ground {
    /// Of a record.
    pub(crate) fn of(record: &Record) -> Result<Ground, ReferenceError> {
        let evenings = std::array::from_fn(|hour| 1.5 + ((hour as f64 - 21.0) * std::f64::consts::TAU / 24.0).cos());
        Ok(Ground {
            trace: record.trace(),
            zone: ZoneTable::new("Europe/Paris", 3_600, Vec::new()),
            usual: Reference::new(evenings, [1.0; 24], [0; 3])?,
            prior: Prior::french(),
            everybody: population(record.until.plus(-1)),
        })
    }

    pub(crate) fn portrait(&self, drawings: Drawings) -> Portrait {
        portrait(&self.trace, &Reading { zone: &self.zone, holidays: Some(Country::France), drawings })
    }

    pub(crate) fn time_zone(&self, drawings: Drawings) -> Finding<TimeZone> {
        time_zone(self.trace.fine(), self.trace.slots(), &self.usual, &self.prior, drawings)
    }

    pub(crate) fn next(&self, drawings: Drawings) -> Finding<Next> {
        let history = History { first: self.trace.fine(), states: self.trace.states(), zone: &self.zone, over: 0 };
        // Each channel is live every third hour.
        let live = |hour: usize, key: ChannelKey| Some((hour + key.0 as usize).is_multiple_of(3));
        next(&history, live, drawings)
    }

    pub(crate) fn tastes(&self, drawings: Drawings) -> Result<Found<Tastes>, tastes::Refused> {
        tastes(&self.trace, &self.everybody, drawings)
    }

    pub(crate) fn all(&self, drawings: Drawings) -> Results {
        Results {
            portrait: self.portrait(drawings),
            time_zone: self.time_zone(drawings),
            next: self.next(drawings),
            tastes: self.tastes(drawings),
        }
    }
}

/// What stands for nothing among numbers: no result has it.
const NOTHING: f64 = -1e300;

impl Results {
    /// All that is in them, in order: numbers, yes as 1 and no as 0, and where nothing is told a number that no result has.
    pub(crate) fn numbers(&self) -> Vec<f64> {
        fn walk(value: &serde_json::Value, all: &mut Vec<f64>) {
            match value {
                serde_json::Value::Number(number) => all.push(number.as_f64().unwrap_or(NOTHING)),
                serde_json::Value::Bool(is) => all.push(f64::from(u8::from(*is))),
                serde_json::Value::Null => all.push(NOTHING),
                serde_json::Value::Array(values) => values.iter().for_each(|value| walk(value, all)),
                serde_json::Value::Object(values) => values.values().for_each(|value| walk(value, all)),
                serde_json::Value::String(_) => {}
            }
        }
        let mut all = Vec::new();
        walk(&serde_json::to_value(self).unwrap_or_default(), &mut all);
        all
    }
}

/// Everybody, whose time goes to two thousand channels and five games.
fn population(day: Day) -> Population {
    let watched = |keys: u32| (0..keys).map(move |key| (u64::from(keys - key) * 1_000, keys - key));
    let channels = (0..).map(ChannelKey).zip(watched(2_000)).collect();
    let games = (0..).map(GameKey).zip(watched(5)).collect();
    Population {
        version: POPULATION_VERSION,
        day,
        days: 28,
        people: 100_000,
        read: 100_000,
        zone: "Europe/Paris".to_owned(),
        time_zone: None,
        time_zone_people: 0,
        listed: 100_000,
        tastes: Some(Base { people: 100_000, channels: Part::of(&channels, 2_000), games: Part::of(&games, 5) }),
    }
}
