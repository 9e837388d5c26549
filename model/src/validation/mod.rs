//! How good inferences are, of people whose truth is known: pure statistics, without anybody's data.
//!
//! A [`Case`] is one inference asked about one account. [`score`](score::score) makes of many of them what is reported: how often there was no
//! answer and why, errors, how often intervals hold the truth and how wide they are, and of which people it fails most.
//! `docs/validation.md` has the definitions in words.

pub mod detection;
pub mod number;
pub mod ranks;
pub mod reliability;
pub mod score;
pub mod share;
pub mod sleep;

use serde::Serialize;

/// One inference, asked about one account.
#[derive(Clone, Debug, PartialEq)]
pub struct Case {
    /// What the person is one of: their kind, and what is special about them. Failures are told by these.
    pub groups: Vec<&'static str>,
    /// Whether somebody is behind the account whom the inference can be about. Answers about others count apart.
    pub has_truth: bool,
    /// What it said.
    pub answer: Answer,
}

/// What an inference says.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// Nothing, and why: the name of the reason, without its numbers.
    Refused(&'static str),
    /// Something, held against the truth: a reading a quantity.
    Found(Vec<Reading>),
}

/// One quantity of an answer, held against the truth.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reading {
    /// Which.
    pub quantity: &'static Quantity,
    /// How it came out.
    pub outcome: Outcome,
}

/// A quantity that an inference tells.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Quantity {
    /// Its name, within its inference.
    pub id: &'static str,
    /// What its numbers are in; empty where it has none.
    pub unit: &'static str,
    /// What it is held against, in words.
    pub against: &'static str,
    /// Of numbers: an error of more than this is a failure. Of ranks: a rank of more than this.
    pub fails_over: f64,
}

/// How a quantity came out.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Outcome {
    /// A number, against a true one.
    Number {
        /// Found less true; on a clock the shorter way round.
        error: f64,
        /// Its interval, where it has one.
        interval: Option<number::Held>,
    },
    /// Yes or no, against the truth.
    Detected {
        /// The higher, the likelier yes.
        score: f64,
        /// What was said.
        said: bool,
        /// What is.
        truth: bool,
    },
    /// Right or wrong.
    Right(bool),
    /// A chance that was claimed for something, 0–1, and whether it came true.
    Claimed {
        /// The chance.
        chance: f64,
        /// Whether it is so.
        held: bool,
    },
    /// The place of the right one among others.
    Rank {
        /// From 1.
        rank: u32,
        /// How many there are.
        among: u32,
    },
    /// A value that has no truth.
    Value(f64),
}

impl Outcome {
    /// Whether it is a failure: wrong, or further off than the quantity allows. A claim and a value cannot fail by themselves.
    pub fn is_failure(&self, quantity: &Quantity) -> bool {
        match *self {
            Outcome::Number { error, .. } => error.abs() > quantity.fails_over,
            Outcome::Detected { said, truth, .. } => said != truth,
            Outcome::Right(right) => !right,
            Outcome::Rank { rank, .. } => f64::from(rank) > quantity.fails_over,
            Outcome::Claimed { .. } | Outcome::Value(_) => false,
        }
    }
}
