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
    /// The file of the crowd's index: the one that is configured, else `crowd-index` beside the folder of a SQLite store, or in `data` for a database.
    pub fn crowd_file(&self) -> CrowdFile {
        CrowdFile::new(
            self.crowd.clone().unwrap_or_else(|| beside(&self.url).unwrap_or_else(|| Path::new(FOLDER).join(CROWD))),
        )
    }

    /// That of the store at `url`: of another one than the configured store it is not the configured file. Nothing of another database.
    pub fn crowd_file_of(&self, url: &str) -> Option<CrowdFile> {
        if url == self.url { Some(self.crowd_file()) } else { beside(url).map(CrowdFile::new) }
    }
}

/// Where the index of a store on SQLite is, if nothing else is said.
fn beside(url: &str) -> Option<PathBuf> {
    sqlite_folder(url).map(|folder| folder.parent().unwrap_or(Path::new("")).join(CROWD))
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
        for (url, file) in [
            ("sqlite:data/store", "data/crowd-index"),
            ("sqlite:///var/lib/vigie/store", "/var/lib/vigie/crowd-index"),
            ("here", "crowd-index"),
            ("postgres://me:hush@db/vigie", "data/crowd-index"),
        ] {
            let config = StoreConfig { url: url.into(), ..StoreConfig::default() };
            assert_eq!(config.crowd_file().path(), Path::new(file), "{url}");
        }
        let named = StoreConfig { crowd: Some("/fast/crowd".into()), url: "postgres://db/vigie".into() };
        assert_eq!(named.crowd_file().path(), Path::new("/fast/crowd"));
        let of = |url| named.crowd_file_of(url).map(|file| file.path().to_owned());
        assert_eq!(of("postgres://db/vigie"), Some("/fast/crowd".into()));
        assert_eq!((of("postgres://db/other"), of("other/store")), (None, Some("other/crowd-index".into())));
    }
}
