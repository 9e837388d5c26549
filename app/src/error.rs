//! What can go wrong with a page, as people are told it: a code, never a cause.

use std::convert::Infallible;

use leptos::server_fn::error::{FromServerFnError, ServerFnErrorErr};
use leptos::server_fn::{Bytes, ContentType, Decodes, Encodes, Format, FormatType};
use model::login::LoginError;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// The one error of pages and server functions. Causes go to the log when it is made.
#[derive(Clone, Debug, PartialEq, Eq, Error, Serialize, Deserialize)]
pub enum PageError {
    /// The login in the address is none.
    #[error("malformed login")]
    Login(LoginError),
    /// A server function was called with arguments that no page sends.
    #[error("malformed request")]
    Malformed,
    /// No such page, language or channel; a viewer never seen, opted out, or not the visitor's to see: all the same.
    #[error("not found")]
    NotFound,
    /// Nothing was collected yet.
    #[error("being set up")]
    SettingUp,
    /// Our fault.
    #[error("internal error")]
    Internal {
        /// `x-request-id`, which the log has too; empty when there is none.
        request: String,
    },
    /// The browser could not reach the server.
    #[error("connection lost")]
    Offline,
}

impl PageError {
    /// Its HTTP status. A site being set up answers 503: it asks to come back.
    pub fn status(&self) -> u16 {
        match self {
            PageError::Login(_) | PageError::Malformed => 400,
            PageError::NotFound => 404,
            PageError::Internal { .. } | PageError::Offline => 500,
            PageError::SettingUp => 503,
        }
    }

    /// Its code, as server functions answer it.
    pub fn code(&self) -> String {
        let code = match self {
            PageError::Login(LoginError::Empty) => "login_empty",
            PageError::Login(LoginError::TooLong) => "login_too_long",
            PageError::Login(LoginError::Character) => "login_character",
            PageError::Malformed => "malformed",
            PageError::NotFound => "not_found",
            PageError::SettingUp => "setting_up",
            PageError::Internal { request } => return format!("internal {request}"),
            PageError::Offline => "offline",
        };
        code.to_owned()
    }

    /// The inverse of [`PageError::code`]; nothing for any other text.
    pub fn from_code(code: &str) -> Option<PageError> {
        Some(match code {
            "login_empty" => PageError::Login(LoginError::Empty),
            "login_too_long" => PageError::Login(LoginError::TooLong),
            "login_character" => PageError::Login(LoginError::Character),
            "malformed" => PageError::Malformed,
            "not_found" => PageError::NotFound,
            "setting_up" => PageError::SettingUp,
            "offline" => PageError::Offline,
            code => PageError::Internal { request: code.strip_prefix("internal ")?.to_owned() },
        })
    }

    /// Logs the cause, once, with all it follows from, and keeps it from the visitor.
    #[cfg(feature = "ssr")]
    pub fn internal(cause: &dyn std::fmt::Display) -> PageError {
        let request = leptos::prelude::use_context::<crate::context::RequestId>().map_or_else(String::new, |id| id.0);
        tracing::error!(request, %cause, "a page could not be answered");
        PageError::Internal { request }
    }

    /// Sets the status of the answer being made; on the browser nothing is to do.
    #[must_use]
    pub fn told(self) -> PageError {
        #[cfg(feature = "ssr")]
        if let Some(response) = leptos::prelude::use_context::<leptos_axum::ResponseOptions>() {
            // Each status is a constant of ours, so it is a valid one.
            response.set_status(axum::http::StatusCode::from_u16(self.status()).unwrap_or_default());
        }
        self
    }
}

#[cfg(feature = "ssr")]
impl From<store::error::StoreError> for PageError {
    fn from(error: store::error::StoreError) -> PageError {
        use std::error::Error as _;
        let mut chain = error.to_string();
        let mut cause = error.source();
        while let Some(deeper) = cause {
            chain.push_str(": ");
            chain.push_str(&deeper.to_string());
            cause = deeper.source();
        }
        PageError::internal(&chain)
    }
}

impl FromServerFnError for PageError {
    type Encoder = CodeText;

    fn from_server_fn_error(error: ServerFnErrorErr) -> PageError {
        match error {
            ServerFnErrorErr::Args(_) | ServerFnErrorErr::MissingArg(_) => PageError::Malformed.told(),
            ServerFnErrorErr::Request(_) | ServerFnErrorErr::Response(_) | ServerFnErrorErr::Deserialization(_) => {
                unreadable()
            }
            #[cfg(feature = "ssr")]
            other => PageError::internal(&other).told(),
            #[cfg(not(feature = "ssr"))]
            _ => PageError::Internal { request: String::new() },
        }
    }
}

/// An error as a code in plain text: `not_found`, `internal 4f1c…`.
pub struct CodeText;

impl ContentType for CodeText {
    const CONTENT_TYPE: &'static str = "text/plain";
}

impl FormatType for CodeText {
    const FORMAT_TYPE: Format = Format::Text;
}

impl Encodes<PageError> for CodeText {
    type Error = Infallible;
    fn encode(error: &PageError) -> Result<Bytes, Infallible> {
        Ok(Bytes::from(error.code()))
    }
}

impl Decodes<PageError> for CodeText {
    type Error = Infallible;
    /// What is no code of ours comes from something in between, which could not answer either.
    fn decode(bytes: Bytes) -> Result<PageError, Infallible> {
        let error = std::str::from_utf8(&bytes).ok().and_then(PageError::from_code);
        Ok(error.unwrap_or(PageError::Internal { request: String::new() }))
    }
}

/// On the server a request that cannot be read; in the browser an answer that did not come.
fn unreadable() -> PageError {
    if cfg!(feature = "ssr") { PageError::Malformed.told() } else { PageError::Offline }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_round_trip() {
        let login = [LoginError::Empty, LoginError::TooLong, LoginError::Character].map(PageError::Login);
        let others = [
            PageError::Malformed,
            PageError::NotFound,
            PageError::SettingUp,
            PageError::Internal { request: "42".to_owned() },
            PageError::Internal { request: String::new() },
            PageError::Offline,
        ];
        for error in login.into_iter().chain(others) {
            assert_eq!(PageError::from_code(&error.code()), Some(error));
        }
        assert_eq!(PageError::from_code("<html>"), None);
    }
}
