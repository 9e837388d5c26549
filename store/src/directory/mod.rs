//! From a day's rows to keys: one ordered pass over the names a database holds, the rules only where they matter.
//!
//! Nearly every row is either its login's holder or somebody new. Those are settled in the pass; what is left
//! (renames, reissued names, old days) is looked up and given to [`names::Names`]. Memory is four bytes a row, and
//! what is left.

use std::collections::{BTreeMap, HashMap, HashSet};

use model::day::Day;
use model::identity::{PersonKey, TwitchId};
use model::login::Login;
use model::sample::Renaming;

use crate::error::{Result, StoreError};
use crate::jobs::{HeldLogin, PersonNames};
use crate::rows::ViewerRows;

pub(crate) mod names;
mod walk;

use names::{NameChanges, NamedSpan, Names, Span};
use walk::Walk;

/// The names of people, or of channels, in one database.
pub(crate) trait Directory: Send {
    /// What has these names, in the plural, for messages.
    const THINGS: &'static str;

    /// The key that the next newcomer gets: one above the highest ever given, whoever has gone since.
    fn next_key(&mut self) -> impl Future<Output = Result<u32>> + Send;

    /// Every id with its key, by ascending id.
    fn each_id(&mut self, each: impl FnMut(TwitchId, u32) + Send) -> impl Future<Output = Result<()>> + Send;

    /// Every span, bytewise by login.
    fn each_span(&mut self, each: impl FnMut(&str, Span) + Send) -> impl Future<Output = Result<()>> + Send;

    /// The ids of those with these keys who have one.
    fn ids(&mut self, keys: &[u32]) -> impl Future<Output = Result<Vec<(u32, TwitchId)>>> + Send;

    /// All spans of those with these keys.
    fn spans(&mut self, keys: &[u32]) -> impl Future<Output = Result<Vec<NamedSpan>>> + Send;

    /// All spans of these logins.
    fn spans_of(&mut self, logins: &[Login]) -> impl Future<Output = Result<Vec<NamedSpan>>> + Send;
}

