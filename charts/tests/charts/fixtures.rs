//! Data of every chart, invented, the same on every run.

use charts::audience::Audience;
use charts::broadcasts::Broadcasts;
use charts::coverage_calendar::{CoverageCalendar, CoverageDay};
use charts::day_axis::DayAxis;
use charts::day_bars::{DayBar, DayBars};
use charts::hour_bars::HourBars;
use charts::over_day::OverDay;
use charts::part::{Part, Phrases};
use charts::processing::{Processing, ProcessingDay};
use charts::raster::{Raster, RasterBand, RasterRow};
use charts::ribbons::{Band, Ribbon, Ribbons, Visit};
use charts::sparkline::Sparkline;
use charts::stretch::Stretch;
use charts::tick::Tick;
use charts::words::Words;
use charts::{audience, broadcasts, coverage_calendar, day_bars, hour_bars, over_day, processing, raster, ribbons, sparkline};

/// A little generator, so that fixtures need no crate and no seed of the day.
pub(crate) struct Noise(u64);

impl Noise {
    pub(crate) fn new(seed: u64) -> Noise {
        Noise(seed)
    }

    /// 0 up to, not including, `below`.
    pub(crate) fn next(&mut self, below: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % below
    }
}

pub(crate) fn words(title: &str, desc: &str) -> Words {
    Words { title: title.into(), desc: desc.into() }
}

pub(crate) fn s(from: u32, to: u32) -> Stretch {
    Stretch::new(from, to)
}

/// Local hours of a day of `slots` slots; where it is no 288, the clocks change at 03:00.
pub(crate) fn axis(slots: u32, until: u32) -> DayAxis {
    let ticks = (0..=8)
        .map(|n| {
            let at = if n == 0 { 0 } else { n * 36 + slots - 288 };
            Tick { at, label: format!("{:02}:00", n * 3), secondary: n % 2 == 1 }
        })
        .collect();
    DayAxis { slots, until, ticks }
}

pub(crate) fn phrases() -> Phrases {
    Phrases { open_quote: "“".into(), close_quote: "”".into(), then: ", then ".into() }
}

pub(crate) fn part(from: u32, to: u32, game: &str, title: &str) -> Part {
    Part { span: s(from, to), game: game.into(), title: title.into() }
}

fn clock(slot: u32) -> String {
    format!("{:02}:{:02}", slot / 12, slot % 12 * 5)
}

pub(crate) fn visit(present: &[(u32, u32)], listed: bool, parts: Vec<Part>) -> Visit {
    let watched = present.iter().map(|(from, to)| to - from).sum();
    let when = format!("{}–{}", clock(present[0].0), clock(present[present.len() - 1].1));
    Visit { present: present.iter().map(|(from, to)| s(*from, *to)).collect(), listed, watched, when, parts }
}

pub(crate) fn ribbon(name: &str, total: &str, unobserved: &[(u32, u32)], visits: Vec<Visit>) -> Ribbon {
    let unobserved = unobserved.iter().map(|(from, to)| s(*from, *to)).collect();
    Ribbon { name: name.into(), total: total.into(), visits, unobserved }
}

pub(crate) fn noctule() -> Ribbons {
    let outage = [(172, 177)];
    Ribbons {
        words: words(
            "Thursday 19 November 2026, hour by hour",
            "Three channels. Radio Minuit from midnight to 00:35 and from 22:15 to midnight; Cabane Rétro from 12:35 to \
             13:20; Échec et Café from 18:50 to 20:10. Nothing was observed from 14:20 to 14:45.",
        ),
        axis: axis(288, 288),
        channels: vec![
            ribbon(
                "Radio Minuit",
                "2 h 20",
                &outage,
                vec![
                    visit(&[(0, 7)], true, vec![part(0, 7, "Celeste", "Any% until dawn")]),
                    visit(
                        &[(267, 288)],
                        true,
                        vec![
                            part(267, 280, "Celeste", "Farewell, golden berry"),
                            part(280, 288, "Just Chatting", "Debrief and tea"),
                        ],
                    ),
                ],
            ),
            ribbon(
                "Cabane Rétro",
                "45 min",
                &outage,
                vec![visit(&[(151, 160)], true, vec![part(151, 160, "Chrono Trigger", "Lunch break in 600 AD")])],
            ),
            ribbon(
                "Échec et Café",
                "1 h 20",
                &outage,
                vec![visit(&[(226, 242)], true, vec![part(226, 242, "Chess", "Viewers v. the pot of coffee")])],
            ),
        ],
        no_sweep: vec![s(172, 177)],
        inferred: Some(Band { span: s(10, 89), label: "probably asleep".into() }),
        phrases: phrases(),
    }
}

