//! The configuration: one file, a table a concern; the environment (`VIGIE_SITE__ZONE=UTC`) goes before the file.

use std::path::Path;

use anyhow::{Context as _, Result, anyhow, bail};
use figment::Figment;
use figment::providers::{Env, Format as _, Toml};
use serde::{Deserialize, Serialize};

mod archive;
mod collect;
mod effective;
mod import;
mod language;
mod metrics;
mod privacy;
mod retention;
mod site;
mod store;

pub use archive::ArchiveConfig;
pub use collect::{CollectConfig, SourceWord};
pub(crate) use effective::without_password;
pub use import::ImportConfig;
pub use metrics::MetricsConfig;
pub use privacy::PrivacyConfig;
pub use retention::RetentionConfig;
pub use site::SiteConfig;
pub use store::StoreConfig;
pub(crate) use store::sqlite_folder;

/// Every setting explained, those that have a default commented out.
pub const EXAMPLE: &str = include_str!("example.toml");

/// All of it. Every table has defaults but what only the operator can know.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
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
        Ok(Config::read(file)?.0)
    }

    /// The file as it is used, with the environment before it: TOML in which each setting says where it is from, and
    /// secrets are hidden. Errors: those of [`Config::load`].
    pub fn tell(file: &Path) -> Result<String> {
        let (config, figment) = Config::read(file)?;
        config.told(&figment)
    }

    fn read(file: &Path) -> Result<(Config, Figment)> {
        if !file.is_file() {
            bail!(
                "there is no configuration file {}: write one with `vigie init`, name another with --config, or try `vigie demo`",
                file.display()
            );
        }
        let figment = Figment::new()
            .merge(Toml::file_exact(file))
            .merge(Env::prefixed("VIGIE_").filter(|key| key.as_str().contains("__")).split("__"));
        let config: Config = (figment.extract().map_err(one_sentence))
            .with_context(|| format!("cannot read the configuration {}", file.display()))?;
        config.site.check()?;
        config.import.check()?;
        config.retention.check()?;
        if let Some(collect) = &config.collect {
            collect.check()?;
        }
        Ok((config, figment))
    }
}

