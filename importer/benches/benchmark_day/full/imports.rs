//! The benchmark day imported into a full store, alone and beside visitors.

use std::cell::RefCell;
use std::fs;
use std::path::Path;

use super::FullStore;
use super::reads::Served;
use crate::day::BenchmarkDay;
use crate::reference::lines;
use crate::table::{Program, Table};
use crate::watch::Run;
use crate::{Failure, number, ours};

/// Prints the imports beside inflating and counting the same files, in turn.
pub(super) fn tell(day: &BenchmarkDay, store: &FullStore) -> Result<(), Failure> {
    let served = RefCell::new(Served::default());
    let programs: Vec<Program<'_>> = vec![
        ("gzip -dc | wc -l".to_owned(), Box::new(|| lines(day))),
        ("vigie: archive to the full store".to_owned(), Box::new(|| alone(day, store))),
        ("the same, 200 people read a second".to_owned(), Box::new(|| visited(day, store, &served))),
        ("vigie: archive to an empty store".to_owned(), Box::new(|| ours::run(day, None))),
    ];
    let table = Table::measure(number("ROUNDS", 3)?, &programs)?;
    table.print();
    let ratio = |program: usize, to: usize| table.seconds(program) / table.seconds(to);
    let served = served.take();
    println!("each import went into a copy of its own: closed months linked, main.db and the open month copied");
    println!("import by the time of gzip: {:.2} (wanted: 1.0 at most, in 512 MB of anonymous memory)", ratio(1, 0));
    println!("people read meanwhile, from the planned moment: {} (wanted: p99 25 ms)", served.latencies);
    println!("database is locked: {} (wanted: 0)", served.locked);
    println!("import beside them by import alone: {:.2} (wanted: 1.5 at most)\n", ratio(2, 1));
    Ok(())
}

fn alone(day: &BenchmarkDay, store: &FullStore) -> Result<Run, Failure> {
    let copy = copy(store)?;
    ours::run_into(day, copy.path(), None)
}

fn visited(day: &BenchmarkDay, store: &FullStore, served: &RefCell<Served>) -> Result<Run, Failure> {
    let copy = copy(store)?;
    let (people, told) = (copy.path().join("people.json"), copy.path().join("served.json"));
    fs::write(&people, serde_json::to_vec(&store.kept.by_activity)?)?;
    let run = ours::run_into(day, copy.path(), Some((&people, &told)))?;
    served.borrow_mut().add(serde_json::from_slice(&fs::read(told)?)?);
    Ok(run)
}

/// A store that may be written to. Closed months are never written in place: they are shared. The others are on the disk
/// before this returns, so that nobody waits for it later.
fn copy(store: &FullStore) -> Result<tempfile::TempDir, Failure> {
    let copy = tempfile::tempdir_in(&store.folder)?;
    for (name, path, _) in store.files()? {
        let to = copy.path().join(&name);
        if name.starts_with("month-") {
            fs::hard_link(path, to)?;
        } else {
            fs::copy(path, &to)?;
            sync(&to)?;
        }
    }
    Ok(copy)
}

fn sync(path: &Path) -> Result<(), Failure> {
    Ok(fs::File::open(path)?.sync_all()?)
}
