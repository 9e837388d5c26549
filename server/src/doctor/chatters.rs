//! The sources of chatters: whether each that is configured answers.

use std::collections::BTreeSet;

use collector::chatters::Source;
use collector::chatters::tmi::Tmi;
use collector::error::AskError;
use collector::helix::{Helix, PER_CALL, Page};
use collector::http::Client;
use collector::user_token::{SCOPE, UserToken};
use model::login::Login;

use super::finding::{Finding, Findings};
use super::twitch::soon;
use crate::config::{CollectConfig, SourceWord};
use crate::report::chain;
use crate::serve::helix_lists;

const CHECK: &str = "chatters";

/// More chats are not asked for: each list may be long.
const CHATS_MAX: usize = 50;

const SIGN_IN: &str = "sign in with `vigie auth twitch`";

/// Looks at each of them. `helix` is there where Twitch can be asked, and `on_air` has the most watched channels then.
pub(super) async fn examine(
    plan: &CollectConfig,
    http: &Client,
    helix: Option<&Helix>,
    on_air: Option<&Page>,
    found: &mut Findings,
) {
    let used = |word| plan.source() == word || plan.sources.values().any(|other| *other == word);
    if used(SourceWord::Irc) {
        found.say(irc(plan).await);
    }
    if used(SourceWord::Tmi) {
        found.say(tmi(plan, http, on_air).await);
    }
    if used(SourceWord::Helix) {
        moderated(plan, http, helix, found).await;
    }
}

async fn irc(plan: &CollectConfig) -> Finding {
    let trust = match plan.trust() {
        Ok(trust) => trust,
        Err(error) => return Finding::wrong(CHECK, chain(&*error), "name a PEM file of certificates, or none"),
    };
    let address = &plan.irc;
    match collector::irc::probe(address, &trust).await {
        Ok(()) => Finding::ok(CHECK, format!("irc: {address} is reached, believed, and welcomes an anonymous reader")),
        Err(error) => Finding::wrong(
            CHECK,
            format!("irc: {address}: {}", chain(&error)),
            "see whether a firewall lets this machine out to that port (6697, or 443 by wss://), and [collect] ca_file",
        ),
    }
}

async fn tmi(plan: &CollectConfig, http: &Client, on_air: Option<&Page>) -> Finding {
    let base = match plan.tmi() {
        Ok(base) => base,
        Err(error) => return Finding::wrong(CHECK, chain(&*error), "see docs/sources.md"),
    };
    let Some(channel) = on_air.and_then(|page| page.answered.live.first()) else {
        return Finding::warning(CHECK, "tmi was not asked: no channel on air is known", "ask again later");
    };
    let source = Source::Tmi(Tmi::new(http.clone(), base));
    match source.list(&channel.login, Some(channel.id), channel.facts.viewer_count, soon()).await {
        Ok(list) => Finding::ok(CHECK, format!("tmi: a list with {} people was told", list.people.len())),
        Err(error @ AskError::Status { status: 404, .. }) => Finding::wrong(
            CHECK,
            format!("tmi: {}", chain(&error)),
            "that server does not speak the old endpoint, as Twitch's own does no more: set [collect] source = \"irc\"",
        ),
        Err(error) => {
            Finding::wrong(CHECK, format!("tmi: {}", chain(&error)), "see whether the server of [collect] tmi runs")
        }
    }
}

/// Lists in somebody's name: who it is, what they allow, and whether they moderate the chats.
async fn moderated(plan: &CollectConfig, http: &Client, helix: Option<&Helix>, found: &mut Findings) {
    let user = plan.application().map(|application| UserToken::open(http.clone(), application, &plan.token_file));
    let user = match user {
        Ok(Ok(user)) => user,
        Ok(Err(error)) => return found.say(Finding::wrong(CHECK, format!("helix: {}", chain(&error)), SIGN_IN)),
        Err(error) => return found.say(Finding::wrong(CHECK, format!("helix: {}", chain(&*error)), SIGN_IN)),
    };
    let access = match user.access(None, soon()).await {
        Ok(access) => access,
        Err(error) => return found.say(Finding::wrong(CHECK, format!("helix: {}", chain(&error)), SIGN_IN)),
    };
    let who = format!("helix: the account with the id {} signed in", access.user);
    match user.scopes(&access, soon()).await {
        Ok(scopes) if scopes.iter().any(|scope| scope == SCOPE) => {
            found.say(Finding::ok(CHECK, format!("{who}, and allows {SCOPE}")));
        }
        Ok(_) => return found.say(Finding::wrong(CHECK, format!("{who}, and does not allow {SCOPE}"), SIGN_IN)),
        Err(error) => return found.say(Finding::wrong(CHECK, format!("{who}: {}", chain(&error)), SIGN_IN)),
    }
    let chats = chats(plan);
    if chats.is_empty() {
        return found.say(Finding::ok(CHECK, "helix: no channel is named whose chat could be tried"));
    }
    let Some(helix) = helix else { return };
    match refusals(plan, http, helix, &chats).await {
        Ok(refused) if refused.is_empty() => {
            found.say(Finding::ok(CHECK, format!("helix: {} chats were told", chats.len())));
        }
        Ok(refused) => found.say(Finding::wrong(
            CHECK,
            format!(
                "helix: of {} chats, by their logins' letters, these were not told: {}",
                chats.len(),
                refused.join(", ")
            ),
            "have their owners make that account a moderator, or take them out of [collect] sources",
        )),
        Err(error) => found.say(Finding::wrong(CHECK, format!("helix: {}", chain(&*error)), SIGN_IN)),
    }
}

/// The channels whose chats are asked of Helix, by login.
fn chats(plan: &CollectConfig) -> Vec<Login> {
    let named = plan.sources.iter().filter(|(_, word)| **word == SourceWord::Helix).map(|(channel, _)| channel);
    let usual = plan.tracked.iter().filter(|login| {
        plan.source() == SourceWord::Helix && plan.sources.get(*login).is_none_or(|word| *word == SourceWord::Helix)
    });
    let all: BTreeSet<&Login> = named.chain(usual).collect();
    all.into_iter().take(CHATS_MAX).cloned().collect()
}

/// Those whose list is not told, by number, and why. Errors: nobody can be asked.
async fn refusals(plan: &CollectConfig, http: &Client, helix: &Helix, chats: &[Login]) -> anyhow::Result<Vec<String>> {
    let source = Source::Helix(helix_lists(plan, http.clone())?);
    let mut users = Vec::new();
    for logins in chats.chunks(PER_CALL) {
        users.extend(helix.users(logins, soon()).await?);
    }
    let mut refused = Vec::new();
    for (number, login) in (1..).zip(chats) {
        let Some(user) = users.iter().find(|user| user.login == *login) else {
            refused.push(format!("number {number} (there is no such channel)"));
            continue;
        };
        match source.list(login, Some(user.id), None, soon()).await {
            Ok(_) => {}
            Err(AskError::Status { status: 403, .. }) => refused.push(format!("number {number} (403: not moderated)")),
            Err(error) => refused.push(format!("number {number} ({})", chain(&error))),
        }
    }
    Ok(refused)
}
