//! `/{lang}/viewer/{login}?day&tz`: what is known of a person, and one day of it.

use std::sync::Arc;

use model::format::Language;
use model::slot::Span;

use super::visits::visits;
use super::way_on;
use crate::components::day_bar::{day_bar, observed};
use crate::components::fact_list::fact_list;
use crate::components::figure::{Figure, how};
use crate::components::notice::{About, page as with_notice};
use crate::components::plot::Plot;
use crate::components::speech;
use crate::data::local_day::local;
use crate::data::viewer::{ViewerDay, ViewerHead};
use crate::draw::words::count;
use crate::draw::{by_hour, viewer as draw};
use crate::facts::Facts;
use crate::head::Head;
use crate::node::{Element, Node, el};
use crate::query::DayQuery;
use crate::texts::{Locale, td_string};

/// A viewer's page.
pub(crate) fn page(data: ViewerDay, query: &DayQuery) -> (Head, Node) {
    let (language, locale) = speech();
    let login = data.login.to_string();
    let path = format!("/{}/viewer/{login}", language.code());
    let bot = (data.head.bot_days > 0).then(|| {
        let days = count!(language, viewer.days, data.head.bot_days);
        el("p").class("hint mt4 measure").text(td_string!(locale, viewer.bot, days).to_string())
    });
    let also = data.has_channel.then(|| {
        let address = format!("/{}/channel/{login}", language.code());
        let link = el("a").attr("href", address).text(td_string!(locale, viewer.also_channel));
        el("p").class("mt4").child(link)
    });
    let hero = el("div")
        .class("wrap hero")
        .child(el("p").class("kicker").text(td_string!(locale, viewer.kicker)))
        .child(el("h1").class("login").text(login.clone()))
        .child(lede(&data.head))
        .child(way_on(format!("{path}/habits{}", super::in_zone(&query.zone)), td_string!(locale, viewer.habits)))
        .maybe(bot)
        .maybe(also)
        .child(facts(&data));
    let day = el("section")
        .class("wrap section")
        .attr("id", "day")
        .attr("aria-labelledby", "day-h")
        .child(day_bar(&data.local, draw::heading(language, &data), held(&data), &path, query))
        .children(day_figure(data, &path));
    let title = td_string!(locale, viewer.title, login).to_string();
    let main = el("main").child(hero).child(day).child(rights());
    (Head { title, robots: "noindex, noarchive", ..Head::default() }, with_notice(About::Viewer, main).into())
}

/// What is held of the day, in sentences.
fn held(data: &ViewerDay) -> Vec<String> {
    let (language, locale) = speech();
    if data.is_gone() {
        // How well the lists were read no longer says anything about anybody.
        return vec![kept_for(language, locale)];
    }
    [observed(&data.local), by_hour::standing(language, data)].concat()
}

/// How long anything is kept about people.
fn kept_for(language: Language, locale: Locale) -> String {
    let days = count!(language, viewer.days, Facts::current().kept.hours);
    td_string!(locale, viewer.kept.until, days).to_string()
}

/// What is known, in one sentence computed from the data.
fn lede(head: &ViewerHead) -> Element {
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
    el("p").class("lede").text(text)
}

/// All days in figures.
fn facts(data: &ViewerDay) -> Element {
    let (language, locale) = speech();
    let head = &data.head;
    let moment = |span: Span| {
        let (day, time) = local(&data.local.zone, span.from);
        let (_, to) = local(&data.local.zone, span.to);
        let when = if span.len() == 1 {
            td_string!(locale, viewer.fact.at, time).to_string()
        } else {
            td_string!(locale, viewer.fact.between, from = time, to).to_string()
        };
        (language.date(day), when)
    };
    let (first, first_time) = moment(head.first_seen);
    let (last, last_time) = moment(head.last_seen);
    let number = |n: u32| language.number(u64::from(n));
    let of = td_string!(locale, viewer.fact.of, n = number(head.days_active), all = number(head.days_held)).to_string();
    let days = count!(language, viewer.days, head.longest_streak_days);
    let streak = match head.current_streak_days {
        0 => td_string!(locale, viewer.fact.streak, days).to_string(),
        now => td_string!(locale, viewer.fact.streaks, days, now = count!(language, viewer.days, now)).to_string(),
    };
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
    let facts = [
        (td_string!(locale, viewer.fact.first), first, first_time),
        (td_string!(locale, viewer.fact.last), last, last_time),
        (td_string!(locale, viewer.fact.active), of, streak),
        (td_string!(locale, viewer.fact.watched), watched, per_day),
        (
            td_string!(locale, viewer.fact.channels),
            number(head.channels),
            td_string!(locale, viewer.fact.share, percent = share).to_string(),
        ),
    ];
    fact_list("facts mt6", facts)
}

