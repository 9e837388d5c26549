//! How pages of the server's own put what was found of somebody: a sentence, how sure it is, what it was made of; or why there is none.

use std::borrow::Cow;

use model::analysis::bootstrap::{Estimate, Interval};
use model::analysis::portrait::Finding;
use model::analysis::{Found, Method, Refused};
use model::format::{Language, clock};

use crate::components::data_table::{Cell, Heading, data_table};
use crate::components::figure::how;
use crate::components::speech;
use crate::draw::words::{capital, count};
use crate::node::{Element, el};
use crate::texts::td_string;

/// A section with its heading and what it is.
pub(crate) fn section(id: &'static str, heading: impl Into<Cow<'static, str>>, sub: impl Into<String>) -> Element {
    let sub: String = sub.into();
    el("section")
        .class("wrap section")
        .attr("id", id)
        .attr("aria-labelledby", format!("{id}-h"))
        .child(el("h2").attr("id", format!("{id}-h")).text(heading))
        .child(el("p").class("hint measure mt4 mb5").text(sub))
}

/// A table behind its caption.
pub(crate) fn folded(caption: String, headings: &[Heading], rows: Vec<Vec<Cell>>) -> Element {
    let summary = el("summary").text(caption.clone());
    el("details").class("table mt5").child(summary).child(data_table(caption, true, headings, rows))
}

/// A share of all variation as per cent. Of days that are all alike the estimator is a little over all of it.
pub(crate) fn explained(language: Language) -> impl Fn(f64) -> String + Copy {
    let percent = percent(language);
    move |share| percent(share.min(1.0))
}

/// Why there is no result.
pub(crate) fn refusal(refused: &Refused) -> Element {
    el("p").class("measure muted").text(refused_words(refused))
}

/// The same, in words.
pub(crate) fn refused_words(refused: &Refused) -> String {
    let (language, locale) = speech();
    match *refused {
        Refused::Bot => td_string!(locale, habits.refused.bot).to_owned(),
        Refused::FewDays { have, need } => {
            let (have, need) = (count!(language, viewer.days, have), count!(language, viewer.days, need));
            td_string!(locale, habits.refused.few, have, need).to_string()
        }
        Refused::Constant => td_string!(locale, habits.refused.constant).to_owned(),
        Refused::AlwaysOn { minutes: 0 } => td_string!(locale, habits.refused.never).to_owned(),
        Refused::AlwaysOn { minutes } => {
            let minutes = language.duration(minutes.into());
            td_string!(locale, habits.refused.always, minutes).to_string()
        }
        Refused::SpeechOnly => td_string!(locale, habits.refused.speech).to_owned(),
        Refused::Coarse { .. } => td_string!(locale, habits.refused.coarse).to_owned(),
        Refused::Elsewhere { hour } => {
            let from = clock(u32::from(hour) * 60);
            td_string!(locale, habits.refused.elsewhere, from).to_string()
        }
        Refused::Gaps { hours } => {
            td_string!(locale, habits.refused.gaps, hours = count!(language, habits.hours, hours)).to_string()
        }
    }
}

/// What is said of a result: sentences, and what it was read from, which stands with how it is worked out.
pub(crate) struct Said {
    sentences: Vec<String>,
    evidence: Option<Element>,
}

impl From<Vec<String>> for Said {
    fn from(sentences: Vec<String>) -> Said {
        Said { sentences, evidence: None }
    }
}

impl Said {
    /// With what it was read from.
    pub(crate) fn from_evidence(sentences: Vec<String>, evidence: Element) -> Said {
        Said { sentences, evidence: Some(evidence) }
    }
}

/// A result of a person alone: see [`result_or`].
pub(crate) fn result<T, S: Into<Said>>(
    heading: &'static str,
    finding: &Finding<T>,
    why: String,
    say: impl FnOnce(&T) -> S,
) -> Element {
    result_or(heading, finding, refused_words, why, say)
}

/// A result: its sentences, what it is made of, how it is worked out; or why there is none.
pub(crate) fn result_or<T, R, S: Into<Said>>(
    heading: &'static str,
    finding: &Result<Found<T>, R>,
    refused: impl FnOnce(&R) -> String,
    why: String,
    say: impl FnOnce(&T) -> S,
) -> Element {
    let verdict = el("div").class("mt6").maybe((!heading.is_empty()).then(|| el("h3").text(heading)));
    let found = match finding {
        Ok(found) => found,
        Err(why_not) => return verdict.child(el("p").class("measure muted mt4").text(refused(why_not))),
    };
    let Said { sentences, evidence } = say(&found.value).into();
    let mut sentences = sentences.into_iter();
    let finding = el("p").class("measure mt4").child(el("mark").text(sentences.next().unwrap_or_default()));
    verdict
        .child(finding)
        .children(sentences.map(|sentence| el("p").class("measure mt4").text(sentence)))
        .child(made_of(found))
        .child(how([&why]).maybe(evidence))
}

/// How many days a result is made of, and by which method.
pub(crate) fn made_of<T>(found: &Found<T>) -> Element {
    el("p").class("hint mt4").text(format!("{}, {}.", of_days(found.days), method_words(&found.method)))
}

/// By which method what is above is worked out, of results that say elsewhere of how many days they are.
pub(crate) fn worked_out_by(method: &Method) -> Element {
    el("p").class("hint mt4").text(format!("{}.", capital(&method_words(method))))
}

/// `method offline-window 2`.
fn method_words(method: &Method) -> String {
    let (_, locale) = speech();
    let Method { id, version, .. } = method;
    td_string!(locale, habits.says.method, id = id.to_string(), version = version.to_string()).to_string()
}

/// `From 56 days`, as a sentence begins.
pub(crate) fn of_days(days: u32) -> String {
    let (language, locale) = speech();
    capital(td_string!(locale, habits.says.of, days = count!(language, viewer.days, days)).as_ref())
}

/// An hour of the local clock, `23:15`.
pub(crate) fn hour(hours: f64) -> String {
    clock((hours * 60.0).round() as u32 % 1_440)
}

/// A sentence's end: how sure; empty where it is not known.
pub(crate) fn sure(interval: Option<Interval>, write: impl Fn(f64) -> String) -> String {
    let (_, locale) = speech();
    interval.map_or_else(String::new, |Interval { from, to }| {
        let (from, to) = (write(from), write(to));
        if from == to {
            return td_string!(locale, habits.says.same, at = from).to_string();
        }
        td_string!(locale, habits.says.interval, from, to).to_string()
    })
}

/// A value with how sure it is in brackets.
pub(crate) fn with_interval(estimate: &Estimate, write: impl Fn(f64) -> String) -> String {
    match sure(estimate.interval, &write) {
        interval if interval.is_empty() => write(estimate.value),
        interval => format!("{} ({interval})", write(estimate.value)),
    }
}

pub(crate) fn percent(language: Language) -> impl Fn(f64) -> String + Copy {
    move |share| language.percent(share, usize::from(share < 0.1))
}
