//! From a day's rows to keys: one ordered pass over the names a database holds, the rules only where they matter.
//!
//! Nearly every row is either its login's holder or somebody new. Those are settled in the pass; what is left
//! (renames, reissued names, old days) is looked up and given to [`names::Names`].

use std::collections::{BTreeMap, HashMap, HashSet};

use model::day::Day;
use model::identity::{PersonKey, TwitchId};
use model::login::Login;

use crate::error::{Result, StoreError};

pub(crate) mod names;

use names::{NameChanges, NamedSpan, Names, Span};

/// The names of people, or of channels, in one database.
pub(crate) trait Directory: Send {
    /// What has these names, in the plural, for messages.
    const THINGS: &'static str;

    /// One above the highest key given.
    fn next_key(&mut self) -> impl Future<Output = Result<u32>> + Send;

    /// Every id with its key, by ascending id.
    fn each_id(&mut self, each: impl FnMut(TwitchId, u32) + Send) -> impl Future<Output = Result<()>> + Send;

    /// Every span, bytewise by login.
    fn each_span(&mut self, each: impl FnMut(&str, Span) + Send) -> impl Future<Output = Result<()>> + Send;

    /// The ids of those with these keys who have one.
    fn ids(&mut self, keys: &[u32]) -> impl Future<Output = Result<Vec<(u32, TwitchId)>>> + Send;

    /// All spans of those with these keys.
    fn spans(&mut self, keys: &[u32]) -> impl Future<Output = Result<Vec<NamedSpan>>> + Send;
}

/// Somebody as a day's row names them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Seen<'a> {
    pub(crate) login: &'a str,
    pub(crate) id: Option<TwitchId>,
}

/// The keys of a day's rows, and what must be written first for them to hold.
#[derive(Debug)]
pub(crate) struct Resolved {
    /// A key per row.
    pub(crate) keys: Vec<u32>,
    /// (row, key) of those never seen before: they hold the row's login from the day on, and have its id.
    pub(crate) fresh: Vec<(usize, u32)>,
    /// Everything else.
    pub(crate) changes: NameChanges,
}

impl Resolved {
    /// Whether nothing has to be written.
    pub(crate) fn is_nothing_new(&self) -> bool {
        self.fresh.is_empty() && self.changes == NameChanges::default()
    }

    /// How many were never seen before.
    pub(crate) fn created(&self) -> usize {
        self.fresh.len() + self.changes.created.len()
    }
}

