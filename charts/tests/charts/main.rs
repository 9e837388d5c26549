//! Charts as text: snapshots, hostile input, properties.

mod fixtures;
mod hostile;
mod properties;
mod snapshots;
mod xml;
