//! Channels followed whatever their rank: those of the configuration, and those of a list that may change while sweeps
//! go on.
//!
//! The list is a text file, a channel a line: its login, and behind it Twitch's id of it where that is known, by which it
//! is followed through changes of its login. `#` begins a comment.

use std::collections::HashSet;
use std::io;
use std::path::{Path, PathBuf};

use model::identity::TwitchId;
use model::login::Login;
use thiserror::Error;

use crate::error::chain;

/// A tracked channel.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Tracked {
    /// Its login, when it was put on the list.
    pub login: Login,
    /// Twitch's id of it.
    pub id: Option<TwitchId>,
}

impl Tracked {
    /// Whether a channel is this one: by its id where that is known, since another may have taken its login over.
    pub(crate) fn is(&self, login: &Login, id: TwitchId) -> bool {
        self.id.map_or(self.login == *login, |known| known == id)
    }
}

/// A list that cannot be used.
#[derive(Debug, Error)]
pub enum TrackedError {
    /// It cannot be read.
    #[error("cannot read the list of channels {}", path.display())]
    Read {
        /// Where it is.
        path: PathBuf,
        /// Why not.
        #[source]
        source: io::Error,
    },
    /// A line that names no channel.
    #[error("{}, line {line}: {what}", path.display())]
    Line {
        /// Where the list is.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What is wrong with it.
        what: String,
    },
}

/// A channel as people write it: `login`, `@login`, or the address of its page. Errors: what is wrong, in words.
pub fn channel(text: &str) -> Result<Login, String> {
    let text = text.strip_prefix("https://").or(text.strip_prefix("http://")).unwrap_or(text);
    let text = text.strip_prefix("www.").unwrap_or(text);
    let text = text.strip_prefix("twitch.tv/").unwrap_or(text).trim_end_matches('/');
    let login = text.strip_prefix('@').unwrap_or(text).to_ascii_lowercase();
    login.parse().map_err(|_| format!("\"{login}\" is no login of a channel: write it as in its address"))
}

/// The channel of a line; nothing on one that is empty, or a comment. Errors: what is wrong, in words.
pub fn line(text: &str) -> Result<Option<Tracked>, String> {
    let text = text.split_once('#').map_or(text, |(before, _)| before);
    let mut words = text.split_whitespace();
    let Some(login) = words.next() else { return Ok(None) };
    let login = channel(login)?;
    let id = match words.next() {
        None => None,
        Some(id) => Some(id.parse().map_err(|_| format!("\"{id}\" is no id: it is a number, behind the login"))?),
    };
    match words.next() {
        None => Ok(Some(Tracked { login, id })),
        Some(more) => Err(format!("\"{more}\" is one word too many: a line is a login, and perhaps its id")),
    }
}

/// All channels of a text, each login once, the first time that it is named; `path` is where it is from. Errors: the line
/// that names none.
pub fn list(text: &str, path: &Path) -> Result<Vec<Tracked>, TrackedError> {
    let (mut channels, mut seen) = (Vec::new(), HashSet::new());
    for (number, text) in (1..).zip(text.lines()) {
        match line(text) {
            Ok(one) => channels.extend(one.filter(|one| seen.insert(one.login.clone()))),
            Err(what) => return Err(TrackedError::Line { path: path.to_owned(), line: number, what }),
        }
    }
    Ok(channels)
}

/// The channels of a file; none where there is no file. Errors: it cannot be read, or a line names no channel.
pub fn read(path: &Path) -> Result<Vec<Tracked>, TrackedError> {
    match std::fs::read_to_string(path) {
        Ok(text) => list(&text, path),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(source) => Err(TrackedError::Read { path: path.to_owned(), source }),
    }
}

/// Who is tracked now.
#[derive(Clone, Debug, Default)]
pub struct TrackedList {
    fixed: Vec<Tracked>,
    file: Option<PathBuf>,
    channels: Vec<Tracked>,
    logins: HashSet<Login>,
    ids: HashSet<TwitchId>,
    /// Whether the file was there.
    is_read: bool,
}

impl TrackedList {
    /// These channels, and those of a file as it is before each sweep. Errors: those of [`read`].
    pub fn new(fixed: Vec<Login>, file: Option<PathBuf>) -> Result<TrackedList, TrackedError> {
        let fixed = fixed.into_iter().map(|login| Tracked { login, id: None }).collect();
        let mut list = TrackedList { fixed, file, ..TrackedList::default() };
        list.read()?;
        Ok(list)
    }

