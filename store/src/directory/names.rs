//! Who held which login on which days: the rules, apart from any database.
//!
//! A row with Twitch's id is that account's, whatever its name. A row with a login alone is whoever held the login
//! that day; else whoever is known to hold it later, unless they held another name before; else somebody new.

use std::collections::{BTreeSet, HashMap};

use model::identity::TwitchId;
use model::login::Login;
use model::sample::Renaming;

/// A login held by somebody from a day on, until a day (nothing: now). Days count from 1970-01-01.
///
/// A span that ends where it begins holds on no day: it keeps a name to somebody whom a correction left without one, or
/// who bore it for a part of that day alone.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct NamedSpan {
    pub(crate) login: Login,
    pub(crate) span: Span,
}

/// When, and by whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Span {
    pub(crate) from: i32,
    pub(crate) key: u32,
    pub(crate) until: Option<i32>,
}

impl Span {
    pub(crate) fn covers(self, day: i32) -> bool {
        self.from <= day && self.until.is_none_or(|until| day < until)
    }

    fn touches(self, other: Span) -> bool {
        self.key == other.key
            && other.until.is_none_or(|until| self.from <= until)
            && self.until.is_none_or(|until| other.from <= until)
    }
}

/// The names that one day's rows concern, as they change.
pub(crate) struct Names {
    day: i32,
    newest: bool,
    next_key: u32,
    by_login: HashMap<Login, Vec<Span>>,
    logins: HashMap<u32, Vec<Login>>,
    ids: HashMap<u32, TwitchId>,
    keys: HashMap<TwitchId, u32>,
    before: HashMap<Login, Vec<Span>>,
    created: Vec<(u32, Option<TwitchId>)>,
    linked: Vec<(u32, TwitchId)>,
}

/// What changed.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct NameChanges {
    pub(crate) created: Vec<(u32, Option<TwitchId>)>,
    pub(crate) linked: Vec<(u32, TwitchId)>,
    pub(crate) removed: Vec<NamedSpan>,
    pub(crate) added: Vec<NamedSpan>,
    /// The login that everybody concerned holds now, or held last: by it their key leads to their names.
    pub(crate) named: Vec<(u32, Login)>,
}

impl Names {
    /// For an import of `day`; `newest` when no later day is held. New people get keys from `next_key` on.
    ///
    /// `spans` hold all spans of the logins that will be resolved, and all spans of everybody in those; `ids` the ids
    /// of everybody in those, and of everybody whose id will be resolved.
    pub(crate) fn new(
        day: i32,
        newest: bool,
        next_key: u32,
        spans: impl IntoIterator<Item = NamedSpan>,
        ids: HashMap<u32, TwitchId>,
    ) -> Names {
        let mut by_login: HashMap<Login, Vec<Span>> = HashMap::new();
        let mut logins: HashMap<u32, Vec<Login>> = HashMap::new();
        for NamedSpan { login, span } in spans {
            let held = logins.entry(span.key).or_default();
            if !held.contains(&login) {
                held.push(login.clone());
            }
            let spans = by_login.entry(login).or_default();
            if !spans.contains(&span) {
                spans.push(span);
            }
        }
        let keys = ids.iter().map(|(key, id)| (*id, *key)).collect();
        let (before, created, linked) = (HashMap::new(), Vec::new(), Vec::new());
        Names { day, newest, next_key, by_login, logins, ids, keys, before, created, linked }
    }

    /// The key of the account with this id, which bore these logins on the day: one, or two when it was renamed; `others`
    /// that it bore too, before those.
    pub(crate) fn of_account(&mut self, logins: &[Login], others: &[Login], id: TwitchId) -> u32 {
        let known = self.keys.get(&id).copied();
        let key = known.or_else(|| {
            // A login that gains an id: the same login on a day of its span is the same person.
            let without_id = |holder: &u32| !self.ids.contains_key(holder);
            let mut all = logins.iter().chain(others);
            let holder = all.find_map(|login| self.holder(login).filter(without_id))?;
            self.linked.push((holder, id));
            Some(holder)
        });
        let key = key.unwrap_or_else(|| self.create(Some(id)));
        self.ids.insert(key, id);
        self.keys.insert(id, key);
        // Of two, the one that is new. The day before does not change when the day is imported again.
        let before = self.day - 1;
        let had = |login: &&Login| self.spans(login).any(|span| span.key == key && span.covers(before));
        let held = logins.iter().rfind(|login| !had(login)).or(logins.last());
        if let Some(login) = held {
            self.claim(key, login);
        }
        for login in logins.iter().chain(others).filter(|login| Some(*login) != held) {
            self.give_up(key, login);
        }
        key
    }

    /// Notes a login that `key` bore until sometime on the day: of one that they had before, it is known already.
    fn give_up(&mut self, key: u32, login: &Login) {
        self.add(login, Span { from: self.day, key, until: Some(self.day) });
    }

    /// Takes note of an account that gave a login up by the day, for another or for none. Of somebody unknown nothing is
    /// told.
    pub(crate) fn renamed(&mut self, Renaming { id, was, now }: &Renaming) {
        let Some(key) = self.keys.get(id).copied() else { return };
        if let Some(login) = now {
            self.claim(key, login);
        }
        let Some(was) = was.as_ref().filter(|was| now.as_ref() != Some(*was)) else { return };
        if let Some(span) = self.covering(was).filter(|span| span.key == key) {
            self.cut(was, span);
        }
    }

