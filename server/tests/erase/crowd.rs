//! The crowd's index beside a running program: what is in its file is what answers are made of, and nobody who is erased.

use std::fs;
use std::sync::Arc;

use collector::clock::Clock;
use importer::crowd::file::{CrowdFile, Seal, TakenOut};
use importer::retention::Retention;
use model::identity::PersonKey;
use model::words::Origin;
use server::crowd::CrowdKeeper;
use server::imports::{ImportRules, Imports};
use store::access::{Job, JobKey};
use store::suppression::Secret;
use store::{AnyStore, Store as _};

use crate::place::{DAYS, Place, SECRET};

struct Running {
    place: Place,
    store: Arc<AnyStore>,
    keeper: CrowdKeeper,
    /// Somebody who is in the index.
    key: PersonKey,
}

impl Running {
    /// A program that starts after a night's figures were worked out by hand.
    async fn new() -> Running {
        let place = Place::new(None).await;
        for day in DAYS {
            place.run(&["import", "--day", day]);
        }
        place.run(&["import", "--nights"]);
        let store = Arc::new(place.open().await);
        let key = JobKey::grant(Job::Erasure);
        let key = store.person(&key, &place.login.parse().unwrap()).await.unwrap().key.unwrap();
        let keeper = CrowdKeeper::new(CrowdFile::new(place.path("crowd-index")), store.clone(), "Europe/Paris");
        Running { place, store, keeper, key }
    }

    async fn seal(&self) -> Seal {
        let made = self.store.population_record().await.unwrap().unwrap();
        Seal { made_at: made.made_at, made_ms: made.made_ms }
    }

    fn people(&self) -> Option<u32> {
        self.keeper.crowd().current().map(|index| index.week_people())
    }

    /// Whether an answer could have them in it; a copy is asked, so that they stay.
    fn is_in_answers(&self) -> bool {
        let index = self.keeper.crowd().current().unwrap();
        (*index).clone().forget(self.key)
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_erasure_by_hand_is_noticed_by_what_runs() {
    let running = Running::new().await;
    assert_eq!(running.people(), None);
    running.keeper.refresh().await;
    let before = running.people().unwrap();
    assert!(before > 100 && running.is_in_answers());
    // As another process does it.
    let file = CrowdFile::new(running.place.path("crowd-index"));
    assert_eq!(file.take_out(Origin::Simulated, running.key).unwrap(), TakenOut::Rewritten);
    running.keeper.refresh().await;
    assert!(!running.is_in_answers());
    assert_eq!(running.people(), Some(before - 1));
    // Removed, it is asked no more.
    assert!(file.remove().unwrap());
    running.keeper.refresh().await;
    assert_eq!(running.people(), None);
    running.store.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_waits_to_be_erased_is_taken_out_by_the_program_itself() {
    let running = Running::new().await;
    running.keeper.refresh().await;
    assert!(running.is_in_answers());
    let before = running.people().unwrap();
    let (key, login) = (JobKey::grant(Job::Erasure), running.place.login.parse().unwrap());
    let subject = running.store.person(&key, &login).await.unwrap();
    running.store.ask_erase(&subject, false, 5).await.unwrap();
    let rules =
        ImportRules { secret: Some(Secret::new(SECRET.as_bytes()).unwrap()), verify: 0, ..ImportRules::default() };
    let imports = Imports {
        archive: running.place.archive().await,
        spool: None,
        store: running.store.clone(),
        clock: Clock::virtual_from((DAYS[1].parse::<model::day::Day>().unwrap().start_unix() + 90_000) * 1_000, 0.0),
        zone: "Europe/Paris".to_owned(),
        rules,
        retention: Retention::default(),
        crowd: running.keeper.clone(),
    };
    imports.catch_up().await.unwrap();
    assert!(!running.is_in_answers());
    assert_eq!(running.people(), Some(before - 1));
    let receipt = running.store.erase_jobs(&key).await.unwrap().pop().unwrap().receipt.unwrap();
    let receipt: importer::erase::Receipt = serde_json::from_str(&receipt).unwrap();
    assert_eq!(receipt.crowd_files, 1);
    // Also for who starts now.
    let file = CrowdFile::new(running.place.path("crowd-index"));
    let next = CrowdKeeper::new(file, running.store.clone(), "Europe/Paris");
    next.refresh().await;
    assert_eq!(next.crowd().current().map(|index| index.week_people()), Some(before - 1));
    running.store.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_is_damaged_or_of_another_night_is_made_again_and_never_asked() {
    let running = Running::new().await;
    running.keeper.refresh().await;
    let (path, people) = (running.place.path("crowd-index"), running.people().unwrap());
    let whole = fs::read(&path).unwrap();
    // Cut; another byte in the middle; another night's, or another store's; nothing of ours.
    let mut changed = whole.clone();
    changed[whole.len() / 2] ^= 0x40;
    let file = CrowdFile::new(&path);
    let (index, _) = file.read(Origin::Simulated, running.seal().await).unwrap().unwrap();
    file.write(index.as_bytes(), Seal { made_ms: 1, ..running.seal().await }).unwrap();
    let other = fs::read(&path).unwrap();
    for wrong in [whole[..whole.len() - 1].to_vec(), changed, other, b"VIGIE".to_vec(), Vec::new()] {
        fs::write(&path, &wrong).unwrap();
        running.keeper.refresh().await;
        assert_eq!(running.people(), None);
        let started = CrowdKeeper::new(CrowdFile::new(&path), running.store.clone(), "Europe/Paris");
        started.refresh().await;
        assert!(started.crowd().current().is_none());
        // It is due, although the population is held.
        let report = running.keeper.make_due(7).await.unwrap().unwrap();
        assert_eq!((running.people(), report.day.to_string()), (Some(people), DAYS[1].to_owned()));
        started.refresh().await;
        assert_eq!(started.crowd().current().map(|index| index.week_people()), Some(people));
        assert!(running.keeper.make_due(8).await.unwrap().is_none());
    }
    running.store.close().await;
}
