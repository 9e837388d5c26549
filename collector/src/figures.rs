//! What a collector counts, through the facade `metrics`. No figure names anybody.

use std::time::Duration;

use metrics::{Unit, counter, describe_counter, describe_gauge, gauge};
use model::sample::StreamSample;
use model::sweep::SweepSummary;
use model::words::StreamStatus;

use crate::error::AskError;

const SWEEPS: &str = "vigie_sweeps_total";
const GAPS: &str = "vigie_sweep_gaps_total";
const LAST_SWEEP: &str = "vigie_sweep_last_success_timestamp_seconds";
const SECONDS: &str = "vigie_sweep_duration_seconds";
const CHANNELS: &str = "vigie_sweep_channels";
const LISTS: &str = "vigie_sweep_lists_total";
const REQUESTS: &str = "vigie_requests_total";
const RETRIES: &str = "vigie_request_retries_total";
const BYTES: &str = "vigie_request_bytes_total";
const DOWN: &str = "vigie_upstream_down";
const POINTS: &str = "vigie_ratelimit_points";
const IRC_CONNECTIONS: &str = "vigie_irc_connections";
const IRC_ROOMS: &str = "vigie_irc_rooms";
const IRC_CONNECTS: &str = "vigie_irc_connects_total";
const IRC_BREAKS: &str = "vigie_irc_breaks_total";
const IRC_LINES: &str = "vigie_irc_lines_total";
const IRC_BYTES: &str = "vigie_irc_bytes_total";
const LOOK_UPS: &str = "vigie_lookups_total";
const SPOOL_SWEEPS: &str = "vigie_spool_sweeps";
const SPOOL_BYTES: &str = "vigie_spool_bytes";

/// Gives the figures their meanings, and those that count what is bad a zero to rise from. Of a recorder that is there.
pub fn describe() {
    describe_counter!(SWEEPS, Unit::Count, "sweeps made, in the archive or on their way to it");
    describe_counter!(GAPS, Unit::Count, "slots without a sweep: late, missed, or failed");
    describe_gauge!(LAST_SWEEP, Unit::Seconds, "the slot that was swept last, Unix time");
    describe_gauge!(SECONDS, Unit::Seconds, "how long the last sweep took, by phase: streams, chatters, archive");
    describe_gauge!(CHANNELS, Unit::Count, "followed channels in the last sweep, by status");
    describe_counter!(
        LISTS,
        Unit::Count,
        "lists of chatters that were asked for, by source and how far they can be trusted"
    );
    describe_counter!(REQUESTS, Unit::Count, "requests, by server and what came of them");
    describe_counter!(RETRIES, Unit::Count, "requests that were made again, by server");
    describe_counter!(BYTES, Unit::Bytes, "what servers answered, inflated, by server");
    describe_gauge!(DOWN, Unit::Count, "1 while a server answers nothing, by server");
    describe_gauge!(POINTS, Unit::Count, "calls that a server grants at this moment, by server");
    describe_gauge!(IRC_CONNECTIONS, Unit::Count, "connections to the chat that are up");
    describe_gauge!(IRC_ROOMS, Unit::Count, "chats that are listened to");
    describe_counter!(IRC_CONNECTS, Unit::Count, "connections made to the chat");
    describe_counter!(
        IRC_BREAKS,
        Unit::Count,
        "connections to the chat that were lost, or not made: closed, silent, refused, io"
    );
    describe_counter!(IRC_LINES, Unit::Count, "lines heard from the chat");
    describe_counter!(IRC_BYTES, Unit::Bytes, "what they took");
    describe_counter!(
        LOOK_UPS,
        Unit::Count,
        "accounts asked for by id, by what was found: same, renamed, reissued (gone, and the login is another's), absent"
    );
    describe_gauge!(SPOOL_SWEEPS, Unit::Count, "sweeps that wait for the archive's store");
    describe_gauge!(SPOOL_BYTES, Unit::Bytes, "what they take on this machine");
    counter!(SWEEPS).absolute(0);
    for why in ["late", "missed", "failed"] {
        counter!(GAPS, "why" => why).absolute(0);
    }
}

/// Why a slot has no sweep.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Gap {
    /// It would have begun too late.
    Late,
    /// The program slept, the clock was set forward, or the sweep before it took too long.
    Missed,
    /// It was tried.
    Failed,
}

