//! What stops the program at any moment: a kill, a full disk, a database that goes away. The store and the archive are those
//! from before or those from after, or the next run makes them so.
//!
//! Each round starts the real program where a case begins, stops it, looks, and lets it finish. Moments come from a seed,
//! which a failure prints. A few rounds a case here; `make soak` runs more.
#![allow(clippy::unwrap_used, reason = "the setting that allows it in tests knows test functions only")]

mod cases;
#[path = "../../../store/tests/conformance/cluster.rs"]
#[allow(dead_code, unreachable_pub, reason = "other tests use the rest of it")]
mod cluster;
mod disk;
mod full;
mod halfway;
mod kill;
mod lost;
mod place;
mod restore;
mod temporary;

/// Of every Postgres here: the machine does not crash, and what only processes could lose need not be on the disk.
const SETTINGS: &[&str] = &["fsync=off"];

/// The same numbers for the same seed: Knuth's linear congruential generator.
fn chance(seed: &mut u64) -> f64 {
    *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    (*seed >> 11) as f64 / (1u64 << 53) as f64
}
