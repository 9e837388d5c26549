use std::collections::BTreeSet;

use super::*;
use proptest::prelude::*;

/// The two tables, as the rules leave them.
#[derive(Clone, Default, Debug, PartialEq)]
struct Table {
    spans: BTreeSet<NamedSpan>,
    ids: HashMap<u32, TwitchId>,
    next_key: u32,
    newest: i32,
}

type Row = (&'static str, Option<u64>);

fn login(text: &str) -> Login {
    text.parse().unwrap()
}

impl Table {
    /// Resolves a day's rows as the store does, accounts first, and applies what changed.
    fn import(&mut self, day: i32, rows: &[Row]) -> Vec<u32> {
        let spans = self.spans.iter().cloned();
        let mut names = Names::new(day, self.newest <= day, self.next_key, spans, self.ids.clone());
        let mut keys: Vec<u32> = vec![0; rows.len()];
        for id in rows.iter().filter_map(|row| row.1).collect::<BTreeSet<u64>>() {
            let of_id: Vec<usize> = (0..rows.len()).filter(|row| rows[*row].1 == Some(id)).collect();
            let logins: Vec<Login> = of_id.iter().map(|row| login(rows[*row].0)).collect();
            let key = names.of_account(&logins, &[], TwitchId::new(id).unwrap());
            for row in of_id {
                keys[row] = key;
            }
        }
        for (row, (text, _)) in rows.iter().enumerate().filter(|(_, row)| row.1.is_none()) {
            keys[row] = names.of_login(&login(text));
        }
        self.newest = self.newest.max(day);
        self.next_key = names.next_key();
        let changes = names.changes();
        for span in &changes.removed {
            assert!(self.spans.remove(span), "{span:?} was there");
        }
        for span in changes.added {
            assert!(self.spans.insert(span.clone()), "{span:?} is new");
        }
        self.ids.extend(changes.created.iter().filter_map(|(key, id)| id.map(|id| (*key, id))));
        self.ids.extend(changes.linked);
        keys
    }

    fn spans(&self, text: &str) -> Vec<(i32, Option<i32>, u32)> {
        let named = self.spans.iter().filter(|named| named.login == login(text));
        named.map(|named| (named.span.from, named.span.until, named.span.key)).collect()
    }
}

#[test]
fn a_rename_closes_one_span_and_opens_another() {
    let mut table = Table::default();
    assert_eq!(table.import(1, &[("old", Some(7))]), [0]);
    assert_eq!(table.import(5, &[("new", Some(7))]), [0]);
    assert_eq!((table.spans("old"), table.spans("new")), (vec![(1, Some(5), 0)], vec![(5, None, 0)]));
}

#[test]
fn a_name_given_up_and_seen_again_is_somebody_new() {
    let mut table = Table::default();
    table.import(1, &[("old", Some(7))]);
    table.import(5, &[("new", Some(7))]);
    assert_eq!(table.import(9, &[("old", None)]), [1]);
    // Who held it on a day decides, not who holds it now.
    assert_eq!(table.import(3, &[("old", None)]), [0]);
    assert_eq!(table.import(9, &[("old", None)]), [1]);
    assert_eq!(table.import(10, &[("old", Some(8))]), [1]);
    assert_eq!(table.ids.get(&1), TwitchId::new(8).as_ref());
}

#[test]
fn a_login_that_gains_an_id_is_the_same_person() {
    let mut table = Table::default();
    assert_eq!(table.import(1, &[("a", None)]), [0]);
    assert_eq!(table.import(2, &[("a", Some(7))]), [0]);
    assert_eq!(table.import(3, &[("b", Some(7))]), [0]);
    assert_eq!(table.import(1, &[("a", None)]), [0]);
}

#[test]
fn an_account_known_under_another_name_takes_a_login_from_whoever_had_no_id() {
    let mut table = Table::default();
    table.import(1, &[("a", Some(7)), ("b", None)]);
    assert_eq!(table.import(4, &[("b", Some(7))]), [0]);
    // The days before stay whose they were: nothing tells that it was the same person.
    assert_eq!(table.import(2, &[("b", None)]), [1]);
    assert_eq!(table.spans("a"), [(1, Some(4), 0)]);
}

#[test]
fn days_in_any_order_give_one_person() {
    let mut table = Table::default();
    assert_eq!(table.import(9, &[("a", None)]), [0]);
    assert_eq!(table.import(2, &[("a", None)]), [0]);
    assert_eq!(table.import(5, &[("a", Some(7))]), [0]);
    assert_eq!(table.spans("a"), [(2, None, 0)]);
}

#[test]
fn an_old_day_does_not_undo_what_later_days_said() {
    let mut table = Table::default();
    table.import(10, &[("a", Some(7))]);
    table.import(3, &[("a", None)]);
    table.import(5, &[("b", Some(7))]);
    assert_eq!(table.spans("a"), [(3, Some(5), 0), (6, None, 0)]);
    assert_eq!(table.spans("b"), [(5, Some(6), 0)]);
}

#[test]
fn whoever_held_another_name_before_did_not_hold_this_one() {
    let mut table = Table::default();
    table.import(1, &[("a", Some(7))]);
    table.import(9, &[("b", Some(7))]);
    assert_eq!(table.import(4, &[("b", None)]), [1]);
    assert_eq!(table.spans("b"), [(4, Some(9), 1), (9, None, 0)]);
}

#[test]
fn two_accounts_swap_names() {
    let mut table = Table::default();
    table.import(1, &[("a", Some(7)), ("b", Some(8))]);
    assert_eq!(table.import(2, &[("a", Some(8)), ("b", Some(7))]), [1, 0]);
    assert_eq!(table.spans("a"), [(1, Some(2), 0), (2, None, 1)]);
    assert_eq!(table.spans("b"), [(1, Some(2), 1), (2, None, 0)]);
}

fn day() -> impl Strategy<Value = (i32, Vec<Row>)> {
    let rows = proptest::sample::subsequence(vec!["a", "b", "c", "d"], 1..4);
    (1i32..8, rows, proptest::collection::vec(proptest::option::of(1u64..4), 4))
        .prop_map(|(day, logins, ids)| (day, logins.into_iter().zip(ids).collect()))
}

proptest! {
    #[test]
    fn spans_never_contradict_each_other(days in proptest::collection::vec(day(), 1..12)) {
        let mut table = Table::default();
        for (day, rows) in &days {
            let keys = table.import(*day, rows);
            for (row, key) in rows.iter().zip(&keys) {
                // An account is one person for good, and no two accounts share one.
                prop_assert!(row.1.is_none_or(|id| table.ids.get(key) == TwitchId::new(id).as_ref()));
            }
            let held = |named: &NamedSpan| (0..10).filter(|day| named.span.covers(*day)).collect::<Vec<_>>();
            let at: Vec<(String, i32, u32)> = table
                .spans
                .iter()
                .flat_map(|named| held(named).into_iter().map(|day| (named.login.to_string(), day, named.span.key)))
                .collect();
            let by_login: BTreeSet<_> = at.iter().map(|(login, day, _)| (login, day)).collect();
            let by_key: BTreeSet<_> = at.iter().map(|(_, day, key)| (key, day)).collect();
            prop_assert_eq!(by_login.len(), at.len(), "a login has one holder a day: {:?}", table);
            prop_assert_eq!(by_key.len(), at.len(), "a holder has one login a day: {:?}", table);
            let open: Vec<_> = table.spans.iter().filter(|named| named.span.until.is_none()).map(|named| &named.login).collect();
            prop_assert_eq!(open.iter().collect::<BTreeSet<_>>().len(), open.len(), "one holder now");
            let named: BTreeSet<u32> = table.spans.iter().map(|named| named.span.key).collect();
            prop_assert_eq!(named.len() as u32, table.next_key, "everybody keeps a name");
        }
    }

    #[test]
    fn the_same_day_again_changes_nothing(days in proptest::collection::vec(day(), 1..12)) {
        let mut table = Table::default();
        for (day, rows) in &days {
            let keys = table.import(*day, rows);
            let before = table.clone();
            prop_assert_eq!(table.import(*day, rows), keys);
            prop_assert_eq!(&table, &before);
        }
    }
}
