//! Opt-out and erasure: by hand, and what was asked for and not yet done.

use std::collections::BTreeMap;
use std::io::Write as _;

use anyhow::{Context as _, Result, anyhow, bail};
use archive::Archive;
use collector::clock::Clock;
use collector::spool::Spool;
use importer::erase::{Eraser, Receipt, Recognised, recognised};
use model::day::Day;
use model::identity::TwitchId;
use model::login::Login;
use store::access::{Job, JobKey};
use store::jobs::{EraseJob, JobState};
use store::suppression::{Secret, allow, suppress};
use store::{AnyStore, Store as _};

use crate::cli::{EraseArgs, OptOutArgs};
use crate::config::Config;
use crate::crowd::CrowdKeeper;
use crate::export_folders::{holds_export, missing, note};
use crate::report::{chains, steps};

/// What both commands need.
struct Opened {
    archive: Archive,
    spool: Option<Spool>,
    store: AnyStore,
    secret: Secret,
}

async fn open(config: &Config) -> Result<Opened> {
    let Some(secret) = config.privacy.secret()? else {
        bail!(
            "whoever is erased or opts out has to be recognised later: make a secret (openssl rand -hex 32 >secret) and \
             set [privacy] secret_file to it"
        );
    };
    let archive = Archive::open(&config.archive.url).await?;
    let spool = config.archive.spool().await?;
    let store = AnyStore::open(&config.store.url, Some(archive.origin())).await?;
    Ok(Opened { archive, spool, store, secret })
}

/// `vigie opt-out`.
pub(crate) async fn opt_out(args: OptOutArgs) -> Result<()> {
    let Opened { store, secret, .. } = open(&Config::load(&args.config.config)?).await?;
    let job = JobKey::grant(Job::Suppression);
    let names = store.person(&job, &args.login).await?;
    let channel = store.any_channel(&job, &args.login).await?;
    let Recognised { mut logins, mut ids } = recognised(&store, &names, channel.as_slice()).await?;
    logins.insert(args.login);
    ids.extend(args.id);
    let unknown = ids.is_empty() && names.key.is_none();
    let (logins, ids): (Vec<&str>, Vec<TwitchId>) = (logins.iter().map(Login::as_str).collect(), Vec::from_iter(ids));
    if args.undo {
        allow(&store, &job, &secret, &logins, &ids).await?;
        eprintln!("off the list: what is held of them is shown again, and from the next import on they are kept");
    } else {
        suppress(&store, &job, &secret, &logins, &ids, Clock::wall().now()).await?;
        eprintln!(
            "on the list: no page shows them and no import keeps them from now on; what is held stays until `vigie erase`"
        );
    }
    if unknown {
        let id = if args.undo {
            "whoever was erased is on the list by Twitch's id too, and stays out until that is named"
        } else {
            "under another login they would be kept, unless Twitch's id is named"
        };
        eprintln!("no person of that login is held, and no id is known: {id} (--id)");
    }
    store.close().await;
    Ok(())
}

/// `vigie erase`: writes the job down, and does it, and those left undone.
pub(crate) async fn erase_by_hand(args: EraseArgs) -> Result<()> {
    let config = Config::load(&args.config.config)?;
    let Opened { archive, spool, store, secret } = open(&config).await?;
    let crowd = config.store.crowd_file();
    let key = JobKey::grant(Job::Erasure);
    let now = Clock::wall().now();
    for folder in &args.exports {
        if !holds_export(folder)? {
            bail!("{} holds no export: name the folder that `vigie export --out` was given", folder.display());
        }
        note(&store, folder, now).await?;
    }
    let subject = store.person(&key, &args.login).await?;
    if subject.key.is_none() && !args.thorough {
        eprintln!(
            "the store never saw them: only days are gone through that it does not hold all of, by people or by sweeps; \
             --thorough reads all"
        );
    }
    let id = store.ask_erase(&subject, args.thorough, now).await?;
    let spool = spool.as_ref().map(Spool::waiting);
    let eraser = Eraser { archive: &archive, spool, store: &store, job: &key, secret: &secret, crowd: Some(&crowd) };
    let mut asked = None;
    let failures = erase_all(eraser, |job, receipt| {
        if job.id == id {
            asked = Some(receipt);
        }
    })
    .await?;
    let Some(failures) = failures else {
        bail!(
            "they are shown no longer; another process goes on with erasures at this moment and may do this one too: \
             repeat the command in some minutes, which does what is left"
        );
    };
    match asked {
        Some(receipt) => tell(&receipt, &missing(&store).await?, args.json)?,
        None if failures.is_empty() => eprintln!("they are erased: another process did it, and has the receipt"),
        None => {}
    }
    store.close().await;
    if !failures.is_empty() {
        bail!(
            "{}. The next `vigie erase`, and `vigie serve` before its next import, go on with what is left",
            chains(&failures)
        );
    }
    Ok(())
}

