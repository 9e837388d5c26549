//! What may happen to the files of an archive.

use std::io::{Read, Write};

use flate2::Compression;
use flate2::read::MultiGzDecoder;
use flate2::write::GzEncoder;

pub(crate) fn unzip(bytes: &[u8]) -> String {
    let mut text = String::new();
    MultiGzDecoder::new(bytes).read_to_string(&mut text).unwrap();
    text
}

pub(crate) fn zip(text: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(text).unwrap();
    encoder.finish().unwrap()
}

/// Text without the last field of its second line, the first row.
pub(crate) fn a_field_less(text: &str) -> String {
    let mut lines: Vec<&str> = text.lines().collect();
    lines[1] = lines[1].rsplit_once(',').unwrap().0;
    lines.join("\n")
}

/// The same rows and their header, all fields quoted.
pub(crate) fn quoted(text: &str) -> String {
    let line = |line: &str| line.split(',').map(|field| format!("\"{field}\"")).collect::<Vec<_>>().join(",");
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}

/// Every row twice, from the last to the first.
pub(crate) fn twice_and_back(text: &str) -> String {
    let (head, rows) = text.split_once('\n').unwrap();
    let mut rows: Vec<&str> = rows.lines().chain(rows.lines()).collect();
    rows.reverse();
    format!("{head}\n{}\n", rows.join("\n"))
}

/// Bytes of a file, made of those it had; nothing removes it.
pub(crate) type Tamper = fn(Vec<u8>) -> Option<Vec<u8>>;
/// New text of an object, as one gzip member.
pub(crate) type Rewrite = fn(&str) -> Vec<u8>;

/// Objects that say the same in other words. Whoever writes one has no index of it.
pub(crate) const OTHER_WORDS: &[(&str, Rewrite)] = &[
    ("one member", |text| text.into()),
    ("CRLF", |text| text.replace('\n', "\r\n").into()),
    ("no last line end", |text| text.trim_end().into()),
    ("a byte order mark", |text| format!("\u{feff}{text}").into()),
    ("quotes", |text| quoted(text).into()),
    ("every row twice, from the last to the first", |text| twice_and_back(text).into()),
    ("empty lines", |text| text.replace('\n', "\n\n").into()),
];

/// Objects that others wrote and that cannot be understood, and what is said of chatters, then of streams.
pub(crate) const MISWRITTEN: &[(&str, Rewrite, [&str; 2])] = &[
    (
        "without a header",
        |text| text.split_once('\n').unwrap().1.into(),
        ["line 1: the header has no column sampled_at"; 2],
    ),
    (
        "a header with a column twice",
        |text| {
            let (head, rows) = text.split_once('\n').unwrap();
            format!("{},sampled_at\n{rows}", head.rsplit_once(',').unwrap().0).into()
        },
        ["line 1: the header names the column sampled_at twice"; 2],
    ),
    (
        "a line with too few fields",
        |text| a_field_less(text).into(),
        ["line 2: 5 fields where the header has 6", "line 2: 16 fields where the header has 17"],
    ),
    (
        "a line of ten megabytes",
        |text| (text.to_owned() + &"x".repeat(10 << 20) + "\n").into(),
        ["line 5: 1 fields"; 2],
    ),
    ("bytes that are no UTF-8", |text| [text.as_bytes(), b"\xff\xfe\n"].concat(), ["line 5: not UTF-8"; 2]),
    ("a quote that never ends", |text| (text.to_owned() + "\"2026").into(), ["line 5: "; 2]),
    (
        "a row of another slot",
        |text| text.replacen("T08:25", "T08:30", 1).into(),
        ["line 2: sampled_at is not within"; 2],
    ),
    (
        "a login that is none",
        |text| text.replacen("_bo", "_b o", 1).replacen(",_room,,live", ",_ro om,,live", 1).into(),
        ["line 3: chatter: ", "line 3: channel: "],
    ),
];

/// What happens to an object of ours, whose index stays.
pub(crate) const DAMAGES: &[(&str, Tamper, [&str; 2])] = &[
    (
        "cut short",
        |mut bytes| {
            bytes.truncate(bytes.len() - 9);
            Some(bytes)
        },
        [", member 2, line "; 2],
    ),
    (
        "a flipped bit",
        |mut bytes| {
            let at = bytes.len() - 25;
            bytes[at] ^= 4;
            Some(bytes)
        },
        [", member 2, line "; 2],
    ),
    ("empty", |_| Some(Vec::new()), ["line 1: the gzip data"; 2]),
    ("no gzip", |bytes| Some(unzip(&bytes).into_bytes()), ["line 1: the gzip data"; 2]),
    ("removed", |_| None, [": Object at location", " is not there, and manifest/date=2026-11-18.json lists it"]),
];

/// Indexes and manifests that say the same.
pub(crate) const OTHER_JSON: &[(&str, Tamper)] = &[
    ("removed", |_| None),
    ("CRLF", |bytes| Some(String::from_utf8(bytes).unwrap().replace('\n', "\r\n").into_bytes())),
    ("one line", |bytes| Some(String::from_utf8(bytes).unwrap().replace(['\n', ' '], "").into_bytes())),
];

/// Indexes and manifests that cannot be understood, and what is said of them.
pub(crate) const BAD_JSON: &[(&str, Tamper, &str)] = &[
    (
        "cut short",
        |mut bytes| {
            bytes.truncate(bytes.len() - 9);
            Some(bytes)
        },
        "not the JSON that belongs here",
    ),
    (
        "a flipped bit",
        |mut bytes| {
            bytes[0] ^= 4;
            Some(bytes)
        },
        "not the JSON that belongs here",
    ),
    ("empty", |_| Some(Vec::new()), "not the JSON that belongs here"),
    (
        "another key",
        |bytes| Some(String::from_utf8(bytes).unwrap().replacen("format", "fromat", 1).into_bytes()),
        "not the JSON that belongs here (missing field `format`",
    ),
    (
        "a later format",
        |bytes| Some(String::from_utf8(bytes).unwrap().replacen("\"format\": 1", "\"format\": 9", 1).into_bytes()),
        "format 9 is newer than this program reads",
    ),
    (
        "a line of ten megabytes",
        |bytes| Some([bytes, vec![b'x'; 10 << 20]].concat()),
        "not the JSON that belongs here (trailing characters",
    ),
    (
        "bytes that are no UTF-8",
        |bytes| Some(String::from_utf8(bytes).unwrap().into_bytes().iter().map(|byte| byte | 0x80).collect()),
        "not the JSON that belongs here",
    ),
];