    /// The key of whoever held this login on the day.
    pub(crate) fn of_login(&mut self, login: &Login) -> u32 {
        let key = self.holder(login).unwrap_or_else(|| self.create(None));
        self.claim(key, login);
        key
    }

    /// The key that the next new person gets.
    pub(crate) fn next_key(&self) -> u32 {
        self.next_key
    }

    /// What changed since the start.
    pub(crate) fn changes(self) -> NameChanges {
        let mut changes =
            NameChanges { created: self.created.clone(), linked: self.linked.clone(), ..NameChanges::default() };
        for (login, before) in &self.before {
            let before: BTreeSet<Span> = before.iter().copied().collect();
            let after: BTreeSet<Span> = self.by_login.get(login).into_iter().flatten().copied().collect();
            let named = |span: &Span| NamedSpan { login: login.clone(), span: *span };
            changes.removed.extend(before.difference(&after).map(named));
            changes.added.extend(after.difference(&before).map(named));
        }
        // In order of the table, whatever the order of the map.
        changes.removed.sort_unstable();
        changes.added.sort_unstable();
        let concerned: BTreeSet<u32> =
            changes.removed.iter().chain(&changes.added).map(|named| named.span.key).collect();
        changes.named = concerned.into_iter().filter_map(|key| Some((key, self.name_of(key)?))).collect();
        changes
    }

    /// The login that somebody holds now, or held last.
    fn name_of(&self, key: u32) -> Option<Login> {
        let logins = self.logins.get(&key)?;
        let spans = logins.iter().flat_map(|login| {
            let spans = self.by_login.get(login).into_iter().flatten();
            spans.filter(|span| span.key == key).map(move |span| (span.until.is_none(), span.from, login))
        });
        spans.max().map(|(_, _, login)| login.clone())
    }

    /// Who held the login on the day, or is the first known to hold it later without another name before.
    fn holder(&self, login: &Login) -> Option<u32> {
        let later = || self.spans(login).filter(|span| span.from > self.day).min_by_key(|span| span.from);
        let first = |key: u32| self.held_by(key).map(|(_, span)| span.from).min();
        self.covering(login).or_else(|| later().filter(|span| first(span.key) == Some(span.from))).map(|span| span.key)
    }

    /// Makes `key` the holder of the login from the day on, until something else is known of either.
    fn claim(&mut self, key: u32, login: &Login) {
        let holder = self.covering(login);
        if holder.is_some_and(|span| span.key == key) {
            return;
        }
        if let Some(span) = holder {
            self.cut(login, span);
        }
        let others: Vec<(Login, Span)> = self
            .held_by(key)
            .filter(|(_, span)| span.covers(self.day))
            .map(|(login, span)| (login.clone(), span))
            .collect();
        for (other, span) in others {
            self.cut(&other, span);
        }
        let of_login = self.spans(login);
        let of_key = self.held_by(key).map(|(_, span)| span);
        let until = of_login.chain(of_key).map(|span| span.from).filter(|from| *from > self.day).min();
        self.add(login, Span { from: self.day, key, until });
    }

    /// Takes the day out of a span that covers it. What follows stays when a later day is held: it may have said so.
    fn cut(&mut self, login: &Login, span: Span) {
        self.touch(login);
        let end = self.day + 1;
        let left = (span.from < self.day).then_some(Span { until: Some(self.day), ..span });
        let right = (!self.newest && span.until.is_none_or(|until| end < until)).then_some(Span { from: end, ..span });
        let trace = (left.is_none() && right.is_none()).then_some(Span { until: Some(span.from), ..span });
        if let Some(spans) = self.by_login.get_mut(login) {
            spans.retain(|other| *other != span);
            spans.extend(left.into_iter().chain(right).chain(trace));
        }
    }

    /// Adds a span, joined with those of the same holder that it touches.
    fn add(&mut self, login: &Login, mut span: Span) {
        self.touch(login);
        let spans = self.by_login.entry(login.clone()).or_default();
        while let Some(at) = spans.iter().position(|other| other.touches(span)) {
            let other = spans.swap_remove(at);
            span.from = span.from.min(other.from);
            span.until = span.until.zip(other.until).map(|(a, b)| a.max(b));
        }
        spans.push(span);
        let held = self.logins.entry(span.key).or_default();
        if !held.contains(login) {
            held.push(login.clone());
        }
    }

    fn create(&mut self, id: Option<TwitchId>) -> u32 {
        let key = self.next_key;
        self.next_key += 1;
        self.created.push((key, id));
        key
    }

    fn touch(&mut self, login: &Login) {
        if !self.before.contains_key(login) {
            self.before.insert(login.clone(), self.by_login.get(login).cloned().unwrap_or_default());
        }
    }

    fn covering(&self, login: &Login) -> Option<Span> {
        self.spans(login).find(|span| span.covers(self.day))
    }

    /// The spans of a login that hold on any day.
    fn spans(&self, login: &Login) -> impl Iterator<Item = Span> {
        let spans = self.by_login.get(login).into_iter().flatten().copied();
        spans.filter(|span| span.until != Some(span.from))
    }

    fn held_by(&self, key: u32) -> impl Iterator<Item = (&Login, Span)> {
        let logins: &[Login] = self.logins.get(&key).map_or(&[], Vec::as_slice);
        let of_key = move |login| self.spans(login).filter(move |span| span.key == key).map(move |span| (login, span));
        logins.iter().flat_map(of_key)
    }
}

#[cfg(test)]
mod tests;
