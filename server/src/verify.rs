//! Imported days compared with their archive: after every import, and by hand with `vigie verify`.

use std::io::Write as _;

use anyhow::{Context as _, Result, bail};
use archive::Archive;
use collector::clock::Clock;
use importer::verify::options::VerifyOptions;
use importer::verify::report::VerifyReport;
use importer::verify::verify_day;
use model::day::Day;
use serde::Serialize;
use store::access::{Job, JobKey};
use store::{AnyStore, Store as _};

use crate::cli::VerifyArgs;
use crate::config::Config;
use crate::imports::{ImportRules, compared_as};
use crate::left_out::LeftOut;
use crate::metrics;
use crate::report::chain;

/// How many of the days held did not agree with their archive when they were last compared.
///
/// Errors: the store does not answer.
pub async fn failed_days(store: &AnyStore) -> Result<u64> {
    Ok(store.verifications().await?.iter().filter(|found| !found.ok).count() as u64)
}

/// Compares a day with its archive and has the store remember what was found; a day that differs is told as an error in
/// the log. `now`: Unix time in seconds. Errors: it cannot be compared.
pub async fn compare(
    archive: &Archive,
    store: &AnyStore,
    day: Day,
    options: &VerifyOptions,
    now: i64,
) -> Result<VerifyReport> {
    let report = verify_day(archive, store, &JobKey::grant(Job::Verification), day, options).await?;
    let found = report.remembered(now);
    store.put_verification(&found).await?;
    if found.ok {
        tracing::info!(verify.day = %day, viewers = found.viewers, channels = found.channels, "{day} agrees with its archive");
    } else {
        tracing::error!(
            verify.day = %day, failures = found.failures, reason = found.reason,
            "{day} does not agree with its archive: import it again, and tell us if it still does not"
        );
    }
    Ok(report)
}

/// Compares a day that was just imported; nothing when it cannot be compared. What goes wrong is in the log: the day is
/// held in any case.
pub(crate) async fn compare_imported(
    archive: &Archive,
    store: &AnyStore,
    day: Day,
    options: &VerifyOptions,
    now: i64,
) -> Option<VerifyReport> {
    let compared = compare(archive, store, day, options, now).await;
    if let Err(error) = &compared {
        metrics::comparison_failed();
        tracing::error!(verify.day = %day, error = %chain(&**error), "{day} could not be compared with its archive");
    }
    compared.ok()
}

/// What `vigie verify --json` says.
#[derive(Debug, Serialize)]
struct Compared<'a> {
    day: Day,
    provisional: bool,
    ok: bool,
    seed: u64,
    sweeps: u64,
    skipped: Vec<LeftOut>,
    observations: u64,
    viewers: u64,
    channels: u64,
    failures: u64,
    differences: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    logins: Option<Vec<&'a str>>,
}

/// `vigie verify`: a day by hand. Errors: it differs, or cannot be compared.
pub(crate) async fn verify(args: VerifyArgs) -> Result<()> {
    let config = Config::unless_named(&args.config.config, args.archive.is_some() && args.store.is_some())?;
    let archive = Archive::open(args.archive.as_deref().unwrap_or(&config.archive.url)).await?;
    let store = AnyStore::open(args.store.as_deref().unwrap_or(&config.store.url), Some(archive.origin())).await?;
    let usual = compared_as(&ImportRules::of(&config)?.options(&store).await?);
    let options = VerifyOptions { viewers: args.viewers, channels: args.channels, seed: args.seed, ..usual };
    let report = compare(&archive, &store, args.day, &options, Clock::wall().now()).await?;
    store.close().await;
    let skipped = LeftOut::of(&archive, args.day, &report.skipped).await;
    tell(&report, skipped, &args)?;
    if report.is_ok() { Ok(()) } else { bail!("{} does not agree with its archive", report.day) }
}

fn tell(report: &VerifyReport, skipped: Vec<LeftOut>, args: &VerifyArgs) -> Result<()> {
    let mut out = std::io::stdout().lock();
    let logins = || report.named_viewers().map(|(login, what)| (login.as_str(), what.text()));
    if args.json {
        let compared = Compared {
            day: report.day,
            provisional: report.provisional,
            ok: report.is_ok(),
            seed: report.seed,
            sweeps: report.sweeps,
            skipped,
            observations: report.observations,
            viewers: report.viewers,
            channels: report.channels,
            failures: report.failures,
            differences: report.texts(),
            logins: args.show_logins.then(|| logins().map(|(login, _)| login).collect()),
        };
        return writeln!(out, "{}", serde_json::to_string_pretty(&compared)?).context("cannot print");
    }
    for text in report.texts() {
        writeln!(out, "{text}").context("cannot print")?;
    }
    if args.show_logins {
        for (login, what) in logins() {
            writeln!(out, "{login}: {what}").context("cannot print")?;
        }
    }
    for sweep in &skipped {
        writeln!(out, "{sweep}").context("cannot print")?;
    }
    let VerifyReport { day, sweeps, observations, viewers, channels, failures, .. } = report;
    let outcome = if report.is_ok() { "agrees with its archive".to_owned() } else { format!("{failures} differences") };
    let open = if report.provisional { ", up to its last import" } else { "" };
    writeln!(
        out,
        "{day}: {outcome}: {observations} observations in {sweeps} sweeps{open}, {viewers} viewers and {channels} channels bit by bit"
    )
    .context("cannot print")
}
