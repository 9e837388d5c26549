//! Populations to hold inferences against: people whose nights, work and moves are known, in two families.
//!
//! Methods are tuned on [`Family::A`] and told of [`Family::B`], whose people are harder to read: they stop watching hours
//! before bed or fall asleep in front of it, take naps, are ill, go away, move to another zone. Neither is made by the model
//! that an inference assumes: people have days (`agenda`), free stretches in them, and an appetite that grows as
//! their day goes on (`watching`); what is on air decides the rest. All figures are in [`table`];
//! [`crate::truth::person`] tells who somebody is and when they slept.

pub(crate) mod agenda;
pub(crate) mod individual;
mod places;
pub mod table;
#[cfg(test)]
mod tests;
mod watching;

use model::day::Day;
use serde::{Deserialize, Serialize};

use crate::account::{Accounts, Circles};
use crate::channel::channels;
use crate::error::SimulatorError;
use crate::population::individual::{Individual, Maker};
use crate::world::World;
use crate::zone::Zones;

/// Raised whenever the same seed gives other people or other days: what was written by another version is of others.
pub const VERSION: u16 = 1;

/// Which of the two kinds of populations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Family {
    /// The one that methods are tuned on: regular people who watch until shortly before bed.
    A,
    /// The one that they are reported on.
    B,
}

/// How somebody lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PersonKind {
    /// Works by day.
    Worker,
    /// Works by night, on four or five nights of the week.
    NightWorker,
    /// Has lessons by day, and school holidays.
    Student,
    /// Works by day, has small children in the evening, who also wake them on free days.
    Parent,
    /// Retired, on leave, looking for work.
    Home,
    /// Has no work, and no usual hour to sleep.
    Irregular,
    /// No person: a screen that hardly ever goes off.
    AlwaysOn,
    /// No person: a program in many chats at once.
    Bot,
}

impl PersonKind {
    /// Whether somebody sleeps behind the account.
    pub fn is_person(self) -> bool {
        !matches!(self, PersonKind::AlwaysOn | PersonKind::Bot)
    }
}

/// How many people to invent, and for which days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sample {
    /// People, screens and programs; some have a second account: 100 to 1,000,000.
    pub people: u32,
    /// Channels: 20 to 20,000.
    pub channels: u32,
    /// The first UTC day that is asked about.
    pub from: Day,
    /// The day after the last. Who moves does so in the middle half of these days.
    pub until: Day,
}

impl World {
    /// Invents the people of a family. The same seed, family and sample give the same answers, whatever is asked first.
    /// Errors: too few or too many; a machine without time zones.
    pub fn of_family(seed: u64, family: Family, sample: Sample) -> Result<World, SimulatorError> {
        let Sample { people, channels: count, from, until } = sample;
        if !(100..=1_000_000).contains(&people) || !(20..=20_000).contains(&count) {
            return Err(SimulatorError::Population { viewers: people, channels: count });
        }
        let zones = Zones::load()?;
        let mut channels = channels(seed, count);
        places::settle(seed, family, &mut channels);
        let circles = Circles::new(&channels);
        let maker = Maker { seed, family, zones: &zones, channels: &channels, circles: &circles, from, until };
        let folk: Vec<Individual> = (0..people).map(|number| maker.individual(number)).collect();
        let accounts = Accounts::of_folk(seed, folk, &channels);
        Ok(World::of(seed, zones, channels, accounts))
    }
}
