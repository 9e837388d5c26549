//! What the doctor says.

use std::fmt::{self, Display, Formatter};

use serde::Serialize;

/// How a thing is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Level {
    /// As it has to be.
    Ok,
    /// Vigie runs, and this is worth a look.
    Warning,
    /// Something must be mended.
    Wrong,
}

/// What is so of a thing, and what to do.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Finding {
    check: &'static str,
    level: Level,
    what: String,
    #[serde(rename = "do", skip_serializing_if = "Option::is_none")]
    todo: Option<String>,
}

impl Finding {
    pub(super) fn ok(check: &'static str, what: impl Into<String>) -> Finding {
        Finding { check, level: Level::Ok, what: on_a_line(&what.into()), todo: None }
    }

    pub(super) fn warning(check: &'static str, what: impl Into<String>, todo: impl Into<String>) -> Finding {
        Finding { check, level: Level::Warning, what: on_a_line(&what.into()), todo: Some(todo.into()) }
    }

    pub(super) fn wrong(check: &'static str, what: impl Into<String>, todo: impl Into<String>) -> Finding {
        Finding { check, level: Level::Wrong, what: on_a_line(&what.into()), todo: Some(todo.into()) }
    }
}

/// The text on a line of its own, whatever a server put into it.
fn on_a_line(text: &str) -> String {
    let words: Vec<&str> =
        text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty()).collect();
    words.join(" ")
}

impl Display for Finding {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Finding { check, level, what, todo } = self;
        let level = match level {
            Level::Ok => "ok",
            Level::Warning => "warning",
            Level::Wrong => "WRONG",
        };
        write!(f, "{level:<8}{check:<13}{what}")?;
        match todo {
            Some(todo) => write!(f, ": {todo}"),
            None => Ok(()),
        }
    }
}

/// All that was found, in the order of the checks; each is shown as it comes, where somebody reads lines.
#[derive(Debug, Default)]
pub(super) struct Findings {
    all: Vec<Finding>,
    in_silence: bool,
}

impl Findings {
    /// Of a reader of lines, or of one of JSON, who gets all at the end.
    pub(super) fn new(in_silence: bool) -> Findings {
        Findings { all: Vec::new(), in_silence }
    }

    /// Says one.
    pub(super) fn say(&mut self, finding: Finding) {
        if !self.in_silence {
            // Whoever reads it may be gone: the exit code says whether all is well.
            let _ = std::io::Write::write_fmt(&mut std::io::stdout(), format_args!("{finding}\n"));
        }
        self.all.push(finding);
    }

    /// How many are so.
    pub(super) fn count(&self, level: Level) -> usize {
        self.all.iter().filter(|finding| finding.level == level).count()
    }

    /// All of them, for programs.
    pub(super) fn json(&self) -> serde_json::Value {
        serde_json::json!({ "ok": self.count(Level::Wrong) == 0, "findings": self.all })
    }
}
