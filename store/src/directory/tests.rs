// The trait is asynchronous for databases; these tables are not.
#![allow(clippy::unused_async_trait_impl)]

use std::collections::{BTreeMap, BTreeSet, HashMap};

use futures::executor::block_on;
use model::day::Day;
use model::identity::TwitchId;
use model::login::Login;
use model::sample::Renaming;
use proptest::prelude::*;

use super::names::{NameChanges, NamedSpan, Names, Span};
use super::{Directory, Resolved, names_of, resolve};
use crate::error::Result;
use crate::rows::{RowBatch, ViewerRows};

/// Two tables in memory.
#[derive(Clone, Default, Debug, PartialEq)]
struct Tables {
    spans: BTreeSet<NamedSpan>,
    ids: BTreeMap<u32, TwitchId>,
    named: BTreeMap<u32, Login>,
    next_key: u32,
    newest: i32,
}

impl Directory for Tables {
    const THINGS: &'static str = "people";

    async fn next_key(&mut self) -> Result<u32> {
        Ok(self.next_key)
    }

    async fn each_id(&mut self, mut each: impl FnMut(TwitchId, u32) + Send) -> Result<()> {
        let by_id: BTreeMap<TwitchId, u32> = self.ids.iter().map(|(key, id)| (*id, *key)).collect();
        for (id, key) in by_id {
            each(id, key);
        }
        Ok(())
    }

    async fn each_span(&mut self, mut each: impl FnMut(&str, Span) + Send) -> Result<()> {
        self.spans.iter().for_each(|named| each(named.login.as_str(), named.span));
        Ok(())
    }

    async fn ids(&mut self, keys: &[u32]) -> Result<Vec<(u32, TwitchId)>> {
        Ok(keys.iter().filter_map(|key| self.ids.get(key).map(|id| (*key, *id))).collect())
    }

    async fn spans(&mut self, keys: &[u32]) -> Result<Vec<NamedSpan>> {
        // As the databases find them: the closed ones, and the open one by the name that the key has.
        let found = self.spans.iter().filter(|named| {
            let open = named.span.until.is_none();
            keys.contains(&named.span.key) && (!open || self.named.get(&named.span.key) == Some(&named.login))
        });
        Ok(found.cloned().collect())
    }

    async fn spans_of(&mut self, logins: &[Login]) -> Result<Vec<NamedSpan>> {
        Ok(self.spans.iter().filter(|named| logins.contains(&named.login)).cloned().collect())
    }
}

type Row = (Login, Option<TwitchId>);
/// A day, its rows, what accounts bore beside, and what was learnt of some.
type Import = (Day, Vec<Row>, Vec<(Login, TwitchId)>, Vec<Renaming>);

impl Tables {
    /// As the databases do: in one pass, the rules only where they matter.
    fn import(&mut self, (day, rows, others, renamings): &Import) -> Vec<u32> {
        let day = *day;
        let mut batch = RowBatch::default();
        for (login, id) in others {
            batch.push_other(login.clone(), *id);
        }
        for (login, id) in rows {
            batch.push(login.as_str().as_bytes(), *id, &[]).unwrap();
        }
        let mut seen = ViewerRows::new();
        seen.append(&batch).unwrap();
        seen.learn(renamings.clone());
        let newest = self.newest <= day.days();
        let Resolved { keys, fresh, next_key, changes } = block_on(resolve(self, day, newest, &mut seen)).unwrap();
        let mut given = fresh.clone();
        for (key, (login, id)) in keys.iter().zip(rows).filter(|(key, _)| fresh.contains(key)) {
            assert_eq!(given.next(), Some(*key), "fresh keys ascend with their rows, without a gap");
            let span = Span { from: day.days(), key: *key, until: None };
            assert!(self.spans.insert(NamedSpan { login: login.clone(), span }));
            self.ids.extend(id.map(|id| (*key, id)));
            self.named.insert(*key, login.clone());
            self.next_key = self.next_key.max(key + 1);
        }
        assert_eq!(given.next(), None);
        self.apply(day, changes);
        assert_eq!(self.next_key, next_key);
        keys
    }

