//! The configuration: one file, a table a concern; the environment (`VIGIE_SITE__ZONE=UTC`) goes before the file.

use std::path::Path;

use anyhow::{Context as _, Result, bail};
use figment::Figment;
use figment::providers::{Env, Format as _, Toml};
use serde::Deserialize;

mod archive;
mod collect;
mod import;
mod metrics;
mod privacy;
mod retention;
mod site;
mod store;

pub use archive::ArchiveConfig;
pub use collect::CollectConfig;
pub use import::ImportConfig;
pub use metrics::MetricsConfig;
pub use privacy::PrivacyConfig;
pub use retention::RetentionConfig;
pub use site::SiteConfig;
pub use store::StoreConfig;

/// All of it. Every table has defaults but what only the operator can know.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// `[site]`.
    pub site: SiteConfig,
    /// `[store]`.
    pub store: StoreConfig,
    /// `[archive]`.
    pub archive: ArchiveConfig,
    /// `[import]`.
    pub import: ImportConfig,
    /// `[privacy]`.
    pub privacy: PrivacyConfig,
    /// `[retention]`.
    pub retention: RetentionConfig,
    /// `[metrics]`.
    pub metrics: MetricsConfig,
    /// `[collect]`; without it nothing is collected.
    pub collect: Option<CollectConfig>,
}

impl Config {
    /// Reads and checks the file; without one, the defaults do where the command line names `everything` that has none.
    /// Errors: those of [`Config::load`].
    pub fn unless_named(file: &Path, everything: bool) -> Result<Config> {
        if everything && !file.is_file() { Ok(Config::default()) } else { Config::load(file) }
    }

    /// Reads and checks the file. Errors: it is missing, not TOML, or holds what is unknown or out of range.
    pub fn load(file: &Path) -> Result<Config> {
        if !file.is_file() {
            bail!(
                "there is no configuration file {}: write one as the README's table says, name another with --config, or try `vigie demo`",
                file.display()
            );
        }
        let config: Config = Figment::new()
            .merge(Toml::file_exact(file))
            .merge(Env::prefixed("VIGIE_").filter(|key| key.as_str().contains("__")).split("__"))
            .extract()
            .with_context(|| format!("cannot read the configuration {}", file.display()))?;
        config.site.check()?;
        config.import.check()?;
        config.retention.check()?;
        if let Some(collect) = &config.collect {
            collect.check()?;
        }
        Ok(config)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(text: &str) -> Result<Config> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("vigie.toml");
        std::fs::write(&file, text).unwrap();
        Config::load(&file)
    }

    #[test]
    fn an_empty_file_is_the_defaults() {
        let config = load("").unwrap();
        assert_eq!(config.site.zone, "Europe/Paris");
        assert!(config.site.viewer_pages.is_none() && config.collect.is_none());
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (text, named) in [
            ("[site]\nzone = \"Europe/Lyon\"", "Europe/Lyon"),
            ("[site]\nviewer_pages = \"everybody\"", "everybody"),
            ("[sight]\n", "sight"),
            ("[collect]\nhelix = \"https://api.twitch.tv/helix\"\ntop = 0", "top"),
            ("[collect\n", "vigie.toml"),
        ] {
            let error = format!("{:#}", load(text).unwrap_err());
            assert!(error.contains(named), "{error}");
        }
        assert!(Config::load(Path::new("nowhere.toml")).is_err());
    }

    #[test]
    fn secrets_are_never_shown() {
        let config =
            load("[collect]\nclient_id = \"abc\"\nclient_secret = \"hush\"\ntmi = \"http://127.0.0.1:1\"").unwrap();
        assert!(!format!("{config:?}").contains("hush"));
    }
}
