//! Everybody's day on its way into the store, in a few large allocations.

use model::identity::TwitchId;
use model::login::{Login, LoginError};
use thiserror::Error;

/// Viewer-days sorted bytewise by login: three buffers instead of a million small ones.
#[derive(Clone, Debug, Default)]
pub struct ViewerRows {
    logins: Vec<u8>,
    encoded: Vec<u8>,
    rows: Vec<Row>,
}

/// Where a row ends in the two buffers; it starts where the one before it ends.
#[derive(Clone, Copy, Debug)]
struct Row {
    login_end: u64,
    encoded_end: u64,
    id: Option<TwitchId>,
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
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
}

impl ViewerRows {
    /// No rows.
    pub fn new() -> ViewerRows {
        ViewerRows::default()
    }

    /// No rows, with room for this many of ordinary size.
    pub fn with_capacity(rows: usize) -> ViewerRows {
        // Measured on days of French Twitch: logins of 11 bytes and days of 18 on average.
        ViewerRows {
            logins: Vec::with_capacity(rows * 12),
            encoded: Vec::with_capacity(rows * 20),
            rows: Vec::with_capacity(rows),
        }
    }

    /// Adds a person: logins in strictly ascending bytewise order, `encoded` by `ViewerDay::encode`.
    pub fn push(&mut self, login: &[u8], id: Option<TwitchId>, encoded: &[u8]) -> Result<(), RowError> {
        let row = self.rows.len();
        Login::check(login).map_err(|source| RowError::Login { row, source })?;
        if row > 0 && self.login_bytes(row - 1) >= login {
            return Err(RowError::Order { row });
        }
        self.logins.extend_from_slice(login);
        self.encoded.extend_from_slice(encoded);
        self.rows.push(Row { login_end: self.logins.len() as u64, encoded_end: self.encoded.len() as u64, id });
        Ok(())
    }

    /// How many people.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is nobody.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Everybody, by login.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = ViewerRow<'_>> {
        (0..self.len()).map(|row| self.row(row))
    }

    /// The row with this number, from 0. Panics: out of range.
    pub(crate) fn row(&self, row: usize) -> ViewerRow<'_> {
        let from = if row == 0 { 0 } else { self.rows[row - 1].encoded_end as usize };
        let Row { encoded_end, id, .. } = self.rows[row];
        // `push` takes nothing but ASCII, so the text is never empty here.
        let login = std::str::from_utf8(self.login_bytes(row)).unwrap_or_default();
        ViewerRow { login, id, encoded: &self.encoded[from..encoded_end as usize] }
    }

    fn login_bytes(&self, row: usize) -> &[u8] {
        let from = if row == 0 { 0 } else { self.rows[row - 1].login_end as usize };
        &self.logins[from..self.rows[row].login_end as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_come_back_as_they_were_put() {
        let mut rows = ViewerRows::new();
        rows.push(b"_a", TwitchId::new(7), &[1, 2]).unwrap();
        rows.push(b"_ab", None, &[]).unwrap();
        rows.push(b"b", None, &[3]).unwrap();
        assert_eq!(rows.push(b"b", None, &[]), Err(RowError::Order { row: 3 }));
        assert_eq!(rows.push(b"a", None, &[]), Err(RowError::Order { row: 3 }));
        assert_eq!(rows.push(b"C", None, &[]), Err(RowError::Login { row: 3, source: LoginError::Character }));
        let all: Vec<_> = rows.iter().map(|row| (row.login, row.id.map(TwitchId::get), row.encoded.to_vec())).collect();
        assert_eq!(all, [("_a", Some(7), vec![1, 2]), ("_ab", None, vec![]), ("b", None, vec![3])]);
        assert_eq!((rows.len(), rows.is_empty()), (3, false));
    }
}
