//! Imports from real archives into real stores.

#![allow(clippy::unwrap_used, reason = "what a test cannot do without fails it")]

mod bad_archives;
mod damages;
mod erase;
mod erase_late;
mod erasing;
mod golden;
mod learnt;
mod naive;
mod options;
mod refusals;
mod retention;
mod scanner;
mod tables;
mod told;
mod worked_examples;
mod world;
