//! The composition of the program `vigie`: command line, configuration, HTTP, and the tasks that run together.
//!
//! [`run`] is the program. `demo` and `serve` put the same parts together: the collector sweeps into the archive and
//! each sweep is shown as "now" ([`live`]); [`imports`] bring the archive's days into the store on time; [`http`] serves
//! the pages of `app`. All stop together ([`service::Tasks`]).

use anyhow::{Context as _, Result};

mod auth;
mod channels;
pub mod cli;
mod collect_once;
pub mod config;
mod connections;
pub mod crowd;
mod demo;
mod doctor;
mod erase;
pub mod export;
pub mod export_folders;
pub mod http;
mod import_days;
pub mod imports;
mod init;
mod left_out;
pub mod live;
pub mod log;
pub mod metrics;
mod nights;
pub mod notify;
mod open_files;
pub mod report;
mod retain;
mod serve;
pub mod service;
mod simulate;
pub mod site_folder;
pub mod store_upkeep;
#[cfg(feature = "study")]
pub mod study;
pub mod validate;
pub mod verify;

use cli::Command;

/// Runs a command to its end. Errors: told with their causes and the mend; the exit code is 1 then.
pub fn run(command: Command) -> Result<()> {
    open_files::allow_all();
    let runtime = tokio::runtime::Runtime::new().context("cannot start the runtime")?;
    runtime.block_on(async {
        match command {
            Command::Demo(args) => demo::demo(args).await,
            Command::Init(args) => init::init(&args),
            Command::Serve(args) => serve::serve(args).await,
            Command::Collect(args) if args.print_config => serve::print_config(&args.config),
            Command::Collect(args) if args.once => collect_once::collect_once(args).await,
            Command::Collect(args) => serve::collect_only(args).await,
            Command::Doctor(args) => doctor::doctor(args).await,
            Command::Auth(what) => auth::auth(what).await,
            Command::Channels(what) => channels::channels(what).await,
            Command::Import(args) => import_days::import_days(args).await,
            Command::Retain(args) => retain::retain_by_hand(args).await,
            Command::Erase(args) => erase::erase_by_hand(args).await,
            Command::OptOut(args) => erase::opt_out(args).await,
            Command::Verify(args) => verify::verify(args).await,
            Command::Bots(args) => import_days::bots(args).await,
            Command::Export(args) => export::export(args).await,
            Command::Store(what) => store_upkeep::store_upkeep(what).await,
            Command::Simulate(what) => simulate::simulate(what).await,
            Command::Validate(args) => validate::validate(args).await,
            #[cfg(feature = "study")]
            Command::Study(what) => study::study(what).await,
        }
    })
}
