//! Medians of several programs, in one table.

use crate::Failure;
use crate::watch::Run;

/// Programs and their runs; the first one is what the others are held against.
#[derive(Debug, Default)]
pub(crate) struct Table(Vec<(String, Vec<Run>)>);

/// A program: its name, and how to run it once.
pub(crate) type Program<'a> = (String, Box<dyn Fn() -> Result<Run, Failure> + 'a>);

impl Table {
    /// Runs all programs in turn, round after round: what else the machine does meets them all alike.
    pub(crate) fn measure(rounds: u32, programs: &[Program<'_>]) -> Result<Table, Failure> {
        let mut table = Table(programs.iter().map(|(name, _)| (name.clone(), Vec::new())).collect());
        for _ in 0..rounds {
            for ((_, run), (_, runs)) in programs.iter().zip(&mut table.0) {
                runs.push(run()?);
            }
        }
        Ok(table)
    }

    /// Adds a program that was run elsewhere.
    pub(crate) fn add(&mut self, name: String, runs: Vec<Run>) {
        self.0.push((name, runs));
    }

    /// The median seconds of a program, by its place.
    pub(crate) fn seconds(&self, program: usize) -> f64 {
        self.0.get(program).map_or(f64::NAN, |(_, runs)| of(runs, |run| run.seconds))
    }

    /// Prints it, with ratios to the first program.
    pub(crate) fn print(&self) {
        println!(
            "{:<38}{:>9}{:>8}{:>8}{:>10}{:>9}{:>9}{:>9}{:>8}",
            "medians", "wall s", "CPU s", "M obs/s", "peak MB", "anon MB", "file MB", "wall ×", "CPU ×"
        );
        let Some((_, first)) = self.0.first() else { return };
        let base = (of(first, |run| run.seconds), of(first, |run| run.cpu_seconds));
        for (name, runs) in &self.0 {
            let (seconds, cpu) = (of(runs, |run| run.seconds), of(runs, |run| run.cpu_seconds));
            let observations = of(runs, |run| run.counts.observations as f64);
            let megabytes = |bytes: fn(&Run) -> u64| of(runs, |run| bytes(run) as f64) / 1e6;
            println!(
                "{name:<38}{seconds:>9.2}{cpu:>8.2}{:>8.2}{:>10.0}{:>9.0}{:>9.0}{:>9.2}{:>8.2}",
                observations / seconds / 1e6,
                megabytes(|run| run.peak.resident),
                megabytes(|run| run.peak.anonymous),
                megabytes(|run| run.peak.file),
                seconds / base.0,
                cpu / base.1
            );
        }
        println!("peaks are sampled and of each kind for itself; a ratio above 1 is slower than the first\n");
    }
}

/// The median over runs of something.
pub(crate) fn of(runs: &[Run], what: impl Fn(&Run) -> f64) -> f64 {
    let mut all: Vec<f64> = runs.iter().map(what).collect();
    all.sort_by(f64::total_cmp);
    match all[..] {
        [] => f64::NAN,
        _ if all.len().is_multiple_of(2) => f64::midpoint(all[all.len() / 2 - 1], all[all.len() / 2]),
        _ => all[all.len() / 2],
    }
}