/// The same on a day on which the clocks change at 03:00: what comes after lies earlier or later.
pub(crate) fn clocks(slots: u32) -> Ribbons {
    let mut day = Ribbons { axis: axis(slots, slots), ..noctule() };
    let shift = |stretch: &mut Stretch| {
        for at in [&mut stretch.from, &mut stretch.to] {
            *at = if *at > 36 { *at + slots - 288 } else { *at };
        }
    };
    day.no_sweep.iter_mut().for_each(shift);
    day.inferred.iter_mut().for_each(|band| shift(&mut band.span));
    for channel in &mut day.channels {
        channel.unobserved.iter_mut().for_each(shift);
        for visit in &mut channel.visits {
            visit.present.iter_mut().for_each(shift);
            visit.parts.iter_mut().for_each(|part| shift(&mut part.span));
        }
    }
    day
}

/// Today at 17:30: bridges, activity, a channel whose list is missing for hours, labels that crowd each other.
pub(crate) fn crowded() -> Ribbons {
    let radio = |from, to| part(from, to, "Celeste", "Any% until dawn");
    Ribbons {
        words: words("Today, hour by hour", "Still growing."),
        axis: axis(288, 210),
        channels: vec![
            ribbon(
                "Radio Minuit",
                "3 h 30",
                &[(60, 96)],
                vec![
                    visit(&[(0, 7), (9, 14), (15, 20)], true, vec![radio(0, 20)]),
                    visit(&[(24, 28)], true, vec![part(24, 28, "Just Chatting", "Ten minutes more")]),
                    visit(&[(32, 33)], true, vec![part(32, 33, "Hollow Knight: Silksong", "One last boss")]),
                    visit(&[(196, 210)], true, vec![part(196, 210, "Grand Theft Auto V", "Role-play with the usual suspects, day 312")]),
                ],
            ),
            ribbon(
                "Bocage_Express_le_vrai_officiel",
                "",
                &[(100, 210)],
                vec![
                    visit(&[(104, 105)], false, vec![part(104, 105, "Rocket League", "Ranked")]),
                    visit(&[(150, 154)], false, vec![]),
                ],
            ),
        ],
        no_sweep: vec![],
        inferred: None,
        phrases: Phrases { open_quote: "« ".into(), close_quote: " »".into(), then: ", puis ".into() },
    }
}

pub(crate) fn radio_minuit() -> Broadcasts {
    Broadcasts {
        words: words("Live on Saturday 21 November 2026", "Live from midnight to 02:35 with Celeste, and more."),
        axis: axis(288, 288),
        broadcasts: vec![
            vec![part(0, 8, "Celeste", "Any% until dawn"), part(8, 31, "Celeste", "Last run, promised")],
            vec![
                part(180, 191, "Hollow Knight", "Warming up"),
                part(191, 202, "Hollow Knight", "Radiant bosses with soup"),
                part(202, 218, "Just Chatting", "Soup with you"),
            ],
            vec![
                part(246, 258, "Just Chatting", "Hello again"),
                part(258, 274, "Celeste", "Warm-up"),
                part(274, 288, "Celeste", "World record pace?"),
            ],
        ],
        unobserved: vec![s(100, 118)],
        phrases: phrases(),
    }
}

