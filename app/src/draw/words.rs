//! Small phrases: plurals, lists, changes.

use model::day::Day;
use model::format::Language;

/// A text of the number `n`, from the two forms of `locales/`: `count!(locale, viewer.days, n)`.
macro_rules! count {
    ($language:expr, $($key:ident).+, $n:expr) => {{
        let (language, n) = ($language, u64::from($n));
        let locale = $crate::language::locale(language);
        if n == 0 && language == model::format::Language::French {
            let several = || $crate::texts::td_string!(locale, $($key).+.several, n = language.number(n)).to_string();
            $crate::draw::words::zero($crate::texts::td_string!(locale, $($key).+.single)).unwrap_or_else(several)
        } else if n == 1 {
            $crate::texts::td_string!(locale, $($key).+.single).to_owned()
        } else {
            $crate::texts::td_string!(locale, $($key).+.several, n = language.number(n)).to_string()
        }
    }};
}
pub(crate) use count;

/// `0 jour`, from `un jour`: French has no plural below two. Nothing of what does not begin with the number.
pub(crate) fn zero(single: &str) -> Option<String> {
    let name = single.strip_prefix("un ").or_else(|| single.strip_prefix("une "))?;
    Some(format!("0\u{a0}{name}"))
}

/// `a, b and c`.
pub(crate) fn list(language: Language, items: &[String]) -> String {
    let and = match language {
        Language::French => " et ",
        Language::English => " and ",
    };
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{}{and}{last}", first.join(", ")),
    }
}

/// Parts of a sentence that stand apart.
pub(crate) fn apart(language: Language, parts: &[String]) -> String {
    parts.join(match language {
        Language::French => "\u{202f}; ",
        Language::English => "; ",
    })
}

/// With a capital letter, as a sentence begins.
pub(crate) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// `novembre 2026` / `November 2026`.
pub(crate) fn month(language: Language, day: Day) -> String {
    let date = language.date(day.month().first_day());
    // "1er novembre 2026": what follows the day of the month.
    date.split_once('\u{a0}').map_or(String::new(), |(_, rest)| rest.replace('\u{a0}', " "))
}

/// A change of `now` from `before` with its sign: `+3.1%`; nothing where there was nothing before.
pub(crate) fn change(language: Language, now: u64, before: u64) -> Option<String> {
    let share = ratio(now, before)?;
    Some(format!("{}{}", if share < 0.0 { "" } else { "+" }, language.percent(share, 1)))
}

/// (now − before) ÷ before; nothing where there was nothing before.
pub(crate) fn ratio(now: u64, before: u64) -> Option<f64> {
    (before > 0).then(|| (now as f64 - before as f64) / before as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use Language::{English, French};

    #[test]
    fn lists_and_months_in_both_languages() {
        let items: Vec<String> = ["a", "b", "c"].map(str::to_owned).into();
        assert_eq!((list(French, &items), list(English, &items[..2])), ("a, b et c".into(), "a and b".into()));
        assert_eq!((apart(French, &items[..2]), apart(English, &items[..2])), ("a\u{202f}; b".into(), "a; b".into()));
        let day = "2026-11-22".parse().unwrap();
        assert_eq!((month(French, day), month(English, day)), ("novembre 2026".into(), "November 2026".into()));
        assert_eq!(capital("été"), "Été");
        assert_eq!([zero("un jour"), zero("Une seule")], [Some("0\u{a0}jour".to_owned()), None]);
        assert_eq!(change(English, 1031, 1000).as_deref(), Some("+3.1%"));
        assert_eq!(change(English, 969, 1000).as_deref(), Some("−3.1%"));
        assert_eq!(change(English, 5, 0), None);
    }
}
