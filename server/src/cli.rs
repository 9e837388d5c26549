//! The command line.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use importer::verify::options::SAMPLE;
use model::day::Day;
use model::identity::TwitchId;
use model::login::Login;

pub mod channels;
pub mod simulate;

/// What harmless-looking public chat lists give away.
#[derive(Debug, Parser)]
#[command(name = "vigie", version, propagate_version = true)]
pub struct Cli {
    /// Which part of the program to run.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Everything at once on invented people: simulator, collector, importer, website.
    Demo(DemoArgs),
    /// Writes a configuration to begin with, every setting explained, and a secret beside it.
    Init(ConfigArgs),
    /// Whether everything is in place that a deployment needs: a line a thing, and what to do.
    Doctor(DoctorArgs),
    /// The website, with the collector and the imports that the configuration asks for.
    Serve(ServeArgs),
    /// The collector alone: every five minutes, or once.
    Collect(CollectArgs),
    /// Lets Vigie ask Twitch in somebody's name.
    #[command(subcommand)]
    Auth(Auth),
    /// The channels that are followed whatever their rank.
    #[command(subcommand)]
    Channels(channels::Channels),
    /// Imports days of the archive into the store.
    Import(ImportArgs),
    /// Compares an imported day with its archive, worked out a second time and another way.
    Verify(VerifyArgs),
    /// The accounts that an import took for bots, and why.
    Bots(BotsArgs),
    /// Closes months, makes them coarser, and removes what is too old; the program that serves does it every night.
    Retain(RetainArgs),
    /// Removes a person from the archive and the store, for good, and keeps them out.
    Erase(EraseArgs),
    /// Shows a person or a channel on no page and keeps them out of all imports from now on; what is held of them stays.
    OptOut(OptOutArgs),
    /// Writes days of the store as files for others: Parquet or CSV, aggregates unless told otherwise.
    #[command(subcommand)]
    Export(crate::export::Export),
    /// Looks after the store: figures, a check, space, backups.
    #[command(subcommand)]
    Store(crate::store_upkeep::StoreUpkeep),
    /// A synthetic Twitch: archives, truth, a server.
    #[command(subcommand)]
    Simulate(simulate::Simulate),
    /// Holds every inference against invented people whose truth is known: errors, intervals, refusals, failures.
    Validate(ValidateArgs),
    /// Measures an archive.
    #[cfg(feature = "study")]
    #[command(subcommand)]
    Study(crate::study::Study),
}

/// `vigie demo`.
#[derive(Clone, Debug, Args)]
pub struct DemoArgs {
    /// Where archive, store and clock are kept; the next start resumes from it.
    #[arg(long, env = "VIGIE_DEMO_DATA", default_value = "data/demo")]
    pub data: PathBuf,
    /// The address to listen on.
    #[arg(long, default_value = "127.0.0.1")]
    pub host: std::net::IpAddr,
    /// The port to listen on; 0 takes a free one.
    #[arg(long, env = "VIGIE_PORT", default_value_t = 3000)]
    pub port: u16,
    /// How many times faster than the wall's the virtual clock runs, 1 to 3600.
    #[arg(long, default_value_t = 1.0, value_parser = speed)]
    pub speed: f64,
    /// The virtual instant to begin at, as 2026-11-22T20:00:00Z; now by default. Only for a new data folder.
    #[arg(long)]
    pub start: Option<jiff::Timestamp>,
    /// Do not sweep: serve the past days alone, with the clock standing still.
    #[arg(long)]
    pub still: bool,
    /// The people to invent.
    #[command(flatten)]
    pub world: WorldArgs,
    /// How many weeks of the past to write, 1 to 52.
    #[arg(long, default_value_t = 8, value_parser = clap::value_parser!(u16).range(1..=52))]
    pub weeks: u16,
    /// The folder of the built site; beside the program or in target/site by default.
    #[arg(long, env = "VIGIE_SITE_FOLDER")]
    pub site: Option<PathBuf>,
}

/// A synthetic population.
#[derive(Clone, Copy, Debug, Args)]
pub struct WorldArgs {
    /// The seed: the same one gives the same people and the same days.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// How many viewers. Of up to 100,000 about a third come on a day; of more, nearly all: a whole country.
    #[arg(long, default_value_t = 20_000, value_parser = clap::value_parser!(u32).range(100..=10_000_000))]
    pub viewers: u32,
    /// How many channels.
    #[arg(long, default_value_t = 300, value_parser = clap::value_parser!(u32).range(20..=20_000))]
    pub channels: u32,
}

