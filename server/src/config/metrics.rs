//! `[metrics]`: figures of the running program.

use std::net::SocketAddr;

use serde::{Deserialize, Serialize};

/// `[metrics]`.
#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct MetricsConfig {
    /// The address that `/metrics` is told at, in Prometheus' text format; nowhere by default.
    pub listen: Option<SocketAddr>,
}
