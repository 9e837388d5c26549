//! `/{lang}/viewer/{login}?day&tz`: what is known of a person, and one day of it.

use std::sync::Arc;

use leptos::prelude::*;
use leptos_meta::{Meta, Title};
use leptos_router::hooks::{use_params_map, use_query_map};

use crate::components::day_bar::DayBar;
use crate::components::fact_list::FactList;
use crate::components::figure::{Figure, Mark};
use crate::components::notice::{About, Notice};
use crate::components::plot::{Plot, Read};
use crate::components::remote::remote;
use crate::components::speech;
use crate::data::local_day::local;
use crate::data::viewer::{ViewerDay, ViewerHead};
use crate::draw::viewer as draw;
use crate::draw::words::count;
use crate::error::PageError;
use crate::facts::Facts;
use crate::pages::visits::Visits;
use crate::query::DayQuery;
use crate::server_fns::get_viewer_day;
use crate::texts::td_string;

/// A viewer's page.
#[component]
pub(crate) fn ViewerPage() -> impl IntoView {
    let (params, query) = (use_params_map(), use_query_map());
    let login = Memo::new(move |_| params.with(|params| params.get("login").unwrap_or_default()));
    let asked = Memo::new(move |_| query.with(|q| DayQuery::parse(q.get_str("day"), q.get_str("tz"))));
    remote(
        move || (login.get(), asked.get()),
        |(login, asked)| async move {
            match login.parse() {
                Ok(login) => get_viewer_day(login, asked.day.get(), asked.zone.get()).await,
                Err(error) => Err(PageError::Login(error).told()),
            }
        },
        move |data| view! { <Viewer data query=asked.get_untracked()/> },
    )
}

#[component]
fn Viewer(data: ViewerDay, query: DayQuery) -> impl IntoView {
    let (language, locale) = speech();
    let login = data.login.to_string();
    let path = format!("/{}/viewer/{login}", language.code());
    let bot = (data.head.bot_days > 0).then(|| {
        let days = count!(language, viewer.days, data.head.bot_days);
        view! { <p class="hint mt4 measure">{td_string!(locale, viewer.bot, days).to_string()}</p> }
    });
    let also = data.has_channel.then(|| {
        let address = format!("/{}/channel/{login}", language.code());
        view! { <p class="mt4"><a href=address>{td_string!(locale, viewer.also_channel)}</a></p> }
    });
    view! {
        <Title text=td_string!(locale, viewer.title, login = login.clone()).to_string()/>
        <Meta name="robots" content="noindex, noarchive"/>
        <Notice about=About::Viewer/>
        <main id="main">
            <div class="wrap hero">
                <p class="kicker">{td_string!(locale, viewer.kicker)}</p>
                <h1 class="login">{login}</h1>
                <Lede head=data.head.clone()/>
                {bot}
                {also}
                <HeadFacts data=data.clone()/>
            </div>
            <section class="wrap section" id="day" aria-labelledby="day-h">
                <DayBar local=data.local.clone() heading=draw::heading(language, &data) path query/>
                <DayFigure data/>
            </section>
            <Rights/>
        </main>
    }
}

/// What is known, in one sentence computed from the data.
#[component]
fn Lede(head: ViewerHead) -> impl IntoView {
    let (language, locale) = speech();
    let chats = count!(language, viewer.chats, head.channels);
    let active = count!(language, viewer.days, head.days_active);
    let held = language.number(u64::from(head.days_held));
    let text = if head.watch_slots > 0 {
        let watch = language.duration(head.watch_slots * 5);
        td_string!(locale, viewer.lede, chats, active, held, watch).to_string()
    } else {
        td_string!(locale, viewer.lede_spoke, chats, active, held).to_string()
    };
    view! { <p class="lede">{text}</p> }
}

