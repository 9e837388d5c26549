//! `/{lang}`: the idea, a search, what is on now, and whether we get it right.

use std::sync::Arc;

use leptos::prelude::*;
use leptos_meta::{Meta, Title};

use crate::components::chart_table::{Axis, ChartTable};
use crate::components::data_table::{DataCell, DataTable, Heading};
use crate::components::fact_list::FactList;
use crate::components::figure::{Figure, Mark, Svg};
use crate::components::icons::{CHECK, CROSS, Icon, LOCK};
use crate::components::notice::{About, Notice};
use crate::components::plot::{Plot, Read};
use crate::components::remote::remote;
use crate::components::search_form::SearchForm;
use crate::components::speech;
use crate::data::home::{Home, Now, Persona, TopChannel};
use crate::data::local_day::local;
use crate::draw::home as draw;
use crate::draw::words::change;
use crate::pages::trust::Trust;
use crate::server_fns::get_home;
use crate::texts::td_string;

/// The home page.
#[component]
pub(crate) fn HomePage() -> impl IntoView {
    remote(|| (), |()| get_home(), |home| view! { <HomeView home/> })
}

#[component]
fn HomeView(home: Home) -> impl IntoView {
    let (_, locale) = speech();
    let home = Arc::new(home);
    view! {
        <Title text=td_string!(locale, home.title)/>
        <Meta name="description" content=td_string!(locale, home.description)/>
        <Notice about=About::Site/>
        <main id="main">
            <Hero home=home.clone()/>
            <People home=home.clone()/>
            {home.now.clone().map(|now| view! { <LiveNow home=home.clone() now/> })}
            <Top home=home.clone()/>
            <Trust home/>
            <Deal/>
        </main>
    }
}

/// The idea and the search, beside eleven weeks of somebody invented.
#[component]
fn Hero(home: Arc<Home>) -> impl IntoView {
    let (language, locale) = speech();
    let picture = home.raster.as_ref().map(|raster| {
        let svg = charts::raster::raster("weeks", &draw::raster(language, raster)).to_svg();
        let (login, zone) = (raster.login.to_string(), home.zone.name.clone());
        view! {
            <figure class="fig">
                <Svg svg/>
                <figcaption>
                    <span class="sub">{td_string!(locale, home.raster.sub, login, zone).to_string()}</span>
                </figcaption>
            </figure>
        }
    });
    let class = if picture.is_some() { "wrap hero home" } else { "wrap hero" };
    view! {
        <div class=class>
            <div>
                <h1>{td_string!(locale, home.h1)}</h1>
                <p class="lede">{td_string!(locale, home.lede)}</p>
                <SearchForm wrong=None/>
            </div>
            {picture}
        </div>
    }
}

/// Invented people to try.
#[component]
fn People(home: Arc<Home>) -> impl IntoView {
    let (language, locale) = speech();
    if home.personas.is_empty() {
        return ().into_any();
    }
    let address = move |persona: &Persona| format!("/{}/viewer/{}", language.code(), persona.login);
    let (cards, others): (Vec<&Persona>, Vec<&Persona>) = home.personas.iter().partition(|one| !one.hours.is_empty());
    let cards = cards
        .into_iter()
        .map(|persona| {
            let svg = charts::hour_bars::hour_bars("", &draw::hours(language, persona)).to_svg();
            let who = match language {
                model::format::Language::French => persona.fr.clone(),
                model::format::Language::English => persona.en.clone(),
            };
            view! {
                <a class="persona" href=address(persona)>
                    <b>{persona.login.to_string()}</b>
                    <span>{who}</span>
                    <Svg svg/>
                </a>
            }
        })
        .collect_view();
    let others = (!others.is_empty()).then(|| {
        let links = others
            .into_iter()
            .map(|persona| view! { <li><a href=address(persona)>{persona.login.to_string()}</a></li> })
            .collect_view();
        view! {
            <p class="hint mt4" id="others">{td_string!(locale, home.people.others)}</p>
            <ul class="names" role="list" aria-labelledby="others">{links}</ul>
        }
    });
    view! {
        <section class="wrap section bare" aria-labelledby="try-h">
            <h2 class="kicker mb4" id="try-h">{td_string!(locale, home.people.h)}</h2>
            <div class="cols-3 tight">{cards}</div>
            <p class="hint mt4">{td_string!(locale, home.people.hint, zone = home.zone.name.clone()).to_string()}</p>
            {others}
        </section>
    }
    .into_any()
}

/// The last sweep, and the day around it.
#[component]
fn LiveNow(home: Arc<Home>, now: Now) -> impl IntoView {
    let (language, locale) = speech();
    let (date, time) = draw::moment(language, &home, now.at);
    let zone = home.zone.name.clone();
    let sub = td_string!(locale, home.now.sub, date, time, zone = zone.clone()).to_string();
    view! {
        <section class="wrap section" aria-labelledby="now-h">
            <header>
                <h2 id="now-h">{td_string!(locale, home.now.h)}</h2>
                <p>{crate::draw::words::capital(&sub)}</p>
            </header>
            <NowFacts home=home.clone() now=now.clone()/>
            <OverDay home now/>
        </section>
    }
}

