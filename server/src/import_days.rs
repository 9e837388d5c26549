//! `vigie import` and `vigie bots`: days by hand.

use std::io::Write as _;
use std::sync::Arc;

use anyhow::{Context as _, Result, bail};
use archive::Archive;
use collector::clock::Clock;
use importer::bots::BotEvidence;
use importer::crowd::pass::CrowdReport;
use importer::import::{ImportOrder, ImportReport, Progress, rehearse_day};
use importer::options::ImportOptions;
use importer::schedule::closes_at;
use importer::verify::report::VerifyReport;
use indicatif::ProgressBar;
use model::day::Day;
use serde::Serialize;
use store::access::{Job, JobKey};
use store::dump::{ViewerOfDay, each_page};
use store::{AnyStore, Store as _};

use crate::cli::{BotsArgs, ImportArgs};
use crate::config::Config;
use crate::crowd::CrowdKeeper;
use crate::imports::{ImportRules, import};
use crate::left_out::LeftOut;
use crate::nights;
use crate::report::rows_bar;
use crate::verify::compare_imported;

/// What `vigie import --json` says of a day.
#[derive(Debug, Serialize)]
struct Imported {
    day: Day,
    provisional: bool,
    /// Whether the day was found to agree with its archive; nothing when it was not compared.
    agrees: Option<bool>,
    /// What it was made without.
    skipped: Vec<LeftOut>,
    #[serde(flatten)]
    report: ImportReport,
}

/// `vigie import`: one day, or every closed day that is not imported yet.
pub(crate) async fn import_days(args: ImportArgs) -> Result<()> {
    let config = Config::unless_named(&args.config.config, args.archive.is_some() && args.store.is_some())?;
    let archive = Archive::open(args.archive.as_deref().unwrap_or(&config.archive.url)).await?;
    let rules = ImportRules::of(&config)?;
    if let (true, Some(day)) = (args.dry_run, args.day) {
        let options = ImportOptions { skip_bad: args.skip_bad, ..rules.without_store(args.threads) };
        return rehearse(&archive, day, &options, args.json).await;
    }
    let url = args.store.as_deref().unwrap_or(&config.store.url);
    let store = Arc::new(AnyStore::open(url, Some(archive.origin())).await?);
    rules.settle(&store).await?;
    let now = Clock::wall().now();
    let waiting = match config.archive.spool().await? {
        Some(spool) if args.archive.is_none() => spool.days().await?,
        _ => Vec::new(),
    };
    let days: Vec<Day> = if let Some(day) = args.day {
        if waiting.contains(&day) {
            bail!("{day} is not complete: sweeps of it wait in the spool until the bucket takes them");
        }
        vec![day]
    } else {
        let held = store.days().await?;
        let is_final = |day| held.iter().any(|record| record.day == day && !record.provisional);
        let closed = |day: &Day| !is_final(*day) && closes_at(*day) <= now && !waiting.contains(day);
        archive.days().await?.into_iter().filter(closed).collect()
    };
    let mut wrong = Vec::new();
    for day in &days {
        // Each: whoever opts out meanwhile is heeded by the next.
        let usual = rules.options(&store).await?;
        let threads = args.threads.unwrap_or(usual.threads);
        let options = ImportOptions { threads, skip_bad: args.skip_bad, ..usual };
        let order = ImportOrder { day: *day, provisional: closes_at(*day) > now, now };
        let bar = rows_bar(format!("importing {day}"));
        let report = import(&archive, &store, order, &options, |step| show(&bar, step)).await?;
        bar.finish_and_clear();
        let compare = rules.verify_options(&options, order.provisional);
        let compared = match &compare {
            Some(compare) => compare_imported(&archive, &store, *day, compare, now).await,
            None => None,
        };
        let agrees = compare.map(|_| compared.as_ref().is_some_and(VerifyReport::is_ok));
        if agrees == Some(false) {
            wrong.push(day.to_string());
        }
        let skipped = LeftOut::of(&archive, *day, &report.skipped).await;
        tell(&Imported { day: *day, provisional: order.provisional, agrees, skipped, report }, args.json)?;
        for text in compared.iter().flat_map(VerifyReport::texts) {
            eprintln!("{day}: {text}");
        }
    }
    rules.settle(&store).await?;
    if args.nights {
        let made = nights::make_all(&store, now).await?;
        eprintln!("figures of {made} nights are worked out");
        match config.store.crowd_file_of(url) {
            Some(file) => make_crowd(&CrowdKeeper::new(file, store.clone(), config.site.zone.as_str()), now).await?,
            None => eprintln!("what is known of everybody is made for the configured database alone"),
        }
    }
    if days.is_empty() {
        eprintln!("every closed day of the archive is imported");
    }
    store.close().await;
    if wrong.is_empty() {
        Ok(())
    } else {
        bail!("imported, but not found to agree with the archive: {}", wrong.join(", "))
    }
}

/// Makes what is known of everybody, if it is due.
async fn make_crowd(crowd: &CrowdKeeper, now: i64) -> Result<()> {
    match crowd.make_due(now).await? {
        Some(CrowdReport { day, people, .. }) => {
            eprintln!("what is known of everybody is of {people} people up to {day}");
        }
        None => eprintln!("what is known of everybody is of the last day already"),
    }
    Ok(())
}

