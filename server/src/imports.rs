//! Imports on time: the open day every hour, closed days once a night. Figures of nights are made after them, and what is too old goes.

use std::num::NonZeroUsize;
use std::time::Instant;

use anyhow::{Context as _, Result};
use app::zones;
use archive::Archive;
use collector::clock::Clock;
use collector::spool::Spool;
use importer::bots::BotRules;
use importer::import::{ImportOrder, ImportReport, Progress, import_day};
use importer::options::ImportOptions;
use importer::retention::Retention;
use importer::schedule::{RetentionTimes, due, next_check};
use importer::verify::options::{BotLimits, SAMPLE, VerifyOptions};
use model::day::{DAY_SECONDS, Day};
use model::slot::SlotTime;
use model::zone::ZoneTable;
use store::access::{Job, JobKey};
use store::suppression::{Secret, Suppression, settle};
use store::{AnyStore, Store as _};
use tokio_util::sync::CancellationToken;

use crate::config::Config;
use crate::crowd::CrowdKeeper;
use crate::erase::erase_pending;
use crate::metrics;
use crate::nights;
use crate::report::{chain, steps};
use crate::retain::retain;
use crate::verify::compare_imported;

/// A daily job asks for the local dates of two days ago to tomorrow.
const ZONE_DAYS: u16 = 4;

/// The sample of a day that is still open: it is compared again within the hour, and whole when it closes.
const PROVISIONAL_SAMPLE: usize = 10;

/// How days are imported, whichever they are.
#[derive(Clone, Debug)]
pub struct ImportRules {
    /// Threads; as many as there are cores when none is named.
    pub threads: Option<NonZeroUsize>,
    /// Who is no person.
    pub bots: BotRules,
    /// What those who opted out are recognised by.
    pub secret: Option<Secret>,
    /// Viewers and channels that are compared with the archive bit by bit after an import; 0 compares nothing.
    pub verify: usize,
}

impl Default for ImportRules {
    /// A thread a core, the usual bots, nobody who opted out, the usual sample.
    fn default() -> ImportRules {
        ImportRules { threads: None, bots: BotRules::default(), secret: None, verify: SAMPLE }
    }
}

impl ImportRules {
    /// As configured. Errors: the secret cannot be read.
    pub fn of(config: &Config) -> Result<ImportRules> {
        let (threads, bots) = (config.import.threads, config.import.bot_rules());
        Ok(ImportRules { threads, bots, secret: config.privacy.secret()?, verify: config.import.verify })
    }

    /// The options of a rehearsal, for which nobody has opted out; `threads` instead of the configured number.
    pub fn without_store(&self, threads: Option<NonZeroUsize>) -> ImportOptions {
        let usual = ImportOptions::default();
        ImportOptions { threads: threads.or(self.threads).unwrap_or(usual.threads), bots: self.bots.clone(), ..usual }
    }

    /// The options of an import now: who has opted out is looked up anew. Errors: people have, and cannot be recognised.
    pub async fn options(&self, store: &AnyStore) -> Result<ImportOptions> {
        let suppression = Suppression::load(store, self.secret.as_ref()).await?;
        Ok(ImportOptions { suppression, ..self.without_store(None) })
    }

    /// Has nobody shown who opted out, whoever brought their names. Errors: people have, and cannot be recognised.
    pub async fn settle(&self, store: &AnyStore) -> Result<()> {
        Ok(settle(store, &JobKey::grant(Job::Suppression), self.secret.as_ref()).await?)
    }

    /// How a day that was imported by these choices is compared with its archive; nothing when it is not.
    pub fn verify_options(&self, imported: &ImportOptions, provisional: bool) -> Option<VerifyOptions> {
        let size = if provisional { self.verify.min(PROVISIONAL_SAMPLE) } else { self.verify };
        (size > 0).then(|| VerifyOptions { viewers: size, channels: size, ..compared_as(imported) })
    }
}