#[component]
fn NowFacts(home: Arc<Home>, now: Now) -> impl IntoView {
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
    let facts = vec![
        (td_string!(locale, home.now.channels), language.number(now.channels.into()), complete),
        (td_string!(locale, home.now.viewers), language.number(now.viewers), viewers_small),
        (
            td_string!(locale, home.now.listed),
            language.number(now.chatters),
            td_string!(locale, home.now.listed_small).to_owned(),
        ),
        (td_string!(locale, home.now.bots), bots, td_string!(locale, home.now.bots_small).to_owned()),
    ];
    view! { <FactList facts big=true/> }
}

#[component]
fn OverDay(home: Arc<Home>, now: Now) -> impl IntoView {
    let (language, locale) = speech();
    let chart = draw::over_day(language, &home, &now);
    let number = move |n| crate::draw::axis_number(language, n);
    let svg = charts::over_day::over_day("over-day", &chart, &number).to_svg();
    let clocks = (0..=now.window.len()).map(|slot| local(&home.zone, now.window.from + slot as i32).1).collect();
    let (caption, rows) = (td_string!(locale, home.over.caption).to_owned(), chart.rows());
    let table = view! { <ChartTable caption table=rows axis=Axis::Clock { clocks, hourly: true }/> }.into_any();
    let weekday = language.weekday(local(&home.zone, now.at).0);
    let legend = vec![
        Mark::new("", td_string!(locale, home.over.today)),
        Mark::new("dash", td_string!(locale, home.over.before, weekday).to_string()),
        Mark::new("un", td_string!(locale, frame.legend.unobserved)),
    ];
    let until = (now.at - now.window.from) as u32 + 1;
    let held = now.today.iter().take(until as usize).flatten().count() as u64;
    let (held, all) = (language.number(held), language.number(u64::from(until)));
    let note = td_string!(locale, frame.figure.samples_now, held, all).to_string();
    let finding = draw::over_finding(language, &home, &now);
    let sub = td_string!(locale, home.over.sub, zone = home.zone.name.clone()).to_string();
    let (label, slots) = (chart.words.title.clone(), now.window.len());
    let read: Read = Arc::new(move |slot| draw::over_read(language, &home, &now, slot));
    view! {
        <Figure finding sub legend table note>
            <Plot svg label class="chart ml" slots read/>
        </Figure>
    }
}

/// The most watched channels, and different people per day.
#[component]
fn Top(home: Arc<Home>) -> impl IntoView {
    let (language, locale) = speech();
    let row = |(n, channel): (usize, &TopChannel)| {
        let svg = charts::sparkline::sparkline(&format!("spark-{n}"), &draw::spark(language, channel)).to_svg();
        let address = format!("/{}/channel/{}", language.code(), channel.login);
        vec![
            DataCell::link(channel.name.clone(), address, channel.game.clone()),
            DataCell::svg(svg),
            language.number(channel.viewers.into()).into(),
        ]
    };
    let rows: Vec<Vec<DataCell>> = home.top.iter().enumerate().map(row).collect();
    let headings = vec![
        Heading { name: td_string!(locale, home.top.channel), number: false },
        Heading { name: td_string!(locale, home.top.trail), number: false },
        Heading { name: td_string!(locale, home.top.viewers), number: true },
    ];
    let title = td_string!(locale, home.top.h);
    let none = rows.is_empty().then(|| view! { <p class="muted">{td_string!(locale, home.top.none)}</p> });
    let people = draw::people(language, &home);
    let number = move |n| crate::draw::axis_number(language, n);
    let svg = charts::day_bars::day_bars("people", &people, &number).to_svg();
    let (caption, bars) = (td_string!(locale, home.days.title).to_owned(), people.rows());
    let bars = view! { <ChartTable caption table=bars axis=Axis::None/> }.into_any();
    view! {
        <section class="wrap section" aria-labelledby="top-h">
            <div class="cols-2 cols-32">
                <div>
                    <h2 id="top-h" class="h3 mb5">{title}</h2>
                    <DataTable caption=title.to_owned() quiet=true headings rows/>
                    {none}
                </div>
                <Figure
                    finding=draw::people_finding(language, &home)
                    sub=td_string!(locale, home.days.sub).to_owned()
                    table=bars
                >
                    <Svg svg/>
                </Figure>
            </div>
        </section>
    }
}

/// What we do, what we don't, and what is not there yet.
#[component]
fn Deal() -> impl IntoView {
    let (_, locale) = speech();
    let items = [
        (CHECK, td_string!(locale, home.deal.show_bold), td_string!(locale, home.deal.show_rest)),
        (CROSS, td_string!(locale, home.deal.never_bold), td_string!(locale, home.deal.never_rest)),
        (LOCK, td_string!(locale, home.deal.yet_bold), td_string!(locale, home.deal.yet_rest)),
    ];
    view! {
        <section class="wrap section split" aria-labelledby="do-h">
            <header><h2 id="do-h">{td_string!(locale, home.deal.h)}</h2></header>
            <ul class="plain" role="list">
                {items
                    .into_iter()
                    .map(|(icon, bold, rest)| view! { <li><Icon path=icon/><p><b>{bold}</b>{rest}</p></li> })
                    .collect_view()}
            </ul>
        </section>
    }
}
