//! What is tried: where it begins, what a whole run makes of it, what a run that was stopped may leave.

use std::time::{Duration, Instant};

use model::words::Tier;

use crate::cluster::Cluster;
use crate::place::{Crowd, Place, Seen};

/// A command in a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Case {
    Import,
    ImportAgain,
    /// A month is closed, made coarser, and its objects go.
    Retain,
    /// All that is about persons in a month goes.
    Forget,
    Erase,
    Backup,
    /// Into another folder or database than the store's.
    Restore,
}

/// A case, ready to be tried again and again.
pub(crate) struct Prepared {
    pub(crate) case: Case,
    /// Where it begins; copied for each round.
    begun: Place,
    pub(crate) before: Seen,
    pub(crate) after: Seen,
    /// How long a whole run takes.
    pub(crate) usual: Duration,
}

impl Prepared {
    pub(crate) async fn new(case: Case, postgres: Option<&Cluster>, crowd: Crowd) -> Prepared {
        let mut begun = Place::new(postgres, crowd).await;
        case.begin(&begun);
        let before = begun.seen().await;
        begun.restores = case == Case::Restore;
        let whole = begun.twin(postgres, None).await;
        let start = Instant::now();
        whole.finish(&case.words(&whole));
        let usual = start.elapsed();
        let after = whole.seen().await;
        case.check(&before, &after);
        Prepared { case, begun, before, after, usual }
    }

    /// A place where the case begins; in this folder, else where temporary files are.
    pub(crate) async fn place(&self, postgres: Option<&Cluster>, within: Option<&std::path::Path>) -> Place {
        self.begun.twin(postgres, within).await
    }

    /// What the case is done with in a place.
    pub(crate) fn words(&self, place: &Place) -> Vec<String> {
        self.case.words(place)
    }

    /// Asserts that a run that was stopped left what it may, and that another one makes all of it.
    pub(crate) async fn resumes(&self, place: &Place, how: &str) {
        let seen = place.seen().await;
        assert!(self.case.allows(&self.before, &self.after, &seen), "{how} left {seen:?}");
        // What is there already is not written over.
        if matches!(self.case, Case::Backup | Case::Restore) && seen == self.after {
            return;
        }
        place.finish(&self.words(place));
        assert!(place.seen().await == self.after, "{how}, and finished: {:?}", place.seen().await);
        place.finish(&["store", "check", "--full"]);
    }
}

impl Case {
    /// The words that start it.
    fn words(self, place: &Place) -> Vec<String> {
        let words: &[&str] = match self {
            Case::Import | Case::ImportAgain => &["import", "--day", "2025-03-02"],
            Case::Retain => &["retain"],
            Case::Forget => &["retain", "--config", "forget.toml"],
            Case::Erase => &["erase", "--login", &place.login],
            Case::Backup => &["store", "backup", "backup"],
            Case::Restore => &["store", "restore", "backup", "--store", &place.restored_store()],
        };
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    /// Brings a new place to where the case begins.
    fn begin(self, place: &Place) {
        place.finish(&["import", "--day", "2025-03-01"]);
        if self != Case::Import {
            place.finish(&["import", "--day", "2025-03-02"]);
        }
        if self == Case::Restore {
            place.finish(&Case::Backup.words(place));
        }
    }

    /// Whether a whole run does what the case is about: else nothing would be told by stopping it.
    fn check(self, before: &Seen, after: &Seen) {
        let counts = |seen: &Seen| seen.people.iter().filter(|day| !day.is_empty()).count();
        match self {
            Case::Import => assert_eq!((counts(before), counts(after)), (1, 2)),
            Case::ImportAgain => assert_eq!((counts(before), before), (2, after)),
            Case::Retain => {
                assert_eq!((after.tier, before.archived, after.archived), (Some(Tier::Hours), 2, 0));
                assert!(!after.hours.is_empty());
            }
            Case::Forget => assert_eq!((after.tier, after.archived), (Some(Tier::Aggregates), 0)),
            Case::Erase => {
                assert!(before.named > 0 && before.people != before.others);
                assert_eq!((after.named, &after.people), (0, &before.others));
            }
            Case::Backup => assert_eq!((before.backups.len(), after.backups.len()), (0, 1)),
            Case::Restore => assert_eq!((&before.restored, &after.restored), (&None, &Some(before.people.clone()))),
        }
    }

    /// Whether what is seen after a stop is allowed.
    fn allows(self, before: &Seen, after: &Seen, seen: &Seen) -> bool {
        match self {
            // A day, a backup, a store is there whole or not at all; imported again a day is the same.
            Case::Import | Case::ImportAgain | Case::Backup | Case::Restore => seen == before || seen == after,
            // Step by step: people's rows are slots or hours, never half of each, and objects go one by one.
            Case::Retain | Case::Forget => match seen.tier {
                None | Some(Tier::Slots) => seen.people == before.people,
                Some(_) => seen.tier == after.tier && seen.hours == after.hours,
            },
            // Everybody else is untouched at each moment, and no object is lost.
            Case::Erase => {
                seen.others == before.others && seen.others == after.others && seen.objects == before.objects
            }
        }
    }
}
