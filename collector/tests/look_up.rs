//! What accounts are called by now.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod common;

use std::sync::Arc;
use std::time::Duration;

use collector::clock::Clock;
use collector::door::Door;
use collector::look_up::LookUp;
use common::{Stage, clients, login, soon, world};
use model::identity::TwitchId;
use model::login::Login;
use model::presence::ViewerDay;
use model::sample::Renaming;
use model::slot::SlotTime;
use model::words::Origin;
use simulator::server::Settings;
use simulator::server::faults::HttpFaults;
use simulator::twitch::Twitch;
use store::access::{Job, JobKey};
use store::day::DayImport;
use store::rows::{RowBatch, ViewerRows};
use store::suppression::{Secret, suppress};
use store::{AnyStore, Store};
use tokio_util::sync::CancellationToken;

const LOGINS: [&str; 5] = ["_noctule", "_ecran_allume", "_radio_minuit", "_robot_gardien", "_tour_de_guet"];

/// A Twitch, and a store that knows some of its people by their ids.
struct Known {
    stage: Stage,
    place: String,
    store: Arc<AnyStore>,
    ids: Vec<TwitchId>,
}

fn job() -> JobKey {
    JobKey::grant(Job::Import)
}

/// The slot of a day that has the share of an account.
fn slot_of(id: TwitchId) -> SlotTime {
    SlotTime::at("2026-11-18".parse().unwrap(), (id.get() % 287) as u16)
}

impl Known {
    async fn new() -> Known {
        let stage = Stage::new(Twitch::World(world()), Settings::default()).await;
        stage.set(slot_of(TwitchId::new(1).unwrap()).unix());
        let (helix, _) = clients(stage.twitch.base());
        let logins = LOGINS.map(login);
        let mut users = helix.users(&logins, soon()).await.unwrap();
        users.sort_by_key(|user| logins.iter().position(|login| *login == user.login));
        let ids: Vec<TwitchId> = users.iter().map(|user| user.id).collect();
        assert_eq!(ids.len(), LOGINS.len());
        let place = stage.folder().join("store").to_str().unwrap().to_owned();
        let store = AnyStore::open(&place, Some(Origin::Simulated)).await.unwrap();
        users.sort_by(|a, b| a.login.cmp(&b.login));
        let mut rows = RowBatch::default();
        let mut nowhere = Vec::new();
        ViewerDay::default().encode(&mut nowhere);
        for user in &users {
            rows.push(user.login.as_str().as_bytes(), Some(user.id), &nowhere).unwrap();
        }
        let day = DayImport::of("2026-11-17".parse().unwrap(), Vec::new(), ViewerRows::of(&rows).unwrap());
        store.import_day(&job(), day).await.unwrap();
        Known { stage, place, store: Arc::new(store), ids }
    }

    async fn look_up(&self, secret: Option<Secret>, clock: Clock) -> LookUp {
        let (helix, _) = clients(self.stage.twitch.base());
        let door = Door::of(&self.place, secret).await.unwrap();
        LookUp::new(helix, self.stage.archive.clone(), Arc::clone(&self.store), door, clock)
    }

    /// What the archive holds of an account's slot.
    async fn learnt(&self, id: TwitchId) -> Vec<Renaming> {
        self.stage.archive.renamings(slot_of(id)).await.unwrap()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_is_called_otherwise_is_told_and_nobody_else() {
    let known = Known::new().await;
    let mut look_up = known.look_up(None, Clock::virtual_from(0, 0.0)).await;
    for id in &known.ids {
        assert_eq!(look_up.share(slot_of(*id), soon()).await.unwrap(), 0);
        assert_eq!(known.learnt(*id).await, []);
    }
    let old = LOGINS.map(login);
    let new: Login = login("_somebody_else");
    known.stage.twitch.rename(&old[0], &new).unwrap();
    // Renamed, and another has the name: by the id it is the first.
    known.stage.twitch.rename(&old[1], &login("_elsewhere")).unwrap();
    known.stage.twitch.reissue(&old[1]).unwrap();
    // In use, and another's from now on: whoever it was is gone.
    known.stage.twitch.reissue(&old[2]).unwrap();
    let was = |n: usize| Some(old[n].clone());
    let told = [
        Some((was(0), Some(new))),
        // Nothing under the old name is theirs.
        Some((None, Some(login("_elsewhere")))),
        Some((was(2), None)),
        None,
        None,
    ];
    for (n, told) in told.into_iter().enumerate() {
        let id = known.ids[n];
        let wanted: Vec<Renaming> = told.into_iter().map(|(was, now)| Renaming { id, was, now }).collect();
        let found = look_up.share(slot_of(id), soon()).await.unwrap();
        let learnt = known.learnt(id).await;
        assert_eq!((found, &learnt), (wanted.len(), &wanted), "{}", old[n]);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_slot_has_its_share() {
    let known = Known::new().await;
    known.stage.twitch.rename(&login(LOGINS[3]), &login("_late_at_night")).unwrap();
    let (id, cancel) = (known.ids[3], CancellationToken::new());
    // A slot takes a second.
    let clock = Clock::virtual_from((slot_of(id) + -2).unix() * 1_000, 300.0);
    let round = tokio::spawn(known.look_up(None, clock).await.run(cancel.clone()));
    tokio::time::timeout(Duration::from_mins(1), async {
        while known.learnt(id).await.is_empty() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    })
    .await
    .unwrap();
    cancel.cancel();
    round.await.unwrap();
    let entries = known.stage.twitch.log().entries();
    let asked = entries.iter().filter(|entry| entry.path.contains("/users?id")).count();
    let sharing = known.ids.iter().filter(|other| (-2..=0).any(|n| slot_of(**other) == slot_of(id) + n)).count();
    assert_eq!(asked, sharing, "nobody else's slot has come");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_told_of_those_who_opted_out_or_by_a_twitch_that_fails() {
    let known = Known::new().await;
    let secret = Secret::new(b"0123456789abcdef").unwrap();
    let mut look_up = known.look_up(Some(secret.clone()), Clock::virtual_from(0, 0.0)).await;
    for name in &LOGINS[..3] {
        known.stage.twitch.rename(&login(name), &login(&format!("{name}_2"))).unwrap();
    }
    // By the login that they have now, which nobody knew.
    let now = format!("{}_2", LOGINS[0]);
    suppress(&known.store, &job(), &secret, &[now.as_str(), LOGINS[1]], &[], 1).await.unwrap();
    for id in &known.ids[..2] {
        assert_eq!(look_up.share(slot_of(*id), soon()).await.unwrap(), 0);
        assert_eq!(known.learnt(*id).await, []);
    }
    for fault in
        [HttpFaults { bad_gateway: 1.0, ..HttpFaults::default() }, HttpFaults { empty: 1.0, ..HttpFaults::default() }]
    {
        known.stage.twitch.faults().set(fault);
        assert_eq!(look_up.share(slot_of(known.ids[2]), soon()).await.unwrap(), 0);
        assert_eq!(known.learnt(known.ids[2]).await, []);
    }
    known.stage.twitch.faults().set(HttpFaults::default());
    assert_eq!(look_up.share(slot_of(known.ids[2]), soon()).await.unwrap(), 1);
}
