//! The language of a page: the first part of its path.

pub use model::format::Language;

use crate::texts::Locale;

/// The language of pages without one.
pub const DEFAULT: Language = Language::French;

/// The language that a path begins with, `/fr/about`.
pub fn of_path(path: &str) -> Option<Language> {
    Language::from_code(path.trim_start_matches('/').split(['/', '?']).next().unwrap_or_default())
}

/// The language that a browser asks for in `Accept-Language`; the first of the best weight.
pub fn accepted(header: &str) -> Language {
    let mut best = (DEFAULT, 0.0);
    for range in header.split(',').take(32) {
        let mut parts = range.split(';');
        let tag = parts.next().unwrap_or_default().trim().to_ascii_lowercase();
        let weight = parts.find_map(|part| part.trim().strip_prefix("q=")?.trim().parse().ok()).unwrap_or(1.0f32);
        let Some(language) = Language::from_code(tag.split('-').next().unwrap_or_default()) else { continue };
        if weight > best.1 {
            best = (language, weight);
        }
    }
    best.0
}

/// The same page in another language: its path with the first part exchanged, its query kept.
pub fn exchanged(path: &str, query: &str, language: Language) -> String {
    let rest = path.trim_start_matches('/').split_once('/').map_or("", |(_, rest)| rest);
    let query = query.trim_start_matches('?');
    let mut address = format!("/{}", language.code());
    for (mark, text) in [('/', rest), ('?', query)] {
        if !text.is_empty() {
            address.push(mark);
            address.push_str(text);
        }
    }
    address
}

/// The texts of a language.
pub(crate) fn locale(language: Language) -> Locale {
    match language {
        Language::French => Locale::fr,
        Language::English => Locale::en,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_weight_wins() {
        for (header, language) in [
            ("fr-FR,fr;q=0.9,en;q=0.8", Language::French),
            ("en-GB,en;q=0.9", Language::English),
            ("de, fr;q=0.2, en;q=0.7", Language::English),
            ("de", DEFAULT),
            ("", DEFAULT),
            ("en;q=x,;;q=,fr;q=2", Language::French),
        ] {
            assert_eq!(accepted(header), language, "{header}");
        }
    }

    #[test]
    fn a_page_keeps_its_place_in_the_other_language() {
        assert_eq!(exchanged("/fr", "", Language::English), "/en");
        assert_eq!(
            exchanged("/fr/viewer/_noctule", "?day=2026-11-22", Language::English),
            "/en/viewer/_noctule?day=2026-11-22"
        );
        assert_eq!(exchanged("/fr/search", "q=a%20b", Language::French), "/fr/search?q=a%20b");
    }
}