/// The keys of a day's rows, and what must be written first for them to hold.
#[derive(Debug)]
pub(crate) struct Resolved {
    /// A key per row.
    pub(crate) keys: Vec<u32>,
    /// The keys of those never seen before, in the order of their rows: they hold the row's login from the day on, and
    /// have its id.
    pub(crate) fresh: std::ops::Range<u32>,
    /// What [`Directory::next_key`] is once these are written.
    pub(crate) next_key: u32,
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

/// Stands for the key of a row that the rules have to decide; no key is as high.
const UNDECIDED: u32 = u32::MAX;

/// A row that the rules have to decide.
struct Undecided {
    row: usize,
    login: Login,
    id: Option<TwitchId>,
}

/// Finds the keys of a day's rows. `newest`: no later day is held.
///
/// Errors: the database's, [`StoreError::Full`], and rows that cannot be read again.
pub(crate) async fn resolve<D: Directory>(
    directory: &mut D,
    day: Day,
    newest: bool,
    rows: &mut ViewerRows,
) -> Result<Resolved> {
    let accounts = accounts_of_day(directory, rows).await?;
    let first = directory.next_key().await?;
    let mut walk = Walk::new(rows, day, first, &accounts)?;
    directory.each_span(|login, span| walk.span(login, span)).await?;
    let Walk { mut keys, next_key, undecided: mut left, held: mut concerned, .. } = walk.finish()?;
    let fresh = first..next_key;
    let mut next = next_key;
    let changes = if left.is_empty() && accounts.renamed.is_empty() {
        NameChanges::default()
    } else {
        robbed(directory, rows, &mut keys, &accounts, &mut left, &mut concerned).await?;
        concerned.extend(spans_beside(directory, rows, &accounts).await?);
        let mut names = load(directory, day, newest, next_key, &left, concerned, &accounts).await?;
        let mut others: HashMap<TwitchId, Vec<Login>> = HashMap::new();
        for other in rows.others() {
            others.entry(other.id).or_default().push(other.login.clone());
        }
        // Accounts first, then what was learnt of those that were not seen since: a login alone belongs to whoever holds it after the day's renames.
        let mut by_account: BTreeMap<TwitchId, Vec<&Undecided>> = BTreeMap::new();
        for row in &left {
            if let Some(id) = row.id {
                by_account.entry(id).or_default().push(row);
            }
        }
        for (id, rows) in by_account {
            let logins: Vec<Login> = rows.iter().map(|row| row.login.clone()).collect();
            let others = others.get(&id).map_or(&[][..], Vec::as_slice);
            let key = names.of_account(&logins, others, id);
            for row in rows {
                keys[row.row] = key;
            }
        }
        accounts.renamed.values().for_each(|renaming| names.renamed(renaming));
        for row in left.iter().filter(|row| row.id.is_none()) {
            keys[row.row] = names.of_login(&row.login);
        }
        next = names.next_key();
        names.changes()
    };
    if next > 1 << PersonKey::BITS {
        return Err(StoreError::Full { things: D::THINGS, limit: 1 << PersonKey::BITS });
    }
    Ok(Resolved { keys, fresh, next_key: next, changes })
}

/// Everything by which the person is known who holds a login now, or held it last.
pub(crate) async fn names_of<D: Directory>(directory: &mut D, login: &Login) -> Result<PersonNames> {
    let spans = directory.spans_of(std::slice::from_ref(login)).await?;
    let last =
        spans.iter().max_by_key(|named| (named.span.until.is_none(), named.span.from)).map(|named| named.span.key);
    let Some(key) = last else { return Ok(PersonNames::of_login(login.clone())) };
    let theirs = directory.spans(&[key]).await?;
    let id = directory.ids(&[key]).await?.first().map(|(_, id)| *id);
    let mut all: Vec<Login> = theirs.iter().map(|named| named.login.clone()).collect();
    all.sort_unstable();
    all.dedup();
    let others: Vec<NamedSpan> =
        directory.spans_of(&all).await?.into_iter().filter(|named| named.span.key != key).collect();
    let mut logins = held(&theirs, &others, id.is_some());
    logins.sort_unstable();
    logins.dedup();
    Ok(PersonNames { key: Some(PersonKey(key)), logins, id })
}

/// The days on which logins were somebody's, by their spans and those of others: the rules are told at [`HeldLogin`].
fn held(theirs: &[NamedSpan], others: &[NamedSpan], has_id: bool) -> Vec<HeldLogin> {
    let first = theirs.iter().map(|named| named.span.from).min();
    let mut held = Vec::new();
    for NamedSpan { login, span } in theirs {
        let from = if first == Some(span.from) { Day::MIN.days() } else { span.from };
        let mut ranges = vec![(from, span.until.filter(|_| has_id).map(|until| until + 1))];
        for other in others.iter().filter(|other| other.login == *login) {
            let Span { from: taken, until: left, .. } = other.span;
            if left == Some(taken) {
                // It keeps a name to them, and holds on no day.
                continue;
            }
            // Before the first who is known to have held it, it is that one's.
            let taken = if taken < span.from { i32::MIN } else { taken };
            let split = |(from, until): (i32, Option<i32>)| {
                let before = (from, Some(until.map_or(taken, |until| until.min(taken))));
                let after = left.map(|left| (from.max(left), until));
                [Some(before), after]
                    .into_iter()
                    .flatten()
                    .filter(|(from, until)| until.is_none_or(|until| *from < until))
            };
            ranges = ranges.into_iter().flat_map(split).collect();
        }
        let day = |days: i32| Day::MIN.plus(days - Day::MIN.days());
        held.extend(ranges.into_iter().map(|(from, until)| HeldLogin {
            login: login.clone(),
            from: day(from),
            until: until.map(day),
        }));
    }
    held
}

/// The day's accounts: keys of those known, and those that bore several logins on the day.
#[derive(Default)]
struct Accounts {
    keys: HashMap<TwitchId, u32>,
    repeated: HashSet<TwitchId>,
    /// What was learnt of some that were not seen, and whose login nobody else was seen under.
    renamed: BTreeMap<TwitchId, Renaming>,
}

async fn accounts_of_day<D: Directory>(directory: &mut D, rows: &mut ViewerRows) -> Result<Accounts> {
    let mut accounts = Accounts::default();
    if rows.ids() == 0 && rows.renamings().is_empty() {
        return Ok(accounts);
    }
    let renamed = &mut accounts.renamed;
    renamed.extend(rows.renamings().iter().map(|renaming| (renaming.id, renaming.clone())));
    let logins: HashSet<Login> = renamed.values().filter_map(|renaming| renaming.now.clone()).collect();
    let mut borne: HashSet<&Login> = HashSet::new();
    let mut ids: Vec<TwitchId> = Vec::with_capacity(rows.ids());
    let mut reader = rows.read().map_err(StoreError::Rows)?;
    while let Some(row) = reader.next().map_err(StoreError::Rows)? {
        ids.extend(row.id);
        borne.extend(logins.get(row.login));
        // Whoever was seen on the day goes by what the day's rows say; if they are called otherwise still, a later day tells.
        if let Some(id) = row.id {
            renamed.remove(&id);
        }
    }
    renamed.retain(|_, renaming| !renaming.now.as_ref().is_some_and(|login| borne.contains(login)));
    ids.sort_unstable();
    accounts.repeated = ids.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| pair[0]).collect();
    accounts.repeated.extend(rows.others().iter().map(|other| other.id));
    ids.extend(accounts.renamed.keys());
    ids.sort_unstable();
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

/// Adds the rows that lose their key because a renamed account may leave their login.
async fn robbed<D: Directory>(
    directory: &mut D,
    rows: &mut ViewerRows,
    keys: &mut [u32],
    accounts: &Accounts,
    left: &mut Vec<Undecided>,
    concerned: &mut Vec<NamedSpan>,
) -> Result<()> {
    let ids = left.iter().filter_map(|row| row.id).chain(accounts.renamed.keys().copied());
    let renamed: Vec<u32> = ids.filter_map(|id| accounts.keys.get(&id).copied()).collect();
    if renamed.is_empty() {
        return Ok(());
    }
    let theirs: HashSet<Login> = directory.spans(&renamed).await?.into_iter().map(|named| named.login).collect();
    let mut found = Vec::new();
    let mut reader = rows.read().map_err(StoreError::Rows)?;
    let mut row = 0;
    while let Some(who) = reader.next().map_err(StoreError::Rows)? {
        if who.id.is_none()
            && keys[row] != UNDECIDED
            && let Some(login) = theirs.get(who.login)
        {
            keys[row] = UNDECIDED;
            found.push(Undecided { row, login: login.clone(), id: None });
        }
        row += 1;
    }
    let logins: Vec<Login> = found.iter().map(|row| row.login.clone()).collect();
    concerned.extend(directory.spans_of(&logins).await?);
    left.extend(found);
    left.sort_unstable_by_key(|row| row.row);
    Ok(())
}

/// All spans of the logins that accounts bore beside those of their rows, and of those that they are called now.
async fn spans_beside<D: Directory>(
    directory: &mut D,
    rows: &ViewerRows,
    accounts: &Accounts,
) -> Result<Vec<NamedSpan>> {
    let mut logins: Vec<Login> = rows.others().iter().map(|other| other.login.clone()).collect();
    logins.extend(
        accounts
            .renamed
            .values()
            .flat_map(|renaming| [renaming.was.as_ref(), renaming.now.as_ref()])
            .flatten()
            .cloned(),
    );
    directory.spans_of(&logins).await
}

/// Everything that the rules ask about these rows.
async fn load<D: Directory>(
    directory: &mut D,
    day: Day,
    newest: bool,
    next_key: u32,
    left: &[Undecided],
    mut concerned: Vec<NamedSpan>,
    accounts: &Accounts,
) -> Result<Names> {
    let mut keys: Vec<u32> = concerned.iter().map(|named| named.span.key).collect();
    let ids = left.iter().filter_map(|row| row.id).chain(accounts.renamed.keys().copied());
    keys.extend(ids.filter_map(|id| accounts.keys.get(&id)));
    keys.sort_unstable();
    keys.dedup();
    concerned.extend(directory.spans(&keys).await?);
    let ids = directory.ids(&keys).await?.into_iter().collect();
    Ok(Names::new(day.days(), newest, next_key, concerned, ids))
}

#[cfg(test)]
mod tests;
