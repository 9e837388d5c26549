//! Where things are kept: the archive, the spool before it, the store.

use std::fs;
use std::path::Path;

use archive::Archive;
use archive::error::ArchiveError;
use archive::probe::{Probed, probe};
use model::words::Origin;
use store::error::StoreError;
use store::upkeep::{self, stats::StoreStats};

use super::finding::{Finding, Findings};
use super::folder::{can_be_written, disk};
use crate::config::{Config, sqlite_folder, without_password};
use crate::report::chain;
use crate::store_upkeep::size;

/// Whether the archive takes objects, and is of the origin that is meant; the archive, where there is one.
pub(super) async fn archive(config: &Config, found: &mut Findings) -> Option<Archive> {
    const CHECK: &str = "archive";
    let (url, wanted) = (without_password(&config.archive.url), config.archive.origin);
    let Probed { origin, creates_once } = match probe(&config.archive.url).await {
        Ok(probed) => probed,
        Err(error) => {
            let todo = match &error {
                ArchiveError::Folder { .. } => "let this user write there, or choose another folder with [archive] url",
                _ if config.archive.is_bucket() => {
                    "see docs/operating.md, \"An archive in a bucket\": its variables, and what its key has to be allowed"
                }
                _ => "let this user write there",
            };
            found.say(Finding::wrong(CHECK, format!("{url}: {}", chain(&error)), todo));
            return None;
        }
    };
    if !creates_once {
        found.say(Finding::wrong(
            CHECK,
            format!("{url} lets an object be created that is there (no conditional creates)"),
            "two collectors would mix their sweeps there: use a store that knows If-None-Match, or a folder of this machine",
        ));
    }
    match origin {
        Some(held) if held != wanted => found.say(Finding::wrong(
            CHECK,
            format!("{url} holds {held} data, and [archive] origin = \"{wanted}\""),
            "the two are never mixed: choose another place, or the other origin",
        )),
        Some(held) => found.say(Finding::ok(CHECK, format!("{url} takes objects, and holds {held} data"))),
        None => found.say(Finding::ok(
            CHECK,
            format!("{url} takes objects; there is no archive yet, a start makes one of {wanted} data"),
        )),
    }
    Archive::open(&config.archive.url).await.ok()
}

/// Whether sweeps can wait for a bucket.
pub(super) fn spool(config: &Config, found: &mut Findings) {
    const CHECK: &str = "spool";
    if !config.archive.is_bucket() {
        return;
    }
    let (folder, most) = config.archive.spool_room();
    if let Err(error) = can_be_written(Path::new(folder)) {
        return found.say(Finding::wrong(
            CHECK,
            format!("{folder}: {error}"),
            "let this user write there, or choose another folder with [archive] spool",
        ));
    }
    match disk(Path::new(folder)) {
        Ok(disk) if disk.free_bytes >= most => {
            found.say(Finding::ok(CHECK, format!("{folder} can be written, and has room for {}", size(most))));
        }
        Ok(disk) => found.say(Finding::warning(
            CHECK,
            format!("{folder} has {} free, and spool_mb lets {} wait", size(disk.free_bytes), size(most)),
            "an outage would fill the disk: lower [archive] spool_mb, or give it more room",
        )),
        Err(error) => {
            found.say(Finding::warning(CHECK, format!("{folder}: {error}"), "look yourself how much room it has"));
        }
    }
}

/// Whether the crowd's index can be put where it is to be.
pub(super) fn crowd(config: &Config, found: &mut Findings) {
    const CHECK: &str = "crowd";
    let file = config.store.crowd_file();
    let place = file.path().display();
    let todo = "let this user write there, or choose another file with [store] crowd";
    if file.path().is_dir() {
        return found.say(Finding::wrong(
            CHECK,
            format!("{place} is a folder"),
            "name a file in it with [store] crowd",
        ));
    }
    match can_be_written(file.folder()) {
        Ok(()) => found.say(Finding::ok(CHECK, format!("the crowd's index has its place in {place}"))),
        Err(error) => found.say(Finding::wrong(CHECK, format!("{place}: {error}"), todo)),
    }
}

/// Whether the store opens, and is of the archive's origin; what is in it, where it does.
pub(super) async fn store(config: &Config, found: &mut Findings) -> Option<StoreStats> {
    const CHECK: &str = "store";
    let (url, wanted) = (&config.store.url, config.archive.origin);
    let folder = sqlite_folder(url);
    if let Some(folder) = folder
        && let Err(error) = can_be_written(folder)
    {
        let what = format!("{}: {error}", folder.display());
        found.say(Finding::wrong(CHECK, what, "let this user write there, or choose another folder with [store] url"));
        return None;
    }
    match upkeep::stats(url).await {
        Ok(stats) => {
            found.say(held(&stats, wanted, folder.is_some_and(is_in_use)));
            Some(stats)
        }
        Err(StoreError::Absent { place }) => {
            found.say(Finding::ok(CHECK, format!("there is none in {place} yet, a start makes one")));
            None
        }
        Err(error @ StoreError::Older { .. }) => {
            found.say(Finding::warning(
                CHECK,
                chain(&error),
                "back it up first with the version that it was used with",
            ));
            None
        }
        Err(error) => {
            found.say(Finding::wrong(CHECK, chain(&error), "see docs/operating.md, \"When something gives out\""));
            None
        }
    }
}

fn held(stats: &StoreStats, wanted: Origin, is_in_use: bool) -> Finding {
    let StoreStats { place, origin, days, bytes, .. } = stats;
    if *origin != wanted {
        return Finding::wrong(
            "store",
            format!("{place} holds {origin} data, and [archive] origin = \"{wanted}\""),
            "the two are never mixed: choose another store",
        );
    }
    let open = if is_in_use { "is open in a running Vigie, as it may be" } else { "opens" };
    Finding::ok("store", format!("{place} {open}: {days} days of {origin} data in {}", size(*bytes)))
}

/// Whether a process has the store in a folder open. Asked with a lock that others may have too, for a moment.
fn is_in_use(folder: &Path) -> bool {
    let lock = fs::File::open(folder.join("lock"));
    lock.is_ok_and(|lock| matches!(lock.try_lock_shared(), Err(fs::TryLockError::WouldBlock)))
}
