//! The worked examples on the page: simulated over HTTP, swept, archived, imported, served, read from the HTML.

use std::collections::BTreeSet;

use model::login::Login;
use model::slot::{SLOT_MINUTES, SlotTime};
use simulator::script::Script;

use crate::support::{Website, at, website};

#[path = "../../../model/golden/examples.rs"]
#[allow(dead_code, reason = "shared by several crates; each reads a part")]
mod golden;

use golden::SessionExample;

/// A visit as the table on the page says it: from, to, minutes watched.
type Row = (String, String, String);

fn login(n: u32, channel: &str) -> Login {
    format!("_x{n}{channel}").parse().unwrap()
}

async fn examples_website(examples: &[SessionExample]) -> Website {
    let mut script = Script::default();
    let mut slots = BTreeSet::new();
    for example in examples {
        let viewer = format!("_p{}", example.n).parse().unwrap();
        for track in &example.tracks {
            let from = SlotTime::at(track.day.parse().unwrap(), track.slot);
            script.pattern(&login(example.n, &track.channel), &viewer, from, &track.pattern).unwrap();
            slots.extend((-1..=track.pattern.len() as i32).map(|step| from + step));
        }
    }
    let slots: Vec<SlotTime> = slots.into_iter().collect();
    website(script, &slots, at(20, 144)).await
}

fn clock(slot: u16) -> String {
    model::format::clock(u32::from(slot) * SLOT_MINUTES)
}

/// The rows of the visits' table: second, third and fourth cell.
fn rows(html: &str) -> Vec<Row> {
    let visits = html.split("<table class=\"tbl\"").nth(1).unwrap_or_default();
    let table = visits.split("<tbody>").nth(1).and_then(|rest| rest.split("</tbody>").next()).unwrap_or_default();
    let cells = |row: &str| -> Vec<String> {
        row.split("<td")
            .skip(1)
            .map(|cell| text(cell.split_once('>').unwrap().1.split("</td>").next().unwrap()))
            .collect()
    };
    table
        .split("<tr")
        .skip(1)
        .map(|row| {
            let cells = cells(row);
            (cells[0].clone(), cells[1].clone(), cells[2].clone())
        })
        .collect()
}

/// The text of a piece of HTML, without tags and comments.
fn text(html: &str) -> String {
    let mut inside = false;
    html.chars()
        .filter(|c| {
            inside = (inside || *c == '<') && *c != '>';
            !inside && *c != '>'
        })
        .collect()
}

#[tokio::test]
async fn the_page_shows_the_sessions_of_the_examples() {
    // Speech is not what the chatters endpoint tells; the importer's tests pass that example.
    let examples: Vec<SessionExample> = golden::examples()
        .sessions
        .into_iter()
        .filter(|example| example.tracks.iter().all(|track| track.evidence == "listed"))
        .collect();
    assert!(examples.len() >= 9);
    let website = examples_website(&examples).await;
    for example in &examples {
        let days: BTreeSet<&String> = example.tracks.iter().map(|track| &track.day).collect();
        for day in days {
            let answer = website.get(&format!("/en/viewer/_p{}?day={day}&tz=UTC", example.n)).await;
            assert_eq!(answer.status, 200, "example {}", example.n);
            let expected: Vec<Row> = example.sessions.iter().filter_map(|session| row(session, day)).collect();
            let mut found = rows(&answer.body);
            found.sort();
            assert_eq!(found, expected, "example {} on {day}", example.n);
        }
    }
}

/// A session cut to a day, as the table says it.
fn row(session: &golden::ExpectedSession, day: &str) -> Option<Row> {
    let before = session.from.0.as_str() < day;
    let after = session.to.0.as_str() > day;
    if session.to.0.as_str() < day || session.from.0.as_str() > day {
        return None;
    }
    let (from, to) = (if before { 0 } else { session.from.1 }, if after { 288 } else { session.to.1 });
    let bridged: u16 = session.bridges.iter().map(|(from, to)| to - from).sum();
    let watched = u32::from(to - from - bridged) * SLOT_MINUTES;
    // A session across midnight says so on both days.
    let from = if before { "before 00:00".to_owned() } else { clock(from) };
    let to = if after { "after 24:00".to_owned() } else { clock(to) };
    Some((from, to, format!("{watched}\u{a0}min")))
}
