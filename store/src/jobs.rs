//! Work that a person asked for: written down before it begins, gone on with after a stop, proved by a receipt.

use model::identity::{PersonKey, TwitchId};
use model::login::Login;

/// Everything by which somebody is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonNames {
    /// Our key of them; nothing when the store never saw them.
    pub key: Option<PersonKey>,
    /// Every login they held, sorted.
    pub logins: Vec<Login>,
    /// Twitch's id of them, where known.
    pub id: Option<TwitchId>,
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
    /// When it was asked for, Unix time in seconds.
    pub asked_at: i64,
    /// When it was done.
    pub done_at: Option<i64>,
    /// Of whom; nothing once it is done.
    pub subject: Option<PersonNames>,
    /// What was done, as JSON that names nobody; nothing before.
    pub receipt: Option<String>,
}

/// What was removed of a person from a store.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ErasedRows {
    /// Days with presence, whatever their tier.
    pub days: u64,
    /// Rows and blocks removed or rewritten.
    pub rows: u64,
}

/// A subject as one text: `key id login login …`, `-` for what is not known.
pub(crate) fn to_text(subject: &PersonNames) -> String {
    let known = |n: Option<String>| n.unwrap_or_else(|| "-".to_owned());
    let mut text = known(subject.key.map(|key| key.0.to_string()));
    text = text + " " + &known(subject.id.map(|id| id.to_string()));
    for login in &subject.logins {
        text = text + " " + login.as_str();
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
        logins: words.map(|login| login.parse().ok()).collect::<Option<Vec<Login>>>()?,
    })
}

#[cfg(test)]
    /// Whether every object of the archive is to be read.
    pub thorough: bool,
mod tests {
    use super::*;

    #[test]
    fn subjects_round_trip() {
        let logins = vec!["_ada".parse().unwrap(), "_ada_old".parse().unwrap()];
        for (key, id) in [(None, None), (Some(PersonKey(7)), TwitchId::new(42))] {
            let subject = PersonNames { key, logins: logins.clone(), id };
            assert_eq!(from_text(&to_text(&subject)), Some(subject));
        }
        assert_eq!(from_text("7"), None);
    }
}
