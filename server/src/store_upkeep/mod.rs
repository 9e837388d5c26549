//! `vigie store`: figures, checks, space given back, backups.

use std::io::Write as _;
use std::path::PathBuf;

use anyhow::{Context as _, Result, bail};
use clap::{Args, Subcommand};
use collector::clock::Clock;
use model::slot::SlotTime;
use serde::Serialize;
use store::access::{Job, JobKey};
use store::upkeep::{self, Depth};

use self::stats_table::StatsTable;
use self::words::{findings, read};
use crate::cli::ConfigArgs;
use crate::config::Config;
use crate::service::StopSignal;

mod stats_table;
mod words;

pub(crate) use self::words::size;

/// `vigie store`.
#[derive(Debug, Subcommand)]
pub enum StoreUpkeep {
    /// What is in the store, and how much room it takes. Also beside `vigie serve`.
    Stats {
        /// Which store.
        #[command(flatten)]
        place: StorePlace,
        /// Print JSON instead of tables.
        #[arg(long)]
        json: bool,
    },
    /// Reads everything and says what is wrong; ends with 1 then. Also beside `vigie serve`.
    Check {
        /// Which store.
        #[command(flatten)]
        place: StorePlace,
        /// Have SQLite compare indexes with their tables too.
        #[arg(long)]
        full: bool,
        /// Print JSON instead of sentences.
        #[arg(long)]
        json: bool,
    },
    /// Gives free space back. Of SQLite, stop `vigie serve` first.
    Vacuum {
        /// Which store.
        #[command(flatten)]
        place: StorePlace,
    },
    /// Copies the store, as of one moment, into a folder that is not there yet. Also beside `vigie serve`.
    Backup {
        /// The folder.
        to: PathBuf,
        /// Which store.
        #[command(flatten)]
        place: StorePlace,
    },
    /// Makes a store of a backup, where none is.
    Restore {
        /// The folder of the backup.
        from: PathBuf,
        /// Which store.
        #[command(flatten)]
        place: StorePlace,
    },
}

/// Which store is meant.
#[derive(Clone, Debug, Args)]
pub struct StorePlace {
    /// The configuration file that names the store.
    #[command(flatten)]
    config: ConfigArgs,
    /// A store instead of the configured one.
    #[arg(long)]
    store: Option<String>,
}

impl StorePlace {
    /// Its address. Errors: the configuration that names it cannot be read.
    pub(crate) fn url(self) -> Result<String> {
        match self.store {
            Some(url) => Ok(url),
            None => Ok(Config::load(&self.config.config)?.store.url),
        }
    }
}

/// Runs it. Errors: those of the store, and findings of a check.
pub(crate) async fn store_upkeep(what: StoreUpkeep) -> Result<()> {
    let job = JobKey::grant(Job::Upkeep);
    match what {
        StoreUpkeep::Stats { place, json } => {
            let stats = upkeep::stats(&place.url()?).await?;
            if json { print_json(&stats) } else { print(&StatsTable(&stats).to_string()) }
        }
        StoreUpkeep::Check { place, full, json } => {
            let depth = if full { Depth::Full } else { Depth::Quick };
            let report = upkeep::check(&job, &place.url()?, depth).await?;
            if json {
                print_json(&report)?;
            } else {
                print(&(findings(&report) + &read(&report)))?;
            }
            match report.findings.len() {
                0 => Ok(()),
                n => bail!(
                    "{} has {n} {} wrong: restore a backup, or import the days again from the archive",
                    report.place,
                    if n == 1 { "thing" } else { "things" }
                ),
            }
        }
        StoreUpkeep::Vacuum { place } => {
            let vacuumed = upkeep::vacuum(&job, &place.url()?).await?;
            for part in &vacuumed.parts {
                eprintln!("{}: {} before, {} after", part.name, size(part.bytes_before), size(part.bytes_after));
            }
            print(&format!("{} given back\n", size(vacuumed.given_back())))
        }
        StoreUpkeep::Backup { to, place } => {
            let url = place.url()?;
            let mut stop = StopSignal::expect()?;
            // Dropped half-way, what is written of it goes.
            let backup = tokio::select! {
                done = upkeep::back_up(&job, &url, &to, Clock::wall().now()) => done?,
                () = stop.heard() => bail!("stopped: nothing is kept of the backup"),
            };
            let (files, rows, bytes) = (backup.files.len(), backup.rows(), size(backup.bytes()));
            print(&format!("{rows} rows in {files} files, {bytes}, in {}\n", to.display()))
        }
        StoreUpkeep::Restore { from, place } => {
            let restored = upkeep::restore(&job, &from, &place.url()?).await?;
            let since =
                SlotTime::from_unix(restored.made_at).map_or_else(|_| "it was made".to_owned(), |at| at.to_string());
            eprintln!(
                "whoever was erased or opted out since {since} is held and shown as before: erase them again, have them opt out again"
            );
            print(&format!("{} rows of {} files restored: {} data\n", restored.rows, restored.files, restored.origin))
        }
    }
}

fn print(text: &str) -> Result<()> {
    std::io::stdout().write_all(text.as_bytes()).context("cannot print")
}

fn print_json(value: &impl Serialize) -> Result<()> {
    print(&(serde_json::to_string_pretty(value).context("cannot write the report")? + "\n"))
}
