//! What benches measure of processes.

use std::error::Error;
use std::process::Child;

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
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).ok_or("no peak")?;
    Ok(line.trim().strip_suffix(" kB").ok_or("no unit")?.parse::<f64>()? * 1_024.0 / 1e6)
}
