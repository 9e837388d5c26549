//! What people type into the search box.

use crate::login::{Login, LoginError};

/// The login that a visitor means: `luna`, `@Luna`, `https://www.twitch.tv/luna?x=1`, `m.twitch.tv/luna/videos`.
///
/// White space around it is forgiven. Errors: what is left is no login; it says why.
pub fn parse_search(input: &str) -> Result<Login, LoginError> {
    let text = input.trim();
    let lower = text.to_ascii_lowercase();
    let address = lower.strip_prefix("https://").or_else(|| lower.strip_prefix("http://")).unwrap_or(&lower);
    let path = ["www.", "m.", ""].iter().find_map(|host| address.strip_prefix(host)?.strip_prefix("twitch.tv/"));
    let name = match path {
        Some(path) => path.trim_start_matches('/').split(['/', '?', '#']).next().unwrap_or_default(),
        None => lower.strip_prefix('@').unwrap_or(&lower),
    };
    name.parse()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_and_addresses() {
        for text in [
            "luna",
            " Luna ",
            "@LUNA",
            "twitch.tv/luna",
            "https://www.twitch.tv/Luna",
            "http://m.twitch.tv/luna/videos?x=1#y",
            "https://twitch.tv//luna",
        ] {
            assert_eq!(parse_search(text).unwrap().as_str(), "luna", "{text}");
        }
        assert_eq!(parse_search("  "), Err(LoginError::Empty));
        assert_eq!(parse_search("twitch.tv/"), Err(LoginError::Empty));
        assert_eq!(parse_search("https://example.org/luna"), Err(LoginError::Character));
        assert_eq!(parse_search(&"a".repeat(26)), Err(LoginError::TooLong));
    }

    proptest! {
        #[test]
        fn any_text_is_answered(text in "\\PC{0,80}") {
            let _ = parse_search(&text);
        }

        #[test]
        fn a_login_is_itself(login in "[a-z0-9_]{1,25}") {
            let address = format!("https://twitch.tv/{login}");
            let (plain, address) = (parse_search(&login).unwrap(), parse_search(&address).unwrap());
            prop_assert_eq!(plain.as_str(), &login);
            prop_assert_eq!(address, plain);
        }
    }
}
