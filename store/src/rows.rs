//! Everybody's day on its way into the store, in memory while it is small, else in a temporary file.

use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write};

use model::identity::TwitchId;
use model::login::{LOGIN_MAX, Login, LoginError};
use model::sample::Renaming;
use tempfile::SpooledTempFile;
use thiserror::Error;

/// Rows above this many bytes move to a temporary file: a day of a million people.
const MEMORY_BYTES: usize = 32 << 20;
/// Read at once from the file.
const READ_BYTES: usize = 256 << 10;

/// Some viewer-days sorted bytewise by login, in one buffer.
#[derive(Clone, Debug, Default)]
pub struct RowBatch {
    bytes: Vec<u8>,
    rows: usize,
    ids: usize,
    encoded_bytes: u64,
    first: Vec<u8>,
    last: Vec<u8>,
    others: Vec<OtherLogin>,
}

/// A login that an account bore on the day beside the one that its row has: what was seen under it is in that row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct OtherLogin {
    pub(crate) login: Login,
    pub(crate) id: TwitchId,
}

/// One person's day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ViewerRow<'a> {
    /// The login that day.
    pub login: &'a str,
    /// Twitch's id, where a source gave one.
    pub id: Option<TwitchId>,
    /// The day, by `ViewerDay::encode`.
    pub encoded: &'a [u8],
}

/// A row that cannot follow the ones before it. It does not repeat the login.
#[derive(Debug, Error)]
pub enum RowError {
    /// No login.
    #[error("row {row} has no valid login")]
    Login {
        /// Its number, from 0.
        row: usize,
        /// What is wrong with it.
        source: LoginError,
    },
    /// Rows come in strictly ascending order of their logins' bytes.
    #[error("row {row} is not after the one before it in bytewise order of logins")]
    Order {
        /// Its number, from 0.
        row: usize,
    },
    /// The temporary file takes or gives nothing.
    #[error("the day's rows cannot be kept in a temporary file: free some space, or name another folder in TMPDIR")]
    Temporary(#[from] io::Error),
}

impl RowBatch {
    /// Adds a person: logins in strictly ascending bytewise order, `encoded` by `ViewerDay::encode`.
    pub fn push(&mut self, login: &[u8], id: Option<TwitchId>, encoded: &[u8]) -> Result<(), RowError> {
        let row = self.rows;
        Login::check(login).map_err(|source| RowError::Login { row, source })?;
        if row > 0 && self.last.as_slice() >= login {
            return Err(RowError::Order { row });
        }
        // login's length and bytes, id or 0, the day's length and bytes.
        self.bytes.push(login.len() as u8);
        self.bytes.extend_from_slice(login);
        self.bytes.extend_from_slice(&id.map_or(0, TwitchId::get).to_le_bytes());
        self.bytes.extend_from_slice(&(encoded.len() as u32).to_le_bytes());
        self.bytes.extend_from_slice(encoded);
        if row == 0 {
            self.first = login.to_vec();
        }
        self.last.clear();
        self.last.extend_from_slice(login);
        self.rows += 1;
        self.ids += usize::from(id.is_some());
        self.encoded_bytes += encoded.len() as u64;
        Ok(())
    }

    /// Adds a login that the account with this id bore on the day too, and that no row has: its own has another. It is
    /// remembered as theirs, so that what the archive has under it is known to be.
    pub fn push_other(&mut self, login: Login, id: TwitchId) {
        self.others.push(OtherLogin { login, id });
    }

    /// How many people.
    pub fn len(&self) -> usize {
        self.rows
    }

    /// Whether there is nobody.
    pub fn is_empty(&self) -> bool {
        self.rows == 0
    }
}

/// Viewer-days sorted bytewise by login.
#[derive(Debug)]
pub struct ViewerRows {
    file: SpooledTempFile,
    rows: usize,
    ids: usize,
    encoded_bytes: u64,
    last: Vec<u8>,
    others: Vec<OtherLogin>,
    renamings: Vec<Renaming>,
}

impl Default for ViewerRows {
    fn default() -> ViewerRows {
        let file = SpooledTempFile::new(MEMORY_BYTES);
        let (last, others, renamings) = (Vec::new(), Vec::new(), Vec::new());
        ViewerRows { file, rows: 0, ids: 0, encoded_bytes: 0, last, others, renamings }
    }
}

impl ViewerRows {
    /// No rows.
    pub fn new() -> ViewerRows {
        ViewerRows::default()
    }

    /// The rows of one batch.
    pub fn of(batch: &RowBatch) -> Result<ViewerRows, RowError> {
        let mut rows = ViewerRows::new();
        rows.append(batch)?;
        Ok(rows)
    }

    /// Adds people whose logins all come after those that are in it.
    pub fn append(&mut self, batch: &RowBatch) -> Result<(), RowError> {
        self.others.extend_from_slice(&batch.others);
        if batch.is_empty() {
            return Ok(());
        }
        if self.rows > 0 && self.last >= batch.first {
            return Err(RowError::Order { row: self.rows });
        }
        // Readers leave the file's place somewhere.
        self.file.seek(SeekFrom::End(0))?;
        self.file.write_all(&batch.bytes)?;
        self.rows += batch.rows;
        self.ids += batch.ids;
        self.encoded_bytes += batch.encoded_bytes;
        self.last.clone_from(&batch.last);
        Ok(())
    }

