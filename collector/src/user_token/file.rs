//! A token on disk.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use model::identity::TwitchId;
use model::login::Login;
use serde::{Deserialize, Serialize};

use super::TokenError;

/// What is kept of a sign-in.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Kept {
    pub(super) access_token: String,
    pub(super) refresh_token: String,
    pub(super) user_id: TwitchId,
    pub(super) login: Login,
}

/// What a sign-in left. Errors: nothing, or it cannot be read.
pub(super) fn read(file: &Path) -> Result<Kept, TokenError> {
    let failed = |source: io::Error| match source.kind() {
        io::ErrorKind::NotFound => TokenError::Nobody(file.to_owned()),
        _ => TokenError::File { path: file.to_owned(), source },
    };
    let text = fs::read(file).map_err(failed)?;
    serde_json::from_slice(&text).map_err(|error| failed(error.into()))
}

/// Writes a token where only its owner reads it: whole or not at all.
pub(super) async fn keep(file: &Path, kept: &Kept) -> Result<(), TokenError> {
    let failed = |source| TokenError::File { path: file.to_owned(), source };
    let text = serde_json::to_vec(kept).map_err(|error| failed(error.into()))?;
    let path = file.to_owned();
    let written = tokio::task::spawn_blocking(move || write(&path, &text)).await;
    written.map_err(|error| failed(io::Error::other(error)))?.map_err(failed)
}

fn write(path: &Path, text: &[u8]) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".new");
    let new = folder.join(name);
    // One that a stopped program left may be readable by others.
    match fs::remove_file(&new) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&new)?;
    file.write_all(text)?;
    file.sync_all()?;
    fs::rename(&new, path)?;
    File::open(folder)?.sync_all()
}
