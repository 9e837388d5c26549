//! `vigie auth`: lets Vigie ask in somebody's name.

use anyhow::{Context as _, Result};
use collector::user_token::{Prompt, SCOPE, sign_in};

use crate::cli::{Auth, ConfigArgs};
use crate::config::Config;
use crate::serve::plan;

/// Runs it.
pub(crate) async fn auth(what: Auth) -> Result<()> {
    match what {
        Auth::Twitch(args) => twitch(&args).await,
    }
}

async fn twitch(args: &ConfigArgs) -> Result<()> {
    let config = Config::load(&args.config)?;
    let plan = plan(&config, args)?;
    let http = collector::http::client().context("cannot set up the HTTP client")?;
    let file = &plan.token_file;
    let login = sign_in(http, plan.application()?, file, ask).await.context("nobody signed in")?;
    eprintln!(
        "{login} signed in; the token is in {}. Lists of chats that {login} moderates are asked for with \
         sources = {{ a_channel = \"helix\" }} in [collect].",
        file.display()
    );
    Ok(())
}

fn ask(Prompt { address, code, seconds }: &Prompt) {
    eprintln!(
        "Open {address} and allow your application {SCOPE}. If it asks for a code, it is {code}. It works for {} minutes.",
        seconds / 60
    );
}
