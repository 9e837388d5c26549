//! Light, dark, or as the system is.

/// The name of the cookie; written only when somebody switches.
pub const COOKIE: &str = "theme";
/// A year, in seconds.
const MAX_AGE: u32 = 31_536_000;

/// The theme of a visitor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// As the system is.
    #[default]
    Auto,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Theme {
    /// As in the cookie, the form and `data-theme`.
    pub fn as_str(self) -> &'static str {
        match self {
            Theme::Auto => "auto",
            Theme::Light => "light",
            Theme::Dark => "dark",
        }
    }

    /// From its name; nothing for any other text.
    pub fn parse(text: &str) -> Option<Theme> {
        [Theme::Auto, Theme::Light, Theme::Dark].into_iter().find(|theme| theme.as_str() == text)
    }

    /// From the header `Cookie`; anything malformed is [`Theme::Auto`].
    pub fn from_cookies(header: &str) -> Theme {
        header
            .split(';')
            .filter_map(|pair| pair.trim().split_once('='))
            .find(|(name, _)| *name == COOKIE)
            .and_then(|(_, value)| Theme::parse(value))
            .unwrap_or_default()
    }

    /// The value of `Set-Cookie` that keeps it; [`Theme::Auto`] takes the cookie away.
    pub fn set_cookie(self) -> String {
        let age = if self == Theme::Auto { 0 } else { MAX_AGE };
        format!("{COOKIE}={}; Path=/; Max-Age={age}; SameSite=Lax", self.as_str())
    }

    /// The one that the switch goes to.
    #[must_use]
    pub fn next(self) -> Theme {
        match self {
            Theme::Auto => Theme::Light,
            Theme::Light => Theme::Dark,
            Theme::Dark => Theme::Auto,
        }
    }
}

/// Where the switch returns to: a path of this site, or the root for anything else. Browsers leave tabs and line ends out
/// of an address and take `\` for `/`: with any of them it might lead elsewhere.
pub fn back(path: &str) -> &str {
    let plain = path.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    if plain && path.starts_with('/') && !path.starts_with("//") { path } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cookies_are_read_or_fall_back() {
        assert_eq!(Theme::from_cookies("a=b; theme=dark"), Theme::Dark);
        for malformed in ["", ";;;", "theme", "theme=", "theme=DARK", "theme=\"dark\"", "themes=dark"] {
            assert_eq!(Theme::from_cookies(malformed), Theme::Auto, "{malformed}");
        }
    }

    #[test]
    fn the_way_back_never_leaves_the_site() {
        assert_eq!(back("/fr/viewer/_noctule?day=2026-11-22"), "/fr/viewer/_noctule?day=2026-11-22");
        for foreign in ["", "//evil.example", "https://evil.example", "/\\evil.example", "/a\r\nSet-Cookie: b=c", "/é"]
        {
            assert_eq!(back(foreign), "/");
        }
        for hidden in ["/\t/evil.example", "/\n/evil.example", "/\0", "/\u{7f}", "/ /evil.example"] {
            assert_eq!(back(hidden), "/");
        }
    }
}
