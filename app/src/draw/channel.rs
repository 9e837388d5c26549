//! A channel's day: its charts, and the findings that are computed from them.

use charts::audience::Audience;
use charts::broadcasts::Broadcasts;
use charts::ink::Ink;
use charts::words::Words;
use model::format::Language;
use model::order::sort_short;

use super::chart::{Axis, Chart, Mark, unobserved};
use super::words::{capital, count};
use super::{day_axis, parts, phrases, stretches};
use crate::data::channel::ChannelDay;
use crate::language::locale;
use crate::texts::td_string;

/// What was on air.
pub(crate) fn on_air(language: Language, data: &ChannelDay) -> Chart {
    let locale = locale(language);
    let input = broadcasts(language, data);
    let mut legend: Vec<Mark> = input.legend().into_iter().map(|(ink, game)| (ink, game.to_owned())).collect();
    if !data.unobserved.is_empty() {
        legend.push(unobserved(language));
    }
    Chart {
        name: "on-air",
        finding: finding(language, data),
        sub: td_string!(locale, channel.sub).to_owned(),
        legend,
        scene: charts::broadcasts::broadcasts("on-air", &input),
        rows: input.rows(),
        axis: Axis::of(&data.local),
    }
}

/// Viewers and chatters over the day.
pub(crate) fn audience(language: Language, data: &ChannelDay) -> Chart {
    let locale = locale(language);
    let input = audience_input(language, data);
    let peak = peak_label(language, data, &input);
    let number = move |n| super::axis_number(language, n);
    Chart {
        name: "audience",
        finding: input.words.desc.clone(),
        sub: td_string!(locale, channel.audience.sub).to_owned(),
        legend: vec![
            (Ink::Bar, td_string!(locale, channel.audience.viewers).to_owned()),
            (Ink::Area, td_string!(locale, channel.audience.listed).to_owned()),
            (Ink::Area2, td_string!(locale, channel.audience.rest).to_owned()),
            unobserved(language),
        ],
        scene: charts::audience::audience("audience", &input, &number, peak.as_deref()),
        rows: input.rows(),
        axis: Axis::of(&data.local),
    }
}

fn broadcasts(language: Language, data: &ChannelDay) -> Broadcasts {
    let locale = locale(language);
    let named = |scenes: &Vec<crate::data::Scene>| {
        let mut parts = parts(scenes);
        // An unknown category has a colour and a name of its own in the legend.
        for part in parts.iter_mut().filter(|part| part.game.is_empty()) {
            td_string!(locale, channel.no_game).clone_into(&mut part.game);
        }
        parts
    };
    Broadcasts {
        words: Words {
            title: td_string!(locale, channel.chart_title, date = language.weekday_date(data.local.day)).to_string(),
            desc: finding(language, data),
        },
        axis: day_axis(&data.local),
        broadcasts: data.broadcasts.iter().map(named).collect(),
        unobserved: stretches(&data.unobserved),
        phrases: phrases(language),
    }
}

/// The title of the day: how long on air.
pub(crate) fn heading(language: Language, data: &ChannelDay) -> String {
    let locale = locale(language);
    let unknown: u32 = data.unobserved.iter().map(|stretch| stretch.slots()).sum();
    match data.live_slots() {
        0 if unknown * 2 > data.local.until => td_string!(locale, channel.h_unknown).to_owned(),
        0 => td_string!(locale, channel.h_none).to_owned(),
        slots => {
            let broadcasts = count!(language, channel.broadcasts, data.broadcasts.len() as u32);
            td_string!(locale, channel.h, t = language.slots(u64::from(slots)), broadcasts).to_string()
        }
    }
}

/// Which categories took most of the time.
fn finding(language: Language, data: &ChannelDay) -> String {
    let mut games: Vec<(&str, u32)> = Vec::new();
    for scene in data.broadcasts.iter().flatten().filter(|scene| !scene.game.is_empty()) {
        match games.iter_mut().find(|(game, _)| *game == scene.game) {
            Some((_, slots)) => *slots += scene.at.slots(),
            None => games.push((&scene.game, scene.at.slots())),
        }
    }
    sort_short(&mut games, |(game, slots)| (std::cmp::Reverse(*slots), *game));
    let locale = locale(language);
    match games.as_slice() {
        [] => td_string!(locale, channel.finding_none).to_owned(),
        [(first, _)] => capital(td_string!(locale, channel.finding, first = *first).as_ref()),
        [(first, _), (second, _), ..] => {
            capital(td_string!(locale, channel.finding_two, first = *first, second = *second).as_ref())
        }
    }
}

fn audience_input(language: Language, data: &ChannelDay) -> Audience {
    let wide = |values: &[Option<u32>]| values.iter().map(|value| value.map(u64::from)).collect();
    let mut audience = Audience {
        words: Words {
            title: td_string!(locale(language), channel.audience.title, date = language.weekday_date(data.local.day))
                .to_string(),
            desc: String::new(),
        },
        axis: day_axis(&data.local),
        viewers: wide(&data.viewers),
        chatters: wide(&data.chatters),
        unobserved: stretches(&data.unobserved),
    };
    audience.words.desc = audience_finding(language, data, &audience);
    audience
}

/// The peak, and the share in the list over the slots where both are known.
fn audience_finding(language: Language, data: &ChannelDay, audience: &Audience) -> String {
    let locale = locale(language);
    let Some((at, n)) = audience.peak() else {
        return td_string!(locale, channel.audience.finding_none).to_owned();
    };
    let (n, time) = (count!(language, channel.viewers, n), data.local.clock(at));
    let both = data.viewers.iter().zip(&data.chatters).filter_map(|(v, c)| Some((u64::from((*v)?), u64::from((*c)?))));
    let (viewers, listed) = both.fold((0, 0), |(v, c), (viewers, listed)| (v + viewers, c + listed.min(viewers)));
    if viewers == 0 {
        return td_string!(locale, channel.audience.finding_alone, n, time).to_string();
    }
    let percent = language.percent(listed as f64 / viewers as f64, 0);
    td_string!(locale, channel.audience.finding, n, time, percent).to_string()
}

/// The label of the peak.
fn peak_label(language: Language, data: &ChannelDay, audience: &Audience) -> Option<String> {
    let (at, n) = audience.peak()?;
    let (n, time) = (language.number(n), data.local.clock(at));
    Some(td_string!(locale(language), channel.audience.peak, n, time).to_string())
}

/// What the chart says at a slot, for who moves along it.
pub(crate) fn read(language: Language, data: &ChannelDay, slot: u32) -> String {
    let locale = locale(language);
    let time = data.local.clock(slot);
    let at = slot as usize;
    let value = |values: &[Option<u32>]| values.get(at).copied().flatten().map(|n| language.number(u64::from(n)));
    let unknown = data.unobserved.iter().any(|stretch| stretch.0 <= slot && slot < stretch.1);
    match (value(&data.viewers), value(&data.chatters)) {
        (Some(n), Some(m)) => td_string!(locale, channel.audience.read_both, time, n, m).to_string(),
        (Some(n), None) => td_string!(locale, channel.audience.read_viewers, time, n).to_string(),
        _ if unknown || slot >= data.local.until => td_string!(locale, channel.audience.read_none, time).to_string(),
        _ => td_string!(locale, channel.audience.read_off, time).to_string(),
    }
}
