//! Exports of real stores, read back.

#![allow(clippy::unwrap_used, reason = "what a test cannot do without fails it")]

mod few;
mod files;
mod opted_out;
mod order;
mod refusals;
mod same_content;
mod strangers;
#[path = "../import/world.rs"]
#[allow(dead_code)] // Those tests write other days.
mod world;
