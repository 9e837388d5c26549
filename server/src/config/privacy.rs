//! `[privacy]`: what keeps those who opted out unknown.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use serde::{Deserialize, Serialize};
use store::suppression::Secret;

/// `[privacy]`.
#[derive(Clone, Default, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct PrivacyConfig {
    /// The secret that opt-outs are hashed with; better in the environment (`VIGIE_PRIVACY__SECRET`) or in a file.
    #[serde(serialize_with = "super::effective::hidden_if_there")]
    secret: Option<String>,
    /// A file that holds it.
    secret_file: Option<PathBuf>,
}

impl std::fmt::Debug for PrivacyConfig {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PrivacyConfig").field("secret_file", &self.secret_file).finish_non_exhaustive()
    }
}

impl PrivacyConfig {
    /// The file that holds it, where one is named.
    pub fn file(&self) -> Option<&Path> {
        self.secret_file.as_deref()
    }

    /// The secret, where there is one. Errors: its file cannot be read, or it is too short.
    pub fn secret(&self) -> Result<Option<Secret>> {
        let text = match (&self.secret_file, &self.secret) {
            (Some(file), _) => std::fs::read_to_string(file)
                .with_context(|| format!("cannot read [privacy] secret_file = {}", file.display()))?,
            (None, Some(secret)) => secret.clone(),
            (None, None) => return Ok(None),
        };
        Secret::new(text.trim().as_bytes()).map(Some).context("[privacy] cannot be used")
    }
}
