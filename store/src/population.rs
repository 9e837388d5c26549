//! What the nightly pass knows of everybody, on its way into the store and out of it.

use std::collections::HashSet;

use model::analysis::population::{POPULATION_VERSION, Population};
use model::day::Day;
use model::identity::ChannelKey;
use serde::Deserialize;

use crate::error::{Damage, Result, StoreError};

/// What is known of everybody, to be put in the place of what is held.
#[derive(Clone, Debug)]
pub struct PopulationWrite {
    /// The days that were read for it, with their generations, its last day among them: another one by now, and nothing is kept.
    pub read: Vec<(Day, u32)>,
    /// [`crate::suppression::SuppressedRows::withdrawals`] before anything was read: whoever opted out or was erased since is in it,
    /// and it is not kept.
    pub withdrawals: u64,
    /// When it was made, Unix time in seconds.
    pub made_at: i64,
    /// How long that took, in milliseconds.
    pub made_ms: u32,
    /// It.
    pub population: Population,
}

/// What is held of everybody, in few figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PopulationRecord {
    /// The last of its days.
    pub day: Day,
    /// The generation of that day that it was made of: of another one held, it is to be made again.
    pub generation: u32,
    /// [`model::analysis::population::POPULATION_VERSION`] when it was made.
    pub version: u16,
    /// When it was made, Unix time in seconds.
    pub made_at: i64,
    /// How long that took, in milliseconds.
    pub made_ms: u32,
    /// Days that it was made of.
    pub days: u16,
}

impl PopulationWrite {
    /// The generation of its last day as it was read.
    pub(crate) fn generation(&self) -> Option<u32> {
        self.read.iter().find(|(day, _)| *day == self.population.day).map(|(_, generation)| *generation)
    }
}

/// Its text. Errors: a number that JSON does not have, which it never holds.
pub(crate) fn to_text(population: &Population, place: &str) -> Result<String> {
    serde_json::to_string(population).map_err(|_| damaged(place))
}

/// What every version of its text has.
#[derive(Deserialize)]
struct Version {
    version: u16,
}

/// Of its text, without the channels that opted out; nothing of another version, which the next night makes again. Errors: it is not one of
/// ours.
pub(crate) fn of_text(text: &str, hidden: &HashSet<ChannelKey>, place: &str) -> Result<Option<Population>> {
    let Version { version } = serde_json::from_str(text).map_err(|_| damaged(place))?;
    if version != POPULATION_VERSION {
        return Ok(None);
    }
    let mut population: Population = serde_json::from_str(text).map_err(|_| damaged(place))?;
    population.leave_out(|channel| hidden.contains(&channel));
    Ok(Some(population))
}

fn damaged(place: &str) -> StoreError {
    StoreError::Damaged { place: place.to_owned(), source: Damage::Value("population") }
}
