//! The folders that presence was exported to: noted, listed, forgotten.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use clap::Args;
use importer::export::erase::is_export;
use serde::Serialize;
use store::{AnyStore, Store as _};

use crate::report::chains;
use crate::store_upkeep::StorePlace;

/// `vigie export folders`.
#[derive(Clone, Debug, Args)]
pub struct FoldersArgs {
    /// Which store.
    #[command(flatten)]
    place: StorePlace,
    /// Print a line of JSON a folder instead of a sentence.
    #[arg(long)]
    json: bool,
}

/// `vigie export forget`.
#[derive(Clone, Debug, Args)]
pub struct ForgetArgs {
    /// The folder. Delete the export in it first.
    folder: PathBuf,
    /// Which store.
    #[command(flatten)]
    place: StorePlace,
}

/// What `vigie export folders --json` says of a folder.
#[derive(Debug, Serialize)]
struct Told<'a> {
    folder: &'a str,
    /// Whether an export is in it; nothing where that cannot be told.
    export: Option<bool>,
}

/// `vigie export folders`.
pub(crate) async fn list(args: FoldersArgs) -> Result<()> {
    let store = AnyStore::open(&args.place.url()?, None).await?;
    let mut out = std::io::stdout().lock();
    let mut failures = Vec::new();
    for folder in store.export_folders().await? {
        // One that cannot be looked into is on the list too, and hides no other.
        let export = holds_export(Path::new(&folder)).map_err(|error| failures.push(error)).ok();
        if args.json {
            writeln!(out, "{}", serde_json::to_string(&Told { folder: &folder, export })?)?;
        } else if export == Some(false) {
            writeln!(out, "{}", gone(&folder))?;
        } else {
            writeln!(out, "{folder}")?;
        }
    }
    store.close().await;
    if failures.is_empty() { Ok(()) } else { bail!(chains(&failures)) }
}

/// `vigie export forget`.
pub(crate) async fn forget(args: ForgetArgs) -> Result<()> {
    let folder = absolute(&args.folder)?;
    if holds_export(Path::new(&folder))? {
        bail!("an export is in {folder}, and no erasure would reach it any more: delete it first");
    }
    let store = AnyStore::open(&args.place.url()?, None).await?;
    let mut known = false;
    for noted in store.export_folders().await? {
        // Earlier versions noted folders as they were written.
        if plain(Path::new(&noted)) == Path::new(&folder) {
            known |= store.forget_export(&noted).await?;
        }
    }
    store.close().await;
    if !known {
        bail!("presence was never exported to {folder}: `vigie export folders` lists where it was");
    }
    eprintln!("forgotten: no erasure looks for an export in {folder} any more");
    Ok(())
}

/// Remembers where presence is exported to. Errors: the folder's name is no text, so that an erasure could not find it.
pub(crate) async fn note(store: &AnyStore, folder: &Path, now: i64) -> Result<()> {
    Ok(store.note_export(&absolute(folder)?, now).await?)
}

/// Of each folder in which no export is any more, what to do about it.
pub(crate) async fn missing(store: &AnyStore) -> Result<Vec<String>> {
    let mut told = Vec::new();
    for folder in store.export_folders().await? {
        if !holds_export(Path::new(&folder))? {
            told.push(gone(&folder));
        }
    }
    Ok(told)
}

/// Whether an export is in a folder. Errors: it cannot be told.
pub(crate) fn holds_export(folder: &Path) -> Result<bool> {
    is_export(folder).with_context(|| format!("cannot look for an export in {}", folder.display()))
}

fn gone(folder: &str) -> String {
    format!(
        "no export is in {folder} any more: if it was moved or copied, name where to (`vigie erase --exports`); if it was \
         deleted, have it forgotten (`vigie export forget`)"
    )
}

/// A path without what changes nothing, as a slash at its end: one folder is noted once.
fn plain(path: &Path) -> PathBuf {
    path.components().collect()
}

/// As the store notes it, whether the folder is there or not.
fn absolute(folder: &Path) -> Result<String> {
    let absolute = std::path::absolute(folder).with_context(|| format!("there is no folder {}", folder.display()))?;
    match plain(&absolute).to_str() {
        Some(path) => Ok(path.to_owned()),
        None => {
            bail!("the name of {} is not UTF-8, and an erasure would not find it: choose another", folder.display())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_noted_once_however_it_is_written() {
        let noted = |path: &str| absolute(Path::new(path)).unwrap();
        assert!(noted("exports/csv").ends_with("/exports/csv"));
        for same in ["exports/csv/", "./exports//csv", "exports/./csv/."] {
            assert_eq!(noted(same), noted("exports/csv"));
        }
        assert_eq!((noted("/"), noted("/csv/")), ("/".to_owned(), "/csv".to_owned()));
    }
}
