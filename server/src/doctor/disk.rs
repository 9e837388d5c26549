//! Whether the disks have room for the planned retention.

use std::path::{Path, PathBuf};

use archive::Archive;
use collector::tracked::read;
use store::upkeep::stats::StoreStats;

use super::finding::{Finding, Findings};
use super::folder::disk;
use super::forecast::{self, DAYS, Forecast, Held};
use crate::config::{Config, sqlite_folder};
use crate::store_upkeep::size;

const CHECK: &str = "disk";

/// A disk that is full sooner than in so many days has to be seen to now.
const SOON_DAYS: f64 = 7.0;

/// What a place takes on its disk.
struct Claim {
    what: &'static str,
    folder: PathBuf,
    held_bytes: u64,
    forecast: Forecast,
}

/// Looks at the disk of each folder that is to grow.
pub(super) async fn examine(
    config: &Config,
    archive: Option<&Archive>,
    store: Option<&StoreStats>,
    found: &mut Findings,
) {
    let mut left = claims(config, archive, store).await;
    while let Some(first) = left.pop() {
        let here = match disk(&first.folder) {
            Ok(here) => here,
            Err(error) => {
                let what = format!("the disk of {}: {error}", first.folder.display());
                found.say(Finding::warning(CHECK, what, "look yourself how much room it has"));
                continue;
            }
        };
        let (mut same, others) = left
            .into_iter()
            .partition::<Vec<Claim>, _>(|claim| disk(&claim.folder).is_ok_and(|one| one.number == here.number));
        left = others;
        same.push(first);
        found.say(judged(&same, here.free_bytes));
    }
}

async fn claims(config: &Config, archive: Option<&Archive>, store: Option<&StoreStats>) -> Vec<Claim> {
    let channels = config.collect.as_ref().map_or(0, |plan| {
        plan.top as usize + plan.tracked.len() + read(&plan.channels).map_or(0, |channels| channels.len())
    });
    let mut claims = Vec::new();
    let held = store.map_or_else(Held::default, |stats| Held {
        days: stats.days,
        viewer_days: stats.viewer_days,
        bytes: stats.bytes,
    });
    let crowd = config.store.crowd_file();
    claims.push(Claim {
        what: "the crowd's index",
        folder: crowd.folder().to_owned(),
        held_bytes: crowd.path().metadata().map_or(0, |file| file.len()),
        forecast: forecast::crowd(channels, held),
    });
    if let Some(folder) = sqlite_folder(&config.store.url) {
        let forecast = forecast::store(channels, config.retention.raw_days, config.retention.hour_days, held);
        claims.push(Claim { what: "the store", folder: folder.to_owned(), held_bytes: held.bytes, forecast });
    }
    if config.archive.is_bucket() {
        let (folder, bytes) = config.archive.spool_room();
        // Of an outage that fills it, not day by day.
        let forecast = Forecast { day_bytes: 0.0, all_bytes: bytes as f64, is_measured: true };
        claims.push(Claim { what: "the spool", folder: folder.into(), held_bytes: 0, forecast });
    } else {
        let (mut held, mut held_bytes) = (Vec::new(), 0);
        if let Some(archive) = archive {
            held = days(archive).await;
            held_bytes = archive.bytes().await.unwrap_or_default();
        }
        let forecast = forecast::archive(channels, config.retention.raw_days, &held);
        let folder = config.archive.url.strip_prefix("file://").unwrap_or(&config.archive.url).into();
        claims.push(Claim { what: "the archive", folder, held_bytes, forecast });
    }
    // Without a collector a machine grows by what is there to import alone.
    claims.retain(|claim| config.collect.is_some() || claim.forecast.is_measured);
    claims
}

/// Bytes and sweeps of the last days of an archive; of those that can be read.
async fn days(archive: &Archive) -> Vec<(u64, usize)> {
    let mut told = Vec::new();
    for day in archive.days().await.unwrap_or_default().into_iter().rev().take(DAYS + 1) {
        if let Ok(Some(manifest)) = archive.manifest(day).await {
            let bytes = manifest.sweeps.iter().map(|sweep| sweep.streams.bytes + sweep.chatters.bytes).sum();
            told.push((bytes, manifest.sweeps.len()));
        }
    }
    told
}

fn judged(claims: &[Claim], free_bytes: u64) -> Finding {
    let sum = |each: fn(&Claim) -> f64| claims.iter().map(each).sum::<f64>();
    let missing = sum(|claim| (claim.forecast.all_bytes - claim.held_bytes as f64).max(0.0));
    let day_bytes = sum(|claim| claim.forecast.day_bytes);
    let told: Vec<String> = claims.iter().map(told).collect();
    let what = format!(
        "{} free where {} is; the retention takes {} more: {}",
        size(free_bytes),
        claims.first().map_or(Path::new("."), |claim| &claim.folder).display(),
        size(missing as u64),
        told.join(", ")
    );
    if free_bytes as f64 >= missing {
        return Finding::ok(CHECK, what);
    }
    let todo = "keep less ([retention]), put the archive into a bucket, or give the disk more room";
    // Where nothing grows day by day it is the spool that has no room.
    let days = if day_bytes > 0.0 { free_bytes as f64 / day_bytes } else { f64::INFINITY };
    if days < SOON_DAYS {
        return Finding::wrong(CHECK, format!("{what}; it is full in {days:.0} days"), todo);
    }
    let what = if days.is_finite() { format!("{what}; it is full in about {days:.0} days") } else { what };
    Finding::warning(CHECK, what, todo)
}

fn told(Claim { what, forecast, .. }: &Claim) -> String {
    let Forecast { day_bytes, all_bytes, is_measured } = *forecast;
    if day_bytes <= 0.0 {
        return format!("{what} {} at most", size(all_bytes as u64));
    }
    let how = if is_measured { "as the last days" } else { "estimated" };
    format!("{what} {} a day ({how}), {} in all", size(day_bytes as u64), size(all_bytes as u64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_disk_is_judged_by_what_is_to_come() {
        let claim = |what, held_bytes, day_bytes: f64| Claim {
            what,
            folder: "data".into(),
            held_bytes,
            forecast: Forecast { day_bytes, all_bytes: day_bytes * 90.0, is_measured: true },
        };
        let claims = [claim("the archive", 1_000_000_000, 100e6), claim("the store", 0, 10e6)];
        let told = |free| judged(&claims, free).to_string();
        assert!(told(9_000_000_000).starts_with("ok "), "{}", told(9_000_000_000));
        assert!(told(8_000_000_000).contains("full in about 73 days: keep less"), "{}", told(8_000_000_000));
        assert!(told(500_000_000).starts_with("WRONG ") && told(500_000_000).contains("full in 5 days"));
    }
}
