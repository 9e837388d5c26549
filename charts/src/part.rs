//! What was broadcast: stretches with one game and title, and how they are written in one line.

use crate::stretch::Stretch;

/// A stretch with one title and one game.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// When.
    pub span: Stretch,
    /// Game or category; empty when unknown.
    pub game: String,
    /// Title; empty when unknown.
    pub title: String,
}

/// How several of them are written, in the reader's language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phrases {
    /// Before a title: `“` or `« `.
    pub open_quote: String,
    /// After it.
    pub close_quote: String,
    /// Between one and the next: `, then `.
    pub then: String,
}

impl Phrases {
    /// Games in order, without repeating one.
    pub(crate) fn games(&self, parts: &[Part]) -> String {
        in_turn(parts.iter().map(|part| part.game.as_str())).join(&self.then)
    }

    /// Titles in order, each in quotes.
    pub(crate) fn titles(&self, parts: &[Part]) -> String {
        let quoted: Vec<String> =
            in_turn(parts.iter().map(|part| part.title.as_str())).into_iter().map(|title| self.quote(title)).collect();
        quoted.join(&self.then)
    }

    pub(crate) fn quote(&self, title: &str) -> String {
        format!("{}{title}{}", self.open_quote, self.close_quote)
    }
}

/// Where game or title change, in order: the starts of all parts but the first.
pub(crate) fn changes(parts: &[Part]) -> impl Iterator<Item = u32> {
    parts
        .windows(2)
        .filter(|pair| pair[0].game != pair[1].game || pair[0].title != pair[1].title)
        .map(|p| p[1].span.from)
}

fn in_turn<'a>(names: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut turn: Vec<&str> = Vec::new();
    for name in names.map(str::trim).filter(|name| !name.is_empty()) {
        if !turn.contains(&name) {
            turn.push(name);
        }
    }
    turn
}
