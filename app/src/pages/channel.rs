//! `/{lang}/channel/{login}?day&tz`: what a channel broadcast and how many watched. Never a viewer's name.

use std::sync::Arc;

use leptos::prelude::*;
use leptos_meta::{Meta, Title};
use leptos_router::hooks::{use_params_map, use_query_map};

use crate::components::chart_table::{Axis, ChartTable};
use crate::components::day_bar::DayBar;
use crate::components::fact_list::FactList;
use crate::components::figure::{Figure, Mark, Svg};
use crate::components::notice::{About, Notice};
use crate::components::plot::{Plot, Read};
use crate::components::remote::remote;
use crate::components::speech;
use crate::data::channel::ChannelDay;
use crate::data::local_day::local;
use crate::draw::channel as draw;
use crate::draw::phrases;
use crate::draw::words::count;
use crate::error::PageError;
use crate::query::DayQuery;
use crate::server_fns::get_channel_day;
use crate::texts::td_string;

/// A channel's page.
#[component]
pub(crate) fn ChannelPage() -> impl IntoView {
    let (params, query) = (use_params_map(), use_query_map());
    let login = Memo::new(move |_| params.with(|params| params.get("login").unwrap_or_default()));
    let asked = Memo::new(move |_| query.with(|q| DayQuery::parse(q.get_str("day"), q.get_str("tz"))));
    remote(
        move || (login.get(), asked.get()),
        |(login, asked)| async move {
            match login.parse() {
                Ok(login) => get_channel_day(login, asked.day.get(), asked.zone.get()).await,
                Err(error) => Err(PageError::Login(error).told()),
            }
        },
        move |data| view! { <Channel data query=asked.get_untracked()/> },
    )
}

#[component]
fn Channel(data: ChannelDay, query: DayQuery) -> impl IntoView {
    let (language, locale) = speech();
    let path = format!("/{}/channel/{}", language.code(), data.login);
    let name = data.name.clone();
    let viewer = data.has_viewer.then(|| format!("/{}/viewer/{}", language.code(), data.login));
    let tag = data.live.as_ref().map(|live| {
        let since = live.started_at.and_then(|at| model::slot::SlotTime::from_unix(at).ok());
        match since.map(|at| local(&data.local.zone, at).1) {
            Some(time) => td_string!(locale, channel.live_since, time).to_string(),
            None => td_string!(locale, channel.live).to_owned(),
        }
    });
    view! {
        <Title text=td_string!(locale, channel.title, name = name.clone()).to_string()/>
        <Meta name="description" content=td_string!(locale, channel.description, name = name.clone()).to_string()/>
        <Notice about=About::Channel/>
        <main id="main">
            <div class="wrap hero">
                <p class="kicker">{td_string!(locale, channel.kicker)}</p>
                <h1 class="login">{name}{tag.map(|tag| view! { " " <span class="tag live">{tag}</span> })}</h1>
                <Lede data=data.clone()/>
                <Figures data=data.clone()/>
            </div>
            <section class="wrap section" id="day" aria-labelledby="day-h">
                <DayBar local=data.local.clone() heading=draw::heading(language, &data) path query/>
                <div class="stack">
                    <OnAir data=data.clone()/>
                    <Audience data/>
                </div>
                <details class="why mt4">
                    <summary>{td_string!(locale, frame.figure.how)}</summary>
                    <p>{td_string!(locale, channel.how)}</p>
                </details>
            </section>
            <Rights viewer/>
        </main>
    }
}

/// What is on at the last sweep.
#[component]
fn Lede(data: ChannelDay) -> impl IntoView {
    let (language, locale) = speech();
    let text = match &data.live {
        Some(live) => {
            let viewers = count!(language, channel.viewers, live.viewers);
            if live.title.is_empty() || live.game.is_empty() {
                td_string!(locale, channel.lede_plain, viewers).to_string()
            } else {
                let quotes = phrases(language);
                let title = format!("{}{}{}", quotes.open_quote, live.title, quotes.close_quote);
                td_string!(locale, channel.lede, title, game = live.game.clone(), viewers).to_string()
            }
        }
        None => td_string!(locale, channel.lede_off).to_owned(),
    };
    let sample = data.live_at.map(|at| {
        let (day, time) = local(&data.local.zone, at);
        let sample = td_string!(locale, channel.sample, date = language.weekday_date(day), time).to_string();
        view! { " " <span class="muted nowrap">{sample}</span> }
    });
    view! { <p class="lede">{text}{sample}</p> }
}

