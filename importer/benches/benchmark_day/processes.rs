//! What Linux tells of running programs in /proc.

use std::collections::HashMap;

/// Resident memory in bytes: the sum over some processes, now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Memory {
    /// All of it.
    pub(crate) resident: u64,
    /// Pages that belong to no file: what a program asked for.
    pub(crate) anonymous: u64,
    /// Pages of mapped files, which the system may take back at any time.
    pub(crate) file: u64,
}

/// Ticks of `/proc/PID/stat` in a second; Linux shows 100 to every program, whatever it counts in.
const TICKS: f64 = 100.0;

impl Memory {
    /// Of one process; nothing when it is gone.
    pub(crate) fn of(pid: u32) -> Option<Memory> {
        let status = std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
        let bytes = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name))?;
            line.trim_start_matches(':').trim().strip_suffix(" kB")?.parse::<u64>().ok().map(|kib| kib * 1_024)
        };
        Some(Memory { resident: bytes("VmRSS")?, anonymous: bytes("RssAnon")?, file: bytes("RssFile")? })
    }

    /// Of some processes together. Pages that they share are counted once a process.
    pub(crate) fn of_all(pids: &[u32]) -> Memory {
        pids.iter().filter_map(|pid| Memory::of(*pid)).fold(Memory::default(), |a, b| Memory {
            resident: a.resident + b.resident,
            anonymous: a.anonymous + b.anonymous,
            file: a.file + b.file,
        })
    }

    /// The larger of each.
    pub(crate) fn max(self, other: Memory) -> Memory {
        Memory {
            resident: self.resident.max(other.resident),
            anonymous: self.anonymous.max(other.anonymous),
            file: self.file.max(other.file),
        }
    }
}

/// The children of a process, theirs, and so on; without itself.
pub(crate) fn descendants(of: u32) -> Vec<u32> {
    let mut children: HashMap<u32, Vec<u32>> = HashMap::new();
    for entry in std::fs::read_dir("/proc").into_iter().flatten().flatten() {
        let Some(pid) = entry.file_name().to_str().and_then(|name| name.parse().ok()) else { continue };
        if let Some(parent) = stat(pid).and_then(|stat| stat.get(1)?.parse().ok()) {
            children.entry(parent).or_default().push(pid);
        }
    }
    let mut found = children.remove(&of).unwrap_or_default();
    let mut next = 0;
    while let Some(pid) = found.get(next).copied() {
        found.extend(children.remove(&pid).unwrap_or_default());
        next += 1;
    }
    found
}

/// User and system time of a process in seconds, and of those of its children that have ended and been waited for.
pub(crate) fn cpu_seconds(pid: u32) -> (f64, f64) {
    let stat = stat(pid).unwrap_or_default();
    let seconds = |place: usize| stat.get(place).and_then(|text| text.parse::<f64>().ok()).unwrap_or(0.0) / TICKS;
    (seconds(11) + seconds(12), seconds(13) + seconds(14))
}

/// The fields of `/proc/PID/stat` after the program's name, which may hold blanks: the state first. Source: proc(5).
fn stat(pid: u32) -> Option<Vec<String>> {
    let text = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let (_, fields) = text.rsplit_once(')')?;
    Some(fields.split_whitespace().map(str::to_owned).collect())
}
