//! What the documentation says of exports holds: its lines are run as they stand there.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use importer::export::Format;
use importer::export::days::ExportOrder;
use importer::export::table::Table;
use model::channel_day::ChannelSlot;
use model::slot::Slot;
use store::Store;
use store::dump::dump_day;

use crate::order::{export, folder, order};
use crate::same_content::lively_day;
use crate::world::{World, day, job};

const FORMAT: &str = include_str!("../../../docs/archive-format.md");

/// The lines of the block that the documentation has marked for `of`.
fn one_liners(of: &str) -> Vec<&'static str> {
    let marked = format!("<!-- one-liners: {of} -->\n```python\n");
    let (_, block) = FORMAT.split_once(&marked).unwrap();
    block.split_once("```").unwrap().0.lines().collect()
}

/// The whole numbers that a line prints when it is run in a folder.
fn numbers(line: &str, within: &Path) -> Vec<u64> {
    let done = Command::new("python3").args(["-c", line]).current_dir(within).output().unwrap();
    assert!(done.status.success(), "{line}\n{}", String::from_utf8_lossy(&done.stderr));
    let said = String::from_utf8(done.stdout).unwrap();
    said.split(|c: char| !c.is_ascii_digit()).filter_map(|number| number.parse().ok()).collect()
}

/// Runs the lines of a block: what they print are the first of these numbers, at least two.
fn compare(of: &str, within: &Path, wanted: [u64; 3]) {
    for line in one_liners(of) {
        let found = numbers(line, within);
        assert!((2..=3).contains(&found.len()) && found == wanted[..found.len()], "{line}\n{found:?}, not {wanted:?}");
    }
}

#[test]
fn every_reader_is_in_every_block() {
    for of in ["archive", "export parquet", "export csv"] {
        let lines = one_liners(of);
        let readers = ["duckdb", "chdb", "pandas", "pyarrow", "polars"];
        assert_eq!(lines.len(), readers.len());
        assert!(
            readers.iter().all(|reader| lines
                .iter()
                .any(|line| line.contains(&format!("import {reader}")) || line.contains(&format!(", {reader}")))),
            "{of}"
        );
    }
}

#[test]
fn every_column_is_told() {
    for table in [Table::ChannelSlots, Table::ChannelDays, Table::Days, Table::Presence] {
        let (_, told) = FORMAT.split_once(&format!("\n| `{}` | what it holds", table.name())).unwrap();
        let (told, _) = told.split_once("\n\n").unwrap();
        let told: Vec<&str> = told.lines().skip(2).filter_map(|row| row.split('|').nth(1)).collect();
        let told: Vec<&str> = told.iter().flat_map(|cell| cell.split('`').skip(1).step_by(2)).collect();
        let columns: BTreeSet<&str> = table.columns().iter().map(|column| column.name).collect();
        assert_eq!(told.iter().copied().collect::<BTreeSet<_>>(), columns, "{}", table.name());
        assert_eq!(told.len(), columns.len());
    }
}

#[tokio::test]
#[ignore = "soak: needs the modules of Python that `make soak` installs"]
async fn soak_strangers_read_the_archive_and_the_export() {
    let world = World::new().await;
    let days = [day(), day().plus(1)];
    let mut people = BTreeSet::new();
    let (mut slots, mut viewers) = (0, 0);
    for day in days {
        lively_day(&world, day).await;
        world.import(day, false).await.unwrap();
        people.extend(dump_day(&world.store, &job(), day).await.unwrap().into_iter().map(|person| person.login));
        let keys = world.store.channels_of_day(day).await.unwrap();
        let channels = world.store.channel_days(&keys, day, day.plus(1)).await.unwrap();
        for slot in channels.iter().flat_map(|channel| Slot::all().map(|slot| channel.data.slot(slot))) {
            slots += u64::from(slot != ChannelSlot::NotFollowed);
            if let ChannelSlot::Live(live) = slot {
                viewers += u64::from(live.viewers.unwrap_or(0));
            }
        }
    }
    let observations = world.store.days().await.unwrap().iter().map(|record| record.stats.observations).sum::<u64>();
    assert!(observations > 10_000 && viewers > 100_000);
    compare("archive", &folder(&world, "archive"), [observations, people.len() as u64, 2]);
    for (format, name) in [(Format::Parquet, "parquet"), (Format::Csv, "csv")] {
        let both = ExportOrder { to: days[1], ..order(&world, name, format) };
        export(&world, &both).await.unwrap();
        compare(&format!("export {name}"), &folder(&world, name), [slots, viewers, 2]);
    }
}