/// A command that reads a configuration file.
#[derive(Clone, Debug, Args)]
pub struct ConfigArgs {
    /// The configuration file.
    #[arg(long, env = "VIGIE_CONFIG", default_value = "vigie.toml")]
    pub config: PathBuf,
}

/// `vigie doctor`.
#[derive(Clone, Debug, Args)]
pub struct DoctorArgs {
    /// The configuration file.
    #[command(flatten)]
    pub config: ConfigArgs,
    /// Print JSON instead of lines.
    #[arg(long)]
    pub json: bool,
}

/// `vigie serve`.
#[derive(Clone, Debug, Args)]
pub struct ServeArgs {
    /// The configuration file.
    #[command(flatten)]
    pub config: ConfigArgs,
    /// Print the configuration as it is used, where each setting is from, without secrets; start nothing.
    #[arg(long)]
    pub print_config: bool,
}

/// `vigie collect`.
#[derive(Clone, Debug, Args)]
pub struct CollectArgs {
    /// The configuration file.
    #[command(flatten)]
    pub config: ConfigArgs,
    /// One sweep, now, and no other.
    #[arg(long)]
    pub once: bool,
    /// Prints that sweep as a table, most viewers first.
    #[arg(long, requires = "once")]
    pub print: bool,
    /// Print the configuration as it is used, where each setting is from, without secrets; sweep nothing.
    #[arg(long)]
    pub print_config: bool,
}

/// `vigie auth`.
#[derive(Clone, Debug, Subcommand)]
pub enum Auth {
    /// Signs in to Twitch by a code that is typed in a browser: for lists of the chats that you moderate.
    Twitch(ConfigArgs),
}

/// `vigie import`.
#[derive(Clone, Debug, Args)]
pub struct ImportArgs {
    /// The configuration file.
    #[command(flatten)]
    pub config: ConfigArgs,
    /// An archive instead of the configured one.
    #[arg(long)]
    pub archive: Option<String>,
    /// A store instead of the configured one.
    #[arg(long)]
    pub store: Option<String>,
    /// The UTC day to import, imported already or not; without, every closed day that is not imported yet.
    #[arg(long)]
    pub day: Option<Day>,
    /// Leave out the sweeps that cannot be understood, and note them, instead of refusing the day.
    #[arg(long)]
    pub skip_bad: bool,
    /// Then work out the figures of nights that are due, as the program that serves does by itself.
    #[arg(long, conflicts_with = "dry_run")]
    pub nights: bool,
    /// Read the day and make its rows, and keep nothing: whether an archive can be imported, and what is in it.
    #[arg(long, requires = "day")]
    pub dry_run: bool,
    /// Threads instead of the configured number; the result is the same.
    #[arg(long)]
    pub threads: Option<NonZeroUsize>,
    /// Print a line of JSON a day instead of a sentence.
    #[arg(long)]
    pub json: bool,
}

/// `vigie retain`.
#[derive(Clone, Debug, Args)]
pub struct RetainArgs {
    /// The configuration file.
    #[command(flatten)]
    pub config: ConfigArgs,
    /// Say what would be done, and do nothing.
    #[arg(long)]
    pub dry_run: bool,
    /// Print a line of JSON a step instead of a sentence.
    #[arg(long)]
    pub json: bool,
}

/// `vigie verify`.
#[derive(Clone, Debug, Args)]
pub struct VerifyArgs {
    /// The configuration file.
    #[command(flatten)]
    pub config: ConfigArgs,
    /// An archive instead of the configured one.
    #[arg(long)]
    pub archive: Option<String>,
    /// A store instead of the configured one.
    #[arg(long)]
    pub store: Option<String>,
    /// The UTC day.
    #[arg(long)]
    pub day: Day,
    /// How many viewers to compare bit by bit.
    #[arg(long, default_value_t = SAMPLE)]
    pub viewers: usize,
    /// How many channels to compare bit by bit.
    #[arg(long, default_value_t = SAMPLE)]
    pub channels: usize,
    /// Another one draws another sample.
    #[arg(long, default_value_t = 0)]
    pub seed: u64,
    /// Name the viewers that differ instead of only counting them.
    #[arg(long)]
    pub show_logins: bool,
    /// Print JSON instead of sentences.
    #[arg(long)]
    pub json: bool,
}

