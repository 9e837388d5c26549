//! Others read our archives with nothing of ours: Python's own `gzip` and `csv`, and DuckDB (in `make soak`).

use std::fmt::Write;
use std::process::Command;

use crate::samples::{first_sweep, second_sweep, small_archive};
use tempfile::tempdir;

const READ: &str = r"
import csv, glob, gzip, sys
for folder in ('streams', 'chatters'):
    for path in sorted(glob.glob(sys.argv[1] + '/' + folder + '/date=*/*.csv.gz')):
        for row in csv.DictReader(gzip.open(path, 'rt', encoding='utf-8', newline='')):
            if folder == 'streams':
                print(row['sampled_at'], row['channel'], row['status'], ascii(row['title']), row['viewer_count'], row['tracked'])
            else:
                print(row['sampled_at'], row['channel'], row['chatter'], row['chatter_id'], row['role'], row['evidence'])
";

/// Python's `ascii()` of the texts in the sample rows.
fn ascii(text: &str) -> String {
    let mut out = String::from("'");
    for c in text.chars() {
        match c {
            '\n' => out.push_str("\\n"),
            c if c.is_ascii() => out.push(c),
            c => write!(out, "\\U{:08x}", c as u32).unwrap(),
        }
    }
    out + "'"
}

/// Every row of both sweeps, as the scripts print them: streams first, in the order of the objects.
fn wanted() -> String {
    let sweeps = [first_sweep(), second_sweep()];
    let mut wanted = String::new();
    for row in sweeps.iter().flat_map(|(streams, _)| streams) {
        let facts = row.stream.clone().unwrap_or_default();
        let viewers = facts.viewer_count.map(|n| n.to_string()).unwrap_or_default();
        let (title, tracked) = (ascii(&facts.title), row.tracked);
        writeln!(wanted, "{} {} {} {title} {viewers} {tracked}", row.sampled_at, row.channel, row.status).unwrap();
    }
    for (streams, chatters) in &sweeps {
        for row in chatters {
            let id = row.chatter_id.map(|id| id.to_string()).unwrap_or_default();
            let (channel, chatter) = (&row.channel, &row.chatter);
            writeln!(wanted, "{} {channel} {chatter} {id} {} {}", streams[0].sampled_at, row.role, row.evidence)
                .unwrap();
        }
    }
    wanted
}

/// What a script prints that is given the folder of the archive with both sweeps.
async fn printed(script: &str) -> String {
    let folder = tempdir().unwrap();
    small_archive(folder.path()).await;
    let output = Command::new("python3").args(["-c", script]).arg(folder.path()).output();
    let output = output.expect("python3 is part of the test set-up");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[tokio::test]
async fn python_reads_every_row() {
    assert_eq!(printed(READ).await, wanted());
}

/// DuckDB guesses types and partitions by itself; only the order is asked for.
const DUCKDB: &str = r"
import datetime, duckdb, sys
root = sys.argv[1]
text = lambda value: '' if value is None else str(value)
time = lambda unix: datetime.datetime.fromtimestamp(unix, datetime.timezone.utc).strftime('%Y-%m-%dT%H:%M:%SZ')
for row in duckdb.sql(f'''SELECT epoch(sampled_at), channel, status, title, viewer_count, tracked, date
                          FROM '{root}/streams/*/*.csv.gz' ORDER BY sampled_at, channel''').fetchall():
    assert str(row[6]) == '2026-11-22'
    print(time(row[0]), row[1], row[2], ascii(row[3] or ''), text(row[4]), str(row[5]).lower())
for row in duckdb.sql(f'''SELECT epoch(sampled_at), channel, chatter, chatter_id, role, evidence
                          FROM '{root}/chatters/*/*.csv.gz' ORDER BY sampled_at, channel, chatter, evidence''').fetchall():
    print(time(row[0]), *map(text, row[1:]))
";

#[tokio::test]
#[ignore = "soak: needs the duckdb module, which `make soak` installs"]
async fn soak_duckdb_reads_every_row() {
    assert_eq!(printed(DUCKDB).await, wanted());
}
