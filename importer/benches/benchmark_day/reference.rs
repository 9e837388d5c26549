//! The same day by programs of others.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Failure;
use crate::counts::Counts;
use crate::day::{BenchmarkDay, folder};
use crate::watch::{Run, watch};

/// A formulation: a file in `importer/benches/sql/`, whose name begins with the engine that understands it.
#[derive(Clone, Debug)]
pub(crate) struct Query(PathBuf);

/// A formulation of each engine that was among its fastest. Chosen by one round of `queries` with VIEWERS=300000 beside
/// other builds: DuckDB's takes the least CPU; ClickHouse's is within 2 % of its arrays, in less memory. Ask `queries` on
/// the whole day before a ratio is taken for an engine's best.
const FASTEST: [&str; 2] = ["duckdb_words.sql", "clickhouse_words.sql"];

fn benches() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("benches")
}

impl Query {
    /// The formulation taken of each engine.
    pub(crate) fn fastest() -> Vec<Query> {
        FASTEST.map(|file| Query(benches().join("sql").join(file))).into()
    }

    /// All formulations there are, by name.
    pub(crate) fn all() -> Result<Vec<Query>, Failure> {
        let mut files = Vec::new();
        for entry in std::fs::read_dir(benches().join("sql"))? {
            files.push(entry?.path());
        }
        files.sort_unstable();
        Ok(files.into_iter().map(Query).collect())
    }

    /// What the table calls it.
    pub(crate) fn name(&self) -> String {
        self.0.file_name().unwrap_or_default().to_string_lossy().into_owned()
    }

    /// Runs it once, into a new database.
    pub(crate) fn run(&self, day: &BenchmarkDay) -> Result<Run, Failure> {
        let place = tempfile::tempdir_in(folder())?;
        let mut command = Command::new("python3");
        command.arg(benches().join("sql_driver.py"));
        command.arg(&self.0).arg(day.chatters()).arg(place.path());
        let run = watch(&mut command, None, |_| None)?;
        run.counts.check(&self.name(), &day.truth())?;
        Ok(run)
    }
}

/// Inflates all chatters on two cores and counts their lines: what any program must do at least.
pub(crate) fn lines(day: &BenchmarkDay) -> Result<Run, Failure> {
    let mut command = Command::new("sh");
    // A gzip a file or so, or there would be one for all of them.
    command.args(["-c", "printf '%s\\0' $1 | xargs -0 -P2 -n8 gzip -dc | wc -l", "sh"]).arg(day.chatters());
    // The header lines are no observations.
    let observations = |text: &str| text.trim().parse::<u64>().ok()?.checked_sub(u64::from(day.sweeps));
    let counts = |text: &str| Some(Counts { observations: observations(text)?, viewers: None, runs: None });
    let run = watch(&mut command, None, counts)?;
    run.counts.check("wc", &day.truth())?;
    Ok(run)
}