/// Thirty days in figures.
#[component]
fn Figures(data: ChannelDay) -> impl IntoView {
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
    let facts = vec![
        (td_string!(locale, channel.fact.mean), mean, days),
        (td_string!(locale, channel.fact.peak), peak, when),
        (td_string!(locale, channel.fact.on_air), language.duration(hours), on_air),
        (td_string!(locale, channel.fact.watched), language.decimal(figures.hours_watched(), 0), watched.to_owned()),
        (td_string!(locale, channel.fact.listed), listed, td_string!(locale, channel.fact.listed_small).to_owned()),
    ];
    view! { <FactList facts/> }
}

/// Titles and games.
#[component]
fn OnAir(data: ChannelDay) -> impl IntoView {
    let (language, locale) = speech();
    let chart = draw::broadcasts(language, &data);
    let mut legend: Vec<Mark> = chart.legend().into_iter().map(|(class, game)| Mark::new(class, game)).collect();
    if !data.unobserved.is_empty() {
        legend.push(Mark::new("un", td_string!(locale, frame.legend.unobserved)));
    }
    let date = language.weekday_date(data.local.day);
    let caption = td_string!(locale, channel.caption, date, zone = data.local.zone.name.clone()).to_string();
    let (rows, axis) = (chart.rows(), Axis::of(&data.local, false));
    let table = view! { <ChartTable caption table=rows axis/> }.into_any();
    let (held, all) = (language.number(data.local.swept().into()), language.number(data.local.expected().into()));
    let note = td_string!(locale, frame.figure.samples, held, all).to_string();
    let svg = charts::broadcasts::broadcasts("on-air", &chart).to_svg();
    view! {
        <Figure finding=draw::finding(language, &data) sub=td_string!(locale, channel.sub).to_owned() legend table note>
            <Svg svg/>
        </Figure>
    }
}

/// Viewers and chatters.
#[component]
fn Audience(data: ChannelDay) -> impl IntoView {
    let (language, locale) = speech();
    let chart = draw::audience(language, &data);
    let finding = chart.words.desc.clone();
    let label = chart.words.title.clone();
    let peak = draw::peak_label(language, &data, &chart);
    let number = move |n| crate::draw::axis_number(language, n);
    let svg = charts::audience::audience("audience", &chart, &number, peak.as_deref()).to_svg();
    let caption =
        td_string!(locale, channel.audience.caption, date = language.weekday_date(data.local.day)).to_string();
    let (rows, axis) = (chart.rows(), Axis::of(&data.local, true));
    let table = view! { <ChartTable caption table=rows axis/> }.into_any();
    let legend = vec![
        Mark::new("", td_string!(locale, channel.audience.viewers)),
        Mark::new("soft", td_string!(locale, channel.audience.listed)),
        Mark::new("pale", td_string!(locale, channel.audience.rest)),
        Mark::new("un", td_string!(locale, frame.legend.unobserved)),
    ];
    let slots = data.local.slots();
    let data = Arc::new(data);
    let read: Read = Arc::new(move |slot| draw::read(language, &data, slot));
    view! {
        <Figure finding sub=td_string!(locale, channel.audience.sub).to_owned() legend table>
            <Plot svg label class="chart ml" slots read/>
        </Figure>
    }
}

/// What a streamer should know.
#[component]
fn Rights(viewer: Option<String>) -> impl IntoView {
    let (language, locale) = speech();
    view! {
        <section class="wrap section" id="yours" aria-labelledby="yours-h">
            <div class="rights">
                <h2 id="yours-h">{td_string!(locale, channel.rights.h)}</h2>
                <p class="measure muted mt4">{td_string!(locale, channel.rights.text)}</p>
                <p class="toolbar mt5">
                    <a class="btn" href=format!("/{}/about#method", language.code())>{td_string!(locale, channel.rights.link)}</a>
                    {viewer.map(|address| view! { <a class="btn" href=address>{td_string!(locale, channel.rights.viewer)}</a> })}
                </p>
            </div>
        </section>
    }
}
