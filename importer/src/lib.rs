//! Archive to store, a day at a time.
//!
//! [`import::import_day`] reads a day's sweeps, merges for each channel every sorted list with the one before it (only
//! who comes and who goes costs anything), turns the runs into one row a person, and has the store put the day in the
//! place of the one it held. Memory is bounded whatever the day's size: runs wait in temporary files. [`schedule`] says
//! which days are due; whoever has the clock asks it. [`verify`] works a day out again, another way, and compares.
//! [`nightly`] works out what is asked of weeks of everybody, [`crowd`] what somebody is held against, [`retention`] closes months and makes them coarser, [`erase`] removes a
//! person, [`export`] writes for others.
//!
//! Absent on purpose: a clock, and any repair of an archive. An object that cannot be understood stops the import with
//! its name and line, and the store keeps the day it had.

mod bad_sweeps;
pub mod bots;
pub mod channels;
pub mod crowd;
pub mod erase;
pub mod error;
pub mod export;
pub mod import;
mod learnt;
mod made;
mod merge;
mod name;
pub mod nightly;
pub mod options;
mod people;
mod renamed;
pub mod retention;
pub mod schedule;
mod spill;
mod stages;
pub mod verify;