/// The choices that a day was imported by, as those that it is compared by; with the usual sample.
pub fn compared_as(imported: &ImportOptions) -> VerifyOptions {
    let BotRules { channels, slots, logins } = imported.bots.clone();
    let suppression = imported.suppression.clone();
    VerifyOptions { bots: BotLimits { channels, slots, logins }, suppression, ..VerifyOptions::default() }
}

/// What a schedule of imports needs.
#[derive(Clone)]
pub struct Imports {
    /// Where samples are.
    pub archive: Archive,
    /// Where some wait for it: a day closes once none of its own does.
    pub spool: Option<Spool>,
    /// Where days go.
    pub store: std::sync::Arc<AnyStore>,
    /// The clock of closes and jobs.
    pub clock: Clock,
    /// The IANA zone of the daily job.
    pub zone: String,
    /// How days are imported.
    pub rules: ImportRules,
    /// How long they are kept.
    pub retention: Retention,
    /// The index of everybody, which is made after the nights.
    pub crowd: CrowdKeeper,
}

impl Imports {
    /// Imports what is due now, oldest first, and compares each day with its archive, with a bar where it takes long. What
    /// fails keeps nothing else from its turn, and is due again the next time. Errors: all that failed; of such a day the
    /// store holds what it had.
    pub async fn catch_up(&self) -> Result<(), Vec<anyhow::Error>> {
        let mut failures = Vec::new();
        // Before anything is imported: whoever asked for it has opted out first, and does not come back.
        if let Err(left) =
            erase_pending(&self.archive, self.spool.as_ref(), &self.store, self.rules.secret.as_ref(), &self.crowd)
                .await
        {
            failures.extend(left);
        }
        if let Err(error) = self.import_due(&mut failures).await {
            metrics::import_failed();
            failures.push(error.context("nothing is imported"));
        }
        if failures.is_empty() { Ok(()) } else { Err(failures) }
    }

    /// The same without what is tried again; and what failed is in the log. Why it failed can be mended while others read.
    pub async fn try_to_catch_up(&self) {
        for error in self.catch_up().await.err().into_iter().flatten() {
            tracing::error!(error = %chain(&*error), "tried again at the next full hour");
        }
    }

    /// Adds to `failures` what keeps single days, or those that are left, from being imported. Errors: what keeps all.
    async fn import_due(&self, failures: &mut Vec<anyhow::Error>) -> Result<()> {
        // Whoever has opted out is not shown meanwhile either.
        self.rules.settle(&self.store).await?;
        let now = self.clock.now();
        let zone = self.zone_around(now);
        let mut due = due(now, &zone, &self.store.days().await?, &self.archive.days().await?);
        if let Some(spool) = &self.spool {
            let waiting = spool.days().await.context("cannot tell which sweeps wait in the spool")?;
            due.closed.retain(|day| {
                let closes = !waiting.contains(day);
                if !closes {
                    tracing::warn!(%day, "not imported for good yet: sweeps of it wait in the spool");
                }
                closes
            });
        }
        let days: Vec<(Day, bool)> = due
            .closed
            .into_iter()
            .map(|day| (day, false))
            .chain(due.provisional.into_iter().map(|day| (day, true)))
            .collect();
        if days.is_empty() {
            return Ok(());
        }
        let bar = steps("importing", days.len() as u64, "days");
        for (day, provisional) in days {
            // Each: whoever opts out meanwhile is heeded by the next.
            let options = match self.rules.options(&self.store).await {
                Ok(options) => options,
                Err(error) => {
                    metrics::import_failed();
                    failures.push(error.context(format!("{day}, and what is due after it, is not imported")));
                    break;
                }
            };
            let order = ImportOrder { day, provisional, now };
            match import(&self.archive, &self.store, order, &options, |_| {}).await {
                Err(error) => failures.push(error),
                Ok(_) => {
                    if let Some(compare) = self.rules.verify_options(&options, provisional) {
                        compare_imported(&self.archive, &self.store, day, &compare, now).await;
                    }
                }
            }
            bar.inc(1);
        }
        bar.finish_and_clear();
        if let Err(error) = self.rules.settle(&self.store).await {
            let what =
                "days are imported, and whoever of them opted out meanwhile may be shown until it is tried again";
            failures.push(error.context(what));
        }
        Ok(())
    }