/// The day: its ribbons, or that there are none.
fn day_figure(data: ViewerDay, path: &str) -> Vec<Element> {
    let (language, locale) = speech();
    let panel = |text: &'static str| vec![el("p").class("panel muted").text(text)];
    if data.is_gone() {
        return panel(td_string!(locale, viewer.gone));
    }
    let by_hour = data.by_hour.present_slots() > 0;
    if data.ribbons.is_empty() && !by_hour {
        return if data.local.swept() == 0 { Vec::new() } else { panel(td_string!(locale, viewer.none)) };
    }
    let (held, all) = (language.number(data.local.swept().into()), language.number(data.local.expected().into()));
    let mut note = if data.local.grows() {
        td_string!(locale, frame.figure.samples_now, held, all).to_string()
    } else {
        td_string!(locale, frame.figure.samples, held, all).to_string()
    };
    let mut figures = if by_hour { super::by_hour::by_hour(&data, path, note.clone()) } else { Vec::new() };
    if data.ribbons.is_empty() {
        return figures;
    }
    if data.channels as usize > data.ribbons.len() {
        let (n, all) = (language.number(data.ribbons.len() as u64), language.number(u64::from(data.channels)));
        note = format!("{note}. {}", td_string!(locale, viewer.left_out, n, all));
    }
    let chart = draw::day(language, &data);
    let (folder, query) = (path.to_owned(), DayQuery::of(&data.local).to_string());
    let figure = Figure { chart: &chart, boxed: true, table: visits(&data), note, files: (&folder, &query) };
    let plot = Plot {
        svg: chart.scene.to_svg(),
        label: chart.scene.title.clone(),
        class: "chart tl",
        slots: data.local.slots(),
        read: Arc::new(move |slot| draw::read(language, &data, slot)),
    };
    let how =
        how([td_string!(locale, viewer.how.a), td_string!(locale, viewer.how.b), td_string!(locale, viewer.how.c)]);
    let figure = figure.around(plot);
    let figure = if by_hour { el("div").class("mt6").child(figure) } else { figure };
    figures.extend([figure, how]);
    figures
}

/// What somebody can do about this page: only what is so.
pub(super) fn rights() -> Element {
    let (language, locale) = speech();
    let facts = Facts::current();
    let text = if facts.simulated {
        td_string!(locale, viewer.rights.simulated)
    } else {
        td_string!(locale, viewer.rights.real)
    };
    let contact = (!facts.simulated && !facts.contact.is_empty()).then(|| {
        el("p").class("mt4").text(td_string!(locale, viewer.rights.contact, contact = facts.contact).to_string())
    });
    let link = el("a")
        .class("btn")
        .attr("href", format!("/{}/about#privacy", language.code()))
        .text(td_string!(locale, viewer.rights.link));
    let rights = el("div")
        .class("rights")
        .child(el("h2").attr("id", "rights-h").text(td_string!(locale, viewer.rights.h)))
        .child(el("p").class("measure muted mt4").text(text))
        .maybe(contact)
        .child(el("p").class("toolbar mt5").child(link));
    el("section").class("wrap section").attr("id", "rights").attr("aria-labelledby", "rights-h").child(rights)
}
