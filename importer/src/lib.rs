//! Archive to store, a day at a time.
//!
//! [`import::import_day`] reads a day's sweeps in order of slots, merges each sorted list with the one before it (only
//! who comes and who goes costs anything), turns the runs into one row a person, and has the store put the day in the
//! place of the one it held. [`schedule`] says which days are due; whoever has the clock asks it.
//!
//! Absent on purpose: a clock, and any repair of an archive. An object that cannot be understood stops the import with
//! its name and line, and the store keeps the day it had.

pub mod bots;
pub mod channels;
pub mod error;
pub mod import;
pub mod merge;
mod people;
pub mod schedule;
