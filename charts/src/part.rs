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
    /// Around what is quoted inside a title: `‘` and `’`, or `“` and `”`.
    pub inner_quotes: (char, char),
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

    /// A title in quotes; quotes inside it become inner ones, as typography has it.
    pub fn quote(&self, title: &str) -> String {
        let mut text = self.open_quote.clone();
        let mut opened = false;
        let mut letters = title.chars().peekable();
        while let Some(letter) = letters.next() {
            match letter {
                '«' | '“' | '„' => {
                    text.push(self.inner_quotes.0);
                    if letter == '«' {
                        while letters.next_if(|next| next.is_whitespace()).is_some() {}
                    }
                }
                '»' => {
                    text.truncate(text.trim_end().len());
                    text.push(self.inner_quotes.1);
                }
                '”' => text.push(self.inner_quotes.1),
                // Straight ones come in pairs; one alone is something else: 27".
                '"' if opened || letters.clone().any(|next| next == '"') => {
                    text.push(if opened { self.inner_quotes.1 } else { self.inner_quotes.0 });
                    opened = !opened;
                }
                other => text.push(other),
            }
        }
        text.push_str(&self.close_quote);
        text
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_within_a_title_are_inner_ones() {
        let phrases = |open: &str, close: &str, inner_quotes| Phrases {
            open_quote: open.into(),
            close_quote: close.into(),
            inner_quotes,
            then: String::new(),
        };
        let french = phrases("«\u{a0}", "\u{a0}»", ('“', '”'));
        let english = phrases("“", "”", ('‘', '’'));
        for (title, in_french, in_english) in [
            ("Any%", "Any%", "Any%"),
            ("La « vraie » fin", "La “vraie” fin", "La ‘vraie’ fin"),
            ("«\u{a0}Nuit\u{a0}»", "“Nuit”", "‘Nuit’"),
            ("The “real” end", "The “real” end", "The ‘real’ end"),
            ("A \"last\" run, \"again\"", "A “last” run, “again”", "A ‘last’ run, ‘again’"),
            ("A 27\" screen", "A 27\" screen", "A 27\" screen"),
        ] {
            assert_eq!(french.quote(title), format!("«\u{a0}{in_french}\u{a0}»"));
            assert_eq!(english.quote(title), format!("“{in_english}”"));
        }
    }
}
