//! Who is who: renames, reissued names, ids that come late, days in any order.

use model::identity::TwitchId;
use model::login::Login;
use model::sample::Renaming;
use store::Store;
use store::channel::ChannelIdentity;
use store::dump::dump_day;
use store::rows::RowBatch;
use store::suppression::{Secret, suppress};

use crate::fixtures::{Person, by_id, by_login, day, days, import, job, login, prepared, stays};
use crate::subject::Subject;

const STAY: &[(&str, u16, u16)] = &[("_room", 10, 12)];

pub(crate) async fn a_renamed_person_keeps_their_days(s: Subject) {
    import(&s.store, day(1), &[by_id("_old", 7, STAY)]).await;
    import(&s.store, day(2), &[by_id("_new", 7, STAY)]).await;
    assert_eq!(days(&s.store, "_new").await, [day(1), day(2)]);
    assert_eq!(days(&s.store, "_old").await, []);
    let names = async |day| {
        dump_day(&s.store, &job(), day).await.unwrap().into_iter().map(|row| (row.login, row.id)).collect::<Vec<_>>()
    };
    assert_eq!(names(day(1)).await, [(login("_old"), TwitchId::new(7))]);
    assert_eq!(names(day(2)).await, [(login("_new"), TwitchId::new(7))]);
}

/// A day of these people, and of accounts that were looked up on it: what they were called, and are now.
async fn import_learnt(s: &Subject, n: i32, people: &[Person], learnt: &[(u64, &str, Option<&str>)]) {
    let mut prepared = prepared(&s.store, day(n), people, 1).await;
    let renaming = |(id, was, now): &(u64, &str, Option<&str>)| Renaming {
        id: TwitchId::new(*id).unwrap(),
        was: Some(login(was)).filter(|was| was.as_str() != "_nobody"),
        now: now.map(login),
    };
    prepared.viewers.learn(learnt.iter().map(renaming).collect());
    s.store.import_day(&job(), prepared).await.unwrap();
}

pub(crate) async fn an_account_that_was_looked_up_keeps_its_days(s: Subject) {
    import(&s.store, day(1), &[by_id("_old", 7, STAY), by_id("_gone", 8, STAY), by_id("_here", 9, STAY)]).await;
    // Nobody of them is in a chat on the day. Of whom nothing is held nothing is told, and a row tells more.
    let learnt = [(7, "_old", Some("_new")), (8, "_gone", None), (9, "_here", Some("_seen")), (10, "_x", Some("_y"))];
    for _ in 0..2 {
        import_learnt(&s, 2, &[by_id("_seen", 11, STAY)], &learnt).await;
    }
    // By their logins alone.
    let people = ["_old", "_new", "_gone", "_here", "_y"].map(|name| by_login(name, STAY));
    import(&s.store, day(3), &people).await;
    assert_eq!(days(&s.store, "_new").await, [day(1), day(3)]);
    assert_eq!(days(&s.store, "_here").await, [day(1), day(3)]);
    assert_eq!(days(&s.store, "_seen").await, [day(2)]);
    for reissued in ["_old", "_gone", "_y"] {
        assert_eq!(days(&s.store, reissued).await, [day(3)], "{reissued}");
    }
    let names = s.store.person(&job(), &login("_new")).await.unwrap();
    assert_eq!((names.id, names.all_logins().len()), (TwitchId::new(7), 2));
    // Whoever bears the login that it gave up, on that very day, is somebody else.
    import(&s.store, day(4), &[by_id("_then", 12, STAY)]).await;
    import_learnt(&s, 5, &[by_login("_then", STAY)], &[(12, "_nobody", Some("_now"))]).await;
    import(&s.store, day(6), &[by_login("_now", STAY)]).await;
    assert_eq!(days(&s.store, "_now").await, [day(4), day(6)]);
    assert_eq!(days(&s.store, "_then").await, [day(5)]);
}

