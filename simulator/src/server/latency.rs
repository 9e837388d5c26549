//! How long answers take: most of them about as long, few of them far longer.

use std::time::Duration;

use crate::dice::{Dice, Purpose};

/// The upper percentile of a normal distribution that [`Latency::p99`] is, in standard deviations.
const P99_DEVIATIONS: f64 = 2.326;

/// A log-normal distribution, as latencies of servers are. In real time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Latency {
    /// Half of the answers take no longer.
    pub median: Duration,
    /// Of a hundred answers one takes longer.
    pub p99: Duration,
}

impl Latency {
    /// Answers come as soon as they can.
    pub const NONE: Latency = Latency { median: Duration::ZERO, p99: Duration::ZERO };

    /// Of the request with this number, the same in every run.
    fn of(self, request: u64) -> Duration {
        if self.median.is_zero() {
            return Duration::ZERO;
        }
        let deviations = Dice::new(0, Purpose::Latency, request, 0).bell(1.0);
        let tail = self.p99.max(self.median).as_secs_f64() / self.median.as_secs_f64();
        self.median.mul_f64(tail.powf(deviations / P99_DEVIATIONS))
    }

    /// Waits for as long as this request takes.
    pub(super) async fn delay(self, request: u64) {
        let delay = self.of(request);
        if !delay.is_zero() {
            tokio::time::sleep(delay).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_are_below_the_median_and_one_in_a_hundred_above_the_p99() {
        let latency = Latency { median: Duration::from_millis(50), p99: Duration::from_millis(200) };
        let mut all: Vec<u128> = (0..10_000).map(|request| latency.of(request).as_millis()).collect();
        all.sort_unstable();
        assert!((47..=53).contains(&all[5_000]) && (170..=230).contains(&all[9_900]), "{} {}", all[5_000], all[9_900]);
        assert_eq!(Latency::NONE.of(7), Duration::ZERO);
    }
}
