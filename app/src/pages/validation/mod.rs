//! `/{lang}/validation`: how good the inferences are, tried on invented people. Of the server alone.

mod terms;

use model::format::Language;
use model::validation::detection::Detection;
use model::validation::number::{Errors, Intervals};
use model::validation::ranks::Recall;
use model::validation::reliability::Reliability;
use model::validation::score::Measure;
use model::validation::share::Share;

use self::terms::term;
use crate::components::data_table::{Cell, data_table, text};
use crate::components::notice::{About, page as with_notice};
use crate::components::speech;
use crate::data::validation::{Family, Inference, Quantity, Report};
use crate::draw::words::{apart, count, list};
use crate::head::Head;
use crate::node::{Element, Node, el};
use crate::pages::findings::section;
use crate::texts::td_string;

/// Groups of people told of a quantity: those of whom it fails most often.
const WORST: usize = 3;
/// A group of fewer readings is not told.
const GROUP_LEAST: u32 = 10;

/// The page.
pub(crate) fn page(report: &Report) -> (Head, Node) {
    let (language, locale) = speech();
    let days = count!(language, viewer.days, report.until.days().abs_diff(report.from.days()));
    let accounts: u32 = report.families.iter().map(|family| family.accounts).sum();
    let lede = td_string!(locale, validation.lede, accounts = language.number(accounts.into()), days).to_string();
    let (from, to) = (language.date(report.from), language.date(report.until.plus(-1)));
    let command = format!(
        "vigie validate --people {} --days {} --seed {} --json",
        report.people,
        report.until.days() - report.from.days(),
        report.seed
    );
    let seed = td_string!(locale, validation.seed, seed = report.seed.to_string(), from, to, command = "").to_string();
    let hero = el("div")
        .class("wrap hero")
        .child(el("p").class("kicker").text(td_string!(locale, validation.kicker)))
        .child(el("h1").text(td_string!(locale, validation.h)))
        .child(el("p").class("lede").text(lede))
        .child(el("p").class("measure mt4").text(td_string!(locale, validation.sub)))
        .child(el("p").class("measure mt4").text(td_string!(locale, validation.how)))
        .child(el("p").class("hint mt4").text(seed).child(el("code").text(command)));
    // What nothing was tuned on says most.
    let main = el("main").child(hero).children(report.families.iter().rev().map(family));
    let head = Head { title: td_string!(locale, validation.title).to_owned(), ..Head::default() };
    (head, with_notice(About::Site, main).into())
}

fn family(family: &Family) -> Element {
    let (language, locale) = speech();
    let name = family.name.to_uppercase();
    let (id, tuned) = if family.name == "a" {
        ("family-a", td_string!(locale, validation.family.a))
    } else {
        ("family-b", td_string!(locale, validation.family.b))
    };
    let known = family.known.map_or(0.0, |known| known.median);
    let facts = td_string!(
        locale,
        validation.facts,
        zones = language.number(family.zones.into()),
        known = language.percent(known, 0)
    );
    let heading = td_string!(locale, validation.family.h, name).to_string();
    section(id, heading, format!("{tuned}. {facts}")).children(family.inferences.iter().map(inference))
}

fn inference(inference: &Inference) -> Element {
    let (language, locale) = speech();
    let asked = language.number(inference.asked.into());
    let refused = inference.refused.map_or("–".to_owned(), |share| percent(language, share.share));
    let mut said = vec![td_string!(locale, validation.asked, asked, refused).to_string()];
    if !inference.reasons.is_empty() {
        let reasons: Vec<String> = inference
            .reasons
            .iter()
            .map(|reason| format!("{} ({})", term(&reason.reason), language.number(reason.count.into())))
            .collect();
        said.push(td_string!(locale, validation.reasons, reasons = reasons.join(", ")).to_string());
    }
    if let Some(Share { count, of, .. }) = inference.answered_without_truth {
        let (count, of) = (language.number(count.into()), language.number(of.into()));
        said.push(td_string!(locale, validation.without, count, of).to_string());
    }
    let name = term(&inference.id);
    let numbers: Vec<Vec<Cell>> = inference.quantities.iter().filter_map(number).collect();
    let table = (!numbers.is_empty()).then(|| {
        let headings = [
            (td_string!(locale, validation.table.quantity), false),
            (td_string!(locale, validation.table.median), true),
            (td_string!(locale, validation.table.nine), true),
            (td_string!(locale, validation.table.bias), true),
            (td_string!(locale, validation.table.holds), true),
            (td_string!(locale, validation.table.width), true),
        ];
        let caption = td_string!(locale, validation.table.caption, name = name.clone()).to_string();
        el("div").class("mt4").child(data_table(caption, true, &headings, numbers))
    });
    let told = inference.quantities.iter().filter_map(sentence).chain(worst(&inference.quantities));
    el("div")
        .class("mt6")
        .child(el("h3").text(name))
        .child(el("p").class("hint mt4").text(said.join(" ")))
        .maybe(table)
        .children(told.map(|sentence| el("p").class("measure mt4").text(sentence)))
}

