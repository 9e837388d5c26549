//! The website over real HTTP, on a real store that was filled through simulator, collector, archive and importer.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod examples;
mod headers;
mod input;
mod opted_out;
mod routes;
mod support;
