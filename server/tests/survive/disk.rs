//! A small disk that can be made full.
//!
//! Only who has a mount namespace of their own can mount one, and nobody outside sees it: so the test starts itself again
//! in there.

use std::env;
use std::fs::{self, File};
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

/// Room for two stores and an archive, or for a Postgres with some databases.
const BYTES: usize = 256 << 20;
/// Where the disk is, for a test that was started again.
const PLACE: &str = "VIGIE_TEST_DISK";

/// A file system in memory.
pub(crate) struct Disk {
    path: PathBuf,
}

impl Disk {
    /// The disk of a test that was started by [`Disk::again`].
    pub(crate) fn here() -> Option<Disk> {
        env::var_os(PLACE).map(|path| Disk { path: path.into() })
    }

    /// Whether this user may mount one: not in most containers, nor where the system forbids it.
    pub(crate) fn is_allowed() -> bool {
        let place = TempDir::new().unwrap();
        mounted(place.path()).arg("true").output().is_ok_and(|output| output.status.success())
    }

    /// Starts a test of this program again, beside a disk. Panics when that fails.
    pub(crate) fn again(test: &str) {
        let place = TempDir::new().unwrap();
        let mut again = mounted(place.path());
        again.arg(env::current_exe().unwrap()).args([test, "--exact", "--include-ignored", "--nocapture"]);
        let output = again.env(PLACE, place.path()).output().unwrap();
        let (out, told) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success() && out.contains("1 passed"), "{out}{told}");
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    fn ballast(&self) -> PathBuf {
        self.path.join("ballast")
    }

    /// Fills it, but for so many bytes.
    pub(crate) fn leave(&self, bytes: u64) {
        let mut ballast = File::create(self.ballast()).unwrap();
        let chunk = vec![1; 1 << 16];
        let full = loop {
            if let Err(error) = ballast.write_all(&chunk) {
                break error;
            }
        };
        assert_eq!(full.kind(), ErrorKind::StorageFull);
        let written = ballast.metadata().unwrap().len();
        ballast.set_len(written.saturating_sub(bytes)).unwrap();
    }

    /// Makes room again.
    pub(crate) fn clear(&self) {
        fs::remove_file(self.ballast()).unwrap();
    }
}

/// The beginning of a command that is run where a disk is mounted on the folder. Who mounts is root there; what runs is
/// nobody, since Postgres refuses to run as root.
fn mounted(on: &Path) -> Command {
    let mut command = Command::new("unshare");
    let nobody = "unshare --user --map-user=65534 --map-group=65534";
    let script = format!("mount -t tmpfs -o size={BYTES},mode=0700 disk \"$0\" && exec {nobody} \"$@\"");
    command.args(["--user", "--map-root-user", "--mount", "sh", "-c", &script]).arg(on);
    command
}
