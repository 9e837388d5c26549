//! The archive on a real folder.

mod foreign;
mod golden;
mod samples;
mod strangers;
mod sweeps;
