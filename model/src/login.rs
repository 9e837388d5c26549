//! Names on Twitch.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// The longest login.
pub const LOGIN_MAX: usize = 25;

/// A login: `[a-z0-9_]{1,25}`, lower case. Logins of simulated people and channels begin with `_`, which Twitch does not allow.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Login(Arc<str>);

/// A text that is no login; it does not repeat the text, which may be a person's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error, Serialize, Deserialize)]
pub enum LoginError {
    /// Nothing was given.
    #[error("a login is needed")]
    Empty,
    /// More than [`LOGIN_MAX`] characters.
    #[error("a login has at most 25 characters")]
    TooLong,
    /// A character other than a–z, 0–9 and `_`.
    #[error("a login has only the letters a to z, digits and _")]
    Character,
}

impl Login {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it begins with `_`, as those of invented people do.
    pub fn is_simulated(&self) -> bool {
        self.0.starts_with('_')
    }

    /// Checks bytes without copying them.
    pub fn check(bytes: &[u8]) -> Result<(), LoginError> {
        match bytes {
            [] => Err(LoginError::Empty),
            _ if !bytes.iter().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'_')) => Err(LoginError::Character),
            _ if bytes.len() > LOGIN_MAX => Err(LoginError::TooLong),
            _ => Ok(()),
        }
    }
}

impl fmt::Display for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Login {
    type Err = LoginError;
    /// Upper case is lowered; surrounding white space is not forgiven (see [`crate::search`]).
    fn from_str(text: &str) -> Result<Login, LoginError> {
        if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
            return text.to_ascii_lowercase().parse();
        }
        Login::check(text.as_bytes())?;
        Ok(Login(text.into()))
    }
}

impl From<Login> for String {
    fn from(login: Login) -> String {
        login.0.as_ref().to_owned()
    }
}

impl TryFrom<String> for Login {
    type Error = LoginError;
    fn try_from(text: String) -> Result<Login, LoginError> {
        text.parse()
    }
}

impl std::borrow::Borrow<str> for Login {
    fn borrow(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_accepted_is_a_login(text in "\\PC{0,30}") {
            match text.parse::<Login>() {
                Ok(login) => {
                    prop_assert!(Login::check(login.as_str().as_bytes()).is_ok());
                    prop_assert_eq!(login.to_string().parse::<Login>().unwrap(), login);
                }
                Err(_) => prop_assert!(text.is_empty() || text.len() > LOGIN_MAX || !text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')),
            }
        }
    }

    #[test]
    fn case_is_lowered_and_the_reason_is_told() {
        assert_eq!("LunaFox".parse::<Login>().unwrap().as_str(), "lunafox");
        assert_eq!("".parse::<Login>(), Err(LoginError::Empty));
        assert_eq!("a".repeat(26).parse::<Login>(), Err(LoginError::TooLong));
        assert_eq!("é".parse::<Login>(), Err(LoginError::Character));
        assert!("_noctule".parse::<Login>().unwrap().is_simulated());
    }
}
