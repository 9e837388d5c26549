//! The channels that are followed whatever their rank: whether there are such. Lines are told, no names.

use std::collections::HashMap;
use std::fs;
use std::io::ErrorKind;

use collector::error::AskError;
use collector::helix::{Helix, PER_CALL};
use collector::tracked::{self, Tracked, TrackedError};
use model::identity::TwitchId;
use model::login::Login;

use super::finding::{Finding, Findings};
use super::twitch::soon;
use crate::config::CollectConfig;
use crate::report::chain;

const CHECK: &str = "channels";

/// Places told of many: the line has to be read.
const TOLD: usize = 10;

/// A channel, and where it is named.
struct Named {
    place: String,
    channel: Tracked,
}

/// Looks at the list, and looks its channels up where Twitch can be asked.
pub(super) async fn examine(plan: &CollectConfig, helix: Option<&Helix>, found: &mut Findings) {
    let file = plan.channels.display();
    let named = match named(plan) {
        Ok(named) => named,
        Err(error) => return found.say(Finding::wrong(CHECK, error, "sweeps do not start before it is mended")),
    };
    if named.is_empty() {
        return found.say(Finding::ok(
            CHECK,
            format!("none is tracked, in [collect] tracked or {file}: the {} most watched are followed", plan.top),
        ));
    }
    let Some(helix) = helix else {
        let n = named.len();
        return found.say(Finding::warning(
            CHECK,
            format!("{n} are tracked, and not looked up"),
            "mend the credentials first",
        ));
    };
    match looked_up(helix, &named).await {
        Ok(ids) => found.say(compared(&named, &ids)),
        Err(error) => {
            found.say(Finding::warning(CHECK, chain(&error), "ask again later whether the tracked channels exist"));
        }
    }
}

/// All of them with their places. Errors: what cannot be read, in words.
fn named(plan: &CollectConfig) -> Result<Vec<Named>, String> {
    let path = &plan.channels;
    let file = path.display();
    let text = match fs::read_to_string(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => String::new(),
        read => read.map_err(|source| chain(&TrackedError::Read { path: path.clone(), source }))?,
    };
    let mut named = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        match tracked::line(line) {
            Ok(channel) => named.extend(channel.map(|channel| Named { place: format!("line {number}"), channel })),
            // What is there may be somebody's name.
            Err(_) => {
                return Err(format!("line {number} of {file} names no channel: a line is a login, and perhaps its id"));
            }
        }
    }
    let configured = (1..).zip(&plan.tracked).map(|(number, login)| Named {
        place: format!("number {number} of [collect] tracked"),
        channel: Tracked { login: login.clone(), id: None },
    });
    named.extend(configured);
    Ok(named)
}

async fn looked_up(helix: &Helix, named: &[Named]) -> Result<HashMap<Login, TwitchId>, AskError> {
    let mut logins: Vec<Login> = named.iter().map(|one| one.channel.login.clone()).collect();
    logins.sort_unstable();
    logins.dedup();
    let mut ids = HashMap::new();
    for logins in logins.chunks(PER_CALL) {
        ids.extend(helix.users(logins, soon()).await?.into_iter().map(|user| (user.login, user.id)));
    }
    Ok(ids)
}

fn compared(named: &[Named], ids: &HashMap<Login, TwitchId>) -> Finding {
    let holder = |one: &Named| ids.get(&one.channel.login).copied();
    let nobody: Vec<&str> = named
        .iter()
        .filter(|one| one.channel.id.is_none() && holder(one).is_none())
        .map(|one| one.place.as_str())
        .collect();
    let renamed = named.iter().filter(|one| one.channel.id.is_some_and(|id| holder(one) != Some(id))).count();
    let n = named.len();
    let renamed = match renamed {
        0 => String::new(),
        renamed => format!("; {renamed} have another login by now, or are gone, and are followed by their ids"),
    };
    if nobody.is_empty() {
        return Finding::ok(CHECK, format!("{n} are tracked, and exist{renamed}"));
    }
    let told = nobody[..nobody.len().min(TOLD)].join(", ");
    let more = if nobody.len() > TOLD { format!(" and {} more", nobody.len() - TOLD) } else { String::new() };
    Finding::warning(
        CHECK,
        format!("of {n} tracked, Twitch knows {} not ({told}{more}){renamed}", nobody.len()),
        "mend or remove them: nothing is collected of them",
    )
}
