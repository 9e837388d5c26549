//! The configuration as it is used, told with where each setting is from, and without secrets.

use std::fmt::Write as _;

use anyhow::{Context as _, Result};
use figment::{Figment, Source};
use serde::{Serialize as _, Serializer};
use serde_json::Value;

use super::Config;

/// What stands where a secret is.
const HIDDEN: &str = "***";

/// A setting is so long at most before its remark stands behind it.
const COLUMN: usize = 48;

impl Config {
    /// All of it as TOML, each setting with where it is from: the file, a variable, or Vigie itself. Errors: none that is
    /// known; a setting that cannot be written would be one.
    pub(super) fn told(&self, figment: &Figment) -> Result<String> {
        let tables = self.serialize(serde_json::value::Serializer).context("cannot tell the configuration")?;
        let mut text = String::new();
        let Value::Object(tables) = tables else { return Ok(text) };
        for (table, settings) in tables {
            let Value::Object(settings) = settings else {
                let _ = writeln!(text, "# No [{table}]: there is none in the file.\n");
                continue;
            };
            let _ = writeln!(text, "[{table}]");
            for (key, value) in settings {
                let (line, source) = match toml(&value) {
                    Some(value) => (format!("{key} = {value}"), source(figment, &table, &key)),
                    None => (format!("#{key} ="), "not set".to_owned()),
                };
                // Writing to a String cannot fail.
                let _ = writeln!(text, "{line:COLUMN$} # {source}");
            }
            text.push('\n');
        }
        text.pop();
        Ok(text)
    }
}

/// Where a setting is from. A variable goes before the file, and is named as it is set.
fn source(figment: &Figment, table: &str, key: &str) -> String {
    match figment.find_metadata(&format!("{table}.{key}")) {
        None => "default".to_owned(),
        Some(metadata) => match &metadata.source {
            Some(Source::File(path)) => path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
            _ => format!("VIGIE_{}__{}", table.to_uppercase(), key.to_uppercase()),
        },
    }
}

/// A value in TOML; nothing of one that is not set. Text, numbers and lists of them are written as in JSON.
fn toml(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::Object(pairs) if pairs.is_empty() => Some("{}".to_owned()),
        Value::Object(pairs) => {
            let pairs: Vec<String> =
                pairs.iter().filter_map(|(key, value)| Some(format!("{key} = {}", toml(value)?))).collect();
            Some(format!("{{ {} }}", pairs.join(", ")))
        }
        Value::Array(values) => Some(format!("[{}]", values.iter().filter_map(toml).collect::<Vec<_>>().join(", "))),
        Value::String(text) => Some(Value::String(without_password(text)).to_string()),
        Value::Bool(_) | Value::Number(_) => Some(value.to_string()),
    }
}

/// An address without the password that it may have, before the host or in what is asked of it. Passwords may have any
/// letter, so rather too much is hidden.
pub(crate) fn without_password(text: &str) -> String {
    let Some((scheme, rest)) = text.split_once("://") else { return text.to_owned() };
    let named = rest.rsplit_once('@').and_then(|(user, host)| Some((user.split_once(':')?.0, host)));
    let (user, rest) = named.map_or((String::new(), rest), |(user, host)| (format!("{user}:{HIDDEN}@"), host));
    let rest = rest.split_once('?').map_or_else(|| rest.to_owned(), |(rest, _)| format!("{rest}?{HIDDEN}"));
    format!("{scheme}://{user}{rest}")
}

/// Writes a secret as one that is there, or not.
pub(super) fn hidden<T: AsRef<str>, S: Serializer>(secret: &T, serializer: S) -> Result<S::Ok, S::Error> {
    if secret.as_ref().is_empty() { serializer.serialize_none() } else { serializer.serialize_some(HIDDEN) }
}

/// The same of one that may not be there.
#[expect(clippy::ref_option, reason = "serde gives a reference")]
pub(super) fn hidden_if_there<S: Serializer>(secret: &Option<String>, serializer: S) -> Result<S::Ok, S::Error> {
    hidden(&secret.as_deref().unwrap_or_default(), serializer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_lose_their_passwords_and_nothing_else() {
        for (address, told) in [
            ("sqlite:data/store", "sqlite:data/store"),
            ("postgres://vigie:p@s?:w/rd@db:5432/vigie", "postgres://vigie:***@db:5432/vigie"),
            ("postgres://vigie:hush@db:5432/vigie?sslmode=require", "postgres://vigie:***@db:5432/vigie?***"),
            ("postgres://vigie@/vigie?host=/run&password=hush", "postgres://vigie@/vigie?***"),
            ("https://api.twitch.tv/helix", "https://api.twitch.tv/helix"),
        ] {
            assert_eq!(without_password(address), told, "{address}");
        }
    }
}
