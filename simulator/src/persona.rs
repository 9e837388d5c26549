//! Invented people with a name and a known truth: whom the home page offers to try, and what the pages are tested
//! against. `docs/personas.md` tells them to readers.

use crate::cast::CAST;
use crate::life::Life;

/// An invented person.
#[derive(Clone, Copy, Debug)]
pub struct Persona {
    /// Their login.
    pub login: &'static str,
    /// Who they are, one sentence in French.
    pub about_fr: &'static str,
    /// Who they are, one sentence in English.
    pub about_en: &'static str,
    /// Where they live, an IANA zone.
    pub zone: &'static str,
    /// What kind of account it is.
    pub kind: PersonaKind,
    /// Sleep, work and free time. Of an account that is no person's it says nothing.
    pub life: Life,
    /// The channels they watch, by login, dearest first.
    pub favourites: &'static [&'static str],
    /// Share of days on which they watch at all, 0–1.
    pub active: f64,
    /// How often a second channel runs beside the first, 0–1.
    pub second_screen: f64,
}

/// What is behind a persona's login.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PersonaKind {
    /// One person with one account.
    Person,
    /// One of two accounts of the same person; the other one.
    SecondFace(&'static str),
    /// A screen that nobody turns off.
    AlwaysOn,
    /// A program that sits in many chats at once.
    Bot,
}

/// All of them, the ones to show first at the beginning.
pub fn personas() -> &'static [Persona] {
    &CAST
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::channel::channels;
    use crate::life;
    use crate::zone::Zone;

    #[test]
    fn personas_are_consistent() {
        let channels = channels(1, 20);
        for persona in personas() {
            life::tests::check(&persona.life, persona.login);
            assert!(Zone::named(persona.zone).is_some(), "{}", persona.login);
            assert!(persona.login.parse::<model::login::Login>().unwrap().is_simulated());
            assert!(persona.about_fr.ends_with('.') && persona.about_en.ends_with('.'), "{}", persona.login);
            assert!(persona.kind == PersonaKind::Bot || !persona.favourites.is_empty(), "{}", persona.login);
            for favourite in persona.favourites {
                assert!(channels.iter().any(|channel| channel.login.as_str() == *favourite), "{favourite}");
            }
        }
    }

    #[test]
    fn readers_are_told_of_everyone() {
        let told = include_str!("../../docs/personas.md");
        for persona in personas() {
            assert!(told.contains(&format!("`{}`", persona.login)), "{}", persona.login);
            assert!(told.contains(persona.zone), "{}", persona.zone);
        }
    }
}
