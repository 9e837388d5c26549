//! Who opted out.

use std::time::Duration;

use model::hours::month_in_hours;
use model::identity::TwitchId;
use model::slot::SlotTime;
use model::sweep::LiveStream;
use sqlx::{Connection, PgConnection};
use store::error::StoreError;
use store::suppression::{Secret, Suppression, allow, settle, suppress};
use store::{AnyStore, Store};

use crate::fixtures::{by_id, by_login, day, import, job, key, login, prepared};
use crate::subject::{Maker, Subject};
use crate::upkeep::crowd;
use crate::withdrawals::until_waiting;

fn secret(text: &str) -> Secret {
    Secret::new(text.as_bytes()).unwrap()
}

pub(crate) async fn whoever_opted_out_is_known_by_login_and_id(s: Subject) {
    let (ours, id) = (secret("0123456789abcdef"), TwitchId::new(42).unwrap());
    // Nobody on the list: no secret is needed, and any will do.
    assert!(Suppression::load(&s.store, None).await.unwrap().is_empty());
    for _ in 0..2 {
        suppress(&s.store, &job(), &ours, &["_ada", "_ada_old"], &[id], 7).await.unwrap();
    }
    let s = s.reopened().await;
    let list = Suppression::load(&s.store, Some(&ours)).await.unwrap();
    assert!(list.holds("_ada", None) && list.holds("_ada_old", None) && list.holds("_new", Some(id)));
    assert!(!list.holds("_bo", TwitchId::new(43)) && !list.holds("42", None));
    allow(&s.store, &job(), &ours, &["_ada"], &[]).await.unwrap();
    let list = Suppression::load(&s.store, Some(&ours)).await.unwrap();
    assert!(!list.holds("_ada", None) && list.holds("_ada_old", None));
}

pub(crate) async fn a_lost_or_changed_secret_is_told(s: Subject) {
    let (ours, other) = (secret("0123456789abcdef"), secret("fedcba9876543210"));
    suppress(&s.store, &job(), &ours, &["_ada"], &[], 7).await.unwrap();
    assert!(matches!(Suppression::load(&s.store, None).await, Err(StoreError::Secret { lacking: true })));
    assert!(matches!(Suppression::load(&s.store, Some(&other)).await, Err(StoreError::Secret { lacking: false })));
    let refused = suppress(&s.store, &job(), &other, &["_bo"], &[], 8).await;
    assert!(matches!(refused, Err(StoreError::Secret { lacking: false })));
}

fn on_air(name: &str, id: Option<u64>) -> LiveStream {
    LiveStream {
        at: SlotTime::at(day(0), 1),
        login: login(name),
        id: id.and_then(TwitchId::new),
        display_name: name.into(),
        title: String::new(),
        game: String::new(),
        viewers: 5,
        started_at: None,
        trail: vec![],
    }
}

/// Who is shown as on air.
async fn shown(s: &Subject) -> Vec<String> {
    s.store.live().await.unwrap().into_iter().map(|stream| stream.login.to_string()).collect()
}

pub(crate) async fn a_channel_that_opted_out_is_not_on_air(s: Subject) {
    let ours = secret("0123456789abcdef");
    let all = [on_air("_ada", Some(42)), on_air("_bo", Some(43)), on_air("_cy", None), on_air("_di", Some(44))];
    let at = SlotTime::at(day(0), 1);
    suppress(&s.store, &job(), &ours, &["_cy"], &[TwitchId::new(42).unwrap()], 7).await.unwrap();
    s.store.replace_live(at, &all, Some(&ours)).await.unwrap();
    assert_eq!(shown(&s).await, ["_bo", "_di"]);
    // Whoever cannot be recognised is not shown, and nothing changes.
    for other in [None, Some(secret("fedcba9876543210"))] {
        let refused = s.store.replace_live(at, &all, other.as_ref()).await;
        assert!(matches!(refused, Err(StoreError::Secret { .. })), "{refused:?}");
    }
    // Who opts out later goes at once: by the login, or by the id under a login that nobody gave.
    suppress(&s.store, &job(), &ours, &["_bo"], &[], 8).await.unwrap();
    assert_eq!(shown(&s).await, ["_di"]);
    suppress(&s.store, &job(), &ours, &["_di_old"], &[TwitchId::new(44).unwrap()], 9).await.unwrap();
    assert_eq!(shown(&s).await, [""; 0]);
    // Off the list again they come back with the next sweep.
    allow(&s.store, &job(), &ours, &["_cy"], &[]).await.unwrap();
    let s = s.reopened().await;
    s.store.replace_live(at, &all, Some(&ours)).await.unwrap();
    assert_eq!(shown(&s).await, ["_cy"]);
}

