//! The website over real HTTP, on a real store that was filled through simulator, collector, archive and importer.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod examples;
mod headers;
mod input;
mod live;
mod opted_out;
mod routes;
mod support;
#[path = "../../../importer/tests/import/world.rs"]
#[allow(dead_code, unreachable_pub, reason = "other tests use the rest of it")]
mod world;