/// `vigie erase`.
#[derive(Clone, Debug, Args)]
pub struct EraseArgs {
    /// The configuration file.
    #[command(flatten)]
    pub config: ConfigArgs,
    /// The login they hold, or held last.
    #[arg(long)]
    pub login: Login,
    /// Read every object of the archive, also of days that the store has rows of all of. A later run that goes on with it
    /// does too.
    #[arg(long)]
    pub thorough: bool,
    /// A folder of exports that the store does not know of (of an earlier version, or a copy), to be gone through now and
    /// in later erasures. Given several times, several.
    #[arg(long, value_name = "FOLDER")]
    pub exports: Vec<PathBuf>,
    /// Print the receipt as JSON.
    #[arg(long)]
    pub json: bool,
}

/// `vigie opt-out`.
#[derive(Clone, Debug, Args)]
pub struct OptOutArgs {
    /// The configuration file.
    #[command(flatten)]
    pub config: ConfigArgs,
    /// The login they hold, or held last; all others that are known of them opt out with it.
    #[arg(long)]
    pub login: Login,
    /// Twitch's id of them, where the store may not know it: they were erased, or no import has told it yet.
    #[arg(long)]
    pub id: Option<TwitchId>,
    /// Take them off the list again.
    #[arg(long)]
    pub undo: bool,
}

/// `vigie bots`.
#[derive(Clone, Debug, Args)]
pub struct BotsArgs {
    /// The configuration file.
    #[command(flatten)]
    pub config: ConfigArgs,
    /// The UTC day.
    #[arg(long)]
    pub day: Day,
    /// One account, taken for a bot or not.
    #[arg(long)]
    pub login: Option<Login>,
    /// Say the rules first.
    #[arg(long)]
    pub explain: bool,
    /// Print JSON instead of a table.
    #[arg(long)]
    pub json: bool,
}

/// `vigie validate`.
#[derive(Clone, Debug, Args)]
pub struct ValidateArgs {
    /// How many people to invent; some have a second account. A hundred kilobytes of memory each.
    #[arg(long, default_value_t = 5_000, value_parser = clap::value_parser!(u32).range(100..=50_000))]
    pub people: u32,
    /// How many channels they watch; by default one for forty people, 60 to 200.
    #[arg(long, value_parser = clap::value_parser!(u32).range(20..=2_000))]
    pub channels: Option<u32>,
    /// How many days of them are archived and imported.
    #[arg(long, default_value_t = 120, value_parser = clap::value_parser!(u16).range(14..=366))]
    pub days: u16,
    /// The seed: the same one gives the same report.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Which people: those that methods are tuned on, the others, or both.
    #[arg(long, value_enum, default_value_t = Families::Both)]
    pub family: Families,
    /// Where archive and store are put and stay, so that the next run with the same numbers goes on with them; without, they are
    /// made anew and removed.
    #[arg(long)]
    pub data: Option<PathBuf>,
    /// Print JSON instead of tables.
    #[arg(long)]
    pub json: bool,
}

/// Families of invented people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Families {
    /// The one that methods are tuned on.
    A,
    /// The one that they are reported on.
    B,
    /// One after the other.
    Both,
}

fn speed(text: &str) -> Result<f64, String> {
    let speed: f64 = text.parse().map_err(|_| "not a number".to_owned())?;
    if (1.0..=3600.0).contains(&speed) { Ok(speed) } else { Err("a speed is between 1 and 3600".to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn nonsense_is_refused() {
        for line in [
            &["vigie", "demo", "--speed", "0"][..],
            &["vigie", "demo", "--weeks", "0"],
            &["vigie", "demo", "--start", "yesterday"],
            &["vigie", "import", "--day", "2026-02-30"],
            &["vigie", "validate", "--people", "99"],
            &["vigie", "validate", "--family", "c"],
            &["vigie", "export", "xml", "--from", "2026-11-21", "--to", "2026-11-21", "--out", "x"],
            &["vigie", "export", "csv", "--from", "2026-11-21", "--to", "2026-11-21", "--out", "x", "--personal-data"],
            &["vigie", "simulate", "truth", "--login", "é", "--day", "2026-02-03"],
        ] {
            assert!(Cli::try_parse_from(line).is_err(), "{line:?}");
        }
    }
}
