//! Charts as text: snapshots, hostile input, properties.

mod fixtures;
mod snapshots;
