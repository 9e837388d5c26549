use std::{
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, Result, bail};

/// The variable by which Cargo learns of a linker for WASM.
pub(crate) const VARIABLE: &str = "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER";

/// Versions that distributions ship side by side and that link what today's rustc writes.
const OLDEST: u32 = 19;
const NEWEST: u32 = 30;

/// The linker Cargo has to be told of; none where rustc brings its own (rustup's does,
/// distributions' mostly do not) or where somebody has already chosen one.
pub(crate) fn find() -> Result<Option<PathBuf>> {
    if std::env::var_os(VARIABLE).is_some() {
        return Ok(None);
    }
    let rustc = rustc()?;
    if rustc.sysroot.join("lib/rustlib").join(&rustc.host).join("bin/rust-lld").exists() {
        return Ok(None);
    }
    // The newer the better: an old one may not read what a new LLVM writes.
    let names = (OLDEST..=NEWEST).rev().map(|version| format!("wasm-ld-{version}"));
    let names = names.chain(std::iter::once("wasm-ld".to_owned()));
    let mut linkers = names.filter_map(|name| in_path(&name));
    match linkers.next() {
        Some(linker) => Ok(Some(linker)),
        None => bail!(
            "no linker for WebAssembly: neither rustc's rust-lld nor wasm-ld. \
             `scripts/setup run` installs one; by hand: `apt-get install lld-{OLDEST}`"
        ),
    }
}

/// The program of this name in `PATH`.
pub(crate) fn in_path(name: &str) -> Option<PathBuf> {
    std::env::split_paths(&std::env::var_os("PATH")?).map(|folder| folder.join(name)).find(|file| file.is_file())
}

struct Rustc {
    sysroot: PathBuf,
    host: String,
}

fn rustc() -> Result<Rustc> {
    let ask = |words: &[&str]| -> Result<String> {
        let out = Command::new("rustc")
            .args(words)
            .output()
            .context("rustc does not start; `scripts/setup run` installs it")?;
        Ok(String::from_utf8_lossy(&out.stdout).trim().to_owned())
    };
    let sysroot = ask(&["--print", "sysroot"])?;
    let version = ask(&["-vV"])?;
    Ok(Rustc {
        sysroot: Path::new(&sysroot).to_owned(),
        host: field(&version, "host: ").unwrap_or_default().to_owned(),
    })
}

fn field<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    text.lines().find_map(|line| line.strip_prefix(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rustc_describes_itself() {
        let rustc = rustc().unwrap();
        assert!(rustc.sysroot.join("lib").is_dir());
        assert!(rustc.host.contains('-'), "{}", rustc.host);
    }

    #[test]
    fn programs_are_found_in_path() {
        assert!(in_path("rustc").is_some());
        assert_eq!(in_path("no-such-program-as-this"), None);
    }
}
