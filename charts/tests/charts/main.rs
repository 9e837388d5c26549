//! Charts as text: snapshots, hostile input, properties.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod fixtures;
mod hostile;
mod properties;
mod snapshots;
mod xml;
