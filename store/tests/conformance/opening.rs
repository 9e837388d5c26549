//! What a store is once it is opened again.

use model::words::Origin;
use store::dump::dump_day;
use store::error::StoreError;
use store::{AnyStore, Store};

use crate::fixtures::{by_login, day, days, import, job};
use crate::subject::Subject;

pub(crate) async fn everything_is_there_after_opening_again(s: Subject) {
    let people = [by_login("_ada", &[("_room", 0, 9)]), by_login("_bo", &[("_room", 0, 9)])];
    import(&s.store, day(0), &people).await;
    import(&s.store, day(12), &people).await;
    let before = (s.store.days().await.unwrap(), dump_day(&s.store, &job(), day(12)).await.unwrap());
    let s = s.reopened().await;
    assert_eq!((s.store.days().await.unwrap(), dump_day(&s.store, &job(), day(12)).await.unwrap()), before);
    assert_eq!(days(&s.store, "_ada").await, [day(0), day(12)]);
    assert_eq!(s.store.origin(), Origin::Simulated);
    let outcome = import(&s.store, day(12), &people).await;
    assert_eq!((outcome.generation, outcome.new_people), (2, 0));
}

pub(crate) async fn origins_are_never_mixed(s: Subject) {
    s.store.close().await;
    let url = s.url.clone();
    let Subject { store, folder: _folder, .. } = s;
    drop(store);
    let refused = AnyStore::open(&url, Some(Origin::Real)).await;
    assert!(
        matches!(refused, Err(StoreError::Origin { held: Origin::Simulated, asked: Origin::Real, .. })),
        "{refused:?}"
    );
    assert_eq!(AnyStore::open(&url, Some(Origin::Simulated)).await.unwrap().origin(), Origin::Simulated);
}

pub(crate) async fn a_newer_schema_is_refused(s: Subject) {
    s.execute("INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) VALUES (900, 'later', true, '', 0)").await;
    s.store.close().await;
    let url = s.url.clone();
    let Subject { store, folder: _folder, .. } = s;
    drop(store);
    let refused = AnyStore::open(&url, None).await;
    assert!(matches!(refused, Err(StoreError::Newer { version: 900, .. })), "{refused:?}");
}
