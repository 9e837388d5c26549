//! Imports from real archives into real stores.

mod naive;
mod refusals;
mod worked_examples;
mod world;