    /// By the rules alone, with everything known.
    fn import_by_rules(&mut self, (day, rows, others, renamings): &Import) -> Vec<u32> {
        let day = *day;
        let ids: HashMap<u32, TwitchId> = self.ids.clone().into_iter().collect();
        let newest = self.newest <= day.days();
        let mut names = Names::new(day.days(), newest, self.next_key, self.spans.iter().cloned(), ids);
        let mut keys: Vec<u32> = vec![0; rows.len()];
        for id in rows.iter().filter_map(|row| row.1).collect::<BTreeSet<TwitchId>>() {
            let of_id: Vec<usize> = (0..rows.len()).filter(|row| rows[*row].1 == Some(id)).collect();
            let logins: Vec<Login> = of_id.iter().map(|row| rows[*row].0.clone()).collect();
            let others: Vec<Login> =
                others.iter().filter(|other| other.1 == id).map(|(login, _)| login.clone()).collect();
            let key = names.of_account(&logins, &others, id);
            for row in of_id {
                keys[row] = key;
            }
        }
        for renaming in renamings {
            let Renaming { id, now, .. } = renaming;
            let told = |(login, of): &Row| now.as_ref() == Some(login) || *of == Some(*id);
            if !rows.iter().any(told) {
                names.renamed(renaming);
            }
        }
        for (row, (login, _)) in rows.iter().enumerate().filter(|(_, row)| row.1.is_none()) {
            keys[row] = names.of_login(login);
        }
        self.apply(day, names.changes());
        keys
    }

    fn apply(&mut self, day: Day, changes: NameChanges) {
        for span in &changes.removed {
            assert!(self.spans.remove(span), "{span:?} was there");
        }
        for span in changes.added {
            assert!(self.spans.insert(span.clone()), "{span:?} is new");
        }
        for (key, id) in changes.created {
            self.next_key = self.next_key.max(key + 1);
            self.ids.extend(id.map(|id| (key, id)));
        }
        self.ids.extend(changes.linked);
        self.named.extend(changes.named);
        self.check();
        self.newest = self.newest.max(day.days());
    }
}

impl Tables {
    /// What the databases rely on: a login, a day and a key have one span, a key holds at most one login, a login has at most one holder, and a key's name
    /// leads to what it holds.
    fn check(&self) {
        let open: Vec<&NamedSpan> = self.spans.iter().filter(|named| named.span.until.is_none()).collect();
        let keys: BTreeSet<u32> = open.iter().map(|named| named.span.key).collect();
        let logins: BTreeSet<&Login> = open.iter().map(|named| &named.login).collect();
        assert_eq!((keys.len(), logins.len()), (open.len(), open.len()));
        for named in open {
            assert_eq!(self.named.get(&named.span.key), Some(&named.login));
        }
        assert_eq!(self.named.len() as u32, self.next_key, "everybody has a name");
        let begun: BTreeSet<(&Login, i32, u32)> =
            self.spans.iter().map(|named| (&named.login, named.span.from, named.span.key)).collect();
        assert_eq!(begun.len(), self.spans.len());
    }
}

fn imports() -> impl Strategy<Value = Vec<Import>> {
    let logins = proptest::sample::subsequence(vec!["_a", "_b", "_c", "_d", "_e"], 1..5);
    let ids = proptest::collection::vec(proptest::option::of(1u64..4), 5);
    let others = proptest::collection::btree_map(proptest::sample::select(vec!["_a", "_c", "_f"]), 1u64..4, 0..3);
    let name = || proptest::option::of(proptest::sample::select(vec!["_a", "_b", "_c", "_f", "_g"]));
    let learnt = proptest::collection::btree_map(1u64..5, (name(), name()), 0..3);
    let import = (0i32..7, logins, ids, others, learnt).prop_map(|(day, logins, ids, others, learnt)| {
        let row = |(login, id): (&str, Option<u64>)| (login.parse().unwrap(), id.and_then(TwitchId::new));
        let rows: Vec<Row> = logins.into_iter().zip(ids).map(row).collect();
        // What is told under them is in another row, of one account.
        let others = others.into_iter().map(|(login, id)| (login.parse().unwrap(), TwitchId::new(id).unwrap()));
        let others = others.filter(|(login, _)| rows.iter().all(|row| row.0 != *login));
        let renaming = |(id, names): (u64, (Option<&str>, Option<&str>))| {
            let login = |login: Option<&str>| login.map(|login| login.parse().unwrap());
            Renaming { id: TwitchId::new(id).unwrap(), was: login(names.0), now: login(names.1) }
        };
        let renamings = learnt.into_iter().map(renaming).collect();
        (Day::MIN.plus(day), rows.clone(), others.collect(), renamings)
    });
    proptest::collection::vec(import, 1..10)
}

