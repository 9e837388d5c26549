use std::{
    fs,
    net::{Ipv4Addr, TcpStream},
    path::PathBuf,
    process::{Child, Command},
    thread::sleep,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use anyhow::{Context as _, Result, bail};
use walkdir::{DirEntry, WalkDir};

use crate::{
    layout::Layout,
    site::{self, Kind},
};

/// How often sources are looked at and a starting server is tried.
const GLANCE: Duration = Duration::from_millis(300);

/// Builds site and server, starts `vigie` with these words, and does it again at every change of
/// a source, until interrupted. A build that fails leaves the last good server running.
pub(crate) fn run(layout: &Layout, vigie: &[&str]) -> Result<()> {
    let mut server: Option<Child> = None;
    loop {
        let seen = sources(layout)?;
        match build(layout) {
            Ok(()) => {
                if let Some(old) = server.take() {
                    stop(old)?;
                }
                let mut fresh = Command::new(layout.target.join("debug/vigie"))
                    .current_dir(&layout.root)
                    .args(vigie)
                    .spawn()
                    .context("cannot start vigie")?;
                if answers(port(vigie), &mut fresh)? {
                    say_served(layout)?;
                    server = Some(fresh);
                }
            }
            Err(error) => eprintln!("error: {error:#}"),
        }
        eprintln!("watching; a saved file builds again, Ctrl-C ends");
        while sources(layout)? == seen {
            sleep(GLANCE);
        }
    }
}

fn build(layout: &Layout) -> Result<()> {
    site::build(layout, Kind::Dev)?;
    let status = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .current_dir(&layout.root)
        .args(["build", "--package", "server", "--bin", "vigie"])
        .status()
        .context("cannot start cargo")?;
    if !status.success() {
        bail!("the server did not compile");
    }
    Ok(())
}

/// Every source and when it changed. Looking costs some milliseconds and works on every file
/// system, which watching does not.
fn sources(layout: &Layout) -> Result<Vec<(PathBuf, SystemTime)>> {
    let mut found = Vec::new();
    let walk = WalkDir::new(&layout.root).sort_by_file_name().into_iter();
    for entry in walk.filter_entry(is_ours) {
        // An editor's temporary file may be gone again.
        let Ok(entry) = entry else { continue };
        if let (true, Ok(about)) = (entry.file_type().is_file(), entry.metadata()) {
            found.push((entry.into_path(), about.modified()?));
        }
    }
    Ok(found)
}

fn is_ours(entry: &DirEntry) -> bool {
    let name = entry.file_name().to_string_lossy();
    let other = ["data", "docs", "end2end", "scripts", "xtask"].contains(&&*name)
        || name.starts_with("target")
        || name.starts_with('.');
    entry.depth() != 1 || !other
}

/// Asks it to end, as Ctrl-C does, and waits for it.
fn stop(mut server: Child) -> Result<()> {
    let id = server.id().to_string();
    Command::new("kill").args(["-INT", &id]).status().context("cannot stop vigie")?;
    server.wait().context("cannot wait for vigie")?;
    Ok(())
}

/// The port these words make vigie listen at.
fn port(vigie: &[&str]) -> u16 {
    let after = vigie.iter().position(|word| *word == "--port").map(|at| at + 1);
    let joined = vigie.iter().find_map(|word| word.strip_prefix("--port="));
    after.and_then(|at| vigie.get(at).copied()).or(joined).and_then(|port| port.parse().ok()).unwrap_or(3000)
}

/// Waits until the server takes connections; false when it ended instead.
fn answers(port: u16, server: &mut Child) -> Result<bool> {
    while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
        if server.try_wait().context("cannot look after vigie")?.is_some() {
            return Ok(false);
        }
        sleep(GLANCE);
    }
    Ok(true)
}

/// Tells open pages (`reload.js`) that another build is being served.
fn say_served(layout: &Layout) -> Result<()> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_millis().to_string();
    let file = layout.site().join("pkg/build.txt");
    fs::write(&file, now).with_context(|| format!("cannot write {}", file.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_port_is_the_one_vigie_is_told() {
        assert_eq!(port(&["demo"]), 3000);
        assert_eq!(port(&["demo", "--port", "4000"]), 4000);
        assert_eq!(port(&["demo", "--port=4001", "--fresh"]), 4001);
    }

    #[test]
    fn a_change_is_seen_and_build_folders_are_not() {
        let root = tempfile::tempdir().unwrap();
        let layout = Layout { root: root.path().to_owned(), target: root.path().join("target") };
        fs::create_dir_all(root.path().join("app/src")).unwrap();
        fs::create_dir_all(root.path().join("target/debug")).unwrap();
        fs::write(root.path().join("app/src/lib.rs"), "one").unwrap();
        let before = sources(&layout).unwrap();
        assert_eq!(before.len(), 1);
        fs::write(root.path().join("target/debug/vigie"), "").unwrap();
        assert_eq!(sources(&layout).unwrap(), before);
        fs::write(root.path().join("app/src/page.rs"), "two").unwrap();
        assert_ne!(sources(&layout).unwrap(), before);
    }
}
