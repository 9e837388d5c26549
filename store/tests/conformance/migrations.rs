//! Stores that older versions wrote. `golden/v1` was written by version 1 of both schemas (one archive imported into
//! each, Postgres' by `pg_dump --inserts`), and is never written again.

use std::fmt::Write;
use std::path::Path;

use model::identity::TwitchId;
use store::Store;
use store::dump::dump_day;

use crate::fixtures::{by_login, day, import, job};
use crate::subject::{Maker, Subject};

const GOLDEN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/v1");

/// What `dump.txt` says of a store: its days, and everybody in them.
async fn told(subject: &Subject) -> String {
    let mut text = String::new();
    for record in subject.store.days().await.unwrap() {
        writeln!(text, "day {}", record.day).unwrap();
        for person in dump_day(&subject.store, &job(), record.day).await.unwrap() {
            write!(text, "{} {} {}", person.login, person.id.map_or(0, TwitchId::get), person.bot).unwrap();
            for presence in person.channels {
                let runs: Vec<String> =
                    presence.listed.iter().map(|run| format!("{}-{}", run.from(), run.to())).collect();
                write!(text, " {}:{}", presence.channel, runs.join(",")).unwrap();
            }
            text.push('\n');
        }
    }
    text
}

pub(crate) async fn a_store_of_version_1_is_read_and_goes_on(maker: &Maker) {
    let subject = maker.golden(Path::new(GOLDEN)).await;
    let wanted = std::fs::read_to_string(format!("{GOLDEN}/dump.txt")).unwrap();
    assert_eq!(told(&subject).await, wanted);
    let channel = subject.store.channel(&"_matin_calme".parse().unwrap()).await.unwrap().unwrap();
    assert_eq!(
        (channel.first_day.unwrap().to_string(), channel.last_day.unwrap().to_string()),
        ("2026-10-31".into(), "2026-11-02".into())
    );
    // Whoever was known is known, whoever was not is new.
    let people = [by_login("_aube_claire", &[("_matin_calme", 0, 9)]), by_login("_new", &[("_matin_calme", 0, 9)])];
    assert_eq!(import(&subject.store, day(3), &people).await.new_people, 1);
    let subject = subject.reopened().await;
    assert!(told(&subject).await.starts_with(&wanted));
}
