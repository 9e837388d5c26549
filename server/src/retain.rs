//! Retention: every night, and by hand as `vigie retain`.

use std::io::Write as _;

use anyhow::{Context as _, Result};
use app::data::KeptDays;
use archive::Archive;
use collector::clock::Clock;
use importer::retention::{Done, Retention, Step, apply, plan};
use model::day::Day;
use serde::Serialize;
use store::access::{Job, JobKey};
use store::{AnyStore, Store as _};

use crate::cli::RetainArgs;
use crate::config::Config;
use crate::report::steps;

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

/// Does what is due at `now`, one step after the other. Errors: the first step that cannot be done; those before it are.
pub(crate) async fn retain(archive: &Archive, store: &AnyStore, retention: Retention, now: i64) -> Result<()> {
    let due = due(archive, store, retention, now).await?;
    let bar = steps("keeping no longer", due.len() as u64, "steps");
    let job = JobKey::grant(Job::Retention);
    for step in due {
        let Done { people, objects } = apply(step, archive, store, &job).await?;
        tracing::info!(retention.people = people, retention.objects = objects, "{step}");
        bar.inc(1);
    }
    bar.finish_and_clear();
    Ok(())
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
    let store = AnyStore::open(&config.store.url, Some(archive.origin())).await?;
    let due = due(&archive, &store, config.retention.into(), Clock::wall().now()).await?;
    let job = JobKey::grant(Job::Retention);
    let mut out = std::io::stdout().lock();
    for step in &due {
        let done = if args.dry_run { None } else { Some(apply(*step, &archive, &store, &job).await?) };
        if args.json {
            writeln!(out, "{}", serde_json::to_string(&Told { step: step.to_string(), done })?)?;
        } else if args.dry_run {
            writeln!(out, "would {step}")?;
        } else {
            writeln!(out, "{step}: done")?;
        }
    }
    if due.is_empty() {
        eprintln!("nothing is due");
    }
    store.close().await;
    Ok(())
}
