//! The inferences that are validated: an entry each, which asks it about one account and holds the answer against the truth.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread::available_parallelism;

use model::analysis::Refused;
use model::analysis::bootstrap::around;
use model::analysis::chronotype::chronotype;
use model::analysis::offline::{always_on, offline};
use model::analysis::predictability::predictability;
use model::analysis::record::Trace;
use model::analysis::rhythm::rhythm;
use model::coverage::PersonCoverage;
use model::validation::number::Held;
use model::validation::score::score;
use model::validation::{Answer, Case, Outcome, Quantity, Reading};
use simulator::population::PersonKind;
use simulator::truth::person::WorkTruth;

use super::report::InferenceReport;
use super::subject::Subject;

/// An inference.
pub(super) struct Entry {
    /// What `docs/analysis.md` calls it.
    pub(super) id: &'static str,
    /// Of whom there is a truth; answers about others count apart.
    about: fn(&Subject) -> bool,
    /// Asks it.
    ask: fn(&Subject, &Trace) -> Result<Vec<Reading>, Refused>,
}

/// All of them. One that is added needs no other change.
pub(super) const TABLE: &[Entry] = &[
    Entry { id: "offline-window", about: sleeps, ask: ask_offline },
    Entry { id: "chronotype", about: |subject| subject.chronotype.is_some(), ask: ask_chronotype },
    Entry { id: "work-rhythm", about: sleeps, ask: ask_rhythm },
    Entry { id: "predictability", about: sleeps, ask: ask_predictability },
    Entry { id: "always-on", about: |_| true, ask: ask_always_on },
    Entry { id: "bot", about: |_| true, ask: ask_bot },
];

