//! `vigie export`: days of the store as files for others.

use std::io::Write as _;
use std::path::PathBuf;

use anyhow::{Context as _, Result, bail};
use clap::{Args, Subcommand};
use collector::clock::Clock;
use importer::export::days::{ExportOrder, Progress, TableReport, export_days};
use indicatif::ProgressBar;
use model::day::Day;
use model::words::Origin;
use serde::Serialize;
use store::access::{Job, JobKey};
use store::suppression::Suppression;
use store::{AnyStore, Store as _};

use crate::cli::ConfigArgs;
use crate::config::Config;
use crate::export_folders::{FoldersArgs, ForgetArgs, forget, list, note};
use crate::report::steps;
use crate::service::StopSignal;

/// `vigie export`.
#[derive(Debug, Subcommand)]
pub enum Export {
    /// Apache Parquet, compressed with zstd.
    #[cfg(feature = "parquet")]
    Parquet(ExportArgs),
    /// CSV, compressed with gzip.
    Csv(ExportArgs),
    /// Lists the folders that presence was exported to, through which every erasure goes.
    Folders(FoldersArgs),
    /// Forgets a folder from which the export is gone, so that erasures no longer look for it.
    Forget(ForgetArgs),
}

/// `vigie export parquet` and `csv`.
#[derive(Clone, Debug, Args)]
pub struct ExportArgs {
    /// The first UTC day.
    #[arg(long)]
    pub from: Day,
    /// The last UTC day: exported too, so a single day is named twice.
    #[arg(long)]
    pub to: Day,
    /// The folder: a table a folder, in it a folder a day (`channel_days/date=2026-11-22/`).
    #[arg(long)]
    pub out: PathBuf,
    /// Also who was in which chat, by name: personal data. A later erasure reaches this folder, and no copy of it.
    #[arg(long)]
    pub raw: bool,
    /// Says that you have the right to export presence of real people; `--raw` takes it where they are real.
    #[arg(long, requires = "raw")]
    pub personal_data: bool,
    /// Replace days that the folder has already.
    #[arg(long)]
    pub overwrite: bool,
    /// The configuration file.
    #[command(flatten)]
    pub config: ConfigArgs,
    /// A store instead of the configured one.
    #[arg(long)]
    pub store: Option<String>,
    /// Print what was written as JSON.
    #[arg(long)]
    pub json: bool,
}

/// What an export is written as.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// Apache Parquet, compressed with zstd.
    #[cfg(feature = "parquet")]
    Parquet,
    /// CSV, compressed with gzip.
    Csv,
}

impl From<Format> for importer::export::Format {
    fn from(format: Format) -> importer::export::Format {
        match format {
            #[cfg(feature = "parquet")]
            Format::Parquet => importer::export::Format::Parquet,
            Format::Csv => importer::export::Format::Csv,
        }
    }
}

/// What `vigie export --json` says.
#[derive(Debug, Serialize)]
struct Exported {
    from: Day,
    to: Day,
    format: Format,
    origin: Origin,
    tables: Vec<TableReport>,
}

/// Does what is asked for.
pub(crate) async fn export(what: Export) -> Result<()> {
    match what {
        #[cfg(feature = "parquet")]
        Export::Parquet(args) => export_as(Format::Parquet, args).await,
        Export::Csv(args) => export_as(Format::Csv, args).await,
        Export::Folders(args) => list(args).await,
        Export::Forget(args) => forget(args).await,
    }
}

/// Exports the days asked for.
async fn export_as(format: Format, args: ExportArgs) -> Result<()> {
    let config = Config::unless_named(&args.config.config, args.store.is_some())?;
    let store = AnyStore::open(args.store.as_deref().unwrap_or(&config.store.url), None).await?;
    let suppression = Suppression::load(&store, config.privacy.secret()?.as_ref()).await?;
    let order = ExportOrder {
        from: args.from,
        to: args.to,
        format: format.into(),
        out: args.out.clone(),
        raw: args.raw,
        personal_data: args.personal_data,
        overwrite: args.overwrite,
        suppression,
    };
    if args.raw && (args.personal_data || store.origin() == Origin::Simulated) {
        warn(store.origin());
        note(&store, &args.out, Clock::wall().now()).await?;
    }
    let bars = Bars::default();
    let job = JobKey::grant(Job::Export);
    let mut stop = StopSignal::expect()?;
    // Ended by the signal itself, the program would leave its unfinished files behind.
    let tables = tokio::select! {
        done = export_days(&store, &job, &order, |progress| bars.show(progress)) => done?,
        () = stop.heard() => bail!("stopped: of the day that was being written nothing was kept"),
    };
    bars.clear();
    let exported = Exported { from: args.from, to: args.to, format, origin: store.origin(), tables };
    store.close().await;
    tell(&exported, args.json)
}

/// A bar a day.
#[derive(Default)]
struct Bars(std::cell::RefCell<Option<(Day, ProgressBar)>>);

impl Bars {
    fn show(&self, Progress { day, done, total }: Progress) {
        let mut shown = self.0.borrow_mut();
        if shown.as_ref().is_none_or(|(other, _)| *other != day) {
            if let Some((_, bar)) = shown.take() {
                bar.finish_and_clear();
            }
            *shown = Some((day, steps(format!("exporting {day}"), total, "people")));
        }
        if let Some((_, bar)) = shown.as_ref() {
            bar.set_position(done);
        }
    }

    fn clear(&self) {
        if let Some((_, bar)) = self.0.borrow_mut().take() {
            bar.finish_and_clear();
        }
    }
}

fn warn(origin: Origin) {
    let whose = match origin {
        Origin::Real => "real people, by name: personal data",
        Origin::Simulated => "people by name; these are invented, real ones would be personal data",
    };
    eprintln!(
        "warning: the table presence tells of {whose}. `vigie erase` finds this folder again, and no copy of it; \
         whoever opts out stays in it: keep it no longer than you need it, and export it again rather than pass it on"
    );
}

fn tell(exported: &Exported, json: bool) -> Result<()> {
    if json {
        return writeln!(std::io::stdout(), "{}", serde_json::to_string(exported)?).context("cannot print");
    }
    for TableReport { table, parts, rows, bytes } in &exported.tables {
        eprintln!("{table}: {rows} rows of {parts} {}, {bytes} bytes", if *parts == 1 { "day" } else { "days" });
    }
    Ok(())
}
