//! The built site: where it is, and what its files are called.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use app::context::Assets;
use serde::Deserialize;

/// Written by `cargo xtask site`: addresses of the hashed files by what they are.
#[derive(Deserialize)]
struct Manifest {
    js: String,
    wasm: String,
    css: String,
    fonts: Vec<String>,
}

/// A built site.
#[derive(Clone, Debug)]
pub struct SiteFolder {
    /// The folder that is served.
    pub folder: PathBuf,
    /// Addresses of its files.
    pub assets: Assets,
}

impl SiteFolder {
    /// Finds the site: the folder asked for, else `site` beside the program, else `target/site`.
    ///
    /// Errors: there is none, or its manifest cannot be read; the text tells how to build it.
    pub fn find(asked: Option<&Path>) -> Result<SiteFolder> {
        let beside = std::env::current_exe().ok().and_then(|exe| Some(exe.parent()?.join("site")));
        let candidates = match asked {
            Some(folder) => vec![folder.to_owned()],
            None => beside.into_iter().chain([PathBuf::from("target/site")]).collect(),
        };
        let Some(folder) = candidates.iter().find(|folder| folder.join("manifest.json").is_file()) else {
            let places: Vec<String> = candidates.iter().map(|folder| folder.display().to_string()).collect();
            bail!("there is no built site in {}: build it with `cargo xtask site --release`", places.join(" or "));
        };
        let file = folder.join("manifest.json");
        let text = std::fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?;
        let manifest: Manifest = serde_json::from_slice(&text).with_context(|| {
            format!("{} is damaged: build the site again with `cargo xtask site --release`", file.display())
        })?;
        let icon = if folder.join("favicon.svg").is_file() { "/favicon.svg".to_owned() } else { String::new() };
        let Manifest { js, wasm, css, fonts: preload_fonts } = manifest;
        Ok(SiteFolder { folder: folder.clone(), assets: Assets { js, wasm, css, preload_fonts, icon } })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_or_damaged_site_tells_how_to_build_it() {
        let folder = tempfile::tempdir().unwrap();
        let error = SiteFolder::find(Some(folder.path())).unwrap_err().to_string();
        assert!(error.contains("cargo xtask site"), "{error}");
        std::fs::write(folder.path().join("manifest.json"), "{}").unwrap();
        let error = SiteFolder::find(Some(folder.path())).unwrap_err().to_string();
        assert!(error.contains("cargo xtask site"), "{error}");
    }
}
