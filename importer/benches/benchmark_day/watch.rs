//! One run of a program, watched from outside.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::{Duration, Instant};

use crate::Failure;
use crate::counts::{Counts, Took};
use crate::processes::{Memory, cpu_seconds, descendants};

/// Memory is looked at this often: often enough for what grows over seconds, seldom enough to cost nothing.
const EVERY: Duration = Duration::from_millis(10);
/// Which processes there are is looked at every so many looks: it takes as long as many of them.
const TREE_EVERY: u32 = 50;

/// What one run took.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Run {
    pub(crate) counts: Counts,
    pub(crate) seconds: f64,
    pub(crate) cpu_seconds: f64,
    /// The most there was of each kind, not of all at one moment.
    pub(crate) peak: Memory,
}

/// Runs a program to its end, watching its memory until it says its first word. One that tells its own seconds has its
/// start left out, which is no work on the day; of others `counts` reads the output, and the seconds are those from
/// outside. `apart` is a process that works for it and is not its child, whose memory and time are added.
///
/// Errors: it failed, or told something that cannot be understood.
pub(crate) fn watch(
    command: &mut Command,
    apart: Option<u32>,
    counts: impl FnOnce(&str) -> Option<Counts>,
) -> Result<Run, Failure> {
    let (own, aside) = (std::process::id(), || apart.map_or(0.0, tree_seconds));
    let before = (cpu_seconds(own).1, aside());
    let start = Instant::now();
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::inherit()).spawn()?;
    let output = BufReader::new(child.stdout.take().ok_or("no pipe")?);
    let pid = child.id();
    let (say, ended) = mpsc::channel();
    let watcher = std::thread::spawn(move || {
        let mut peak = Memory::default();
        let mut pids = vec![pid];
        for look in 0u32.. {
            if look.is_multiple_of(TREE_EVERY) {
                pids = [pid].into_iter().chain(apart).collect();
                pids.extend(descendants(pid));
                pids.extend(apart.map(descendants).unwrap_or_default());
            }
            peak = peak.max(Memory::of_all(&pids));
            if !matches!(ended.recv_timeout(EVERY), Err(RecvTimeoutError::Timeout)) {
                break;
            }
        }
        peak
    });
    let mut lines = Vec::new();
    for line in output.lines() {
        lines.push(line?);
        let _ = say.send(());
    }
    let status = child.wait()?;
    let seconds = start.elapsed().as_secs_f64();
    // It may have said nothing.
    drop(say);
    let peak = watcher.join().map_err(|_| "the watcher failed")?;
    if !status.success() {
        return Err(format!("{command:?} failed: {lines:?}").into());
    }
    let aside = aside() - before.1;
    if let [took, counts] = &lines[..] {
        let Took { seconds, cpu_seconds } = serde_json::from_str(took)?;
        return Ok(Run { counts: serde_json::from_str(counts)?, seconds, cpu_seconds: cpu_seconds + aside, peak });
    }
    let counts = lines.first().and_then(|line| counts(line)).ok_or_else(|| format!("{command:?} told {lines:?}"))?;
    Ok(Run { counts, seconds, cpu_seconds: cpu_seconds(own).1 - before.0 + aside, peak })
}

/// The time of a process and of all that came of it.
fn tree_seconds(pid: u32) -> f64 {
    descendants(pid).into_iter().chain([pid]).map(|pid| cpu_seconds(pid).0 + cpu_seconds(pid).1).sum()
}
