//! Where somebody is named: every kind of artefact is decoded, and searched for their logins, id, hashes and key.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;
use model::identity::{PersonKey, TwitchId};
use model::login::Login;
use sqlx::{Connection, SqliteConnection};
use store::access::JobKey;
use store::dump::each_page;
use store::suppression::Secret;
use store::{AnyStore, Store};

/// Who is looked for.
pub(crate) struct Scanner {
    logins: Vec<Login>,
    id: Option<TwitchId>,
    /// Logins and id as text, the id as SQLite writes a number, and hashes of all as bytes and as text.
    words: Vec<String>,
}

impl Scanner {
    pub(crate) fn new(logins: &[&str], id: Option<TwitchId>, secret: &Secret) -> Scanner {
        let hashes = logins.iter().map(|login| secret.of_login(login)).chain(id.map(|id| secret.of_id(id)));
        let hashes: Vec<Vec<u8>> = hashes.map(|hash| hash.as_bytes().to_vec()).collect();
        let mut words: Vec<Vec<u8>> = logins.iter().map(|login| login.as_bytes().to_vec()).collect();
        words.extend(id.map(|id| id.to_string().into_bytes()));
        words.extend(id.map(|id| id.get().to_be_bytes().into_iter().skip_while(|byte| *byte == 0).collect()));
        words.extend(
            hashes.iter().map(|hash| hash.iter().flat_map(|byte| format!("{byte:02x}").into_bytes()).collect()),
        );
        words.extend(hashes);
        let words = words.iter().map(|word| as_text(word)).collect();
        Scanner { logins: logins.iter().map(|login| login.parse().unwrap()).collect(), id, words }
    }

    /// How often a text names them: a log, a receipt, whatever was printed.
    pub(crate) fn text(&self, bytes: &[u8]) -> usize {
        let text = as_text(bytes);
        self.words.iter().map(|word| text.matches(word.as_str()).count()).sum()
    }

    /// How often the files of a folder name them, whose paths are wanted: gzip and Parquet are decoded.
    pub(crate) fn files(&self, folder: &Path, wanted: impl Fn(&Path) -> bool) -> usize {
        let files = files(folder).into_iter().filter(|path| wanted(path));
        files.map(|path| self.text(&decoded(&path)) + self.text(path.to_str().unwrap().as_bytes())).sum()
    }

    /// How often the files of a SQLite store do, free pages too, leaving out the journals and the list of who opted out.
    pub(crate) async fn database(&self, folder: &Path) -> usize {
        let copy = tempfile::tempdir().unwrap();
        for path in files(folder) {
            fs::copy(&path, copy.path().join(path.file_name().unwrap())).unwrap();
        }
        let main = format!("sqlite:{}", copy.path().join("main.db").display());
        let mut main = SqliteConnection::connect(&main).await.unwrap();
        for sql in ["PRAGMA secure_delete = ON", "DELETE FROM suppressed", "PRAGMA wal_checkpoint(TRUNCATE)"] {
            sqlx::query(sql).execute(&mut main).await.unwrap();
        }
        main.close().await.unwrap();
        self.files(copy.path(), |path| has_extension(path, "db"))
    }

    /// How often the store's rows do, read back: days under their key or id, and their names.
    pub(crate) async fn rows(&self, store: &AnyStore, job: &JobKey, key: PersonKey) -> usize {
        let mut rows = 0;
        for record in store.days().await.unwrap() {
            each_page(store, job, record.day, |page| {
                let theirs = page.iter().filter(|viewer| {
                    viewer.key == key
                        || (self.id.is_some() && viewer.id == self.id)
                        || self.logins.contains(&viewer.login)
                });
                rows += theirs.count();
                Ok(())
            })
            .await
            .unwrap();
        }
        for login in &self.logins {
            rows += usize::from(store.person(job, login).await.unwrap().key.is_some());
        }
        rows
    }
}

/// Whether a file's name ends so.
pub(crate) fn has_extension(path: &Path, extension: &str) -> bool {
    path.extension().is_some_and(|found| found == extension)
}

/// A character a byte: the standard library searches texts only, and is fast where a loop in a test is not.
fn as_text(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| char::from(*byte)).collect()
}

/// All files in a folder, in order.
pub(crate) fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// What a file says, without its compression.
pub(crate) fn decoded(path: &Path) -> Vec<u8> {
    let bytes = fs::read(path).unwrap();
    let mut text = Vec::new();
    match path.extension().and_then(|extension| extension.to_str()) {
        Some("gz") => {
            MultiGzDecoder::new(bytes.as_slice()).read_to_end(&mut text).unwrap();
        }
        #[cfg(feature = "parquet")]
        Some("parquet") => {
            use parquet::file::reader::{FileReader, SerializedFileReader};
            let reader = SerializedFileReader::new(bytes::Bytes::from(bytes)).unwrap();
            for row in reader.get_row_iter(None).unwrap() {
                text.extend_from_slice(row.unwrap().to_string().as_bytes());
                text.push(b'\n');
            }
        }
        _ => text = bytes,
    }
    text
}
