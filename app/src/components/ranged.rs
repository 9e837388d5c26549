//! What pages of figures have in common: which days, in which zone.

use charts::tick::Tick;
use model::day::Day;
use model::statistics::TREND_DAYS;

use super::day_bar::zone_select;
use super::speech;
use crate::data::channel_figures::Different;
use crate::data::period::{LeftOut, Period};
use crate::draw::words::{capital, count};
use crate::node::{Element, el};
use crate::query::{Asked, RangeQuery};
use crate::texts::td_string;

/// The choice of days and zone.
pub(crate) fn form(period: &Period, path: &str) -> Element {
    let (language, locale) = speech();
    let option = |days: u16| {
        el("option")
            .attr("value", days.to_string())
            .maybe_attr("selected", (days == period.range).then_some(""))
            .text(count!(language, viewer.days, days))
    };
    let range = el("select")
        .class("input")
        .attr("name", "range")
        .attr("aria-label", td_string!(locale, figures.form.range))
        .children(TREND_DAYS.map(option));
    let at = period.until.start_unix();
    el("form")
        .class("toolbar mt5")
        .attr("method", "get")
        .attr("action", path.to_owned())
        .child(range)
        .child(zone_select(&period.zone, at, &crate::zones::offsets(at)))
        .child(el("button").class("btn").attr("type", "submit").text(td_string!(locale, figures.form.show)))
}

/// What was asked for and could not be had.
pub(crate) fn fallen(period: &Period, query: &RangeQuery) -> Option<Element> {
    let (language, locale) = speech();
    let mut said: Vec<String> = Vec::new();
    if period.unknown_range || query.range == Asked::Malformed {
        let n = language.number(period.range.into());
        said.push(td_string!(locale, figures.fallen.range, n).to_string());
    }
    if period.unknown_zone || query.zone == Asked::Malformed {
        said.push(td_string!(locale, figures.fallen.zone, zone = period.zone.name.clone()).to_string());
    }
    (!said.is_empty()).then(|| el("p").class("fallen mt4").attr("role", "status").text(said.join(" ")))
}

/// Which days the figures are of, and what is not in them yet, in sentences.
pub(crate) fn standing(period: &Period) -> String {
    let (language, locale) = speech();
    let (from, to) = (language.date(period.from()), language.date(period.last()));
    let zone = period.zone.name.clone();
    let mut said = vec![td_string!(locale, figures.standing.days, from, to, zone).to_string()];
    let range = || language.number(period.range.into());
    match period.held {
        held if held >= u32::from(period.range) => {}
        1 => said.push(td_string!(locale, figures.standing.held_one, range = range()).to_string()),
        held => {
            let n = language.number(held.into());
            said.push(td_string!(locale, figures.standing.held, range = range(), n).to_string());
        }
    }
    if period.growing {
        said.push(td_string!(locale, figures.standing.growing).to_owned());
    }
    match period.night {
        None => said.push(td_string!(locale, figures.standing.no_night).to_owned()),
        Some(night) if night != period.last() => {
            said.push(td_string!(locale, figures.standing.night, date = language.date(night)).to_string());
        }
        Some(_) => {}
    }
    said.join(" ")
}

/// That the night which would tell it is not worked out yet.
pub(crate) fn no_night() -> Element {
    let (_, locale) = speech();
    super::shown::none(td_string!(locale, figures.standing.no_night))
}

/// How many different people over the period, and how well that is known.
pub(crate) fn different(different: &Different) -> String {
    let (language, locale) = speech();
    let days = count!(language, viewer.days, different.days);
    match different.people {
        Some(n) if different.counted => {
            td_string!(locale, figures.people.counted, n = language.number(n), days).to_string()
        }
        Some(n) => td_string!(locale, figures.people.estimated, n = language.number(n), days).to_string(),
        None => td_string!(locale, figures.people.few, days).to_string(),
    }
}

/// Whose people a page counts.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Chats {
    /// Of all chats that are followed.
    All,
    /// Of one of them.
    One,
}

/// How many accounts counts of people leave out as bots: that is known of all chats together.
pub(crate) fn left_out(period: &Period, of: Chats) -> Option<Element> {
    let (language, locale) = speech();
    let LeftOut { day, bots } = period.left_out?;
    let n = bots.map_or_else(|| td_string!(locale, figures.people.under_ten).to_owned(), |n| language.number(n));
    let date = language.date(day);
    let said = match of {
        Chats::All => td_string!(locale, figures.people.bots, n, date).to_string(),
        Chats::One => td_string!(locale, figures.people.bots_all, n, date).to_string(),
    };
    Some(el("p").class("hint measure mt4").text(said))
}

/// Whether a sum is of all there was.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sum {
    /// So much was observed that it is.
    Whole,
    /// What was not observed is missing from it.
    AtLeast,
}

impl Sum {
    /// Of what says itself whether too little of it was seen.
    pub(crate) fn of(is_lower_bound: bool) -> Sum {
        if is_lower_bound { Sum::AtLeast } else { Sum::Whole }
    }

    /// The sum in words: where too little was seen, it was more.
    pub(crate) fn write(self, text: String) -> String {
        let (_, locale) = speech();
        match self {
            Sum::Whole => text,
            Sum::AtLeast => td_string!(locale, figures.trends.at_least, text).to_string(),
        }
    }
}

/// A change of a ratio − 1, with its sign: `+3.1%`.
pub(crate) fn signed(share: f64) -> String {
    let (language, _) = speech();
    let text = language.percent(share, usize::from(share.abs() < 0.1));
    if share < 0.0 { text } else { format!("+{text}") }
}

/// Dates below a bar a day, few enough to stand beside each other.
pub(crate) fn date_ticks(days: &[Day]) -> Vec<Tick> {
    let (language, _) = speech();
    let last = days.len().saturating_sub(1);
    let step = days.len().div_ceil(4).max(1);
    let shown = (0..days.len()).filter(|n| (last - n).is_multiple_of(step) && (*n == 0 || *n >= step / 2));
    shown.map(|n| Tick { at: n as u32, label: language.short_day_month(days[n]), secondary: false }).collect()
}

/// The names of the weekdays from Monday.
pub(crate) fn weekdays() -> [&'static str; 7] {
    let (language, _) = speech();
    let any = Day::MIN;
    let monday = any.plus(7 - any.weekday() as i32);
    [0, 1, 2, 3, 4, 5, 6].map(|n| language.weekday(monday.plus(n)))
}

/// The same, as short as rows of a chart need them.
pub(crate) fn short_weekdays() -> [String; 7] {
    weekdays().map(|name| capital(name).chars().take(3).collect())
}

/// Labels of the hours of a day.
pub(crate) fn hour_labels() -> Vec<Tick> {
    let (_, locale) = speech();
    let label = |at: u32| td_string!(locale, habits.usual.label, n = at.to_string()).to_string();
    [0, 6, 12, 18, 24].map(|at| Tick { at, label: label(at), secondary: !at.is_multiple_of(12) }).into()
}
