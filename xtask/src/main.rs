//! `cargo xtask`: the parts of the build that Cargo alone cannot do.
//!
//! ```text
//! cargo xtask site [--release]      the site, into target/site
//! cargo xtask dev [vigie's words]   build, start vigie, and again at every change
//! ```

mod bindings;
mod dev;
mod layout;
mod linker;
mod output;
mod report;
mod site;
mod style;
mod wasm_opt;

use std::process::ExitCode;

use crate::{layout::Layout, site::Kind};

const USAGE: &str = "usage: cargo xtask site [--release] | cargo xtask dev [what vigie shall do]";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let layout = Layout::find();
    let done = match words.as_slice() {
        ["site"] => site::build(&layout, Kind::Dev),
        ["site", "--release"] => site::build(&layout, Kind::Release),
        ["dev", vigie @ ..] => dev::run(&layout, vigie),
        _ => Err(anyhow::anyhow!(USAGE)),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
