//! `[archive]`: where samples are kept.

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
}

impl Default for ArchiveConfig {
    fn default() -> ArchiveConfig {
        ArchiveConfig { url: "data/archive".to_owned(), origin: Origin::Real }
    }
}
