//! A day's rows beside the spans of all logins: what an ordered pass decides by itself.

use std::io;

use model::day::Day;
use model::identity::TwitchId;
use model::login::Login;

use super::names::{NamedSpan, Span};
use super::{Accounts, UNDECIDED, Undecided};
use crate::error::{Result, StoreError};
use crate::rows::{RowReader, ViewerRows};

/// The day's rows beside the spans of all logins, both by login.
pub(super) struct Walk<'a> {
    reader: RowReader<'a>,
    /// The row that it is at; nothing behind the last.
    here: Option<(String, Option<TwitchId>)>,
    /// Spans of its login that have come by.
    spans: Vec<Span>,
    day: i32,
    accounts: &'a Accounts,
    pub(super) next_key: u32,
    pub(super) keys: Vec<u32>,
    pub(super) undecided: Vec<Undecided>,
    /// All spans of the logins of those.
    pub(super) held: Vec<NamedSpan>,
    failed: Option<io::Error>,
}

impl<'a> Walk<'a> {
    pub(super) fn new(rows: &'a mut ViewerRows, day: Day, next_key: u32, accounts: &'a Accounts) -> Result<Walk<'a>> {
        let keys = Vec::with_capacity(rows.len());
        let reader = rows.read().map_err(StoreError::Rows)?;
        let (day, spans, undecided, held) = (day.days(), Vec::new(), Vec::new(), Vec::new());
        let mut walk = Walk { reader, here: None, spans, day, accounts, next_key, keys, undecided, held, failed: None };
        walk.step(String::new());
        Ok(walk)
    }

    /// To the next row, which takes over `login` as its buffer.
    fn step(&mut self, mut login: String) {
        self.here = match self.reader.next() {
            Ok(row) => row.map(|row| {
                login.clear();
                login.push_str(row.login);
                (login, row.id)
            }),
            Err(error) => {
                self.failed = Some(error);
                None
            }
        };
    }

    pub(super) fn span(&mut self, login: &str, span: Span) {
        while self.here.as_ref().is_some_and(|(here, _)| here.as_str() < login) {
            self.settle();
        }
        if self.here.as_ref().is_some_and(|(here, _)| here == login) {
            self.spans.push(span);
        }
    }

    /// Decides the row that it is at, now that all spans of its login are known, and goes on.
    fn settle(&mut self) {
        let Some((login, id)) = self.here.take() else { return };
        let holder = self.spans.iter().find(|span| span.covers(self.day)).map(|span| span.key);
        let key = match id {
            None if self.spans.is_empty() => Some(self.new_key()),
            None => holder,
            Some(id) if self.accounts.repeated.contains(&id) => None,
            Some(id) => match self.accounts.keys.get(&id) {
                Some(key) => holder.filter(|holder| holder == key),
                None => self.spans.is_empty().then(|| self.new_key()),
            },
        };
        if key.is_none() {
            // Rows are checked when they are pushed.
            if let Ok(login) = login.parse::<Login>() {
                self.held.extend(self.spans.iter().map(|span| NamedSpan { login: login.clone(), span: *span }));
                self.undecided.push(Undecided { row: self.keys.len(), login, id });
            }
        }
        self.keys.push(key.unwrap_or(UNDECIDED));
        self.spans.clear();
        self.step(login);
    }

    pub(super) fn new_key(&mut self) -> u32 {
        let key = self.next_key;
        self.next_key += 1;
        key
    }

    /// Decides the rows behind the last span.
    pub(super) fn finish(mut self) -> Result<Walk<'a>> {
        while self.here.is_some() {
            self.settle();
        }
        match self.failed.take() {
            Some(error) => Err(StoreError::Rows(error)),
            None => Ok(self),
        }
    }
}
