//! The crowd: what can be said of somebody only beside everybody else.
//!
//! [`single_out`] tells how few sightings of a person fit nobody else, [`found_again`] whether their habits would give them
//! away under another name. Both ask an [`index::Index`] of 28 days of everybody, made by a [`build::Builder`] in one pass over
//! people. The index knows people by the store's keys alone; no answer names anybody. `docs/analysis.md` has definitions and
//! known failures, `docs/crowd-index.md` the bytes.

pub mod build;
pub mod calendar;
mod counting;
mod draws;
mod effort;
mod erase;
mod fitting;
pub mod found_again;
pub mod index;
#[cfg(test)]
mod naive;
mod posting;
#[cfg(test)]
mod relabelled;
mod scoring;
pub mod single_out;
mod trace;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::day::Day;
use crate::presence::ViewerDay;
use index::Index;

/// People of the last week that a crowd has at least: among fewer everybody is somebody.
pub const PEOPLE_NEEDED: u32 = 1_000;

/// Whether it may be asked where somebody stands in a crowd, by all of their days. Refused: a program; a crowd of fewer than
/// [`PEOPLE_NEEDED`].
pub fn askable<B: AsRef<[u8]>>(index: &Index<B>, days: &[(Day, ViewerDay)]) -> Result<(), Refused> {
    if trace::is_bot(index.calendar(), days) {
        return Err(Refused::Bot);
    }
    let have = index.week_people();
    if have < PEOPLE_NEEDED { Err(Refused::FewPeople { have, need: PEOPLE_NEEDED }) } else { Ok(()) }
}

/// Why the crowd says nothing of somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error, Serialize, Deserialize)]
pub enum Refused {
    /// The account is a program: there is no crowd of those.
    #[error("this account is a program: flagged on two or more of the last seven days on which it was seen")]
    Bot,
    /// The index has too few people for anybody to be hidden among.
    #[error("the crowd has {have} people, and {need} are needed")]
    FewPeople {
        /// People in it.
        have: u32,
        /// How many a crowd has at least.
        need: u32,
    },
    /// They were hardly seen in the last week.
    #[error("{have} sightings of the last week are held, and {need} are needed")]
    FewSightings {
        /// Slots in a channel.
        have: u32,
        /// How many the method needs.
        need: u32,
    },
    /// They were seen on too few days.
    #[error("{have} active days are held, and {need} are needed")]
    FewDays {
        /// Days with presence.
        have: u32,
        /// How many the method needs.
        need: u32,
    },
    /// One half of the days has next to nothing of them.
    #[error("of the two halves one has {known} active days and the other {asked}, and each needs {need}")]
    EmptyHalf {
        /// Active days of the half that is taken as known.
        known: u32,
        /// Active days of the half that is asked about.
        asked: u32,
        /// How many each needs.
        need: u32,
    },
}