/// What is wrong, on a line and without a secret: of broken TOML the library quotes the place, of a wrong type the value.
fn one_sentence(error: figment::Error) -> anyhow::Error {
    for one in error.clone() {
        if let [table, key] = &one.path[..]
            && key.contains("secret")
        {
            let variable = format!("VIGIE_{}__{}", table.to_uppercase(), key.to_uppercase());
            return anyhow!(
                "[{table}] {key} is no text: put quotes around it, in the variable {variable} too ('\"123\"')"
            );
        }
    }
    let text = error.to_string();
    let told: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.contains('|')).collect();
    anyhow!("{}", told.join(": "))
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
    fn the_example_is_the_defaults_and_names_every_setting() {
        // Beside it there is a secret.
        let plain = load(EXAMPLE).unwrap();
        let all: String = EXAMPLE
            .lines()
            .map(|line| {
                line.strip_prefix('#').filter(|rest| !rest.is_empty() && !rest.starts_with(' ')).unwrap_or(line)
            })
            .flat_map(|line| [line, "\n"])
            .collect();
        let all = load(&all).unwrap();
        // Those that have no default are examples.
        let defaults = Config::default();
        assert_eq!(format!("{:?}", plain.site), format!("{:?}", defaults.site));
        assert_eq!((all.site.listen, &all.site.zone), (defaults.site.listen, &defaults.site.zone));
        for (a, b) in [(&all, &plain), (&plain, &defaults)] {
            assert_eq!(format!("{:?}{:?}", a.archive, a.retention), format!("{:?}{:?}", b.archive, b.retention));
            assert_eq!((&a.store.url, a.import.verify), (&b.store.url, b.import.verify));
            let bots =
                |config: &Config| (config.import.bot_channels, config.import.bot_slots, config.import.bots.clone());
            assert_eq!(bots(a), bots(b));
        }
        let (all, collect) = (all.collect.unwrap(), CollectConfig::default());
        assert_eq!((all.top, &all.language, &all.helix), (collect.top, &collect.language, &collect.helix));
        assert_eq!((&all.oauth, &all.tracked, &all.channels), (&collect.oauth, &collect.tracked, &collect.channels));
        // The README's table is the other place that names them all.
        let readme = include_str!("../../../README.md");
        for row in readme.lines().filter(|line| line.starts_with("| `[")) {
            let (table, rest) = row.strip_prefix("| `[").unwrap().split_once("] ").unwrap();
            let part = EXAMPLE.split_once(&format!("[{table}]\n")).unwrap().1;
            let part = part.split_once("\n[").map_or(part, |(part, _)| part);
            let key = rest.split_once('`').unwrap().0;
            let named = part.lines().any(|line| line.trim_start_matches('#').starts_with(&format!("{key} = ")));
            assert!(named, "[{table}] {key}");
        }
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (text, named) in [
            ("[site]\nzone = \"Europe/Lyon\"", "Europe/Lyon"),
            ("[site]\nviewer_pages = \"everybody\"", "everybody"),
            ("[sight]\n", "sight"),
            ("[collect]\nhelix = \"https://api.twitch.tv/helix\"\ntop = 0", "top"),
            ("[collect]\nlanguage = \"french\"", "french"),
            ("[collect]\nlanguage = \"xx\"", "\"xx\" is none that Twitch knows"),
            ("[collect\n", "vigie.toml"),
        ] {
            let error = format!("{:#}", load(text).unwrap_err());
            assert!(error.contains(named), "{error}");
        }
        assert!(Config::load(Path::new("nowhere.toml")).is_err());
    }

    #[test]
    fn what_is_told_says_where_it_is_from_and_reads_back_the_same() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("vigie.toml");
        let text = "[store]\nurl = \"postgres://me:hush@db/vigie\"\n[privacy]\nsecret = \"0123456789abcdef hush\"\n\
             [collect]\nclient_id = \"it\\\"s \\u00e9\"\nclient_secret = \"hush\"\ntracked = [\"ada\", \"bob\"]\n\
             sources = { cleo = \"helix\", dan = \"irc\" }\n";
        std::fs::write(&file, text).unwrap();
        let told = Config::tell(&file).unwrap();
        assert!(!told.contains("hush"), "{told}");
        for line in [
            "listen = \"127.0.0.1:3000\" # default",
            "#folder = # not set",
            "client_secret = \"***\" # vigie.toml",
            "url = \"postgres://me:***@db/vigie\" # vigie.toml",
            "sources = { cleo = \"helix\", dan = \"irc\" } # vigie.toml",
            "irc = \"ircs://irc.chat.twitch.tv:6697\" # default",
        ] {
            let is_it = |text: &str| text.split_whitespace().eq(line.split_whitespace());
            assert!(told.lines().any(is_it), "{line}\n{told}");
        }
        std::fs::write(&file, &told).unwrap();
        let again = Config::tell(&file).unwrap();
        let settings = |text: &str| -> Vec<String> {
            text.lines().map(|line| line.split(" #").next().unwrap_or_default().trim().to_owned()).collect()
        };
        assert_eq!(settings(&again), settings(&told));
        assert!(load("").is_ok_and(|config| config.told(&Figment::new()).unwrap().contains("# No [collect]")));
    }

    #[test]
    fn what_is_wrong_is_a_line_and_holds_no_secret() {
        for (text, told) in [
            ("[collect]\nclient_secret = hush\n", "line 2"),
            ("[collect]\nclient_secret = 7712345\n", "client_secret is no text: put quotes around it"),
            ("[privacy]\nsecret = [\"hush\"]\n", "VIGIE_PRIVACY__SECRET"),
        ] {
            let error = format!("{:#}", load(text).unwrap_err());
            assert!(error.contains(told) && !error.contains("hush") && !error.contains("77123"), "{error}");
            assert!(!error.contains('\n'), "{error}");
        }
    }

    #[test]
    fn secrets_are_never_shown() {
        let config =
            load("[collect]\nclient_id = \"abc\"\nclient_secret = \"hush\"\ntmi = \"http://127.0.0.1:1\"").unwrap();
        assert!(!format!("{config:?}").contains("hush"));
    }
}
