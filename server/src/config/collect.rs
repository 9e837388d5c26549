//! `[collect]`: what is asked of Twitch.

use std::path::PathBuf;

use anyhow::{Context as _, Result, bail};
use serde::Deserialize;

/// `[collect]`.
#[derive(Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CollectConfig {
    /// How many of the most watched live channels to follow, 1 to 10,000.
    pub top: u32,
    /// Their language, ISO 639-1; `*` is all.
    pub language: String,
    /// Channels followed whatever their rank.
    pub tracked: Vec<model::login::Login>,
    /// A file that lists more of them, which `vigie channels` writes; read before each sweep.
    pub channels: PathBuf,
    /// The base address of Helix.
    pub helix: String,
    /// The base address of OAuth.
    pub oauth: String,
    /// The base address of a server that speaks the old chatters endpoint. Twitch's own is dead: a proxy, a recording
    /// or the simulator.
    pub tmi: Option<String>,
    /// The application's id.
    pub client_id: String,
    /// The application's secret; better in the environment (`VIGIE_COLLECT__CLIENT_SECRET`) or in a file.
    client_secret: String,
    /// A file that holds the secret.
    client_secret_file: Option<PathBuf>,
}

impl Default for CollectConfig {
    fn default() -> CollectConfig {
        CollectConfig {
            top: 2_000,
            language: "fr".to_owned(),
            tracked: Vec::new(),
            channels: "data/channels.txt".into(),
            helix: "https://api.twitch.tv/helix".to_owned(),
            oauth: "https://id.twitch.tv/oauth2".to_owned(),
            tmi: None,
            client_id: String::new(),
            client_secret: String::new(),
            client_secret_file: None,
        }
    }
}

impl std::fmt::Debug for CollectConfig {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CollectConfig")
            .field("top", &self.top)
            .field("language", &self.language)
            .finish_non_exhaustive()
    }
}

impl CollectConfig {
    pub(super) fn check(&self) -> Result<()> {
        if !(1..=10_000).contains(&self.top) {
            bail!("[collect] top = {} is not between 1 and 10,000", self.top);
        }
        // Twitch's own, as zh-hk and asl, are no two letters all of them.
        let is_letters =
            |text: &str| (2..=3).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_lowercase());
        if !(["*", "other"].contains(&self.language.as_str()) || self.language.split('-').all(is_letters)) {
            bail!("[collect] language = {:?} is none: write it as \"fr\", or \"*\" for all", self.language);
        }
        Ok(())
    }

    /// The application's secret. Errors: none is configured, or its file cannot be read.
    pub fn secret(&self) -> Result<String> {
        let secret = match &self.client_secret_file {
            Some(file) => std::fs::read_to_string(file)
                .with_context(|| format!("cannot read [collect] client_secret_file = {}", file.display()))?
                .trim()
                .to_owned(),
            None => self.client_secret.clone(),
        };
        if secret.is_empty() || self.client_id.is_empty() {
            bail!(
                "[collect] needs client_id and a secret: set VIGIE_COLLECT__CLIENT_ID and VIGIE_COLLECT__CLIENT_SECRET"
            );
        }
        Ok(secret)
    }
}
