//! How few sightings single somebody out, and whether they would be found again.

use model::analysis::Found;
use model::crowd::Refused;
use model::crowd::found_again::FoundAgain;
use model::crowd::single_out::{Needed, SinglingOut, Width};

use super::not_yet;
use crate::components::data_table::{Cell, data_table, text};
use crate::components::speech;
use crate::data::trace::Trace;
use crate::draw::words::count;
use crate::node::{Element, el};
use crate::pages::evidence::by_hour;
use crate::pages::findings::{Said, folded, percent, result_or, section, sure};
use crate::texts::td_string;

/// The section of sightings.
pub(super) fn alone(data: &Trace) -> Element {
    let (language, locale) = speech();
    let day = data.everybody.as_ref().map_or(data.until.plus(-1), |all| all.day);
    let sub = td_string!(locale, trace.alone.sub, date = language.date(day)).to_string();
    let section = section("alone", td_string!(locale, trace.alone.h), sub);
    let Some(finding) = &data.as_seen.singled_out else { return section.child(not_yet()) };
    let why = td_string!(locale, trace.alone.why).to_owned();
    let verdict = result_or("", finding, refused_words, why, |found| vec![of_widths(found), in_bits(found)]);
    let tables = finding.as_ref().ok().map(|Found { value, .. }| {
        let steps = value.widths.first().map(steps);
        el("div").class("mt5").child(widths(value)).maybe(steps)
    });
    section.child(verdict).maybe(tables)
}

fn of_widths(found: &SinglingOut) -> String {
    let (language, locale) = speech();
    let needed = |width: &Width| needed(&width.needed);
    let [finest, .., coarsest] = &found.widths[..] else { return String::new() };
    let people = language.number(found.people.into());
    td_string!(locale, trace.alone.is, people, fine = needed(finest), coarse = needed(coarsest)).to_string()
}

fn in_bits(found: &SinglingOut) -> String {
    let (language, locale) = speech();
    let all = language.decimal(f64::from(found.people.max(1)).log2(), 1);
    let one = found.widths.first().and_then(|width| width.steps.first()).map_or(0.0, |step| step.bits);
    td_string!(locale, trace.alone.bits, all, one = language.decimal(one, 1)).to_string()
}

/// How many sightings it takes, with how sure.
pub(super) fn needed(needed: &Needed) -> String {
    let (language, locale) = speech();
    let number = |n: u32| language.number(n.into());
    match *needed {
        Needed::Within { sightings, from, to: Some(to) } if from == sightings && to == sightings => number(sightings),
        Needed::Within { sightings, from, to: Some(to) } => {
            let n = number(sightings);
            td_string!(locale, trace.alone.within, n, from = number(from), to = number(to)).to_string()
        }
        Needed::Within { sightings, from, to: None } => {
            td_string!(locale, trace.alone.at_least, n = number(sightings), from = number(from)).to_string()
        }
        Needed::NotWithin { sightings } => td_string!(locale, trace.alone.more, n = number(sightings)).to_string(),
    }
}

/// By how finely times are known.
fn widths(found: &SinglingOut) -> Element {
    let (language, locale) = speech();
    let row = |width: &Width| -> Vec<Cell> {
        let first = width.steps.first();
        let percent = percent(language);
        vec![
            text(language.duration(width.minutes.into())),
            text(language.number(width.sightings.into())),
            text(needed(&width.needed)),
            text(first.map_or_else(String::new, |step| percent(step.only_one))),
            text(first.map_or_else(String::new, |step| language.decimal(step.bits, 1))),
        ]
    };
    let headings = [
        (td_string!(locale, trace.alone.width), false),
        (td_string!(locale, trace.alone.left), true),
        (td_string!(locale, trace.alone.enough), true),
        (td_string!(locale, trace.alone.one), true),
        (td_string!(locale, trace.alone.one_bits), true),
    ];
    let rows = found.widths.iter().map(row).collect();
    data_table(td_string!(locale, trace.alone.caption).to_owned(), false, &headings, rows)
}

