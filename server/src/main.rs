//! The program `vigie`: everything it does is in the library of this crate.

use std::process::ExitCode;

use clap::Parser as _;
use server::cli::Cli;
use server::report::chain;

// An import leaves the memory of one stage to the next; the system's allocator keeps it by thread: docs/decisions/0006.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> ExitCode {
    let cli = Cli::parse();
    server::log::start();
    match server::run(cli.command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("vigie: {}", chain(&*error));
            ExitCode::FAILURE
        }
    }
}
