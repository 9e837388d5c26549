//! `vigie study`: measures an archive.

use std::io::Write as _;
use std::path::PathBuf;

use anyhow::{Context as _, Result};
use archive::Archive;
use charts::ink::Ink;
use charts::named_bars::{NamedBar, NamedBars, named_bars};
use charts::picture::Caption;
use charts::words::Words;
use clap::{Args, Subcommand};
use model::day::Day;
use study::price::Price;
use study::report::Report;
use study::rows::Order;
use study::setting::Setting;
use study::study::{DEFAULT_SWEEPS, Plan};
use study::table::Table;

use crate::cli::ConfigArgs;
use crate::config::Config;
use crate::report::steps;

/// `vigie study`.
#[derive(Debug, Subcommand)]
pub enum Study {
    /// What other compressions would make of a day, sorted and shuffled: size, CPU time, cost.
    Compression(CompressionArgs),
}

/// `vigie study compression`.
#[derive(Clone, Debug, Args)]
pub struct CompressionArgs {
    /// The UTC day.
    #[arg(long)]
    pub day: Day,
    /// The configuration file that names the archive.
    #[command(flatten)]
    pub config: ConfigArgs,
    /// An archive instead of the configured one.
    #[arg(long)]
    pub archive: Option<String>,
    /// How many sweeps of the day to measure, evenly spread; sizes are scaled to the day.
    #[arg(long, default_value_t = DEFAULT_SWEEPS)]
    pub sweeps: u16,
    /// What to measure, as gzip-6,zstd-19; gzip, members (our gzip), bzip2, xz, zstd, zstd-long and brotli by default.
    #[arg(long, value_delimiter = ',')]
    pub codecs: Vec<String>,
    /// Determines the shuffled order.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// What a GB-month of storage costs; the default is Amazon S3 Standard's list price in dollars.
    #[arg(long, allow_negative_numbers = true, default_value_t = Price::default().per_gb())]
    pub price_per_gb: f64,
    /// Print JSON instead of a table.
    #[arg(long)]
    pub json: bool,
    /// Also draw the sizes into this file, as SVG.
    #[arg(long)]
    pub picture: Option<PathBuf>,
}

/// Runs it.
pub(crate) async fn study(what: Study) -> Result<()> {
    let Study::Compression(args) = what;
    let settings = match args.codecs.as_slice() {
        [] => Setting::default_list(),
        codecs => codecs.iter().map(|codec| codec.parse()).collect::<Result<_, _>>()?,
    };
    let price = Price::new(args.price_per_gb)?;
    let place = match args.archive {
        Some(place) => place,
        None => Config::load(&args.config.config)?.archive.url,
    };
    let archive = Archive::open(&place).await?;
    let plan = Plan { day: args.day, sweeps: args.sweeps, settings, seed: args.seed, price };
    let bar = steps("compressing", plan.steps(archive.sweeps(args.day).await?.len()), "steps");
    let step = bar.clone();
    let report = study::study::study(&archive, &plan, move || step.inc(1)).await?;
    bar.finish_and_clear();
    if let Some(file) = &args.picture {
        std::fs::write(file, picture(&report)).with_context(|| format!("cannot write {}", file.display()))?;
    }
    let text = if args.json {
        serde_json::to_string_pretty(&report).context("cannot write the report")? + "\n"
    } else {
        Table(&report).to_string()
    };
    std::io::stdout().write_all(text.as_bytes()).context("cannot print")
}

/// The sizes as bars.
fn picture(report: &Report) -> String {
    let sorted = report.outcomes.iter().filter(|outcome| outcome.order == Order::Sorted);
    let names = sorted.map(|sorted| {
        let shuffled = report.outcome(sorted.setting, Order::Shuffled).map(|shuffled| (Ink::Soft, shuffled.day_bytes));
        let name = if sorted.setting == Setting::OURS { "(ours)" } else { "" };
        NamedBar {
            name: format!("{} {name}", sorted.setting).trim_end().to_owned(),
            bars: std::iter::once((Ink::Bar, sorted.day_bytes)).chain(shuffled).collect(),
        }
    });
    let ours = |order| report.outcome(Setting::OURS, order).map(|outcome| outcome.bytes as f64);
    let finding = match (ours(Order::Sorted), ours(Order::Shuffled)) {
        (Some(sorted), Some(shuffled)) => {
            format!("The order of rows makes an archive {:.1} times smaller", shuffled / sorted)
        }
        _ => "What a day takes".to_owned(),
    };
    let sub = format!("MB that {} ({}) takes, by compression and level", report.day, report.origin);
    let words = Words { title: finding.clone(), desc: sub.clone() };
    let megabytes = |bytes: u64| format!("{:.1}", bytes as f64 / 1e6);
    let legend = [(Ink::Bar, "rows sorted".to_owned()), (Ink::Soft, "rows shuffled".to_owned())];
    let source = format!("vigie study compression, {} of {} sweeps", report.sweeps, report.sweeps_of_day);
    let caption = Caption { finding: &finding, sub: &sub, legend: &legend, source: &source };
    named_bars("study", &NamedBars { words, names: names.collect() }, &megabytes).to_picture(&caption)
}
