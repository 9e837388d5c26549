//! `/{lang}/channel/{login}?day&tz`: what a channel broadcast and how many watched. Never a viewer's name.

use std::sync::Arc;

use crate::components::chart_table::{Rows, chart_table};
use crate::components::day_bar::{day_bar, observed};
use crate::components::fact_list::fact_list;
use crate::components::figure::{Figure, how};
use crate::components::notice::{About, page as with_notice};
use crate::components::plot::Plot;
use crate::components::speech;
use crate::data::channel::ChannelDay;
use crate::data::local_day::local;
use crate::draw::channel as draw;
use crate::draw::phrases;
use crate::draw::words::count;
use crate::head::Head;
use crate::node::{Element, Node, chart, el};
use crate::query::DayQuery;
use crate::texts::td_string;

/// A channel's page.
pub(crate) fn page(data: ChannelDay, query: &DayQuery) -> (Head, Node) {
    let (language, locale) = speech();
    let path = format!("/{}/channel/{}", language.code(), data.login);
    let name = data.name.clone();
    let tag = data.live.as_ref().map(|live| {
        let since = live.started_at.and_then(|at| model::slot::SlotTime::from_unix(at).ok());
        let text = match since.map(|at| local(&data.local.zone, at).1) {
            Some(time) => td_string!(locale, channel.live_since, time).to_string(),
            None => td_string!(locale, channel.live).to_owned(),
        };
        el("span").class("tag live").text(text)
    });
    let viewer = data.has_viewer.then(|| format!("/{}/viewer/{}", language.code(), data.login));
    let hero = el("div")
        .class("wrap hero")
        .child(el("p").class("kicker").text(td_string!(locale, channel.kicker)))
        .child(el("h1").class("login").text(name.clone()).text(" ").maybe(tag))
        .child(lede(&data))
        .child(super::way_on(format!("{path}/figures"), td_string!(locale, channel.figures_tab)))
        .child(figures(&data));
    let day = el("section")
        .class("wrap section")
        .attr("id", "day")
        .attr("aria-labelledby", "day-h")
        .child(day_bar(&data.local, draw::heading(language, &data), observed(&data.local), &path, query))
        .child(el("div").class("stack").child(on_air(&data, &path)).child(audience(data, &path)))
        .child(how([td_string!(locale, channel.how)]));
    let head = Head {
        title: td_string!(locale, channel.title, name = name.clone()).to_string(),
        description: td_string!(locale, channel.description, name).to_string(),
        robots: "",
    };
    let main = el("main").child(hero).child(day).child(rights(viewer));
    (head, with_notice(About::Channel, main).into())
}

/// What is on at the last sweep.
fn lede(data: &ChannelDay) -> Element {
    let (language, locale) = speech();
    let text = match &data.live {
        Some(live) => {
            let viewers = count!(language, channel.viewers, live.viewers);
            if live.title.is_empty() || live.game.is_empty() {
                td_string!(locale, channel.lede_plain, viewers).to_string()
            } else {
                let title = phrases(language).quote(&live.title);
                td_string!(locale, channel.lede, title, game = live.game.clone(), viewers).to_string()
            }
        }
        None => td_string!(locale, channel.lede_off).to_owned(),
    };
    let sample = data.live_at.map(|at| {
        let (day, time) = local(&data.local.zone, at);
        let sample = td_string!(locale, channel.sample, date = language.weekday_date(day), time).to_string();
        el("span").class("muted nowrap").text(sample)
    });
    el("p").class("lede").text(text).text(" ").maybe(sample)
}

/// Thirty days in figures.
fn figures(data: &ChannelDay) -> Element {
    let (language, locale) = speech();
    let figures = data.figures;
    let unknown = || td_string!(locale, channel.fact.unknown).to_owned();
    let days = td_string!(locale, channel.fact.days).to_owned();
    let mean = figures.mean_viewers.map_or_else(unknown, |mean| language.decimal(mean, 0));
    let (peak, when) = figures.peak.map_or_else(
        || (unknown(), String::new()),
        |(at, most)| (language.number(most.into()), language.day_month(local(&data.local.zone, at).0)),
    );
    let broadcasts = count!(language, channel.broadcasts, figures.broadcasts);
    let on_air = td_string!(locale, channel.fact.on_air_small, broadcasts).to_string();
    let watched = if figures.is_lower_bound() {
        td_string!(locale, channel.fact.at_least)
    } else {
        td_string!(locale, channel.fact.watched_small)
    };
    let listed = figures.listed_share.map_or_else(unknown, |share| language.percent(share, 0));
    let minutes = figures.live_slots * 5;
    let hours = if minutes < 600 { minutes } else { (minutes + 30) / 60 * 60 };
    let facts = [
        (td_string!(locale, channel.fact.mean), mean, days),
        (td_string!(locale, channel.fact.peak), peak, when),
        (td_string!(locale, channel.fact.on_air), language.duration(hours), on_air),
        (td_string!(locale, channel.fact.watched), language.decimal(figures.hours_watched(), 0), watched.to_owned()),
        (td_string!(locale, channel.fact.listed), listed, td_string!(locale, channel.fact.listed_small).to_owned()),
    ];
    fact_list("facts mt6", facts)
}

/// Titles and games.
fn on_air(data: &ChannelDay, folder: &str) -> Element {
    let (language, locale) = speech();
    let shown = draw::on_air(language, data);
    let date = language.weekday_date(data.local.day);
    let caption = td_string!(locale, channel.caption, date, zone = data.local.zone.name.clone()).to_string();
    let (held, all) = (language.number(data.local.swept().into()), language.number(data.local.expected().into()));
    let figure = Figure {
        chart: &shown,
        boxed: false,
        table: chart_table(caption, &shown, Rows::All),
        note: td_string!(locale, frame.figure.samples, held, all).to_string(),
        files: (folder, &DayQuery::of(&data.local).to_string()),
    };
    figure.around(chart(shown.scene.to_svg()))
}

/// Viewers and chatters.
fn audience(data: ChannelDay, folder: &str) -> Element {
    let (language, locale) = speech();
    let shown = draw::audience(language, &data);
    let date = language.weekday_date(data.local.day);
    let caption = td_string!(locale, channel.audience.caption, date).to_string();
    let figure = Figure {
        chart: &shown,
        boxed: false,
        table: chart_table(caption, &shown, Rows::Hourly),
        note: String::new(),
        files: (folder, &DayQuery::of(&data.local).to_string()),
    };
    let plot = Plot {
        svg: shown.scene.to_svg(),
        label: shown.scene.title.clone(),
        class: "chart ml",
        slots: data.local.slots(),
        read: Arc::new(move |slot| draw::read(language, &data, slot)),
    };
    figure.around(plot)
}

/// What a streamer should know; `viewer` is the address of the same name's page as a viewer.
pub(super) fn rights(viewer: Option<String>) -> Element {
    let (language, locale) = speech();
    let link = |address: String, text: &'static str| el("a").class("btn").attr("href", address).text(text);
    let counted = link(format!("/{}/about#method", language.code()), td_string!(locale, channel.rights.link));
    let viewer = viewer.map(|address| link(address, td_string!(locale, channel.rights.viewer)));
    let rights = el("div")
        .class("rights")
        .child(el("h2").attr("id", "yours-h").text(td_string!(locale, channel.rights.h)))
        .child(el("p").class("measure muted mt4").text(td_string!(locale, channel.rights.text)))
        .child(el("p").class("toolbar mt5").child(counted).maybe(viewer).child(super::validation_link().class("btn")));
    el("section").class("wrap section").attr("id", "yours").attr("aria-labelledby", "yours-h").child(rights)
}