/// Asks each inference about each account, on all cores, and scores the answers. `done` is told of each account.
pub(super) fn ask(table: &'static [Entry], subjects: &[Subject], done: &(dyn Fn() + Sync)) -> Vec<InferenceReport> {
    let next = AtomicUsize::new(0);
    let answers: Mutex<Vec<(usize, Vec<Case>)>> = Mutex::new(Vec::with_capacity(subjects.len()));
    std::thread::scope(|scope| {
        for _ in 0..available_parallelism().map_or(1, std::num::NonZero::get) {
            scope.spawn(|| {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    let Some(subject) = subjects.get(number) else { break };
                    let cases = table.iter().map(|entry| entry.case(subject)).collect();
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
    fn case(&self, subject: &Subject) -> Case {
        let answer = match &subject.trace {
            None => Answer::Refused("never seen"),
            Some(trace) => match (self.ask)(subject, trace) {
                Ok(readings) => Answer::Found(readings),
                Err(refused) => Answer::Refused(reason(refused)),
            },
        };
        Case { groups: subject.groups.clone(), has_truth: (self.about)(subject), answer }
    }
}

fn reason(refused: Refused) -> &'static str {
    match refused {
        Refused::FewDays { .. } => "few days",
        Refused::Constant => "nothing differs",
        Refused::AlwaysOn { .. } => "always on",
        Refused::Gaps { .. } => "gaps",
    }
}

fn sleeps(subject: &Subject) -> bool {
    subject.usual.is_some()
}

/// The hours of the clock.
const ROUND: f64 = 24.0;

const fn hours(id: &'static str, against: &'static str) -> Quantity {
    Quantity { id, unit: "h", against, fails_over: 2.0 }
}

static FROM: Quantity = hours("from", "when they fall asleep, the median of true nights at home and well");
static TO: Quantity = hours("to", "when they get up, likewise");
static MIDDLE: Quantity = hours("middle", "the middle of their sleep, likewise");
static LENGTH: Quantity = hours("length", "how long they sleep, likewise");
static FROM_PRESENCE: Quantity = hours("from-presence", "the same method on three times the days without a gap");
static TO_PRESENCE: Quantity = hours("to-presence", "the same method on three times the days without a gap");

fn ask_offline(subject: &Subject, trace: &Trace) -> Result<Vec<Reading>, Refused> {
    let found = offline(trace.fine(), trace.slots(), &subject.zone, subject.seed, |_| true)?.value;
    let mut readings = Vec::new();
    if let Some(usual) = subject.usual {
        let clock = |quantity, found, interval: Option<(f64, f64)>, truth| clock(quantity, found, interval, truth);
        let from = (found.from_interval.from, found.from_interval.to);
        let to = (found.to_interval.from, found.to_interval.to);
        readings.extend([
            clock(&FROM, found.from, Some(from), usual.from),
            clock(&TO, found.to, Some(to), usual.to),
            clock(&MIDDLE, found.middle(), None, usual.middle),
            Reading {
                quantity: &LENGTH,
                outcome: Outcome::Number { error: found.hours() - usual.hours, interval: None },
            },
        ]);
        let (first, days) = &subject.complete;
        if let Ok(complete) = offline(*first, days, &subject.zone, subject.seed, |_| true) {
            readings.push(clock(&FROM_PRESENCE, found.from, Some(from), complete.value.from));
            readings.push(clock(&TO_PRESENCE, found.to, Some(to), complete.value.to));
        }
    }
    Ok(readings)
}

/// A time of the clock against a true one.
fn clock(quantity: &'static Quantity, found: f64, interval: Option<(f64, f64)>, truth: f64) -> Reading {
    let interval = interval.map(|(from, to)| Held::on_circle(from, to, truth, ROUND));
    Reading { quantity, outcome: Outcome::Number { error: around(found - truth, ROUND), interval } }
}

static MSW: Quantity = hours("msw", "the middle of true sleep before their days of work");
static MSF: Quantity = hours("msf", "the same before their free days");
static MSF_SC: Quantity = hours("msf-sc", "MSFsc of true sleep");
static SOCIAL_JETLAG: Quantity = hours("social-jetlag", "social jetlag of true sleep");

fn ask_chronotype(subject: &Subject, trace: &Trace) -> Result<Vec<Reading>, Refused> {
    let is_free = |day| subject.is_free(day);
    let found = chronotype(trace.fine(), trace.slots(), &subject.zone, subject.seed, is_free)?.value;
    let Some(truth) = subject.chronotype else { return Ok(Vec::new()) };
    let (corrected, jetlag) = (found.corrected_interval, found.social_jetlag_interval);
    let held = Held::on_line(jetlag.from, jetlag.to, truth.social_jetlag);
    Ok(vec![
        clock(&MSW, found.workdays, None, truth.workdays),
        clock(&MSF, found.free_days, None, truth.free_days),
        clock(&MSF_SC, found.corrected, Some((corrected.from, corrected.to)), truth.corrected),
        Reading {
            quantity: &SOCIAL_JETLAG,
            outcome: Outcome::Number { error: found.social_jetlag - truth.social_jetlag, interval: Some(held) },
        },
    ])
}

static OFFICE: Quantity = Quantity {
    id: "office-ratio",
    unit: "",
    against: "works or has lessons by day on four workdays or more, told by a ratio under 1",
    fails_over: 0.0,
};
static DIVERGENCE: Quantity =
    Quantity { id: "divergence", unit: "bit", against: "nothing: how it lies", fails_over: 0.0 };

fn ask_rhythm(subject: &Subject, trace: &Trace) -> Result<Vec<Reading>, Refused> {
    let found = rhythm(&trace.grid(&subject.zone), |day| subject.is_free(day))?.value;
    let workdays = subject.truth.work.filter(WorkTruth::is_by_day);
    let truth = workdays.is_some_and(|work| (work.days & 0b001_1111).count_ones() >= 4);
    let mut readings = vec![Reading { quantity: &DIVERGENCE, outcome: Outcome::Value(found.divergence) }];
    readings.extend(found.office_ratio.map(|ratio| Reading {
        quantity: &OFFICE,
        outcome: Outcome::Detected { score: -ratio, said: ratio < 1.0, truth },
    }));
    Ok(readings)
}

static BOUND: Quantity = Quantity { id: "bound", unit: "", against: "nothing: how it lies", fails_over: 0.0 };
static ENTROPY: Quantity = Quantity { id: "entropy", unit: "bit/h", against: "nothing: how it lies", fails_over: 0.0 };

fn ask_predictability(_: &Subject, trace: &Trace) -> Result<Vec<Reading>, Refused> {
    // Nobody's chat is a state like any other; keys begin at 0.
    let states: Vec<Option<u32>> =
        trace.states().iter().map(|state| state.map(|most| most.map_or(0, |key| key.0.saturating_add(1)))).collect();
    let found = predictability(&states)?.value;
    let value = |quantity, value| Reading { quantity, outcome: Outcome::Value(value) };
    Ok(vec![value(&BOUND, found.bound), value(&ENTROPY, found.entropy)])
}

static ALWAYS_ON: Quantity =
    Quantity { id: "always-on", unit: "", against: "a screen that is always on, or a bot", fails_over: 0.0 };

#[expect(clippy::unnecessary_wraps, reason = "others refuse")]
fn ask_always_on(subject: &Subject, trace: &Trace) -> Result<Vec<Reading>, Refused> {
    let seen: Vec<PersonCoverage> = trace.slots().iter().map(|day| day.coverage).collect();
    let said = always_on(&seen).is_err();
    let outcome = Outcome::Detected { score: f64::from(u8::from(said)), said, truth: !subject.truth.kind.is_person() };
    Ok(vec![Reading { quantity: &ALWAYS_ON, outcome }])
}

static BOT: Quantity =
    Quantity { id: "bot", unit: "", against: "a bot, told by two of the last seven active days", fails_over: 0.0 };
/// Active days that are looked at, and flagged ones among them by which an account is a bot.
const BOT_DAYS: (usize, usize) = (7, 2);

#[expect(clippy::unnecessary_wraps, reason = "others refuse")]
fn ask_bot(subject: &Subject, _: &Trace) -> Result<Vec<Reading>, Refused> {
    let flagged = subject.bot_days.iter().rev().take(BOT_DAYS.0).filter(|bot| **bot).count();
    let truth = subject.truth.kind == PersonKind::Bot;
    let outcome = Outcome::Detected { score: flagged as f64, said: flagged >= BOT_DAYS.1, truth };
    Ok(vec![Reading { quantity: &BOT, outcome }])
}
