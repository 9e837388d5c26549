//! How an answer is held against the truth: a function an inference.
//!
//! There are two truths. What somebody does (their sleep, their work) is what a reader takes a result for. What complete knowledge of their
//! presence would give (the same method on three times the days, without a gap) is what a result estimates: only that can say
//! whether an interval is as wide as it should be.

pub(super) mod accounts;
pub(super) mod crowd;
pub(super) mod days;
pub(super) mod forecast;
pub(super) mod nights;

use model::analysis::bootstrap::{Estimate, around};
use model::validation::number::Held;
use model::validation::{Outcome, Quantity, Reading};

/// The hours of the clock.
const ROUND: f64 = 24.0;

/// Hours by which a time of the day may be off.
const HOURS: f64 = 2.0;

/// What the second truth is called.
const COMPLETE: &str = "the same method on three times the days, without a gap";

/// A number that is off by so much at most, or has failed.
const fn number(id: &'static str, unit: &'static str, against: &'static str, fails_over: f64) -> Quantity {
    Quantity { id, unit, against, fails_over }
}

/// A quantity that no number of its own can fail.
const fn plain(id: &'static str, unit: &'static str, against: &'static str) -> Quantity {
    Quantity { id, unit, against, fails_over: 0.0 }
}

/// A time of the clock against a true one.
fn clock(quantity: &'static Quantity, found: Estimate, truth: f64) -> Reading {
    let interval = found.interval.map(|held| Held::on_circle(held.from, held.to, truth, ROUND));
    Reading { quantity, outcome: Outcome::Number { error: around(found.value - truth, ROUND), interval } }
}

/// A number against a true one.
fn line(quantity: &'static Quantity, found: Estimate, truth: f64) -> Reading {
    let interval = found.interval.map(|held| Held::on_line(held.from, held.to, truth));
    Reading { quantity, outcome: Outcome::Number { error: found.value - truth, interval } }
}

/// A value that has no interval.
fn alone(value: f64) -> Estimate {
    Estimate { value, interval: None }
}

/// A value that has no truth.
fn value(quantity: &'static Quantity, found: f64) -> Reading {
    Reading { quantity, outcome: Outcome::Value(found) }
}
