//! `vigie channels`: the list of channels that are followed whatever their rank.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::io::{ErrorKind, Write as _};
use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use collector::helix::PER_CALL;
use collector::tracked::{self, Tracked, TrackedList};
use model::identity::TwitchId;
use model::login::Login;
use tokio::time::Instant;

use crate::cli::channels::Channels;
use crate::config::{CollectConfig, Config};
use crate::serve::{helix, plan};

/// A person waits for the answer.
const ASK_MAX: Duration = Duration::from_secs(30);

/// Names told of many: the sentence has to be read.
const NAMED: usize = 10;

/// Shows or changes the list.
pub(crate) async fn channels(what: Channels) -> Result<()> {
    match what {
        Channels::List(args) => {
            let config = Config::load(&args.config)?;
            let plan = plan(&config, &args)?;
            let list = TrackedList::new(plan.tracked.clone(), Some(plan.channels.clone()))?;
            let mut out = std::io::stdout().lock();
            for one in list.channels() {
                writeln!(out, "{}", line(one)).context("cannot print")?;
            }
            if list.channels().is_empty() {
                eprintln!("no channel is listed: `vigie channels add LOGIN` follows one whatever its rank");
            }
            Ok(())
        }
        Channels::Add { config: args, channels, unchecked } => {
            let config = Config::load(&args.config)?;
            let wanted = channels.into_iter().map(|login| Tracked { login, id: None }).collect();
            add(plan(&config, &args)?, wanted, unchecked).await
        }
        Channels::Import { config: args, file, unchecked } => {
            let config = Config::load(&args.config)?;
            let plan = plan(&config, &args)?;
            let text = fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
            add(plan, tracked::list(&text, &file)?, unchecked).await
        }
        Channels::Remove { config: args, channels } => {
            let config = Config::load(&args.config)?;
            remove(plan(&config, &args)?, &channels)
        }
    }
}

fn line(Tracked { login, id }: &Tracked) -> String {
    id.map_or_else(|| login.to_string(), |id| format!("{login} {id}"))
}

/// Adds those that are not on the list yet, with their ids. Errors: there is no such channel, and then none is added; the
/// list cannot be used.
async fn add(plan: &CollectConfig, mut wanted: Vec<Tracked>, unchecked: bool) -> Result<()> {
    let held = tracked::read(&plan.channels)?;
    let mut seen: HashSet<Login> = held.iter().map(|one| one.login.clone()).collect();
    wanted.retain(|one| seen.insert(one.login.clone()));
    if !unchecked {
        // Of one whose id is known it does not matter who has its login now.
        let unknown = || wanted.iter().filter(|one| one.id.is_none()).map(|one| &one.login);
        let ids = look_up(plan, unknown().cloned().collect()).await?;
        let nobody: Vec<&str> = unknown().filter(|login| !ids.contains_key(*login)).map(Login::as_str).collect();
        if !nobody.is_empty() {
            let named = nobody[..nobody.len().min(NAMED)].join(", ");
            let more = if nobody.len() > NAMED { format!(" and {} more", nobody.len() - NAMED) } else { String::new() };
            bail!("Twitch knows no channel {named}{more}: nothing was added (--unchecked adds them all the same)");
        }
        for one in &mut wanted {
            one.id = one.id.or_else(|| ids.get(&one.login).copied());
        }
    }
    let mut text = text(&plan.channels)?;
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
    for one in &wanted {
        text = text + &line(one) + "\n";
    }
    write(&plan.channels, &text)?;
    eprintln!("{} added, {} in all; the next sweep follows them", wanted.len(), held.len() + wanted.len());
    Ok(())
}

/// The ids of those channels that there are. Errors: Twitch cannot be asked.
async fn look_up(plan: &CollectConfig, logins: Vec<Login>) -> Result<HashMap<Login, TwitchId>> {
    let helix = helix(plan, collector::http::client().context("cannot set up the HTTP client")?)?;
    let (mut ids, deadline) = (HashMap::new(), Instant::now() + ASK_MAX);
    for logins in logins.chunks(PER_CALL) {
        let users = helix.users(logins, deadline).await;
        let users = users.context("cannot ask Twitch which channels there are (--unchecked does without)")?;
        ids.extend(users.into_iter().map(|user| (user.login, user.id)));
    }
    Ok(ids)
}

/// Takes channels off the list. Errors: one is not on it, and then none is removed; the list cannot be used.
fn remove(plan: &CollectConfig, channels: &[Login]) -> Result<()> {
    let held = tracked::read(&plan.channels)?;
    for login in channels {
        if held.iter().all(|one| one.login != *login) {
            let place = if plan.tracked.contains(login) {
                "it is in the configuration, [collect] tracked".to_owned()
            } else {
                format!("it is not on the list {}", plan.channels.display())
            };
            bail!("{login} cannot be removed: {place}");
        }
    }
    let named = |text: &&str| !tracked::line(text).ok().flatten().is_some_and(|one| channels.contains(&one.login));
    let text = text(&plan.channels)?;
    let kept: String = text.lines().filter(named).flat_map(|line| [line, "\n"]).collect();
    write(&plan.channels, &kept)?;
    let left = tracked::read(&plan.channels)?.len();
    eprintln!("{} removed, {left} left; what is held of them stays", held.len() - left);
    Ok(())
}

fn text(file: &Path) -> Result<String> {
    match fs::read_to_string(file) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(String::new()),
        read => read.with_context(|| format!("cannot read {}", file.display())),
    }
}

/// Writes the list whole or not at all: a sweep may read it at this moment.
fn write(file: &Path, text: &str) -> Result<()> {
    let unfinished = file.with_extension("unfinished");
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    let written = folder
        .map_or(Ok(()), fs::create_dir_all)
        .and_then(|()| fs::write(&unfinished, text))
        .and_then(|()| fs::rename(&unfinished, file));
    written.with_context(|| format!("cannot write {}", file.display()))
}