/// All days in figures.
#[component]
fn HeadFacts(data: ViewerDay) -> impl IntoView {
    let (language, locale) = speech();
    let head = data.head;
    let moment = |at| {
        let (day, time) = local(&data.local.zone, at);
        (language.date(day), td_string!(locale, viewer.fact.at, time).to_string())
    };
    let (first, first_time) = moment(head.first_seen);
    let (last, last_time) = moment(head.last_seen);
    let number = |n: u32| language.number(u64::from(n));
    let of = td_string!(locale, viewer.fact.of, n = number(head.days_active), all = number(head.days_held)).to_string();
    let streak = count!(language, viewer.days, head.longest_streak_days);
    let minutes = head.watch_slots * 5;
    let (watched, per_day) = if minutes > 0 {
        let each = language.duration_short(minutes / u64::from(head.days_active.max(1)));
        let hours = if minutes < 600 {
            language.duration(minutes)
        } else {
            td_string!(locale, viewer.fact.hours, n = language.number((minutes + 30) / 60)).to_string()
        };
        (hours, td_string!(locale, viewer.fact.per_day, t = each).to_string())
    } else {
        ("–".to_owned(), td_string!(locale, viewer.fact.speech).to_owned())
    };
    let share = language.percent(f64::from(head.first_channel_percent) / 100.0, 0);
    let facts = vec![
        (td_string!(locale, viewer.fact.first), first, first_time),
        (td_string!(locale, viewer.fact.last), last, last_time),
        (td_string!(locale, viewer.fact.active), of, td_string!(locale, viewer.fact.streak, days = streak).to_string()),
        (td_string!(locale, viewer.fact.watched), watched, per_day),
        (
            td_string!(locale, viewer.fact.channels),
            number(head.channels),
            td_string!(locale, viewer.fact.share, percent = share).to_string(),
        ),
    ];
    view! { <FactList facts/> }
}

/// The day: its ribbons, or that there are none.
#[component]
fn DayFigure(data: ViewerDay) -> impl IntoView {
    let (language, locale) = speech();
    if data.ribbons.is_empty() {
        return view! { <p class="panel muted">{td_string!(locale, viewer.none)}</p> }.into_any();
    }
    let chart = draw::chart(language, &data);
    let label = chart.words.title.clone();
    let svg = charts::ribbons::ribbons("day", &chart).to_svg();
    let (held, all) = (language.number(data.local.swept().into()), language.number(data.local.expected().into()));
    let note = if data.local.grows() {
        td_string!(locale, frame.figure.samples_now, held, all).to_string()
    } else {
        td_string!(locale, frame.figure.samples, held, all).to_string()
    };
    let spoke = data.ribbons.iter().flat_map(|ribbon| &ribbon.visits).any(|visit| !visit.listed);
    let mut legend = vec![Mark::new("", td_string!(locale, frame.legend.listed))];
    if spoke {
        legend.push(Mark::new("grain", td_string!(locale, frame.legend.spoke)));
    }
    legend.push(Mark::new("un", td_string!(locale, frame.legend.unobserved)));
    let left_out = (data.channels as usize > data.ribbons.len()).then(|| {
        let (n, all) = (language.number(data.ribbons.len() as u64), language.number(u64::from(data.channels)));
        view! { <p class="hint">{td_string!(locale, viewer.left_out, n, all).to_string()}</p> }
    });
    let (finding, slots) = (draw::finding(language, &data), data.local.slots());
    let table = view! { <Visits data=data.clone()/> }.into_any();
    let read: Read = Arc::new(move |slot| draw::read(language, &data, slot));
    view! {
        <Figure finding sub=td_string!(locale, viewer.sub).to_owned() legend boxed=true table note>
            <Plot svg label class="chart tl" slots read/>
            {left_out}
        </Figure>
        <details class="why mt4">
            <summary>{td_string!(locale, frame.figure.how)}</summary>
            <p>{td_string!(locale, viewer.how.a)}</p>
            <p>{td_string!(locale, viewer.how.b)}</p>
            <p>{td_string!(locale, viewer.how.c)}</p>
        </details>
    }
    .into_any()
}

/// What somebody can do about this page: only what is so.
#[component]
fn Rights() -> impl IntoView {
    let (language, locale) = speech();
    let facts = Facts::current();
    let text = if facts.simulated {
        td_string!(locale, viewer.rights.simulated)
    } else {
        td_string!(locale, viewer.rights.real)
    };
    let contact = (!facts.simulated && !facts.contact.is_empty()).then(|| {
        view! { <p class="mt4">{td_string!(locale, viewer.rights.contact, contact = facts.contact.clone()).to_string()}</p> }
    });
    view! {
        <section class="wrap section" id="rights" aria-labelledby="rights-h">
            <div class="rights">
                <h2 id="rights-h">{td_string!(locale, viewer.rights.h)}</h2>
                <p class="measure muted mt4">{text}</p>
                {contact}
                <p class="toolbar mt5">
                    <a class="btn" href=format!("/{}/about#privacy", language.code())>{td_string!(locale, viewer.rights.link)}</a>
                </p>
            </div>
        </section>
    }
}