/// A hill between two slots, with noise of ±3 %.
fn hill(values: &mut [Option<u64>], from: u32, to: u32, low: u64, high: u64, noise: &mut Noise) {
    let half = u64::from(to - from) / 2 + 1;
    for at in from..to {
        let near = half - u64::from(at - from).abs_diff(half);
        let value = low + (high - low) * near * (2 * half - near) / (half * half);
        values[at as usize] = Some(value * (97 + noise.next(7)) / 100);
    }
}

pub(crate) fn audience_day() -> Audience {
    let mut noise = Noise::new(7);
    let mut viewers = vec![None; 288];
    hill(&mut viewers, 0, 31, 4_200, 7_100, &mut noise);
    hill(&mut viewers, 180, 218, 2_000, 5_100, &mut noise);
    hill(&mut viewers, 246, 288, 2_000, 10_200, &mut noise);
    let mut chatters: Vec<Option<u64>> = viewers.iter().map(|v| v.map(|v| v * 74 / 100)).collect();
    for missing in &mut chatters[196..204] {
        *missing = None;
    }
    Audience {
        words: words("Viewers of Radio Minuit on Saturday 21 November 2026", "Three broadcasts."),
        axis: axis(288, 288),
        viewers,
        chatters,
        unobserved: vec![s(100, 118)],
    }
}

/// All day on air, with the noise of a big channel: the most points that a day has.
pub(crate) fn audience_marathon() -> Audience {
    let mut noise = Noise::new(11);
    let mut viewers = vec![None; 288];
    hill(&mut viewers, 0, 288, 2_000, 11_000, &mut noise);
    let chatters = viewers.iter().map(|v| v.map(|v| v * (72 + noise.next(4)) / 100)).collect();
    Audience { viewers, chatters, unobserved: vec![], ..audience_day() }
}

pub(crate) fn evening() -> OverDay {
    let mut noise = Noise::new(3);
    // Hours and thousands between which viewers go straight, with a little noise.
    let corners = [(0, 320), (18, 230), (36, 120), (60, 64), (84, 90), (120, 150), (150, 225), (200, 242), (216, 300), (246, 425), (262, 428), (288, 300)];
    let curve = |noise: &mut Noise, at: u64, scale: u64| {
        let (a, b) = corners.windows(2).map(|pair| (pair[0], pair[1])).find(|(_, b)| at < b.0).unwrap();
        let value = (a.1 * 1000 * (b.0 - at) + b.1 * 1000 * (at - a.0)) / (b.0 - a.0);
        value * scale / 100 * (995 + noise.next(11)) / 1000
    };
    let mut today: Vec<Option<u64>> = (0..254).map(|at| Some(curve(&mut noise, at, 100))).collect();
    let before = (0..288).map(|at| Some(curve(&mut noise, at, 96))).collect();
    for missing in &mut today[39..42] {
        *missing = None;
    }
    OverDay {
        words: words("Viewers on all followed channels, Sunday 22 November 2026", "A night low and an evening peak."),
        axis: axis(288, 254),
        today,
        before,
        unobserved: vec![s(39, 42)],
        now_label: "today, 427,820".into(),
        before_label: "last Sunday".into(),
    }
}

pub(crate) fn last_hours() -> Sparkline {
    let mut noise = Noise::new(5);
    let mut values: Vec<Option<u64>> = (0..36).map(|at| Some(5_800 + at * 60 + noise.next(700))).collect();
    values[20] = None;
    values[21] = None;
    Sparkline { words: words("Radio Minuit: viewers over the last 3 hours", ""), values }
}

