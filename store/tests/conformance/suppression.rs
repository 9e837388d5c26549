//! Who opted out.

use model::identity::TwitchId;
use model::slot::SlotTime;
use model::sweep::LiveStream;
use store::Store;
use store::error::StoreError;
use store::suppression::{Secret, Suppression, allow, suppress};

use crate::fixtures::{day, job, login};
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
