use std::{collections::BTreeMap, fs, path::Path, time::Instant};

use anyhow::{Context as _, Result};
use serde::Serialize;
use walkdir::WalkDir;

use crate::{
    bindings::{self, Bindings, MODULE},
    layout::Layout,
    output::Output,
    report::Report,
    style,
};

/// For whom the site is built.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    /// For whoever is writing it: quick to build, uncompressed, reloads by itself.
    Dev,
    /// For everybody else: small, compressed, within the budget.
    Release,
}

impl Kind {
    /// Cargo's profile for the browser's program.
    pub(crate) fn profile(self) -> &'static str {
        match self {
            Self::Dev => "dev",
            Self::Release => "wasm-release",
        }
    }

    /// The folder Cargo gives that profile.
    pub(crate) fn folder(self) -> &'static str {
        match self {
            Self::Dev => "debug",
            Self::Release => "wasm-release",
        }
    }
}

/// What the server reads at its start: where the hashed files are.
#[derive(Serialize)]
struct Manifest {
    /// The loader, a JavaScript module.
    js: String,
    /// What the loader loads.
    wasm: String,
    /// The style sheet.
    css: String,
    /// The fonts of the first view, to be fetched before the style sheet asks.
    fonts: Vec<String>,
    /// Every other hashed file by its name in `style/` or `public/`.
    files: BTreeMap<String, String>,
}

/// Appended to the loader in development: reloads the page when `cargo xtask dev` says that the
/// next build is being served.
const RELOAD: &str = include_str!("reload.js");

/// Builds the whole site into `target/site`, touching only what changed.
pub(crate) fn build(layout: &Layout, kind: Kind) -> Result<()> {
    let start = Instant::now();
    let bindings = bindings::build(layout, kind)?;
    let optimised = bindings.optimised;

    let mut output = Output::open(layout.site(), kind == Kind::Release);
    let (js, wasm) = add_program(&mut output, bindings, kind)?;
    let style = style::bundle(&layout.style(), &mut output)?;
    let css = output.add_hashed("vigie.css", style.css.as_bytes())?;
    let is_font = |file: &&String| Path::new(file.as_str()).extension().is_some_and(|end| end == "woff2");
    let fonts = style.files.values().filter(is_font).cloned().collect();
    let mut files = style.files;
    add_public(layout, &mut output, &mut files)?;
    let manifest = Manifest { js, wasm, css, fonts, files };
    let text = serde_json::to_string_pretty(&manifest).context("cannot write the manifest")?;
    output.add("manifest.json", text.as_bytes())?;
    output.close()?;

    let first_visit = [&manifest.wasm, &manifest.js, &manifest.css].into_iter();
    let report = Report::measure(&layout.site(), first_visit.chain(&manifest.fonts));
    report.print();
    eprintln!("site in {} ({:.1} s)", layout.site().display(), start.elapsed().as_secs_f32());
    match (kind, optimised) {
        (Kind::Dev, _) => Ok(()),
        (Kind::Release, true) => report.check(),
        (Kind::Release, false) => {
            eprintln!("note: without wasm-opt; `scripts/setup test` installs it");
            Ok(())
        }
    }
}

/// The module, then the loader that names it.
fn add_program(output: &mut Output, bindings: Bindings, kind: Kind) -> Result<(String, String)> {
    let wasm = output.add_hashed("vigie.wasm", &bindings.wasm)?;
    let mut js = bindings.js.replace(MODULE, beside(&wasm));
    for (name, text) in bindings.snippets {
        let address = output.add_hashed(&name, text.as_bytes())?;
        js = js.replace(&name, &format!("./{}", beside(&address)));
    }
    if kind == Kind::Dev {
        js.push_str(RELOAD);
    }
    Ok((output.add_hashed("vigie.js", js.as_bytes())?, wasm))
}

/// How a hashed file calls another one.
fn beside(address: &str) -> &str {
    address.rsplit('/').next().unwrap_or(address)
}

/// Files at the top of `public/` have addresses that the world knows (`/robots.txt`); those in
/// its folders are found through the manifest and get hashed names.
fn add_public(layout: &Layout, output: &mut Output, files: &mut BTreeMap<String, String>) -> Result<()> {
    let public = layout.public();
    for entry in WalkDir::new(&public).sort_by_file_name() {
        let entry = entry.context("cannot list public/")?;
        if !entry.file_type().is_file() {
            continue;
        }
        let name = entry.path().strip_prefix(&public)?.display().to_string();
        let content = fs::read(entry.path()).with_context(|| format!("cannot read {}", entry.path().display()))?;
        if name.contains('/') {
            let address = output.add_hashed(&name, &content)?;
            files.insert(name, address);
        } else {
            output.add(&name, &content)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_loader_names_what_it_loads() {
        let folder = tempfile::tempdir().unwrap();
        let mut output = Output::open(folder.path().to_owned(), false);
        let bindings = Bindings {
            wasm: b"module".to_vec(),
            js: "import { f } from './snippets/app-1/a.js'; new URL('vigie_bg.wasm')".to_owned(),
            snippets: vec![("./snippets/app-1/a.js".to_owned(), "export let f".to_owned())],
            optimised: true,
        };
        let (js, wasm) = add_program(&mut output, bindings, Kind::Release).unwrap();
        let loader = fs::read_to_string(folder.path().join(&js[1..])).unwrap();
        assert!(loader.contains(&format!("URL('{}')", beside(&wasm))), "{loader}");
        let script = loader.split('\'').nth(1).unwrap().trim_start_matches("./");
        assert!(folder.path().join("pkg").join(script).is_file(), "{loader}");
    }

    #[test]
    fn public_files_keep_known_addresses() {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir_all(root.path().join("public/icons")).unwrap();
        fs::write(root.path().join("public/robots.txt"), "robots").unwrap();
        fs::write(root.path().join("public/icons/vigie.svg"), "<svg/>").unwrap();
        let layout = Layout { root: root.path().to_owned(), target: root.path().join("target") };
        let mut output = Output::open(layout.site(), false);
        let mut files = BTreeMap::new();
        add_public(&layout, &mut output, &mut files).unwrap();
        assert!(layout.site().join("robots.txt").is_file());
        let address = &files["icons/vigie.svg"];
        assert!(layout.site().join(&address[1..]).is_file(), "{address}");
        assert_eq!(files.len(), 1);
    }
}
