//! Who may read a person.

use model::identity::TwitchId;
use model::words::Origin;
use store::access::{ViewerPages, viewer};
use store::error::StoreError;

use crate::fixtures::{by_id, by_login, day, import, login};
use crate::subject::Subject;

pub(crate) async fn invented_people_are_public(s: Subject) {
    import(&s.store, day(0), &[by_login("_ada", &[("_room", 0, 3)])]).await;
    for pages in [ViewerPages::Public, ViewerPages::Owner] {
        assert!(viewer(&s.store, &login("_ada"), pages, None).await.unwrap().is_some());
        assert!(viewer(&s.store, &login("_nobody"), pages, None).await.unwrap().is_none());
    }
    assert_eq!(ViewerPages::resolve(Origin::Simulated, None).unwrap(), ViewerPages::Public);
}

pub(crate) async fn real_people_are_for_whom_the_operator_chose(s: Subject) {
    let s = s.maker.make(Origin::Real).await;
    import(&s.store, day(0), &[by_id("ada", 7, &[("room", 0, 3)]), by_login("bob", &[("room", 0, 3)])]).await;
    let may = async |name, pages, visitor: Option<u64>| {
        viewer(&s.store, &login(name), pages, visitor.and_then(TwitchId::new)).await.unwrap().is_some()
    };
    assert!(may("ada", ViewerPages::Public, None).await);
    assert!(may("ada", ViewerPages::Owner, Some(7)).await);
    assert!(!may("ada", ViewerPages::Owner, Some(8)).await);
    assert!(!may("ada", ViewerPages::Owner, None).await);
    // Known by login alone: nobody can prove to be them, least of all somebody who is not signed in.
    assert!(!may("bob", ViewerPages::Owner, None).await);
    assert!(!may("bob", ViewerPages::Owner, Some(7)).await);
    assert!(!may("nobody", ViewerPages::Owner, Some(7)).await);
    assert_eq!(ViewerPages::resolve(Origin::Real, Some(ViewerPages::Owner)).unwrap(), ViewerPages::Owner);
    assert!(matches!(ViewerPages::resolve(Origin::Real, None), Err(StoreError::ViewerPagesUnchosen)));
}