/// Finds the keys of a day's rows, strictly ascending by login. `newest`: no later day is held.
///
/// Errors: the database's, and [`StoreError::Full`].
pub(crate) async fn resolve<D: Directory>(
    directory: &mut D,
    day: Day,
    newest: bool,
    seen: &[Seen<'_>],
) -> Result<Resolved> {
    let spans = spans_of_day(directory, seen).await?;
    let accounts = accounts_of_day(directory, seen).await?;
    let mut next_key = directory.next_key().await?;
    let mut keys: Vec<Option<u32>> = Vec::with_capacity(seen.len());
    let mut fresh = Vec::new();
    for (row, who) in seen.iter().enumerate() {
        let held = spans_of_row(&spans, row);
        let holder = held.iter().find(|(_, span)| span.covers(day.days())).map(|(_, span)| span.key);
        keys.push(match who.id {
            None if held.is_empty() => Some(new_key(&mut next_key, &mut fresh, row)),
            None => holder,
            Some(id) if accounts.repeated.contains(&id) => None,
            Some(id) => match accounts.keys.get(&id) {
                Some(key) => holder.filter(|holder| holder == key),
                None => held.is_empty().then(|| new_key(&mut next_key, &mut fresh, row)),
            },
        });
    }
    let slow = slow_rows(directory, seen, &mut keys, &accounts).await?;
    let changes = if slow.is_empty() {
        NameChanges::default()
    } else {
        let mut names = load(directory, day, newest, next_key, seen, &slow, &spans, &accounts).await?;
        // Accounts first: a login alone belongs to whoever holds it after the day's renames.
        let mut by_account: BTreeMap<TwitchId, Vec<usize>> = BTreeMap::new();
        let mut alone = Vec::new();
        for row in slow {
            match seen[row].id {
                Some(id) => by_account.entry(id).or_default().push(row),
                None => alone.push(row),
            }
        }
        for (id, rows) in by_account {
            let logins = rows.iter().map(|row| login(seen[*row].login)).collect::<Result<Vec<Login>>>()?;
            let key = names.of_account(&logins, id);
            for row in rows {
                keys[row] = Some(key);
            }
        }
        for row in alone {
            keys[row] = Some(names.of_login(&login(seen[row].login)?));
        }
        next_key = names.next_key();
        names.changes()
    };
    if next_key > 1 << PersonKey::BITS {
        return Err(StoreError::Full { things: D::THINGS, limit: 1 << PersonKey::BITS });
    }
    // Every row has a key: the slow ones were just given theirs.
    let keys = keys.into_iter().flatten().collect();
    Ok(Resolved { keys, fresh, changes })
}

fn new_key(next_key: &mut u32, fresh: &mut Vec<(usize, u32)>, row: usize) -> u32 {
    let key = *next_key;
    *next_key += 1;
    fresh.push((row, key));
    key
}

/// The spans of the day's logins, as (row, span), by row.
async fn spans_of_day<D: Directory>(directory: &mut D, seen: &[Seen<'_>]) -> Result<Vec<(usize, Span)>> {
    let mut found = Vec::with_capacity(seen.len());
    let mut row = 0;
    let each = |login: &str, span| {
        while row < seen.len() && seen[row].login < login {
            row += 1;
        }
        if row < seen.len() && seen[row].login == login {
            found.push((row, span));
        }
    };
    directory.each_span(each).await?;
    Ok(found)
}

fn spans_of_row(spans: &[(usize, Span)], row: usize) -> &[(usize, Span)] {
    let from = spans.partition_point(|(other, _)| *other < row);
    let len = spans[from..].iter().take_while(|(other, _)| *other == row).count();
    &spans[from..from + len]
}

/// The day's accounts: keys of those known, and those that bear two logins on the day.
#[derive(Default)]
struct Accounts {
    keys: HashMap<TwitchId, u32>,
    repeated: HashSet<TwitchId>,
}

async fn accounts_of_day<D: Directory>(directory: &mut D, seen: &[Seen<'_>]) -> Result<Accounts> {
    let mut ids: Vec<TwitchId> = seen.iter().filter_map(|who| who.id).collect();
    let mut accounts = Accounts::default();
    if ids.is_empty() {
        return Ok(accounts);
    }
    ids.sort_unstable();
    accounts.repeated = ids.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| pair[0]).collect();
    let mut rest = ids.as_slice();
    let keys = &mut accounts.keys;
    let each = |id: TwitchId, key| {
        while rest.first().is_some_and(|first| *first < id) {
            rest = &rest[1..];
        }
        if rest.first() == Some(&id) {
            keys.insert(id, key);
        }
    };
    directory.each_id(each).await?;
    Ok(accounts)
}

/// The rows still without a key, and those that lose theirs because a renamed account may leave their login.
async fn slow_rows<D: Directory>(
    directory: &mut D,
    seen: &[Seen<'_>],
    keys: &mut [Option<u32>],
    accounts: &Accounts,
) -> Result<Vec<usize>> {
    let left: Vec<u32> = seen
        .iter()
        .zip(keys.iter())
        .filter(|(_, key)| key.is_none())
        .filter_map(|(who, _)| who.id.and_then(|id| accounts.keys.get(&id)).copied())
        .collect();
    for NamedSpan { login, .. } in directory.spans(&left).await? {
        if let Ok(row) = seen.binary_search_by(|who| who.login.cmp(login.as_str()))
            && seen[row].id.is_none()
        {
            keys[row] = None;
        }
    }
    Ok((0..seen.len()).filter(|row| keys[*row].is_none()).collect())
}

/// Everything that the rules ask about these rows.
#[expect(clippy::too_many_arguments, reason = "it is the second half of `resolve`, and all of its state")]
async fn load<D: Directory>(
    directory: &mut D,
    day: Day,
    newest: bool,
    next_key: u32,
    seen: &[Seen<'_>],
    slow: &[usize],
    spans: &[(usize, Span)],
    accounts: &Accounts,
) -> Result<Names> {
    let mut concerned = Vec::new();
    let mut keys = Vec::new();
    for row in slow {
        let login = login(seen[*row].login)?;
        for (_, span) in spans_of_row(spans, *row) {
            keys.push(span.key);
            concerned.push(NamedSpan { login: login.clone(), span: *span });
        }
        keys.extend(seen[*row].id.and_then(|id| accounts.keys.get(&id)));
    }
    keys.sort_unstable();
    keys.dedup();
    concerned.extend(directory.spans(&keys).await?);
    let ids = directory.ids(&keys).await?.into_iter().collect();
    Ok(Names::new(day.days(), newest, next_key, concerned, ids))
}

fn login(text: &str) -> Result<Login> {
    text.parse().map_err(|_| StoreError::Damaged {
        place: "a day's rows".to_owned(),
        source: crate::error::Damage::Value("login"),
    })
}

#[cfg(test)]
mod tests;
