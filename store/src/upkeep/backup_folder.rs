//! The folder of a backup: written under another name, renamed when it is whole; read only when every byte is right.
//!
//! A process that is killed leaves at most a folder named `.NAME….unfinished` without a manifest, which no restore takes.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, ErrorKind, Read as _, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};
use tempfile::TempDir;

use super::backup::{Backup, BackupError, FORMAT, Kind, MANIFEST};
use crate::error::StoreError;

/// Read at once.
const CHUNK_BYTES: usize = 1 << 20;

/// A backup that is being written. Dropped before its end, it is removed.
#[derive(Debug)]
pub(crate) struct Unfinished {
    folder: TempDir,
    to: PathBuf,
}

impl Unfinished {
    /// Begins a backup beside its later place. Errors: that is there already, or cannot be written.
    pub(crate) fn begin(to: &Path) -> Result<Unfinished, BackupError> {
        if fs::symlink_metadata(to).is_ok() {
            return Err(BackupError::Exists { folder: to.to_owned() });
        }
        let Some(name) = to.file_name() else { return Err(BackupError::Exists { folder: to.to_owned() }) };
        let parent = parent(to);
        let failed = io_failed("write", parent);
        fs::create_dir_all(parent).map_err(&failed)?;
        let mut prefix = OsString::from(".");
        prefix.push(name);
        // It holds people's names: for this user alone.
        let private = fs::Permissions::from_mode(0o700);
        let folder =
            tempfile::Builder::new().prefix(&prefix).suffix(".unfinished").permissions(private).tempdir_in(parent);
        Ok(Unfinished { folder: folder.map_err(failed)?, to: to.to_owned() })
    }

    /// Where files go.
    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Writes the manifest and gives the folder its name, all of it on the disk. Dropped before its end, it is removed.
    pub(crate) async fn finish(self, backup: Backup) -> Result<Backup, StoreError> {
        let (whole, backup) = aside(move || {
            self.write_manifest(&backup)?;
            Ok((self, backup))
        })
        .await?;
        // Nothing is waited for from here on: whoever drops this has no backup, and whoever has one is told.
        whole.put_in_place()?;
        Ok(backup)
    }

    fn write_manifest(&self, backup: &Backup) -> Result<(), BackupError> {
        let path = self.path().join(MANIFEST);
        let written = serde_json::to_vec_pretty(backup)
            .map_err(io::Error::from)
            .and_then(|bytes| File::create(&path)?.write_all(&bytes));
        written.map_err(io_failed("write", &path))?;
        for name in backup.files.iter().map(|file| file.name.as_str()).chain([MANIFEST, "."]) {
            let path = self.path().join(name);
            File::open(&path).and_then(|file| file.sync_all()).map_err(io_failed("write", &path))?;
        }
        Ok(())
    }

    fn put_in_place(self) -> Result<(), BackupError> {
        let folder = self.folder.keep();
        let renamed = fs::rename(&folder, &self.to);
        if renamed.is_err() {
            // What went wrong is told; what stays has a name that says so.
            let _ = fs::remove_dir_all(&folder);
        }
        renamed.and_then(|()| File::open(parent(&self.to))?.sync_all()).map_err(io_failed("write", &self.to))
    }
}

/// The folder that a path lies in.
fn parent(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Reads the manifest of a backup and compares every file with it.
pub(crate) fn verified(folder: &Path, kind: Kind) -> Result<Backup, BackupError> {
    let path = folder.join(MANIFEST);
    let bytes = match fs::read(&path) {
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            return Err(BackupError::NoBackup { folder: folder.to_owned() });
        }
        read => read.map_err(io_failed("read", &path))?,
    };
    let backup: Backup =
        serde_json::from_slice(&bytes).map_err(|source| BackupError::Manifest { path: path.clone(), source })?;
    if backup.format != FORMAT {
        return Err(BackupError::Unknown { path, what: format!("format {}", backup.format) });
    }
    if backup.kind != kind {
        return Err(BackupError::Kind { kind: backup.kind });
    }
    for file in &backup.files {
        // It becomes part of a path and of a statement.
        if !file.name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
            || file.name.starts_with('.')
        {
            return Err(BackupError::Unknown { path, what: format!("the file {:?}", file.name) });
        }
        let path = folder.join(&file.name);
        match digest(&path) {
            Ok(found) if found == (file.bytes, file.sha256.clone()) => {}
            Err(source) if source.kind() != ErrorKind::NotFound => return Err(io_failed("read", &path)(source)),
            _ => return Err(BackupError::Altered { path }),
        }
    }
    Ok(backup)
}

/// The length of a file and its SHA-256.
pub(crate) fn digest(path: &Path) -> io::Result<(u64, String)> {
    let mut file = File::open(path)?;
    let mut digest = Sha256::new();
    let mut chunk = vec![0; CHUNK_BYTES];
    let mut bytes = 0;
    loop {
        let read = file.read(&mut chunk)?;
        if read == 0 {
            return Ok((bytes, hexadecimal(digest)));
        }
        digest.update(&chunk[..read]);
        bytes += read as u64;
    }
}

/// The digits of a finished digest.
pub(crate) fn hexadecimal(digest: Sha256) -> String {
    use std::fmt::Write as _;
    digest.finalize().iter().fold(String::with_capacity(64), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The error of a file.
pub(crate) fn io_failed(act: &'static str, path: &Path) -> impl Fn(io::Error) -> BackupError + use<> {
    let path = path.to_owned();
    move |source| BackupError::Io { act, path: path.clone(), source }
}

/// Does what takes long with files away from the tasks that wait for others.
pub(crate) async fn aside<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, BackupError> + Send + 'static,
) -> Result<T, StoreError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => Ok(done?),
        Err(error) => std::panic::resume_unwind(error.into_panic()),
    }
}