/// Reads a day and keeps nothing: no store is needed, and nobody is left out.
async fn rehearse(archive: &Archive, day: Day, options: &ImportOptions, json: bool) -> Result<()> {
    let now = Clock::wall().now();
    let order = ImportOrder { day, provisional: closes_at(day) > now, now };
    let bar = rows_bar(format!("reading {day}"));
    let report = rehearse_day(archive, order, options, |step| show(&bar, step)).await?;
    bar.finish_and_clear();
    let skipped = LeftOut::of(archive, day, &report.skipped).await;
    tell(&Imported { day, provisional: order.provisional, agrees: None, skipped, report }, json)
}

fn show(bar: &ProgressBar, step: Progress) {
    if let Progress::Merged { done, total } = step {
        bar.set_length(total);
        bar.set_position(done);
    }
}

fn tell(imported: &Imported, json: bool) -> Result<()> {
    if json {
        let line = serde_json::to_string(imported)?;
        return writeln!(std::io::stdout(), "{line}").context("cannot print");
    }
    let Imported { day, agrees, skipped, report, .. } = imported;
    let ms = report.merge_ms + report.rows_ms + report.store_ms;
    eprintln!(
        "{day}: {} observations of {} viewers in {} channels, {} sweeps, {ms} ms",
        report.observations, report.viewers, report.channels, report.sweeps
    );
    for sweep in skipped {
        eprintln!("{day}: {sweep}");
    }
    if report.suppressed > 0 {
        eprintln!("{day}: {} observations of people or channels that opted out were left out", report.suppressed);
    }
    if *agrees == Some(true) {
        eprintln!("{day}: agrees with its archive");
    }
    Ok(())
}

/// What `vigie bots --json` says of an account.
#[derive(Debug, Serialize)]
struct Flagged {
    login: String,
    taken_for_a_bot: bool,
    on_the_list: bool,
    most_chats_at_once: u16,
    slots_at_once: u16,
    channels: usize,
}

/// `vigie bots`: the accounts that a day's import took for bots, or one account, and why.
pub(crate) async fn bots(args: BotsArgs) -> Result<()> {
    let config = Config::load(&args.config.config)?;
    let rules = config.import.bot_rules();
    let store = AnyStore::open(&config.store.url, None).await?;
    if store.days().await?.iter().all(|record| record.day != args.day) {
        bail!("{} is not in the store: import it first", args.day);
    }
    let (mut found, mut otherwise) = (Vec::new(), 0);
    each_page(&store, &JobKey::grant(Job::Verification), args.day, |page| {
        let asked = |viewer: &ViewerOfDay| args.login.as_ref().map_or(viewer.day.bot, |login| viewer.login == *login);
        found.extend(page.into_iter().filter(asked).map(|viewer| {
            let evidence = rules.evidence(viewer.login.as_str(), &viewer.day);
            otherwise += u64::from(rules.is_bot(viewer.login.as_str(), &viewer.day) != viewer.day.bot);
            let BotEvidence { listed, most_at_once, slots_at_once } = evidence;
            Flagged {
                login: viewer.login.to_string(),
                taken_for_a_bot: viewer.day.bot,
                on_the_list: listed,
                most_chats_at_once: most_at_once,
                slots_at_once,
                channels: viewer.day.channels.len(),
            }
        }));
        Ok(())
    })
    .await?;
    store.close().await;
    found.sort_by(|a, b| (b.most_chats_at_once, &a.login).cmp(&(a.most_chats_at_once, &b.login)));
    let mut out = std::io::stdout().lock();
    if args.json {
        return writeln!(out, "{}", serde_json::to_string_pretty(&found)?).context("cannot print");
    }
    if found.is_empty() {
        match &args.login {
            Some(login) => bail!("{login} was not seen on {}", args.day),
            None => eprintln!("no account of {} was taken for a bot", args.day),
        }
    }
    if args.explain {
        writeln!(
            out,
            "A bot is in at least {} chats at once in at least {} slots of a day, or on the operator's list ({} accounts).\n\
             It stays in the store, flagged; figures about people leave it out.\n",
            rules.channels,
            rules.slots,
            rules.logins.len()
        )?;
    }
    let head = format!("{:<26}{:>9}{:>9}{:>15}{:>7}", "login", "channels", "at once", "slots at once", "list");
    writeln!(out, "{head}  taken for")?;
    for row in found {
        let list = if row.on_the_list { "yes" } else { "no" };
        let taken = if row.taken_for_a_bot { "a bot" } else { "a person" };
        let Flagged { login, channels, most_chats_at_once: most, slots_at_once: slots, .. } = row;
        writeln!(out, "{login:<26}{channels:>9}{most:>9}{slots:>15}{list:>7}  {taken}")?;
    }
    if otherwise > 0 {
        eprintln!(
            "{otherwise} of these accounts today's [import] takes otherwise: {} was imported by other rules, or an account bore \
             two logins",
            args.day
        );
    }
    Ok(())
}