pub(crate) async fn accounts_are_told_in_shares(s: Subject) {
    import(&s.store, day(1), &[by_id("_ada", 300, STAY), by_id("_bo", 301, STAY), by_login("_cy", STAY)]).await;
    import_learnt(&s, 2, &[by_id("_dee", 588, STAY)], &[(301, "_bo", None)]).await;
    let accounts = async |share| {
        let mut found = s.store.accounts(&job(), share, 288).await.unwrap();
        found.sort_unstable();
        found
            .into_iter()
            .map(|account| (account.id.get(), account.login.to_string(), account.is_held))
            .collect::<Vec<_>>()
    };
    assert_eq!(accounts(12).await, [(300, "_ada".to_owned(), true), (588, "_dee".to_owned(), true)]);
    assert_eq!(accounts(13).await, [(301, "_bo".to_owned(), false)]);
    let secret = Secret::new(b"0123456789abcdef").unwrap();
    suppress(&s.store, &job(), &secret, &["_ada"], &[], 7).await.unwrap();
    assert_eq!(accounts(12).await, [(588, "_dee".to_owned(), true)]);
}

pub(crate) async fn a_reissued_name_is_somebody_else(s: Subject) {
    import(&s.store, day(1), &[by_id("_name", 7, STAY)]).await;
    import(&s.store, day(2), &[by_id("_other", 7, STAY)]).await;
    let outcome = import(&s.store, day(3), &[by_login("_name", STAY)]).await;
    assert_eq!(outcome.new_people, 1);
    assert_eq!(days(&s.store, "_name").await, [day(3)]);
    assert_eq!(days(&s.store, "_other").await, [day(1), day(2)]);
}

pub(crate) async fn a_login_that_gains_an_id_is_the_same_person(s: Subject) {
    import(&s.store, day(1), &[by_login("_ada", STAY)]).await;
    assert_eq!(import(&s.store, day(2), &[by_id("_ada", 7, STAY)]).await.new_people, 0);
    assert_eq!(days(&s.store, "_ada").await, [day(1), day(2)]);
    import(&s.store, day(3), &[by_id("_eve", 7, STAY)]).await;
    assert_eq!(days(&s.store, "_eve").await, [day(1), day(2), day(3)]);
}

pub(crate) async fn old_days_go_to_their_holders(s: Subject) {
    import(&s.store, day(1), &[by_id("_name", 7, STAY)]).await;
    import(&s.store, day(5), &[by_id("_other", 7, STAY)]).await;
    import(&s.store, day(9), &[by_login("_name", STAY)]).await;
    // A day before the rename, imported after: whoever held the name then.
    import(&s.store, day(3), &[by_login("_name", STAY)]).await;
    assert_eq!(days(&s.store, "_other").await, [day(1), day(3), day(5)]);
    assert_eq!(days(&s.store, "_name").await, [day(9)]);
    // And one before the first.
    import(&s.store, day(0), &[by_login("_name", STAY)]).await;
    assert_eq!(days(&s.store, "_other").await, [day(0), day(1), day(3), day(5)]);
}

pub(crate) async fn days_in_any_order_give_the_same_people(s: Subject) {
    let people = [by_login("_ada", STAY), by_id("_bo", 8, STAY), by_login("_cy", STAY)];
    let other = s.maker.make(model::words::Origin::Simulated).await;
    for n in [1, 2, 3, 12] {
        import(&s.store, day(n), &people).await;
    }
    for n in [12, 1, 3, 2] {
        import(&other.store, day(n), &people).await;
    }
    for n in [1, 2, 3, 12] {
        let dump = dump_day(&s.store, &job(), day(n)).await.unwrap();
        assert_eq!(dump.len(), 3);
        assert_eq!(dump, dump_day(&other.store, &job(), day(n)).await.unwrap());
    }
    for name in ["_ada", "_bo", "_cy"] {
        assert_eq!(days(&other.store, name).await, [day(1), day(2), day(3), day(12)]);
    }
}

