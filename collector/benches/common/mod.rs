//! What benches measure of processes, and what their two processes share.

#![allow(dead_code, reason = "each bench uses a part of it")]

use std::error::Error;
use std::process::Child;

use collector::clock::Clock;
use collector::helix::{Helix, HelixConfig};

pub(crate) type Failure = Box<dyn Error + Send + Sync>;

/// A process that ends with the program.
pub(crate) struct Ended(pub(crate) Child);

impl Drop for Ended {
    fn drop(&mut self) {
        // It may have ended by itself.
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

/// CPU of this process, user and system, as Linux tells it in hundredths of a second.
pub(crate) fn cpu_seconds() -> Result<f64, Failure> {
    let stat = std::fs::read_to_string("/proc/self/stat")?;
    let (_, behind_name) = stat.rsplit_once(')').ok_or("no name")?;
    let ticks: Vec<&str> = behind_name.split_whitespace().skip(11).take(2).collect();
    Ok(ticks.iter().map(|ticks| ticks.parse::<f64>()).sum::<Result<f64, _>>()? / 100.0)
}

/// The most that this process had resident.
pub(crate) fn peak_megabytes() -> Result<f64, Failure> {
    status_megabytes("VmHWM:")
}

/// What this process has resident now.
pub(crate) fn resident_megabytes() -> Result<f64, Failure> {
    status_megabytes("VmRSS:")
}

fn status_megabytes(name: &str) -> Result<f64, Failure> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix(name)).ok_or("the kernel does not tell it")?;
    Ok(line.trim().strip_suffix(" kB").ok_or("no unit")?.parse::<f64>()? * 1_024.0 / 1e6)
}

/// A virtual clock that showed `start_ms` when the wall's showed `started_ms`: two processes that are told both have one clock.
pub(crate) fn clock_since(started_ms: i64, start_ms: i64, speed: f64) -> Clock {
    let since = Clock::wall().now_ms() - started_ms;
    Clock::virtual_from(start_ms + (since as f64 * speed) as i64, speed)
}

/// Helix of a simulated Twitch.
pub(crate) fn helix(base: &str) -> Result<Helix, Failure> {
    let config = HelixConfig {
        base: format!("{base}/helix"),
        oauth: format!("{base}/oauth2"),
        client_id: "bench".to_owned(),
        client_secret: "secret".to_owned(),
    };
    Ok(Helix::new(collector::http::client()?, config))
}
