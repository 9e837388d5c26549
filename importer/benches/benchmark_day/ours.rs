//! Our import, in a process of its own, so that its memory can be told from ours who watch.

use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::Instant;

use archive::Archive;
use importer::import::{ImportOrder, import_day, rehearse_day};
use importer::options::ImportOptions;
use model::words::Origin;
use store::AnyStore;
use store::access::{Job, JobKey};

use crate::Failure;
use crate::counts::{Counts, Took};
use crate::day::{BenchmarkDay, folder};
use crate::full::reads::Visitors;
use crate::processes::cpu_seconds;
use crate::watch::{Run, watch};

/// The word that makes this program import a day: archive, store and day follow, and perhaps two files of [`run_into`].
pub(crate) const CHILD: &str = "import";

/// Instead of a store: rows are made, in memory and temporary files, and nobody keeps them.
const NOWHERE: &str = "nowhere";

/// What other engines are asked for: the archive's runs, put together by person.
pub(crate) fn rows(day: &BenchmarkDay) -> Result<Run, Failure> {
    let mut command = Command::new(std::env::current_exe()?);
    command.arg(CHILD).arg(&day.folder).args([NOWHERE, &day.day.to_string()]);
    let run = watch(&mut command, None, |_| None)?;
    run.counts.check("vigie", &day.truth())?;
    Ok(run)
}

/// One import into the store in a folder that holds others' days; and meanwhile, where these are given, the people in the
/// first file are read, and what visitors got is written to the second.
pub(crate) fn run_into(day: &BenchmarkDay, store: &Path, visited: Option<(&Path, &Path)>) -> Result<Run, Failure> {
    let mut command = Command::new(std::env::current_exe()?);
    command.arg(CHILD).arg(&day.folder).arg(store).arg(day.day.to_string());
    if let Some((people, told)) = visited {
        command.args([people, told]);
    }
    let run = watch(&mut command, None, |_| None)?;
    run.counts.check("vigie", &day.truth())?;
    Ok(run)
}

/// One import into an empty store: in a new folder, or where `postgres` says, run by the process that it names.
pub(crate) fn run(day: &BenchmarkDay, postgres: Option<(&str, u32)>) -> Result<Run, Failure> {
    let place = tempfile::tempdir_in(folder())?;
    let mut command = Command::new(std::env::current_exe()?);
    command.arg(CHILD).arg(&day.folder);
    match postgres {
        Some((url, _)) => command.arg(url),
        None => command.arg(place.path().join("store")),
    };
    command.arg(day.day.to_string());
    let run = watch(&mut command, postgres.map(|(_, pid)| pid), |_| None)?;
    run.counts.check("vigie", &day.truth())?;
    Ok(run)
}

/// The import itself, perhaps visited as [`run_into`] tells. From opening the store until it is closed: all that is
/// written is durable then.
pub(crate) fn child(archive: &str, store: &str, day: &str, visited: Option<(&str, &str)>) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let own = std::process::id();
    let (start, before) = (Instant::now(), cpu_seconds(own).0);
    let report = runtime.block_on(async {
        let archive = Archive::open(archive).await?;
        if store == NOWHERE {
            let order = ImportOrder { day: day.parse()?, provisional: false, now: 0 };
            return Ok(rehearse_day(&archive, order, &ImportOptions::default(), |_| {}).await?);
        }
        let store = Arc::new(AnyStore::open(store, Some(Origin::Simulated)).await?);
        let visitors = match visited {
            Some((people, told)) => {
                Some((Visitors::come(&store, &serde_json::from_slice::<Vec<String>>(&std::fs::read(people)?)?)?, told))
            }
            None => None,
        };
        let (job, order) = (JobKey::grant(Job::Import), ImportOrder { day: day.parse()?, provisional: false, now: 0 });
        let report = import_day(&archive, &*store, &job, order, &ImportOptions::default(), |_| {}).await?;
        if let Some((visitors, told)) = visitors {
            std::fs::write(told, serde_json::to_vec(&visitors.leave().await?)?)?;
        }
        store.close().await;
        Ok::<_, Failure>(report)
    });
    let report = report?;
    let took = Took { seconds: start.elapsed().as_secs_f64(), cpu_seconds: cpu_seconds(own).0 - before };
    println!("{}", serde_json::to_string(&took)?);
    let counts = Counts { observations: report.observations, viewers: Some(report.viewers), runs: Some(report.runs) };
    println!("{}", serde_json::to_string(&counts)?);
    Ok(())
}
