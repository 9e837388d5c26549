use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, Result, anyhow, bail};
use walkdir::WalkDir;
use wasm_bindgen_cli_support::Bindgen;

use crate::{layout::Layout, linker, output::digest, site::Kind, wasm_opt::WasmOpt};

/// The browser's program: the module and the JavaScript that loads it.
pub(crate) struct Bindings {
    /// The module.
    pub(crate) wasm: Vec<u8>,
    /// Its loader, which names the module [`MODULE`].
    pub(crate) js: String,
    /// Scripts the loader imports: the name it imports each by, and its text.
    pub(crate) snippets: Vec<(String, String)>,
    /// Whether `wasm-opt` was there to make it small.
    pub(crate) optimised: bool,
}

/// How the loader calls the module before it has its hashed name.
pub(crate) const MODULE: &str = "vigie_bg.wasm";

const TARGET: &str = "wasm32-unknown-unknown";

/// Compiles `frontend` and binds it; what an earlier run made is taken when nothing changed.
pub(crate) fn build(layout: &Layout, kind: Kind) -> Result<Bindings> {
    let compiled = compile(layout, kind)?;
    let wasm_opt = match kind {
        Kind::Release => WasmOpt::find(layout),
        Kind::Dev => None,
    };
    let folder = layout.wasm().join("bindings").join(kind.profile());
    let module = fs::read(&compiled).with_context(|| format!("cannot read {} after its build", compiled.display()))?;
    let key = format!(
        "{} {} {}",
        digest(&module),
        digest(include_bytes!("bindings.rs")),
        wasm_opt.as_ref().map_or_else(String::new, WasmOpt::describe)
    );
    let stamp = folder.join("key");
    if fs::read_to_string(&stamp).ok().as_ref() != Some(&key) {
        remove(&folder)?;
        bind(module, &folder, kind)?;
        if let Some(wasm_opt) = &wasm_opt {
            wasm_opt.run(&folder.join(MODULE))?;
        }
        fs::write(&stamp, key).with_context(|| format!("cannot write {}", stamp.display()))?;
    }
    read(&folder, wasm_opt.is_some())
}

/// Runs Cargo for the browser's target; says where the module lies.
fn compile(layout: &Layout, kind: Kind) -> Result<PathBuf> {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo
        .current_dir(&layout.root)
        .args(["build", "--package", "frontend", "--lib", "--target", TARGET])
        .args(["--profile", kind.profile()])
        .arg("--target-dir")
        .arg(layout.wasm());
    if let Some(linker) = linker::find()? {
        cargo.env(linker::VARIABLE, linker);
    }
    let status = cargo.status().context("cannot start cargo")?;
    if !status.success() {
        bail!(
            "the site's WebAssembly did not compile. If it says that `core` or `std` cannot be \
             found: `scripts/setup run` installs the target {TARGET}"
        );
    }
    Ok(layout.wasm().join(TARGET).join(kind.folder()).join("frontend.wasm"))
}

fn bind(module: Vec<u8>, folder: &Path, kind: Kind) -> Result<()> {
    let release = kind == Kind::Release;
    Bindgen::new()
        .input_bytes("vigie", module)
        .web(true)
        .map_err(|error| anyhow!("{error:#}"))?
        .typescript(false)
        .debug(!release)
        .keep_debug(!release)
        .remove_name_section(release)
        .remove_producers_section(release)
        .generate(folder)
        .map_err(|error| anyhow!("{error:#}"))
        .context("cannot make the JavaScript bindings of the frontend")
}

fn read(folder: &Path, optimised: bool) -> Result<Bindings> {
    let text = |path: &Path| fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()));
    let mut snippets = Vec::new();
    let under = folder.join("snippets");
    if under.is_dir() {
        for entry in WalkDir::new(&under).sort_by_file_name() {
            let entry = entry.context("cannot list the bindings' scripts")?;
            if entry.file_type().is_file() {
                let name = entry.path().strip_prefix(folder)?.display().to_string();
                snippets.push((format!("./{name}"), text(entry.path())?));
            }
        }
    }
    Ok(Bindings {
        wasm: fs::read(folder.join(MODULE)).context("cannot read the bound module")?,
        js: text(&folder.join("vigie.js"))?,
        snippets,
        optimised,
    })
}

fn remove(folder: &Path) -> Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("cannot clear {}", folder.display()))
        }
        _ => Ok(()),
    }
}
