//! `[archive]`: where samples are kept.

use anyhow::{Context as _, Result};
use collector::spool::Spool;
use model::words::Origin;
use serde::Deserialize;

/// `[archive]`.
#[derive(Clone, Debug, Deserialize)]
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
    /// The spool before a bucket; nothing before a folder. Errors: its folder cannot be used.
    pub async fn spool(&self) -> Result<Option<Spool>> {
        if self.url.starts_with("file://") || !self.url.contains("://") {
            return Ok(None);
        }
        let opened = Spool::open(&self.spool, self.origin, self.spool_mb * 1_000_000).await;
        opened.map(Some).with_context(|| format!("cannot use [archive] spool = {}", self.spool))
    }
}
