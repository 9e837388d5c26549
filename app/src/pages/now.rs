//! The last sweep, and the day around it.

use std::sync::Arc;

use crate::components::chart_table::{Rows, chart_table};
use crate::components::fact_list::fact_list;
use crate::components::figure::Figure;
use crate::components::plot::Plot;
use crate::components::speech;
use crate::data::home::{Home, Now};
use crate::data::local_day::local;
use crate::draw::home as draw;
use crate::draw::words::{capital, change};
use crate::node::{Element, el};
use crate::texts::td_string;

/// What is on air now.
pub(crate) fn section(home: &Arc<Home>, now: &Now) -> Element {
    let (language, locale) = speech();
    let (date, time) = draw::moment(language, home, now.at);
    let sub = td_string!(locale, home.now.sub, date, time, zone = home.zone.name.clone()).to_string();
    let header = el("header")
        .child(el("h2").attr("id", "now-h").text(td_string!(locale, home.now.h)))
        .child(el("p").text(capital(&sub)));
    el("section")
        .class("wrap section")
        .attr("aria-labelledby", "now-h")
        .child(header)
        .child(facts(home, now))
        .child(over_day(home, now))
}

fn facts(home: &Home, now: &Now) -> Element {
    let (language, locale) = speech();
    let at = (now.at - now.window.from) as usize;
    let weekday = language.weekday(local(&home.zone, now.at).0);
    let before = now.before.get(at).copied().flatten();
    let viewers_small = match before.and_then(|before| change(language, now.viewers, before)) {
        Some(change) => td_string!(locale, home.now.viewers_small, change, weekday).to_string(),
        None => td_string!(locale, home.now.viewers_alone).to_owned(),
    };
    let complete = td_string!(locale, home.now.channels_small, n = language.number(now.complete.into())).to_string();
    let bots = now.bots.map_or_else(|| td_string!(locale, home.now.bots_few).to_owned(), |n| language.number(n));
    let listed_small = td_string!(locale, home.now.listed_small).to_owned();
    let bots_small = td_string!(locale, home.now.bots_small).to_owned();
    // Channels beyond those that a sweep follows are in neither.
    let seen = |n: u64| format!("{}{}", if now.reached { "≥\u{a0}" } else { "" }, language.number(n));
    let facts = [
        (td_string!(locale, home.now.channels), seen(now.channels.into()), complete),
        (td_string!(locale, home.now.viewers), seen(now.viewers), viewers_small),
        (td_string!(locale, home.now.listed), language.number(now.chatters), listed_small),
        (td_string!(locale, home.now.bots), bots, bots_small),
    ];
    fact_list("facts big mb6", facts)
}

fn over_day(home: &Arc<Home>, now: &Now) -> Element {
    let (language, locale) = speech();
    let chart = draw::over_day(language, home, now);
    let caption = td_string!(locale, home.over.caption).to_owned();
    let until = (now.at - now.window.from) as u32 + 1;
    let held = now.today.iter().take(until as usize).flatten().count() as u64;
    let (held, all) = (language.number(held), language.number(u64::from(until)));
    let figure = Figure {
        chart: &chart,
        boxed: false,
        table: chart_table(caption, &chart, Rows::Hourly),
        note: td_string!(locale, frame.figure.samples_now, held, all).to_string(),
        files: (&super::charts(language), ""),
    };
    let (home, now) = (home.clone(), now.clone());
    figure.around(Plot {
        svg: chart.scene.to_svg(),
        label: chart.scene.title.clone(),
        class: "chart ml",
        slots: now.window.len(),
        read: Arc::new(move |slot| draw::over_read(language, &home, &now, slot)),
    })
}
