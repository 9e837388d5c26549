//! This machine's clock, set by a test: libfaketime stands between a program and what tells the time.
//!
//! What lasts is told by another clock, which it leaves as it is, as somebody who sets a clock does.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{SystemTime, UNIX_EPOCH};

/// Where packages put it, below a folder of libraries.
const LIBRARY: &str = "faketime/libfaketimeMT.so.1";

/// A clock that can be set. It goes on as time does.
pub(crate) struct Faked {
    file: PathBuf,
}

impl Faked {
    /// A clock that shows this Unix time, kept in a file.
    pub(crate) fn new(file: PathBuf, unix: i64) -> Faked {
        let faked = Faked { file };
        faked.set(unix);
        faked
    }

    /// Sets it: programs see it at once.
    pub(crate) fn set(&self, unix: i64) {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs_f64();
        let written = self.file.with_extension("new");
        fs::write(&written, format!("{:+.3}\n", unix as f64 - now)).unwrap();
        // Nobody reads half of it.
        fs::rename(&written, &self.file).unwrap();
    }

    /// Gives a program this clock.
    pub(crate) fn give(&self, program: &mut Command) {
        program.env("LD_PRELOAD", library()).env("FAKETIME_TIMESTAMP_FILE", &self.file).env("FAKETIME_NO_CACHE", "1");
        // Neither what lasts nor when files were written.
        program.env("DONT_FAKE_MONOTONIC", "1").env("NO_FAKE_STAT", "1");
    }
}

/// Panics, with the mend, where it is not installed.
fn library() -> PathBuf {
    let multiarch = fs::read_dir("/usr/lib").unwrap().filter_map(Result::ok).map(|entry| entry.path());
    let folders = ["/usr/lib", "/usr/lib64"].map(|folder| Path::new(folder).to_owned());
    let mut places = folders.into_iter().chain(multiarch).map(|folder| folder.join(LIBRARY));
    places.find(|path| path.exists()).expect("no libfaketime: scripts/setup test installs it")
}
