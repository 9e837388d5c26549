//! What an error says.

use std::error::Error;
use std::fmt::Write as _;

/// An error with its causes, as a program tells them.
pub(crate) fn told(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        write!(text, ": {cause}").unwrap();
        source = cause.source();
    }
    text
}
