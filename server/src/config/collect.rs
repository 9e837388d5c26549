//! `[collect]`: what is asked of Twitch.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use collector::irc::{Address, Trust};
use collector::user_token::Application;
use model::login::Login;
use serde::{Deserialize, Serialize, Serializer};

use super::language::is_known;

/// A source of chatters, as a configuration names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum SourceWord {
    /// The old chatters endpoint.
    Tmi,
    /// The chat, listened to.
    Irc,
    /// Helix, in the name of somebody who signed in and moderates the channel.
    Helix,
}

/// `[collect]`.
#[derive(Clone, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct CollectConfig {
    /// How many of the most watched live channels to follow, 1 to 10,000.
    pub top: u32,
    /// Their language, ISO 639-1; `*` is all.
    pub language: String,
    /// Channels followed whatever their rank.
    pub tracked: Vec<Login>,
    /// A file that lists more of them, which `vigie channels` writes; read before each sweep.
    pub channels: PathBuf,
    /// The base address of Helix.
    pub helix: String,
    /// The base address of OAuth.
    pub oauth: String,
    /// Who is asked for chatters; without it `tmi` where that has an address, else `irc`.
    source: Option<SourceWord>,
    /// Channels of which another source is asked.
    pub sources: BTreeMap<Login, SourceWord>,
    /// The address of the chat server, for `irc`.
    #[serde(serialize_with = "as_text")]
    pub irc: Address,
    /// The base address of a server that speaks the old chatters endpoint, for `tmi`. Twitch's own is dead: a proxy, a
    /// recording or the simulator.
    tmi: Option<String>,
    /// The token of whoever signed in, for `helix`; `vigie auth twitch` writes it.
    pub token_file: PathBuf,
    /// A PEM file of certificates that are believed besides the system's, of the chat server.
    ca_file: Option<PathBuf>,
    /// The application's id.
    pub client_id: String,
    /// The application's secret; better in the environment (`VIGIE_COLLECT__CLIENT_SECRET`) or in a file.
    #[serde(serialize_with = "super::effective::hidden")]
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
            source: None,
            sources: BTreeMap::new(),
            irc: Address::twitch(),
            tmi: None,
            token_file: "data/twitch-token.json".into(),
            ca_file: None,
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
        if !is_known(&self.language) {
            bail!(
                "[collect] language = {:?} is none that Twitch knows: write it as \"fr\" (ISO 639-1), or \"*\" for all",
                self.language
            );
        }
        Ok(())
    }

    /// The application that people sign in to. Errors: those of [`CollectConfig::secret`].
    pub fn application(&self) -> Result<Application> {
        let (oauth, client_id) = (self.oauth.clone(), self.client_id.clone());
        Ok(Application { oauth, client_id, client_secret: Some(self.secret()?) })
    }

    /// Who is asked for the chatters of most channels.
    pub fn source(&self) -> SourceWord {
        self.source.unwrap_or(if self.tmi.is_some() { SourceWord::Tmi } else { SourceWord::Irc })
    }

    /// Where the old chatters endpoint is. Errors: nowhere.
    pub fn tmi(&self) -> Result<&str> {
        self.tmi.as_deref().context(
            "[collect] asks tmi for chatters and has no address of it: set tmi to that of a server that speaks the old endpoint, \
             or source = \"irc\"",
        )
    }

    /// Whose certificates are believed. Errors: the file cannot be read, or holds none.
    pub fn trust(&self) -> Result<Trust> {
        let Some(file) = &self.ca_file else { return Trust::new("").context("cannot set up TLS") };
        let named = || format!("cannot use [collect] ca_file = {}", file.display());
        let text = std::fs::read_to_string(file).with_context(named)?;
        Trust::new(&text).with_context(named)
    }

    /// The file that holds the application's secret, where one is named.
    pub fn secret_file(&self) -> Option<&Path> {
        self.client_secret_file.as_deref()
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

fn as_text<S: Serializer>(address: &Address, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(address)
}
