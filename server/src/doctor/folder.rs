//! Folders: whether this user may write to them, how much room they have. Nothing of it stays.

use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

/// Whether this user can write to a folder, or make it. Errors: why not.
pub(super) fn can_be_written(folder: &Path) -> io::Result<()> {
    let absent: Vec<PathBuf> = named(folder).take_while(|folder| !folder.exists()).map(Path::to_owned).collect();
    let tried = fs::create_dir_all(folder).and_then(|()| {
        let file = folder.join(format!(".vigie-doctor-{}", std::process::id()));
        let written = fs::write(&file, "may be removed\n");
        // Also what was written by halves, on a full disk.
        match fs::remove_file(&file) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => written.and(Err(error)),
            _ => written,
        }
    });
    for folder in absent {
        // Whoever begins to use it meanwhile keeps it.
        let _ = fs::remove_dir(folder);
    }
    tried
}

/// A disk: its number, and the bytes that this user can write to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Disk {
    pub(super) number: u64,
    pub(super) free_bytes: u64,
}

/// The disk that a folder is on, or will be.
pub(super) fn disk(folder: &Path) -> io::Result<Disk> {
    let there = named(folder).find(|folder| folder.exists()).unwrap_or(Path::new("."));
    let free = rustix::fs::statvfs(there)?;
    let free_bytes = free.f_bavail.saturating_mul(free.f_frsize);
    Ok(Disk { number: fs::metadata(there)?.dev(), free_bytes })
}

/// A folder and those that it is in, but for the one that the program runs in.
fn named(folder: &Path) -> impl Iterator<Item = &Path> {
    folder.ancestors().filter(|folder| !folder.as_os_str().is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_left_behind() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("a/b");
        can_be_written(&place).unwrap();
        can_be_written(folder.path()).unwrap();
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
        fs::write(folder.path().join("a"), "").unwrap();
        assert!(can_be_written(&place).is_err());
        assert_eq!(disk(&place).unwrap().number, disk(folder.path()).unwrap().number);
    }
}