    /// Makes the youngest nights that are due, in one reading; whether others may be due too.
    async fn make_nights(&self, now: i64) -> bool {
        match nights::make_youngest(&self.store, now).await {
            Ok(made) => made.is_some(),
            Err(error) => {
                tracing::error!(error = %chain(&*error), "tried again at the next full hour");
                false
            }
        }
    }

    /// Makes what is known of everybody, if it is due. What fails is told, and due again.
    async fn make_crowd(&self, now: i64) {
        if let Err(error) = self.crowd.make_due(now).await {
            tracing::error!(error = %chain(&*error), "tried again at the next full hour");
        }
    }

    /// The zone's offsets in the days around `now`; the configuration made sure that there is such a zone.
    fn zone_around(&self, now: i64) -> ZoneTable {
        let days = i64::from(ZONE_DAYS) * DAY_SECONDS;
        let slot = |unix| SlotTime::from_unix(unix).unwrap_or(SlotTime::at(Day::MIN, 0));
        zones::table(&self.zone, slot(now - days), slot(now + days)).unwrap_or_else(ZoneTable::utc)
    }

    /// Imports what is due whenever something is, works out the figures of nights that became due by it, and removes what is
    /// too old: now, every night, and again where that failed; until cancelled. A day or a night that fails is told and tried
    /// again an hour later.
    pub async fn run(self, cancel: CancellationToken) {
        // Dropped half-way by a shutdown, an import leaves the day as it was, and retention what it has not begun.
        tokio::select! {
            () = cancel.cancelled() => {}
            () = self.forever() => {}
        }
    }

    async fn forever(&self) {
        let now = self.clock.now();
        let mut check = next_check(now, &self.zone_around(now));
        let mut retention = RetentionTimes::default();
        // Those that became due while nobody was here.
        let (mut nights_due, mut crowd_due) = (true, true);
        loop {
            let now = self.clock.now();
            if check <= now {
                self.try_to_catch_up().await;
                check = next_check(now, &self.zone_around(now));
                (nights_due, crowd_due) = (true, true);
            }
            // A reading at a time: imports that become due meanwhile are in between.
            if nights_due {
                nights_due = self.make_nights(now).await;
            }
            // After the first of them, which is the youngest; those of the past need none.
            if std::mem::take(&mut crowd_due) {
                self.make_crowd(now).await;
            }
            // Also when an import failed: of a full disk it is what makes room.
            if retention.next(&self.zone_around(now)) <= now {
                match retain(&self.archive, &self.store, self.retention, &self.crowd, now).await {
                    Ok(()) => {
                        retention.done(now);
                        // Where its file went with a month's slots.
                        self.make_crowd(now).await;
                    }
                    Err(left) => {
                        for error in left {
                            tracing::error!(error = %chain(&*error), "what is too old stays for now: it is tried again");
                        }
                        retention.failed(self.clock.now());
                    }
                }
            }
            if !nights_due {
                self.clock.sleep_until(check.min(retention.next(&self.zone_around(now)))).await;
            }
        }
    }
}

/// Imports one day.
pub async fn import(
    archive: &Archive,
    store: &AnyStore,
    order: ImportOrder,
    options: &ImportOptions,
    progress: impl Fn(Progress),
) -> Result<ImportReport> {
    let start = Instant::now();
    let imported = import_day(archive, store, &JobKey::grant(Job::Import), order, options, progress).await;
    match &imported {
        Ok(report) => metrics::imported(report, start.elapsed()),
        Err(_) => metrics::import_failed(),
    }
    Ok(imported?)
}