pub(crate) async fn an_account_with_two_logins_on_a_day_is_one_person(s: Subject) {
    let people = [by_id("_a_old", 7, &[("_room", 10, 15)]), by_id("_z_new", 7, &[("_room", 15, 20), ("_hall", 1, 2)])];
    for _ in 0..2 {
        let outcome = import(&s.store, day(1), &people).await;
        assert_eq!(outcome.people, 1);
        assert_eq!(stays(&s.store, "_z_new").await, [(day(1), vec![("_hall".into(), 1, 2), ("_room".into(), 10, 20)])]);
        assert_eq!(days(&s.store, "_a_old").await, []);
    }
}

pub(crate) async fn a_login_borne_for_a_part_of_a_day_is_theirs_on_it(s: Subject) {
    import(&s.store, day(0), &[by_login("_was", STAY)]).await;
    let others = [("_old", 7), ("_mid", 7), ("_was", 9)];
    let mut before = None;
    for _ in 0..2 {
        let mut day_1 = prepared(&s.store, day(1), &[by_id("_new", 7, STAY), by_id("_now", 9, STAY)], 1).await;
        let mut batch = RowBatch::default();
        for (name, id) in others {
            batch.push_other(login(name), TwitchId::new(id).unwrap());
        }
        day_1.viewers.append(&batch).unwrap();
        s.store.import_day(&job(), day_1).await.unwrap();
        let names = s.store.person(&job(), &login("_new")).await.unwrap();
        assert_eq!(before.get_or_insert_with(|| names.clone()), &names, "again it changes nothing");
    }
    let names = before.unwrap();
    let on = |n| names.logins_on(day(n)).into_iter().map(Login::as_str).collect::<Vec<_>>();
    assert_eq!((on(1), on(2)), (vec!["_mid", "_new", "_old"], vec!["_new"]));
    assert_eq!(names.logins_now().into_iter().map(Login::as_str).collect::<Vec<_>>(), ["_new"]);
    for name in ["_old", "_mid"] {
        assert_eq!(s.store.person(&job(), &login(name)).await.unwrap(), names);
        assert_eq!(days(&s.store, name).await, []);
    }
    assert_eq!(days(&s.store, "_new").await, [day(1)]);
    // Whoever held a login that gains an id before it is given up is the same person.
    assert_eq!(days(&s.store, "_now").await, [day(0), day(1)]);
    // Who bears one of them later is somebody else, and takes nothing.
    assert_eq!(import(&s.store, day(2), &[by_login("_old", STAY)]).await.new_people, 1);
    assert_eq!(days(&s.store, "_old").await, [day(2)]);
    let names = s.store.person(&job(), &login("_new")).await.unwrap();
    assert!(names.logins_on(day(1)).contains(&login("_old")) && !names.logins_on(day(2)).contains(&login("_old")));
}

pub(crate) async fn a_channel_keeps_its_key_when_renamed(s: Subject) {
    let named = |name: &str| {
        [ChannelIdentity { login: login(name), id: TwitchId::new(70), display_name: None, others: Vec::new() }]
    };
    let old = s.store.channel_keys(&job(), day(1), &named("_old"), 0).await.unwrap();
    // Days decide, and a day must be held for it to be the last one.
    import(&s.store, day(1), &[by_login("_ada", &[("_old", 0, 1)])]).await;
    let new = s.store.channel_keys(&job(), day(2), &named("_new"), 0).await.unwrap();
    assert_eq!(old, new);
    assert_eq!(s.store.channel(&login("_old")).await.unwrap(), None);
    assert_eq!(s.store.channel(&login("_new")).await.unwrap().unwrap().key, old[0]);
    assert_eq!(s.store.channels(&old).await.unwrap()[0].login, login("_new"));
    let reissued =
        ChannelIdentity { login: login("_old"), id: TwitchId::new(71), display_name: None, others: Vec::new() };
    assert_ne!(s.store.channel_keys(&job(), day(3), &[reissued], 0).await.unwrap(), old);
}
