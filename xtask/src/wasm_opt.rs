use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, Result, bail};

use crate::{layout::Layout, linker::in_path};

/// Binaryen's optimiser: about a sixth off the module. A machine without it gets a bigger site,
/// not a broken one.
pub(crate) struct WasmOpt {
    program: PathBuf,
    version: u32,
}

/// Older ones fail on modules of today's rustc.
const OLDEST: u32 = 120;

/// For size, twice: the second time sees what the first has made, and takes another percent of what travels.
const PASSES: [&str; 2] = ["-Oz", "-Oz"];

/// What rustc's modules use; binaryen assumes less unless told.
const FEATURES: [&str; 8] = [
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-call-indirect-overlong",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

impl WasmOpt {
    /// The npm package's, whose version is pinned, before the machine's own.
    pub(crate) fn find(layout: &Layout) -> Option<Self> {
        let modules = layout.root.join("end2end/node_modules");
        let pinned = modules.join(".bin/wasm-opt");
        if pinned.is_file() && in_path("node").is_some() {
            let about = fs::read(modules.join("binaryen/package.json")).ok()?;
            let about: serde_json::Value = serde_json::from_slice(&about).ok()?;
            let version = about["version"].as_str()?.split('.').next()?.parse().ok()?;
            return Some(Self { program: pinned, version });
        }
        let program = in_path("wasm-opt")?;
        let said = Command::new(&program).arg("--version").output().ok()?;
        let said = String::from_utf8_lossy(&said.stdout).into_owned();
        let version = said.split_whitespace().find_map(|word| word.parse().ok())?;
        (version >= OLDEST).then_some(Self { program, version })
    }

    /// Two runs with the same description make the same bytes of the same module.
    pub(crate) fn describe(&self) -> String {
        format!("wasm-opt {} {PASSES:?} {FEATURES:?}", self.version)
    }

    /// Optimises the module in place, for size.
    pub(crate) fn run(&self, module: &Path) -> Result<()> {
        let status = Command::new(&self.program)
            .args(PASSES)
            .arg("--quiet")
            .args(FEATURES)
            .arg(module)
            .arg("-o")
            .arg(module)
            .status()
            .with_context(|| format!("cannot start {}", self.program.display()))?;
        if !status.success() {
            bail!(
                "{} {} failed on {}; without it (remove it, or `end2end/node_modules`) the site \
                 still builds, a little bigger",
                self.program.display(),
                self.version,
                module.display()
            );
        }
        Ok(())
    }
}
