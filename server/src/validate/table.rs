//! The inferences that are validated: an entry each, which holds what was said about one account against the truth.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread::available_parallelism;

use model::analysis::portrait::Portrait;
use model::analysis::{Refused, tastes};
use model::crowd;
use model::validation::score::score;
use model::validation::{Answer, Case, Reading};
use simulator::population::PersonKind;

use super::everybody::Everybody;
use super::judge;
use super::report::InferenceReport;
use super::subject::Subject;

/// An inference.
pub(super) struct Entry {
    /// What `docs/analysis.md` calls it.
    pub(super) id: &'static str,
    /// Of whom there is a truth; answers about others count apart.
    about: fn(&Subject) -> bool,
    /// Holds what was said against the truth. Of what is not refused, a reading a quantity.
    judge: fn(&Subject, &Portrait, &Everybody) -> Result<Vec<Reading>, Reason>,
}

/// Why there is no answer, without its numbers.
pub(super) struct Reason(pub(super) &'static str);

/// All of them. One that is added needs no other change.
pub(super) const TABLE: &[Entry] = &[
    Entry { id: "offline-window", about: sleeps, judge: judge::nights::offline },
    Entry { id: "chronotype", about: |subject| subject.chronotype.is_some(), judge: judge::nights::chronotype },
    Entry { id: "work-rhythm", about: sleeps, judge: judge::days::rhythm },
    Entry { id: "circadian", about: sleeps, judge: judge::days::circadian },
    Entry { id: "sri", about: sleeps, judge: judge::days::sleep_regularity },
    Entry { id: "predictability", about: sleeps, judge: judge::days::predictability },
    Entry { id: "next", about: sleeps, judge: judge::forecast::foretold },
    Entry { id: "time-zone", about: sleeps, judge: judge::crowd::time_zone },
    Entry { id: "found-again", about: |subject| subject.truth.other.is_some(), judge: judge::crowd::found_again },
    Entry { id: "favourites", about: sleeps, judge: judge::accounts::favourites },
    Entry { id: "tastes", about: sleeps, judge: judge::accounts::tastes },
    Entry {
        id: "always-on",
        about: |subject| subject.truth.kind != PersonKind::Bot,
        judge: judge::accounts::always_on,
    },
    Entry { id: "bot", about: |_| true, judge: judge::accounts::bot },
];

/// Asks each inference about each account, on all cores, and scores the answers. `done` is told of each account.
pub(super) fn ask(
    table: &'static [Entry],
    subjects: &[Subject],
    everybody: &Everybody,
    done: &(dyn Fn() + Sync),
) -> Vec<InferenceReport> {
    let next = AtomicUsize::new(0);
    let answers: Mutex<Vec<(usize, Vec<Case>)>> = Mutex::new(Vec::with_capacity(subjects.len()));
    std::thread::scope(|scope| {
        for _ in 0..available_parallelism().map_or(1, std::num::NonZero::get) {
            scope.spawn(|| {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    let Some(subject) = subjects.get(number) else { break };
                    let portrait = subject.portrait();
                    let cases = table.iter().map(|entry| entry.case(subject, portrait.as_ref(), everybody)).collect();
                    answers.lock().unwrap_or_else(PoisonError::into_inner).push((number, cases));
                    done();
                }
            });
        }
    });
    let mut answers = answers.into_inner().unwrap_or_else(PoisonError::into_inner);
    answers.sort_unstable_by_key(|(number, _)| *number);
    let report = |place: usize| {
        let cases: Vec<Case> = answers.iter().filter_map(|(_, cases)| cases.get(place)).cloned().collect();
        InferenceReport { id: table[place].id, score: score(&cases) }
    };
    (0..table.len()).map(report).collect()
}

impl Entry {
    fn case(&self, subject: &Subject, portrait: Option<&Portrait>, everybody: &Everybody) -> Case {
        let answer = match portrait.map(|portrait| (self.judge)(subject, portrait, everybody)) {
            None => Answer::Refused("never seen"),
            Some(Ok(readings)) => Answer::Found(readings),
            Some(Err(Reason(reason))) => Answer::Refused(reason),
        };
        Case { groups: subject.groups.clone(), has_truth: (self.about)(subject), answer }
    }
}

impl From<Refused> for Reason {
    fn from(refused: Refused) -> Reason {
        Reason(match refused {
            Refused::Bot => "a program",
            Refused::FewDays { .. } => "few days",
            Refused::Constant => "nothing differs",
            Refused::AlwaysOn { .. } => "always on",
            Refused::Elsewhere { .. } => "elsewhere",
            Refused::Gaps { .. } => "gaps",
            Refused::SpeechOnly => "speech only",
            Refused::Coarse { .. } => "coarse",
        })
    }
}

impl From<tastes::Refused> for Reason {
    fn from(refused: tastes::Refused) -> Reason {
        Reason(match refused {
            tastes::Refused::FewPeople { .. } => "few people",
            tastes::Refused::FewDays { .. } => "few days",
            tastes::Refused::Person(refused) => return refused.into(),
        })
    }
}

impl From<crowd::Refused> for Reason {
    fn from(refused: crowd::Refused) -> Reason {
        Reason(match refused {
            crowd::Refused::Bot => "a program",
            crowd::Refused::FewPeople { .. } => "few people",
            crowd::Refused::FewSightings { .. } => "few sightings",
            crowd::Refused::FewDays { .. } => "few days",
            crowd::Refused::EmptyHalf { .. } => "an empty half",
        })
    }
}

/// Somebody with nights, and enough of them.
fn sleeps(subject: &Subject) -> bool {
    subject.usual.is_some()
}
