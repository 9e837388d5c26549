//! How long many small things took.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// Latencies in milliseconds.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Latencies(Vec<f64>);

impl Latencies {
    /// Adds one.
    pub(crate) fn push(&mut self, took: Duration) {
        self.0.push(took.as_secs_f64() * 1e3);
    }

    /// Adds all of others.
    pub(crate) fn append(&mut self, mut others: Latencies) {
        self.0.append(&mut others.0);
    }

    /// The one that this share of all, 0–1, are not above.
    fn at(&self, share: f64) -> f64 {
        let mut all = self.0.clone();
        all.sort_unstable_by(f64::total_cmp);
        let place = (share * all.len() as f64).ceil() as usize;
        all.get(place.saturating_sub(1)).copied().unwrap_or(f64::NAN)
    }
}

/// `p50 0.41 ms, p99 3.80 ms, at most 9.12 ms (2000 times)`
impl std::fmt::Display for Latencies {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (median, most, worst) = (self.at(0.5), self.at(0.99), self.at(1.0));
        write!(f, "p50 {median:.2} ms, p99 {most:.2} ms, at most {worst:.2} ms ({} times)", self.0.len())
    }
}
