//! The archive on a real folder.

#![allow(clippy::unwrap_used, reason = "what a test cannot do without fails it")]

mod erase;
mod false_index;
mod foreign;
mod golden;
mod renamed;
mod samples;
mod stays;
mod strangers;
mod sweeps;
