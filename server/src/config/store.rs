//! `[store]`: where days are kept, and the crowd's index beside them.

use std::path::{Path, PathBuf};

use importer::crowd::file::CrowdFile;
use serde::{Deserialize, Serialize};

/// The name of the crowd's index where none is configured.
const CROWD: &str = "crowd-index";
/// The folder of it beside a database, which has none.
const FOLDER: &str = "data";

/// `[store]`.
#[derive(Clone, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct StoreConfig {
    /// `sqlite:FOLDER`, a folder, or `postgres://…`; may hold a password.
    pub url: String,
    /// The file of the crowd's index; see [`StoreConfig::crowd_file`].
    pub crowd: Option<PathBuf>,
}

impl std::fmt::Debug for StoreConfig {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("StoreConfig").finish_non_exhaustive()
    }
}

impl Default for StoreConfig {
    fn default() -> StoreConfig {
        StoreConfig { url: "sqlite:data/store".to_owned(), crowd: None }
    }
}

impl StoreConfig {
    /// The file of the crowd's index of the store at `url`: the one that is configured, else `crowd-index` beside the folder of a SQLite store,
    /// or in `data` for a database.
    pub fn crowd_file(&self, url: &str) -> CrowdFile {
        let beside = || sqlite_folder(url).map_or(Path::new(FOLDER), |folder| folder.parent().unwrap_or(Path::new("")));
        CrowdFile::new(self.crowd.clone().unwrap_or_else(|| beside().join(CROWD)))
    }
}

/// The folder of a store on SQLite.
pub(crate) fn sqlite_folder(url: &str) -> Option<&Path> {
    match url.split_once(':') {
        Some(("sqlite", folder)) => Some(Path::new(folder.strip_prefix("//").unwrap_or(folder))),
        Some((_, rest)) if rest.starts_with("//") => None,
        _ => Some(Path::new(url)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_index_is_beside_the_store() {
        let default = StoreConfig::default();
        for (url, file) in [
            ("sqlite:data/store", "data/crowd-index"),
            ("sqlite:///var/lib/vigie/store", "/var/lib/vigie/crowd-index"),
            ("here", "crowd-index"),
            ("postgres://me:hush@db/vigie", "data/crowd-index"),
        ] {
            assert_eq!(default.crowd_file(url).path(), Path::new(file), "{url}");
        }
        let named = StoreConfig { crowd: Some("/fast/crowd".into()), ..default };
        assert_eq!(named.crowd_file("sqlite:data/store").path(), Path::new("/fast/crowd"));
    }
}
