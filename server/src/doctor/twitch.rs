//! Twitch: whether it takes the application, what it grants, what its clock shows, who is on air.

use std::time::Duration;

use collector::clock::Clock;
use collector::error::AskError;
use collector::helix::{Granted, Helix, Page};
use tokio::time::Instant;

use super::finding::{Finding, Findings};
use super::{chatters, tracked};
use crate::config::CollectConfig;
use crate::report::chain;
use crate::serve::{REFUSED, helix, is_refusal};

/// A person waits for the answer.
const ASK_MAX: Duration = Duration::from_secs(30);

/// A clock that is further off puts sweeps into other slots than they were made in, some of them; seconds.
const CLOCK_MAX: i64 = 30;

/// Fewer calls a minute than this are not enough: as many as a sweep of 10,000 channels makes.
const LIMIT_MIN: u32 = 200;

/// By when an answer that is asked for now has to be there.
pub(super) fn soon() -> Instant {
    Instant::now() + ASK_MAX
}

/// Looks at everything that has to do with Twitch.
pub(super) async fn examine(plan: &CollectConfig, found: &mut Findings) {
    let http = match collector::http::client() {
        Ok(http) => http,
        Err(error) => {
            return found.say(Finding::wrong("credentials", chain(&error), "mend this system's certificates"));
        }
    };
    let helix = match helix(plan, http.clone()) {
        Ok(helix) => helix,
        Err(error) => {
            found.say(Finding::wrong(
                "credentials",
                chain(&*error),
                "make an application at https://dev.twitch.tv/console/apps",
            ));
            tracked::examine(plan, None, found).await;
            return chatters::examine(plan, &http, None, None, found).await;
        }
    };
    let on_air = credentials(plan, &helix, found).await;
    // Of a Twitch that takes no credentials nothing else can be asked.
    let asked = on_air.as_ref().map(|_| &helix);
    tracked::examine(plan, asked, found).await;
    chatters::examine(plan, &http, asked, on_air.as_ref(), found).await;
}

/// Whether Twitch takes them; the most watched channels if it does.
async fn credentials(plan: &CollectConfig, helix: &Helix, found: &mut Findings) -> Option<Page> {
    if let Err(error) = helix.sign_in(soon()).await {
        found.say(refused(&error));
        return None;
    }
    let began_ms = Clock::wall().now_ms();
    let granted = helix.granted(soon()).await;
    let now = i64::midpoint(began_ms, Clock::wall().now_ms()).div_euclid(1_000);
    match granted {
        Ok(granted) => {
            found.say(limit(granted));
            found.say(clock(granted, now));
        }
        Err(error) => found.say(refused(&error)),
    }
    let language = Some(plan.language.as_str()).filter(|language| *language != "*");
    match helix.most_watched(language, None, soon()).await {
        Ok(page) => {
            found.say(language_of(plan, &page));
            Some(page)
        }
        Err(error) => {
            found.say(refused(&error));
            None
        }
    }
}

fn refused(error: &AskError) -> Finding {
    let todo = if is_refusal(error) {
        REFUSED
    } else {
        "see whether this machine reaches Twitch, and https://status.twitch.com"
    };
    Finding::wrong("credentials", chain(error), todo)
}

fn limit(Granted { limit, left, .. }: Granted) -> Finding {
    match (limit, left) {
        (Some(limit), Some(left)) if limit >= LIMIT_MIN => Finding::ok(
            "credentials",
            format!("Twitch gives a token, and grants {limit} calls a minute, of which {left} are left"),
        ),
        (Some(limit), _) => Finding::warning(
            "credentials",
            format!("Twitch gives a token, and grants {limit} calls a minute only"),
            "large sweeps will take long: have fewer programs use the same application, or lower [collect] top",
        ),
        (None, _) => Finding::ok("credentials", "Twitch gives a token, and does not say how many calls it grants"),
    }
}

fn clock(granted: Granted, now: i64) -> Finding {
    let Some(date) = granted.date else {
        return Finding::warning(
            "clock",
            "Twitch does not tell the time",
            "see that something keeps this machine's clock right",
        );
    };
    match now - date {
        off if off.abs() <= CLOCK_MAX => Finding::ok("clock", format!("{} s from Twitch's", off.abs())),
        off => Finding::wrong(
            "clock",
            format!("{} s {} Twitch's", off.abs(), if off > 0 { "ahead of" } else { "behind" }),
            "samples would lie in slots that they are not of: set it, and keep it right with `timedatectl set-ntp true`",
        ),
    }
}

fn language_of(plan: &CollectConfig, page: &Page) -> Finding {
    let (top, language) = (plan.top, &plan.language);
    let many = page.cursor.is_some();
    match page.answered.live.len() {
        0 => Finding::warning(
            "language",
            format!("nobody is on air in [collect] language = \"{language}\" now"),
            "only tracked channels are collected until somebody is",
        ),
        live => {
            let more = if many { "or more " } else { "" };
            Finding::ok(
                "language",
                format!("\"{language}\": {live} {more}channels are on air now, of which up to {top} are followed"),
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_may_be_off_by_half_a_minute() {
        let at = |date| clock(Granted { date, ..Granted::default() }, 1_000).to_string();
        assert!(at(Some(1_030)).starts_with("ok ") && at(Some(970)).contains("30 s from Twitch's"));
        assert!(
            at(Some(1_031)).contains("WRONG") && at(Some(1_031)).contains("31 s behind Twitch's"),
            "{}",
            at(Some(1_031))
        );
        assert!(at(Some(900)).contains("100 s ahead of Twitch's"));
        assert!(at(None).starts_with("warning"));
    }
}
