//! Studies of small days, through the public doors.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod codecs;
mod days;
mod support;