/// A row of numbers with their errors; nothing of other quantities.
fn number(quantity: &Quantity) -> Option<Vec<Cell>> {
    let (language, _) = speech();
    let Measure::Number { errors: Errors { median, p90, bias, .. }, intervals } = &quantity.measure else {
        return None;
    };
    let decimal = |value: f64| language.decimal(value, 2);
    let signed = format!("{}{}", if *bias < 0.0 { "" } else { "+" }, decimal(*bias));
    let of = |write: &dyn Fn(&Intervals) -> String| text(intervals.as_ref().map_or("–".to_owned(), write));
    let unit = if quantity.unit.is_empty() { String::new() } else { format!(" ({})", quantity.unit) };
    Some(vec![
        text(format!("{}{unit}", term(&quantity.id))),
        text(decimal(*median)),
        text(decimal(*p90)),
        text(signed),
        of(&|intervals| percent(language, intervals.coverage.share)),
        of(&|intervals| decimal(intervals.mean_width)),
    ])
}

/// What is no number with an error, in a sentence.
fn sentence(quantity: &Quantity) -> Option<String> {
    let (language, locale) = speech();
    let name = crate::draw::words::capital(&term(&quantity.id));
    let share = |share: &Option<Share>| share.map_or("–".to_owned(), |share| percent(language, share.share));
    Some(match &quantity.measure {
        Measure::Number { .. } => return None,
        Measure::Detection(Detection { precision, recall, auc, .. }) => {
            let area = auc.map_or("–".to_owned(), |area| language.decimal(area, 3));
            let (precision, recall) = (share(precision), share(recall));
            td_string!(locale, validation.detection, name, precision, recall, area).to_string()
        }
        Measure::Right { right } => {
            td_string!(locale, validation.right, name, right = percent(language, right.share)).to_string()
        }
        Measure::Reliability(Reliability { bins, brier, calibration_error }) => {
            let bins: Vec<String> = bins
                .iter()
                .map(|bin| {
                    let (claimed, held) = (percent(language, bin.claimed), percent(language, bin.held.share));
                    td_string!(locale, validation.bin, claimed, held).to_string()
                })
                .collect();
            let (off, brier) = (percent(language, *calibration_error), language.decimal(*brier, 3));
            td_string!(locale, validation.claimed, name, off, brier, bins = apart(language, &bins)).to_string()
        }
        Measure::Ranks { recall } => {
            let found: Vec<String> = recall
                .iter()
                .map(|Recall { among, at_1, at_10 }| {
                    let among = language.number((*among).into());
                    let (first, ten) = (percent(language, at_1.share), percent(language, at_10.share));
                    td_string!(locale, validation.rank, among, first, ten).to_string()
                })
                .collect();
            td_string!(locale, validation.ranks, name, found = list(language, &found)).to_string()
        }
        Measure::Spread(spread) => {
            let decimal = |value: f64| language.decimal(value, 2);
            let (median, from, to) = (decimal(spread.median), decimal(spread.p10), decimal(spread.p90));
            td_string!(locale, validation.spread, name, median, from, to).to_string()
        }
    })
}

/// Of whom an inference fails most, by the first of its quantities that fails of anybody.
fn worst(quantities: &[Quantity]) -> Option<String> {
    let (language, locale) = speech();
    let failing = |quantity: &Quantity| -> Vec<String> {
        let groups = quantity.groups.iter().filter(|group| group.failed.count > 0 && group.failed.of >= GROUP_LEAST);
        let told = groups.take(WORST).map(|group| {
            let (count, of) = (language.number(group.failed.count.into()), language.number(group.failed.of.into()));
            td_string!(locale, validation.group, name = term(&group.group), count, of).to_string()
        });
        told.collect()
    };
    let groups = quantities.iter().map(failing).find(|groups| !groups.is_empty())?;
    Some(td_string!(locale, validation.groups, groups = groups.join(", ")).to_string())
}

fn percent(language: Language, share: f64) -> String {
    language.percent(share, usize::from(share < 0.1))
}