    /// How many people.
    pub fn len(&self) -> usize {
        self.rows
    }

    /// Whether there is nobody.
    pub fn is_empty(&self) -> bool {
        self.rows == 0
    }

    /// How many of them have an id.
    pub(crate) fn ids(&self) -> usize {
        self.ids
    }

    /// Logins that accounts of the rows bore beside those of their rows.
    pub(crate) fn others(&self) -> &[OtherLogin] {
        &self.others
    }

    /// Adds what was learnt of accounts on the day by asking for them, whether they were seen or not.
    pub fn learn(&mut self, renamings: Vec<Renaming>) {
        self.renamings.extend(renamings);
    }

    /// What was learnt of accounts on the day; of two of one account the later holds.
    pub(crate) fn renamings(&self) -> &[Renaming] {
        &self.renamings
    }

    /// The bytes of all days together.
    pub(crate) fn encoded_bytes(&self) -> u64 {
        self.encoded_bytes
    }

    /// Reads from the first row on.
    pub(crate) fn read(&mut self) -> io::Result<RowReader<'_>> {
        self.file.seek(SeekFrom::Start(0))?;
        Ok(RowReader {
            file: BufReader::with_capacity(READ_BYTES, &mut self.file),
            login: [0; LOGIN_MAX],
            encoded: Vec::new(),
        })
    }
}

/// Rows one after the other.
pub(crate) struct RowReader<'a> {
    file: BufReader<&'a mut SpooledTempFile>,
    login: [u8; LOGIN_MAX],
    encoded: Vec<u8>,
}

impl RowReader<'_> {
    /// The next row; nothing after the last.
    pub(crate) fn next(&mut self) -> io::Result<Option<ViewerRow<'_>>> {
        if self.file.fill_buf()?.is_empty() {
            return Ok(None);
        }
        let mut len = [0];
        self.file.read_exact(&mut len)?;
        // What `push` wrote fits: anything else is a file that lies.
        let login = self.login.get_mut(..usize::from(len[0])).ok_or(io::ErrorKind::InvalidData)?;
        self.file.read_exact(login)?;
        let (mut id, mut len) = ([0; 8], [0; 4]);
        self.file.read_exact(&mut id)?;
        self.file.read_exact(&mut len)?;
        self.encoded.resize(u32::from_le_bytes(len) as usize, 0);
        self.file.read_exact(&mut self.encoded)?;
        let login = std::str::from_utf8(login).map_err(|_| io::ErrorKind::InvalidData)?;
        Ok(Some(ViewerRow { login, id: TwitchId::new(u64::from_le_bytes(id)), encoded: &self.encoded }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(rows: &mut ViewerRows) -> Vec<(String, Option<u64>, Vec<u8>)> {
        let mut reader = rows.read().unwrap();
        let mut all = Vec::new();
        while let Some(row) = reader.next().unwrap() {
            all.push((row.login.to_owned(), row.id.map(TwitchId::get), row.encoded.to_vec()));
        }
        all
    }

    #[test]
    fn rows_come_back_as_they_were_put() {
        let mut batch = RowBatch::default();
        batch.push(b"_a", TwitchId::new(7), &[1, 2]).unwrap();
        batch.push(b"_ab", None, &[]).unwrap();
        batch.push(b"b", None, &[3]).unwrap();
        assert!(matches!(batch.push(b"b", None, &[]), Err(RowError::Order { row: 3 })));
        assert!(matches!(batch.push(b"a", None, &[]), Err(RowError::Order { row: 3 })));
        assert!(matches!(batch.push(b"C", None, &[]), Err(RowError::Login { row: 3, source: LoginError::Character })));
        let mut rows = ViewerRows::new();
        rows.append(&batch).unwrap();
        let first = [("_a".to_owned(), Some(7), vec![1, 2]), ("_ab".into(), None, vec![]), ("b".into(), None, vec![3])];
        assert_eq!(all(&mut rows), first);
        assert!(matches!(rows.append(&batch), Err(RowError::Order { row: 3 })));
        let mut more = RowBatch::default();
        more.push(b"c", None, &[4]).unwrap();
        rows.append(&more).unwrap();
        let mut others = RowBatch::default();
        others.push_other("_aa".parse().unwrap(), TwitchId::new(7).unwrap());
        rows.append(&others).unwrap();
        assert_eq!(rows.others(), [OtherLogin { login: "_aa".parse().unwrap(), id: TwitchId::new(7).unwrap() }]);
        assert_eq!(all(&mut rows)[3], ("c".to_owned(), None, vec![4]));
        assert_eq!((rows.len(), rows.ids(), rows.encoded_bytes(), rows.is_empty()), (4, 1, 4, false));
    }

    #[test]
    fn many_rows_move_to_a_file() {
        let mut batch = RowBatch::default();
        let day = vec![7; 1 << 20];
        for n in 10..60 {
            batch.push(format!("p{n}").as_bytes(), None, &day).unwrap();
        }
        let mut rows = ViewerRows::new();
        rows.append(&batch).unwrap();
        assert!(rows.file.is_rolled());
        assert!(all(&mut rows).into_iter().all(|(_, _, encoded)| encoded == day));
    }
}
