//! What five-minute samples say of somebody, each result with what it was made of, or why there is none.
//!
//! All of it reads a [`grid::Grid`]: local days of 24 hours, with what is known of each. `docs/analysis.md` holds
//! definitions, formulae, sources, and known failures.

pub mod bootstrap;
pub mod chronotype;
pub mod circle;
mod clock_days;
pub mod favourites;
pub mod grid;
mod habits;
pub mod hiding;
pub mod history;
pub mod holidays;
pub mod inferable;
pub mod next;
pub mod offline;
pub mod offset;
pub mod pattern;
pub mod population;
pub mod portrait;
pub mod predictability;
pub mod record;
pub mod reference;
pub mod regularity;
pub mod rhythm;
mod stray;
pub mod summer_time;
pub mod tastes;
pub mod time_zone;
pub mod trial;
mod window;

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::words::Tier;

/// What a result is worked out by: cited on the page, and raised when a change makes other values of the same samples.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Method {
    /// What `docs/analysis.md` calls it.
    pub id: Cow<'static, str>,
    /// From 1.
    pub version: u16,
    /// The coarsest tier that has what it needs.
    pub tier: Tier,
}

impl Method {
    /// A version of a method.
    pub const fn new(id: &'static str, version: u16, tier: Tier) -> Method {
        Method { id: Cow::Borrowed(id), version, tier }
    }
}

/// A result, and what it is made of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Found<T> {
    /// The result.
    pub value: T,
    /// Local days that went into it.
    pub days: u32,
    /// How it was worked out.
    pub method: Method,
}

/// Why there is no result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error, Serialize, Deserialize)]
pub enum Refused {
    /// The account is a program, by what it did on its last days.
    #[error("this account is a program: flagged on two or more of the last seven days on which it was seen")]
    Bot,
    /// They were seen, or enough is known, on fewer days than the method needs.
    #[error("{have} days can be used, and {need} are needed")]
    FewDays {
        /// Days that can be used.
        have: u32,
        /// Days that the method needs.
        need: u32,
    },
    /// All that is known is alike, or nearly so: always there, or never, or as often in one part of the day as in another.
    #[error("hardly anything differs from one hour to another")]
    Constant,
    /// The account hardly ever leaves: a screen that is always on, or a program.
    #[error(
        "there is hardly any time of the day without presence: on half of the days the longest gap is {minutes} minutes or less"
    )]
    AlwaysOn {
        /// The median of the days' longest gaps.
        minutes: u32,
    },
    /// They were never seen in a list: when they are there without a word is not known.
    #[error("only what they wrote is known, and not when they were there")]
    SpeechOnly,
    /// What is kept of them is too coarse.
    #[error("this needs days kept by {needs}, and there are too few")]
    Coarse {
        /// The coarsest tier that would do.
        needs: Tier,
    },
    /// They are there least outside of the hours that the samples of them can tell of.
    #[error("they are there least from {hour}:00 on, when those whom they watch are off air")]
    Elsewhere {
        /// The first hour, 0–23, of the five with least presence.
        hour: u8,
    },
    /// Hours of the day of which nothing is known.
    #[error("{hours} hours of the day are never known")]
    Gaps {
        /// How many of 24.
        hours: u32,
    },
}
