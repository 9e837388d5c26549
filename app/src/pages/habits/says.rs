//! What samples say of somebody: each result in a sentence, how sure it is, what it was made of; or why there is none.

use model::analysis::bootstrap::{Estimate, Interval};
use model::analysis::portrait::{Finding, Portrait};
use model::analysis::{Found, Refused};
use model::format::{Language, clock};

use crate::components::speech;
use crate::draw::words::count;
use crate::node::{Element, el};
use crate::texts::td_string;

/// The section.
pub(super) fn says(portrait: &Portrait) -> Element {
    let (_, locale) = speech();
    super::section("says", td_string!(locale, habits.says.h), td_string!(locale, habits.says.sub).to_owned())
        .child(offline(portrait))
        .child(chronotype(portrait))
        .child(rhythm(portrait))
        .child(circadian(portrait))
        .child(predictability(portrait))
}

/// Why there is no result.
pub(super) fn refusal(refused: &Refused) -> Element {
    el("p").class("measure muted").text(refused_words(refused))
}

fn refused_words(refused: &Refused) -> String {
    let (language, locale) = speech();
    match *refused {
        Refused::FewDays { have, need } => {
            let (have, need) = (count!(language, viewer.days, have), count!(language, viewer.days, need));
            td_string!(locale, habits.refused.few, have, need).to_string()
        }
        Refused::Constant => td_string!(locale, habits.refused.constant).to_owned(),
        Refused::AlwaysOn { minutes } => {
            let minutes = language.duration(minutes.into());
            td_string!(locale, habits.refused.always, minutes).to_string()
        }
        Refused::SpeechOnly => td_string!(locale, habits.refused.speech).to_owned(),
        Refused::Coarse { .. } => td_string!(locale, habits.refused.coarse).to_owned(),
        Refused::Gaps { hours } => {
            td_string!(locale, habits.refused.gaps, hours = count!(language, habits.hours, hours)).to_string()
        }
    }
}

/// A result: its sentences, what it is made of, how it is worked out.
fn result<T>(
    heading: &'static str,
    finding: &Finding<T>,
    why: String,
    sentences: impl FnOnce(&T) -> Vec<String>,
) -> Element {
    let (language, locale) = speech();
    let verdict = el("div").class("mt6").child(el("h3").text(heading));
    let Found { value, days, method } = match finding {
        Ok(found) => found,
        Err(refused) => return verdict.child(refusal(refused).class("measure muted mt4")),
    };
    let days = count!(language, viewer.days, *days);
    let made = format!(
        "{}, {}",
        td_string!(locale, habits.says.of, days),
        td_string!(locale, habits.says.method, id = method.id.to_string(), version = method.version.to_string())
    );
    let mut sentences = sentences(value).into_iter();
    let finding = el("p").class("measure mt4").child(el("mark").text(sentences.next().unwrap_or_default()));
    let how = el("details")
        .class("why mt4")
        .child(el("summary").text(td_string!(locale, frame.figure.how)))
        .child(el("p").text(why));
    verdict
        .child(finding)
        .children(sentences.map(|sentence| el("p").class("measure mt4").text(sentence)))
        .child(el("p").class("hint mt4").text(capital(&made)))
        .child(how)
}

fn capital(text: &str) -> String {
    format!("{}.", crate::draw::words::capital(text))
}

/// An hour of the local clock, `23:15`.
fn hour(hours: f64) -> String {
    clock((hours * 60.0).round() as u32 % 1_440)
}

/// A sentence's end: how sure; empty where it is not known.
fn sure(interval: Option<Interval>, write: impl Fn(f64) -> String) -> String {
    let (_, locale) = speech();
    interval.map_or_else(String::new, |Interval { from, to }| {
        td_string!(locale, habits.says.interval, from = write(from), to = write(to)).to_string()
    })
}

/// A value with how sure it is in brackets.
fn with_interval(estimate: &Estimate, write: impl Fn(f64) -> String) -> String {
    match sure(estimate.interval, &write) {
        interval if interval.is_empty() => write(estimate.value),
        interval => format!("{} ({interval})", write(estimate.value)),
    }
}

