//! Retention: every night, and by hand as `vigie retain`.

use std::io::Write as _;
use std::sync::Arc;

use anyhow::{Context as _, Result, bail};
use app::data::KeptDays;
use archive::Archive;
use collector::clock::Clock;
use importer::retention::{Done, Retention, Step, apply_all, plan};
use model::day::Day;
use serde::Serialize;
use store::access::{Job, JobKey};
use store::{AnyStore, Store as _};

use crate::cli::RetainArgs;
use crate::config::Config;
use crate::crowd::CrowdKeeper;
use crate::report::{chains, steps};

/// What pages tell of how long it is kept.
pub(crate) fn kept_days(retention: Retention) -> KeptDays {
    KeptDays { slots: retention.raw_days, hours: retention.hour_days }
}

/// What is due at `now`, Unix time in seconds.
pub(crate) async fn due(archive: &Archive, store: &AnyStore, retention: Retention, now: i64) -> Result<Vec<Step>> {
    let today = Day::from_unix(now).context("the clock shows a day that no calendar has")?;
    let archived = archive.days_with_objects().await?;
    Ok(plan(today, retention, &store.months().await?, &archived, &store.days().await?))
}

/// Does what is due at `now`, one step after the other; the crowd's index goes with the slots in it. Errors: what cannot be done, and why; all else is.
pub(crate) async fn retain(
    archive: &Archive,
    store: &AnyStore,
    retention: Retention,
    crowd: &CrowdKeeper,
    now: i64,
) -> Result<(), Vec<anyhow::Error>> {
    let due = due(archive, store, retention, now).await.map_err(|error| vec![error])?;
    let bar = steps("keeping no longer", due.len() as u64, "steps");
    let job = JobKey::grant(Job::Retention);
    let done = |step: Step, Done { people, objects }: Done| {
        tracing::info!(retention.people = people, retention.objects = objects, "{step}");
        bar.inc(1);
    };
    let failures = apply_all(&due, archive, store, &job, done).await;
    bar.finish_and_clear();
    let mut failures: Vec<anyhow::Error> = failures.into_iter().map(anyhow::Error::new).collect();
    failures.extend(crowd.remove_outlived().await.err());
    if failures.is_empty() { Ok(()) } else { Err(failures) }
}

/// What `vigie retain --json` says of a step.
#[derive(Debug, Serialize)]
struct Told {
    step: String,
    #[serde(flatten)]
    done: Option<Done>,
}

/// `vigie retain`.
pub(crate) async fn retain_by_hand(args: RetainArgs) -> Result<()> {
    let config = Config::load(&args.config.config)?;
    let archive = Archive::open(&config.archive.url).await?;
    let store = Arc::new(AnyStore::open(&config.store.url, Some(archive.origin())).await?);
    let crowd = CrowdKeeper::new(config.store.crowd_file(), store.clone(), config.site.zone);
    let due = due(&archive, &store, config.retention.into(), Clock::wall().now()).await?;
    let job = JobKey::grant(Job::Retention);
    let mut told = Ok(());
    let mut tell = |step, done| {
        // A terminal that is gone stops no retention.
        if told.is_ok() {
            told = tell(step, done, args.json);
        }
    };
    let mut failures: Vec<anyhow::Error> = Vec::new();
    if args.dry_run {
        for step in &due {
            tell(*step, None);
        }
    } else {
        let failed = apply_all(&due, &archive, &*store, &job, |step, done| tell(step, Some(done))).await;
        failures.extend(failed.into_iter().map(anyhow::Error::new));
        failures.extend(crowd.remove_outlived().await.err());
    }
    if due.is_empty() {
        eprintln!("nothing is due");
    }
    store.close().await;
    told?;
    if failures.is_empty() {
        return Ok(());
    }
    bail!("what is too old stays in part, and `vigie retain` goes on with it: {}", chains(&failures))
}

/// Says of a step what it did, or that it would be done.
fn tell(step: Step, done: Option<Done>, json: bool) -> Result<()> {
    let mut out = std::io::stdout().lock();
    if json {
        writeln!(out, "{}", serde_json::to_string(&Told { step: step.to_string(), done })?)?;
    } else if done.is_none() {
        writeln!(out, "would {step}")?;
    } else {
        writeln!(out, "{step}: done")?;
    }
    Ok(())
}
