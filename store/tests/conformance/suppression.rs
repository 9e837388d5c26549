//! Who opted out.

use model::identity::TwitchId;
use store::error::StoreError;
use store::suppression::{Secret, Suppression, allow, suppress};

use crate::fixtures::job;
use crate::subject::Subject;

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