    /// Reads the file again. One that cannot be used leaves the list as it was, and is told.
    pub(crate) fn refresh(&mut self) {
        if let Err(error) = self.read() {
            tracing::error!(error = %chain(&error), "the tracked channels stay as they were");
        }
    }

    fn read(&mut self) -> Result<(), TrackedError> {
        let mut channels = match &self.file {
            // One that was there and is not, as while an editor writes it, is no empty list.
            Some(path) if self.is_read => match std::fs::read_to_string(path) {
                Ok(text) => list(&text, path)?,
                Err(source) => return Err(TrackedError::Read { path: path.clone(), source }),
            },
            Some(path) => {
                self.is_read = path.exists();
                read(path)?
            }
            None => Vec::new(),
        };
        let mut named: HashSet<Login> = channels.iter().map(|one| one.login.clone()).collect();
        channels.extend(self.fixed.iter().filter(|one| named.insert(one.login.clone())).cloned());
        let ids = channels.iter().filter_map(|one| one.id).collect();
        let logins = channels.iter().filter(|one| one.id.is_none()).map(|one| one.login.clone()).collect();
        (self.channels, self.logins, self.ids) = (channels, logins, ids);
        Ok(())
    }

    /// All of them, each login once.
    pub fn channels(&self) -> &[Tracked] {
        &self.channels
    }

    /// Whether a channel is one of them: by id, or by login where no id is known.
    pub(crate) fn holds(&self, login: &Login, id: TwitchId) -> bool {
        self.ids.contains(&id) || self.logins.contains(login)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn login(text: &str) -> Login {
        text.parse().unwrap()
    }

    #[test]
    fn channels_are_named_as_people_write_them() {
        for text in ["Some_One", "@some_one", "https://www.twitch.tv/some_one/", "twitch.tv/SOME_ONE"] {
            assert_eq!(channel(text), Ok(login("some_one")), "{text}");
        }
        assert!(channel("some one").is_err() && channel("").is_err());
        let text = "# ours\nada 7  # since May\n\n@BOB\nada 8\n";
        let both = [Tracked { login: login("ada"), id: TwitchId::new(7) }, Tracked { login: login("bob"), id: None }];
        assert_eq!(list(text, Path::new("x")).unwrap(), both);
    }

    #[test]
    fn a_line_that_names_none_is_told() {
        for (text, told) in [
            ("ada\nb-o-b", "x, line 2: \"b-o-b\" is no login"),
            ("ada seven", "x, line 1: \"seven\" is no id"),
            ("ada 7 8", "x, line 1: \"8\" is one word too many"),
            ("ada 0", "x, line 1: \"0\" is no id"),
        ] {
            let error = list(text, Path::new("x")).unwrap_err().to_string();
            assert!(error.starts_with(told), "{error}");
        }
    }

    proptest! {
        #[test]
        fn nothing_panics(text in "\\PC{0,60}") {
            let _ = list(&text, Path::new("x"));
        }
    }

    #[test]
    fn a_file_is_read_again_and_a_broken_one_changes_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("channels.txt");
        let mut tracked = TrackedList::new(vec![login("ada")], Some(file.clone())).unwrap();
        let id = |id| TwitchId::new(id).unwrap();
        assert!(tracked.holds(&login("ada"), id(1)) && !tracked.holds(&login("bob"), id(7)));
        std::fs::write(&file, "bob 7\n").unwrap();
        tracked.refresh();
        // By id: another may have taken the login over.
        assert!(tracked.holds(&login("bob_now"), id(7)) && !tracked.holds(&login("bob"), id(8)));
        std::fs::write(&file, "b-o-b\n").unwrap();
        tracked.refresh();
        assert_eq!(tracked.channels().len(), 2);
        std::fs::rename(&file, folder.path().join("elsewhere")).unwrap();
        tracked.refresh();
        assert_eq!(tracked.channels().len(), 2);
        std::fs::rename(folder.path().join("elsewhere"), &file).unwrap();
        assert!(TrackedList::new(Vec::new(), Some(file)).is_err());
    }
}
