//! Work that a person asked for: written down before it begins, gone on with after a stop, proved by a receipt.

use std::collections::BTreeSet;

use model::day::Day;
use model::identity::{PersonKey, TwitchId};
use model::login::Login;
use sqlx::PgConnection;

/// Everything by which somebody is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonNames {
    /// Our key of them; nothing when the store never saw them.
    pub key: Option<PersonKey>,
    /// Every login they held, with days on which it was theirs, sorted.
    pub logins: Vec<HeldLogin>,
    /// Twitch's id of them, where known.
    pub id: Option<TwitchId>,
}

/// An account that is known by its id.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Account {
    /// Twitch's id of it.
    pub id: TwitchId,
    /// The login that it holds, or held last.
    pub login: Login,
    /// Whether it holds it still, as far as is known.
    pub is_held: bool,
}

/// A login, and days on which it was somebody's. On all others it may be another's.
///
/// What a row of such a day says is theirs where it names no account, or nobody knows theirs. The first of their logins
/// counts from before they were seen, and one that they gave up counts on the day they did; but never on a day on which
/// somebody else is known to have held it. Of somebody without an id nobody knows whether they gave it up: it counts until
/// somebody else is known to hold it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct HeldLogin {
    /// The login.
    pub login: Login,
    /// The first of the days.
    pub from: Day,
    /// The day after the last of them; nothing when it is theirs still.
    pub until: Option<Day>,
}

impl PersonNames {
    /// Somebody of whom a login is known, and nothing else.
    pub fn of_login(login: Login) -> PersonNames {
        PersonNames { key: None, logins: vec![HeldLogin { login, from: Day::MIN, until: None }], id: None }
    }

    /// Every login they held, each once.
    pub fn all_logins(&self) -> BTreeSet<&Login> {
        self.logins.iter().map(|held| &held.login).collect()
    }

    /// The logins that were theirs on a day.
    pub fn logins_on(&self, day: Day) -> BTreeSet<&Login> {
        let held = self.logins.iter().filter(|held| held.from <= day && held.until.is_none_or(|until| day < until));
        held.map(|held| &held.login).collect()
    }

    /// The logins that are theirs still.
    pub fn logins_now(&self) -> BTreeSet<&Login> {
        self.logins.iter().filter(|held| held.until.is_none()).map(|held| &held.login).collect()
    }
}

/// How far a job is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JobState {
    /// Written down.
    Asked,
    /// The archive is without them; the store's rows are next.
    Archived,
    /// Done; nobody is named any more.
    Done,
}

impl JobState {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            JobState::Asked => "asked",
            JobState::Archived => "archived",
            JobState::Done => "done",
        }
    }

    pub(crate) fn parse(text: &str) -> Option<JobState> {
        [JobState::Asked, JobState::Archived, JobState::Done].into_iter().find(|state| state.as_str() == text)
    }
}

/// The erasure of a person, as it was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EraseJob {
    /// Its number, from 1.
    pub id: u64,
    /// How far it is.
    pub state: JobState,
    /// Whether every object of the archive is to be read.
    pub thorough: bool,
    /// When it was asked for, Unix time in seconds.
    pub asked_at: i64,
    /// When it was done.
    pub done_at: Option<i64>,
    /// Of whom; nothing once it is done.
    pub subject: Option<PersonNames>,
    /// What was done, as JSON that names nobody; nothing before.
    pub receipt: Option<String>,
}

/// The right to go on with erasures, which one process has at a time; it ends when it is dropped, or its process ends.
#[derive(Debug)]
pub struct ErasuresHeld {
    /// Of Postgres the connection whose lock it is; a folder of SQLite is its process' anyway.
    pub(crate) _connection: Option<PgConnection>,
}

/// What was removed of a person from a store.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ErasedRows {
    /// Days with presence, whatever their tier.
    pub days: u64,
    /// Rows and blocks removed or rewritten.
    pub rows: u64,
}

/// A subject as one text: `key id login:from:until …`, days as numbers, `-` for what is not known.
pub(crate) fn to_text(subject: &PersonNames) -> String {
    let known = |n: Option<String>| n.unwrap_or_else(|| "-".to_owned());
    let mut text = known(subject.key.map(|key| key.0.to_string()));
    text = text + " " + &known(subject.id.map(|id| id.to_string()));
    for HeldLogin { login, from, until } in &subject.logins {
        let until = known(until.map(|day| day.days().to_string()));
        text = format!("{text} {login}:{}:{until}", from.days());
    }
    text
}

/// The inverse of [`to_text`].
pub(crate) fn from_text(text: &str) -> Option<PersonNames> {
    let mut words = text.split(' ');
    let (key, id) = (words.next()?, words.next()?);
    Some(PersonNames {
        key: if key == "-" { None } else { Some(PersonKey(key.parse().ok()?)) },
        id: if id == "-" { None } else { Some(id.parse().ok()?) },
        logins: words.map(held_from_text).collect::<Option<Vec<HeldLogin>>>()?,
    })
}

fn held_from_text(word: &str) -> Option<HeldLogin> {
    // Earlier versions wrote the login alone: theirs on all days.
    let Some((login, days)) = word.split_once(':') else {
        return Some(HeldLogin { login: word.parse().ok()?, from: Day::MIN, until: None });
    };
    let (from, until) = days.split_once(':')?;
    let day = |text: &str| Day::from_days(text.parse().ok()?).ok();
    let until = if until == "-" { None } else { Some(day(until)?) };
    Some(HeldLogin { login: login.parse().ok()?, from: day(from)?, until })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn subjects_round_trip() {
        let day = Day::MIN.plus(9);
        let logins = vec![
            HeldLogin { login: "_ada".parse().unwrap(), from: day, until: None },
            HeldLogin { login: "_ada_old".parse().unwrap(), from: Day::MIN, until: Some(day) },
        ];
        for (key, id) in [(None, None), (Some(PersonKey(7)), TwitchId::new(42))] {
            let subject = PersonNames { key, logins: logins.clone(), id };
            assert_eq!(from_text(&to_text(&subject)), Some(subject));
        }
        for damaged in ["7", "7 - _ada:", "7 - _ada:x:-", "7 - _ada:20000:", "7 - _a!:20000:-"] {
            assert_eq!(from_text(damaged), None, "{damaged}");
        }
        let earlier = PersonNames { key: Some(PersonKey(7)), ..PersonNames::of_login("_ada".parse().unwrap()) };
        assert_eq!(from_text("7 - _ada"), Some(earlier));
    }
}
