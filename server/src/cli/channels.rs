//! `vigie channels`.

use std::path::PathBuf;

use clap::Subcommand;
use model::login::Login;

use super::ConfigArgs;

/// `vigie channels`.
#[derive(Clone, Debug, Subcommand)]
pub enum Channels {
    /// Prints them, those of the configuration among them: a login a line, and its id where that is known.
    List(ConfigArgs),
    /// Adds channels, which are looked up at Twitch first.
    Add {
        /// The configuration file.
        #[command(flatten)]
        config: ConfigArgs,
        /// Their logins, or the addresses of their pages.
        #[arg(required = true, value_parser = collector::tracked::channel)]
        channels: Vec<Login>,
        /// Does not ask Twitch whether there are such channels.
        #[arg(long)]
        unchecked: bool,
    },
    /// Removes channels; what is held of them stays.
    Remove {
        /// The configuration file.
        #[command(flatten)]
        config: ConfigArgs,
        /// Their logins.
        #[arg(required = true, value_parser = collector::tracked::channel)]
        channels: Vec<Login>,
    },
    /// Adds the channels of a file, one a line.
    Import {
        /// The configuration file.
        #[command(flatten)]
        config: ConfigArgs,
        /// The file.
        file: PathBuf,
        /// Does not ask Twitch whether there are such channels.
        #[arg(long)]
        unchecked: bool,
    },
}