pub(crate) fn month() -> DayBars {
    let mut noise = Noise::new(9);
    let mut days: Vec<DayBar> = (0..28)
        .map(|n| DayBar {
            day: format!("{n}"),
            count: Some(845_000 + noise.next(60_000) + if n % 7 > 4 { 50_000 } else { 0 }),
            highlight: n == 20 || n == 27,
            provisional: n == 27,
        })
        .collect();
    days[9].count = None;
    let ticks = [(0, "25 Oct"), (14, "8 Nov"), (27, "21 Nov")]
        .map(|(at, label)| Tick { at, label: label.into(), secondary: false })
        .into();
    DayBars { words: words("Different viewers per day, last 28 days", "Between 850,000 and 950,000 a day."), days, ticks }
}

pub(crate) fn half_year() -> CoverageCalendar {
    let mut noise = Noise::new(2);
    let days = (0..180)
        .map(|n| {
            let held = match n {
                52 | 53 => 0,
                110 => 236,
                _ if noise.next(8) == 0 => 288 - noise.next(20) as u32,
                _ => 288,
            };
            CoverageDay { day: format!("{n}"), held, of: 288 }
        })
        .collect();
    let months = [(0, "May"), (5, "Jul"), (9, "Aug"), (14, "Sep"), (18, "Oct"), (22, "Nov")]
        .map(|(at, label)| Tick { at, label: label.into(), secondary: false })
        .into();
    CoverageCalendar {
        words: words("Coverage of the last 26 weeks", "Most days have all 288 samples."),
        first_weekday: 2,
        days,
        months,
        weekdays: ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"].map(Into::into),
    }
}

pub(crate) fn nights() -> Processing {
    let mut noise = Noise::new(4);
    let mut days: Vec<ProcessingDay> = (0..30)
        .map(|n| ProcessingDay {
            day: format!("{n}"),
            import_ms: Some(96_000 + noise.next(9_000)),
            sweep_p50_ms: Some(36_000 + noise.next(6_000)),
        })
        .collect();
    days[12].import_ms = None;
    days[12].sweep_p50_ms = None;
    let ticks = [(0, "24 Oct"), (29, "22 Nov")].map(|(at, label)| Tick { at, label: label.into(), secondary: false }).into();
    Processing {
        words: words("Processing times", "The import takes about 100 seconds, a sweep 38."),
        days,
        ticks,
        import_label: "importing the day".into(),
        sweep_label: "one sweep".into(),
    }
}

pub(crate) fn half_hours() -> HourBars {
    let values = (0..48u64).map(|n| Some(if n < 5 { 90 - n * 18 } else { n.saturating_sub(20).pow(2) / 8 })).collect();
    HourBars { words: Words::default(), values, labels: ["0 h", "12 h", "24 h"].map(Into::into) }
}

pub(crate) fn weeks() -> Raster {
    let mut noise = Noise::new(1);
    let mut rows: Vec<RasterRow> = (0..77)
        .map(|n| {
            let mut present = Vec::new();
            if noise.next(3) > 0 {
                let from = 7 + noise.next(20) as u32;
                present.push(s(from, from + 6 + noise.next(9) as u32));
            }
            if noise.next(8) > 0 {
                let from = 80 + noise.next(25) as u32;
                present.push(s(from, from + 9 + noise.next(20) as u32));
                let from = 120 + noise.next(12) as u32;
                present.push(s(from, from + 5 + noise.next(24) as u32));
            }
            RasterRow { day: format!("{n}"), present, unobserved: vec![] }
        })
        .collect();
    for row in &mut rows[30..32] {
        row.present.clear();
        row.unobserved = vec![s(0, 288)];
    }
    let ticks = (0..=4)
        .map(|n| Tick { at: n * 72, label: format!("{:02}:00", (12 + n * 6) % 24), secondary: false })
        .collect();
    Raster {
        words: words("Eleven weeks of one invented person, from noon to noon", "Seventy-seven rows, one per day."),
        axis: DayAxis { slots: 288, until: 288, ticks },
        rows,
        inferred: Some(RasterBand { span: s(154, 233), from_label: "00:50".into(), to_label: "07:25".into() }),
    }
}