pub(crate) async fn an_opt_out_beside_a_sweep_is_heeded(s: Subject) {
    let ours = secret("0123456789abcdef");
    let all: Vec<LiveStream> = (0..200).map(|n| on_air(&format!("_c{n:03}"), None)).collect();
    let at = SlotTime::at(day(0), 1);
    for stream in &all[..20] {
        let name = [stream.login.as_str()];
        let job = job();
        let opt_out = suppress(&s.store, &job, &ours, &name, &[], 7);
        let (sweep, opt_out) = futures::join!(s.store.replace_live(at, &all, Some(&ours)), opt_out);
        sweep.unwrap();
        opt_out.unwrap();
        assert!(!shown(&s).await.contains(&name[0].to_owned()), "{}", name[0]);
    }
}

/// Who is shown by a page about them: people, then channels.
async fn known(s: &Subject, people: &[&str], channels: &[&str]) -> (Vec<String>, Vec<String>) {
    let (mut seen, mut followed) = (Vec::new(), Vec::new());
    for name in people {
        seen.extend(key(&s.store, name).await.map(|_| (*name).to_owned()));
    }
    for name in channels {
        followed.extend(s.store.channel(&login(name)).await.unwrap().map(|channel| channel.login.to_string()));
    }
    (seen, followed)
}

/// A day of three people in three channels.
async fn held(s: &Subject) {
    let people = [
        by_id("_ada", 7, &[("_hall", 0, 9), ("_room", 3, 5)]),
        by_login("_bo", &[("_room", 2, 4)]),
        by_login("_room", &[("_hall", 0, 3)]),
    ];
    import(&s.store, day(0), &people).await;
}

pub(crate) async fn whoever_opts_out_is_shown_to_nobody(s: Subject) {
    let ours = secret("0123456789abcdef");
    let (people, channels) = (["_ada", "_bo", "_room"], ["_hall", "_room"]);
    let all = (people.map(str::to_owned).to_vec(), channels.map(str::to_owned).to_vec());
    let only = |seen: &[&str], followed: &[&str]| {
        let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        (owned(seen), owned(followed))
    };
    held(&s).await;
    let ada = key(&s.store, "_ada").await.unwrap();
    let bo = key(&s.store, "_bo").await.unwrap();
    // A name is a person's and a channel's: both go, and what others did in the channel with it.
    suppress(&s.store, &job(), &ours, &["_room"], &[], 7).await.unwrap();
    let s = s.reopened().await;
    assert_eq!(known(&s, &people, &channels).await, only(&["_ada", "_bo"], &["_hall"]));
    let hall = s.store.channel(&login("_hall")).await.unwrap().unwrap().key;
    let days = s.store.viewer_days(&ada, day(0), day(1)).await.unwrap();
    assert_eq!(days[0].1.channels.iter().map(|presence| presence.channel).collect::<Vec<_>>(), [hall]);
    assert_eq!(s.store.viewer_days(&bo, day(0), day(1)).await.unwrap(), []);
    // Jobs see everything.
    let room = s.store.any_channel(&job(), &login("_room")).await.unwrap().unwrap();
    assert_eq!(s.store.channels(&[room.key]).await.unwrap(), [room]);
    assert!(s.store.person(&job(), &login("_room")).await.unwrap().all_logins().contains(&login("_room")));
    // By id, whatever name was given; and by a name that the same account no longer holds nobody is found.
    suppress(&s.store, &job(), &ours, &["_ada_old"], &[TwitchId::new(7).unwrap()], 8).await.unwrap();
    assert_eq!(known(&s, &people, &channels).await, only(&["_bo"], &["_hall"]));
    // Another import changes nothing of it.
    import(&s.store, day(1), &[by_login("_bo", &[("_hall", 0, 3)])]).await;
    let s = s.reopened().await;
    assert_eq!(known(&s, &people, &channels).await, only(&["_bo"], &["_hall"]));
    // Whoever comes back is there as before.
    allow(&s.store, &job(), &ours, &["_room"], &[]).await.unwrap();
    assert_eq!(known(&s, &people, &channels).await, only(&["_bo", "_room"], &channels));
    allow(&s.store, &job(), &ours, &["_ada_old"], &[TwitchId::new(7).unwrap()]).await.unwrap();
    let s = s.reopened().await;
    assert_eq!(known(&s, &people, &channels).await, all);
    assert_eq!(s.store.viewer_days(&ada, day(0), day(1)).await.unwrap()[0].1.channels.len(), 2);
}

pub(crate) async fn hours_in_a_channel_that_opted_out_are_shown_to_nobody(s: Subject) {
    let ours = secret("0123456789abcdef");
    held(&s).await;
    let (ada, bo) = (key(&s.store, "_ada").await.unwrap(), key(&s.store, "_bo").await.unwrap());
    s.store.close_month(&job(), day(0).month()).await.unwrap();
    s.store.age_month(&job(), day(0).month(), |days| month_in_hours(days, |_, _| None)).await.unwrap();
    assert_eq!(s.store.viewer_hours(&bo, day(0), day(1)).await.unwrap().len(), 1);
    suppress(&s.store, &job(), &ours, &["_room"], &[], 7).await.unwrap();
    let hall = s.store.channel(&login("_hall")).await.unwrap().unwrap().key;
    let hours = s.store.viewer_hours(&ada, day(0), day(1)).await.unwrap();
    assert_eq!(hours[0].1.channels.iter().map(|(channel, _)| *channel).collect::<Vec<_>>(), [hall]);
    assert_eq!(s.store.viewer_hours(&bo, day(0), day(1)).await.unwrap(), []);
}

