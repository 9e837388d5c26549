//! Charts as files.

use app::context::Site;
use app::error::PageError;
use app::files::{self, File};
use app::language::Language;
use app::query::DayQuery;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;

/// Which day, in which zone.
#[derive(Debug, Deserialize)]
pub(super) struct Asked {
    day: Option<String>,
    tz: Option<String>,
}

type Parts<T> = Result<Path<T>, PathRejection>;
type Asking = Result<Query<Asked>, QueryRejection>;

pub(super) async fn of_home(State(site): State<Site>, parts: Parts<(String, String)>) -> Response {
    let spoken = spoken(parts.as_ref().map(|Path((lang, _))| lang));
    let file = async {
        let Path((lang, file)) = parts.map_err(|_| PageError::Malformed)?;
        files::of_home(&site, language(&lang)?, &file).await
    };
    answer(spoken, file.await)
}

pub(super) async fn of_channel(
    State(site): State<Site>,
    parts: Parts<(String, String, String)>,
    asked: Asking,
) -> Response {
    let spoken = spoken(parts.as_ref().map(|Path((lang, ..))| lang));
    let file = async {
        let (language, login, file, query) = of_a_day(parts, asked)?;
        files::of_channel(&site, language, &login, &query, &file).await
    };
    answer(spoken, file.await)
}

pub(super) async fn of_viewer(
    State(site): State<Site>,
    parts: Parts<(String, String, String)>,
    asked: Asking,
) -> Response {
    let spoken = spoken(parts.as_ref().map(|Path((lang, ..))| lang));
    let file = async {
        let (language, login, file, query) = of_a_day(parts, asked)?;
        files::of_viewer(&site, language, &login, &query, &file).await
    };
    answer(spoken, file.await)
}

/// Language, login, file and day of an address.
fn of_a_day(
    parts: Parts<(String, String, String)>,
    asked: Asking,
) -> Result<(Language, String, String, DayQuery), PageError> {
    let Path((lang, login, file)) = parts.map_err(|_| PageError::Malformed)?;
    let Query(asked) = asked.map_err(|_| PageError::Malformed)?;
    Ok((language(&lang)?, login, file, DayQuery::parse(asked.day.as_deref(), asked.tz.as_deref())))
}

fn language(code: &str) -> Result<Language, PageError> {
    Language::from_code(code).ok_or(PageError::NotFound)
}

/// The language of an address; of one that has none, that of the site.
fn spoken<E>(code: Result<&String, E>) -> Language {
    code.ok().and_then(|code| Language::from_code(code)).unwrap_or(app::language::DEFAULT)
}

/// The file, to be kept; an error in words, as plain text.
fn answer(language: Language, file: Result<File, PageError>) -> Response {
    match file {
        Ok(File { name, media, body }) => {
            let kept = format!("attachment; filename=\"{name}\"");
            ([(header::CONTENT_TYPE, media.to_owned()), (header::CONTENT_DISPOSITION, kept)], body).into_response()
        }
        Err(error) => {
            let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            (status, files::refusal(language, &error)).into_response()
        }
    }
}
