//! What a backup is: a folder of files with `backup.json`, which says what each must be.

use std::collections::BTreeMap;
use std::io;
use std::path::PathBuf;

use model::words::Origin;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// The file that makes a folder a backup.
pub const MANIFEST: &str = "backup.json";

/// The format of the manifest and of the files that it names.
pub(crate) const FORMAT: u32 = 1;

/// `backup.json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Backup {
    /// The format of the backup.
    pub format: u32,
    /// Of which database; it is restored into the same one.
    pub kind: Kind,
    /// Where the store's data come from.
    pub origin: Origin,
    /// When it was begun, Unix time in seconds.
    pub made_at: i64,
    /// The last step that the tables have been through: of `main`, `open` and `closed` files, or of `database`.
    pub schema: BTreeMap<String, i64>,
    /// The files, in the order in which they were written.
    pub files: Vec<BackupFile>,
}

/// A database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// The files of a folder.
    Sqlite,
    /// A file a table, in Postgres' binary COPY format.
    Postgres,
}

/// A file of a backup.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackupFile {
    /// Its name in the folder.
    pub name: String,
    /// Its length.
    pub bytes: u64,
    /// SHA-256 of its bytes, in hexadecimal digits.
    pub sha256: String,
    /// How many rows its tables have.
    pub rows: BTreeMap<String, u64>,
    /// The columns that a row has, in order; of Postgres only.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub columns: Vec<String>,
}

impl Backup {
    /// Bytes of all files.
    pub fn bytes(&self) -> u64 {
        self.files.iter().map(|file| file.bytes).sum()
    }

    /// Rows of all tables.
    pub fn rows(&self) -> u64 {
        self.files.iter().flat_map(|file| file.rows.values()).sum()
    }
}

/// What was restored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Restored {
    /// Files read.
    pub files: usize,
    /// Rows in them.
    pub rows: u64,
    /// Whose data they are.
    pub origin: Origin,
    /// When the backup was begun, Unix time in seconds: whoever was erased or opted out since is in it as before.
    pub made_at: i64,
}

/// Why there is no backup, or why one is not restored.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum BackupError {
    /// The folder of a new backup is there already.
    #[error("{} is there already: name a folder that is not", folder.display())]
    Exists {
        /// The folder.
        folder: PathBuf,
    },
    /// A file cannot be read or written.
    #[error("cannot {act} {}", path.display())]
    Io {
        /// What was being done.
        act: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The folder is none that a backup wrote to its end.
    #[error("{} is no backup: it holds no {MANIFEST}", folder.display())]
    NoBackup {
        /// The folder.
        folder: PathBuf,
    },
    /// The manifest is not one.
    #[error("{} cannot be understood: take another backup", path.display())]
    Manifest {
        /// The manifest.
        path: PathBuf,
        /// Why.
        source: serde_json::Error,
    },
    /// It was written by a newer program, or names what no program of ours writes.
    #[error("{} names {what}, which this version does not know: use the version that wrote it", path.display())]
    Unknown {
        /// The manifest.
        path: PathBuf,
        /// What.
        what: String,
    },
    /// It is of the other database.
    #[error("the backup is one of {}: restore it into {}", name(*kind), match kind {
        Kind::Sqlite => "a folder (sqlite:FOLDER)",
        Kind::Postgres => "a Postgres database (postgres://…)",
    })]
    Kind {
        /// Of which.
        kind: Kind,
    },
    /// A file is not as it was written.
    #[error("{} is not as it was written (its SHA-256 or its length differs): nothing was restored; take another backup", path.display())]
    Altered {
        /// The file.
        path: PathBuf,
    },
    /// There is something where a backup would be restored.
    #[error("{place} is not empty: a backup is restored into an empty place only; name another, or empty it first")]
    NotEmpty {
        /// The folder or database.
        place: String,
    },
    /// A restore has begun to fill the folder, and is not at its end.
    #[error(
        "a restore into {} has not come to its end: let it, or if it was stopped, give `vigie store restore` the same backup again",
        folder.display()
    )]
    Unfinished {
        /// The folder.
        folder: PathBuf,
    },
    /// A table has other rows than the backup said.
    #[error("{table} has {found} rows after the restoring, and had {wanted}: nothing was kept; take another backup")]
    Rows {
        /// The table.
        table: String,
        /// As the manifest says.
        wanted: u64,
        /// As the database says.
        found: u64,
    },
    /// Months were closed or opened again faster than they could be read.
    #[error("months of the store were closed or opened again faster than they could be read: try again later")]
    Changing,
    /// The files of a folder were not written by one program.
    #[error(
        "the files of {place} contradict each other: `vigie store check` tells how; restore an earlier backup, or import the days again"
    )]
    AtOdds {
        /// The folder.
        place: String,
    },
}

fn name(kind: Kind) -> &'static str {
    match kind {
        Kind::Sqlite => "SQLite",
        Kind::Postgres => "Postgres",
    }
}