fn percent(language: Language) -> impl Fn(f64) -> String {
    move |share| language.percent(share, usize::from(share < 0.1))
}

fn offline(portrait: &Portrait) -> Element {
    let (language, locale) = speech();
    let why = td_string!(locale, habits.says.offline.why).to_owned();
    result(td_string!(locale, habits.says.offline.h), &portrait.offline, why, |found| {
        let share = percent(language);
        let is = td_string!(
            locale,
            habits.says.offline.is,
            from = hour(found.from.value),
            to = hour(found.to.value),
            inside = share(found.inside),
            outside = share(found.outside)
        );
        let begins = td_string!(locale, habits.says.offline.from, interval = sure(found.from.interval, hour));
        let ends = td_string!(locale, habits.says.offline.to, interval = sure(found.to.interval, hour));
        vec![is, capital(&begins), capital(&ends)]
    })
}

fn chronotype(portrait: &Portrait) -> Element {
    let (language, locale) = speech();
    let why = td_string!(locale, habits.says.chronotype.why).to_owned();
    result(td_string!(locale, habits.says.chronotype.h), &portrait.chronotype, why, |found| {
        let is = td_string!(
            locale,
            habits.says.chronotype.is,
            work = hour(found.workdays),
            free = hour(found.free_days),
            corrected = with_interval(&found.corrected, hour)
        );
        let duration = |hours: f64| language.duration_short((hours * 60.0).round() as u64);
        let hours = with_interval(&found.social_jetlag, duration);
        vec![is, td_string!(locale, habits.says.chronotype.jetlag, hours).to_string()]
    })
}

fn rhythm(portrait: &Portrait) -> Element {
    let (language, locale) = speech();
    let why = td_string!(locale, habits.says.rhythm.why).to_owned();
    result(td_string!(locale, habits.says.rhythm.h), &portrait.rhythm, why, |found| {
        let away = match &found.office_ratio {
            Some(ratio) => {
                let ratio = with_interval(ratio, percent(language));
                td_string!(locale, habits.says.rhythm.away, ratio).to_string()
            }
            None => td_string!(locale, habits.says.rhythm.free).to_owned(),
        };
        let bits = with_interval(&found.divergence, |bits| language.decimal(bits, 2));
        vec![away, td_string!(locale, habits.says.rhythm.divergence, bits).to_string()]
    })
}

fn circadian(portrait: &Portrait) -> Element {
    let (language, locale) = speech();
    let decimal = |value: f64| language.decimal(value, 2);
    let amplitude =
        portrait.circadian.as_ref().map_or(String::new(), |found| with_interval(&found.value.amplitude, decimal));
    let why = td_string!(locale, habits.says.circadian.why, amplitude).to_string();
    result(td_string!(locale, habits.says.circadian.h), &portrait.circadian, why, |found| {
        let is = td_string!(
            locale,
            habits.says.circadian.is,
            stability = with_interval(&found.stability, percent(language)),
            variability = with_interval(&found.variability, decimal),
            least = hour(found.least_from.into()),
            most = hour(found.most_from.into())
        );
        let mut sentences = vec![is];
        sentences.extend(portrait.sleep_regularity.as_ref().ok().map(|index| {
            // From −100 to 100: none of the samples the same, all of them.
            let same = with_interval(&index.value, |index| language.percent((index + 100.0) / 200.0, 0));
            td_string!(locale, habits.says.circadian.sri, same).to_string()
        }));
        sentences
    })
}

fn predictability(portrait: &Portrait) -> Element {
    let (language, locale) = speech();
    let why = td_string!(locale, habits.says.predictability.why).to_owned();
    result(td_string!(locale, habits.says.predictability.h), &portrait.predictability, why, |found| {
        let is = td_string!(
            locale,
            habits.says.predictability.is,
            bound = with_interval(&found.bound, percent(language)),
            entropy = language.decimal(found.entropy.value, 2),
            states = language.number(found.states.into())
        );
        vec![is]
    })
}
