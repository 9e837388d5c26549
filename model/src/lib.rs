//! The vocabulary of Vigie and its pure logic: no I/O, no clock, no async.
//!
//! Time is UTC days of 288 [`slot`]s; a person's [`presence`] is stored as runs and read as [`session`]s; what was
//! not observed travels beside it ([`channel_day`], [`coverage`]). Zones, clocks and chance are arguments.
//! What follows from them is worked out in [`analysis`] of somebody, in [`statistics`] of channels, and in [`crowd`] with everybody else's data.
//! `docs/words.md` holds the normative meanings; `golden/worked-examples.json` holds them as data.

pub mod aggregate;
pub mod analysis;
pub mod channel_day;
pub mod channel_schedule;
pub mod codec;
pub mod coverage;
pub mod crowd;
pub mod day;
pub mod format;
pub mod hours;
pub mod hours_schedule;
pub mod identity;
pub mod login;
pub mod order;
pub mod presence;
pub mod run;
pub mod sample;
pub mod search;
pub mod session;
pub mod slot;
pub mod slot_set;
pub mod statistics;
pub mod summary;
pub mod sweep;
pub mod validation;
pub mod viewer_schedule;
pub mod words;
pub mod zone;
