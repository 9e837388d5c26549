//! `[archive]`: where samples are kept.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};
use archive::path::DESCRIPTION;
use collector::spool::Spool;
use model::words::Origin;
use serde::{Deserialize, Serialize};

/// `[archive]`.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct ArchiveConfig {
    /// A folder, or a bucket of an object store: `s3://bucket/folder`, `gs://…`, `az://…`, whose address and credentials are
    /// in the environment.
    pub url: String,
    /// Where the samples come from: `real`, or `simulated` where the collector asks a simulator.
    pub origin: Origin,
    /// A folder of this machine, in which sweeps wait until a bucket takes them. Samples in a folder need none.
    spool: String,
    /// Megabytes above which no sweep is made, so that an outage does not fill the disk. 288 sweeps of 2,000 channels are
    /// some 250.
    spool_mb: u64,
}

impl Default for ArchiveConfig {
    fn default() -> ArchiveConfig {
        ArchiveConfig {
            url: "data/archive".to_owned(),
            origin: Origin::Real,
            spool: "data/spool".to_owned(),
            spool_mb: 4_000,
        }
    }
}

impl ArchiveConfig {
    /// Whether it is a bucket, before which there is a spool.
    pub fn is_bucket(&self) -> bool {
        !self.url.starts_with("file://") && self.url.contains("://")
    }

    /// The folder of the spool, and the bytes above which no sweep is made.
    pub fn spool_room(&self) -> (&str, u64) {
        (&self.spool, self.spool_mb.saturating_mul(1_000_000))
    }

    /// The spool before a bucket; before a folder there is none, unless sweeps wait in it that a bucket has not taken.
    /// Errors: its folder cannot be used.
    pub async fn spool(&self) -> Result<Option<Spool>> {
        let (folder, most) = self.spool_room();
        if !self.is_bucket() {
            let url = self.url.strip_prefix("file://").unwrap_or(&self.url);
            let same = |a: &str, b: &str| {
                a == b || fs::canonicalize(a).is_ok_and(|a| fs::canonicalize(b).is_ok_and(|b| a == b))
            };
            // What waits in the archive's own folder is there already.
            if same(folder, url) || !Path::new(folder).join(DESCRIPTION).exists() {
                return Ok(None);
            }
        }
        let cannot = || format!("cannot use [archive] spool = {}", self.spool);
        let spool = Spool::open(folder, self.origin, most).await.with_context(cannot)?;
        let is_needed = self.is_bucket() || !spool.is_empty().await.with_context(cannot)?;
        Ok(is_needed.then_some(spool))
    }
}