/// Of five minutes, one sighting after the other.
fn steps(width: &Width) -> Element {
    let (language, locale) = speech();
    let percent = percent(language);
    let decimal = |bits: f64| language.decimal(bits, 1);
    let rows = width.steps.iter().map(|step| -> Vec<Cell> {
        vec![
            text(language.number(step.sightings.into())),
            // 95 of a hundred are enough: 94.5 are not, and would look like it.
            text(language.percent(step.only_one, 1)),
            text(sure(Some(step.only_one_interval), percent)),
            text(decimal(step.bits)),
            text(sure(Some(step.bits_interval), decimal)),
        ]
    });
    let headings = [
        (td_string!(locale, trace.alone.known), false),
        (td_string!(locale, trace.alone.only), true),
        (td_string!(locale, trace.alone.four_in_five), true),
        (td_string!(locale, trace.alone.in_bits), true),
        (td_string!(locale, trace.alone.four_in_five), true),
    ];
    folded(td_string!(locale, trace.alone.steps).to_owned(), &headings, rows.collect())
}

/// The section of other names.
pub(super) fn again(data: &Trace) -> Element {
    let (language, locale) = speech();
    let section = section("again", td_string!(locale, trace.again.h), td_string!(locale, trace.again.sub).to_owned());
    let Some(finding) = &data.as_seen.found_again else { return section.child(not_yet()) };
    let why = td_string!(locale, trace.again.why).to_owned();
    section.child(result_or("", finding, refused_words, why, |found| {
        let mut said = vec![place(found)];
        said.extend(margin(found));
        let alike = [(td_string!(locale, trace.again.alike), found.by_hour.map(Some))];
        let caption = td_string!(locale, trace.again.caption).to_owned();
        Said::from_evidence(said, by_hour(caption, &alike, |score| language.decimal(score, 3)))
    }))
}

fn place(found: &FoundAgain) -> String {
    let (language, locale) = speech();
    let accounts = language.number(found.accounts.into());
    let channels = count!(language, trace.channels, found.channels);
    // A place behind all others would be one of equals.
    if found.score <= 0.0 {
        return td_string!(locale, trace.again.nowhere).to_owned();
    }
    if found.rank == 1 {
        return td_string!(locale, trace.again.first, accounts, channels).to_string();
    }
    let rank = rank(found);
    td_string!(locale, trace.again.place, accounts, channels, rank).to_string()
}

/// A place among accounts.
pub(super) fn rank(found: &FoundAgain) -> String {
    let (language, locale) = speech();
    let rank = language.number(found.rank.into());
    if found.is_exact { rank } else { td_string!(locale, trace.again.about, rank).to_string() }
}

fn margin(found: &FoundAgain) -> Option<String> {
    let (language, locale) = speech();
    let deviations = language.decimal(found.eccentricity.filter(|_| found.rank == 1)?, 1);
    Some(td_string!(locale, trace.again.margin, deviations).to_string())
}

/// Why the crowd says nothing.
pub(super) fn refused_words(refused: &Refused) -> String {
    let (language, locale) = speech();
    let days = |n: u32| count!(language, viewer.days, n);
    match *refused {
        Refused::Bot => td_string!(locale, habits.refused.bot).to_owned(),
        Refused::FewPeople { have, need } => {
            let (have, need) = (language.number(have.into()), language.number(need.into()));
            td_string!(locale, trace.refused.people, have, need).to_string()
        }
        Refused::FewSightings { have, need } => {
            let (have, need) = (count!(language, viewer.samples, have), count!(language, viewer.samples, need));
            td_string!(locale, trace.refused.sightings, have, need).to_string()
        }
        Refused::FewDays { have, need } => {
            td_string!(locale, trace.refused.days, have = days(have), need = days(need)).to_string()
        }
        Refused::EmptyHalf { known, asked, need } => {
            let (known, asked, need) = (days(known), days(asked), days(need));
            td_string!(locale, trace.refused.half, known, asked, need).to_string()
        }
    }
}
