//! The worked examples as types. Tests of several crates include this file by path, so that all read the same golden data.

use serde::Deserialize;

/// A UTC day and a slot of it.
pub(crate) type At = (String, u16);

#[derive(Debug, Deserialize)]
pub(crate) struct Examples {
    pub(crate) sessions: Vec<SessionExample>,
    pub(crate) local_days: Vec<LocalDay>,
    pub(crate) coverage: Vec<Coverage>,
    pub(crate) lists: Vec<List>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct SessionExample {
    pub(crate) n: u32,
    pub(crate) tracks: Vec<Track>,
    /// Channel, evidence, day, from, to.
    pub(crate) runs: Vec<(String, String, String, u16, u16)>,
    pub(crate) sessions: Vec<ExpectedSession>,
    pub(crate) online_min: u32,
}

/// What one channel shows of the person: `P` present, `a` observed absent, `?` unobserved.
#[derive(Debug, Deserialize)]
pub(crate) struct Track {
    pub(crate) channel: String,
    pub(crate) evidence: String,
    pub(crate) day: String,
    pub(crate) slot: u16,
    pub(crate) pattern: String,
}

#[derive(Debug, Deserialize)]
pub(crate) struct ExpectedSession {
    pub(crate) channel: String,
    pub(crate) from: At,
    pub(crate) to: At,
    pub(crate) bridges: Vec<(u16, u16)>,
    pub(crate) watch_min: u32,
}

#[derive(Debug, Deserialize)]
pub(crate) struct LocalDay {
    pub(crate) n: u32,
    pub(crate) zone: String,
    pub(crate) day: String,
    pub(crate) from: At,
    pub(crate) to: At,
    pub(crate) slots: u32,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Coverage {
    pub(crate) n: u32,
    pub(crate) present_slots: std::collections::BTreeMap<String, u16>,
    pub(crate) usual: Vec<String>,
    pub(crate) slots: Vec<std::collections::BTreeMap<String, String>>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct List {
    pub(crate) n: u32,
    pub(crate) source: String,
    pub(crate) viewer_count: u32,
    pub(crate) chatter_count: u32,
    pub(crate) status: String,
}

/// All of them.
pub(crate) fn examples() -> Examples {
    // Compiled in: what reads it are tests, and they run before anything goes in.
    serde_json::from_str(include_str!("worked-examples.json")).expect("the golden file parses")
}