proptest! {
    #[test]
    fn the_short_way_gives_what_the_rules_give(imports in imports()) {
        let (mut short, mut rules) = (Tables::default(), Tables::default());
        // Keys differ in their order within a day, nothing else does.
        let mut same: BTreeMap<u32, u32> = BTreeMap::new();
        for import in &imports {
            let (keys, by_rules) = (short.import(import), rules.import_by_rules(import));
            for (key, by_rules) in keys.into_iter().zip(by_rules) {
                prop_assert_eq!(*same.entry(key).or_insert(by_rules), by_rules);
            }
            prop_assert_eq!(same.values().collect::<BTreeSet<_>>().len(), same.len());
            let renamed: BTreeSet<NamedSpan> = short
                .spans
                .iter()
                .map(|named| NamedSpan { login: named.login.clone(), span: Span { key: same[&named.span.key], ..named.span } })
                .collect();
            prop_assert_eq!(&renamed, &rules.spans);
            prop_assert_eq!(short.ids.len(), rules.ids.len());
            prop_assert_eq!(short.next_key, rules.next_key);
        }
    }

    #[test]
    fn the_same_day_again_writes_nothing(imports in imports()) {
        let mut tables = Tables::default();
        for import in &imports {
            let keys = tables.import(import);
            let before = tables.clone();
            prop_assert_eq!(tables.import(import), keys);
            prop_assert_eq!(&tables, &before);
        }
    }
}

/// The days of a person's logins, as (login, from, until), counted from `DAY`.
fn days_of(
    spans: &[(&str, i32, Option<i32>, u32)],
    ids: &[(u32, u64)],
    login: &str,
) -> Vec<(String, i32, Option<i32>)> {
    const DAY: i32 = 20_000;
    let mut tables = Tables::default();
    for (login, from, until, key) in spans {
        let span = Span { from: DAY + from, key: *key, until: until.map(|until| DAY + until) };
        tables.spans.insert(NamedSpan { login: login.parse().unwrap(), span });
        if until.is_none() {
            tables.named.insert(*key, login.parse().unwrap());
        }
    }
    tables.ids = ids.iter().map(|(key, id)| (*key, TwitchId::new(*id).unwrap())).collect();
    let names = block_on(names_of(&mut tables, &login.parse().unwrap())).unwrap();
    let day = |day: Day| if day == Day::MIN { i32::MIN } else { day.days() - DAY };
    names.logins.into_iter().map(|held| (held.login.to_string(), day(held.from), held.until.map(day))).collect()
}

#[test]
fn a_login_is_somebodys_on_their_days_alone() {
    const EVER: i32 = i32::MIN;
    let held = |login: &str, from, until| (login.to_owned(), from, until);
    // Nobody else: from before they were seen.
    assert_eq!(days_of(&[("_x", 5, None, 1)], &[], "_x"), [held("_x", EVER, None)]);
    // Renamed on day 20, when another took the login at once, or days later, or never.
    let theirs = [("_x", 5, Some(20), 1), ("_y", 20, None, 1)];
    let now = held("_y", 20, None);
    for (taken, until) in [(Some(20), 20), (Some(21), 21), (Some(30), 21), (None, 21)] {
        let mut spans = theirs.to_vec();
        spans.extend(taken.map(|taken| ("_x", taken, None, 2)));
        let wanted = [held("_x", EVER, Some(until)), now.clone()];
        assert_eq!(days_of(&spans, &[(1, 42)], "_y"), wanted, "taken on {taken:?}");
    }
    // Held by another before, and for some days in between.
    let spans = [("_x", 0, Some(3), 2), ("_x", 5, Some(9), 1), ("_x", 9, Some(12), 3), ("_x", 12, None, 1)];
    let wanted = [held("_x", 3, Some(9)), held("_x", 12, None)];
    assert_eq!(days_of(&spans, &[(1, 42)], "_x"), wanted);
    // Of whom no id is known: until somebody else holds it, and again when that one is gone.
    let mut spans = vec![("_x", 5, Some(9), 1), ("_x", 9, None, 2)];
    spans.push(("_z", 3, None, 1));
    assert_eq!(days_of(&spans, &[(2, 43)], "_z"), [held("_x", 5, Some(9)), held("_z", EVER, None)]);
    spans[1].2 = Some(12);
    let wanted = [held("_x", 5, Some(9)), held("_x", 12, None), held("_z", EVER, None)];
    assert_eq!(days_of(&spans, &[(2, 43)], "_z"), wanted);
    // A span that holds on no day takes none away.
    assert_eq!(days_of(&[("_x", 5, None, 1), ("_x", 7, Some(7), 2)], &[], "_x"), [held("_x", EVER, None)]);
}