pub(crate) async fn names_that_came_beside_an_opt_out_are_found(s: Subject) {
    let ours = secret("0123456789abcdef");
    // Nobody on the list: nobody has to be recognised.
    settle(&s.store, &job(), None).await.unwrap();
    // An import that began before goes by the list that it read.
    suppress(&s.store, &job(), &ours, &["_room"], &[TwitchId::new(7).unwrap()], 7).await.unwrap();
    held(&s).await;
    assert_eq!(known(&s, &["_ada", "_room"], &["_room"]).await.0.len(), 2);
    let s = s.reopened().await;
    assert!(matches!(settle(&s.store, &job(), None).await, Err(StoreError::Secret { lacking: true })));
    let other = secret("fedcba9876543210");
    assert!(matches!(settle(&s.store, &job(), Some(&other)).await, Err(StoreError::Secret { lacking: false })));
    settle(&s.store, &job(), Some(&ours)).await.unwrap();
    assert_eq!(
        known(&s, &["_ada", "_bo", "_room"], &["_hall", "_room"]).await,
        (vec!["_bo".into()], vec!["_hall".into()])
    );
    // Done, it is not done again, and takes no secret, until somebody else opts out.
    let s = s.reopened().await;
    settle(&s.store, &job(), None).await.unwrap();
    suppress(&s.store, &job(), &ours, &["_bo"], &[], 8).await.unwrap();
    assert!(settle(&s.store, &job(), None).await.is_err());
}

pub(crate) async fn an_erased_person_leaves_no_mark(s: Subject) {
    let ours = secret("0123456789abcdef");
    held(&s).await;
    suppress(&s.store, &job(), &ours, &["_ada"], &[], 7).await.unwrap();
    let marks =
        async |s: &Subject| s.rows().await.into_iter().find(|(table, _)| table.ends_with("opted_out")).unwrap().1.len();
    assert_eq!(marks(&s).await, 1);
    let person = s.store.person(&job(), &login("_ada")).await.unwrap().key.unwrap();
    s.store.erase_person(&job(), person).await.unwrap();
    assert_eq!(marks(&s).await, 0);
}

pub(crate) async fn nobody_waits_while_all_names_are_looked_at(s: Subject) {
    if matches!(s.maker, Maker::Sqlite) {
        // Nobody can hold a table there while others read and write.
        return;
    }
    let ours = secret("0123456789abcdef");
    held(&s).await;
    suppress(&s.store, &job(), &ours, &["_ada", "_late"], &[], 7).await.unwrap();
    let other = AnyStore::open(&s.url, None).await.unwrap();
    let (job, at) = (job(), SlotTime::at(day(0), 1));
    for newcomer in [true, false] {
        let late = prepared(&s.store, day(1), &[by_login("_late", &[("_hall", 0, 3)])], 1).await;
        // The people are gone through, and the channels cannot be.
        let mut holder = PgConnection::connect(&s.url).await.unwrap();
        sqlx::raw_sql("BEGIN; LOCK TABLE channel IN ACCESS EXCLUSIVE MODE").execute(&mut holder).await.unwrap();
        let (marked, ()) = tokio::join!(other.mark_suppressed(&job, &ours), async {
            until_waiting(&s, "relation").await;
            let live = s.store.replace_live(at, &[], Some(&ours));
            tokio::time::timeout(Duration::from_secs(5), live).await.expect("it is not kept waiting").unwrap();
            if newcomer {
                s.store.import_day(&job, late).await.unwrap();
            } else {
                s.execute("DELETE FROM suppressed").await;
            }
            holder.close().await.unwrap();
        });
        marked.unwrap();
        // What came meanwhile counts.
        let seen = known(&s, &["_ada", "_bo", "_late"], &[]).await.0;
        assert_eq!(seen, if newcomer { vec!["_bo"] } else { vec!["_ada", "_bo", "_late"] });
    }
}

pub(crate) async fn everybody_is_looked_at_page_by_page(s: Subject) {
    let ours = secret("0123456789abcdef");
    let mut people = crowd(2_100);
    people.push(by_login("_zoe", &[("_room", 0, 3)]));
    suppress(&s.store, &job(), &ours, &["_crowd_0999", "_crowd_1000", "_zoe"], &[], 7).await.unwrap();
    import(&s.store, day(0), &people).await;
    settle(&s.store, &job(), Some(&ours)).await.unwrap();
    let names = ["_crowd_0000", "_crowd_0998", "_crowd_0999", "_crowd_1000", "_crowd_1001", "_zoe"];
    assert_eq!(known(&s, &names, &[]).await.0, ["_crowd_0000", "_crowd_0998", "_crowd_1001"]);
}