/// Does what was asked for and is not done. Errors: all that is left, and why; there is no secret.
pub(crate) async fn erase_pending(
    archive: &Archive,
    spool: Option<&Spool>,
    store: &AnyStore,
    secret: Option<&Secret>,
    crowd: &CrowdKeeper,
) -> Result<(), Vec<anyhow::Error>> {
    let key = JobKey::grant(Job::Erasure);
    let unknown = |error: anyhow::Error| vec![error.context("cannot tell whether an erasure is left")];
    let pending = pending(store, &key).await.map_err(unknown)?;
    // Before the archive, which takes long; their bytes in the file go with what the store holds.
    pending.iter().filter_map(|job| job.subject.as_ref()?.key).for_each(|person| crowd.forget(person));
    let secret = match (secret, pending.is_empty()) {
        (_, true) => return Ok(()),
        (Some(secret), false) => secret,
        (None, false) => {
            return Err(vec![anyhow!("people wait to be erased, and there is no secret: set [privacy] secret_file")]);
        }
    };
    let mut done = false;
    let told = |job: &EraseJob, receipt: Receipt| {
        done = true;
        tracing::info!(
            erase.job = job.id,
            erase.objects = receipt.objects,
            erase.store_days = receipt.store_days,
            erase.crowd_files = receipt.crowd_files,
            erase.export_parts = receipt.export_parts,
            "erased a person"
        );
    };
    let spool = spool.map(Spool::waiting);
    let eraser = Eraser { archive, spool, store, job: &key, secret, crowd: Some(crowd.file()) };
    let erased = erase_all(eraser, told).await.map_err(unknown);
    // Whoever became known while they waited is out of the file by now.
    crowd.refresh().await;
    let Some(mut failures) = erased? else {
        tracing::info!("another process goes on with erasures");
        return Ok(());
    };
    if done {
        match missing(store).await {
            Ok(folders) => {
                for folder in folders {
                    tracing::warn!("{folder}");
                }
            }
            Err(error) => failures.push(error),
        }
    }
    if failures.is_empty() { Ok(()) } else { Err(failures) }
}

async fn pending(store: &AnyStore, key: &JobKey) -> Result<Vec<EraseJob>> {
    Ok(store.erase_jobs(key).await?.into_iter().filter(|job| job.state != JobState::Done).collect())
}

/// Does all that was asked for and is not done, oldest first, telling `done` of each. One that cannot be done keeps no
/// other from its turn. What failed, without a name; nothing where all are kept out and another process goes on with
/// their erasures. Errors: what was asked for cannot be read.
async fn erase_all(eraser: Eraser<'_>, mut done: impl FnMut(&EraseJob, Receipt)) -> Result<Option<Vec<anyhow::Error>>> {
    let now = Clock::wall().now();
    let mut failures = BTreeMap::new();
    // Before the archive of anybody: an erasure takes long, or is stuck, and who waits for theirs is shown no longer.
    for job in pending(eraser.store, eraser.job).await? {
        if let Err(error) = eraser.withdraw(&job, now).await {
            failures.insert(job.id, left(&job, error.into()));
        }
    }
    let Some(_held) = eraser.store.hold_erasures(eraser.job).await? else {
        return Ok(Some(failures.into_values().collect::<Vec<_>>()).filter(|failures| !failures.is_empty()));
    };
    for job in pending(eraser.store, eraser.job).await? {
        if failures.contains_key(&job.id) {
            continue;
        }
        match run(&job, eraser, now).await {
            Ok(receipt) => done(&job, receipt),
            Err(error) => drop(failures.insert(job.id, left(&job, error))),
        }
    }
    Ok(Some(failures.into_values().collect()))
}

/// Why an erasure is not done, and which it is.
fn left(job: &EraseJob, why: anyhow::Error) -> anyhow::Error {
    let asked = Day::from_unix(job.asked_at).map(|day| format!(", asked for on {day},")).unwrap_or_default();
    why.context(format!("erasure {}{asked} is not done", job.id))
}

async fn run(job: &EraseJob, eraser: Eraser<'_>, now: i64) -> Result<Receipt> {
    let mut days = eraser.archive.days_with_objects().await?.len() as u64;
    if let Some(spool) = eraser.spool {
        days += spool.days_with_objects().await?.len() as u64;
    }
    let bar = steps("erasing", days, "days");
    let receipt = eraser.erase(job, now, |done, _| bar.set_position(done)).await?;
    bar.finish_and_clear();
    Ok(receipt)
}

fn tell(receipt: &Receipt, missing: &[String], json: bool) -> Result<()> {
    for folder in missing {
        eprintln!("{folder}");
    }
    let mut out = std::io::stdout().lock();
    if json {
        return writeln!(out, "{}", serde_json::to_string(receipt)?).context("cannot print");
    }
    let Receipt { archive_days, objects, members, observations, bytes, store_days, rows, .. } = receipt;
    let Receipt { export_folders, export_parts, export_rows, channel_days, .. } = receipt;
    writeln!(
        out,
        "archive: {observations} observations removed from {objects} objects of {archive_days} days; {members} members, {bytes} bytes written anew"
    )?;
    writeln!(out, "store: {store_days} days, {rows} rows and blocks")?;
    let crowd = if receipt.crowd_files > 0 { "written anew, or removed" } else { "nothing of them was in it" };
    writeln!(out, "the crowd's index: {crowd}")?;
    writeln!(out, "exports: {export_rows} rows removed from {export_parts} parts in {export_folders} folders")?;
    if *channel_days > 0 {
        writeln!(
            out,
            "they are a channel too: {channel_days} days of what it broadcast stay, and its name in them and in the archive, \
             since that was public; no page, no import, no export and no list of what is on air has it from now on"
        )?;
    }
    writeln!(out, "no import will keep them again; backups, and copies of exports elsewhere, are out of its reach")?;
    Ok(())
}