/// `12,345`.
pub(crate) fn english(value: u64) -> String {
    let digits = value.to_string();
    let mut text = String::new();
    for (n, c) in digits.chars().enumerate() {
        if n > 0 && (digits.len() - n) % 3 == 0 {
            text.push(',');
        }
        text.push(c);
    }
    text
}

/// `500 k`, `1 M`.
pub(crate) fn compact(value: u64) -> String {
    match value {
        0 => "0".into(),
        v if v % 1_000_000 == 0 => format!("{} M", v / 1_000_000),
        v if v % 1_000 == 0 => format!("{} k", v / 1_000),
        v => english(v),
    }
}

pub(crate) fn seconds(ms: u64) -> String {
    if ms == 0 { "0".into() } else { format!("{} s", ms / 1_000) }
}

/// Every chart with its fixture.
pub(crate) fn all() -> Vec<(&'static str, String)> {
    vec![
        ("ribbons", ribbons::ribbons("day", &noctule()).to_svg()),
        ("ribbons_today", ribbons::ribbons("today", &crowded()).to_svg()),
        ("ribbons_25_hours", ribbons::ribbons("long", &clocks(300)).to_svg()),
        ("ribbons_23_hours", ribbons::ribbons("short", &clocks(276)).to_svg()),
        ("broadcasts", broadcasts::broadcasts("live", &radio_minuit()).to_svg()),
        ("audience", audience::audience("aud", &audience_day(), &english, Some("peak 10,046 at 23:30")).to_svg()),
        ("audience_marathon", audience::audience("mar", &audience_marathon(), &english, Some("peak 11,020 at 12:05")).to_svg()),
        ("over_day", over_day::over_day("over", &evening(), &compact).to_svg()),
        ("sparkline", sparkline::sparkline("spark", &last_hours()).to_svg()),
        ("day_bars", day_bars::day_bars("days", &month(), &compact).to_svg()),
        ("coverage_calendar", coverage_calendar::coverage_calendar("cov", &half_year()).to_svg()),
        ("processing", processing::processing("proc", &nights(), &seconds).to_svg()),
        ("hour_bars", hour_bars::hour_bars("hours", &half_hours()).to_svg()),
        ("raster", raster::raster("raster", &weeks()).to_svg()),
    ]
}

/// Every chart of an empty store.
pub(crate) fn nothing() -> Vec<(&'static str, String)> {
    let day = axis(288, 0);
    let (w, ticks) = (words("Nothing yet", ""), Vec::new());
    let empty = Audience { words: w.clone(), axis: day.clone(), viewers: vec![], chatters: vec![], unobserved: vec![] };
    let over = OverDay { words: w.clone(), axis: day.clone(), today: vec![], before: vec![], ..evening() };
    let bars = DayBars { words: w.clone(), days: vec![], ticks: ticks.clone() };
    let calendar = CoverageCalendar { days: vec![], months: vec![], ..half_year() };
    vec![
        ("ribbons", ribbons::ribbons("a", &Ribbons { axis: day.clone(), channels: vec![], inferred: None, ..noctule() }).to_svg()),
        ("broadcasts", broadcasts::broadcasts("b", &Broadcasts { axis: day, broadcasts: vec![], ..radio_minuit() }).to_svg()),
        ("audience", audience::audience("c", &empty, &english, None).to_svg()),
        ("over_day", over_day::over_day("d", &over, &compact).to_svg()),
        ("sparkline", sparkline::sparkline("e", &Sparkline { words: w.clone(), values: vec![] }).to_svg()),
        ("day_bars", day_bars::day_bars("f", &bars, &compact).to_svg()),
        ("coverage_calendar", coverage_calendar::coverage_calendar("g", &calendar).to_svg()),
        ("processing", processing::processing("h", &Processing { days: vec![], ..nights() }, &seconds).to_svg()),
        ("hour_bars", hour_bars::hour_bars("i", &HourBars { values: vec![], ..half_hours() }).to_svg()),
        ("raster", raster::raster("j", &Raster { rows: vec![], ..weeks() }).to_svg()),
    ]
}