pub(crate) fn gaps(why: Gap, slots: u64) {
    let why = match why {
        Gap::Late => "late",
        Gap::Missed => "missed",
        Gap::Failed => "failed",
    };
    counter!(GAPS, "why" => why).increment(slots);
}

/// A part of a sweep's time.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Phase {
    /// Who is on air.
    Streams,
    /// Who is in their chats.
    Chatters,
    /// Into the archive, or the spool.
    Archive,
}

pub(crate) fn took(phase: Phase, time: Duration) {
    let phase = match phase {
        Phase::Streams => "streams",
        Phase::Chatters => "chatters",
        Phase::Archive => "archive",
    };
    gauge!(SECONDS, "phase" => phase).set(time.as_secs_f64());
}

/// A row of a sweep whose chatters were asked for.
pub(crate) fn listed(row: &StreamSample) {
    if let Some(source) = row.chatters_source {
        counter!(LISTS, "source" => source.as_str(), "status" => row.list_status.as_str()).increment(1);
    }
}

/// How many of a sweep's channels are in a state.
pub(crate) fn channels(status: StreamStatus, count: usize) {
    gauge!(CHANNELS, "status" => status.as_str()).set(count as f64);
}

pub(crate) fn swept(summary: &SweepSummary) {
    counter!(SWEEPS).increment(1);
    gauge!(LAST_SWEEP).set(summary.at.unix() as f64);
}

/// What came of a request.
pub(crate) fn asked<T>(server: &'static str, answer: &Result<T, AskError>) {
    let outcome = match answer {
        Ok(_) => "answered",
        Err(AskError::Transport { .. }) => "broken",
        Err(AskError::Status { status: 429, .. }) => "limited",
        Err(AskError::Status { status, .. }) if *status >= 500 => "failed",
        Err(AskError::Status { .. }) => "refused",
        Err(AskError::Body { .. } | AskError::Large { .. }) => "odd",
        Err(AskError::Down { .. }) => "down",
        Err(AskError::SignedOut { .. }) => "signed_out",
        Err(AskError::Late { .. }) => "late",
    };
    counter!(REQUESTS, "server" => server, "outcome" => outcome).increment(1);
}

pub(crate) fn asked_again(server: &'static str) {
    counter!(RETRIES, "server" => server).increment(1);
}

pub(crate) fn read(server: &'static str, bytes: usize) {
    counter!(BYTES, "server" => server).increment(bytes as u64);
}

pub(crate) fn granted(server: &'static str, points: f64) {
    gauge!(POINTS, "server" => server).set(points);
}

pub(crate) fn down(server: &'static str, is_down: bool) {
    gauge!(DOWN, "server" => server).set(f64::from(u8::from(is_down)));
}

/// Why a connection to the chat is none.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Broken {
    Closed,
    Silent,
    Refused,
    Io,
}

pub(crate) fn listening(connections: usize, rooms: usize) {
    gauge!(IRC_CONNECTIONS).set(connections as f64);
    gauge!(IRC_ROOMS).set(rooms as f64);
}

pub(crate) fn connected() {
    counter!(IRC_CONNECTS).increment(1);
}

pub(crate) fn broken(why: Broken) {
    let why = match why {
        Broken::Closed => "closed",
        Broken::Silent => "silent",
        Broken::Refused => "refused",
        Broken::Io => "io",
    };
    counter!(IRC_BREAKS, "why" => why).increment(1);
}

pub(crate) fn heard(bytes: usize) {
    counter!(IRC_LINES).increment(1);
    counter!(IRC_BYTES).increment(bytes as u64);
}

/// What was found of an account that was asked for by its id.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Found {
    /// It is called as before.
    Same,
    /// It is called otherwise.
    Renamed,
    /// There is none any more, and its login is another's.
    Reissued,
    /// Nothing was said of it.
    Absent,
}

pub(crate) fn looked_up(found: Found) {
    let found = match found {
        Found::Same => "same",
        Found::Renamed => "renamed",
        Found::Reissued => "reissued",
        Found::Absent => "absent",
    };
    counter!(LOOK_UPS, "found" => found).increment(1);
}

pub(crate) fn spooled(sweeps: usize, bytes: u64) {
    gauge!(SPOOL_SWEEPS).set(sweeps as f64);
    gauge!(SPOOL_BYTES).set(bytes as f64);
}
