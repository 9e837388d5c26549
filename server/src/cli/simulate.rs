//! `vigie simulate`.

use std::path::PathBuf;

use clap::Subcommand;
use model::day::Day;
use model::login::Login;

use super::WorldArgs;

/// `vigie simulate`.
#[derive(Debug, Subcommand)]
pub enum Simulate {
    /// Writes past days of a synthetic population straight into an archive.
    Archive {
        /// The people to invent.
        #[command(flatten)]
        world: WorldArgs,
        /// How many days.
        #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=400))]
        days: u16,
        /// The last day; yesterday if unset.
        #[arg(long)]
        until: Option<Day>,
        /// The archive: a folder, or a bucket as `[archive] url` names it.
        #[arg(long)]
        out: String,
    },
    /// Prints where an invented person truly was on a UTC day, as JSON.
    Truth {
        /// The people to invent.
        #[command(flatten)]
        world: WorldArgs,
        /// The person's login.
        #[arg(long)]
        login: Login,
        /// The UTC day.
        #[arg(long)]
        day: Day,
    },
    /// Speaks Twitch's protocols about a synthetic population.
    Serve {
        /// The people to invent.
        #[command(flatten)]
        world: WorldArgs,
        /// The port of the loopback address; 0 takes a free one.
        #[arg(long, default_value_t = 0)]
        port: u16,
        /// Milliseconds that half of the answers take at most.
        #[arg(long, default_value_t = 0)]
        latency: u32,
        /// Milliseconds that one answer in a hundred exceeds; as half of them if unset.
        #[arg(long, default_value_t = 0, requires = "latency")]
        latency_p99: u32,
        /// A file that says what goes wrong how often, read again whenever it changes: JSON like {"bad_gateway": 0.05}.
        #[arg(long)]
        faults: Option<PathBuf>,
        /// A file to write each request to, as a line of JSON: what was true, and what was answered.
        #[arg(long)]
        log: Option<PathBuf>,
    },
}
