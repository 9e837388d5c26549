//! Days of real stores compared with real archives.

#![allow(clippy::unwrap_used, reason = "what a test cannot do without fails it")]

mod agreement;
mod corruptions;
mod independence;
mod manifest;
mod planted;
mod tables;
mod too_old;
#[path = "../import/world.rs"]
#[allow(dead_code)] // Those tests write other days.
mod world;

use importer::verify::options::VerifyOptions;
use importer::verify::report::VerifyReport;
use importer::verify::verify_day;
use store::access::{Job, JobKey};
use world::{World, day};

/// Compares the world's day; it has to be possible.
pub(crate) async fn verify(world: &World, options: &VerifyOptions) -> VerifyReport {
    let job = JobKey::grant(Job::Verification);
    verify_day(&world.archive, &world.store, &job, day(), options).await.unwrap()
}

/// With so many viewers and channels in the sample.
pub(crate) fn sample(size: usize) -> VerifyOptions {
    VerifyOptions { viewers: size, channels: size, ..VerifyOptions::default() }
}
