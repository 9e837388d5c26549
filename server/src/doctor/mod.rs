//! `vigie doctor`: whether everything is in place that a deployment needs.
//!
//! It leaves everything as it was, asks no more of Twitch than a sweep does, and names nobody: what it says can be shown to
//! whoever helps.

use std::io::Write as _;

use anyhow::{Context as _, Result, bail};

use self::finding::{Finding, Findings, Level};
use crate::cli::DoctorArgs;
use crate::config::Config;
use crate::report::chain;

mod chatters;
mod disk;
mod finding;
mod folder;
mod forecast;
mod machine;
mod places;
mod tracked;
mod twitch;

/// Runs it. Errors: something must be mended; the text says how much.
pub(crate) async fn doctor(args: DoctorArgs) -> Result<()> {
    let mut found = Findings::new(args.json);
    match Config::load(&args.config.config) {
        Ok(config) => {
            found.say(Finding::ok("config", format!("{} is understood", args.config.config.display())));
            examine(&config, &mut found).await;
        }
        Err(error) => found.say(Finding::wrong("config", chain(&*error), "nothing else was looked at")),
    }
    if args.json {
        let text = serde_json::to_string_pretty(&found.json()).context("cannot write the findings")?;
        writeln!(std::io::stdout(), "{text}").context("cannot print")?;
    }
    match (found.count(Level::Wrong), found.count(Level::Warning)) {
        (0, 0) => eprintln!("All is well."),
        (0, 1) => eprintln!("Vigie can run; one thing is worth a look."),
        (0, n) => eprintln!("Vigie can run; {n} things are worth a look."),
        (1, _) => bail!("one thing must be mended"),
        (n, _) => bail!("{n} things must be mended"),
    }
    Ok(())
}

async fn examine(config: &Config, found: &mut Findings) {
    machine::user(found);
    match &config.collect {
        Some(plan) => twitch::examine(plan, found).await,
        None => found.say(Finding::ok("twitch", "nothing is collected: there is no [collect] table")),
    }
    let archive = places::archive(config, found).await;
    places::spool(config, found);
    let store = places::store(config, found).await;
    places::crowd(config, found);
    disk::examine(config, archive.as_ref(), store.as_ref(), found).await;
    machine::secrets(config, found);
    machine::site(config, found);
    machine::open_files(found);
    machine::addresses(config, found).await;
}
