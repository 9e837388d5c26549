//! Others read our archives with nothing of ours: here Python's own `gzip` and `csv`.

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

#[tokio::test]
async fn python_reads_every_row() {
    let folder = tempdir().unwrap();
    small_archive(folder.path()).await;
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
            writeln!(wanted, "{} {channel} {chatter} {id} {} {}", streams[0].sampled_at, row.role, row.evidence).unwrap();
        }
    }
    let output = Command::new("python3").args(["-c", READ]).arg(folder.path()).output().expect("python3 is part of the test set-up");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(String::from_utf8(output.stdout).unwrap(), wanted);
}
