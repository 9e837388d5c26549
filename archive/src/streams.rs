//! Rows of `streams/`: text to [`StreamSample`] and back.

use std::fmt::Display;
use std::str::FromStr;

use model::login::Login;
use model::sample::{StreamFacts, StreamSample};
use model::slot::SlotTime;
use model::words::{ListStatus, SpeechStatus, StreamStatus};

use crate::chatters_text::lines;
use crate::columns::{Header, STREAMS, STREAMS_NEEDED};
use crate::error::Flaw;
use crate::time::{parse_rfc3339_ms, rfc3339};

/// Writes one row, RFC 4180 with `\n`, to the empty buffer `out`.
pub(crate) fn write_row(row: &StreamSample, out: &mut Vec<u8>) -> Result<(), Flaw> {
    let number = |n: Option<u32>| n.map(|n| n.to_string()).unwrap_or_default();
    let facts = row.stream.as_ref();
    let text = |of: fn(&StreamFacts) -> &String| facts.map_or("", |facts| of(facts).as_str());
    let mut writer = csv::Writer::from_writer(out);
    let fields: [&str; STREAMS.len()] = [
        &row.sampled_at.to_string(),
        &row.channel_id.map(|id| id.to_string()).unwrap_or_default(),
        row.channel.as_str(),
        row.display_name.as_deref().unwrap_or_default(),
        row.status.as_str(),
        text(|facts| &facts.stream_id),
        text(|facts| &facts.title),
        text(|facts| &facts.game_id),
        text(|facts| &facts.game),
        text(|facts| &facts.language),
        &number(facts.and_then(|facts| facts.viewer_count)),
        &facts.and_then(|facts| facts.started_at).map(rfc3339).unwrap_or_default(),
        if row.tracked { "true" } else { "false" },
        row.chatters_source.map_or("", |source| source.as_str()),
        row.list_status.as_str(),
        row.speech_status.as_str(),
        &number(row.chatter_count),
    ];
    writer.write_record(fields).map_err(Flaw::Csv)?;
    writer.flush().map_err(|cause| Flaw::Csv(cause.into()))
}

/// Reads a whole object's text. Rows come back by channel, each channel once (the first row wins), in whatever order
/// a foreign file has them. Errors: the line, from 1, and what is wrong there.
pub(crate) fn parse(text: &[u8], at: SlotTime) -> Result<Vec<StreamSample>, (u64, Flaw)> {
    let text = std::str::from_utf8(text).map_err(|error| (lines(&text[..error.valid_up_to()]) + 1, Flaw::NotUtf8))?;
    let (head, _) = text.split_once('\n').unwrap_or((text, ""));
    let header = Header::parse(head, &STREAMS, STREAMS_NEEDED).map_err(|flaw| (1, flaw))?;
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let mut record = csv::StringRecord::new();
    let time = at.to_string();
    let mut rows = Vec::new();
    loop {
        let line = |record: &csv::StringRecord| record.position().map_or(1, csv::Position::line);
        match reader.read_record(&mut record) {
            Ok(true) => rows.push(row(&record, &header, at, &time).map_err(|flaw| (line(&record), flaw))?),
            Ok(false) => break,
            Err(error) => return Err((error.position().map_or(1, csv::Position::line), Flaw::Csv(error))),
        }
    }
    rows.sort_by(|a, b| a.channel.cmp(&b.channel));
    rows.dedup_by(|later, first| later.channel == first.channel);
    Ok(rows)
}

fn row(record: &csv::StringRecord, header: &Header<17>, at: SlotTime, time: &str) -> Result<StreamSample, Flaw> {
    if record.len() != header.fields {
        return Err(Flaw::Fields { found: record.len(), wanted: header.fields });
    }
    let field = |column: usize| header.place(column).and_then(|place| record.get(place)).unwrap_or_default();
    let owned = |column: usize| field(column).to_owned();
    let status: StreamStatus = needed(field(4), STREAMS[4])?;
    if field(0) != time {
        check_slot(field(0), at)?;
    }
    Ok(StreamSample {
        sampled_at: at,
        channel_id: optional(field(1), STREAMS[1])?,
        channel: login(field(2), STREAMS[2])?,
        display_name: Some(owned(3)).filter(|name| !name.is_empty()),
        status,
        stream: (status == StreamStatus::Live)
            .then(|| -> Result<StreamFacts, Flaw> {
                Ok(StreamFacts {
                    stream_id: owned(5),
                    title: owned(6),
                    game_id: owned(7),
                    game: owned(8),
                    language: owned(9),
                    viewer_count: optional(field(10), STREAMS[10])?,
                    started_at: optional_time(field(11), STREAMS[11])?,
                })
            })
            .transpose()?,
        tracked: optional(field(12), STREAMS[12])?.unwrap_or(false),
        chatters_source: optional(field(13), STREAMS[13])?,
        list_status: optional(field(14), STREAMS[14])?.unwrap_or(ListStatus::Missing),
        speech_status: optional(field(15), STREAMS[15])?.unwrap_or(SpeechStatus::Missing),
        chatter_count: optional(field(16), STREAMS[16])?,
    })
}

/// A login as the archive has it: lower case already.
pub(crate) fn login(text: &str, column: &'static str) -> Result<Login, Flaw> {
    Login::check(text.as_bytes()).and_then(|()| text.parse()).map_err(|reason| Flaw::value(column, &reason))
}

/// Whether `sampled_at` lies within the slot; our own files have its start.
pub(crate) fn check_slot(text: &str, at: SlotTime) -> Result<(), Flaw> {
    let ms = parse_rfc3339_ms(text).ok_or_else(|| Flaw::value("sampled_at", &"not an RFC 3339 time in UTC"))?;
    let within = SlotTime::from_unix(ms.div_euclid(1000)).is_ok_and(|found| found == at);
    if within { Ok(()) } else { Err(Flaw::Slot(at)) }
}

fn needed<T: FromStr<Err: Display>>(text: &str, column: &'static str) -> Result<T, Flaw> {
    text.parse().map_err(|reason: T::Err| Flaw::value(column, &reason))
}

pub(crate) fn optional<T: FromStr<Err: Display>>(text: &str, column: &'static str) -> Result<Option<T>, Flaw> {
    if text.is_empty() { Ok(None) } else { needed(text, column).map(Some) }
}

fn optional_time(text: &str, column: &'static str) -> Result<Option<i64>, Flaw> {
    if text.is_empty() {
        return Ok(None);
    }
    let ms = parse_rfc3339_ms(text).ok_or_else(|| Flaw::value(column, &"not an RFC 3339 time"))?;
    Ok(Some(ms.div_euclid(1000)))
}
