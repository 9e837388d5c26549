//! What samples say of somebody: each result in a sentence, how sure it is, what it was made of; or why there is none.

use model::analysis::Refused;
use model::analysis::portrait::Portrait;
use model::analysis::predictability::Predictability;

use crate::components::data_table::{Cell, data_table, text};
use crate::components::speech;
use crate::draw::words::capital;
use crate::node::{Element, el};
use crate::pages::evidence::{bars, by_hour, hours_of};
use crate::pages::findings::{Said, explained, hour, percent, refusal, result, section, sure, with_interval};
use crate::pages::validation_link;
use crate::texts::td_string;

/// The section.
pub(super) fn says(portrait: &Portrait) -> Element {
    let (_, locale) = speech();
    let tried = el("p").class("mt4").child(validation_link());
    let section =
        section("says", td_string!(locale, habits.says.h), td_string!(locale, habits.says.sub).to_owned()).child(tried);
    if let Some(refused) = all_refused(portrait) {
        return section.child(el("div").class("mt5").child(refusal(&refused)));
    }
    section
        .child(offline(portrait))
        .child(chronotype(portrait))
        .child(rhythm(portrait))
        .child(circadian(portrait))
        .child(sleep_regularity(portrait))
        .child(predictability(portrait))
}

/// Why nothing at all is said: once, and not of each.
fn all_refused(portrait: &Portrait) -> Option<Refused> {
    let all = [
        portrait.offline.as_ref().err(),
        portrait.chronotype.as_ref().err(),
        portrait.rhythm.as_ref().err(),
        portrait.circadian.as_ref().err(),
        portrait.sleep_regularity.as_ref().err(),
        portrait.predictability.as_ref().err(),
    ];
    let first = *all[0]?;
    all.iter().all(|refused| *refused == Some(&first)).then_some(first)
}

/// Windows offline that are looked for have so many hours at most.
const LONGEST_HOURS: f64 = 12.0;

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
        let there = td_string!(locale, habits.says.evidence.there);
        let caption = td_string!(locale, habits.says.evidence.exposed).to_owned();
        let profile = by_hour(caption, &[(there, hours_of(&found.profile))], share);
        let mut said = vec![is, capital(&begins), capital(&ends)];
        if found.hours() >= LONGEST_HOURS {
            said.push(td_string!(locale, habits.says.offline.longest).to_owned());
        }
        Said::from_evidence(said, profile)
    })
}

fn chronotype(portrait: &Portrait) -> Element {
    let (language, locale) = speech();
    let why = td_string!(locale, habits.says.chronotype.why).to_owned();
    result(td_string!(locale, habits.says.chronotype.h), &portrait.chronotype, why, |found| {
        let is = td_string!(
            locale,
            habits.says.chronotype.is,
            work = with_interval(&found.workdays, hour),
            free = with_interval(&found.free_days, hour),
            corrected = with_interval(&found.corrected, hour)
        );
        let duration = |hours: f64| language.duration_short((hours * 60.0).round() as u64);
        let hours = with_interval(&found.social_jetlag, duration);
        let nights = [
            (td_string!(locale, habits.says.evidence.work), hours_of(&found.workday_profile)),
            (td_string!(locale, habits.says.evidence.free), hours_of(&found.free_profile)),
        ];
        let profiles = by_hour(td_string!(locale, habits.says.evidence.exposed).to_owned(), &nights, percent(language));
        Said::from_evidence(vec![is, td_string!(locale, habits.says.chronotype.jetlag, hours).to_string()], profiles)
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
        let days = [
            (td_string!(locale, habits.usual.workdays), found.workdays.map(Some)),
            (td_string!(locale, habits.says.evidence.free_days), found.free_days.map(Some)),
        ];
        let profiles = by_hour(td_string!(locale, habits.says.evidence.known).to_owned(), &days, percent(language));
        Said::from_evidence(vec![away, td_string!(locale, habits.says.rhythm.divergence, bits).to_string()], profiles)
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
            stability = with_interval(&found.stability, explained(language)),
            variability = with_interval(&found.variability, decimal)
        );
        let windows = td_string!(
            locale,
            habits.says.circadian.windows,
            least = with_interval(&found.least_from, hour),
            most = with_interval(&found.most_from, hour)
        );
        let usual = [(td_string!(locale, habits.says.evidence.minutes), found.profile.map(Some))];
        let caption = td_string!(locale, habits.says.evidence.mean).to_owned();
        Said::from_evidence(vec![is, windows], by_hour(caption, &usual, |minutes| language.decimal(minutes, 0)))
    })
}

fn sleep_regularity(portrait: &Portrait) -> Element {
    let (language, locale) = speech();
    let why = td_string!(locale, habits.says.sri.why).to_owned();
    result(td_string!(locale, habits.says.sri.h), &portrait.sleep_regularity, why, |found| {
        // From −100 to 100: none of the samples the same, all of them.
        let same = with_interval(&found.index, |index| language.percent((index + 100.0) / 200.0, 0));
        let alike = [(td_string!(locale, habits.says.evidence.same), found.same.map(Some))];
        let caption = td_string!(locale, habits.says.evidence.same_caption).to_owned();
        let profile = by_hour(caption, &alike, percent(language));
        Said::from_evidence(vec![td_string!(locale, habits.says.sri.is, same).to_string()], profile)
    })
}

fn predictability(portrait: &Portrait) -> Element {
    let (language, locale) = speech();
    let why = td_string!(locale, habits.says.predictability.why).to_owned();
    result(td_string!(locale, habits.says.predictability.h), &portrait.predictability, why, |found| {
        let bound = with_interval(&found.bound, percent(language));
        let entropy = with_interval(&found.entropy, |bits| language.decimal(bits, 2));
        let states = language.number(found.states.into());
        let is = td_string!(locale, habits.says.predictability.is, bound).to_string();
        let entropy = td_string!(locale, habits.says.predictability.entropy, entropy, states).to_string();
        Said::from_evidence(vec![is, entropy], repeats(found))
    })
}

/// How long it goes on as it did before.
fn repeats(found: &Predictability) -> Element {
    let (language, locale) = speech();
    let last = found.repeats.len() - 1;
    // Of each the first length: 0, 1, 2, 4, 8 hours and so on.
    let first = |place: usize| if place == 0 { 0 } else { 1u64 << (place - 1) };
    let named = |place: usize| {
        let from = language.number(first(place));
        if place == last {
            return td_string!(locale, habits.says.evidence.or_more, from).to_string();
        }
        match first(place + 1) - 1 {
            to if to == first(place) => from,
            to => td_string!(locale, habits.says.evidence.to, from, to = language.number(to)).to_string(),
        }
    };
    let bars = bars(&found.repeats.map(Some), [named(0), named(last / 2), named(last)]);
    let share = percent(language);
    let rows: Vec<Vec<Cell>> =
        found.repeats.iter().enumerate().map(|(place, of)| vec![text(named(place)), text(share(*of))]).collect();
    let headings = [
        (td_string!(locale, habits.says.evidence.repeat_hours), false),
        (td_string!(locale, habits.says.evidence.repeat_share), true),
    ];
    let caption = td_string!(locale, habits.says.evidence.repeats).to_owned();
    let table = data_table(caption.clone(), true, &headings, rows);
    el("div").child(el("p").text(caption)).child(bars).child(el("div").class("mt4").child(table))
}
